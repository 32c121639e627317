"""The ways to break a rule, and nothing but that rule.

Not every combination can hold alone: what breaks one may need what breaks another one. So each way is tried
out once, with guesses.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from attrs import frozen

from datasync_sdk.testing._demands import breaks_trait
from datasync_sdk.testing._guesses import Guesses
from datasync_sdk.testing._judge import CONDITIONS, Combination, combinations, judge, place
from datasync_sdk.testing._model import SHAPES, Steps, Tree, Way, at, element, kind, members, ways
from datasync_sdk.testing._solve import Goal, Solver, Source, demands_of

SAID_TWICE = frozenset(
    "AGT-15 AZ-10 EFS-04 FMT-06 FSXW-01 NFS-05 OBJ-14 OBJ-15 OIDC-05 OIDC-06".split()
    + "REP-07 SEC-16 SMB-15 SMB-18 TASK-16 ZFS-06".split()
)
"""Rules that say in words what a pattern says, too: a text that breaks one never matches the pattern."""

ATTEMPTS = 6
"""How often a way is tried before it counts as none."""

REQUESTS = tuple(sorted(name for name in SHAPES if name.endswith("Request")))


@frozen
class Target:
    """One way to break a rule."""

    rule: str
    request: str
    way: Way
    """To the structure with the forbidden combination, or to the value that breaks a trait."""
    combination: Combination | None = None
    trait: str = ""

    def reach(self, source: Source) -> Tree | None:
        """A tree that breaks the rule in this way, and nothing else; None where none was found."""
        checks = judge(self.request)
        tree: Tree = source.value(self.request, (), "valid")
        free = Solver(checks, source)
        if self.combination and self.combination.roots:
            for name in checks.contexts:
                if source.pick([False, True]):
                    tree[name] = free.context(name)
        steps = free.open(tree, self.way)
        solver = Solver(checks, source, self.goal(steps))
        if self.combination:
            reached = solver.force(tree, self.combination, steps)
        else:
            solver.give(tree, steps, ())
            reached = at(tree, steps) is not None
        return solver.repair(tree) if reached and solver.goal.holds(tree) else None

    def goal(self, steps: Steps) -> Goal:
        """What no repair may change."""
        if not self.combination:
            return Goal(holds=lambda tree: self.is_outside(at(tree, steps)), trait=(steps, self.trait))
        wanted, checks = self.combination, judge(self.request)
        return Goal(
            holds=lambda tree: checks.holds(wanted, steps, tree),
            allows=lambda other: other.rule == self.rule and bool(other.roots) == bool(wanted.roots),
            demands={
                place(steps, path): demands_of(tests, None) for path, tests in wanted.conditions.items()
            },
            loose=frozenset(place(steps, path) for path in wanted.conditions if self.rule in SAID_TWICE),
        )

    def is_outside(self, value: Any) -> bool:
        """Whether a value still is one that breaks the trait."""
        return hasattr(value, "answer") or breaks_trait(self.shape, self.trait, value)

    @property
    def shape(self) -> str:
        """The shape of the value that breaks a trait."""
        shape = self.request
        for step in self.way:
            shape = element(shape) if kind(shape) == "list" else members(shape)[step].shape
        return shape


@cache
def targets(rule: str, *, with_context: bool) -> tuple[Target, ...]:
    """The ways to break a rule alone: those that need a context, or all others."""
    return tuple(target for target in all_targets(rule, with_context=with_context) if can_be_reached(target))


def all_targets(rule: str, *, with_context: bool) -> list[Target]:
    """The ways to break a rule."""
    found = [
        Target(rule, request, way, combination)
        for combination in combinations()
        if combination.rule == rule and bool(combination.roots) == with_context
        for request in REQUESTS
        for way in ways(request, combination.on)
    ]
    if with_context:
        return found
    traits = (name.split(".") for name in CONDITIONS[rule]["traits"])
    return found + [
        Target(rule, request, way, trait=trait)
        for shape, trait in traits
        for request in REQUESTS
        for way in ways(request, shape)
    ]


def can_be_reached(target: Target) -> bool:
    """Whether a rule can be broken alone in this way, as far as guesses tell."""
    source = Guesses(Random(0))  # noqa: S311  # no secret: the answer must always be the same
    return any(target.reach(source) is not None for _ in range(ATTEMPTS))
