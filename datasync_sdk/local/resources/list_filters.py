"""The filters of ListLocations and ListTasks, as the user guide has them.

Its table of operators has, for texts, Equals, NotEquals, In, Contains, NotContains and BeginsWith; for
numbers, which here are the times, Equals, NotEquals and the four that compare. All filters of a list must let
a resource through. Only In takes several values. What makes no sense is refused: an empty list would hide it.

See https://docs.aws.amazon.com/datasync/latest/userguide/query-resources.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from datasync_sdk import models as m
from datasync_sdk.local.places.uris import LocationType, LocationUri
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.state import Resource

__all__ = ["location_filter", "task_filter", "type_name"]

Test: TypeAlias = Callable[[Resource[Any]], bool]
Texts: TypeAlias = Callable[[Any], Collection[str]]
"""What a filter looks at in a description."""
Filter: TypeAlias = m.LocationFilter | m.TaskFilter

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?")
"""The documentation writes `yyyy-MM-dd:mm:ss` and gives the example `2019-12-15 17:15:20`, in UTC."""

OUTPOST_S3: Final = "OUTPOST_S3"

TYPE_NAMES: Final = frozenset({OUTPOST_S3, *(each.name for each in LocationType)})
"""What LocationType can be. The documentation names all of them but EFS and AZURE_BLOB."""

ON_TIMES: Final[Mapping[m.Operator, Callable[[datetime, datetime], bool]]] = {
    m.Operator.EQUALS: operator.eq,
    m.Operator.NOT_EQUALS: operator.ne,
    m.Operator.LESS_THAN: operator.lt,
    m.Operator.LESS_THAN_OR_EQUAL: operator.le,
    m.Operator.GREATER_THAN: operator.gt,
    m.Operator.GREATER_THAN_OR_EQUAL: operator.ge,
}

ON_TEXTS: Final[Mapping[m.Operator, Callable[[str, tuple[str, ...]], bool]]] = {
    m.Operator.EQUALS: lambda text, values: text == values[0],
    m.Operator.IN: lambda text, values: text in values,
    m.Operator.CONTAINS: lambda text, values: values[0] in text,
    m.Operator.BEGINS_WITH: lambda text, values: text.startswith(values[0]),
}

NEGATED: Final[Mapping[m.Operator, m.Operator]] = {
    m.Operator.NOT_EQUALS: m.Operator.EQUALS,
    m.Operator.NOT_CONTAINS: m.Operator.CONTAINS,
}
"""Operators that let through what another one does not; a task, if it is true of neither of its locations."""


def location_filter(filters: Iterable[m.LocationFilter] | None) -> Test:
    """What tells whether filters let a location through.

    Raises:
        Refusal: a filter makes no sense.
    """
    return _all(
        filters,
        {
            m.LocationFilterName.LOCATION_URI: lambda location: (location.location_uri,),
            m.LocationFilterName.LOCATION_TYPE: lambda location: (type_name(location.location_uri),),
        },
    )


def task_filter(filters: Iterable[m.TaskFilter] | None) -> Test:
    """What tells whether filters let a task through. LocationId is the ARN of its source or destination.

    Raises:
        Refusal: a filter makes no sense.
    """
    return _all(
        filters,
        {
            m.TaskFilterName.LOCATION_ID: lambda task: (
                task.source_location_arn,
                task.destination_location_arn,
            )
        },
    )


def type_name(uri: str) -> str:
    """The type of a location, as filters name it."""
    parsed = LocationUri.parse(uri)
    return OUTPOST_S3 if parsed.is_on_outposts else parsed.type.name


def _all(filters: Iterable[Filter] | None, known: Mapping[Any, Texts]) -> Test:
    tests = [_test(each, known) for each in filters or ()]
    return lambda resource: all(test(resource) for test in tests)


def _test(given: Filter, known: Mapping[Any, Texts]) -> Test:
    texts = known.get(given.name)
    if texts is None:
        return _time_test(given)
    is_negated = given.operator in NEGATED
    applied = ON_TEXTS.get(NEGATED.get(given.operator, given.operator))
    if applied is None:
        raise _nonsense(given, f"operator {given.operator} compares times, and {given.name} is a text")
    values = given.values
    if given.operator != m.Operator.IN:
        values = (_one(given),)
    elif not values:
        raise _nonsense(given, "it needs a value")
    _refuse_unknown_types(given)
    return lambda resource: is_negated != any(applied(text, values) for text in texts(resource.described))


def _time_test(given: Filter) -> Test:
    applied = ON_TIMES.get(given.operator)
    if applied is None:
        raise _nonsense(given, f"operator {given.operator} is for texts, and {given.name} is a time")
    value = _one(given)
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or not _TIME.fullmatch(value):
        raise _nonsense(given, f"{value!r:.60} is no time such as 2019-12-15 17:15:20, in UTC")
    # What is asked for has whole seconds.
    return lambda resource: applied(resource.described.creation_time.replace(microsecond=0), moment)


def _one(given: Filter) -> str:
    if len(given.values) != 1:
        raise _nonsense(given, f"operator {given.operator} takes one value; for several there is In")
    return given.values[0]


def _refuse_unknown_types(given: Filter) -> None:
    is_whole = given.operator in {m.Operator.EQUALS, m.Operator.NOT_EQUALS, m.Operator.IN}
    if given.name != m.LocationFilterName.LOCATION_TYPE or not is_whole:
        return
    for value in given.values:
        if value not in TYPE_NAMES:
            raise _nonsense(given, f"{value!r:.60} is none of {', '.join(sorted(TYPE_NAMES))}")


def _nonsense(given: Filter, why: str) -> Refusal:
    return Refusal(message=f"Invalid filter {given.name}: {why}.", error_code="InvalidFilter")
