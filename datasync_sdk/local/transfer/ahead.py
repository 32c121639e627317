"""What is asked of a place before it is needed: of a bucket in another thread, of a folder here and now."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from datasync_sdk.local.transfer.making.content import SMALL
from datasync_sdk.local.transfer.metadata.object_status import whole
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.records import Same
from datasync_sdk.local.transfer.requests import Requests, Step
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.buckets import Bucket
from datasync_sdk.local.transfer.storage.places import Stream, Top

__all__ = ["allowed", "looked_up", "opened"]


def looked_up(requests: Requests, top: Top, folder: str, which: Same) -> Step[Status]:
    """What is known of a file that a listing has found; of an object with its metadata. Raises OSError."""
    name, version = which
    if not isinstance(top, Bucket):
        return top.lookup(folder)(name, False, version)
    return (yield from requests.ask(lambda: whole(top.head(top.key(folder, name), version))))


def opened(
    requests: Requests, top: Top, folder: str, which: Same, most: int = SMALL
) -> Step[AbstractContextManager[Stream]]:
    """Open a file, as `Top` does; an object of at most so many bytes has been read by then. Raises OSError.

    A bigger one is opened when its turn comes: a server does not wait for whoever does not read.
    """
    name, version = which
    if isinstance(top, Bucket):
        small = yield from requests.ask(lambda: top.small(folder, name, version, most))
        if small is not None:
            return nullcontext(small)
    return top.open(folder, name, version)


def allowed(sides: Sides, requests: Requests) -> int:
    """How many bytes of an object may be read before they are taken from the limit of bandwidth.

    All that is read so together is no more than what may be taken at once.
    """
    return SMALL if sides.watch.limit() <= 0 else min(SMALL, sides.throttle.chunk() // requests.most)
