r"""Filters: which files, folders and objects of a location a task transfers.

    from datasync_sdk import filters

    client.create_task(
        source_location_arn=source,
        destination_location_arn=target,
        includes=filters.include("/invoices", "/reports*"),
        excludes=filters.exclude("*.tmp", "*/cache", filters.literal("/invoices/50*60|draft")),
    )
    filters.selected("/invoices/a.tmp", includes="/invoices", excludes="*.tmp")  # False

A pattern is the whole path of a file or folder, from the location down and beginning with ``/``, in which

* ``*`` stands for zero or more characters, slashes among them;
* ``\`` makes a following ``*``, ``|`` or ``\`` an ordinary character, and is ignored elsewhere;
* case counts, and a folder stands for itself and everything below: ``/dir`` and ``/dir/`` are the same, and
  neither is about ``/dir2``.

All of it rests on what the user guide says about filters
(https://docs.aws.amazon.com/datasync/latest/userguide/filtering.html): "All filters are relative to the
source location path", "DataSync interprets the following patterns the same way and matches both the folder
and its content: /dir, /dir/", "Filters are case sensitive", and its table of special characters.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from datasync_sdk._generated.constraints import FilterValue
from datasync_sdk.models.enums import FilterType
from datasync_sdk.models.filter import FilterRule

__all__ = ["Rules", "escape", "exclude", "include", "literal", "matches", "selected"]

Rules: TypeAlias = FilterRule | str | Iterable[FilterRule | str] | None
"""What says which paths: a filter rule, its value, several of them (any may match), or nothing at all."""

_Segments: TypeAlias = tuple[str, ...]
"""A pattern, cut at its wildcards: what stands before, between and after them, with nothing escaped."""

_LONGEST = FilterValue.max or sys.maxsize
"""How many characters the value of a rule may have: `FilterValue` in the service model."""

_SHOWN = 60
"""How many characters of a wrong pattern a message repeats."""

# A special character, a backslash with what it escapes (nothing, at the end), or a run of others.
_PIECE = re.compile(r"[*|]|\\.?|[^\\*|]+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)

# A special character, or all that stands between two of them.
_SEGMENT = re.compile(r"[*|]|(?:\\.?|[^\\*|]+)+", re.DOTALL)

# Python makes them of names that are not valid UTF-8.
_SURROGATE = re.compile("[\ud800-\udfff]")

# What DataSync itself uses, and snapshots: never transferred, whatever the filters say.
_NEVER = "*.snapshot|*/.aws-datasync|*/.awssync|*/.zfs"


def include(*patterns: str) -> tuple[FilterRule, ...]:
    r"""What to transfer, and nothing else: the `includes` of a task or of an execution.

    Several patterns are several arguments: a ``|`` within one is taken as part of a name and is escaped,
    unless a ``/`` or ``*`` follows, which is refused as it looks like two patterns.
    ``*`` may only be the last character of a pattern.  A pattern that does not begin with ``/`` is sent as
    it is, but hardly matches anything: "To specify a folder directly under the source location, include a
    forward slash (/) in front of the folder name."

    Raises:
        ValueError: there is no pattern, or one that DataSync does not understand, or they are too long
            together (over 102,400 characters).

    """
    return _rule("include", patterns)


def exclude(*patterns: str) -> tuple[FilterRule, ...]:
    r"""What not to transfer, also of what is included: the `excludes` of a task or of an execution.

    As `include`, but ``*`` may be the first character as well: ``*.tmp``, ``*/cache``.

    Raises:
        ValueError: there is no pattern, or one that DataSync does not understand, or they are too long
            together (over 102,400 characters).

    """
    return _rule("exclude", patterns)


def literal(path: str) -> str:
    r"""The pattern for exactly this path, and for everything below if it is a folder.

    The path is relative to the location; a missing ``/`` is put in front, and ``*``, ``|`` and ``\`` are
    escaped.  ``literal("50*60")`` is ``/50\*60``.  For a part of a pattern there is `escape`.
    """
    return escape(path if path.startswith("/") else f"/{path}")


def escape(text: str) -> str:
    r"""The text with ``*``, ``|`` and ``\`` escaped, to be a part of a pattern: ``f"*/{escape(name)}"``."""
    return re.sub(r"[*|\\]", r"\\\g<0>", text)


def matches(rules: Rules, path: str, is_dir: bool = False) -> bool:
    r"""Tell whether a filter matches a path: one of its patterns, the path or a folder above it.

    The path is relative to the location, with or without a ``/`` in front.  One that ends in ``/`` is a
    folder.  That it is a folder matters only to a pattern such as ``/dir/*``: it matches the folder ``/dir``,
    too, for that is the same as ``/dir/`` and ``*`` may stand for nothing.  It does not match a file
    ``/dir``.  The pattern ``/dir/`` does, for it is the same as ``/dir``.

    Filters that the service returned, or that were never sent, can be asked, too: a wildcard in the middle,
    where none is allowed, means what it means elsewhere, and an empty pattern matches nothing.  Neither do
    no rules.  The time it takes grows with the length of the path and of the filter, and no faster.

    Raises:
        ValueError: a rule is of a type other than SIMPLE_PATTERN, so nobody knows what it means.

    """
    whole = path if path.startswith("/") else f"/{path}"
    is_dir = is_dir or whole.endswith("/")
    text = f"{whole.rstrip('/')}/"
    return any(_match(segments, text, is_dir) for segments in _patterns(rules))


def selected(path: str, is_dir: bool = False, *, includes: Rules = None, excludes: Rules = None) -> bool:
    r"""Tell whether a task with these filters would transfer a path.

    Without includes everything is selected; excludes then take away.  Paths ending in ``.snapshot``,
    ``/.aws-datasync``, ``/.awssync`` or ``/.zfs``, and what lies below, are never transferred.

    The answer is about the filters and this path alone: not about whether a file has changed, nor about a
    folder that is only made because something below it is transferred.

    Raises:
        ValueError: as `matches`.

    """
    if matches(_NEVER, path, is_dir) or matches(excludes, path, is_dir):
        return False
    kept = tuple(_values(includes))
    return not any(map(_parse, kept)) or matches(kept, path, is_dir)


def _rule(kind: str, patterns: tuple[str, ...]) -> tuple[FilterRule, ...]:
    if not patterns:
        raise ValueError(f"{kind}() needs at least one pattern; to have no filter, leave it out")
    given: tuple[object, ...] = patterns
    if any(not isinstance(pattern, str) for pattern in given):
        raise TypeError(f"{kind}() takes texts, one by one; for a list of patterns write {kind}(*patterns)")
    value = "|".join(_checked(kind, pattern) for pattern in patterns)
    if len(value) > _LONGEST:
        raise ValueError(
            f"the patterns have {len(value):,} characters together, delimiters included, and at most "
            f"{_LONGEST:,} are allowed: use fewer, shorter ones, or a manifest"
        )
    return (FilterRule(filter_type="SIMPLE_PATTERN", value=value),)


def _checked(kind: str, pattern: str) -> str:
    """The pattern as it stands in a rule, or an error that says why it cannot."""
    # A backslash at the end is ignored by DataSync, but here it would escape the delimiter that follows.
    pieces = [piece for piece in _PIECE.findall(pattern) if piece != "\\"]
    if problem := _problem(kind, pieces):
        shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}..."
        raise ValueError(f"{kind} pattern {shown!r} {problem}")
    return "".join(r"\|" if piece == "|" else piece for piece in pieces)


def _problem(kind: str, pieces: list[str]) -> str | None:
    if not pieces:
        return "is empty: the location as a whole is '/'"
    if any("\0" in piece for piece in pieces):
        return "has a NUL character, which no path can have"
    if any(_SURROGATE.search(piece) for piece in pieces):
        return "cannot be sent, for it is not valid Unicode: it has half of a surrogate pair"
    if any(piece == "|" and after[0] in "/*" for piece, after in pairwise(pieces)):
        return r"looks like several: give each as an argument of its own; for a `|` in a name write `\|`"
    if "*" in (pieces[:-1] if kind == "include" else pieces[1:-1]):
        ends = "its last" if kind == "include" else "its first and last"
        return rf"has a wildcard within; only {ends} character can be one: for a `*` in a name write `\*`"
    return None


def _match(segments: _Segments, text: str, is_dir: bool) -> bool:
    """Tell whether a pattern matches a path or a folder above; the path has a slash at its end.

    Each segment is taken where it first occurs after the one before, which leaves the most for the next: so
    no place is looked at again, however many wildcards there are.
    """
    first, *others = segments
    if not others:
        return text.startswith(f"{first}/")
    if not text.startswith(first):
        return False
    *inner, last = others
    if not last and not is_dir:
        text = text[:-1]  # A wildcard takes the rest, and that of a file has no slash at its end.
    place = len(first)
    if place > len(text):  # `/dir/*`, and a file /dir
        return False
    for segment in inner:
        found = text.find(segment, place)
        if found < 0:
            return False
        place = found + len(segment)
    # The path, or a folder above, ends wherever a slash follows.
    return not last or text.find(f"{last}/", place) >= 0


def _patterns(rules: Rules) -> Iterator[_Segments]:
    for value in _values(rules):
        yield from _parse(value)


def _values(rules: Rules) -> Iterator[str]:
    if rules is None:
        return
    for rule in (rules,) if isinstance(rules, FilterRule | str) else rules:
        if isinstance(rule, str):
            yield rule
            continue
        if rule.filter_type is not None and rule.filter_type != FilterType.SIMPLE_PATTERN:
            raise ValueError(f"filters of type {rule.filter_type!s} are not known here, only SIMPLE_PATTERN")
        yield rule.value or ""


@lru_cache(maxsize=16)  # People ask about one path after the other.
def _parse(value: str) -> tuple[_Segments, ...]:
    """The patterns of a rule's value, without empty ones."""
    patterns = [[""]]
    for segment in _SEGMENT.findall(value):
        if segment == "|":
            patterns.append([""])
        elif segment == "*":
            patterns[-1].append("")
        else:
            patterns[-1][-1] = _ESCAPED.sub(r"\1", segment)
    return tuple(_without_slash(pattern) for pattern in patterns if pattern != [""])


def _without_slash(pattern: list[str]) -> _Segments:
    """`/dir/` as `/dir`, which is the same."""
    return (*pattern[:-1], pattern[-1].rstrip("/"))
