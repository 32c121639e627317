"""Imports a generated package and uses every class of it once: `python -m codegen.smoke PACKAGE`.

For each structure, an object is made from a mapping that has every member of its shape, checked, and
turned back: that must give the same mapping, and no value may be of a wrong type.
"""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from attrs import frozen

from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.wire import structure, unstructure, wire_of

DEEP = 3
"""How deep a mapping has all members; below, it has the required ones only."""

SCALARS = {
    "blob": b"bytes",
    "boolean": True,
    "double": 1.5,
    "float": 1.5,
    "timestamp": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
}
"""A value for each simple type that is no string and no integer."""


@frozen
class Samples:
    """Values for the shapes of a service."""

    shapes: Mapping[str, Any]

    def of(self, name: str, depth: int = 0) -> Any:
        """A value for a shape, as botocore would take or give it."""
        shape = self.shapes[name]
        kind = shape["type"]
        if shape.get("document"):
            return {"any": ["json", 1, None]}
        if kind == "structure":
            return self.structure(shape, depth)
        if kind in ("list", "map"):
            return self.collection(shape, depth)
        if kind == "string":
            return shape["enum"][-1] if "enum" in shape else "x" * min(shape.get("min", 1) or 1, 2000)
        return SCALARS.get(kind, 1)

    def collection(self, shape: Mapping[str, Any], depth: int) -> Any:
        """A list or map; far down it is empty, which ends shapes that hold themselves."""
        if shape["type"] == "map":
            return {} if depth > 2 * DEEP else {"key": self.of(shape["value"]["shape"], depth + 1)}
        element = shape["member"]["shape"]
        return [] if depth > 2 * DEEP else [self.of(element, depth + 1)] * min(max(1, shape.get("min", 1)), 3)

    def structure(self, shape: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """A mapping with the members of a structure; of a union, with the first one."""
        members = dict(shape["members"])
        if shape.get("union"):
            # Of a union that can hold itself, the leaves end the mapping.
            leaf = (pair for pair in members.items() if "members" not in self.shapes[pair[1]["shape"]])
            first = next(leaf, None) if depth >= DEEP else None
            members = dict([first or next(iter(members.items()))])
        elif depth >= DEEP:
            members = {name: members[name] for name in shape.get("required", ())}
        return {name: self.member(member, depth) for name, member in members.items()}

    def member(self, member: Mapping[str, Any], depth: int) -> Any:
        """A value for a member."""
        shape = self.shapes[member["shape"]]
        if member.get("jsonvalue"):
            return {"any": "json"}
        if member.get("streaming") or shape.get("streaming") or shape.get("eventstream"):
            return STREAM
        return self.of(member["shape"], depth + 1)


STREAM = io.BytesIO(b"a body, as one object, because it is handed over and not read")


def main(package: str) -> None:
    """Use every class; the first problem ends the program with one line."""
    warnings.simplefilter("error")
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        importlib.import_module(found.name)
    assert module.Client
    assert module.AsyncClient
    models = importlib.import_module(f"{package}.models")
    text = (resources.files(f"{package}._generated") / "service-2.json").read_text(encoding="utf-8")
    samples = Samples(json.loads(text)["shapes"])
    for name in models.__all__:
        cls = getattr(models, name)
        if name in samples.shapes and issubclass(cls, Structure):
            try_class(cls, samples.of(name))


def try_class(cls: type[Structure], sample: dict[str, Any]) -> None:
    """Make an object, check it, and turn it back."""
    value = structure(sample, cls)
    back = unstructure(value)
    if back != sample:
        sys.exit(f"{cls.__name__} came back as another mapping: {back!r} is not {sample!r}")
    found: list[Any] = []
    check = wire_of(cls).check
    if check:
        check(value, (), found, False)
    wrong = [violation for violation in found if violation.rule in ("type", "required")]
    if wrong:
        sys.exit(f"{cls.__name__}: {wrong[0]}")


if __name__ == "__main__":
    main(sys.argv[1])
