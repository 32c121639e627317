"""A service model as a flat set of facts, so that two models can be compared without knowing their traits.

`("shapes", "Options", "members", "Uid", "shape"): "Uid"` is one fact; so are a value of an enum, a required
member and an error of an operation, each with True. Order means nothing in these, and everything in other
lists, which are one value. Documentation is no fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from codegen.spec import Json

Path: TypeAlias = tuple[str, ...]
Facts: TypeAlias = dict[Path, Any]

SETS = frozenset({"enum", "required"})


def facts(service: Json, paginators: Json | None) -> Facts:
    """All that a model says of the API."""
    found = dict(walk({key: value for key, value in service.items() if key != "examples"}, ()))
    found |= dict(walk((paginators or {}).get("pagination", {}), ("pagination",)))
    return found


def walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The facts of a part of a model."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "documentation" or isinstance(inner, dict):
                yield from walk(inner, (*path, key))
        if not value and len(path) > 1 and path[-1] != "members":  # A trait that says all by being there.
            yield path, "{}"
    elif isinstance(value, list) and path[-1] in SETS:
        yield from (((*path, item), True) for item in value)
    elif isinstance(value, list) and path[0] == "operations" and path[-1] == "errors":
        for error in value:
            yield (*path, error["shape"]), True
            traits = {key: inner for key, inner in error.items() if key != "shape"}
            yield from walk(traits, (*path, error["shape"])) if traits else ()
    else:
        yield path, tuple(value) if isinstance(value, list) else value


def texts(value: Any, path: Path = ()) -> dict[Path, str]:
    """The documentation of a model, wherever it stands; what is in lists has the names of its shapes."""
    found: dict[Path, str] = {}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= {(*path, key): inner} if key == "documentation" and isinstance(inner, str) else {}
            found |= texts(inner, (*path, key))
    if isinstance(value, list):
        for inner in value:
            found |= texts(inner, (*path, inner.get("shape", ""))) if isinstance(inner, dict) else {}
    return found
