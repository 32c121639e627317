"""What a request must be before it is sent: the pieces that generated `check` functions are made of.

A generated function tests inline what nearly always holds, and calls a constraint only where it does
not; so the constraints here may be slow and thorough. They never raise: they add to a list, and the
whole list is reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from attrs import frozen

from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.patterns import Pattern

Severity: TypeAlias = Literal["error", "warning"]

STRUCTURAL = frozenset({"required", "type", "min", "max", "enum", "pattern"})
"""The rules that the form of the model makes; all others have ids, as `OPT-27`."""

Path: TypeAlias = tuple[Any, ...]
"""Where a value stands: `(path of its parent, name or index)`; the request itself is at `()`.

Links instead of texts, because a path is made for every part of a request and read almost never.
"""

Found: TypeAlias = "list[Violation]"

SHOWN = 60
"""How many characters of a wrong value a message repeats."""


@frozen
class Violation:
    """One thing that is wrong with a request, or that its sender should know."""

    rule: str
    """Which rule is broken: the id of a documented one, as `OPT-27`; or `required`, `type`, `min`, `max`,
    `enum` or `pattern`, which the form of the model makes."""

    path: str
    """The member, in AWS's names: `Options.VerifyMode`, `Tags[2].Key`."""

    message: str
    """What is wrong and what to do, for a person."""

    severity: Severity = "error"
    """`error`: the service would refuse it, so it is not sent. `warning`: it is sent, but the service ignores
    it, fails later, or AWS advises against it."""

    quote: str | None = None
    """AWS's own sentence; None where none says it but the form of the model."""

    documentation: str | None = None
    """The address of AWS's page with the sentence; None for rules of the model's form."""

    page: str | None = None
    """Where this project's documentation has the rule; None for rules of the model's form."""

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""  # Without one it is about the request as a whole.
        return f"{place}{self.message} [{self.rule}]"


def render_path(at: Path) -> str:
    """The path as people write it."""
    text = ""
    while at:
        at, step = at
        text = f"[{step}]{text}" if isinstance(step, int) else f".{step}{text}"
    return text.removeprefix(".")


def report(found: Found, rule: str, at: Path, message: str) -> None:
    """Add a violation."""
    found.append(Violation(rule, render_path(at), message))


def report_type(found: Found, at: Path, expected: str, value: object) -> None:
    """Add a violation for a value of a wrong type, or for one that is not there."""
    if value is None and at and isinstance(at[1], str):
        report(found, "required", at, f"is required; give it {expected}")
    else:
        report(found, "type", at, f"must be {expected}, not {type(value).__name__}")


def shorten(value: object, sensitive: bool) -> str:
    """A wrong value as a message may repeat it: not where it is secret, or an address with a secret in it."""
    text = repr(value)
    if sensitive or ("@" in text or ("?" in text and "/" in text)):
        return "the value"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


NO_RULES: Mapping[str, str] = {}
"""For constraints whose limits no documented rule speaks of."""


def beyond(value: float | Decimal, which: str, limit: float) -> str:
    """What to say of a number beyond a limit; Python refuses to write out very long ones."""
    is_long = isinstance(value, int) and value.bit_length() > 4 * SHOWN
    return f"is {'a very long number' if is_long else value}; the {which} allowed is {limit}"


class Text:
    """A string: its length in characters, and the pattern that all of it must match."""

    __slots__ = ("max", "min", "pattern", "rules", "sensitive")

    def __init__(
        self,
        *,
        min: int = 0,
        max: int | None = None,
        pattern: str | None = None,
        sensitive: bool = False,
        rules: Mapping[str, str] = NO_RULES,
    ) -> None:
        self.min, self.max, self.sensitive, self.rules = min, max, sensitive, rules
        self.pattern = None if pattern is None else Pattern(pattern)

    def check(self, value: object, at: Path, found: Found, strict: bool) -> None:
        """Report what is wrong with a value; the pattern counts only where the caller is strict."""
        if not isinstance(value, str):
            report_type(found, at, "a str", value)
            return
        check_length(self, len(value), "characters", at, found)
        if strict and self.pattern is not None and not self.pattern.matches(value):
            shown = shorten(value, self.sensitive)
            rule = self.rules.get("pattern", "pattern")
            report(found, rule, at, f"{shown} does not match {self.pattern.source}")


class Blob:
    """Bytes, or a file that is open for reading bytes."""

    __slots__ = ("max", "min", "rules")

    def __init__(self, *, min: int = 0, max: int | None = None, rules: Mapping[str, str] = NO_RULES) -> None:
        self.min, self.max, self.rules = min, max, rules

    def check(self, value: object, at: Path, found: Found, _strict: bool) -> None:
        """Report what is wrong with a value; the length of a file is not known before it is read."""
        if isinstance(value, bytes | bytearray):
            check_length(self, len(value), "bytes", at, found)
        elif not hasattr(value, "read"):
            report_type(found, at, "bytes or a file open for reading bytes", value)


class Number:
    """An integer, or a number that may have a fraction."""

    __slots__ = ("integral", "max", "min", "rules")

    def __init__(
        self,
        *,
        integral: bool,
        min: float | None = None,
        max: float | None = None,
        rules: Mapping[str, str] = NO_RULES,
    ) -> None:
        self.integral, self.min, self.max, self.rules = integral, min, max, rules

    def check(self, value: object, at: Path, found: Found, _strict: bool) -> None:
        """Report what is wrong with a value. A bool is no number here, though it is in Python."""
        kinds = int if self.integral else (int, float, Decimal)
        if isinstance(value, bool) or not isinstance(value, kinds):
            report_type(found, at, "an int" if self.integral else "a float", value)
        elif self.min is not None and value < self.min:
            report(found, self.rules.get("min", "min"), at, beyond(value, "smallest", self.min))
        elif self.max is not None and value > self.max:
            report(found, self.rules.get("max", "max"), at, beyond(value, "largest", self.max))


class Instance:
    """A value that has nothing but a type."""

    __slots__ = ("expected", "kind")

    def __init__(self, kind: type, expected: str) -> None:
        self.kind, self.expected = kind, expected

    def check(self, value: object, at: Path, found: Found, _strict: bool) -> None:
        """Report a value of another type."""
        if not isinstance(value, self.kind):
            report_type(found, at, self.expected, value)


BOOLEAN = Instance(bool, "a bool")


class Moment:
    """A point in time."""

    __slots__ = ()

    def check(self, value: object, at: Path, found: Found, _strict: bool) -> None:
        """Report what is none; a datetime without a time zone may be any of 24 points in time."""
        if not isinstance(value, datetime) or value.tzinfo is None:
            report_type(found, at, "a datetime with a time zone", value)


TIMESTAMP = Moment()


class Items:
    """A list: how many elements it has. What they are is the business of the generated function."""

    __slots__ = ("max", "min", "rules")

    def __init__(self, *, min: int = 0, max: int | None = None, rules: Mapping[str, str] = NO_RULES) -> None:
        self.min, self.max, self.rules = min, max, rules

    def of(self, value: Any, at: Path, found: Found, _strict: bool) -> tuple[Any, ...]:
        """The elements to check; none where this is no list."""
        if not isinstance(value, tuple | list):
            report_type(found, at, "a list or tuple", value)
            return ()
        check_length(self, len(value), "elements", at, found)
        return tuple(value)


class Entries:
    """A map from strings: how many entries it has, and what its keys are."""

    __slots__ = ("key", "max", "min", "rules")

    def __init__(
        self, *, key: Text, min: int = 0, max: int | None = None, rules: Mapping[str, str] = NO_RULES
    ) -> None:
        self.key, self.min, self.max, self.rules = key, min, max, rules

    def of(self, value: Any, at: Path, found: Found, strict: bool) -> Mapping[str, Any]:
        """The entries to check; none where this is no map."""
        if not isinstance(value, Mapping):
            report_type(found, at, "a mapping", value)
            return {}
        check_length(self, len(value), "entries", at, found)
        for key in value:
            shown = "*" if self.key.sensitive else str(key)
            self.key.check(key, (at, shown), found, strict)
        return value


def check_length(
    limits: Text | Blob | Items | Entries, length: int, unit: str, at: Path, found: Found
) -> None:
    """Report a length outside its limits."""
    rules = limits.rules
    if length < limits.min:
        report(
            found,
            rules.get("min", "min"),
            at,
            f"has {length} {unit}; at least {limits.min} are needed",
        )
    elif limits.max is not None and length > limits.max:
        report(
            found,
            rules.get("max", "max"),
            at,
            f"has {length} {unit}; at most {limits.max} are allowed",
        )


def check_member(value: object, cls: type[OpenEnum], at: Path, found: Found, rule: str = "enum") -> None:
    """Report a value that is no known member of an enum, with the known ones that look like it."""
    if not isinstance(value, str):
        report_type(found, at, f"a {cls.__name__} or one of its strings", value)
    elif value not in cls._value2member_map_:
        report(found, rule, at, f"{shorten(str(value), False)} is not known; {hint(value, cls)}")


def hint(value: str, cls: type[OpenEnum]) -> str:
    """The values that somebody who wrote `value` may have meant."""
    from difflib import get_close_matches

    known = [member.value for member in cls]
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(value.casefold(), list(by_folded), n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(by_folded[name] for name in near)}?"
    return f"use one of {', '.join(known)}"


def check_structure(value: object, cls: type, at: Path, found: Found) -> None:
    """Report something that stands where a structure must; a dict gets the way to make it one."""
    name = cls.__name__
    expected = f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    if isinstance(value, Mapping):
        expected = f"{expected} (a dict in AWS's names becomes one by structure(value, {name}))"
    report_type(found, at, expected, value)


def check_union(value: Any, at: Path, found: Found) -> None:
    """Report a union of which not exactly one member is set."""
    names = [a.name for a in value.__attrs_attrs__ if getattr(value, a.name) is not None]
    if len(names) != 1:
        given = f"{', '.join(names)} are" if names else "none is"
        report(found, "type", at, f"takes exactly one of its members; {given} set")
