"""Values that are asked for: such as pass tests, and such as break a trait of their shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st

from datasync_sdk.testing._model import SHAPES, element, kind, limits, members
from datasync_sdk.testing._texts import Demands, Manner, demanded, demanded_blobs, fits, meets
from datasync_sdk.testing._values import LARGEST, Values, lists, numbers, trees, unknown_words


@cache
def values(shape: str, demands: Demands, manner: Manner) -> Values:
    """Values of a shape that pass tests; None where there is none, or where the search did not find one."""
    if kind(shape) == "string" and (demands or manner != "valid"):
        return demanded(shape, demands, manner)
    if not demands:
        return trees(shape)
    make: dict[str, Callable[[str, Demands], Values]] = {
        "blob": demanded_blobs,
        "enum": words,
        "integer": chosen_numbers,
        "list": sized,
        "long": chosen_numbers,
    }
    return make.get(kind(shape), held)(shape, demands)


def words(shape: str, demands: Demands) -> Values:
    """Values of an enum."""
    return st.sampled_from([word for word in SHAPES[shape]["enum"] if meets(word, demands)] or [None])


def sized(shape: str, demands: Demands) -> Values:
    """Lists of which it is asked how long they are."""
    tests = dict(demands)
    least, most = limits(shape)
    least = max(least, tests.get("longer_than", -1) + 1)
    most = most if "shorter_than" not in tests else tests["shorter_than"] - 1
    return st.none() if most is not None and most < least else lists(shape, trees, least, most)


def held(shape: str, demands: Demands) -> Values:
    """Structures of which it is asked what is in them, and whatever else."""
    if "beyond" in (tests := dict(demands)):
        return having_one(shape, [name for name in members(shape) if name not in tests["beyond"]])
    return trees(shape).map(lambda value: value if meets(value, demands) else None)


def having_one(shape: str, names: list[str]) -> Values:
    """Structures that have at least one of some members."""

    def having(name: str) -> Values:
        return st.builds(
            lambda held, rest: {**rest, name: held}, trees(members(shape)[name].shape), trees(shape)
        )

    return st.sampled_from(names).flatmap(having)


def chosen_numbers(shape: str, demands: Demands) -> Values:
    """Numbers, most of which pass tests."""
    tests = dict(demands)
    if "value" in tests:
        return st.sampled_from(tests["value"])
    found = numbers(shape)
    if divisor := tests.get("multiple_of"):
        least, most = SHAPES[shape].get("min", 0), SHAPES[shape].get("max", LARGEST)
        found = st.integers(-(-least // divisor), most // divisor).map(lambda number: number * divisor)
    return found.map(lambda value: near(shape, value, demands))


def near(shape: str, value: int, demands: Demands) -> int | None:
    """A number that passes tests: this one, or one of its neighbours."""
    least, most = SHAPES[shape].get("min", 0), SHAPES[shape].get("max", LARGEST)
    nearest = (each for each in (value, value + 1, value - 1) if least <= each <= most)
    return next((each for each in nearest if meets(each, demands)), None)


@cache
def outside(shape: str, trait: str, demands: Demands) -> Values:
    """Values of a shape that break one trait of it, and pass tests; None where the search found none."""
    if trait == "enum":
        return unknown_words(shape)
    if trait == "pattern":
        return demanded(shape, demands, "breaking")
    least, most = limits(shape)
    size = (
        st.integers(most + 1, most + 3) if trait == "max" and most is not None else st.integers(0, least - 1)
    )
    match kind(shape):
        case "list":
            return st.builds(cycled, st.lists(trees(element(shape)), min_size=1, max_size=2), size)
        case "blob":
            return st.builds(cycled, demanded_blobs(shape, (*demands, ("longer_than", 0))), size)
        case "string":
            return st.builds(cycled, demanded(shape, (*demands, ("longer_than", 0)), "valid"), size)
    return size


def cycled(value: Any, length: int) -> Any:
    """A value repeated until it has a length; None where there is none."""
    return value and (value * (length // len(value) + 1))[:length]


def breaks_trait(shape: str, trait: str, value: Any) -> bool:
    """Whether a value breaks one trait of its shape."""
    if value is None:
        return False
    least, most = limits(shape)
    if trait == "enum":
        return value not in SHAPES[shape]["enum"]
    if trait == "pattern":
        return fits(shape, value, "breaking")
    size = value if isinstance(value, int) else len(value)
    return size < least if trait == "min" else most is not None and size > most
