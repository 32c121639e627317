"""Keeps what became of each item while a transfer runs, for the task report at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self, TypeAlias

from datasync_sdk import models as m
from datasync_sdk.local.transfer.outcome.outcomes import (
    Failure,
    ItemKind,
    ItemResult,
    ItemState,
    Outcome,
    Phase,
    TransferType,
)
from datasync_sdk.local.transfer.plan import Spool, SpoolError

__all__ = ["Recorder", "levels_of"]

DEFAULT_OUTPUT: Final = m.ReportOutputType.STANDARD
DEFAULT_LEVEL: Final = m.ReportLevel.ERRORS_ONLY
"""What a configuration has that does not say. No documentation tells."""

# Results as they are on disk: tuples of plain values.
KeptState: TypeAlias = tuple[int, int, int, int | None, int | None, int | None, str | None]
KeptFailure: TypeAlias = tuple[str, int, str]
Kept: TypeAlias = tuple[
    int, str, str, KeptFailure | None, str | None, str | None, bool, KeptState | None, KeptState | None
]


def levels_of(config: m.TaskReportConfig) -> dict[Outcome, m.ReportLevel]:
    """How much a report tells of each kind; it is empty if the report is only a summary."""
    if (config.output_type or DEFAULT_OUTPUT) != m.ReportOutputType.STANDARD:
        return {}
    level = config.report_level or DEFAULT_LEVEL
    overrides = config.overrides or m.ReportOverrides()
    chosen = {
        Outcome.TRANSFERRED: overrides.transferred,
        Outcome.VERIFIED: overrides.verified,
        Outcome.DELETED: overrides.deleted,
        Outcome.SKIPPED: overrides.skipped,
    }
    return {
        outcome: level if override is None else override.report_level or level
        for outcome, override in chosen.items()
    }


class Recorder:
    """Takes the results of a transfer, and keeps on disk those that its report tells of.

        with Recorder(config, folder) as recorder:
            run(job, watch, counters, recorder)
            write_reports(place, recorder, ...)

    It is a `Results`, for one thread at a time. Where it has no room, the transfer goes on: `error` then says
    why the report is not complete.
    """

    def __init__(
        self, config: m.TaskReportConfig, folder: Path, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        """Begin.

        Args:
            config: what the report is to tell.
            folder: for what is kept: a folder of the execution.
            now_ns: what time it is, in nanoseconds since 1970.

        Raises:
            SpoolError: the folder cannot be written to.
        """
        self.config: Final = config
        self.error: SpoolError | None = None
        self._now_ns = now_ns
        self._levels = levels_of(config)
        with ExitStack() as stack:
            self._spools: dict[Outcome, Spool[Kept]] = {
                outcome: Spool(folder / f"report-{outcome.value}", stack) for outcome in self._levels
            }
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def wants(self, outcome: Outcome) -> bool:
        """Whether successes of this kind are of interest."""
        return self._levels.get(outcome) == m.ReportLevel.SUCCESSES_AND_ERRORS

    def add(self, result: ItemResult) -> None:
        """Take one."""
        spool = self._spools.get(result.outcome)
        if spool is None or self.error is not None:
            return
        if result.failure is None and not self.wants(result.outcome):
            return
        try:
            spool.append(kept(self._now_ns(), result))
        except SpoolError as error:
            self.error = error

    def results(self, outcome: Outcome) -> Iterator[tuple[int, ItemResult]]:
        """What was kept of a kind, in the order in which it came, and when that was. Raises SpoolError."""
        for record in self._spools.get(outcome, ()):
            yield record[0], result_of(outcome, record)


def kept(time_ns: int, result: ItemResult) -> Kept:
    """A result as it is on disk."""
    failure, transfer_type = result.failure, result.transfer_type
    return (
        time_ns,
        result.path,
        result.kind.name,
        None if failure is None else (failure.phase.name, failure.code, failure.reason),
        result.reason,
        None if transfer_type is None else transfer_type.name,
        result.overwrite,
        kept_state(result.source),
        kept_state(result.destination),
    )


def kept_state(state: ItemState | None) -> KeptState | None:
    """An item at one side as it is on disk."""
    if state is None:
        return None
    return state.size, state.mtime_ns, state.atime_ns, state.uid, state.gid, state.mode, state.checksum


def result_of(outcome: Outcome, record: Kept) -> ItemResult:
    """What was `kept`."""
    _, path, kind, failure, reason, transfer_type, overwrite, source, destination = record
    return ItemResult(
        path=path,
        kind=ItemKind[kind],
        outcome=outcome,
        failure=None
        if failure is None
        else Failure(phase=Phase[failure[0]], code=failure[1], reason=failure[2]),
        reason=reason,
        transfer_type=None if transfer_type is None else TransferType[transfer_type],
        overwrite=overwrite,
        source=None if source is None else state_of(source),
        destination=None if destination is None else state_of(destination),
    )


def state_of(state: KeptState) -> ItemState:
    """What was `kept_state`."""
    size, mtime_ns, atime_ns, uid, gid, mode, checksum = state
    return ItemState(
        size=size, mtime_ns=mtime_ns, atime_ns=atime_ns, uid=uid, gid=gid, mode=mode, checksum=checksum
    )
