"""What the tests of documented rules share: rules as data, and the packages that are generated from them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import evolve

from codegen.jobs import service_job
from codegen.pipeline import Job, generate
from datasync_sdk._runtime.wire import operation_of
from tests.codegen.support import Json, import_package, write_spec

DOCUMENTATION = {
    "request": "https://docs/{operation}#request-{member}",
    "response": "https://docs/{operation}#response-{member}",
    "structure": "https://docs/{shape}#{member}",
    "operation": "https://docs/{operation}",
    "shape": "https://docs/{shape}",
    "page": "rules.md",
}
RESTS_ON = "PageSize.min"
PAGE_SIZE: Json = {"type": "integer", "min": 1}
"""The shape that has the trait on which rules without a quotation rest."""

_numbers = itertools.count()


def toml(value: object) -> str:
    """A value as TOML has it in one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{toml(key)} = {toml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def rule(name: str, on: str | list[str], /, *forbid: Json, **more: Any) -> Json:
    """An entry of `[[rule]]` with what it must have; None takes something away."""
    entry: Json = {
        "id": name,
        "since": "2020-01-01",
        "severity": "error",
        "on": on,
        "forbid": [*forbid],
        "message": "do not",
        "rests_on": RESTS_ON,
    }
    return without_none(entry | more)


def default(name: str, member: str, value: object = None, **more: Any) -> Json:
    """An entry of `[[default]]` with what it must have."""
    entry: Json = {"id": name, "since": "2020-01-01", "member": member, "value": value, "rests_on": RESTS_ON}
    return without_none(entry | more)


def without_none(entry: Json) -> Json:
    """An entry without what is None."""
    return {key: value for key, value in entry.items() if value is not None}


def facts(*rules: Json, **sections: Any) -> Json:
    """All that a `rules.toml` says."""
    said: Json = {"documentation": DOCUMENTATION, "families": {"X": "Made up"}, "rule": [*rules]}
    return without_none(said | sections)


def ruled_job(folder: Path, model: Json, said: Json, name: str = "pkg") -> Job:
    """A job for a model with rules."""
    job = service_job(write_spec(folder / "spec" / name, model), name, folder / "out")
    path = folder / "rules.toml"
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in said.items()), encoding="utf-8")
    return evolve(job, rules=path)


def ruled_package(folder: Path, model: Json, said: Json) -> ModuleType:
    """Generate a package with rules and import it, by a name that no other test has."""
    name = f"ruled_{next(_numbers)}"
    generate(ruled_job(folder, model, said, name))
    return import_package(folder / "out", name)


def broken(request: Any, context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """The rules that a request breaks, and where: by itself, or by what a context says of it."""
    checks = operation_of(type(request)).rules
    found: list[Any] = []
    if checks and context is None:
        checks.check(request, found)
    elif checks and checks.preflight:
        checks.preflight(request, context or {}, found)
    return sorted((violation.rule, violation.path) for violation in found)
