"""Which releases of botocore changed what it says of a service, without fetching all of them.

Between two releases that say the same nothing is looked at; between two that differ, the release in the
middle is, and so on. (A change that was taken back before the next release that is looked at stays unseen.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from codegen.errors import CodegenError
from codegen.update import wheels
from codegen.update.wheels import Release

AT_ONCE = 4
"""How many wheels to fetch at a time."""


class Releases:
    """The releases of botocore, each fetched once, when it is asked for."""

    def __init__(self, service: str, here: Release, *, again: bool = False) -> None:
        """List the releases. That which is `here` is fetched only `again`, and need not be among them."""
        listed = wheels.versions()
        self.versions = sorted({*listed, here.botocore}, key=numbers)
        self.newest = len(self.versions) - 1
        self._service = service
        self._fetched: dict[str, Release | None] = {}
        if not (again and here.botocore in listed):
            self._fetched[here.botocore] = here

    def place(self, version: str) -> int:
        """Where a release stands among all."""
        if version not in self.versions:
            raise CodegenError(
                f"botocore {version}: there is no such release; the newest is {self.versions[-1]}"
            )
        return self.versions.index(version)

    def around(self, versions: Iterable[str], end: int) -> tuple[int, ...]:
        """The places of releases and of those before them, with the first place of all and an end.

        Releases that were withdrawn are no places.
        """
        known = {self.place(version) for version in versions if version in self.versions}
        before = {place - 1 for place in known}
        return tuple(sorted(place for place in {0, *known, *before, end} if 0 <= place <= end))

    def last_before(self, version: str) -> Release | None:
        """The release before one."""
        return self.release(self.place(version) - 1)

    def release(self, place: int) -> Release | None:
        """A release; None where it does not know the service yet."""
        version = self.versions[place]
        if version not in self._fetched:
            self._fetched[version] = wheels.fetch(version, self._service)
        return self._fetched[version]

    def fetch(self, places: Iterable[int]) -> None:
        """Fetch releases that will be needed, several at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(self.release, places):
                pass

    def changes(self, places: Sequence[int]) -> Iterator[Release]:
        """The releases whose model is not that of the release before, from the first place to the last.

        The more places between are given where something is known to change, the fewer are fetched to
        find them.
        """
        for start, end in pairwise(places):
            yield from self._changes(start, end)

    def _changes(self, start: int, end: int) -> Iterator[Release]:
        before, after = self.release(start), self.release(end)
        if after is None or (before is not None and before.content[0] == after.content[0]):
            return
        if end - start == 1:
            yield after
            return
        middle = (start + end) // 2
        yield from self._changes(start, middle)
        yield from self._changes(middle, end)


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, by which versions are in order."""
    return tuple(map(int, re.findall(r"\d+", version)))
