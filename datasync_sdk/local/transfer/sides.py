"""The two sides of a transfer, and what all its parts share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from attrs import evolve, frozen

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import (
    BucketPlace,
    FolderPlace,
    Job,
    Metadata,
    Place,
    Side,
    TransferError,
    Watch,
)
from datasync_sdk.local.transfer.limit import Throttle
from datasync_sdk.local.transfer.listing.selection import Selection
from datasync_sdk.local.transfer.metadata.carriers import OWNER, PosixCarrier, ReadingCarrier, carrier_of
from datasync_sdk.local.transfer.metadata.object_status import BucketCarrier
from datasync_sdk.local.transfer.metadata.policy import Policy
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.metadata.xattrs import read_at
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Seen, describe
from datasync_sdk.local.transfer.outcome.tally import Tally
from datasync_sdk.local.transfer.requests import Requests
from datasync_sdk.local.transfer.storage.buckets import Bucket
from datasync_sdk.local.transfer.storage.folders import Root, parted
from datasync_sdk.local.transfer.storage.places import Target, Top
from datasync_sdk.local.transfer.storage.target_buckets import TargetBucket
from datasync_sdk.local.transfer.storage.targets import TargetFolder

__all__ = ["Sides", "open_sides"]


@frozen(kw_only=True, eq=False)
class Sides:
    """Source and destination, opened, with what is to be observed on the way."""

    source: Top
    destination: Target
    source_carrier: ReadingCarrier
    destination_carrier: ReadingCarrier
    policy: Policy
    options: m.Options
    selection: Selection
    throttle: Throttle
    tally: Tally
    watch: Watch

    requests: Requests | None
    """What makes several requests at once; None where both sides are folders."""

    is_posix: bool
    """Both sides are."""

    is_plain: bool
    """Both sides are POSIX, and a `stat` of a file says all there is to know of it."""

    never_overwrites: bool
    """What exists at the destination is not touched."""

    copies_all: bool
    """Plain, and all metadata of a file is to be that of its `stat`."""

    def keep_same_owner(self, name: str, source: int, copy: int) -> bool:
        """Whether a file has the same owner in its attribute at both sides, or none. Raises OSError."""
        return read_at(source, name, OWNER) == read_at(copy, name, OWNER)

    def seen(self, path: str, kind: ItemKind, version: str | None = None) -> Seen:
        """What can be found out about an item of which something is to be told."""
        folder, name = parted(path)
        is_folder = kind is ItemKind.FOLDER
        found: Status | None = None
        copied: Status | None = None
        with suppress(OSError):
            found = self.source.lookup(folder)(name, is_folder, version)
        with suppress(OSError):
            copied = self.destination.lookup(folder)(name, is_folder)
        return Seen(found, copied)

    def is_transferable(self, folder: Status) -> bool:
        """Whether a folder of the source is something to be transferred, and not just the way to it.

        Between buckets a folder that no object stands for remains nothing but the beginning of keys.
        """
        return folder.st_nlink > 0 or not self.destination.keeps_both

    @property
    def verifies_transferred(self) -> bool:
        """Whether what was transferred is verified, rather than everything or nothing.

        What OverwriteMode NEVER kept as it was may well differ: that is no fault of the transfer.
        """
        mode = self.options.verify_mode
        if mode == m.VerifyMode.POINT_IN_TIME_CONSISTENT:
            return self.never_overwrites or self.tally.is_enhanced
        return mode != m.VerifyMode.NONE


@contextmanager
def open_sides(job: Job, watch: Watch, tally: Tally) -> Iterator[Sides]:
    """Open both places; close and tidy up in the end, whatever happens.

    Raises:
        TransferError: a place cannot be opened, or written to; or both are the same.

    """
    policy = Policy(job.options, metadata_of_place(job.source), metadata_of_place(job.destination))
    names_files = isinstance(job.destination, FolderPlace)
    with ExitStack() as stack:
        source: Top
        destination: Target
        with access("source", "open"):
            if isinstance(job.source, FolderPlace):
                source = Root(job.source.folder)
            else:
                source = Bucket(job.source, reads_tags=policy.keeps_tags, names_files=names_files)
        stack.callback(source.close)
        with access("destination", "open"):
            if isinstance(job.destination, FolderPlace):
                destination = TargetFolder(job.destination.folder, job.destination.metadata)
            else:
                destination = TargetBucket(job.destination, reads_tags=policy.keeps_tags)
        stack.callback(destination.close)
        if isinstance(source, Root) and isinstance(destination, Root):
            source.keep_out_of(destination)
            destination.keep_out_of(source)
        with access("destination", "write to"):
            destination.begin(job.name)
        requests = requests_of(job)
        if requests is not None:
            stack.callback(requests.close)
        if isinstance(destination, TargetFolder):
            policy.may_chown = may_chown = destination.staging.may_chown
            if policy.destination is not Metadata.OBJECT:  # Their time is in an attribute, as exact as any.
                policy.grain_ns = destination.staging.grain_ns
        else:
            may_chown = os.geteuid() == 0  # Nothing is given away: only that attributes count for nothing.
        carriers = [
            carrier_at(place, may_chown=may_chown, unlocks=place is job.destination)
            for place in (job.source, job.destination)
        ]
        is_posix = all(isinstance(each, PosixCarrier) for each in carriers)
        is_plain = is_posix and may_chown
        yield Sides(
            source=source,
            destination=destination,
            source_carrier=carriers[0],
            destination_carrier=carriers[1],
            policy=policy,
            options=with_default(job),
            selection=Selection(job.includes, job.excludes),
            throttle=Throttle(watch),
            tally=tally,
            watch=watch,
            requests=requests,
            never_overwrites=job.options.overwrite_mode == m.OverwriteMode.NEVER,
            is_posix=is_posix,
            is_plain=is_plain,
            copies_all=is_plain and policy.keeps_all,
        )


@contextmanager
def access(side: Side, verb: str) -> Iterator[None]:
    """What goes wrong ends the transfer, with an error that says at which side."""
    try:
        yield
    except OSError as error:
        said = f"DataSync could not {verb} the {side} location: {describe(error)}"
        raise TransferError(f"{side.capitalize()}AccessFailed", said) from error


def requests_of(job: Job) -> Requests | None:
    """What makes requests, if there is a bucket."""
    most = [place.requests for place in (job.source, job.destination) if isinstance(place, BucketPlace)]
    return Requests(min(most)) if most else None


def metadata_of_place(place: Place) -> Metadata:
    """What the files of a place carry."""
    return place.metadata if isinstance(place, FolderPlace) else Metadata.OBJECT


def carrier_at(place: Place, *, may_chown: bool, unlocks: bool) -> ReadingCarrier:
    """How the files of a place keep what they carry."""
    if not isinstance(place, FolderPlace):
        return BucketCarrier()
    return carrier_of(place.metadata, may_chown=may_chown, unlocks=unlocks)


def with_default(job: Job) -> m.Options:
    """The options, with the one default that is not the same in both modes."""
    if job.options.verify_mode is not None:
        return job.options
    is_enhanced = job.mode == m.TaskMode.ENHANCED
    modes = m.VerifyMode
    mode = modes.ONLY_FILES_TRANSFERRED if is_enhanced else modes.POINT_IN_TIME_CONSISTENT
    return evolve(job.options, verify_mode=mode)
