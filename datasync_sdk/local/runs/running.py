"""What happens to an execution once it is its turn: launched, moved, ended."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.manifests.manifest import Manifest, read_manifest
from datasync_sdk.local.places.objects import ObjectError, bucket_place
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.reports.recorder import Recorder
from datasync_sdk.local.reports.report import failed_report, write_reports
from datasync_sdk.local.reports.rows import nanoseconds
from datasync_sdk.local.runs import schedules
from datasync_sdk.local.runs.history import (
    BROKEN,
    CANCELLED,
    INTERRUPTED,
    ended,
    find_execution,
    in_error,
)
from datasync_sdk.local.runs.keeping import keeping
from datasync_sdk.local.runs.phases import detail
from datasync_sdk.local.runs.progress import in_phase, phases_of, with_progress
from datasync_sdk.local.runs.queue import Run
from datasync_sdk.local.state import Kind, Resource, State
from datasync_sdk.local.texts import on_one_line
from datasync_sdk.local.transfer.engine import run as transfer
from datasync_sdk.local.transfer.job import (
    BucketPlace,
    Cancelled,
    ItemResult,
    Job,
    Outcome,
    Place,
    TransferError,
)

log = logging.getLogger("datasync_sdk.local")

NO_FAILURES = frozenset({CANCELLED[0], INTERRUPTED[0]})
"""Ends of a scheduled execution that say nothing about its schedule: somebody wanted it to stop."""


def work(state: State, run: Run, launch_seconds: float) -> None:
    """Run an execution to its end, whatever that is."""
    try:
        carry_out(state, run, launch_seconds)
    except Exception:
        log.exception("%s could not be carried out, or its end could not be kept", run.arn)
        if find_execution(state, run.arn).described.end_time is None:
            finish(state, run, broken(state, run, *BROKEN), None)


def carry_out(state: State, run: Run, launch_seconds: float) -> None:
    """Launch an execution, move its files, write its report, keep how it has ended."""
    launched(state, run)
    with (
        work_folder(state.work, run.arn.rpartition("/")[2]) as folder,
        reporting(state, run, folder) as report,
    ):
        with keeping(state, run):
            result = tried(state, run, launch_seconds, folder, report)
        finish(state, run, result, report)


def launched(state: State, run: Run) -> None:
    """Keep that an execution has begun. It may have been cancelled since it was its turn."""
    with state.store.transaction():
        execution = find_execution(state, run.arn)
        described = evolve(execution.described, launch_time=state.clock.now())
        state.store.replace(execution.changed(in_phase(described, m.TaskExecutionStatus.LAUNCHING)))


@contextmanager
def work_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder for what an execution has to write down while it runs."""
    folder = parent / name
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def reporting(state: State, run: Run, folder: Path) -> Iterator[Recorder | None]:
    """What notes the outcome of each item for the task report; None where none is wanted."""
    config = find_execution(state, run.arn).described.task_report_config
    if config is None:
        yield None
    else:
        with Recorder(config, folder, lambda: nanoseconds(state.clock.now())) as recorder:
            yield recorder


def tried(
    state: State, run: Run, launch_seconds: float, folder: Path, report: Recorder | None
) -> m.TaskExecutionResultDetail:
    """Launch an execution and move its files; gives how that went, whatever happens."""
    try:
        run.live.launch(launch_seconds)
        return moved(state, run, folder, report)
    except Cancelled:
        return broken(state, run, *(CANCELLED if is_cancelled(state, run) else INTERRUPTED))
    except (TransferError, ObjectError) as error:
        return broken(state, run, error.code, error.detail)
    except Refusal as refusal:
        return broken(state, run, refusal.error_code, refusal.message)
    except Exception:
        log.exception("%s: a mistake in datasync_sdk.local", run.arn)
        return broken(state, run, *BROKEN)


def broken(state: State, run: Run, code: str, text: str) -> m.TaskExecutionResultDetail:
    """How an execution went that did not come to its end."""
    described = find_execution(state, run.arn).described
    return in_error(described, phases_of(described, run.live), code, text)


def is_cancelled(state: State, run: Run) -> bool:
    """Tell whether it was a request that stopped an execution, and not the end of the service."""
    return find_execution(state, run.arn).described.status == m.TaskExecutionStatus.CANCELLING


def moved(state: State, run: Run, folder: Path, report: Recorder | None) -> m.TaskExecutionResultDetail:
    """Move what an execution is to move, and tell how its phases went."""
    with state.store.lock:
        described = find_execution(state, run.arn).described
        source, destination = places(state, run.task)
    job = Job(
        name=folder.name,
        source=source,
        destination=destination,
        mode=described.task_mode or m.TaskMode.BASIC,
        options=described.options or m.Options(),
        includes=described.includes or (),
        excludes=described.excludes or (),
        manifest=manifest(state, run, described.manifest_config, folder),
        workdir=folder,
    )
    how = transfer(job, run.live, run.live.counters, report or NoReport())
    if how.failures:
        log.warning("%s: %s", run.arn, on_one_line(how.failures))
    return detail(how.phases, error_code=how.error_code, error_detail=how.error_detail)


class NoReport:
    """Takes the outcome of each item, and forgets it."""

    def wants(self, outcome: Outcome) -> bool:  # noqa: ARG002  # none of them
        """Nothing."""
        return False

    def add(self, result: ItemResult) -> None:
        """Forget it."""


def manifest(state: State, run: Run, config: m.ManifestConfig | None, folder: Path) -> Manifest | None:
    """What an execution is to transfer; None for everything."""
    s3 = config.source.s3 if config and config.source else None
    if s3 is None:
        return None
    bucket = bucket_place(state.folders, s3.s3_bucket_arn, make=False)
    return read_manifest(bucket, s3, folder, checkpoint=run.live.checkpoint)


def places(state: State, task: str) -> tuple[Place, Place]:
    """Where the files of a task are, on this machine. An empty source would empty the destination."""
    described = state.find(task, m.DescribeTaskResponse, "Task").described
    source, destination = (
        # The transfer itself finds out whether a bucket can be reached, and nobody waits for it meanwhile.
        state.folders.place(location_uri(state, arn), make=make, asks=False)
        for arn, make in (
            (described.source_location_arn, False),
            (described.destination_location_arn, state.folders.create),
        )
    )
    refuse_overlap(source, destination)
    return source, destination


def refuse_overlap(source: Place, destination: Place) -> None:
    """Refuse to move files into the place that they come from.

    Each run would find the files of the last one, or delete what it was to keep.

    Raises:
        Refusal: one place is in the other, or they are the same.
    """
    ends = (location_on_disk(source), location_on_disk(destination))
    if any(holds(one, other) for one, other in (ends, ends[::-1])):
        raise Refusal(
            message=f"The source {ends[0]} and the destination {ends[1]} of the task overlap. Give them "
            "places of which neither is in the other, by other locations or mounts.",
            error_code="LocationsOverlap",
        )


def holds(one: Path, other: Path) -> bool:
    """Tell whether a place is another or has it below, also where a mount gives it a second name.

    What is mounted below a place, the transfer finds when it comes there.
    """
    return any(one == path or is_same_folder(one, path) for path in (other, *other.parents))


def is_same_folder(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one folder; not if nobody can tell, as the transfer will."""
    try:
        # That of a bucket is not absolute: it is no path of this machine.
        return one.is_absolute() and other.is_absolute() and one.samefile(other)
    except OSError:
        return False


def location_on_disk(place: Place) -> Path:
    """Where a place is: a folder without links on the way to it, or what no folder is called."""
    if isinstance(place, BucketPlace):
        return Path(f"s3:{place.endpoint_url}", place.bucket, place.prefix)
    return place.folder.resolve()


def location_uri(state: State, arn: str | None) -> str:
    """The URI of a location, of whatever type."""
    location = state.store.get(arn or "")
    if location is None or location.kind is not Kind.LOCATION:
        raise Refusal(message=f"Location {arn} is not found.", error_code="NotFound")
    uri: str = location.described.location_uri
    return uri


def finish(state: State, run: Run, result: m.TaskExecutionResultDetail, report: Recorder | None) -> None:
    """Write the report of an execution, keep how it has ended, and take it from the queue."""
    # Without a report all at once: what cannot be cancelled any more has ended, for all to see.
    with state.store.lock:
        described = over(state, run, result)
        if report is None:
            keep_end(state, run, described)
            return
    keep_end(state, run, evolve(described, report_result=reported(state, run, described, report)))


def over(state: State, run: Run, result: m.TaskExecutionResultDetail) -> m.DescribeTaskExecutionResponse:
    """An execution whose transfer is over. From here on it is too late to cancel it."""
    if not result.error_code and is_cancelled(state, run):
        result = broken(state, run, *CANCELLED)  # Somebody was told so when all was done.
    run.is_over = True
    before = find_execution(state, run.arn).described
    return ended(with_progress(before, run.live.counters), result, state.clock.now())


def keep_end(state: State, run: Run, described: m.DescribeTaskExecutionResponse) -> None:
    """Keep how an execution has ended, and take it from the queue."""
    code = described.result.error_code if described.result else None
    with state.store.transaction():
        execution = find_execution(state, run.arn)
        # A limit may have been changed while the report was written.
        described = evolve(described, options=execution.described.options)
        state.store.replace(execution.changed(described))
        # Both at once: who sees that it has ended can start the next one.
        state.store.afterwards(lambda: state.queue.remove(run.arn))
        if execution.hidden.get("scheduled") and code not in NO_FAILURES:
            note_failure(state, run.task, code)


def reported(
    state: State, run: Run, described: m.DescribeTaskExecutionResponse, report: Recorder
) -> m.ReportResult:
    """Write a task report; gives how that went."""
    s3 = report.config.destination.s3 if report.config.destination else None
    with state.store.lock:
        task = state.find(run.task, m.DescribeTaskResponse, "Task").described
        uris = [location_uri(state, arn) for arn in (task.source_location_arn, task.destination_location_arn)]
    try:
        place = bucket_place(state.folders, s3.s3_bucket_arn if s3 else "", make=state.folders.create)
    except ObjectError as error:
        return failed_report(error.code, error.detail)
    return write_reports(
        place, report, execution=described, task=task, source_uri=uris[0], destination_uri=uris[1]
    )


def note_failure(state: State, arn: str, code: str | None) -> None:
    """Remember how a scheduled execution has ended; too many equal failures disable the schedule."""
    task: Resource[m.DescribeTaskResponse] = state.find(arn, m.DescribeTaskResponse, "Task")
    failures = [*task.hidden.get("failures", ()), code] if code else []
    disabled = schedules.given_up(task.described, failures, state.clock.now())
    state.store.replace(
        task.changed(disabled or task.described, failures=failures[-schedules.DISABLED_AFTER :])
    )
