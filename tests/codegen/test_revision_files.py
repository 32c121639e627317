"""The files of the API's revisions: complete, without documentation, and small and stable under git diff."""

from __future__ import annotations

import copy
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.lock import check_lock
from codegen.pipeline import SPECS
from codegen.revisions import Revision, laid_out, load, load_all, text
from codegen.spec import parse
from codegen.update.releases import numbers
from tests.codegen.support import Json
from tests.codegen.wheels import bare

FILES = sorted((SPECS / "revisions").iterdir())
REVISIONS = load_all(SPECS / "revisions")


def test_all_of_them_are_there() -> None:
    """There are 57 revisions or more, from the service's first day on, and nothing else."""
    assert [path.name for path in FILES if not re.fullmatch(r"\d{4}-\d\d-\d\d\.json", path.name)] == []
    assert len(FILES) >= 57
    assert (REVISIONS[0].date, REVISIONS[0].botocore) == ("2018-11-26", "1.12.51")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file(path: Path) -> None:
    """It is a model that the generator understands, without documentation, in its one layout."""
    revision = load(path)
    assert parse(revision.service, revision.paginators).operations
    assert path.read_bytes() == text(revision).encode()
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw.keys() == {"botocore", "paginators", "service"}
    assert raw == bare(raw)
    assert "<p>" not in path.read_text(encoding="utf-8")


def test_dates_and_releases_ascend() -> None:
    """A later revision came with a later botocore."""
    for old, new in pairwise(REVISIONS):
        assert old.date < new.date
        assert numbers(old.botocore) < numbers(new.botocore)
    locked = check_lock(SPECS / "lock.toml")
    assert numbers(REVISIONS[-1].botocore) <= numbers(locked)


def test_the_newest_is_the_spec() -> None:
    """The spec without its documentation, with its own paginators."""
    service, paginators = (
        json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("service-2", "paginators-1")
    )
    assert REVISIONS[-1].service == bare(service)
    assert json.dumps(REVISIONS[-1].service) == json.dumps(bare(service))
    assert REVISIONS[-1].paginators == paginators


# --- The layout -----------------------------------------------------------------------------------------

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(-9, 9).map(lambda number: round(number, 3)),
    st.text(max_size=5),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(VALUES)
def test_the_layout_is_json(value: Any) -> None:
    """What is laid out is what was there, in the same order."""
    assert json.dumps(json.loads(laid_out(value))) == json.dumps(value)
    for line in laid_out(value).split("\n"):
        assert line == line.rstrip(" ")


def test_a_layout() -> None:
    """What holds only plain values is one line, and characters stand as they are."""
    value = {"é": {"a": 1, "b": []}, "list": [{"c": "ü"}, "d"], "none": {}}
    expected = """{
 "é": {
  "a": 1,
  "b": []
 },
 "list": [
  {"c": "ü"},
  "d"
 ],
 "none": {}
}"""
    assert laid_out(value) == expected


def changed_lines(old: Revision, new: Revision) -> tuple[list[str], list[str]]:
    """The lines that go and those that come, as git has them."""
    lines = [text(revision).splitlines() for revision in (old, new)]
    found = [*difflib.unified_diff(*lines, n=0, lineterm="")][2:]
    return [it[1:] for it in found if it[0] == "-"], [it[1:] for it in found if it[0] == "+"]


def with_service(revision: Revision, service: Json) -> Revision:
    """A revision with another service."""
    return evolve(revision, service=service)


STRUCTURES = {
    name: shape["members"]
    for name, shape in REVISIONS[-1].service["shapes"].items()
    if shape["type"] == "structure" and shape["members"]
}


@settings(max_examples=50)
@given(st.data())
def test_a_change_of_one_member_is_a_change_of_one_line(data: st.DataObject) -> None:
    """So is a new one, and one that is gone, but for the comma of the line before."""
    name = data.draw(st.sampled_from(sorted(STRUCTURES)))
    member = data.draw(st.sampled_from(sorted(STRUCTURES[name])))
    old = REVISIONS[-1]
    service = copy.deepcopy(old.service)
    members = service["shapes"][name]["members"]
    what = data.draw(st.sampled_from(["changed", "described", "added", "removed"]))
    if what == "changed":
        members[member] |= data.draw(
            st.sampled_from([{"shape": "Brightness"}, {"deprecated": True}, {"locationName": "\u00e9"}])
        )
    elif what == "described":
        members[member]["documentation"] = "<p>Something else.</p>"
    elif what == "removed":
        del members[member]
    else:
        items = [*members.items()]
        items.insert(data.draw(st.integers(0, len(items))), ("Brightness", {"shape": "TagKey"}))
        service["shapes"][name]["members"] = dict(items)
    gone, came = changed_lines(old, with_service(old, service))
    last = member == [*STRUCTURES[name]][-1] or what == "added"
    if what == "described":
        assert gone == came == []
    elif what == "changed":
        assert (len(gone), len(came)) == (1, 1)
        assert gone[0].strip().startswith(f'"{member}": ')
    elif what == "added":
        assert (len(gone), len(came)) in ((0, 1), (1, 2))
        assert any(line.strip().startswith('"Brightness": {"shape": "TagKey"}') for line in came)
    elif len(STRUCTURES[name]) == 1:
        assert '"members": {}' in came[0]
    else:
        assert (len(gone), len(came)) == ((2, 1) if last and len(gone) == 2 else (1, 0))


def entries(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All that a model has: plain values, and objects and lists; of lists the order does not matter here."""
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from entries(inner, (*path, key))
    elif isinstance(value, list):
        yield path
        for inner in value:
            yield from entries(inner, (*path, json.dumps(inner)))
    else:
        yield (*path, json.dumps(value))


def sizes(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], tuple[bool, int]]]:
    """The objects in objects: whether each holds plain values only, which makes it one line, and how many."""
    if isinstance(value, dict):
        plain = not any(isinstance(inner, dict | list) for inner in value.values())
        yield path, (plain, len(value))
        for key, inner in value.items():
            yield from sizes(inner, (*path, key))


@pytest.mark.parametrize(("old", "new"), [*pairwise(REVISIONS)], ids=lambda revision: revision.date)
def test_neighbours(old: Revision, new: Revision) -> None:
    """No more lines change than entries do, with two for the brackets of an object and its comma.

    An object that comes to hold another one is no longer one line, but one for each of its values.
    """
    both = [{"paginators": it.paginators, "service": it.service} for it in (old, new)]
    before, after = (Counter(entries(it)) for it in both)
    changed = (before - after).total() + (after - before).total()
    was, is_now = (dict(sizes(it)) for it in both)
    grown = sum(is_now[path][1] + 1 for path in was.keys() & is_now if was[path][0] != is_now[path][0])
    gone, came = changed_lines(old, new)
    assert len(gone) + len(came) <= 2 + 3 * changed + grown
    if not changed:
        assert (gone, came) == ([f' "botocore": "{old.botocore}",'], [f' "botocore": "{new.botocore}",'])
