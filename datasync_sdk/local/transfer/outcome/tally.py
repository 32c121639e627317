"""Counts what happens as the mode of the task wants it counted, and hands it on to the task report."""

from __future__ import annotations

import errno
import logging

from datasync_sdk import models as m
from datasync_sdk.local.texts import on_one_line
from datasync_sdk.local.transfer.job import Results
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.counters import Counters
from datasync_sdk.local.transfer.outcome.outcomes import (
    Failure,
    ItemKind,
    ItemResult,
    Outcome,
    Phase,
    Seen,
    TransferType,
    describe,
    kind_of,
    state_of,
)

__all__ = ["Tally"]

log = logging.getLogger("datasync_sdk.local")

NOT_SEEN = Seen()
UNCHANGED = "The destination already has it."

# Which report tells of an item that failed in a phase.
OUTCOMES = {
    Phase.LIST: Outcome.TRANSFERRED,
    Phase.PREPARE: Outcome.TRANSFERRED,
    Phase.TRANSFER: Outcome.TRANSFERRED,
    Phase.VERIFY: Outcome.VERIFIED,
    Phase.DELETE: Outcome.DELETED,
}


class Tally:
    """The one place that knows how Basic and Enhanced mode differ in numbers."""

    def __init__(self, mode: m.TaskMode, counters: Counters, results: Results) -> None:
        self.is_enhanced = mode == m.TaskMode.ENHANCED
        self.counters = counters
        self.results = results
        self.wants = {outcome: results.wants(outcome) for outcome in Outcome}
        self.failures = dict.fromkeys(Phase, 0)
        self.failed_items: set[int] = set()
        """The hashes of their paths: one that could not be prepared fails again when all is verified."""
        self.first_failure = ""
        self.successes = 0

    def listed(self, files: int, folders: int) -> None:
        """Items were found at the source."""
        if self.is_enhanced:
            self._add("listed_at_source", files, folders)

    def listed_for_delete(self, files: int, folders: int) -> None:
        """Items were found at the destination, while looking for what to delete."""
        if self.is_enhanced:
            self._add("listed_at_destination_for_delete", files, folders)

    def planned(self, files: int, folders: int, size: int, *, is_compared: bool) -> None:
        """Items are to be transferred, with so many bytes of content."""
        self._add("to_transfer", files, folders, prefix="estimated_")
        self.counters.estimated_bytes_to_transfer += size
        if self.is_enhanced and is_compared:
            self._add("prepared", files, folders)

    def doomed(self, files: int, folders: int) -> None:
        """Items are to be deleted."""
        self._add("to_delete", files, folders, prefix="estimated_")
        if (
            not self.is_enhanced
        ):  # "(Basic task mode only) The number of items that DataSync expects to delete"
            self._add("to_transfer", files, folders, prefix="estimated_")

    def moved(self, size: int) -> None:
        """Bytes were read from the source, sent, and written."""
        counters = self.counters
        counters.bytes_transferred += size
        counters.bytes_written += size
        if not self.is_enhanced:
            counters.bytes_compressed += size  # nothing is compressed on the way

    def transferred(self, is_folder: bool) -> None:
        """One item has arrived."""
        self.successes += 1
        if is_folder and self.is_enhanced:
            self.counters.folders_transferred += 1
        else:
            self.counters.files_transferred += 1

    def verified(self, files: int, folders: int) -> None:
        """Items were looked at again, and are right."""
        self._add("verified", files, folders)

    def deleted(self, is_folder: bool) -> None:
        """One item is gone."""
        self.successes += 1
        self._add("deleted", not is_folder, is_folder)

    def unchanged(self, files: int, folders: int) -> None:
        """Items need no transfer: the destination has them already, or keeps what it has."""
        self.successes += files + folders
        self._add("skipped", files, folders)

    def skipped(self, path: str, kind: ItemKind, reason: str, found: Status) -> None:
        """An item cannot be, or is not to be, transferred, and that is no failure."""
        is_folder = kind is ItemKind.FOLDER
        self.unchanged(not is_folder, is_folder)
        if self.wants[Outcome.SKIPPED]:
            self.report_skipped(path, found, reason)

    def report_skipped(self, path: str, found: Status, reason: str = UNCHANGED) -> None:
        """Tell a task report of an item that was skipped, and is counted already."""
        self.results.add(
            ItemResult(
                path=path,
                kind=kind_of(found.st_mode),
                outcome=Outcome.SKIPPED,
                reason=reason,
                source=state_of(found),
            )
        )

    def report_seen(self, path: str, kind: ItemKind, seen: Seen) -> None:
        """Tell a task report that wants to know it of an item that was verified; it is counted already."""
        source, copy = seen.states()
        self.results.add(
            ItemResult(path=path, kind=kind, outcome=Outcome.VERIFIED, source=source, destination=copy)
        )

    def report(  # noqa: PLR0913
        self,
        outcome: Outcome,
        path: str,
        kind: ItemKind,
        found: Status,
        *,
        transfer_type: TransferType | None = None,
        overwrite: bool = False,
    ) -> None:
        """Tell a task report that wants to know it of an item that succeeded; it is counted already."""
        self.results.add(
            ItemResult(
                path=path,
                kind=kind,
                outcome=outcome,
                transfer_type=transfer_type,
                overwrite=overwrite,
                source=state_of(found),
            )
        )

    def failed(  # noqa: PLR0913
        self,
        phase: Phase,
        path: str,
        kind: ItemKind,
        error: OSError,
        *,
        transfer_type: TransferType | None = None,
        overwrite: bool = False,
        seen: Seen = NOT_SEEN,
    ) -> None:
        """One item failed."""
        reason = describe(error)
        log.debug("%s failed: %s", on_one_line(path), reason)
        source, copy = seen.states()
        self.failures[phase] += 1
        self.failed_items.add(hash(path))
        self.first_failure = self.first_failure or f"{path}: {reason}"
        if self.is_enhanced:
            is_folder = kind is ItemKind.FOLDER
            self._add(f"failed_{phase.value}", not is_folder, is_folder)
        self.results.add(
            ItemResult(
                path=path,
                kind=kind,
                outcome=OUTCOMES[phase],
                failure=Failure(phase=phase, code=error.errno or errno.EIO, reason=reason),
                transfer_type=transfer_type,
                overwrite=overwrite,
                source=source,
                destination=copy,
            )
        )

    def _add(self, what: str, files: int, folders: int, prefix: str = "") -> None:
        counters = self.counters
        in_files, in_folders = (files, folders) if self.is_enhanced else (files + folders, 0)
        if in_files:
            name = f"{prefix}files_{what}"
            setattr(counters, name, getattr(counters, name) + in_files)
        if in_folders:
            name = f"{prefix}folders_{what}"
            setattr(counters, name, getattr(counters, name) + in_folders)
