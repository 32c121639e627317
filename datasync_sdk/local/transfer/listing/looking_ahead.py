"""Asks buckets about the next entries of a folder while the one at hand is judged.

A listing of a bucket says neither what an object carries nor what there is of the same name in another
place: each costs a request. Which are needed is known as soon as an entry is; the answers are there when it
is judged.
"""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeAlias

from datasync_sdk import models as m
from datasync_sdk.local.transfer.listing.selection import Selected
from datasync_sdk.local.transfer.metadata.object_status import whole
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.requests import Requests
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.buckets import Bucket
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.storage.object_access import BucketEntry
from datasync_sdk.local.transfer.storage.places import Entry, Lookup

__all__ = ["LookingAhead"]

Answer: TypeAlias = Callable[[], Status]


class LookingAhead:
    """Looks at one folder at a time, for the thread of the transfer."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._compares = sides.options.transfer_mode != m.TransferMode.ALL and not sides.never_overwrites
        """Whether it matters what objects carry that both sides have."""
        self._copies: dict[tuple[str, bool], Answer] = {}

    def entries(self, path: str, entries: Iterator[Entry], *, looks: bool) -> Iterator[Entry]:
        """The same entries in the same order; `looks` tells that they will be looked up, too."""
        requests = self._sides.requests
        return entries if requests is None else self._ahead(requests, path, entries, looks)

    def lookup(self, path: str, *, looks: bool) -> Lookup:
        """What looks for the names of entries at the destination. Raises OSError."""
        if not looks:
            return nowhere
        look = self._sides.destination.lookup(path)
        if self._sides.requests is None:
            return look

        def look_up(name: str, is_folder: bool | None, version: str | None = None, /) -> Status:
            answer = self._copies.pop((name, bool(is_folder)), None)
            return look(name, is_folder, version) if answer is None else answer()

        return look_up

    def _ahead(self, requests: Requests, path: str, entries: Iterator[Entry], looks: bool) -> Iterator[Entry]:
        self._copies.clear()
        waiting: deque[Entry] = deque()
        for entry in entries:
            waiting.append(self._asked(requests, path, entry, looks))
            if len(waiting) >= requests.most:
                yield waiting.popleft()
        yield from waiting

    def _asked(self, requests: Requests, path: str, entry: Entry, looks: bool) -> Entry:
        """Ask all that takes a request."""
        destination, name, is_folder = (
            self._sides.destination,
            entry.name,
            entry.is_dir(follow_symlinks=False),
        )
        if self._sides.selection.of(joined(path, name), is_folder) is Selected.NO:
            return entry
        is_of_bucket = isinstance(entry, BucketEntry)
        if is_of_bucket and not is_folder and looks and self._compares:
            return self._object(requests, path, entry)
        if looks and isinstance(destination, Bucket):
            look = destination.lookup(path)
            self._copies[name, is_folder] = requests.begin(lambda: self._whole(look(name, is_folder)))
        if is_of_bucket and is_folder:
            found = requests.begin(lambda: entry.stat(follow_symlinks=False))
            return BucketEntry(name, found, is_folder=True)
        return entry

    def _object(self, requests: Requests, path: str, entry: Entry) -> Entry:
        """Ask what an object carries, if there is something that it is compared with."""
        destination, name = self._sides.destination, entry.name
        with suppress(OSError):  # Whatever is wrong is told when the entry is judged.
            found, look = entry.stat(follow_symlinks=False), destination.lookup(path)
            if isinstance(destination, Bucket):
                self._copies[name, False] = requests.begin(lambda: self._whole(look(name, False), found))
                return BucketEntry(name, lambda: found, is_folder=False)
            look(name, False)
            return BucketEntry(name, requests.begin(lambda: self._whole(found)), is_folder=False)
        return entry

    def _whole(self, found: Status, *others: Status) -> Status:
        for each in (found, *others) if self._compares else ():
            with suppress(OSError):  # As above.
                whole(each)
        return found


def nowhere(_: str, __: bool | None, ___: str | None = None, /) -> Status:
    """Look for a name where nothing is."""
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
