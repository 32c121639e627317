"""How a tree comes to obey all rules, or all but one.

A tree of values that are each valid is *repaired*: while a combination of a rule holds, one of its conditions
is made false, by a change that a source chooses. To break a rule, the conditions of one of its combinations
are made true first, and no repair may change that. The source is Hypothesis, or a stand-in (`_guesses`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Protocol, TypeAlias, TypeVar

from attrs import field, frozen

from datasync_sdk.testing._judge import RELATIVE, Broken, Combination, Judge, Tests, passes, place
from datasync_sdk.testing._model import (
    CONTEXT,
    EACH,
    KIND,
    Steps,
    Tree,
    Way,
    at,
    copied,
    kind,
    members,
    possible,
    put,
    shape_at,
)
from datasync_sdk.testing._texts import Demands, Manner

T = TypeVar("T")

ROUNDS = 150
"""How many changes are tried."""
TRIES = 5
"""How often a value is looked for."""
TURNS = tuple(random() for random in [Random(0).random] * ROUNDS)  # noqa: S311  # no secret: always the same

OPPOSITE = {
    "value": "not",
    "not": "value",
    "matches": "lacks",
    "lacks": "matches",
    "has": "breaks",
    "breaks": "has",
    "is": "is_not",
    "is_not": "is",
    "not_multiple_of": "multiple_of",
}
"""What a value must pass so that it does not pass a test."""


class Source(Protocol):
    """What makes the choices."""

    def pick(self, options: Sequence[T]) -> T:
        """One of several things; the first is the simplest."""
        ...

    def value(self, shape: str, demands: Demands, manner: Manner) -> Any:
        """A value of a shape; None where none was found."""
        ...

    def outside(self, shape: str, trait: str, demands: Demands) -> Any:
        """A value that breaks one trait of its shape, and passes tests; None where none was found."""
        ...

    def answer(self, shape: str) -> Tree:
        """An answer of the service."""
        ...


@frozen(eq=False)
class Goal:
    """What a tree must be like, beside obeying the rules."""

    holds: Callable[[Tree], bool] = lambda _: True
    allows: Callable[[Combination], bool] = lambda _: False
    """The combinations that may hold."""
    demands: Mapping[Steps, Demands] = field(factory=dict)
    """What single values must pass for that."""
    loose: frozenset[Steps] = frozenset()
    """Texts that need not match their pattern."""
    trait: tuple[Steps, str] | None = None
    """A value that must break a trait of its shape."""


Move: TypeAlias = Callable[[Tree], None]
"""A change of a tree."""


@frozen(eq=False)
class Solver:
    """The rules about one structure, and what makes the choices."""

    judge: Judge
    source: Source
    goal: Goal = field(factory=Goal)

    def repair(self, tree: Tree) -> Tree | None:
        """A tree that obeys the rules; None where none was found."""
        for turn in TURNS:
            broken = (each for each in self.judge.broken(tree) if not self.goal.allows(each.combination))
            wrong = next(broken, None)
            if wrong is None:
                return tree
            moves = self.moves(wrong, tree)
            if not moves:
                return None
            # Turned, so that even the simplest choices, which are all the same, come to try everything.
            first = int(len(moves) * turn)
            changed = copied(tree)
            self.source.pick([*moves[first:], *moves[:first]])(changed)
            if self.goal.holds(changed) and not self.judge.holds(wrong.combination, wrong.steps, changed):
                tree = changed
        return None

    def moves(self, wrong: Broken, tree: Tree) -> list[Move]:
        """The changes that may make one condition false."""
        found: list[Move] = []
        for path, tests in wrong.combination.conditions.items():
            way = place(wrong.steps, path)
            for name, operand in tests.items():
                found += self.negations(wrong, way, name, operand)
            found += [
                removal(way[:length]) for length in range(1, len(way) + 1) if self.can_go(way[:length], tree)
            ]
        return found

    def can_go(self, way: Steps, tree: Tree) -> bool:
        """Whether something can be left out, for all that its structure and the goal say."""
        if not self.is_optional(way, tree):
            return False
        without = copied(tree)
        put(without, way, None)
        return self.goal.holds(without)

    def is_optional(self, way: Steps, tree: Tree) -> bool:
        """Whether a member can be left out."""
        if isinstance(way[-1], int) or at(tree, way) is None:
            return False
        if len(way) == 1 and way[0] in CONTEXT:
            return True
        return not members(shape_at(self.judge.root, tree, way[:-1]))[str(way[-1])].required

    def negations(self, wrong: Broken, way: Steps, name: str, operand: Any) -> list[Move]:
        """The ways to have a value no longer pass a test, other than to take it away."""

        def other_value(tree: Tree) -> None:
            self.give(tree, way, opposite(name, operand, at(tree, place(wrong.steps, str(operand)))))

        def copy_other(tree: Tree) -> None:
            put(tree, way, copied(at(tree, place(wrong.steps, operand))))

        def take_rest(tree: Tree) -> None:
            put(tree, way, {key: value for key, value in at(tree, way).items() if key in operand})

        def another_class(tree: Tree) -> None:
            put(tree, way, self.context(str(way[0]), ((OPPOSITE[name], tuple(operand)),)))

        special = {
            "differs_from": copy_other,
            "beyond": take_rest,
            "is": another_class,
            "is_not": another_class,
        }
        if name == "given":
            return [] if operand else [lambda tree: self.give(tree, way, ())]
        if frozen_demands({name: operand})[0] in self.goal.demands.get(way, ()):
            return []
        return [special.get(name, other_value)]

    def give(self, tree: Tree, way: Steps, demands: Demands) -> None:
        """Set a value that passes tests, where one is found, with whatever it must be in."""
        try:
            shapes = [shape_at(self.judge.root, tree, way[: length + 1]) for length in range(len(way))]
        except KeyError:  # The answer in the context has no such member.
            return
        for length, shape in enumerate(shapes[:-1], 1):
            if at(tree, way[:length]) is None:
                put(tree, way[:length], self.source.value(shape, (), "valid"))
        for _ in range(TRIES):
            if (value := self.value(shapes[-1], way, demands)) is not None:
                put(tree, way, value)
                return

    def value(self, shape: str, way: Steps, demands: Demands) -> Any:
        """A value for a member; None where none was found."""
        if self.goal.trait and self.goal.trait[0] == way:
            return self.source.outside(shape, self.goal.trait[1], demands)
        both = tuple(dict.fromkeys((*demands, *self.goal.demands.get(way, ()))))
        return self.source.value(shape, both, "any" if way in self.goal.loose else "valid")

    def context(self, name: str, demands: Demands = (), paths: Sequence[str] = ()) -> Tree | None:
        """Something that is known beside the request, of a class that passes tests and has some members."""
        found = [
            shape
            for shape in possible(self.judge.root, name)
            if all(passes(test, {KIND: shape}, operand) for test, operand in demands)
            and all(has_path(shape, path) for path in paths)
        ]
        if not found:
            return None
        shape = self.source.pick(found)
        return {KIND: shape, **self.source.answer(shape)}

    def open(self, tree: Tree, way: Way) -> Steps:
        """Make a way one that leads to something, with elements in the lists on it."""
        steps: Steps = ()
        for step in way:
            if step == EACH:
                steps = (*steps, self.source.pick(range(len(at(tree, steps) or [0]))))
                continue
            steps = (*steps, step)
            if not at(tree, steps):
                is_list = kind(shape_at(self.judge.root, tree, steps)) == "list"
                self.give(tree, steps, (("longer_than", 0),) if is_list else ())
        return steps

    def force(self, tree: Tree, combination: Combination, steps: Steps) -> bool:
        """Make all conditions of a combination hold."""
        for name in sorted(combination.roots):
            paths = [path.partition(".")[2] for path in combination.conditions if path.startswith(f"{name}.")]
            put(
                tree, (name,), self.context(name, frozen_demands(combination.conditions.get(name, {})), paths)
            )
        for path in sorted(combination.conditions, key=lambda path: path.count(".")):
            if not self.judge.condition(path, combination.conditions[path], steps, tree):
                self.force_one(tree, path, combination.conditions[path], steps)
        return self.judge.holds(combination, steps, tree)

    def force_one(self, tree: Tree, path: str, tests: Tests, steps: Steps) -> None:
        """Make one condition hold: by leaving the member out, if that will do, or by giving it."""
        way = place(steps, path)
        if self.is_optional(way, tree) and self.source.pick([False, True]):
            before = at(tree, way)
            put(tree, way, None)
            if self.judge.condition(path, tests, steps, tree):
                return
            put(tree, way, before)
        if tests.get("given") is False or "shorter_than" in tests:
            if self.is_optional(way, tree):
                put(tree, way, None)
            return
        other = place(steps, tests.get("same_as", path))
        if at(tree, other) is None:
            self.give(tree, other, ())
        self.give(tree, way, demands_of(tests, at(tree, other)))


def removal(way: Steps) -> Move:
    """Leave something out."""
    return lambda tree: put(tree, way, None)


def has_path(shape: str, path: str) -> bool:
    """Whether a structure has a member at the end of a path."""
    try:
        shape_at(shape, {}, tuple(path.split(".")))
    except KeyError:
        return False
    return True


def demands_of(tests: Tests, other: Any) -> Demands:
    """What a value must pass so that it passes tests."""
    demands = {name: operand for name, operand in tests.items() if name not in {"given", *RELATIVE}}
    if "same_as" in tests and other is not None:
        demands["value"] = [other]
    return frozen_demands(demands)


def opposite(name: str, operand: Any, other: Any) -> Demands:
    """What a value must pass so that it does not pass a test."""
    if name == "same_as":
        return (("not", (other,)),)
    if name == "longer_than":
        return (("shorter_than", operand + 1),)
    if name == "shorter_than":
        return (("longer_than", operand - 1),)
    return frozen_demands({OPPOSITE[name]: operand})


def frozen_demands(demands: Tests) -> Demands:
    """Tests that can be a key."""
    return tuple(
        (name, tuple(operand) if isinstance(operand, list) else operand) for name, operand in demands.items()
    )
