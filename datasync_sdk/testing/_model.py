"""The service model as the strategies see it: shapes, members, and trees of plain dicts and lists.

A tree is what `unstructure` gives. Where a context goes with a request, it stands in the same tree under the
context's names, which are in lower case, and each of its dicts has the name of its class under `KIND`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from attrs import NOTHING

from datasync_sdk import models
from datasync_sdk._runtime.resources import read_json
from datasync_sdk._runtime.structures import Structure, attributes
from datasync_sdk._runtime.wire import wire_of

PACKAGE = "datasync_sdk._generated"
SHAPES: dict[str, dict[str, Any]] = read_json(PACKAGE, "service-2.json")["shapes"]

CONTEXT: dict[str, list[str]] = read_json(PACKAGE, "rules.json")["context"]
"""What a preflight can know beside the request, and the classes of the answers that tell it."""

KIND = ""
"""The key under which a dict of the context has the name of its class."""

EACH = "*"
"""The step of a way into every element of a list."""

Tree: TypeAlias = dict[str, Any]
Steps: TypeAlias = tuple[str | int, ...]
"""The way to one value: names of members and indices."""
Way: TypeAlias = tuple[str, ...]
"""The way to values: names of members and `EACH`."""


class Member(NamedTuple):
    """A member of a structure."""

    name: str
    shape: str
    required: bool
    """Whether an object cannot be made without it."""


def class_of(shape: str) -> type[Structure]:
    """The class of a structure."""
    return cast("type[Structure]", getattr(models, shape))


@cache
def members(shape: str) -> Mapping[str, Member]:
    """The members of a structure, by their names."""
    cls = class_of(shape)
    made = zip(wire_of(cls).names, attributes(object.__new__(cls)), strict=True)
    listed = SHAPES[shape]["members"]
    return {name: Member(name, listed[name]["shape"], field.default is NOTHING) for name, field in made}


def kind(shape: str) -> str:
    """The type of a shape; `enum` for a string that is one of a few."""
    described = SHAPES[shape]
    return "enum" if "enum" in described else str(described["type"])


def element(shape: str) -> str:
    """The shape of a list's elements."""
    return str(SHAPES[shape]["member"]["shape"])


def limits(shape: str) -> tuple[int, int | None]:
    """The least and the largest length of a shape."""
    return SHAPES[shape].get("min", 0), SHAPES[shape].get("max")


def possible(request: str, name: str) -> tuple[str, ...]:
    """The classes that something in the context of a request can have."""
    own = request.replace("Update", "Describe", 1).replace("Request", "Response")
    found = tuple(sorted(CONTEXT[name]))
    return (own,) if name == "location" and own in found else found


@cache
def ways(root: str, shape: str) -> tuple[Way, ...]:
    """The ways from a structure to the values of a shape that can be in it."""
    return tuple(search(root, shape))


def search(here: str, shape: str) -> Iterator[Way]:
    """The ways onward from a value of the shape `here`."""
    if here == shape:
        yield ()
    if kind(here) == "list":
        yield from ((EACH, *way) for way in search(element(here), shape))
    elif kind(here) == "structure":
        for member in members(here).values():
            yield from ((member.name, *way) for way in search(member.shape, shape))


def shape_at(root: str, tree: Tree, steps: Steps) -> str:
    """The shape of what is, or could be, at the end of a way."""
    shape = root
    for place, step in enumerate(steps):
        if step in CONTEXT:
            shape = tree[str(step)][KIND]
        elif isinstance(step, int):
            shape = element(shape)
        elif kind(shape) != "structure" or step not in members(shape):
            raise KeyError(steps[: place + 1])
        else:
            shape = members(shape)[step].shape
    return shape


def at(tree: Any, steps: Steps) -> Any:
    """The value at the end of a way; None where there is none."""
    for step in steps:
        if isinstance(step, int):
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def put(tree: Any, steps: Steps, value: Any) -> None:
    """Set the value at the end of a way on which everything is there; None takes it away."""
    parent = at(tree, steps[:-1])
    if parent is None:
        return
    if value is None:
        parent.pop(steps[-1], None)
    else:
        parent[steps[-1]] = value


def copied(tree: Any) -> Any:
    """A tree whose dicts and lists can be changed."""
    if isinstance(tree, dict):
        return {key: copied(value) for key, value in tree.items()}
    return [copied(value) for value in tree] if isinstance(tree, list) else tree
