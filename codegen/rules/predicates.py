"""The conditions of `rules.toml`: their form, and what they may speak of.

A combination is a table from paths to conditions, and holds where all of them hold:

    { "Options.Atime" = "NONE", "Options.Mtime" = { given = false }, TaskMode = "BASIC" }

A condition is a value, a list of values of which one must be there, or a table of tests that must all hold:

    value = "NONE"            the member has this value (or one of these)
    not = "NONE"              it has another one
    given = true | false      it is there, or it is not
    matches, lacks = "regex"  a text or bytes in which the expression is found, or is not
    has, breaks = "form"      a text that has a form of `_runtime/forms.py`, or does not
    not_multiple_of = 512     a number
    longer_than, shorter_than = 1   how many elements, characters or bytes it has; none where it is not there
    beyond = ["A"]            a structure that has more than these members
    same_as, differs_from = "path"  another member, or one of the context
    is, is_not = ["Class"]    of which class something in the context is
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any, TypeAlias, cast

from attrs import frozen

from codegen.errors import SpecError
from codegen.spec import Member, Node, Shape, Spec
from datasync_sdk._runtime.forms import FORMS

Scalar: TypeAlias = str | int | bool

ON_TEXT = frozenset({"matches", "lacks", "has", "breaks"})
ON_PATHS = frozenset({"same_as", "differs_from"})
ON_CLASSES = frozenset({"is", "is_not"})
ON_SIZE = frozenset({"longer_than", "shorter_than", "not_multiple_of"})
TESTS = frozenset({"value", "not", "given", "beyond"}) | ON_TEXT | ON_PATHS | ON_CLASSES | ON_SIZE

SIZED = frozenset({"string", "blob", "list", "map"})
TEXTS = frozenset({"string", "blob"})
FITTING = {
    "matches": TEXTS,
    "lacks": TEXTS,
    "has": {"string"},
    "breaks": {"string"},
    "longer_than": SIZED,
    "shorter_than": SIZED,
    "not_multiple_of": {"integer", "long"},
    "beyond": {"structure"},
}
"""Of which types a value must be for a test; others are for all."""
SMALLEST = {"longer_than": 0, "shorter_than": 1, "not_multiple_of": 2}
"""Operands below these would ask nothing, or what cannot be."""
PYTHON_TYPES = {"string": str, "boolean": bool, "integer": int, "long": int}


@frozen
class Condition:
    """What is asked of the value at one path."""

    path: str
    """As `Options.Atime`, from the structure that the rule is on; or from a name of the context."""
    tests: tuple[tuple[str, Any], ...]
    """Names of tests and what they compare with; values and classes are tuples."""


Combination: TypeAlias = tuple[Condition, ...]


@frozen(kw_only=True)
class Scope:
    """What the conditions of a rule can speak of."""

    spec: Spec
    shape: str
    """The structure that the rule is on."""
    context: Mapping[str, tuple[str, ...]]
    """What a preflight knows beside the request, and the structures that each may be."""

    def resolve(self, path: str, at: str) -> tuple[Member, ...]:
        """The members on the way to a value; those of the first fitting structure, for the context."""
        return self.ways(path, at)[0]

    def ways(self, path: str, at: str) -> list[tuple[Member, ...]]:
        """The members on the way to a value, for each structure that has them."""
        root, _, rest = path.partition(".")
        if root not in self.context:
            return [walk(self.spec, self.shape, path, at)]
        if not rest:
            return [()]
        found = []
        for shape in self.context[root]:
            with suppress(SpecError):
                found.append(walk(self.spec, shape, rest, at))
        if not found:
            raise SpecError(at, f"nothing that {root!r} may be has a member {rest!r}")
        return found


def walk(spec: Spec, shape: str, path: str, at: str) -> tuple[Member, ...]:
    """The members on the way from a structure along a path."""
    found: list[Member] = []
    for name in path.split("."):
        member = next((m for m in spec.shapes[shape].members if m.name == name), None)
        if member is None:
            raise SpecError(at, f"{shape} has no member {name!r}")
        found.append(member)
        shape = member.shape
    return tuple(found)


def combinations(entry: Node, key: str, scope: Scope) -> tuple[Combination, ...]:
    """The combinations in a list, each held against the spec."""
    found = tuple(combination(node, scope) for node in entry.nodes(key))
    if not found:
        raise SpecError(entry.at(key), "is empty")
    return found


def combination(node: Node, scope: Scope) -> Combination:
    """One combination."""
    if not node.raw:
        raise SpecError(node.path, "is empty")
    return tuple(condition(path, node.raw[path], node.at(path), scope) for path in node.raw)


def condition(path: str, raw: Any, at: str, scope: Scope) -> Condition:
    """One condition; about something in the context, it must make sense for one thing that that may be."""
    tests = raw if isinstance(raw, dict) else {"value": raw}
    if not tests:
        raise SpecError(at, "is empty")
    *others, last = (
        scope.spec.shapes[members[-1].shape] if members else None for members in scope.ways(path, at)
    )
    for shape in others:
        with suppress(SpecError):
            return about(path, tests, shape, at, scope)
    return about(path, tests, last, at, scope)


def about(path: str, tests: Mapping[str, Any], shape: Shape | None, at: str, scope: Scope) -> Condition:
    """One condition about a value of a shape; about something in the context as a whole, if there is none."""
    made = Condition(path, tuple(test(name, tests[name], path, shape, at, scope) for name in tests))
    check_possible(dict(made.tests), at)
    return made


def check_possible(tests: Mapping[str, Any], at: str) -> None:
    """Stop where no value can pass all tests."""
    if tests.get("given") is False and len(tests) > 1:
        raise SpecError(at, "nothing else can be asked of what is not given")
    if "value" in tests and set(tests["value"]) <= set(tests.get("not", ())):
        raise SpecError(at, "asks for a value that it does not want")


def test(name: str, operand: Any, path: str, shape: Shape | None, at: str, scope: Scope) -> tuple[str, Any]:  # noqa: PLR0913, PLR0917  # all that a test is about
    """One test, whose operand must make sense for the value that it is about."""
    if name not in TESTS:
        raise SpecError(at, f"{name!r} is no test; there are {', '.join(sorted(TESTS))}")
    if (shape is None) != (name in ON_CLASSES):
        raise SpecError(at, f"{name!r} is not for this")
    if shape is None:
        return name, classes(operand, scope.context[path], at)
    if shape.type not in FITTING.get(name, (shape.type,)):
        raise SpecError(at, f"{name!r} is not for a {shape.type}")
    if name in ON_PATHS:
        return name, other_path(operand, path, shape, at, scope)
    return name, checked_operand(name, operand, shape, at)


def checked_operand(name: str, operand: Any, shape: Shape, at: str) -> Any:
    """The operand of a test on a member."""
    if name in ("value", "not"):
        values = operand if isinstance(operand, list) else [operand]
        return tuple(value(item, shape, at) for item in full(values, at))
    if name == "given":
        return expect(operand, bool, at)
    if name == "beyond":
        known = [member.name for member in shape.members]
        unknown = [member for member in expect(operand, list, at) if member not in known]
        if unknown:
            raise SpecError(at, f"{shape.name} has no member {unknown[0]!r}")
        return tuple(operand)
    if name in ON_SIZE:
        number: int = expect(operand, int, at)
        if number < SMALLEST[name]:
            raise SpecError(at, f"{name!r} must be at least {SMALLEST[name]}")
        return number
    return text_operand(name, operand, at)


def other_path(operand: Any, path: str, shape: Shape, at: str, scope: Scope) -> str:
    """The path of a member that another one is compared with: it can have the same values."""
    other: str = expect(operand, str, at)
    members = scope.resolve(other, at)
    if not members or scope.spec.shapes[members[-1].shape].type != shape.type:
        raise SpecError(at, f"{other} is no {shape.type}, so {path} cannot be the same")
    if other == path:
        raise SpecError(at, "compares a member with itself")
    return other


def text_operand(name: str, operand: Any, at: str) -> str:
    """The operand of a test on a text."""
    text: str = expect(operand, str, at)
    if name in ("has", "breaks"):
        if text not in FORMS:
            raise SpecError(at, f"{text!r} is no form; there are {', '.join(sorted(FORMS))}")
        return text
    try:
        re.compile(text)
    except re.error as error:
        raise SpecError(at, f"{text!r} is no regular expression: {error}") from error
    return text


def value(raw: Any, shape: Shape, at: str) -> Scalar:
    """A value that a member of a shape can have."""
    wanted = PYTHON_TYPES.get(shape.type)
    if wanted is None or type(raw) is not wanted:
        raise SpecError(at, f"{raw!r} is no value for {shape.name}, a {shape.type}")
    if shape.enum and raw not in shape.enum:
        raise SpecError(at, f"{shape.name} has no value {raw!r}")
    return cast("Scalar", raw)


def classes(operand: Any, possible: tuple[str, ...], at: str) -> tuple[str, ...]:
    """Structures that something in the context may be."""
    names = tuple(full(expect(operand, list, at), at))
    for name in names:
        if name not in possible:
            raise SpecError(at, f"it is never a {name!r}")
    return names


def full(operand: list[Any], at: str) -> list[Any]:
    """A list that has something in it."""
    if not operand:
        raise SpecError(at, "holds an empty list")
    return operand


def expect(operand: Any, kind: type, at: str) -> Any:
    """An operand of the type that its test needs."""
    if type(operand) is not kind:
        raise SpecError(at, f"{operand!r} must be a {kind.__name__}")
    return operand


def named_like(spec: Spec, pattern: str, at: str) -> tuple[str, ...]:
    """The structures whose names are like a pattern with `*`."""
    structures = (name for name, shape in spec.shapes.items() if shape.type == "structure")
    found = tuple(name for name in structures if fnmatchcase(name, pattern))
    if not found:
        raise SpecError(at, f"no structure is named {pattern!r}")
    return found


def occurs(spec: Spec, root: str, shape: str) -> bool:
    """Whether a structure of a shape can be in a structure."""
    return next(occurrences(spec, root, shape), None) is not None


def occurrences(spec: Spec, root: str, shape: str) -> Iterator[tuple[Member, ...]]:
    """The ways from a structure to the structures of a shape in it; lists are a step like others."""
    yield from search(spec, root, shape, (), (root,))


def search(
    spec: Spec, here: str, shape: str, way: tuple[Member, ...], above: tuple[str, ...]
) -> Iterator[tuple[Member, ...]]:
    """The ways onward from a structure."""
    if here == shape:
        yield way
    for member in spec.shapes[here].members:
        inner = spec.shapes[member.shape]
        held = inner.element if inner.type == "list" and inner.element else inner.name
        if spec.shapes[held].type == "structure" and held not in above:
            yield from search(spec, held, shape, (*way, member), (*above, held))


def roots(combination: Combination) -> Iterator[str]:
    """The names with which the paths of a combination begin."""
    for condition in combination:
        yield condition.path.partition(".")[0]
        for name, operand in condition.tests:
            if name in ON_PATHS:
                yield operand.partition(".")[0]
