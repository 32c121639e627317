"""What holds for the differ whatever two models it is given: revisions of this service, or made-up ones."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.build import build
from codegen.evolution.diff import Diff
from codegen.evolution.report import as_markdown, as_text
from codegen.history import NO_HISTORY
from codegen.jobs import revision_job
from codegen.pipeline import load
from codegen.rules.file import Rules
from codegen.spec import parse
from tests.codegen.evolving import (
    DATES,
    MODELS,
    NEIGHBOURS,
    Model,
    Seen,
    applied,
    at,
    broken,
    pairs,
    reachable,
    said_broken,
    seen,
    told,
)
from tests.codegen.support import Json

BOTH_WAYS = [pair for old, new in NEIGHBOURS for pair in ((old, new), (new, old))]
FAR = [(DATES[0], DATES[-1]), (DATES[-1], DATES[0])]
REVISION_PAIRS = [*BOTH_WAYS, *FAR]

PAIRS = pairs()


@given(MODELS)
def test_the_models_of_these_tests_are_models(model: Model) -> None:
    """The generator reads them."""
    parse(model.service, {"pagination": model.pagination})


# --- Applying what is listed ----------------------------------------------------------------------------


def check_applied(old: Model, new: Model) -> None:
    """What is listed makes the new model of the old one."""
    assert applied(old, new, told(old, new)) == new.plain()


@pytest.mark.parametrize(("old", "new"), REVISION_PAIRS)
def test_a_report_makes_the_new_revision_of_the_old_one(old: str, new: str) -> None:
    """Nothing is missing in a report, and nothing is in it that is not so, in either direction."""
    check_applied(at(old), at(new))


@settings(max_examples=30)
@given(st.sampled_from(DATES), st.sampled_from(DATES))
def test_revisions_that_are_far_from_each_other(old: str, new: str) -> None:
    """So it is with any two revisions, and so are the operations that are updated."""
    check_applied(at(old), at(new))
    check_updated(at(old), at(new))


@given(PAIRS)
def test_a_report_makes_the_new_model_of_the_old_one(pair: tuple[Model, Model]) -> None:
    """So it is with services that nobody has."""
    check_applied(*pair)


# --- Which operations are updated -----------------------------------------------------------------------


def check_updated(old: Model, new: Model) -> None:
    """The operations are listed for which anything differs that they lead to."""
    before, after = old.plain(), new.plain()
    both = before["operations"].keys() & after["operations"].keys()
    expected = {name for name in both if reachable(before, name) != reachable(after, name)}
    assert told(old, new)["updated_operations"].keys() == expected


@pytest.mark.parametrize(("old", "new"), REVISION_PAIRS)
def test_updated_operations_of_revisions(old: str, new: str) -> None:
    """An operation is updated where it differs, or a shape does that its request or answer leads to."""
    check_updated(at(old), at(new))


@settings(max_examples=300)
@given(PAIRS)
def test_updated_operations_of_models(pair: tuple[Model, Model]) -> None:
    """So it is whatever the model, with shapes that hold themselves, and operations without an answer."""
    check_updated(*pair)


# --- What breaks callers --------------------------------------------------------------------------------


@cache
def revision_seen(date: str) -> Seen:
    """What the SDK is as of a revision."""
    job = revision_job(date, "pkg", Path("nowhere"))
    return seen(build(*load(job), job.target))


def model_seen(model: Model) -> Seen:
    """What is generated from a model."""
    spec = parse(model.service, {"pagination": model.pagination})
    return seen(build(spec, Rules(), NO_HISTORY, revision_job("", "pkg", Path("nowhere")).target))


def check_broken(old: Seen, new: Seen, said: Json) -> None:
    """What callers must change is what the texts of the two packages say, and asks for a major version.

    A class that is no part of any answer may be called one, as those of errors are; and that a method came
    to return something may be called a change, though nobody can have relied on None.
    """
    expected, found = broken(old, new), said_broken(said["breaking"])
    assert expected <= found
    for name, how in found - expected:
        if how == "may be None":
            assert name.partition(".")[0] not in new.answered
        else:
            assert how == "returns"
            assert old.methods[name.removeprefix("Client.").removesuffix("()")]["returns"] == "None"
    assert (said["version"] == "major") == bool(said["breaking"])


@pytest.mark.parametrize(("old", "new"), REVISION_PAIRS)
def test_what_breaks_callers_of_revisions(old: str, new: str) -> None:
    """What is gone, must be given or is of another type in the packages of two revisions is said to be so."""
    check_broken(revision_seen(old), revision_seen(new), told(at(old), at(new)))


@given(PAIRS)
def test_what_breaks_callers_of_models(pair: tuple[Model, Model]) -> None:
    """So it is whatever the model."""
    old, new = pair
    check_broken(model_seen(old), model_seen(new), told(old, new))


# --- Nothing, and the other way around ------------------------------------------------------------------


def told_changes(said: Json) -> list[str]:
    """What of a report is not empty, beside the names of both sides."""
    return [key for key, value in said.items() if key not in ("from", "to") and not empty(value)]


def empty(value: object) -> bool:
    """Whether nothing is listed, at any depth."""
    return all(map(empty, value.values())) if isinstance(value, dict) else not value or value == "none"


def check_same(old: Model, new: Model) -> None:
    """The two are told to be the same API."""
    assert told_changes(told(old, new)) == []
    diff = Diff(old=old.api(), new=new.api())
    assert as_text(diff).endswith(" - no changes")
    assert as_markdown(diff) == f"## {as_text(diff)}"


@given(PAIRS.map(lambda pair: pair[0]))
def test_a_model_is_what_it_is(model: Model) -> None:
    """Nothing differs between a model and itself."""
    check_same(model, Model(copy.deepcopy(model.service), copy.deepcopy(model.pagination)))


@given(PAIRS)
def test_something_is_told_of_what_differs(pair: tuple[Model, Model]) -> None:
    """Of two APIs that differ, something is told, and a version asked for; of others nothing."""
    old, new = pair
    said = told(old, new)
    differ = old.plain() != new.plain()
    assert bool(told_changes(said)) == differ
    assert (said["version"] == "none") != differ
    assert not said["documentation_only"]


@st.composite
def shuffled(draw: st.DrawFn, value: Any, key: str = "") -> Any:
    """A value whose keys have another order, and so have the lists whose order means nothing."""
    if isinstance(value, dict):
        names = draw(st.permutations(sorted(value)))
        return {name: draw(shuffled(value[name], name)) for name in names}
    if isinstance(value, list) and key in ("enum", "required", "errors"):
        return draw(st.permutations(value))
    return copy.deepcopy(value)


@given(st.data())
def test_order_means_nothing(data: st.DataObject) -> None:
    """The same in another order is the same, be it from a file with documentation or a revision."""
    model = data.draw(MODELS)
    other = Model(data.draw(shuffled(model.service)), data.draw(shuffled(model.pagination)))
    check_same(model, other)
    diff = Diff(old=model.api(documented=True), new=other.api(documented=True))
    assert (diff.version, diff.documentation_only) == ("none", False)


EFFECTS = {"tightened": "relaxed", "relaxed": "tightened", "changed": "changed"}


def turned(said: Json) -> Json:
    """A report as it must be from the other side; what breaks callers is not the same from there."""
    found: Json = {"from": said["to"], "to": said["from"]}
    for key in ("operations", "shapes", "members", "required", "enum_values"):
        found[key] = exchanged(said[key])
    for key in ("types_changed", "constraints", "metadata"):
        found[key] = [turned_change(change) for change in said[key]]
    paginators = said["paginators"]
    changes = [turned_change(change) for change in paginators["changed"]]
    found["paginators"] = {**exchanged(paginators), "changed": changes}
    found["updated_operations"] = sorted(said["updated_operations"])
    return found


def exchanged(names: Json) -> Json:
    """What came went, and the other way around."""
    return {"added": names["removed"], "removed": names["added"]}


def turned_change(change: Json) -> Json:
    """What is tighter is looser from the other side."""
    effect = {"effect": EFFECTS[change["effect"]]} if "effect" in change else {}
    return {**change, "from": change["to"], "to": change["from"], **effect}


@given(PAIRS)
def test_the_other_way_around(pair: tuple[Model, Model]) -> None:
    """What is added in one direction is removed in the other."""
    old, new = pair
    back = told(new, old)
    expected = turned(told(old, new)) | {"from": back["from"], "to": back["to"]}
    assert turned(back) | expected == turned(turned(back)) | expected  # the same keys
    assert expected == {
        **{key: back[key] for key in expected},
        "updated_operations": sorted(back["updated_operations"]),
    }
