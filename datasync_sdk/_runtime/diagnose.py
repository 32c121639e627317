"""Where a mapping does not have the form of a class.

The generated code is fast because it does not ask; so, once it failed, this goes over the same data slowly
and finds the place. Mappings for requests are looked at before: they are no answers of AWS's but written by
people, who lose what they misname.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from datasync_sdk._runtime.checks import Path, render_path
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.errors import StructureError
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import is_collection, to_bytes, to_utc
from datasync_sdk._runtime.wire import wire_of

Problem: TypeAlias = tuple[Path, str] | None

CONVERTED: tuple[tuple[type, Callable[[Any], object], str], ...] = (
    (datetime, to_utc, "point in time"),
    (bytes, to_bytes, "base64 text"),
)


def structure_error(data: object, cls: type, error: Exception) -> StructureError:
    """The error for a mapping that could not be read."""
    return fitting_error(data, cls) or StructureError(f"{cls.__name__} {type(error).__name__}: {error}")


def fitting_error(data: object, cls: type) -> StructureError | None:
    """The error for the first place where a mapping does not fit a class; None where all of it does."""
    found = find_problem(data, cls, ())
    if found is None:
        return None
    at, problem = found
    place = ".".join(filter(None, (cls.__name__, render_path(at))))
    return StructureError(f"{place} {problem}")


def find_problem(data: object, kind: Any, at: Path) -> Problem:
    """The first place, depth first, where data does not have the form of its type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        kinds = [argument for argument in arguments if argument is not NoneType]
        # A body is of one of several types, and handed over as it is.
        return find_problem(data, kinds[0], at) if data is not None and len(kinds) == 1 else None
    if origin is tuple:
        return find_in_list(data, arguments[0], at)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return find_in_map(data, arguments[1], at)
    if isinstance(kind, type) and issubclass(kind, Structure):
        return find_in_structure(data, kind, at)
    return find_in_leaf(data, kind, at)


def find_in_structure(data: object, cls: type[Structure], at: Path) -> Problem:
    """What is wrong with the data of a structure."""
    if not isinstance(data, Mapping):
        return at, f"must be a mapping, not {type(data).__name__}"
    hashable: Any = cls
    hints, names = cached_hints(hashable), wire_of(cls).names
    for wire_name, attribute in zip(names, attrs.fields(cls), strict=True):  # type: ignore[arg-type]  # it is one
        if attribute.name in data and attribute.name not in names:
            return (at, attribute.name), f"must have AWS's name here: {wire_name}"
        value = data.get(wire_name)
        if value is not None:
            problem = find_problem(value, hints[attribute.name], (at, wire_name))
            if problem:
                return problem
        elif attribute.default is attrs.NOTHING:
            return (at, wire_name), "is missing; it is required, or always there"
    return None


@cache
def cached_hints(cls: Any) -> dict[str, Any]:
    """The types of a class's attributes."""
    return get_type_hints(cls)


def find_in_list(data: Any, kind: Any, at: Path) -> Problem:
    """What is wrong with the data of a list."""
    if not is_collection(data):
        return at, f"must be a list, not {type(data).__name__}"
    return first(find_problem(item, kind, (at, index)) for index, item in enumerate(data))


def find_in_map(data: object, kind: Any, at: Path) -> Problem:
    """What is wrong with the data of a map."""
    if not isinstance(data, Mapping):
        return at, f"must be a mapping, not {type(data).__name__}"
    return first(find_problem(item, kind, (at, key)) for key, item in data.items())


def find_in_leaf(data: object, kind: Any, at: Path) -> Problem:
    """What is wrong with a value that is converted: an enum's or a timestamp."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, OpenEnum) and not isinstance(data, str):
        return at, f"must be a str, not {type(data).__name__}"
    for kinds, convert, what in CONVERTED:
        if issubclass(kind, kinds):
            try:
                convert(data)
            except (TypeError, ValueError, OverflowError, OSError) as error:
                return at, f"is no {what}: {error}"
    return None


def first(problems: Iterable[Problem]) -> Problem:
    """The first problem there is."""
    return next(filter(None, problems), None)
