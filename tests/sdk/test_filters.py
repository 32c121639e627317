"""Filters: what is built is what was meant, and what matches is what AWS's user guide says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from datasync_sdk import filters
from datasync_sdk._runtime.patterns import Pattern
from datasync_sdk.filters import escape, exclude, include, literal, matches, selected
from datasync_sdk.models import FilterRule

Build: TypeAlias = Callable[..., tuple[FilterRule, ...]]

SPEC = json.loads((Path(__file__).parents[2] / "specs/datasync/service-2.json").read_text("utf-8"))
VALUE = SPEC["shapes"]["FilterValue"]

# Few characters, so that patterns and paths have something to do with each other.
TRICKY = st.text("ab/*|\\.\n", max_size=12)
VALUES = TRICKY | st.text("ab/*", max_size=10) | st.text(max_size=20)
PATHS = st.text("ab/*|\\.\n", max_size=10) | st.text("ab/", max_size=10) | st.text(max_size=10)
NAMES = st.text("ab*|\\. é\n", min_size=1, max_size=6)
PLAIN_PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


# The reference: the guide, read character by character; no searching, no regular expressions.


def patterns_of(value: str) -> list[list[str]]:
    """The patterns of a filter, each as its characters, with `None` for a wildcard written as ''."""
    patterns: list[list[str]] = [[]]
    characters = iter(value)
    for character in characters:
        if character == "|":
            patterns.append([])
        elif character == "*":
            patterns[-1].append("")
        elif character == "\\":  # of what is escaped; ignored before anything else, and at the end
            patterns[-1] += next(characters, "")
        else:
            patterns[-1].append(character)
    return [pattern for pattern in patterns if pattern]


def covers(pattern: list[str], text: str) -> bool:
    """All of the text: by following every way to read it at once."""
    reached = {0}
    for part in pattern:
        if part == "":
            reached = set(range(min(reached), len(text) + 1))
        else:
            reached = {place + 1 for place in reached if text[place : place + 1] == part}
        if not reached:
            return False
    return len(text) in reached


def reference(value: str, path: str, is_dir: bool) -> bool:
    """Whether the path, or a folder above it, is what a pattern says; folders may be written in two ways."""
    path = path if path.startswith("/") else f"/{path}"
    while path.endswith("/"):
        path, is_dir = path[:-1], True
    folders = [path[:place] for place, character in enumerate(path) if character == "/"]
    written = [path, *folders, *(f"{folder}/" for folder in folders), *([f"{path}/"] if is_dir else [])]
    for pattern in patterns_of(value):
        while pattern and pattern[-1] == "/":  # "/dir" and "/dir/" are the same
            pattern.pop()
        if any(covers(pattern, text) for text in written):
            return True
    return False


@given(VALUES, PATHS, st.booleans())
@example("/a/*", "a", True)
@example("/a/*", "a", False)
@example("/a/*", "a/", False)
@example("*a*a*", "/a", False)
@example("*ab*ba*", "/aba", False)
@example("/a/", "a", False)
@example("/*/", "a/b", False)
@example("*", "", True)
@example("//", "", False)
@example("/a//", "a", False)
@example("/a", "a//", False)
@example("/", "a", False)
@example("a\\|b|c\\", "/a|b", False)
@example("|", "/", True)
@example("a", "a", True)
@example("*\\*", "/a*", False)
@example("/*a/*b", "/a/b", False)
@example("/a*a", "/a", False)
def test_matches_is_what_the_guide_says(value: str, path: str, is_dir: bool) -> None:
    assert matches(value, path, is_dir) == reference(value, path, is_dir)


@given(st.lists(TRICKY, min_size=1, max_size=3), PATHS, st.booleans())
def test_several_rules_match_what_any_of_them_does(values: list[str], path: str, is_dir: bool) -> None:
    rules = [FilterRule(value=value) for value in values]
    expected = any(matches(value, path, is_dir) for value in values)
    assert matches(rules, path, is_dir) == matches(values, path, is_dir) == expected
    assert matches(iter(rules), path, is_dir) == expected
    assert matches(rules[0], path, is_dir) == matches(values[0], path, is_dir)


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        # The guide's own.
        ("/movies_folder*", "/movies_folder", True),
        ("/movies_folder*", "/movies_folder1/a", True),
        ("*.tmp|*.temp", "/deep/down/x.temp", True),
        ("/folderA", "/FolderA", False),
        ("/transfer_this/", "transfer_this/a", True),
        ("transfer_this", "transfer_this", False),
        ("*/temp", "/a/temp/b", True),
        ("*/temp", "/temp", True),
        # What follows from it.
        ("/dir", "/dir", True),
        ("/dir", "/dir/a/b", True),
        ("/dir", "/dir2", False),
        ("/dir", "/a/dir", False),
        ("*.tmp", "/x.tmp/inside", True),
        (r"/a\*", "/a*", True),
        (r"/a\*", "/ab", False),
        (r"/a\|b", "/a|b", True),
        (r"/a\|b", "/a", False),
        (r"/a\\b", "/a\\b", True),
        (r"/\a\b", "/ab", True),
        ("/a\\", "/a", True),
        ("", "/a", False),
        ("||", "/", False),
    ],
)
def test_examples(value: str, path: str, expected: bool) -> None:
    assert matches(value, path) is expected


@given(PLAIN_PATHS, PLAIN_PATHS)
@example("a", "ab")
@example("a*", "ab")
def test_a_literal_path_is_that_path_and_what_is_below(path: str, other: str) -> None:
    for rule in (*include(literal(path)), *exclude(literal(f"/{path}"))):
        assert matches(rule, path)
        assert matches(rule, f"/{path}/{other}")
        assert not matches(rule, f"{path}{other}")
        assert matches(rule, other) == (other == path or other.startswith(f"{path}/"))


@given(NAMES, PLAIN_PATHS)
def test_an_escaped_name_can_be_a_part_of_a_pattern(name: str, path: str) -> None:
    anywhere = exclude(f"*/{escape(name)}")
    assert matches(anywhere, f"{path}/{name}")
    assert matches(anywhere, path) == (name in path.split("/"))


LEGAL = {
    include: st.tuples(st.just(""), TRICKY.map(escape), st.sampled_from(["", "*"])),
    exclude: st.tuples(st.sampled_from(["", "*"]), TRICKY.map(escape), st.sampled_from(["", "*"])),
}


@pytest.mark.parametrize("build", [include, exclude])
@given(st.data())
def test_join_and_split_are_inverse(build: Build, data: st.DataObject) -> None:
    patterns = data.draw(st.lists(LEGAL[build].map("".join).filter(bool), min_size=1, max_size=5))
    (rule,) = build(*patterns)
    assert rule.filter_type == "SIMPLE_PATTERN"
    assert rule.value is not None
    assert patterns_of(rule.value) == [patterns_of(pattern)[0] for pattern in patterns]
    assert Pattern(VALUE["pattern"]).matches(rule.value)


@given(st.lists(TRICKY, min_size=1, max_size=3))
def test_each_argument_is_one_pattern_whatever_is_in_it(patterns: list[str]) -> None:
    """Also with a bare delimiter, or a backslash at the end that would escape the delimiter that follows."""
    try:
        (rule,) = exclude(*patterns)
    except ValueError:
        assume(False)
    assert len(patterns_of(rule.value or "")) == len(patterns)


def test_delimiters_and_trailing_backslashes() -> None:
    assert include("/a|b", r"/c\|d")[0].value == r"/a\|b|/c\|d"
    assert include("/a\\", "/b")[0].value == "/a|/b"
    assert include("/a\\\\", "/b")[0].value == r"/a\\|/b"
    assert include("/a\n", "é")[0].value == "/a\n|é"  # `FilterValue` forbids nothing but NUL


@pytest.mark.parametrize("pattern", ["/a*b", "**", "/*/", "/a**", r"/a\\*b", "a*|b"])
def test_wildcards_within_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"has a wildcard within; only its last") as refused:
        include("/fine", pattern)
    assert repr(pattern) in str(refused.value)
    with pytest.raises(ValueError, match=r"has a wildcard within; only its first and last"):
        exclude(f"*{pattern}")


@pytest.mark.parametrize("pattern", ["*", "/a*", r"/a\*", r"\*a", r"a\*b\*c*", "a*\\"])
def test_wildcards_where_they_may_be(pattern: str) -> None:
    assert include(pattern)
    assert exclude(pattern)
    assert exclude(f"*{pattern}")


@given(TRICKY)
def test_a_first_wildcard_is_for_excludes_only(pattern: str) -> None:
    assume(pattern.strip("\\"))
    with pytest.raises(ValueError, match="include pattern"):
        include(f"*{pattern}")


@pytest.mark.parametrize("build", [include, exclude])
@pytest.mark.parametrize(
    ("patterns", "reason"),
    [
        ((), "at least one pattern"),
        (("",), "is empty"),
        (("/a", ""), "is empty"),
        (("\\",), "is empty"),
        (("/a\0",), "NUL"),
        (("/\udcff",), "not valid Unicode"),
        (("/" + "a" * 102_400,), "102,401 characters"),
        (("/a" * 30_000, "/b" * 30_000), "120,001 characters"),
        (("/" + "|" * 60_000,), "120,001 characters"),
    ],
)
def test_what_cannot_be_sent_is_refused(build: Build, patterns: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        build(*patterns)
    assert len(str(refused.value)) < 250


def test_the_longest_filter_is_sent() -> None:
    (rule,) = include("/" + "a" * (VALUE["max"] - 1))
    assert len(rule.value or "") == VALUE["max"]


def test_rules_without_words() -> None:
    assert not matches(None, "/a")
    assert not matches((), "/a")
    assert not matches(FilterRule(), "/a")
    assert matches(FilterRule(value="/a"), "/a")
    with pytest.raises(ValueError, match="REGEX"):
        matches(FilterRule(filter_type="REGEX", value="/a"), "/a")  # type: ignore[arg-type]


@given(TRICKY, TRICKY, PATHS, st.booleans())
def test_selected(included: str, excluded: str, path: str, is_dir: bool) -> None:
    included_all = not patterns_of(included)
    expected = (included_all or matches(included, path, is_dir)) and not matches(excluded, path, is_dir)
    assert selected(path, is_dir, includes=included, excludes=excluded) == expected
    assert selected(path, is_dir, excludes=excluded) == (not matches(excluded, path, is_dir))


@pytest.mark.parametrize("path", ["/.snapshot", "x.snapshot", "/a/.aws-datasync/b", ".awssync", "/b/.zfs/c"])
def test_what_is_never_transferred(path: str) -> None:
    assert not selected(path)
    assert not selected(path, includes=include("/"))


def test_no_includes_are_everything() -> None:
    assert selected("/a")
    assert selected("/a", includes=())
    assert selected("/snapshot", excludes=())
    assert not selected("/b", includes=iter(include("/a")))


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("pattern", ["*a", "*", "*aa", "*a*b", "*/"])
def test_hostile_patterns_take_steps_in_proportion(pattern: str, count: int) -> None:
    """Counted, not timed: one `str.find` for each wildcard, however many places there are for it."""
    value, path = f"{pattern * count}!", "/" + "a" * 5000
    matches(value, path)  # parses, once
    calls: list[str] = []

    def note(frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and frame.f_code.co_filename == filters.__file__:
            calls.append(getattr(called, "__name__", ""))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = filters.matches(value, path)
    finally:
        sys.setprofile(before)
    assert result is False
    assert set(calls) <= {"startswith", "endswith", "rstrip", "find", "len", "isinstance", "any"}
    assert len(calls) < 20 + 2 * value.count("*")


@pytest.mark.parametrize("joined", ["/a|/b", "*.tmp|*.temp", "/a|*"])
def test_patterns_joined_by_hand_are_refused(joined: str) -> None:
    """They look like several, and would be one that matches nothing."""
    for build in (filters.include, filters.exclude):
        with pytest.raises(ValueError, match="looks like several"):
            build(joined)
    assert filters.include(filters.literal("/a|/b"))[0].value == r"/a\|/b"
    with pytest.raises(TypeError, match=r"include\(\*patterns\)"):
        filters.include(["/a", "/b"])  # type: ignore[arg-type]
