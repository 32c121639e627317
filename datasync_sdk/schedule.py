"""Schedules of tasks, checked when they are written, and the times when they run.

    from datasync_sdk import schedule
    from datasync_sdk.models import TaskSchedule

    nightly = schedule.cron(hour=2, day_of_week="MON-FRI")     # 'cron(0 2 ? * MON-FRI *)'
    client.update_task(task_arn=task, schedule=TaskSchedule(schedule_expression=nightly))
    nightly.next_runs(3)                                       # the next three times, in UTC

All times are UTC, and runs are at least one hour apart: "Configures your DataSync task to run on a schedule
(at a minimum interval of 1 hour)"
(https://docs.aws.amazon.com/datasync/latest/userguide/API_TaskSchedule.html).  The syntax is EventBridge's
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).  To take a schedule
away from a task, send an empty text instead.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import islice
from typing import Self

from datasync_sdk._generated.constraints import ScheduleExpressionCron
from datasync_sdk._runtime import schedules

__all__ = ["Expression", "cron", "parse", "rate"]

_LONGEST = ScheduleExpressionCron.max or sys.maxsize
"""How many characters an expression may have: `ScheduleExpressionCron` in the service model."""

_ANY = {"*", "?"}


class Expression(str):
    """A schedule expression that has been checked: a text like any other, which knows when it runs."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check a text; `rate`, `cron` and `parse` are nicer to call.

        Raises:
            ValueError: the text is no valid expression, or runs more than once an hour.

        """
        if not text:
            raise ValueError(
                "an empty text is no schedule; sent as it is, it takes the schedule of a task away"
            )
        if len(text) > _LONGEST:
            raise ValueError(f"an expression has at most {_LONGEST} characters, and this has {len(text):,}")
        if problem := schedules.explain(text):
            raise ValueError(problem)
        return super().__new__(cls, text)

    def __repr__(self) -> str:
        return f"Expression({super().__repr__()})"

    def next_runs(self, count: int = 5, *, after: datetime | None = None) -> list[datetime]:
        """The times, in UTC, of the next runs after a time, which is now unless another is given.

        Only the service knows when a `rate(...)` began, so its runs are counted from `after`: the first is
        one interval later.  The list is shorter if there are no more runs, as when the year of a cron
        expression is over.

        Raises:
            ValueError: `after` has no time zone, or `count` is negative.

        """
        if after is None:
            after = datetime.now(UTC)
        if after.utcoffset() is None:
            raise ValueError("`after` needs a time zone, as datetime.now(UTC) has")
        if count < 0:
            raise ValueError(f"`count` is a number of runs, not {count}")
        return list(islice(schedules.runs(schedules.parse(self), after), count))


def rate(*, hours: int | None = None, days: int | None = None) -> Expression:
    """A schedule that runs every so many hours, or every so many days.

    Raises:
        ValueError: neither or both are given, or the number is no positive integer.

    """
    if (hours is None) == (days is None):
        raise ValueError("a rate is a number of hours or of days: rate(hours=12), rate(days=1)")
    number, unit = (hours, "hour") if days is None else (days, "day")
    return Expression(f"rate({number} {unit}{'' if number == 1 else 's'})")


def cron(  # noqa: PLR0913  # the fields are these
    expression: str | None = None,
    *,
    minute: int | str = "0",
    hour: int | str | None = None,
    day_of_month: int | str = "*",
    month: int | str = "*",
    day_of_week: int | str = "?",
    year: int | str = "*",
) -> Expression:
    """A schedule that runs at given times, in UTC: ``cron(hour=8, day_of_week="MON-FRI")``.

    Each field is a number or a text in EventBridge's syntax, such as ``"8,20"``, ``"MON#1"`` or ``"15W"``.
    One that is left out means every, but the minute is 0, and so is the hour where days or months are chosen:
    ``cron(day_of_week="MON")`` is once a week, and ``cron()`` once an hour.  Days of the
    week are numbered from 1, Sunday; a name is easier to read.  Days of the month and days of the week do not
    go together; the ``?`` that EventBridge wants in one of them is put there.

    A whole expression, with or without ``cron( )`` around it, is kept as it is.  It may lack the year, as in
    AWS's example ``cron(0 8 * * 3#1)``.  That is said to be the first Wednesday, so without a year, days of
    the week are numbered from 0, Sunday.

    Raises:
        ValueError: a field is wrong (it is named, with what it takes), the minute is more than one, or there
            are fields beside a whole expression.

    """
    if hour is None:
        chosen = {str(field) for field in (day_of_month, month, day_of_week, year)} - _ANY
        hour = "0" if chosen else "*"
    fields = {
        "minute": minute,
        "hour": hour,
        "day_of_month": day_of_month,
        "month": month,
        "day_of_week": day_of_week,
        "year": year,
    }
    if expression is None:
        return Expression(f"cron({' '.join(_written(fields))})")
    if [*fields.values()] != ["0", "*", "*", "*", "?", "*"]:
        raise ValueError("give either a whole expression or its fields, not both")
    text = expression.strip()
    return Expression(text if text.startswith("cron(") else f"cron({text})")


def parse(text: str) -> Expression:
    """A schedule from its text, such as the `schedule_expression` that the service returned.

    Raises:
        ValueError: the text is no valid expression, or runs more than once an hour.

    """
    return Expression(text.strip())


def _written(fields: dict[str, int | str]) -> list[str]:
    """The fields as texts, with `?` for the one kind of day that is not asked for."""
    texts = {name: str(value) for name, value in fields.items()}
    for name, text in texts.items():
        if not text or any(map(str.isspace, text)):
            raise ValueError(
                f"{name} is {text!r}; write a number, or a text without spaces: several values are '8,20'"
            )
    if texts["day_of_week"] in _ANY:
        texts["day_of_week"] = "?"
        texts["day_of_month"] = texts["day_of_month"].replace("?", "*")
    elif texts["day_of_month"] in _ANY:
        texts["day_of_month"] = "?"
    return [*texts.values()]
