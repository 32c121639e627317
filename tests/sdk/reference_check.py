"""A plain reading of the model: what a request must be, slowly and by no generated code."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, get_args

import pytest
from attrs import evolve, fields, frozen
from hypothesis import settings

from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.patterns import Pattern
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.errors import ValidationError
from datasync_sdk.models import (
    Options,
    TagListEntry,
    TaskStatus,
)
from tests.sdk.strategies import (
    REQUESTS,
    RULES,
    SDK,
    Api,
    Member,
    is_enum,
    is_list,
    is_map,
    is_structure,
    once,
)

Steps: TypeAlias = tuple[str | int, ...]
"""The way to a value: attributes and indexes."""
Places: TypeAlias = list[tuple[str, str]]
"""Paths and rules."""

SENSITIVE = SDK.sensitive
SECRET = "open-sesame"  # made up  # made up

LOCATION = "arn:aws:datasync:us-east-1:123456789012:location/loc-0123456789abcdef0"
ENTRY = TagListEntry(key="k", value="v")
TASK = "arn:aws:datasync:us-east-1:123456789012:task/task-0123456789abcdef0"

requests = pytest.mark.parametrize("name", REQUESTS)
few = settings(max_examples=25)


class Stranger:
    """Something that no request can hold."""


class File:
    """Something that can be read, and so stands for a blob."""

    def read(self) -> bytes:
        """All of it."""
        return b"x"


class Body(io.BytesIO):
    """The body of an answer, as urllib3 gives it to botocore."""

    def stream(self, **_: object) -> Iterator[bytes]:
        """All of it, in one piece."""
        yield self.read()


JUNK: tuple[Any, ...] = (
    Stranger(),
    Stranger,
    None,
    3.5,
    float("nan"),
    10**30,
    -(10**30),
    True,
    "x",
    "",
    "\ud800",
    b"x",
    bytearray(b"x"),
    File(),
    [1],
    [None],
    [[]],
    (),
    {1},
    {"a": 1},
    {},
    Options(),
    Options,
    TagListEntry(key="k", value="v"),
    [TagListEntry(key="k", value="v")],
    TaskStatus.AVAILABLE,
    TaskStatus("NEW"),
    datetime(2020, 1, 1, tzinfo=UTC),
)


def checked(request: Any, *, strict: bool = False) -> list[Violation]:
    """What the generated check of a request finds."""
    check = operation_of(type(request)).wire.check
    assert check is not None
    found: list[Violation] = []
    check(request, (), found, strict)
    return found


def places(request: Any, *, strict: bool = False) -> Places:
    """The paths and rules that the generated check finds; documented limits by the names of their traits."""
    return [(violation.path, trait(violation)) for violation in checked(request, strict=strict)]


def trait(violation: Violation) -> str:
    """The name of the trait that a violation is about: some have a documented rule, whose id they show."""
    return TRAITS.get(violation.rule, violation.rule)


def traits_of(rule: dict[str, Any]) -> list[str]:
    """The traits that check a rule: `FilterList.max`."""
    traits = rule.get("trait", [])
    return [traits] if isinstance(traits, str) else traits


TRAITS = {rule["id"]: name.partition(".")[2] for rule in RULES["rule"] for name in traits_of(rule)}


def broken_rules(value: Any, hint: Any, limits: dict[str, Any], strict: bool) -> Iterator[str]:
    """The limits that a value of the right type does not keep."""
    if hint is bool or hint is datetime or hasattr(value, "read"):
        return
    size = value if hint is int or hint is float else len(value)
    if size < limits.get("min", size):
        yield "min"
    if size > limits.get("max", size):
        yield "max"
    if strict and hint is str and "pattern" in limits and not pattern(limits["pattern"]).matches(value):
        yield "pattern"


@once
def pattern(source: str) -> Pattern:
    """A pattern, compiled once."""
    return Pattern(source)


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of the type that a member has."""
    if is_list(hint):
        return isinstance(value, tuple)
    if is_structure(hint):
        return type(value) is hint
    if hint is bytes:
        return isinstance(value, bytes | bytearray) or hasattr(value, "read")
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if is_map(hint):
        return isinstance(value, Mapping)
    return isinstance(value, str if is_enum(hint) else hint)


def refusal(call: Callable[[], object]) -> ValidationError | None:
    """The `ValidationError` that a call ends with, if it does."""
    try:
        call()
    except ValidationError as error:
        return error
    return None


@frozen
class Reference:
    """What the model of a package says of its requests."""

    api: Api

    def expected(self, value: Any, path: str, strict: bool) -> Iterator[tuple[str, str]]:
        """The paths and rules that a plain reading of the model finds in a structure."""
        required = self.api.shapes[type(value).__name__].get("required", ())
        for member in self.api.members_of(type(value)):
            item = getattr(value, member.attribute)
            at = f"{path}.{member.name}".removeprefix(".")
            if item is not None:
                yield from self.expected_in(item, member.hint, member.shape, at, strict)
            elif member.name in required and not member.token:
                yield at, "required"

    def expected_in(
        self, value: Any, hint: Any, shape: str, path: str, strict: bool
    ) -> Iterator[tuple[str, str]]:
        """The same for any value that stands where a `hint` must."""
        if not fits(value, hint):
            yield path, "type"
        elif is_structure(hint):
            yield from self.expected(value, path, strict)
        elif is_enum(hint):
            if str(value) not in self.api.shapes[shape]["enum"]:
                yield path, "enum"
        else:
            yield from ((path, rule) for rule in broken_rules(value, hint, self.api.shapes[shape], strict))
            if is_list(hint):
                element = self.api.shapes[shape]["member"]["shape"]
                for index, item in enumerate(value):
                    yield from self.expected_in(item, get_args(hint)[0], element, f"{path}[{index}]", strict)
            elif is_map(hint):
                yield from self.expected_in_map(value, hint, self.api.shapes[shape], path, strict)

    def expected_in_map(
        self, value: Mapping[str, Any], hint: Any, shape: dict[str, Any], path: str, strict: bool
    ) -> Iterator[tuple[str, str]]:
        """The same for the keys of a map, which are texts even where the model lists them, and its values."""
        keys, held = shape["key"]["shape"], shape["value"]["shape"]
        for key in value:
            yield from self.expected_in(key, str, keys, f"{path}.{key}", strict)
        for key, item in value.items():
            yield from self.expected_in(item, get_args(hint)[1], held, f"{path}.{key}", strict)

    def full(self, cls: type[Any]) -> Any:
        """A valid object with a value in every member; lists and maps have one element."""
        return cls(**{m.attribute: self.valid_value(m.hint, m.shape) for m in self.api.members_of(cls)})

    def smallest(self, cls: type[Any]) -> Any:
        """A valid object with nothing in it that can be left out."""
        return cls(
            **{m.attribute: self.valid_value(m.hint, m.shape) for m in self.api.members_of(cls) if m.required}
        )

    def valid_value(self, hint: Any, shape: str) -> Any:
        """A value that obeys everything but patterns."""
        if is_enum(hint):
            return self.api.shapes[shape]["enum"][0]
        if is_structure(hint):
            return self.full(hint)
        if is_list(hint):
            return [self.valid_value(get_args(hint)[0], self.api.shapes[shape]["member"]["shape"])]
        return self.sized(hint, shape, self.api.shapes[shape].get("min", 1))

    def sized(self, hint: Any, shape: str, size: int) -> Any:
        """A value as long or as large as that."""
        if is_list(hint):
            return [self.valid_value(get_args(hint)[0], self.api.shapes[shape]["member"]["shape"])] * size
        if is_map(hint):
            held = self.valid_value(get_args(hint)[1], self.api.shapes[shape]["value"]["shape"])
            return {str(number): held for number in range(size)}
        if hint is str or hint is bytes:
            return "x" * size if hint is str else b"x" * size
        if hint is datetime:
            return datetime(2020, 1, 1, tzinfo=UTC)
        return True if hint is bool else size

    def members_within(
        self, cls: type[Any], steps: Steps, path: str
    ) -> Iterator[tuple[Steps, Any, str, str]]:
        """All members of a class and of what it holds: the way there, type, shape and path."""
        for member in self.api.members_of(cls):
            at_member = f"{path}.{member.name}".removeprefix(".")
            yield from self.values_within(member, (*steps, member.attribute), at_member)

    def values_within(self, member: Member, steps: Steps, path: str) -> Iterator[tuple[Steps, Any, str, str]]:
        """A member, its first element and its members."""
        yield steps, member.hint, member.shape, path
        hint = member.hint
        if is_list(hint):
            hint, steps, path = get_args(hint)[0], (*steps, 0), f"{path}[0]"
            if not is_structure(hint):
                yield steps, hint, self.api.shapes[member.shape]["member"]["shape"], path
        if is_structure(hint):
            yield from self.members_within(hint, steps, path)

    def path_of(self, value: Any, steps: Steps) -> str:
        """A way as messages write it."""
        path = ""
        for step in steps:
            if isinstance(step, int):
                path += f"[{step}]"
            else:
                names = {member.attribute: member.name for member in self.api.members_of(type(value))}
                path += f".{names[step]}"
            value = at(value, (step,))
        return path.removeprefix(".")


SDK_REFERENCE = Reference(SDK)
expected = SDK_REFERENCE.expected
full, smallest, sized = SDK_REFERENCE.full, SDK_REFERENCE.smallest, SDK_REFERENCE.sized
members_within, path_of = SDK_REFERENCE.members_within, SDK_REFERENCE.path_of


def walk(value: Any, steps: Steps) -> Iterator[tuple[Any, Steps]]:
    """A value and all that is in it, each with the way there."""
    yield value, steps
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*steps, index))
    elif isinstance(value, Structure):
        for field in fields(type(value)):  # type: ignore[arg-type]  # an attrs class
            yield from walk(getattr(value, field.name), (*steps, field.name))


def at(value: Any, steps: Steps) -> Any:
    """What is at the end of a way."""
    for step in steps:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def put(value: Any, steps: Steps, new: Any) -> Any:
    """The same with another value at the end of a way."""
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        return (*value[:step], put(value[step], rest, new), *value[step + 1 :])
    return evolve(value, **{step: put(getattr(value, step), rest, new)})
