"""Schedule expressions of Amazon EventBridge: ``rate(12 hours)``, ``cron(0 8 ? * MON-FRI *)``.

The grammar is that of the EventBridge User Guide
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html), read generously
where the guide is silent, so that nothing is refused that a service takes:

* ``*`` may stand where EventBridge wants ``?``, and the year may be missing: services document such;
* with six fields, 1 as a day of the week is Sunday: "3#2 would be the second Tuesday of the month".  With
  five it is Monday, as in any other cron (and 0 or 7 Sunday): one service's documentation says of
  ``cron(0 8 * * 3#1)`` that it "runs at 8 AM on the first Wednesday of every month";
* ranges may go over the end (``FRI-MON``), ``/5`` is ``*/5``, ``L`` and ``W`` may stand in lists, and ``L-2``
  is two days before the last.

Times are UTC.  The predicates never raise; `explain` says in words what is wrong.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from heapq import merge
from itertools import groupby, takewhile

from attrs import frozen

_RATE = re.compile(r"rate\((.*)\)", re.DOTALL)
_CRON = re.compile(r"cron\((.*)\)", re.DOTALL)
_SPACE = re.compile(r"\s+", re.ASCII)

_EVERY = re.compile(r"\s*0*([1-9]\d{0,99})\s+(minute|hour|day)(s?)\s*", re.ASCII)
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}

# `*`, `*/2`, `/2`, `5`, `5/2`, `5-10`, `5-10/2`; but not nothing at all.
_VALUES = re.compile(
    r"(?=.)(?:\*|(?P<first>\w{1,4})(?:-(?P<last>\w{1,4}))?)?(?:/(?P<step>\d{1,4}))?", re.ASCII
)
_SPECIAL_DAY = re.compile(r"LW?|L-(?P<before>\d{1,2})|(?P<near>\d{1,2})W", re.ASCII)
_SPECIAL_WEEKDAY = re.compile(r"(?P<day>\w{1,3})(?P<which>L|#[1-5])", re.ASCII)

_ANY = {"*", "?"}

_SHOWN = 80
"""How many characters of a wrong expression a message repeats."""


@frozen
class Rate:
    """At equal distances."""

    minutes: int


@frozen
class Cron:
    """At given times on given days."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]

    days: frozenset[str]
    """Days of the month: `*`, numbers, `L`, `LW`, `L-2` and `15W`."""

    months: tuple[int, ...]

    weekdays: frozenset[str]
    """Days of the week: `*`, numbers with Sunday as 0, `5L` (the last Friday), `2#1` (the first Tuesday)."""

    years: tuple[int, ...]

    has_year: bool


@frozen
class _Field:
    """One of the fields of a cron expression."""

    name: str
    low: int
    high: int
    wildcards: str
    names: tuple[str, ...] = ()
    is_circle: bool = True

    def values(self, item: str) -> list[int]:
        """The numbers that an item of a list stands for."""
        found = _VALUES.fullmatch(item)
        if found is None or (found["step"] and not int(found["step"])):
            raise self.wrong(item)
        first, last, step = found["first"], found["last"], int(found["step"] or 1)
        if first is None:
            return [*range(self.low, self.high + 1, step)]
        start = self.value(first)
        end = self.value(last) if last else self.high if found["step"] else start
        if start <= end:
            return [*range(start, end + 1, step)]
        if not self.is_circle:
            raise self.wrong(item)
        return [*range(start, self.high + 1), *range(self.low, end + 1)][::step]

    def value(self, text: str) -> int:
        """The number that a number or a name stands for."""
        if text in self.names:
            return self.low + self.names.index(text)
        if not text.isdigit() or not self.low <= int(text) <= self.high:
            raise self.wrong(text)
        return int(text)

    def wrong(self, text: str) -> ValueError:
        """An error that says what the field takes."""
        names = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        takes = f"{self.low}-{self.high}{names}, with the wildcards {self.wildcards}"
        return ValueError(f"has {_shown(text)} as {self.name}; that field takes {takes}")


_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_MINUTE = _Field("minutes", 0, 59, ", - * /")
_HOUR = _Field("hours", 0, 23, ", - * /")
_DAY = _Field("day-of-month", 1, 31, ", - * ? / L W")
_MONTH = _Field("month", 1, 12, ", - * /", _MONTH_NAMES)
_WEEKDAY = _Field("day-of-week", 1, 7, ", - * ? L #", _DAY_NAMES)
_WEEKDAY_OF_FIVE = _Field("day-of-week", 0, 7, ", - * ? L #", _DAY_NAMES)
_YEAR = _Field("year", 1970, 2199, ", - * /", is_circle=False)


def is_schedule(text: str) -> bool:
    """Tell whether the text is empty, `rate(...)` with anything inside, or `cron(...)` with valid fields."""
    return not text or _RATE.fullmatch(text) is not None or _read(text) is not None


def is_rate(text: str) -> bool:
    """Tell whether the inside of `rate(...)` is right; of any other text, say yes."""
    return _RATE.fullmatch(text) is None or _read(text) is not None


def is_hourly(text: str) -> bool:
    """Tell whether runs are at least one hour apart; of a text that is not valid, say yes.

    A cron expression is asked for its minutes: if they are one, two runs are at that minute of two different
    hours; if they are two, both fall into every hour in which it runs.
    """
    schedule = _read(text)
    if isinstance(schedule, Rate):
        return schedule.minutes >= _MINUTES["hour"]
    return schedule is None or len(schedule.minutes) == 1


def has_year(text: str) -> bool:
    """Tell whether a cron expression has the sixth field, the year; of any other text, say yes."""
    schedule = _read(text)
    return not isinstance(schedule, Cron) or schedule.has_year


def explain(text: str) -> str | None:
    """Say in one sentence what is wrong with a text; None if nothing is, as with the empty one."""
    if not text:
        return None
    try:
        schedule = parse(text)
    except ValueError as error:
        return str(error)
    if is_hourly(text):
        return None
    what_to_do = "use rate(1 hour)" if isinstance(schedule, Rate) else "give it one minute, such as 0"
    return f"{_shown(text)} has runs less than an hour apart: {what_to_do}"


def parse(text: str) -> Rate | Cron:
    """What an expression says.

    Raises:
        ValueError: the text is no schedule expression.

    """
    try:
        if inside := _RATE.fullmatch(text):
            return _read_rate(inside[1])
        if inside := _CRON.fullmatch(text):
            return _read_cron(_SPACE.split(inside[1].strip(" \t\n\r\f\v")))
    except ValueError as error:
        raise ValueError(f"{_shown(text)} {error}") from None
    forms = "rate(...), as in rate(12 hours), nor cron(...), as in cron(0 8 * * ? *)"
    raise ValueError(f"{_shown(text)} is neither {forms}")


def runs(schedule: Rate | Cron, after: datetime) -> Iterator[datetime]:
    """Give the times of the runs after a time, in UTC, in order, until there are no more."""
    after = after.astimezone(UTC)
    return _rate_runs(schedule, after) if isinstance(schedule, Rate) else _cron_runs(schedule, after)


def _read(text: str) -> Rate | Cron | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _read_rate(inside: str) -> Rate:
    found = _EVERY.fullmatch(inside)
    if found is None:
        raise ValueError("is not a positive number of minutes, hours or days, as in rate(12 hours)")
    number, unit, plural = found.groups()
    if (number == "1") == bool(plural):
        raise ValueError(f"has the wrong unit: it is '{unit}' after 1 and '{unit}s' after other numbers")
    return Rate(int(number) * _MINUTES[unit])


def _read_cron(fields: Sequence[str]) -> Cron:
    if len(fields) not in {5, 6}:
        order = "minutes hours day-of-month month day-of-week year"
        raise ValueError(f"has {len(fields)} of the six fields, which are: {order}")
    if not all(map(str.isascii, fields)):
        raise ValueError("has characters that no field has")  # Some become letters in upper case.
    minutes, hours, days, months, weekdays, *years = map(str.upper, fields)
    if days not in _ANY and weekdays not in _ANY:
        raise ValueError("has both a day of the month and a day of the week: one of them must be ?")
    if "#" in weekdays and "," in weekdays:
        raise ValueError(f"has {_shown(weekdays)} as day-of-week, where # can only be with one day")
    return Cron(
        minutes=_numbers(_MINUTE, minutes),
        hours=_numbers(_HOUR, hours),
        days=_items(days, _read_day),
        months=_numbers(_MONTH, months),
        weekdays=_items(weekdays, partial(_read_weekday, _WEEKDAY if years else _WEEKDAY_OF_FIVE)),
        years=_numbers(_YEAR, years[0] if years else "*"),
        has_year=bool(years),
    )


def _numbers(field: _Field, text: str) -> tuple[int, ...]:
    return tuple(sorted({number for item in text.split(",") for number in field.values(item)}))


def _items(text: str, read: Callable[[str], Iterable[str]]) -> frozenset[str]:
    if text in _ANY:
        return frozenset("*")
    return frozenset(day for item in text.split(",") for day in read(item))


def _read_day(item: str) -> Iterable[str]:
    found = _SPECIAL_DAY.fullmatch(item)
    if found is None:
        return map(str, _DAY.values(item))
    if found["near"]:
        return [f"{_DAY.value(found['near'])}W"]
    return [f"L-{_DAY.value(found['before'])}" if found["before"] else item]


def _read_weekday(field: _Field, item: str) -> Iterable[str]:
    if item == "L":
        return ["6"]
    found = _SPECIAL_WEEKDAY.fullmatch(item)
    numbers = [field.value(found["day"])] if found else field.values(item)
    which = found["which"] if found else ""
    return [f"{(number - field.low) % 7}{which}" for number in numbers]


def _rate_runs(rate: Rate, after: datetime) -> Iterator[datetime]:
    try:
        every = timedelta(minutes=rate.minutes)
        while True:
            after += every
            yield after
    except OverflowError:  # after the year 9999
        return


def _cron_runs(cron: Cron, after: datetime) -> Iterator[datetime]:
    for day in _dates(cron, after.date()):
        for hour in cron.hours:
            for minute in cron.minutes:
                run = datetime.combine(day, time(hour, minute), tzinfo=UTC)
                if run > after:
                    yield run


def _dates(cron: Cron, first: date) -> Iterator[date]:
    """The days on which it runs, from the first on."""
    for year in cron.years:
        if year >= first.year:
            start = max(first, date(year, 1, 1))
            found = [_dates_in_year(cron, days, start, suits) for days, suits in _calendars(cron.days)]
            yield from (day for day, _ in groupby(merge(*found)))


def _calendars(days: frozenset[str]) -> Iterator[tuple[str, Callable[[date], bool]]]:
    """Days of the month that the library understands, each with a test of those that it gives.

    It knows neither `15W` nor `L-2`: there it is asked for all days that these can be.
    """
    special = {day for day in days if (day.endswith("W") and day != "LW") or day.startswith("L-")}
    if days != special:
        yield ",".join(days - special), lambda _: True
    for day in special:
        if day.endswith("W"):
            near = int(day.removesuffix("W"))
            yield _between(near - 2, near + 2), partial(_is_nearest_weekday, near)
        else:
            before = int(day.removeprefix("L-"))
            yield _between(28 - before, 31 - before), partial(_is_before_last, before)


def _between(first: int, last: int) -> str:
    return f"{max(first, 1)}-{min(max(last, 1), 31)}"


def _is_nearest_weekday(near: int, day: date) -> bool:
    """Tell whether a day is the Monday to Friday of its month that is nearest to a given day of it."""
    last = calendar.monthrange(day.year, day.month)[1]
    if near > last:
        return False
    weekday = date(day.year, day.month, near).weekday()
    if weekday == calendar.SATURDAY:
        return day.day == (near - 1 if near > 1 else near + 2)
    if weekday == calendar.SUNDAY:
        return day.day == (near + 1 if near < last else near - 2)
    return day.day == near


def _is_before_last(before: int, day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1] - before


def _dates_in_year(cron: Cron, days: str, start: date, suits: Callable[[date], bool]) -> Iterator[date]:
    from cronsim import CronSim, CronSimError

    months = ",".join(map(str, cron.months))
    before = datetime.combine(start, time()) - timedelta(seconds=1)
    try:
        found = CronSim(f"0 0 {days} {months} {','.join(cron.weekdays)}", before)
    except CronSimError:  # None of the months has such a day, as the 30th of February.
        return
    for midnight in takewhile(lambda each: each.year == start.year, found):
        if suits(midnight):
            yield midnight.date()
