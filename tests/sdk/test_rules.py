"""The rules of the documentation: each can be broken alone, and generated code finds what they say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import Client
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.wire import operation_of
from datasync_sdk.testing import _values, strategies
from datasync_sdk.testing._judge import CONDITIONS, Broken, Judge, judge, place
from datasync_sdk.testing._model import CONTEXT, Tree
from datasync_sdk.testing._solve import Goal, Solver
from datasync_sdk.testing._targets import REQUESTS, all_targets, targets
from tests.sdk.strategies import RULES, SHAPES

PLACES = {entry["id"]: entry.get("at") for entry in RULES["rule"]}
"""The members that broken rules name, where these are not the first ones of their combinations."""

ALONE = tuple(rule for rule in CONDITIONS if all_targets(rule, with_context=False))
WITH_CONTEXT = tuple(rule for rule in CONDITIONS if all_targets(rule, with_context=True))

few = settings(max_examples=12)


@pytest.fixture(scope="module")
def strict() -> Client:
    """A client that checks everything."""
    return Client("eu-west-1", validate="strict")


@pytest.fixture(scope="module")
def default() -> Client:
    """A client that does not check patterns."""
    return Client("eu-west-1")


def rules_of(violations: tuple[Violation, ...]) -> set[str]:
    """Which rules are broken."""
    return {violation.rule for violation in violations}


def preflight(request: Any, context: Any) -> tuple[Violation, ...]:
    """What the generated preflight finds."""
    found: list[Violation] = []
    rules = operation_of(type(request)).rules
    assert rules
    assert rules.preflight
    rules.preflight(request, context, found)
    return tuple(found)


def test_every_rule_can_be_broken() -> None:
    assert set(ALONE) | set(WITH_CONTEXT) == set(CONDITIONS) == {entry["id"] for entry in RULES["rule"]}


@pytest.mark.parametrize("rule", ALONE)
def test_rules_break_alone(rule: str, strict: Client, default: Client) -> None:
    """A request can break a rule and no other; only a pattern that says the same breaks with it."""
    seen = set()

    @settings(max_examples=max(12, 3 * len(targets(rule, with_context=False))))
    @given(strategies.violating(rule))
    def breaks_alone(request: Any) -> None:
        found = strict.check(request)
        if rule in strategies.SAID_TWICE:
            others = [each for each in found if each.rule != rule]
            assert others
            assert all("does not match" in each.message for each in others)
            assert {each.path for each in others} <= {each.path for each in found if each.rule == rule}
            found = default.check(request)
        assert rules_of(found) == {rule}
        seen.add(type(request).__name__)

    breaks_alone()
    assert seen <= {target.request for target in targets(rule, with_context=False)}


@pytest.mark.parametrize("rule", WITH_CONTEXT)
def test_situations_break_alone(rule: str, strict: Client) -> None:
    """What is described beside a right request can break a rule and no other."""

    @few
    @given(strategies.situations(rule))
    def breaks_alone(situation: strategies.Situation) -> None:
        request, context = situation
        assert rules_of(preflight(request, context)) == {rule}
        assert strict.check(request) == ()
        assert context.keys() <= CONTEXT.keys()

    breaks_alone()


@pytest.mark.parametrize("rule", CONDITIONS)
def test_requests_that_can_break_rules(rule: str) -> None:
    """`requests` in `rules.json` names the requests in which a rule can hold."""
    found = {
        target.request
        for with_context in (False, True)
        for target in all_targets(rule, with_context=with_context)
        if target.combination
    }
    assert set(CONDITIONS[rule]["requests"]) == found


@st.composite
def trees(draw: strategies.Draw, name: str) -> Tree:
    """Requests whose values are valid, except for what a combination asks for that few requests have."""
    tree: Tree = draw(_values.trees(name))
    source = strategies.Drawn(draw)
    free = Solver(judge(name), source)
    tree |= {root: free.context(root) for root in free.judge.contexts if draw(st.booleans())}
    entries = free.judge.entries
    for number in draw(st.lists(st.integers(0, len(entries) - 1), max_size=3)):
        combination, way = entries[number]
        steps = free.open(tree, way)
        loose = frozenset(place(steps, path) for path in combination.conditions)
        Solver(judge(name), source, Goal(loose=loose)).force(tree, combination, steps)
    return tree


def named(broken: Broken) -> tuple[str, str]:
    """A rule, and the member that it names."""
    combination = broken.combination
    path = PLACES[combination.rule] or next(iter(combination.conditions))
    text = ""
    for step in place(broken.steps, path):
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return combination.rule, text.removeprefix(".")


def expected(rules: Judge, tree: Tree, *, with_context: bool) -> list[tuple[str, str]]:
    """What is broken by the slow reading of the rules."""
    found = (each for each in rules.broken(tree) if bool(each.combination.roots) == with_context)
    return sorted({named(each) for each in found})


@pytest.mark.parametrize("name", REQUESTS)
def test_generated_checks_find_what_the_rules_say(name: str) -> None:
    """The generated functions and the slow reading of `rules.json` find the same, each once."""
    rules = operation_of(strategies.class_of(name)).rules
    assert bool(rules) == bool(judge(name).entries)
    assert bool(rules and rules.preflight) == bool(judge(name).contexts)
    if not rules:
        return

    @settings(max_examples=max(40, 5 * len(judge(name).entries)))
    @given(trees(name))
    def finds_the_same(tree: Tree) -> None:
        request, context = strategies.split((name, tree))
        found: list[Violation] = []
        rules.check(request, found)
        assert sorted((each.rule, each.path) for each in found) == expected(
            judge(name), tree, with_context=False
        )
        if rules.preflight:
            found = list(preflight(request, context))
        assert sorted((each.rule, each.path) for each in found) == expected(
            judge(name), tree, with_context=bool(rules.preflight)
        )

    finds_the_same()


@pytest.mark.parametrize("rule", [rule for rule in CONDITIONS if CONDITIONS[rule]["traits"]])
def test_traits_are_there(rule: str) -> None:
    """A trait that carries a rule is one of the model, of a shape that requests have."""
    for name in CONDITIONS[rule]["traits"]:
        shape, trait = name.split(".")
        assert trait in SHAPES[shape]
    assert targets(rule, with_context=False)
