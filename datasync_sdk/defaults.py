"""What DataSync will use where a request leaves something out, and which sentence of AWS says so.

    from datasync_sdk import effective_options

    found = effective_options(Options(atime="NONE", mtime="NONE"), "BASIC")
    found.value.verify_mode                       # VerifyMode.POINT_IN_TIME_CONSISTENT
    found.defaults["VerifyMode"].rule             # 'OPT-01'
    found.defaults["VerifyMode"].quote            # "The is the default option for Basic mode tasks"

It rests on the documentation in the service model; docs/reference/rules.md has every default with its
sentence. What no sentence says stays None: there is none about `LogLevel`, for example.
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
    given: object = request
    name = given.__name__ if isinstance(given, type) else type(given).__name__
    if isinstance(given, type) or name not in defaults.complete:
        raise TypeError(f"{name} makes nothing: what it leaves out has no default, but stays as it is")
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
        TypeError: the options are something else, such as a dict.
    """
    mode = TaskMode(task_mode or "BASIC")
    if not mode.is_known:
        raise ValueError(f"{task_mode!r} is not a task mode; use one of {', '.join(TaskMode)}")
    facts = {"TaskMode": mode}
    return defaults_of(SERVICE.package).fill(own(options), facts)


def merged_options(options: Options | None, overrides: Options | None) -> Options:
    """The options of a task with those that an execution or an update overrides: what is None there stays."""
    given = {attribute.name: getattr(own(overrides), attribute.name) for attribute in fields(Options)}
    return evolve(own(options), **{name: value for name, value in given.items() if value is not None})


def own(options: Options | None) -> Options:
    """Options, or none of them."""
    if options is not None and not isinstance(options, Options):
        given = type(options).__name__
        raise TypeError(f"options must be Options, not {given}; structure() makes them of a dict")
    return Options() if options is None else options
