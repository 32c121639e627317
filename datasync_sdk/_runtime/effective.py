"""What a service will use for members that a request leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from attrs import evolve, field, fields, frozen

from datasync_sdk._runtime.resources import read_json
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import FrozenMap
from datasync_sdk._runtime.wire import structure, wire_of

S = TypeVar("S", bound=Structure)


@frozen(kw_only=True)
class Default:
    """What the service uses for a member that is left out, and who says so."""

    rule: str
    """The id of the rule: `OPT-01`."""
    cls: str
    """The structure that the member is of."""
    member: str
    """In AWS's name."""
    since: str
    """The API revision whose documentation first said so."""
    quote: str | None
    """AWS's own sentence; None where a trait of the service model says it."""
    documentation: str
    """The address of the page that has the sentence."""
    page: str
    """Where this project's documentation has the rule."""
    value: Any = None
    """What is used, as it would be sent; None where that is no value that could be sent."""
    says: str | None = None
    """What is used, in words, where it is no value that could be sent."""
    same_as: str | None = None
    """The member of the structure whose value is used."""
    when: Mapping[str, Mapping[str, Any]] = field(factory=lambda: FrozenMap({}))
    """Under which conditions, about members of the request."""


@frozen
class Effective(Generic[S]):
    """A structure as the service will take it."""

    value: S
    """The structure, with the values that the service uses for what was left out."""
    defaults: Mapping[str, Default]
    """What was filled in, or is used without being a value, by paths in AWS's names: `Options.Mtime`."""


class Defaults:
    """The documented defaults of a package."""

    def __init__(self, package: str) -> None:
        book = read_json(package, "rules.json")
        self.complete = frozenset(book["complete"])
        """The classes of requests in which a member that is left out has its default."""
        self._implied = frozenset(book["implied"])
        self._entries = tuple(Default(**frozen_json(entry)) for entry in book["defaults"])

    def fill(self, value: S, facts: Mapping[str, object] | None = None) -> Effective[S]:
        """A structure with its defaults.

        Those that depend on other members of the request look at `facts`, in AWS's names; or at the
        structure itself, where it is the request.
        """
        used: dict[str, Default] = {}
        filled = self._fill(value, "", facts, used)
        return Effective(filled, FrozenMap(used))

    def _fill(
        self, value: Any, path: str, facts: Mapping[str, object] | None, used: dict[str, Default]
    ) -> Any:
        for default in self._of(type(value)):
            members = members_of(value)
            known = members if facts is None else facts
            if members[default.member] is not None or not holds(default.when, known):
                continue
            new = members[default.same_as] if default.same_as else default.value
            if new is not None:
                value = replaced(value, default.member, new)
            if new is not None or default.says:
                used.setdefault(f"{path}{default.member}", default)
        known = members_of(value) if facts is None else facts
        for name, part in members_of(value).items():
            cls = class_of(type(value), attribute_of(type(value), name))
            implied = part is None and cls is not None and cls.__name__ in self._implied
            inner = cls() if implied and cls else part
            if isinstance(inner, Structure):
                value = replaced(value, name, self._fill(inner, f"{path}{name}.", known, used))
        return value

    def _of(self, cls: type) -> list[Default]:
        """The defaults of a structure's members; those that repeat another member come last."""
        own = (default for default in self._entries if default.cls == cls.__name__)
        return sorted(own, key=lambda default: default.same_as is not None)


def frozen_json(value: Any) -> Any:
    """What JSON gives, as values that nobody can change."""
    if isinstance(value, dict):
        return FrozenMap({key: frozen_json(item) for key, item in value.items()})
    return tuple(map(frozen_json, value)) if isinstance(value, list) else value


@cache
def defaults_of(package: str) -> Defaults:
    """The documented defaults of a package."""
    return Defaults(package)


@cache
def hints_of(owner: type) -> Mapping[str, Any]:
    """The types of a structure's attributes."""
    return get_type_hints(owner)


def class_of(owner: type, attribute: str) -> type[Structure] | None:
    """The structure that an attribute holds; None where it holds something else."""
    hint = hints_of(owner)[attribute]
    candidates = get_args(hint) or (hint,)
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Structure)), None)


def attribute_of(cls: Any, member: str) -> str:
    """The attribute of a member, which is given in AWS's name."""
    position = wire_of(cls).names.index(member)
    name: str = fields(cls)[position].name
    return name


def members_of(value: Any) -> dict[str, Any]:
    """The members of a structure in AWS's names."""
    attributes = (attribute.name for attribute in fields(type(value)))
    pairs = zip(wire_of(type(value)).names, attributes, strict=True)
    return {name: getattr(value, attribute) for name, attribute in pairs}


def replaced(value: Any, member: str, new: object) -> Any:
    """A structure with another value for a member; a mapping becomes the structure that must be there."""
    attribute = attribute_of(type(value), member)
    if isinstance(new, Mapping):
        new = structure(new, class_of(type(value), attribute))  # type: ignore[arg-type]  # a default fits
    return evolve(value, **{attribute: new})


PASSES: Mapping[str, Callable[[Any, object], bool]] = {
    "value": lambda operand, value: value in operand,
    "not": lambda operand, value: value not in operand,
    "matches": lambda operand, value: re.search(operand, str(value)) is not None,
    "lacks": lambda operand, value: re.search(operand, str(value)) is None,
}
"""The tests that a default can depend on, and when a value passes each."""


def holds(conditions: Mapping[str, Mapping[str, Any]], facts: Mapping[str, object]) -> bool:
    """Whether the conditions of a default hold; what is not known does not."""
    return all(
        facts.get(name) is not None and PASSES[test](operand, facts[name])
        for name, tests in conditions.items()
        for test, operand in tests.items()
    )
