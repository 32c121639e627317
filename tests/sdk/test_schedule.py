"""Schedules: what is written is valid, and runs when AWS's user guides say."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import islice, pairwise, product, takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasync_sdk import schedule, structure, unstructure
from datasync_sdk._runtime import schedules
from datasync_sdk._runtime.patterns import Pattern
from datasync_sdk._runtime.schedules import explain, has_year, is_hourly, is_rate, is_schedule
from datasync_sdk.models import TaskSchedule
from datasync_sdk.schedule import Expression

SPEC = json.loads((Path(__file__).parents[2] / "specs/datasync/service-2.json").read_text("utf-8"))
EXPRESSION = SPEC["shapes"]["ScheduleExpressionCron"]

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
WINDOW = timedelta(days=35)
DAY = timedelta(days=1)


# The reference: each minute is asked of each field, in the words of the guide.


def is_value(item: str, number: int, low: int, high: int, names: tuple[str, ...] = ()) -> bool:
    """Whether a number is one that an item of a list stands for."""

    def read(text: str) -> int:
        return names.index(text) + low if text in names else int(text)

    span, slash, step = item.partition("/")
    if span in {"*", ""}:
        start, end = low, high
    elif "-" in span:
        start, end = map(read, span.split("-"))
    else:
        start, end = read(span), high if slash else read(span)
    size = high - low + 1
    steps_from_start = (number - start) % size
    return steps_from_start <= (end - start) % size and steps_from_start % int(step or 1) == 0


@cache  # A minute is asked often.
def is_in(text: str, number: int, low: int, high: int, names: tuple[str, ...] = ()) -> bool:
    return any(is_value(item, number, low, high, names) for item in text.upper().split(","))


def month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    return [each for each in (first + n * DAY for n in range(31)) if each.month == day.month]


def is_day(item: str, day: date) -> bool:
    month = month_of(day)
    weekdays = [each for each in month if each.weekday() < 5]
    if item == "L":
        return day == month[-1]
    if item == "LW":
        return day == weekdays[-1]
    if item.startswith("L-"):
        return month[-1] - day == int(item[2:]) * DAY
    if item.endswith("W"):
        near = int(item[:-1])
        return near <= len(month) and day == min(weekdays, key=lambda each: abs(each.day - near))
    return is_value(item, day.day, 1, 31)


def is_weekday(item: str, day: date, numbers: list[int], low: int, high: int) -> bool:
    if item == "L":
        return day.weekday() == 5  # Saturday
    if item.endswith("L"):
        last = (day + 7 * DAY).month != day.month
        return last and any(is_value(item[:-1], number, low, high, DAYS) for number in numbers)
    kind, _, nth = item.partition("#")
    if nth and (day.day - 1) // 7 + 1 != int(nth):
        return False
    return any(is_value(kind, number, low, high, DAYS) for number in numbers)


def runs_on(fields: list[str], day: date) -> bool:
    days, months, weekdays, *year = fields[2:]
    sunday_is_0 = day.isoweekday() % 7
    if year:
        numbers, low, high = [sunday_is_0 + 1], 1, 7
    else:
        numbers, low, high = [sunday_is_0, 7] if sunday_is_0 == 0 else [sunday_is_0], 0, 7
    return (
        is_in(months, day.month, 1, 12, MONTHS)
        and (not year or is_in(year[0], day.year, 1970, 2199))
        and day.year in range(1970, 2200)
        and (days in {"*", "?"} or any(is_day(item, day) for item in days.upper().split(",")))
        and (
            weekdays in {"*", "?"}
            or any(is_weekday(item, day, numbers, low, high) for item in weekdays.upper().split(","))
        )
    )


def reference(text: str, after: datetime, end: datetime) -> Iterator[datetime]:
    """Minute by minute; within days that do not count, not even that."""
    fields = text.removeprefix("cron(").removesuffix(")").split()
    moment = after.replace(second=0, microsecond=0)
    days: dict[date, bool] = {}
    while moment < end:
        day = moment.date()
        if day not in days:
            days[day] = runs_on(fields, day)
        if not days[day]:
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + DAY
            continue
        hits = is_in(fields[0], moment.minute, 0, 59) and is_in(fields[1], moment.hour, 0, 23)
        if hits and moment > after:
            yield moment
        moment += timedelta(minutes=1)


# Texts of fields, good ones.


def items(low: int, high: int, names: tuple[str, ...] = (), *, wraps: bool = True) -> st.SearchStrategy[str]:
    """A value, a range or a step."""
    number = st.integers(low, high)
    named = [*names, *map(str.lower, names)]
    value = number.map(str) | (st.sampled_from(named) if named else st.nothing())
    ranges = (
        st.tuples(value, value).map("-".join)
        if wraps
        else st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    )
    stepped = st.tuples(value | ranges | st.sampled_from(["*", ""]), st.integers(1, high).map(str)).map(
        "/".join
    )
    return value | ranges | stepped


def lists(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(item, min_size=1, max_size=3).map(",".join)


ONE_MINUTE = st.integers(0, 59).map(str)
MINUTE = ONE_MINUTE | lists(items(0, 59)) | st.just("*")
HOUR = lists(items(0, 23)) | st.just("*")
SPECIAL_DAY = st.sampled_from(["L", "LW", "l"]) | st.integers(1, 31).flatmap(
    lambda day: st.sampled_from([f"{day}W", f"L-{day}"])
)
DAY_OF_MONTH = lists(items(1, 31) | SPECIAL_DAY)
MONTH = st.just("*") | lists(items(1, 12, MONTHS))


def weekdays(low: int) -> st.SearchStrategy[str]:
    one = st.integers(low, 7).map(str) | st.sampled_from(DAYS)
    nth = st.tuples(one, st.integers(1, 5).map(str)).map("#".join)
    last = st.just("L") | one.map("{}L".format)
    return nth | lists(items(low, 7, DAYS) | last)


YEAR = st.just("*") | lists(items(1970, 2199, wraps=False))


@st.composite
def crons(draw: st.DrawFn) -> str:
    """Cron expressions of both lengths; many run, some never."""
    has_year = draw(st.booleans())
    days, week = draw(
        st.tuples(DAY_OF_MONTH, st.sampled_from("?*"))
        | st.tuples(st.sampled_from("?*"), weekdays(1 if has_year else 0))
        | st.sampled_from([("*", "?"), ("?", "*"), ("*", "*")])
    )
    fields = [draw(MINUTE), draw(HOUR), days, draw(MONTH), week]
    return f"cron({' '.join([*fields, draw(YEAR)] if has_year else fields)})"


LAST = int(datetime(2199, 12, 31, tzinfo=UTC).timestamp())
MOMENTS = st.integers(0, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def within(text: str, after: datetime) -> list[datetime]:
    runs = schedules.runs(schedules.parse(text), after)
    return list(takewhile(lambda run: run < after + WINDOW, runs))


@settings(max_examples=200)
@given(crons(), MOMENTS)
@example("cron(0/30 20-2 ? * MON-FRI *)", datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
@example("cron(0 8 1W * ? *)", datetime(2026, 7, 31, tzinfo=UTC))  # 1 August 2026 is a Saturday
@example("cron(0 8 31W * ? *)", datetime(2026, 5, 20, tzinfo=UTC))  # 31 May 2026 is a Sunday
@example("cron(0 8 15W,15,L-2,L * ? *)", datetime(2026, 11, 1, tzinfo=UTC))
@example("cron(0 8 L-2 FEB ? *)", datetime(2026, 2, 1, tzinfo=UTC))
@example("cron(0 8 ? 2 SUN#5 *)", datetime(2032, 1, 28, tzinfo=UTC))
@example("cron(0 0 29 2 ? 2096/4)", datetime(2096, 2, 1, tzinfo=UTC))
@example("cron(59 23 31 12 ? *)", datetime(2199, 12, 1, tzinfo=UTC))
def test_runs_are_those_of_a_search_minute_by_minute(text: str, after: datetime) -> None:
    assert explain(text) is None or not is_hourly(text)
    assert within(text, after) == [*reference(text, after, after + WINDOW)]


@given(crons(), MOMENTS)
@example("cron(0,60/60 * * * ? *)", datetime(2026, 1, 1, tzinfo=UTC))
@example("cron(5,5-5,5/60 * * * ? *)", datetime(2026, 1, 1, tzinfo=UTC))
def test_hourly_is_what_the_runs_are(text: str, after: datetime) -> None:
    """A cron expression that has runs in some weeks has two within an hour exactly if it is not hourly."""
    if not is_schedule(text):
        return
    start = after.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(minutes=1)
    runs = [*reference(text, start, start + WINDOW)]
    if runs:
        assert is_hourly(text) == all(later - run >= timedelta(hours=1) for run, later in pairwise(runs))


@given(st.integers(1, 10**6), st.sampled_from(["minute", "hour", "day"]), MOMENTS)
@example(59, "minute", datetime(2026, 1, 1, tzinfo=UTC))
@example(60, "minute", datetime(2026, 1, 1, tzinfo=UTC))
@example(1, "hour", datetime(2026, 1, 1, tzinfo=UTC))
def test_rates(number: int, unit: str, after: datetime) -> None:
    text = f"rate({number} {unit}{'s' * (number > 1)})"
    every = timedelta(**{f"{unit}s": number})
    assert is_schedule(text)
    assert is_rate(text)
    assert is_hourly(text) == (every >= timedelta(hours=1)) == (explain(text) is None)
    try:
        expected = [after + every, after + 2 * every]
    except OverflowError:
        return
    assert [*islice(schedules.runs(schedules.parse(text), after), 2)] == expected


BUILT = st.one_of(
    st.integers(1, 10**9).map(lambda hours: schedule.rate(hours=hours)),
    st.integers(1, 10**9).map(lambda days: schedule.rate(days=days)),
    st.builds(
        schedule.cron,
        minute=ONE_MINUTE | st.integers(0, 59),
        hour=HOUR | st.integers(0, 23),
        day_of_month=DAY_OF_MONTH | st.sampled_from("*?") | st.integers(1, 31),
        month=MONTH | st.integers(1, 12),
        year=YEAR | st.integers(1970, 2199),
    ),
    st.builds(
        schedule.cron,
        minute=ONE_MINUTE,
        hour=HOUR,
        day_of_month=st.sampled_from("*?"),
        day_of_week=weekdays(1) | st.sampled_from("*?") | st.integers(1, 7),
    ),
)


@given(BUILT)
def test_what_is_built_is_valid_and_a_plain_text(built: Expression) -> None:
    assert explain(built) is None
    assert all(check(built) for check in (is_schedule, is_rate, is_hourly, has_year))
    assert Pattern(EXPRESSION["pattern"]).matches(built)
    assert len(built) <= EXPRESSION["max"]
    if built.startswith("cron("):
        _, _, days, _, week, _ = built[5:-1].split()
        assert [days, week].count("?") == 1
    for same in (pickle.loads(pickle.dumps(built)), copy.deepcopy(built), schedule.parse(str(built))):
        assert same == built
        assert type(same) is Expression
    assert eval(repr(built), {"Expression": Expression}) == built  # noqa: S307  # our own text
    sent = unstructure(TaskSchedule(schedule_expression=built))
    assert json.loads(json.dumps(sent)) == {"ScheduleExpression": str(built)}
    assert structure(sent, TaskSchedule).schedule_expression == built


JUNK = st.text() | st.from_regex(r"(cron|rate)\([0-9A-Z,*?/#LW\- ]{0,40}\)", fullmatch=True) | crons()


@given(JUNK)
@example("")
@example("cron(\u017fUN * * * ? *)")
@example("cron(0 8 ? * \u017fUN *)")
@example("rate(٣ hours)")
@example("rate(" + "9" * 5000 + " days)")
@example("cron(" + "9" * 5000 + " * * * ? *)")
@example("cron(0 0 * * ? *)\n")
def test_predicates_never_raise_and_agree(text: str) -> None:
    assert (explain(text) is None) == (is_schedule(text) and is_rate(text) and is_hourly(text))
    has_year(text)
    if not is_schedule(text) or not is_rate(text):
        assert is_hourly(text)
        assert has_year(text)
        with pytest.raises(ValueError, match=r"\A[^\n]*\Z"):
            schedules.parse(text)
        assert len(explain(text) or "") < 400


@pytest.mark.parametrize(
    ("text", "schedule_", "rate_", "hourly", "year"),
    [
        ("", True, True, True, True),
        ("rate(12 hours)", True, True, True, True),
        ("rate(1 hour)", True, True, True, True),
        ("rate( 1  day )", True, True, True, True),
        ("rate(30 minutes)", True, True, False, True),
        ("rate(1 minute)", True, True, False, True),
        ("rate(90 minutes)", True, True, True, True),
        ("rate(1 hours)", True, False, True, True),
        ("rate(2 hour)", True, False, True, True),
        ("rate(0 hours)", True, False, True, True),
        ("rate(-1 hours)", True, False, True, True),
        ("rate(1.5 hours)", True, False, True, True),
        ("rate(12 weeks)", True, False, True, True),
        ("rate()", True, False, True, True),
        ("rate(12 hours", False, True, True, True),
        ("12 hours", False, True, True, True),
        ("cron(0 8 * * 3#1)", True, True, True, False),
        ("cron(0 8 * * ? *)", True, True, True, True),
        ("cron(0 8 * * * *)", True, True, True, True),
        ("cron(0 8 ? * * 2026)", True, True, True, True),
        ("cron(*/30 8 * * *)", True, True, False, False),
        ("cron(0/30 * * * ? *)", True, True, False, True),
        ("cron(0/60 * * * ? *)", True, True, True, True),
        ("cron(30/30 * * * ? *)", True, True, True, True),
        ("cron(0 8 * * 0)", True, True, True, False),
        ("cron(0 8 ? * 0 *)", False, True, True, True),
        ("cron(0 8 1 * MON *)", False, True, True, True),
        ("cron(? 8 * * ? *)", False, True, True, True),
        ("cron(60 8 * * ? *)", False, True, True, True),
        ("cron(0 24 * * ? *)", False, True, True, True),
        ("cron(0 8 0 * ? *)", False, True, True, True),
        ("cron(0 8 32 * ? *)", False, True, True, True),
        ("cron(0 8 32W * ? *)", False, True, True, True),
        ("cron(0 8 L-32 * ? *)", False, True, True, True),
        ("cron(0 8 * 13 ? *)", False, True, True, True),
        ("cron(0 8 * FOO ? *)", False, True, True, True),
        ("cron(0 8 ? * 8 *)", False, True, True, True),
        ("cron(0 8 ? * MON#6 *)", False, True, True, True),
        ("cron(0 8 ? * 3#1,6#3 *)", False, True, True, True),
        ("cron(0 8 ? * 5W *)", False, True, True, True),
        ("cron(0 8 MON#1 * ? *)", False, True, True, True),
        ("cron(0 8 * * ? 1969)", False, True, True, True),
        ("cron(0 8 * * ? 2030-2026)", False, True, True, True),
        ("cron(0/0 8 * * ? *)", False, True, True, True),
        ("cron(0, 8 * * ? *)", False, True, True, True),
        ("cron(L 8 * * ? *)", False, True, True, True),
        ("cron(0 8 * *)", False, True, True, True),
        ("cron(0 8 * * ? * *)", False, True, True, True),
        ("cron()", False, True, True, True),
    ],
)
def test_predicates(text: str, schedule_: bool, rate_: bool, hourly: bool, year: bool) -> None:
    assert (is_schedule(text), is_rate(text), is_hourly(text), has_year(text)) == (
        schedule_,
        rate_,
        hourly,
        year,
    )


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # DataSync: "runs at 8 AM on the first Wednesday of every month".
        ("cron(0 8 * * 3#1)", ["2026-12-02 08:00", "2027-01-06 08:00"]),
        # EventBridge: "3#2 would be the second Tuesday of the month".
        ("cron(0 8 ? * 3#2 *)", ["2026-12-08 08:00", "2027-01-12 08:00"]),
        # EventBridge's table: every day, on weekdays, on the 1st, the first Monday, the last Friday.
        ("cron(0 10 * * ? *)", ["2026-11-21 10:00", "2026-11-22 10:00"]),
        ("cron(15 12 * * ? *)", ["2026-11-20 12:15", "2026-11-21 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-11-20 18:00", "2026-11-23 18:00"]),
        ("cron(0 8 1 * ? *)", ["2026-12-01 08:00", "2027-01-01 08:00"]),
        ("cron(0 9 ? * 2#1 *)", ["2026-12-07 09:00", "2027-01-04 09:00"]),
        ("cron(15 10 ? * 6L 2026-2027)", ["2026-11-27 10:15", "2026-12-25 10:15"]),
        # "L: the last day of the month or week", "3W specifies the weekday closest to the third day".
        ("cron(0 0 L * ? *)", ["2026-11-30 00:00", "2026-12-31 00:00"]),
        ("cron(0 0 ? * L *)", ["2026-11-21 00:00", "2026-11-28 00:00"]),
        ("cron(0 0 3W JAN ? *)", ["2027-01-04 00:00", "2028-01-03 00:00"]),
        ("cron(0 0 ? * 1 *)", ["2026-11-22 00:00", "2026-11-29 00:00"]),
        ("cron(0 12 20 11 ? *)", ["2027-11-20 12:00", "2028-11-20 12:00"]),
        ("rate(12 hours)", ["2026-11-21 00:00", "2026-11-21 12:00"]),
    ],
)
def test_documented_examples(text: str, expected: list[str]) -> None:
    found = schedule.parse(text).next_runs(2, after=NOON)
    assert [f"{run:%Y-%m-%d %H:%M}" for run in found] == expected
    assert all(run.tzinfo is UTC for run in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("cron(0 8 30 2 ? *)", 0),
        ("cron(0 8 31W FEB ? *)", 0),
        ("cron(0 8 31 4,6,9,11 ? *)", 0),
        ("cron(0 8 L-31 * ? *)", 0),
        ("cron(0 8 29 2 ? 2100)", 0),
        ("cron(0 0 1 1 ? 2020)", 0),
        ("cron(0 0 1 1 ? 2020,2027-2028)", 2),
        ("cron(0 0 1 1 ? 2197/1)", 3),
        ("cron(0 8 ? 2 MON#5 *)", 5),  # 28 years apart, 40 across 2100
        ("rate(999999999 hours)", 0),
        (f"rate({'9' * 90} days)", 0),
    ],
)
def test_schedules_come_to_an_end(text: str, count: int) -> None:
    assert len(schedule.parse(text).next_runs(5, after=NOON)) == count


def test_after_and_count() -> None:
    hourly = schedule.rate(hours=1)
    east = timezone(timedelta(hours=9))
    assert hourly.next_runs(1, after=NOON.astimezone(east)) == [NOON + timedelta(hours=1)]
    assert schedule.cron(hour=13).next_runs(1, after=NOON.astimezone(east)) == [NOON + timedelta(hours=1)]
    now = datetime.now(UTC)
    first, *others = schedule.cron(hour="*").next_runs()
    assert timedelta(0) < first - now <= timedelta(hours=1)
    assert len(others) == 4
    assert hourly.next_runs(0) == []
    with pytest.raises(ValueError, match="time zone"):
        hourly.next_runs(after=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="-1"):
        hourly.next_runs(-1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "cron(0 * * * ? *)"),
        ({"hour": 8, "day_of_week": "MON-FRI"}, "cron(0 8 ? * MON-FRI *)"),
        ({"hour": 8, "day_of_week": 2, "day_of_month": "?"}, "cron(0 8 ? * 2 *)"),
        ({"hour": 8, "day_of_month": "LW"}, "cron(0 8 LW * ? *)"),
        ({"hour": 8, "day_of_month": "?"}, "cron(0 8 * * ? *)"),
        ({"hour": 8, "day_of_week": "*"}, "cron(0 8 * * ? *)"),
        ({"minute": 30, "hour": "8,20", "month": "JAN", "year": 2027}, "cron(30 8,20 * JAN ? 2027)"),
    ],
)
def test_cron_of_fields(fields: dict[str, Any], expected: str) -> None:
    assert schedule.cron(**fields) == expected


def test_cron_of_a_whole_text() -> None:
    for text, around in product(
        ["0 8 * * 3#1", "0 8 ? * MON *", "0 8 * * MON *"], ["{}", "cron({})", " {} "]
    ):
        assert schedule.cron(around.format(text)) == f"cron({text})"
    with pytest.raises(ValueError, match="not both"):
        schedule.cron("0 8 ? * MON *", hour=8)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"hour": 24}, "'24' as hours; that field takes 0-23, with the wildcards"),
        ({"hour": -1}, "'/1' as hours|'-1' as hours"),
        ({"hour": ""}, "hour is ''"),
        ({"year": ""}, "year is ''"),
        ({"hour": "8 9"}, "hour is '8 9'"),
        ({"hour": True}, "'TRUE' as hours"),
        ({"minute": "0,30"}, "less than an hour apart: give it one minute"),
        ({"minute": "0/0"}, "'0/0' as minutes"),
        ({"minute": "*"}, "less than an hour apart"),
        ({"day_of_month": 32}, "'32' as day-of-month; that field takes 1-31"),
        ({"month": "Fri"}, "'FRI' as month; that field takes 1-12 or JAN-DEC"),
        ({"day_of_week": 0}, "'0' as day-of-week; that field takes 1-7 or SUN-SAT"),
        ({"day_of_month": 1, "day_of_week": "MON"}, "both a day of the month and a day of the week"),
        ({"year": 2200}, "'2200' as year; that field takes 1970-2199"),
        ({"hour": ",".join(["8"] * 200)}, "at most 256 characters"),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        schedule.cron(**fields)


@pytest.mark.parametrize(
    "arguments", [{}, {"hours": 1, "days": 1}, {"hours": 0}, {"days": -1}, {"hours": 1.5}, {"hours": True}]
)
def test_wrong_rates(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="number of"):
        schedule.rate(**arguments)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "takes the schedule of a task away"),
        ("tomorrow", "neither rate"),
        ("rate(30 minutes)", "less than an hour apart: use rate"),
        ("rate(1 hours)", "'hour' after 1 and 'hours' after other"),
        ("cron(0 8 * *)", "4 of the six fields"),
        ("cron(\u017f 8 * * ?)", "characters that no field has"),
    ],
)
def test_wrong_texts(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        schedule.parse(text)
    with pytest.raises(ValueError, match=reason):
        Expression(text)


def test_the_library_is_imported_when_runs_are_asked_for() -> None:
    code = """
import sys
from datasync_sdk import schedule
expression = schedule.cron(hour=8)
assert "cronsim" not in sys.modules
assert len(expression.next_runs()) == 5
assert "cronsim" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_days_without_an_hour_run_once() -> None:
    assert schedule.cron(day_of_week="MON") == "cron(0 0 ? * MON *)"
    assert schedule.cron(day_of_month=1) == "cron(0 0 1 * ? *)"
    assert schedule.cron(month="JAN") == "cron(0 0 * JAN ? *)"
    assert schedule.cron() == "cron(0 * * * ? *)"
    assert schedule.cron(minute=30) == "cron(30 * * * ? *)"
