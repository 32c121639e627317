"""What the tests of traits share: tiny services with one operation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.codegen import support
from tests.codegen.support import (
    Json,
    connect,
    generate_package,
    operation,
    spec,
)

MOMENT = datetime(2024, 2, 29, 12, 30, 15, tzinfo=UTC)


def putting(
    tmp_path: Path, members: Mapping[str, str | Json], *required: str, **shapes: Json
) -> tuple[ModuleType, type[Any]]:
    """A package with `put_thing`, whose input and output have the same members, and the input's class."""
    model = spec(
        shapes={
            "PutThingRequest": support.structure(members, *required),
            "PutThingResponse": support.structure(members),
            **shapes,
        },
        operations={"PutThing": operation("PutThingRequest", "PutThingResponse")},
    )
    package = generate_package(tmp_path, model)
    return package, package.models.PutThingRequest


def problems(package: ModuleType, request: Any, **options: Any) -> list[str]:
    """What `check` finds: the path and rule of each violation."""
    client = checking_client(package, **options)
    return [f"{found.path} {found.rule}" for found in client.check(request)]


@cache
def checking_client(package: ModuleType, **options: Any) -> Any:
    """A client that sends nothing."""
    return connect(package, (), **options)[0]


def errors_of(package: ModuleType) -> Any:
    """The exception classes of a package."""
    return package._generated.errors


def generated(package: ModuleType, path: str) -> str:
    """The text of a generated file."""
    return (Path(str(package.__file__)).parent / path).read_text(encoding="utf-8")
