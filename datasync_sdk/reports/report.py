"""A task report in a bucket or a folder, read object by object."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from attrs import frozen

from datasync_sdk.errors import ReportError
from datasync_sdk.objects import Objects, keys_in
from datasync_sdk.reports.entries import ReportEntry
from datasync_sdk.reports.keys import ReportKey, ReportKeys, ReportKind, ReportPlace
from datasync_sdk.reports.parts import read_part
from datasync_sdk.reports.summaries import ReportSummary

__all__ = ["Report", "read_report", "read_summary"]


@frozen(kw_only=True)
class Report:
    """The report of one execution: `Report.find(objects, place)` or `Report.in_folder("downloads")`."""

    keys: ReportKeys
    """Its objects, as they were when the report was found."""
    read: Callable[[str], bytes]
    """Reads the object of a key."""

    @classmethod
    def find(cls, objects: Objects, place: ReportPlace) -> Self:
        """Find the report of an execution in a bucket; `ReportPlace.of` says where it is.

        DataSync may still write it after the execution has ended: `report_result` of the description says
        PENDING then.

        Raises:
            ReportError: it is not there.
            DataSyncError: the bucket cannot be listed, as `Objects` says.
        """
        found = [key for prefix in place.prefixes for key in objects.list(place.bucket, prefix)]
        keys = ReportKeys.of(found, place.execution)
        return cls(keys=keys, read=lambda key: objects.read(place.bucket, key))

    @classmethod
    def in_folder(cls, folder: str | os.PathLike[str], execution: str | None = None) -> Self:
        """Find the report of an execution in a folder, or in the folders below: a bucket that was downloaded.

        Args:
            folder: links in it are not followed.
            execution: its ARN or its id; None if there are reports of one only.

        Raises:
            ReportError: it is not there; or there are several, and it is not said which.
            OSError: the folder cannot be read.
        """
        top = Path(folder)
        keys = ReportKeys.of(keys_in(top, ""), execution)
        return cls(keys=keys, read=lambda key: (top / key).read_bytes())

    def entries(self, *kinds: ReportKind | str, strict: bool = True) -> Iterator[ReportEntry]:
        """What became of each item: transferred, verified, deleted, then skipped ones. One part at a time.

        Args:
            kinds: only these lists; all, if none is named.
            strict: refuse a report of which parts are missing, or are there twice, before anything is read.
                Otherwise all that is there is read, and `keys.problems` tells of the rest.

        Raises:
            ReportError: the report is not complete, or one of its objects is no part of a report; the message
                names it.
            ValueError: there is no such list as one of `kinds`.
            DataSyncError, OSError: an object cannot be read.
        """
        parts = self.keys.parts_of(*kinds)
        if strict:
            self.keys.check()
        for part in parts:
            yield from read_part(self.read(part.key), part.key)

    def read_part(self, part: ReportKey) -> list[ReportEntry]:
        """All that one of the parts of `keys` tells; raises as `entries` does."""
        return list(read_part(self.read(part.key), part.key))

    def summary(self) -> ReportSummary:
        """The summary.

        Raises:
            ReportError: there is none, or it is no summary.
            DataSyncError, OSError: it cannot be read.
        """
        if self.keys.summary is None:
            raise ReportError(
                f"The task report of {self.keys.execution_id} has no summary, or it is not here."
            )
        return ReportSummary.parse(self.read(self.keys.summary.key), self.keys.summary.key)


def read_report(
    folder: str | os.PathLike[str], execution: str | None = None, *, strict: bool = True
) -> Iterator[ReportEntry]:
    """What became of each item, from a task report in a folder; as `Report.in_folder` and `entries` do it."""
    return Report.in_folder(folder, execution).entries(strict=strict)


def read_summary(folder: str | os.PathLike[str], execution: str | None = None) -> ReportSummary:
    """The summary of a task report in a folder; as `Report.in_folder` and `summary` do it."""
    return Report.in_folder(folder, execution).summary()
