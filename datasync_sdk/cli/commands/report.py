"""`datasync report`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from datasync_sdk.cli.framework import Command
from datasync_sdk.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from datasync_sdk.reports import Report, ReportEntry, ReportSummary

__all__ = ["report"]


@click.command(cls=Command)
@click.argument("execution", metavar="[EXECUTION|TASK]", required=False)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read it from a folder to which the bucket was downloaded.",
)
@click.option("--partial", "is_partial", is_flag=True, help="Read what is there, where parts are missing.")
@pass_invocation
def report(invocation: Invocation, execution: str | None, folder: Path | None, is_partial: bool) -> None:
    """Read the report of an execution.

    It tells which items failed, and counts the others. The report is read from the bucket that the task names
    for it, with your credentials; or from a folder, where EXECUTION may be left out if it has only one.
    """
    if execution is None and folder is None:
        raise click.UsageError("say of which execution, or give a --folder")
    if execution and folder and not execution.rpartition("/")[2].startswith("exec-"):
        raise click.UsageError(
            f"{execution!r:.80} is no execution: with --folder, say its ARN or its id, exec-..., for a "
            "folder does not tell what a task has"
        )
    if folder is None:
        found = in_bucket(invocation, execution or "")
    else:
        from datasync_sdk.reports import Report

        found = Report.in_folder(folder, execution)
    if invocation.as_json:
        write_document(found, is_partial=is_partial)
    else:
        write_lines(found, is_partial=is_partial)
    tell_problems(invocation, found)


def in_bucket(invocation: Invocation, text: str) -> Report:
    """The report of an execution where DataSync puts it."""
    from datasync_sdk.cli.targets import execution_of
    from datasync_sdk.errors import ConfigurationError
    from datasync_sdk.reports import Report, ReportPlace

    execution = execution_of(invocation, text, of_tasks=True)
    answer = execution.refresh()
    place = ReportPlace.of(answer)
    if place is None:
        raise ConfigurationError(
            f"{execution.arn} has no report: neither the task nor the start asked for one"
        )
    if not execution.has_ended:
        again = invocation.command("watch", execution.arn)
        raise ConfigurationError(f"{execution.arn} has not ended yet, and has no report before: {again}")
    return Report.find(invocation.objects, place)


def failed_of(found: Report, counts: Counter[tuple[str, bool]], *, is_partial: bool) -> Iterator[ReportEntry]:
    """The items that failed; counts all of them meanwhile. A report may be larger than the memory."""
    for entry in found.entries(strict=not is_partial):
        failed = has_failed(entry)
        counts[str(entry.kind), failed] += 1
        if failed:
            yield entry


def has_failed(entry: ReportEntry) -> bool:
    """Whether an item failed. Of skipped ones, DataSync tells of a failure only where it has an error."""
    from datasync_sdk.reports import ReportKind

    if entry.kind is ReportKind.SKIPPED and entry.status is None:
        return entry.error_code is not None or entry.error_detail is not None
    return not entry.succeeded


def write_lines(found: Report, *, is_partial: bool) -> None:
    """Write a report for people: what failed, and how many did not."""
    from datasync_sdk.cli.wording import plain

    counts: Counter[tuple[str, bool]] = Counter()
    for entry in failed_of(found, counts, is_partial=is_partial):
        error = ": ".join(filter(None, (entry.error_code, entry.error_detail))) or "no reason is told"
        click.echo(plain(f"failed  {entry.kind:11}  {entry.path or '/'}  {error}"))
    for kind, (done, failed) in totals(counts).items():
        click.echo(plain(f"{kind:11}  {done:,} succeeded{f', {failed:,} failed' if failed else ''}"))
    summary = summary_of(found)
    if summary is not None:
        click.echo(plain(summary_line(summary)))
    elif not counts:
        click.echo("the report lists nothing")


def summary_line(summary: ReportSummary) -> str:
    """How the execution went."""
    from datasync_sdk.cli.wording import duration

    took = f" in {duration(summary.total_time)}" if summary.total_time else ""
    name = f" {summary.task_name}" if summary.task_name else ""
    return f"{summary.status}: task{name}, {summary.execution_id}{took}"


def write_document(found: Report, *, is_partial: bool) -> None:
    """Write a report for programs."""
    from datasync_sdk.cli.documents import write_json

    counts: Counter[tuple[str, bool]] = Counter()
    failed = [row(entry) for entry in failed_of(found, counts, is_partial=is_partial)]
    summary = summary_of(found)
    write_json(
        {
            "execution_id": found.keys.execution_id,
            "counts": {
                kind: {"succeeded": done, "failed": bad} for kind, (done, bad) in totals(counts).items()
            },
            "failed": failed,
            "problems": found.keys.problems,
            "summary": summary.raw if summary else None,
        }
    )


def row(entry: ReportEntry) -> dict[str, Any]:
    """An item that failed as JSON has it."""
    names = ("kind", "path", "status", "error_code", "error_detail", "transfer_type", "timestamp")
    return {name: getattr(entry, name) for name in names}


def totals(counts: Counter[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """How many succeeded and failed, by the lists on which they are."""
    return {kind: (counts[kind, False], counts[kind, True]) for kind, _ in counts}


def summary_of(found: Report) -> ReportSummary | None:
    """The summary, where there is one."""
    return found.summary() if found.keys.summary is not None else None


def tell_problems(invocation: Invocation, found: Report) -> None:
    """Warn of what is missing, where somebody wanted what is there."""
    from datasync_sdk.cli.telling import tell

    for problem in found.keys.problems:
        tell(invocation, "warning", f"the report is not whole: {problem}")
