"""The rules of the documentation, read from `rules.json` and applied to trees, by no generated code.

What a condition means is said in the docstring of `codegen/rules/predicates.py`. Two things are more:

* In a request that makes something, a member that is left out has its default, where there is one; and
  structures that are `implied` are there even where they are left out. In all other requests nothing is known
  of a member that is left out.
* A rule on a structure is about those that are there (or implied).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, TypeAlias

from attrs import frozen

from datasync_sdk._runtime.forms import FORMS
from datasync_sdk._runtime.resources import read_json
from datasync_sdk.testing._model import (
    CONTEXT,
    EACH,
    KIND,
    PACKAGE,
    Steps,
    Tree,
    Way,
    at,
    element,
    members,
    ways,
)

Tests: TypeAlias = Mapping[str, Any]
"""Names of tests and what they compare with."""

RULES: dict[str, Any] = read_json(PACKAGE, "rules.json")
CONDITIONS: dict[str, dict[str, Any]] = RULES["conditions"]
IMPLIED = frozenset(RULES["implied"])
COMPLETE = frozenset(RULES["complete"])
"""The requests in which a member that is left out has its default."""
BY_DEFAULT = frozenset({"value", "not"})
"""The tests that a member which is left out can pass by its default."""


@frozen(eq=False, slots=False)
class Combination:
    """Conditions of which not all may hold."""

    rule: str
    on: str
    conditions: Mapping[str, Tests]
    """By the paths that they are about."""

    @cached_property
    def roots(self) -> frozenset[str]:
        """The parts of the context that it speaks of."""
        paths = [*self.conditions]
        for tests in self.conditions.values():
            paths += [tests[name] for name in ("same_as", "differs_from") if name in tests]
        return frozenset(path.partition(".")[0] for path in paths) & CONTEXT.keys()


@frozen
class Broken:
    """A combination that holds in the structure at the end of a way."""

    combination: Combination
    steps: Steps


@cache
def combinations() -> tuple[Combination, ...]:
    """All combinations of all rules."""
    return tuple(
        Combination(rule, place["on"], conditions)
        for rule, entry in CONDITIONS.items()
        for place in entry["places"]
        for conditions in place["forbid"]
    )


@frozen(eq=False, slots=False)
class Judge:
    """The rules about a structure and what can be in it."""

    root: str

    @cached_property
    def entries(self) -> tuple[tuple[Combination, Way], ...]:
        """All combinations that can hold, each with a way to where it can."""
        return tuple((each, way) for each in combinations() for way in ways(self.root, each.on))

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """What of a context the rules speak of."""
        return tuple(sorted({name for combination, _ in self.entries for name in combination.roots}))

    @property
    def complete(self) -> bool:
        """Whether a member that is left out has its default."""
        return self.root in COMPLETE

    def broken(self, tree: Tree) -> Iterator[Broken]:
        """All combinations that hold."""
        for combination, way in self.entries:
            for steps in self.positions(tree, way):
                if self.holds(combination, steps, tree):
                    yield Broken(combination, steps)

    def positions(self, tree: Tree, way: Way) -> Iterator[Steps]:
        """The structures that may be at the ends of a way."""
        found: list[Steps] = [()]
        for step in way:
            if step == EACH:
                found = [(*steps, index) for steps in found for index in range(size(at(tree, steps)))]
            else:
                found = [(*steps, step) for steps in found]
        yield from found

    def holds(self, combination: Combination, steps: Steps, tree: Tree) -> bool:
        """Whether all conditions of a combination hold, and all that they speak of is known."""
        return (
            self.is_there(steps, tree)
            and all(name in tree for name in combination.roots)
            and all(
                self.condition(path, tests, steps, tree) for path, tests in combination.conditions.items()
            )
        )

    def is_there(self, steps: Steps, tree: Tree) -> bool:
        """Whether a structure is there, or implied."""
        shape = self.root
        for step in steps:
            shape = element(shape) if isinstance(step, int) else members(shape)[step].shape
            tree = at(tree, (step,))
            if tree is None and not (self.complete and shape in IMPLIED):
                return False
        return True

    def condition(self, path: str, tests: Tests, steps: Steps, tree: Tree) -> bool:
        """Whether one condition holds."""
        way = place(steps, path)
        value, complete, known = at(tree, way), self.complete and way[0] not in CONTEXT, False
        if complete and tests.keys() <= BY_DEFAULT:
            defaults = self.defaults(way)
            if value is None:
                value = self.default(defaults, tree)
            known = bool(defaults) and all(default.get("when") for default in defaults)
        if value is None and "not" in tests and (known or not complete):
            return False
        return all(
            passes(name, value, at(tree, place(steps, operand)) if name in RELATIVE else operand)
            for name, operand in tests.items()
        )

    def default(self, defaults: list[dict[str, Any]], tree: Tree) -> Any:
        """What a member that is left out has."""
        for default in defaults:
            when: Mapping[str, Tests] = default.get("when", {})
            if all(self.condition(path, tests, (), tree) for path, tests in when.items()):
                return default["value"]
        return None

    @cache  # noqa: B019  # there is one judge for each structure, for ever
    def defaults(self, way: Steps) -> list[dict[str, Any]]:
        """The defaults of a member that are values, where all that it is in is implied."""
        shape = self.root
        for step in way[:-1]:
            if isinstance(step, int):
                return []
            shape = members(shape)[step].shape
            if shape not in IMPLIED:
                return []
        found = (each for each in RULES["defaults"] if (each["cls"], each["member"]) == (shape, way[-1]))
        return [each for each in found if isinstance(each.get("value"), str | int)]


@cache
def judge(root: str) -> Judge:
    """The rules about a structure."""
    return Judge(root)


def place(steps: Steps, path: str) -> Steps:
    """Where a path leads, from a structure or from the context."""
    names = tuple(path.split("."))
    return names if names[0] in CONTEXT else (*steps, *names)


def text_of(value: Any) -> str | None:
    """A text, or bytes as one; None for everything else."""
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None


def found(value: Any, regex: str) -> bool | None:
    """Whether an expression is found in a text or in bytes; None where this is neither."""
    if hasattr(value, "answer"):
        return bool(value.answer("matches", regex))
    text = text_of(value)
    return None if text is None else re.search(regex, text) is not None


def formed(value: Any, form: str) -> bool | None:
    """Whether a text has a form; None where this is no text."""
    if hasattr(value, "answer"):
        return bool(value.answer("has", form))
    return FORMS[form].has(value) if isinstance(value, str) else None


def size(value: Any) -> int:
    """How much is in a value; nothing where there is none."""
    return 0 if value is None else len(value)


def same(value: Any, other: Any) -> bool:
    """Whether two values are the same; lists are, in any order."""
    if isinstance(value, list):
        return sorted(map(str, value)) == sorted(map(str, other or []))
    return bool(value == other)


RELATIVE = frozenset({"same_as", "differs_from"})
"""The tests that compare with what is somewhere else."""

PASSES: dict[str, Callable[[Any, Any], bool]] = {
    "value": lambda value, operand: value in operand,
    "not": lambda value, operand: value not in operand,
    "given": lambda value, operand: (value is not None) == operand,
    "matches": lambda value, operand: found(value, operand) is True,
    "lacks": lambda value, operand: found(value, operand) is False,
    "has": lambda value, operand: formed(value, operand) is True,
    "breaks": lambda value, operand: formed(value, operand) is False,
    "multiple_of": lambda value, operand: value is None or value % operand == 0,
    "not_multiple_of": lambda value, operand: value is not None and value % operand != 0,
    "longer_than": lambda value, operand: size(value) > operand,
    "shorter_than": lambda value, operand: size(value) < operand,
    "beyond": lambda value, operand: value is not None and not value.keys() <= set(operand),
    "same_as": lambda value, other: value is not None and value == other,
    "differs_from": lambda value, other: value is not None and not same(value, other),
    "is": lambda value, operand: value[KIND] in operand,
    "is_not": lambda value, operand: value[KIND] not in operand,
}
"""What each test asks of a value. `multiple_of` is no test of a rule: it is the opposite of one."""


def passes(name: str, value: Any, operand: Any) -> bool:
    """Whether a value passes a test."""
    return PASSES[name](value, operand)
