"""What is told on stderr: errors, notes, warnings; a line each, with `--json` a JSON object each."""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from datasync_sdk.cli import statuses
from datasync_sdk.cli.invocation import Invocation
from datasync_sdk.cli.wording import one_line

__all__ = ["tell", "tell_failure"]

MISSING: Final = {
    "NoRegionError": "there is no Region: give --region NAME, or set AWS_DEFAULT_REGION or the region of a "
    "profile",
    "NoCredentialsError": "there are no credentials: give --profile NAME, or set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, or log in with `aws configure` or `aws sso login`",
}
"""What is missing, and how to say it here, by the exceptions of botocore, which need not be imported."""


def tell(invocation: Invocation, kind: str, text: str, **details: Any) -> None:
    """Tell something on stderr.

    Args:
        invocation: says whether a program reads it.
        kind: what it is: `error`, `note` or `warning`.
        text: it, for people.
        details: more, for programs.
    """
    if invocation.as_json:
        import json

        line = json.dumps({kind: {"message": text, **details}})
    else:
        line = f"datasync: {one_line(text)}" if kind != "warning" else f"datasync: warning: {one_line(text)}"
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def tell_failure(error: Exception, invocation: Invocation) -> int:
    """Tell what went wrong; gives the exit status."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == "rich":
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
    import traceback

    lines = "".join(traceback.format_exception(error))
    if invocation.as_json:
        tell(invocation, "note", "traceback", traceback=lines)
    else:
        sys.stderr.write(lines)


def how_to_use(error: click.UsageError) -> str:
    """Where the help is."""
    return f" (see {error.ctx.command_path} --help)" if error.ctx else ""


def in_words_of_the_command(error: Exception) -> str:
    """What an error says; where the SDK names an argument, the option that the command has for it."""
    return MISSING.get(type(error.__cause__).__name__, str(error))


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
            tell(invocation, "error", in_words_of_the_command(error), type=kind)
        case _:
            hint = "" if invocation.verbosity else "; --verbose shows where"
            tell(invocation, "error", f"this should not happen: {kind}: {error}{hint}", type=kind)
    return statuses.ERROR
