"""What DataSync will use where a request leaves something out, and which sentence of AWS says so.

    from datasync_sdk import effective_options

    found = effective_options(Options(atime="NONE", mtime="NONE"), "BASIC")
    found.value.verify_mode                       # VerifyMode.POINT_IN_TIME_CONSISTENT
    found.defaults["VerifyMode"].rule             # 'OPT-01'
    found.defaults["VerifyMode"].quote            # "The is the default option for Basic mode tasks"

It rests on the documentation in the service model; docs/rules.md has every default with its sentence. What no
sentence says stays None: there is none about `LogLevel`, for example.
"""

from __future__ import annotations

from typing import Literal, TypeVar

from attrs import evolve, fields

from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.effective import Default, Effective, defaults_of
from datasync_sdk._runtime.structures import Request
from datasync_sdk.models import Options
from datasync_sdk.models.enums import TaskMode

__all__ = ["Default", "Effective", "effective", "effective_options", "merged_options"]

Q = TypeVar("Q", bound=Request[object])


def effective(request: Q) -> Effective[Q]:
    """A request that makes something, as DataSync will take it.

    Raises:
        TypeError: it is no such request. Where one only changes something, what it leaves out stays as it is.
    """
    defaults = defaults_of(SERVICE.package)
    name = type(request).__name__
    if name not in defaults.complete:
        raise TypeError(
            f"{name} does not make anything: what it leaves out has no default, but stays as it is"
        )
    return defaults.fill(request)


def effective_options(
    options: Options | None = None, task_mode: TaskMode | Literal["BASIC", "ENHANCED"] | None = None
) -> Effective[Options]:
    """The options of a task as DataSync will take them.

    For an execution with overrides, give the options that `merged_options` makes of both.

    Args:
        options: what is given; nothing, if it is None.
        task_mode: the mode of the task; the default, BASIC, if it is None.

    Raises:
        ValueError: there is no such mode.
    """
    mode = TaskMode(task_mode or "BASIC")
    if not mode.is_known:
        raise ValueError(f"{task_mode!r} is not a task mode; use one of {', '.join(TaskMode)}")
    facts = {"TaskMode": mode}
    return defaults_of(SERVICE.package).fill(options or Options(), facts)


def merged_options(options: Options | None, overrides: Options | None) -> Options:
    """The options of a task with those that an execution or an update overrides: what is None there stays."""
    kept = options or Options()
    given = {a.name: getattr(overrides, a.name) for a in fields(Options) if overrides is not None}
    return evolve(kept, **{name: value for name, value in given.items() if value is not None})
