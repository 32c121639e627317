"""Rules, defaults, filters and schedules, as programs use them."""

from collections.abc import Mapping
from datetime import datetime

from datasync_sdk import Client, effective, effective_options, filters, schedule
from datasync_sdk.defaults import Default
from datasync_sdk.errors import ValidationError, Violation
from datasync_sdk.models import (
    CreateTaskRequest,
    FilterRule,
    Options,
    StartTaskExecutionRequest,
    TaskMode,
    TaskSchedule,
    VerifyMode,
)


def look(client: Client, request: CreateTaskRequest) -> list[str]:
    found: tuple[Violation, ...] = client.check(request) + client.preflight(request)
    errors = [violation for violation in found if violation.severity == "error"]
    return [
        f"{v.rule} {v.path} {v.message} {v.quote or ''} {v.documentation or ''} {v.page or ''}"
        for v in errors
    ]


def refuse(client: Client) -> tuple[str, ...]:
    try:
        client.send(StartTaskExecutionRequest(task_arn="t", override_options=Options(mtime="NONE")))
    except ValidationError as error:
        return tuple(violation.rule for violation in error.violations)
    return ()


def use(request: CreateTaskRequest) -> tuple[object, ...]:
    whole: CreateTaskRequest = effective(request).value
    options: Options = effective_options(whole.options, TaskMode.ENHANCED).value
    mode: VerifyMode | None = options.verify_mode
    said: Mapping[str, Default] = effective_options(None, "BASIC").defaults
    rules: tuple[FilterRule, ...] = filters.include("/a", filters.literal("/b|c"))
    wanted: bool = filters.matches(rules, "/a/x", is_dir=False) and filters.selected("/a", includes=rules)
    nightly = schedule.cron(hour=2, day_of_week="MON-FRI")
    runs: list[datetime] = nightly.next_runs(3)
    TaskSchedule(schedule_expression=nightly)
    TaskSchedule(schedule_expression=schedule.rate(hours=12))
    Client("eu-west-1", ignored_rules=["OPT-27"])
    return mode, said, wanted, runs
