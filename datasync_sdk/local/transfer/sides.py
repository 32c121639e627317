"""The two sides of a transfer, and what all its parts share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from attrs import evolve, frozen

from datasync_sdk import models as m
from datasync_sdk.local.transfer.carriers import OWNER, Carrier, PosixCarrier, carrier_of
from datasync_sdk.local.transfer.folders import Root
from datasync_sdk.local.transfer.job import BucketPlace, FolderPlace, Job, Place, TransferError, Watch
from datasync_sdk.local.transfer.limit import Throttle
from datasync_sdk.local.transfer.outcomes import describe
from datasync_sdk.local.transfer.policy import Policy
from datasync_sdk.local.transfer.selection import Selection
from datasync_sdk.local.transfer.staging import Staging
from datasync_sdk.local.transfer.tally import Tally
from datasync_sdk.local.transfer.xattrs import read_at

__all__ = ["Sides", "open_sides"]


@frozen(kw_only=True, eq=False)
class Sides:
    """Source and destination, opened, with what is to be observed on the way."""

    source: Root
    destination: Root
    source_carrier: Carrier
    destination_carrier: Carrier
    policy: Policy
    options: m.Options
    selection: Selection
    staging: Staging
    throttle: Throttle
    tally: Tally
    watch: Watch

    is_posix: bool
    """Both sides are."""

    is_plain: bool
    """Both sides are POSIX, and a `stat` of a file of root's says all there is to know of it."""

    never_overwrites: bool
    """What exists at the destination is not touched."""

    copies_all: bool
    """Plain, and all metadata of a file of root's is to be that of its `stat`."""

    def keep_same_owner(self, name: str, source: int, copy: int) -> bool:
        """Whether a file has the same owner in its attribute at both sides, or none. Raises OSError."""
        return read_at(source, name, OWNER) == read_at(copy, name, OWNER)

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
        TransferError: a place cannot be opened, or written to.

    """
    source, destination = _folder(job.source), _folder(job.destination)
    with ExitStack() as stack:
        source_root = _root(source, "source")
        stack.callback(source_root.close)
        destination_root = _root(destination, "destination")
        stack.callback(destination_root.close)
        try:
            staging = Staging(destination_root.fd("", write=True), job.name)
        except OSError as error:
            said = f"DataSync could not write to the destination location: {describe(error)}"
            raise TransferError("DestinationAccessFailed", said) from error
        stack.callback(destination_root.lock_again)
        stack.callback(staging.close)
        policy = Policy(job.options, source.metadata, destination.metadata)
        carriers = [
            carrier_of(place.metadata, may_chown=staging.may_chown) for place in (source, destination)
        ]
        is_posix = all(isinstance(each, PosixCarrier) for each in carriers)
        is_plain = is_posix and staging.may_chown
        yield Sides(
            source=source_root,
            destination=destination_root,
            source_carrier=carriers[0],
            destination_carrier=carriers[1],
            policy=policy,
            options=with_default(job),
            selection=Selection(job.includes, job.excludes),
            staging=staging,
            throttle=Throttle(watch),
            tally=tally,
            watch=watch,
            never_overwrites=job.options.overwrite_mode == m.OverwriteMode.NEVER,
            is_posix=is_posix,
            is_plain=is_plain,
            copies_all=is_plain and policy.keeps_all,
        )


def with_default(job: Job) -> m.Options:
    """The options, with the one default that is not the same in both modes."""
    if job.options.verify_mode is not None:
        return job.options
    is_enhanced = job.mode == m.TaskMode.ENHANCED
    modes = m.VerifyMode
    mode = modes.ONLY_FILES_TRANSFERRED if is_enhanced else modes.POINT_IN_TIME_CONSISTENT
    return evolve(job.options, verify_mode=mode)


def _folder(place: Place) -> FolderPlace:
    if isinstance(place, BucketPlace):
        raise TransferError(
            "NotSupported", f"The bucket {place.bucket} cannot be transferred to or from yet."
        )
    return place


def _root(place: FolderPlace, side: str) -> Root:
    try:
        return Root(place.folder, unlocks=side == "destination")
    except OSError as error:
        said = f"DataSync could not open the {side} location: {describe(error)}"
        raise TransferError(f"{side.capitalize()}AccessFailed", said) from error
