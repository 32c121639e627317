"""Hypothesis strategies for requests, answers, and whatever breaks a rule of AWS's documentation.

    from hypothesis import given

    from datasync_sdk.models import CreateTaskRequest
    from datasync_sdk.testing import strategies

    @given(strategies.requests(CreateTaskRequest))
    def test_plans_survive(request):
        assert load(save(request)) == request

Everything is drawn from the service model and the rules that the SDK carries, so a new release of the SDK
knows new members and new rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias, TypeVar, cast

try:
    from hypothesis import reject
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
except ImportError as error:
    raise ImportError("datasync_sdk.testing needs Hypothesis: pip install 'datasync-sdk[testing]'") from error

from attrs import frozen

from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.wire import structure
from datasync_sdk.models import CreateTaskRequest, Options, TaskMode
from datasync_sdk.testing import _demands, _values
from datasync_sdk.testing._judge import CONDITIONS, judge
from datasync_sdk.testing._model import CONTEXT, KIND, SHAPES, Tree, class_of
from datasync_sdk.testing._solve import Goal, Solver, T
from datasync_sdk.testing._targets import ATTEMPTS, SAID_TWICE, Target, targets
from datasync_sdk.testing._texts import Demands, Draw, Manner

__all__ = [
    "SAID_TWICE",
    "Situation",
    "obeying",
    "requests",
    "responses",
    "situations",
    "valid_options",
    "violating",
]

Q = TypeVar("Q", bound=Structure)

Situation: TypeAlias = tuple[Request[Any], Mapping[str, Structure]]
"""A request, and answers that a preflight knows beside it, by the names that it gives them."""


def requests(cls: type[Q]) -> SearchStrategy[Q]:
    """Objects of a request class, or of a structure in one, that are right in every respect.

    They have the types, lengths, values and patterns that the model asks for, and obey every documented rule
    that they can be held against: `Client(validate="strict").check(request)` finds nothing.

    Raises:
        TypeError: `cls` is no structure of the API.
    """
    shape = name_of(cls)

    @st.composite
    def draw_request(draw: Draw) -> Q:
        repaired = Solver(judge(shape), Drawn(draw)).repair(draw(_values.trees(shape)))
        return structure(or_reject(repaired), cls)

    return draw_request()


def responses(cls: type[Q]) -> SearchStrategy[Q]:
    """Objects of a response class, or of a structure in one, as the service may answer.

    Members are there or not, except those that always are; now and then an enum has a word that the SDK does
    not know, and a text breaks its pattern. They are made as `structure` makes them.

    Raises:
        TypeError: `cls` is no structure of the API.
    """
    return _values.answers(name_of(cls)).map(lambda tree: structure(tree, cls))


def valid_options(mode: TaskMode | Literal["BASIC", "ENHANCED"] = "BASIC") -> SearchStrategy[Options]:
    """Options with which a task can be created in a mode without any finding.

    The task needs nothing else: no log group, no schedule, no report. So no `LogLevel` asks for logs in Basic
    mode, where these would go nowhere.

    Raises:
        ValueError: there is no such mode.
    """
    if (named := TaskMode(mode)) not in list(TaskMode):
        raise ValueError(f"{mode!r} is no task mode; there are {' and '.join(TaskMode)}")
    shape = CreateTaskRequest.__name__

    @st.composite
    def draw_options(draw: Draw) -> Options:
        options: Tree = draw(_values.trees(Options.__name__))
        task = {"Options": options, "TaskMode": named.value, **LOCATIONS}
        kept = Goal(holds=lambda tree: {**tree, "Options": options} == task and "Options" in tree)
        found = Solver(judge(shape), Drawn(draw), kept).repair(task)
        return structure(or_reject(found)["Options"], Options)

    return draw_options()


LOCATIONS = {
    f"{end}LocationArn": f"arn:aws:datasync:us-east-1:111222333444:location/loc-{number:017}"
    for number, end in enumerate(("Source", "Destination"))
}


def violating(rule_id: str) -> SearchStrategy[Request[Any]]:
    """Requests that break one rule and no other, in any of the ways in which that is possible.

    `Client(validate="strict").check(request)` reports the rule, once or more, and nothing else. `SAID_TWICE`
    are those rules that say in words what a pattern of the model says, too. Whoever breaks one of these
    breaks the pattern of the same member, which a strict client reports as well, and the default one not.

    Raises:
        ValueError: there is no such rule, or it needs a context: see `situations`.
    """
    found = ways_to_break(rule_id, with_context=False)

    @st.composite
    def draw_request(draw: Draw) -> Request[Any]:
        return split(draw_target(draw, found))[0]

    return draw_request()


def situations(rule_id: str) -> SearchStrategy[Situation]:
    """Requests, and the answers beside them with which they break one rule and no other.

    The request alone breaks none. The answers are what `Client.preflight` would get from Describe calls, by
    the names that docs/reference/rules.md has for them: `source`, `destination`, `location`, `task`,
    `execution`. Let your fake service give them: botocore's `Stubber`, or a server. Those that the rule does
    not speak of may be missing.

    Raises:
        ValueError: there is no such rule, or it needs no context: see `violating`.
    """
    found = ways_to_break(rule_id, with_context=True)

    @st.composite
    def draw_situation(draw: Draw) -> Situation:
        return split(draw_target(draw, found))

    return draw_situation()


def obeying(cls: type[Q]) -> SearchStrategy[tuple[Q, Mapping[str, Structure]]]:
    """Requests of a class, and answers beside them with which they break no rule.

    Raises:
        TypeError: `cls` is no structure of the API.
    """
    shape = name_of(cls)

    @st.composite
    def draw_situation(draw: Draw) -> tuple[Q, Mapping[str, Structure]]:
        solver = Solver(judge(shape), Drawn(draw))
        tree = draw(_values.trees(shape))
        tree |= {name: solver.context(name) for name in solver.judge.contexts if draw(st.booleans())}
        request, context = split((shape, or_reject(solver.repair(tree))))
        return cast("Q", request), context

    return draw_situation()


@frozen
class Drawn:
    """The source of choices that Hypothesis is."""

    draw: Draw

    def pick(self, options: Sequence[T]) -> T:
        """One of several things."""
        return options[self.draw(st.integers(0, len(options) - 1))]

    def value(self, shape: str, demands: Demands, manner: Manner) -> Any:
        """A value of a shape."""
        return self.draw(_demands.values(shape, demands, manner))

    def outside(self, shape: str, trait: str, demands: Demands) -> Any:
        """A value that breaks a trait."""
        return self.draw(_demands.outside(shape, trait, demands))

    def answer(self, shape: str) -> Tree:
        """An answer."""
        found: Tree = self.draw(_values.known_answer(shape))
        return found


def draw_target(draw: Draw, found: Sequence[Target]) -> tuple[str, Tree]:
    """The name of a request class, and a tree that breaks a rule in one of several ways."""
    source = Drawn(draw)
    target = source.pick(found)
    trees = (target.reach(source) for _ in range(ATTEMPTS))
    return target.request, or_reject(next((tree for tree in trees if tree is not None), None))


def or_reject(tree: Tree | None) -> Tree:
    """A tree; where the search found none, Hypothesis begins anew, which is rare."""
    if tree is None:
        reject()
    return tree


def split(named: tuple[str, Tree]) -> Situation:
    """A request and its context, from one tree."""
    shape, tree = named
    request = structure({name: value for name, value in tree.items() if name not in CONTEXT}, class_of(shape))
    context = {
        name: structure({key: value for key, value in answer.items() if key != KIND}, class_of(answer[KIND]))
        for name, answer in tree.items()
        if name in CONTEXT
    }
    return cast("Request[Any]", request), context


def name_of(cls: type[Structure]) -> str:
    """The name of a structure; TypeError for what is none."""
    name = getattr(cls, "__name__", repr(cls))
    if SHAPES.get(name, {}).get("type") != "structure" or class_of(name) is not cls:
        raise TypeError(f"{name} is no structure of the API: give a class of datasync_sdk.models")
    return name


def ways_to_break(rule: str, *, with_context: bool) -> tuple[Target, ...]:
    """The ways to break a rule; ValueError where there are none."""
    if rule not in CONDITIONS:
        near = get_close_matches(rule.upper(), CONDITIONS, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"there is no rule {rule!r} that a request can break{hint}")
    if found := targets(rule, with_context=with_context):
        return found
    other, need = ("violating", "no") if with_context else ("situations", "a")
    if targets(rule, with_context=not with_context):
        raise ValueError(f"{rule} needs {need} context: use strategies.{other}({rule!r})")
    raise ValueError(f"{rule} cannot be broken alone")
