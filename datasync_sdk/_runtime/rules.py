"""What AWS's documentation asks of requests: the pieces that generated rule checks are made of.

A generated function tests a request against every rule that is about it, and notes the ids of those that
it breaks. What a rule says is in the package's `rules.json`, which is read when the first one is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from attrs import evolve, frozen

from datasync_sdk._runtime.checks import STRUCTURAL, Found, Severity, Violation, shorten
from datasync_sdk._runtime.resources import read_json

# What generated rule checks use, by the one name under which they import this module.
__all__ = [
    "Checks",
    "Context",
    "Found",
    "Regex",
    "Value",
    "beyond",
    "blank",
    "broken",
    "differs",
    "indivisible",
    "kind",
    "look",
    "size",
]

S = TypeVar("S")

Value: TypeAlias = Any
Context: TypeAlias = Mapping[str, Any]
"""What is known beside the request, by the names of `[context]` in `rules.toml`."""


class Checks(NamedTuple):
    """The generated functions of one request class."""

    check: Callable[[Any, Any], None]
    preflight: Callable[[Any, Context, Any], None] | None
    """For the rules that need a context; None where there are none."""


@frozen
class Rule:
    """What AWS's documentation says of requests."""

    id: str
    """As `OPT-27`: its page is found under it, and `Client(ignored_rules=...)` takes it."""
    severity: Severity
    """`error`: the service surely refuses it. `warning`: it ignores it, fails later, or advises against."""
    since: str
    """The API revision whose documentation first said so."""
    message: str
    """What to do, for a person."""
    quote: str | None
    """AWS's own sentence; None where a trait of the service model says it."""
    documentation: str
    """The address of the page that has the sentence."""
    page: str
    """Where this project's documentation has the rule."""
    of_trait: bool = False
    """Whether it is a limit of the model, which the structural check looks at."""


@cache
def rulebook(package: str) -> Mapping[str, Rule]:
    """The rules of a generated package, by id."""
    return {name: Rule(id=name, **entry) for name, entry in read_json(package, "rules.json")["rules"].items()}


def broken(found: Found, rule: str, path: str, value: object = None) -> None:
    """Note a broken rule, with the value that is wrong where its message shows it."""
    plain = str(value) if isinstance(value, str) else value  # An enum's member is shown as what is sent.
    found.append(Violation(rule, path, "" if value is None else shorten(plain, sensitive=False)))


def completed(found: Iterable[Violation], package: str, ignored: frozenset[str]) -> tuple[Violation, ...]:
    """Violations with all that is known of their rules, and without those that are switched off."""
    return tuple(complete(violation, package) for violation in found if violation.rule not in ignored)


def complete(violation: Violation, package: str) -> Violation:
    """A violation with all that is known of its rule, if that is a documented one.

    Until then, its message is the wrong value; or, where a trait of the model is the rule, what is wrong.
    """
    rule = None if violation.rule in STRUCTURAL else rulebook(package).get(violation.rule)
    if rule is None:
        return violation
    message = rule.message.replace("{value}", violation.message)
    if rule.of_trait:
        message = "; ".join(filter(None, (violation.message, message)))
    return evolve(
        violation,
        message=message,
        severity=rule.severity,
        quote=rule.quote,
        documentation=rule.documentation,
        page=rule.page,
    )


class Regex:
    """A regular expression that is compiled when it is first asked."""

    __slots__ = ("search", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.search: Callable[[str], object] = self.first_search

    def matches(self, value: Value) -> bool:
        """Whether it is found in a text or in bytes."""
        text = value if value.__class__ is str else text_of(value)
        return text is not None and self.search(text) is not None

    def lacks(self, value: Value) -> bool:
        """Whether there is a text, or are bytes, in which it is not found."""
        text = value if value.__class__ is str else text_of(value)
        return text is not None and self.search(text) is None

    def first_search(self, text: str) -> object:
        """Look into the first text, and make looking into others quick."""
        self.search = re.compile(self.source).search
        return self.search(text)


def text_of(value: Value) -> str | None:
    """Bytes as a text, or a text of a class of its own; None for everything else."""
    if isinstance(value, bytes | bytearray):
        return value.decode("latin-1")
    return str(value) if isinstance(value, str) else None


def blank(cls: type[S]) -> S:
    """A structure that has nothing, even where it should: it stands for one that is not there."""
    made = object.__new__(cls)
    for attribute in cast("Any", cls).__attrs_attrs__:
        object.__setattr__(made, attribute.name, None)
    return made


def items(value: Value) -> Value:
    """The elements of a list; none where there is no list."""
    return value if isinstance(value, tuple | list) else ()


def size(value: Value) -> int:
    """How much is in a value; nothing where there is none, or it is something like an open file."""
    return len(value) if hasattr(value, "__len__") else 0


def beyond(structure: Value, *members: str) -> bool:
    """Whether a structure has other members than these."""
    names = (attribute.name for attribute in getattr(structure, "__attrs_attrs__", ()))
    return any(name not in members and getattr(structure, name) is not None for name in names)


def indivisible(value: Value, divisor: int) -> bool:
    """Whether a value is a whole number, and no multiple of another one."""
    return isinstance(value, int) and value % divisor != 0


def differs(value: Value, other: Value) -> bool:
    """Whether a value is there and is another one; lists are the same in any order."""
    if value is None:
        return False
    if isinstance(value, tuple | list):
        return sorted(map(str, value)) != sorted(map(str, items(other)))
    return bool(value != other)


def look(value: Value, *attributes: str) -> Value:
    """What an answer has at the end of a path; None where it, or a part of it, has no such member."""
    for attribute in attributes:
        value = getattr(value, attribute, None)
    return value


def kind(value: Value) -> str:
    """The name of a structure's class."""
    return type(value).__name__
