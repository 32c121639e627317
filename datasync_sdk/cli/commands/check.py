"""`datasync check`."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from datasync_sdk.cli import statuses
from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from datasync_sdk._runtime.checks import Violation
    from datasync_sdk._runtime.structures import Request

__all__ = ["check"]


@click.command(cls=Command)
@click.argument("request", type=click.File(encoding="utf-8-sig"), metavar="FILE")
@click.option(
    "--operation", metavar="NAME", help="Such as CreateTask; needed where the request fits several."
)
@click.option("--strict", "is_strict", is_flag=True, help="Look at the patterns of texts, too.")
@click.option("--ignore", "ignored", multiple=True, metavar="RULE", help="As OPT-27; repeatable.")
@click.option("--preflight", is_flag=True, help="Look at the task and its locations in AWS, too.")
@pass_invocation
def check(  # noqa: PLR0913, PLR0917  # the options of the command
    invocation: Invocation,
    request: IO[str],
    operation: str | None,
    is_strict: bool,
    ignored: tuple[str, ...],
    preflight: bool,
) -> int:
    """Tell what is wrong with a request, without sending it.

    FILE is JSON in AWS's names, as `aws datasync create-task --generate-cli-skeleton` prints it; - is the
    standard input. The exit status is 1 where DataSync would refuse it. Only --preflight needs credentials:
    it asks AWS, and changes nothing.
    """
    from datasync_sdk.cli.requests import Checker, fitting_operation, read_json_object, read_request

    data = read_json_object(text_of(request))
    name, cls = named(operation or fitting_operation(data))
    found: list[Violation] = []
    made = read_request(data, cls, found)
    found += Checker(is_strict=is_strict, ignored_rules=ignored).check(made)
    if preflight:
        found += asked(invocation, made, ignored, found)
    write(invocation, name, found)
    return statuses.ERROR if any(each.severity == "error" for each in found) else statuses.SUCCESS


def text_of(request: IO[str]) -> str:
    """What a file has in it."""
    from datasync_sdk.errors import ConfigurationError

    try:
        return request.read()
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"the request is no UTF-8: {error}") from error


def named(operation: str) -> tuple[str, type[Request[Any]]]:
    """An operation and the class of its requests, by AWS's name, or by that of boto3 or the AWS CLI."""
    from difflib import get_close_matches

    from datasync_sdk.cli.requests import operations

    known = {name.lower(): (name, cls) for name, cls in operations().items()}
    wanted = operation.replace("_", "").replace("-", "").lower()
    if wanted in known:
        return known[wanted]
    near = [known[name][0] for name in get_close_matches(wanted, known, n=3)]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise click.UsageError(f"--operation: DataSync has no {operation!r:.60}{hint}")


def asked(
    invocation: Invocation, request: Request[Any], ignored: tuple[str, ...], found: list[Violation]
) -> list[Violation]:
    """What only those see who look at the task and its locations."""
    more = invocation.client.preflight(request)
    return [each for each in more if each not in found and each.rule not in ignored]


def write(invocation: Invocation, operation: str, found: list[Violation]) -> None:
    """Tell all of it."""
    errors = sum(each.severity == "error" for each in found)
    if invocation.as_json:
        from datasync_sdk.cli.documents import write_json

        listed = [entry(each) for each in found]
        counts = {"errors": errors, "warnings": len(found) - errors}
        write_json({"operation": operation, **counts, "violations": listed})
        return
    for each in found:
        for line in lines(each):
            click.echo(line)
    click.echo(f"{operation}: {count(errors, 'error')}, {count(len(found) - errors, 'warning')}")


def entry(violation: Violation) -> dict[str, Any]:
    """A violation as JSON has it."""
    import attrs

    return attrs.asdict(violation)


def lines(violation: Violation) -> list[str]:
    """A violation as lines for people."""
    from datasync_sdk.cli.wording import plain

    quote = f'AWS says: "{violation.quote}"' if violation.quote else ""
    more = [f"         {plain(text)}" for text in (quote, violation.documentation) if text]
    return [plain(f"{violation.severity:8} {violation}"), *more]


def count(number: int, what: str) -> str:
    """How many there are of something."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
