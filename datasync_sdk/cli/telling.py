"""What is told on stderr: errors, notes, and the SDK's log; a line each, with `--json` a JSON object each."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from datasync_sdk.cli import statuses
from datasync_sdk.cli.invocation import Invocation
from datasync_sdk.cli.wording import one_line

__all__ = ["logged", "tell", "tell_failure"]

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""What is told of the log, by how often `--verbose` was said."""


def tell(invocation: Invocation, kind: str, text: str, **details: Any) -> None:
    """Tell something on stderr.

    Args:
        invocation: says whether a program reads it.
        kind: what it is: `error`, `note` or `warning`.
        text: it, for people.
        details: more, for programs.
    """
    if invocation.as_json:
        line = json.dumps({kind: {"message": text, **details}})
    else:
        line = f"datasync: {one_line(text)}" if kind != "warning" else f"datasync: warning: {one_line(text)}"
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def tell_failure(error: Exception, invocation: Invocation) -> int:
    """Tell what went wrong; gives the exit status."""
    if isinstance(error, ModuleNotFoundError) and error.name == "rich":
        raise error  # `__main__` says how to install it.
    if invocation.verbosity and not isinstance(error, click.ClickException):
        tell_where(error, invocation)
    if isinstance(error, click.UsageError):
        tell(invocation, "error", f"{error.format_message()}{how_to_use(error)}", type="UsageError")
        return statuses.USAGE
    if isinstance(error, click.ClickException):
        tell(invocation, "error", error.format_message(), type=type(error).__name__)
        return statuses.ERROR
    return tell_error(error, invocation)


def tell_where(error: Exception, invocation: Invocation) -> None:
    """Tell the traceback of an error."""
    lines = "".join(traceback.format_exception(error))
    if invocation.as_json:
        tell(invocation, "note", "traceback", traceback=lines)
    else:
        sys.stderr.write(lines)


def how_to_use(error: click.UsageError) -> str:
    """Where the help is."""
    return f" (see {error.ctx.command_path} --help)" if error.ctx else ""


def tell_error(error: Exception, invocation: Invocation) -> int:
    """Tell of an error that is not one of the command line."""
    from datasync_sdk.errors import DataSyncError, ServiceError, ValidationError, WaitTimeout

    kind = type(error).__name__
    match error:
        case ValidationError():
            for violation in error.violations:
                text = f"{error.request}: {violation}"
                tell(invocation, "error", text, type=kind, rule=violation.rule, path=violation.path)
        case ServiceError():
            details = {"code": error.code, "operation": error.operation, "request_id": error.request_id}
            tell(invocation, "error", str(error), type=kind, **details)
        case WaitTimeout():
            tell(invocation, "error", str(error), type=kind, task_execution_arn=error.task_execution_arn)
            return statuses.TIMED_OUT
        case DataSyncError() | OSError():
            tell(invocation, "error", str(error), type=kind)
        case _:
            hint = "" if invocation.verbosity else "; --verbose shows where"
            tell(invocation, "error", f"this should not happen: {kind}: {error}{hint}", type=kind)
    return statuses.ERROR


class Handler(logging.Handler):
    """Tells the SDK's log on stderr, as much as `--verbose` asks for."""

    def __init__(self, invocation: Invocation) -> None:
        """A handler for one use of the command."""
        super().__init__()
        self._invocation = invocation

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one thing, if it is to be told."""
        if record.levelno < LEVELS[min(self._invocation.verbosity, len(LEVELS) - 1)]:
            return
        kind = "warning" if record.levelno >= logging.WARNING else "note"
        tell(self._invocation, kind, record.getMessage(), logger=record.name)


@contextmanager
def logged(invocation: Invocation) -> Iterator[None]:
    """Tell the SDK's log while the block lasts. botocore's is never told: it has secrets."""
    logger = logging.getLogger("datasync_sdk")
    handler = Handler(invocation)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
