"""Trees for shapes: of requests, whose every value is valid by itself, and of answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

from datasync_sdk.testing._model import SHAPES, element, kind, limits, members
from datasync_sdk.testing._texts import blobs, rarely, texts

LARGEST = 2**63 - 1
SPARE = 2
"""How many more elements than needed a list usually has at most."""
FULL = 8
"""Up to how many elements a list is now and then as long as it may be."""

Values = st.SearchStrategy[Any]

TIMES = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001  # the zone follows
    lambda moment: moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
)
"""Times as the service gives them: milliseconds in UTC."""

WORDS = st.one_of(
    st.sampled_from(["NEW_VALUE", "none", ""]), st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")
)


@cache
def unknown_words(shape: str) -> Values:
    """Texts that are no value of an enum."""
    return WORDS.filter(lambda word: word not in SHAPES[shape]["enum"])


@cache
def trees(shape: str) -> Values:
    """Values of a shape as a request may have them."""
    make: dict[str, Callable[[str], Values]] = {
        "enum": lambda shape: st.sampled_from(SHAPES[shape]["enum"]),
        "string": texts,
        "blob": blobs,
        "integer": numbers,
        "long": numbers,
        "boolean": lambda _: st.booleans(),
        "timestamp": lambda _: TIMES,
        "list": lambda shape: lists(shape, trees, *limits(shape)),
        "structure": lambda shape: structures(shape, trees),
    }
    return make[kind(shape)](shape)


def structures(shape: str, values: Callable[[str], Values]) -> Values:
    """The members of a structure, the optional ones in or out."""
    inner = {each.name: values(each.shape) for each in members(shape).values()}
    required = {each.name for each in members(shape).values() if each.required}
    return st.fixed_dictionaries(
        {name: inner[name] for name in inner if name in required},
        optional={name: inner[name] for name in inner if name not in required},
    )


def lists(shape: str, values: Callable[[str], Values], least: int, most: int | None) -> Values:
    """Lists that have at least and at most so many elements; few, as a rule."""
    inner = values(element(shape))
    usual = st.lists(
        inner, min_size=least, max_size=least + SPARE if most is None else min(most, least + SPARE)
    )
    if most is None or most > FULL:
        return usual
    return rarely(usual, st.lists(inner, min_size=most, max_size=most))


@cache
def numbers(shape: str) -> Values:
    """Integers of a shape, now and then the least and the largest one."""
    least, most = SHAPES[shape].get("min", 0), SHAPES[shape].get("max", LARGEST)
    return st.one_of(st.integers(least, most), st.sampled_from([least, most]))


@cache
def answers(shape: str) -> Values:
    """Values of a shape as the service may answer: it has newer words, and breaks its own patterns."""
    make: dict[str, Callable[[str], Values]] = {
        "enum": lambda shape: rarely(trees(shape), unknown_words(shape)),
        "string": lambda shape: rarely(texts(shape), st.text()),
        "list": lambda shape: lists(shape, answers, 0, None),
        "structure": lambda shape: structures(shape, answers),
    }
    return make.get(kind(shape), trees)(shape)


def known_answer(shape: str) -> Values:
    """What the service may answer in words that are known."""
    return structures(shape, trees)
