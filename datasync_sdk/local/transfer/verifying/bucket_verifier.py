"""The same as `verifier` where one side is a bucket, or both: with several items under way at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasync_sdk.local.transfer.outcome.outcomes import ITEM_ERRORS, ItemKind, Outcome, Seen, told
from datasync_sdk.local.transfer.records import CONTENT, Item, Record, Row, Same
from datasync_sdk.local.transfer.requests import Requests, Step
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined
from datasync_sdk.local.transfer.verifying.checking import MismatchError
from datasync_sdk.local.transfer.verifying.stream_checking import StreamChecker
from datasync_sdk.local.transfer.verifying.verifier import Verifier

__all__ = ["BucketVerifier", "verifier_of"]

FILE = ItemKind.FILE
"""Only files are looked at here: no bucket has links or devices."""


class BucketVerifier(Verifier):
    """A `Verifier` that has several files under way, also of several folders."""

    def __init__(self, sides: Sides, requests: Requests) -> None:
        super().__init__(sides)
        self._streams = StreamChecker(sides, requests)
        self._window = requests.window()

    def transferred(self, folder: str, rows: list[Row]) -> None:
        """As in `Verifier`, but that some are still under way then."""
        for row in rows:
            self._sides.watch.checkpoint()
            self._window.begin(self._row(folder, row))

    def rest(self) -> None:
        """As in `Verifier`."""
        self._window.finish()

    def everything(self, records: Iterable[Record], copies: Iterable[tuple[str, list[Item]]]) -> None:
        """As in `Verifier`."""
        super().everything(self._to_the_end(records), copies)

    def _to_the_end(self, records: Iterable[Record]) -> Iterator[Record]:
        yield from records
        self.rest()

    def _contents(self, folder: str, names: list[Same]) -> None:
        for which in names:
            self._sides.watch.checkpoint()
            self._window.begin(self._content(folder, which))

    def _row(self, folder: str, row: Row) -> Step[None]:
        path = joined(folder, row[0])
        try:
            self._sides.watch.fault("verify", "destination", f"/{path}")
            seen = yield from self._streams.row(folder, row)
        except ITEM_ERRORS as error:
            self._failed(path, FILE, told(error), row[4])
            if isinstance(error, MismatchError) and row[2] == CONTENT:
                self._take_back(path, row[4])
            return
        self._right(path, seen)

    def _content(self, folder: str, which: Same) -> Step[None]:
        path, version = joined(folder, which[0]), which[1]
        try:
            self._sides.watch.fault("verify", "source", f"/{path}")
            self._sides.watch.fault("verify", "destination", f"/{path}")
            seen = yield from self._streams.content(folder, which)
        except ITEM_ERRORS as error:
            self._failed(path, FILE, told(error), version)
            if isinstance(error, MismatchError):
                self._mismatched.add(path)
            return
        self._right(path, seen)

    def _right(self, path: str, seen: Seen) -> None:
        tally = self._sides.tally
        tally.verified(1, 0)
        if tally.wants[Outcome.VERIFIED]:
            tally.report_seen(f"/{path}", FILE, seen)


def verifier_of(sides: Sides) -> Verifier:
    """How items are verified, from where they are to where they went."""
    return Verifier(sides) if sides.requests is None else BucketVerifier(sides, sides.requests)
