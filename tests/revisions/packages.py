"""The revisions of the API as their files say it, and a package that is generated for one of them."""

from __future__ import annotations

import importlib
import json
import pkgutil
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from codegen.__main__ import main
from tests.codegen.support import import_package
from tests.sdk.reference_check import Reference
from tests.sdk.strategies import ROOT, Api
from tests.sdk.test_roundtrip import Laws

REVISIONS = ROOT / "specs/datasync/revisions"
DATES = tuple(sorted(path.stem for path in REVISIONS.glob("*.json")))
FIRST, NEWEST = DATES[0], DATES[-1]


@frozen
class Package:
    """The package of one revision, imported."""

    date: str
    out: Path
    """The folder that it was generated into."""
    module: ModuleType
    revision: Mapping[str, Any]
    """The file of the revision."""
    api: Api
    laws: Laws
    reference: Reference

    @property
    def name(self) -> str:
        """What the package is called."""
        return self.module.__name__

    @property
    def folder(self) -> Path:
        """Where the modules are."""
        return self.out / self.name

    def part(self, name: str) -> ModuleType:
        """A module of the package."""
        return importlib.import_module(f"{self.name}.{name}")


@cache
def revision(date: str) -> dict[str, Any]:
    """The file of a revision."""
    found: dict[str, Any] = json.loads((REVISIONS / f"{date}.json").read_text("utf-8"))
    return found


def package_name(date: str) -> str:
    """What the package of a revision is called here."""
    return f"api_{date.replace('-', '_')}"


def command(date: str, out: Path, package: str | None = None) -> list[str]:
    """The command that generates the package of a revision."""
    return ["generate", "--revision", date, "--package", package or package_name(date), "--out", str(out)]


def generate(date: str, out: Path) -> None:
    """Generate the package of a revision."""
    assert main(command(date, out)) == 0


def load(date: str, out: Path) -> Package:
    """Import a generated package with all of its modules; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = import_package(out, package_name(date))
        for found in pkgutil.walk_packages(module.__path__, f"{module.__name__}."):
            importlib.import_module(found.name)
    api = Api(module.models, revision(date)["service"])
    return Package(date, out, module, revision(date), api, Laws(api), Reference(api))


def reached(shapes: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """Shapes, what they hold, and so on."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            shape = shapes[name]
            references = [*shape.get("members", {}).values()]
            references += [shape[part] for part in ("member", "key", "value") if part in shape]
            pending += [reference["shape"] for reference in references]
    return found


# When things came


def things(service: Mapping[str, Any]) -> set[str]:
    """What has a date: `CreateTask()`, `Options`, `Options.Uid`, `TaskMode.BASIC`."""
    found = {f"{name}()" for name in service["operations"]}
    for name, shape in service["shapes"].items():
        parts = shape["members"] if shape["type"] == "structure" else shape.get("enum", [])
        if shape["type"] == "structure" or parts:
            found |= {name, *(f"{name}.{part}" for part in parts)}
    return found


@cache
def since(date: str) -> dict[str, str]:
    """The date of everything in a revision: that of the first one from which on it was always there."""
    if date == FIRST:
        return dict.fromkeys(things(revision(date)["service"]), date)
    before = since(DATES[DATES.index(date) - 1])
    return {thing: before.get(thing, date) for thing in things(revision(date)["service"])}


@cache
def gone(date: str) -> dict[str, tuple[str, str]]:
    """What had been there before a revision and is not in it: since when, and until which date."""
    if date == FIRST:
        return {}
    before, now = DATES[DATES.index(date) - 1], since(date)
    lost = {thing: (came, date) for thing, came in since(before).items() if thing not in now}
    return {thing: life for thing, life in gone(before).items() if thing not in now} | lost
