"""Goes through the tree of the source, beside that of the destination, and finds what there is to do.

Files of a folder come first, then its folders, one after the other: memory holds the names of the folders
that wait on the way down, and one batch of files. Names are looked up at the destination, not listed there,
so that a folder may have any number of files.
"""

from __future__ import annotations

from collections.abc import Iterator

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import TransferError
from datasync_sdk.local.transfer.listing.doomed import Doomsayer
from datasync_sdk.local.transfer.listing.judge import EXISTS, SELECTED, Judge
from datasync_sdk.local.transfer.listing.lengths import LONG_NAME, LONG_PATH, check_length
from datasync_sdk.local.transfer.listing.looking_ahead import LookingAhead
from datasync_sdk.local.transfer.listing.selection import RESERVED, Selected
from datasync_sdk.local.transfer.outcome.outcomes import (
    ITEM_ERRORS,
    ItemKind,
    Outcome,
    Phase,
    describe,
    kind_of,
    told,
)
from datasync_sdk.local.transfer.outcome.tally import Tally
from datasync_sdk.local.transfer.records import IMPLIED, TOUCHED, Finish, Item, Record, Same, implied
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined, parted
from datasync_sdk.local.transfer.storage.places import Entry

__all__ = ["Tree"]

BATCH = 256
"""Items that are listed before any of them is handed on. With two tuples for each, that is so few that the
garbage collector sleeps, which wakes up after 700 and takes a tenth of the time that there is for a file."""

KIND, FOLDER, FILE = 0o170000, 0o040000, 0o100000
"""As in `stat`, whose functions take a tenth of the time that there is for a file."""


class Level:
    """A folder on the way down."""

    __slots__ = ("children", "conflicts", "flags", "is_announced", "is_listed", "is_touched", "marks", "path")

    def __init__(self, path: str, flags: int) -> None:
        self.path = path
        self.flags = flags
        self.is_listed = False
        self.is_touched = False
        self.is_announced = bool(flags & (SELECTED | EXISTS))
        self.children: list[str] = []
        self.marks = bytearray()
        """The flags of each of the children: with 1,000,000 of them a tuple each would be too much."""
        self.conflicts: list[Item] = []


class Tree:
    """A listing of everything, within the filters."""

    def __init__(self, sides: Sides, tally: Tally, *, tells_same: bool = False) -> None:
        """List both sides; `tells_same` also gives the names of files that need nothing."""
        self._sides = sides
        self._tally = tally
        self._judge = Judge(sides, tally)
        self._tells_same = tells_same
        self._tells_skipped = tally.wants[Outcome.SKIPPED]
        self._side = "source"
        self._removes = (
            sides.options.preserve_deleted_files == m.PreserveDeletedFiles.REMOVE and self._judge.looks
        )
        self._doomsayer = Doomsayer(sides, tally)
        self._ahead = LookingAhead(sides)

    def records(self) -> Iterator[Record]:
        """Find what there is to do.

        Raises:
            TransferError: the top folder cannot be listed.

        """
        levels = [Level("", SELECTED | EXISTS)]
        while levels:
            level = levels[-1]
            if not level.is_listed:
                level.is_listed = True
                for record in self._list(level):
                    if record[0] != "same":
                        yield from self._announced(levels)
                        level.is_touched = True
                    yield record
            elif level.children:
                name, flags = level.children.pop(), level.marks.pop()
                levels.append(Level(joined(level.path, name), flags))
            else:
                levels.pop()
                if finish := self._finish(level):
                    yield "finish", level.path, [finish]

    def _announced(self, levels: list[Level]) -> Iterator[Record]:
        """Have folders made that are not selected, since something in them is."""
        for level in levels:
            if not level.is_announced:
                level.is_announced = True
                folder, name = parted(level.path)
                yield implied(folder, name)

    def _finish(self, level: Level) -> Finish | None:
        """How to finish a folder, if there is something to finish."""
        exists = bool(level.flags & EXISTS)
        if not level.path:
            return None  # The top is the location's own folder, no item of it.
        if what := self._judge.what_of_folder(level.flags):
            return level.path, what, exists
        if not level.flags & SELECTED:
            return (level.path, IMPLIED, False) if level.is_announced and not exists else None
        if level.is_touched and not self._sides.never_overwrites:
            return level.path, TOUCHED, exists
        return None

    def _list(self, level: Level) -> Iterator[Record]:
        """Everything that is to be done directly in a folder."""
        try:
            yield from self._compare(level)
        except OSError as error:
            if not level.path:
                said = f"DataSync could not list the {self._side} location: {describe(error)}"
                raise TransferError(f"{self._side.capitalize()}AccessFailed", said) from error
            self._tally.failed(Phase.LIST, f"/{level.path}", ItemKind.FOLDER, error)
            return
        if level.conflicts:
            for name, *_ in level.conflicts if self._removes else ():
                yield from self._doomsayer.inside(joined(level.path, name))
            yield "late", level.path, level.conflicts
            level.conflicts = []

    def _compare(self, level: Level) -> Iterator[Record]:
        """The items of a folder in batches."""
        self._side = "source"
        self._sides.watch.fault("list", "source", f"/{level.path}")
        with self._sides.source.scan(level.path) as found:
            self._side = "destination"
            looks = self._judge.looks_into(level.path, level.flags)
            self._side = "source"
            if looks and self._removes:
                yield from self._doomsayer.beside(level.path)
            entries, is_at_end = self._ahead.entries(level.path, found, looks=looks), False
            while not is_at_end:
                items: list[Item] = []
                same: list[Same] = []
                is_at_end = self._batch(level, entries, looks, items, same)
                self._sides.watch.checkpoint()
                if same and self._tells_same:
                    yield "same", level.path, same
                if items:
                    yield "copy", level.path, items

    def _batch(  # noqa: C901, PLR0912, PLR0915
        self,
        level: Level,
        entries: Iterator[Entry],
        looks: bool,
        items: list[Item],
        same: list[Same],
    ) -> bool:
        """List some more items of a folder, and tell whether there were no others.

        One loop on purpose: it runs once for each file, and nearly all of them need nothing.
        """
        sides, tally, judge, path = self._sides, self._tally, self._judge, level.path
        selection = sides.selection
        copy_folder = sides.destination.fd(path) if looks else -1
        # A folder that is only on the way to something stays as it is, if it is there: also where nothing
        # else is looked at.
        is_there = looks or (selection.has_includes and level.flags & EXISTS)
        lookup = self._ahead.lookup(path, looks=bool(is_there))
        folder = sides.source.fd(path)
        is_plain, same_owner = sides.is_plain, sides.keep_same_owner
        has_short_cut = sides.is_posix and judge.compares and not sides.never_overwrites
        tells_same, may_be_long = self._tells_same, len(path) > LONG_PATH
        known = len(items) + BATCH
        files = folders = unchanged = listed = 0
        for entry in entries:
            name = entry.name
            if name in RESERVED or name.endswith(".snapshot"):
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # It was there a moment ago.
            except OSError as error:
                files += 1
                tally.failed(Phase.PREPARE, f"/{joined(path, name)}", ItemKind.OTHER, error)
                continue
            is_folder = (found.st_mode & KIND) == FOLDER
            selected = Selected.YES
            if not selection.is_everything:
                selected = selection.of(joined(path, name), is_folder)
                if selected is Selected.NO:
                    if (
                        not selection.has_includes
                    ):  # "DataSync lists everything [...] before applying the filter"
                        files, folders = files + (not is_folder), folders + is_folder
                    continue
            files, folders = files + (not is_folder), folders + (is_folder and selected is Selected.YES)
            try:
                if may_be_long or len(name) > LONG_NAME:
                    check_length(path, name)
                copy = None
                if looks or selected is Selected.PERHAPS_BELOW:
                    try:
                        copy = lookup(name, is_folder)
                    except FileNotFoundError:
                        copy = None
                if (
                    copy is not None
                    and has_short_cut
                    and found.st_mtime_ns == copy.st_mtime_ns
                    and found.st_size == copy.st_size
                    and found.st_mode == copy.st_mode
                    and found.st_uid == copy.st_uid
                    and found.st_gid == copy.st_gid
                    and (found.st_mode & KIND) == FILE
                    and (is_plain or same_owner(name, folder, copy_folder))
                ):
                    # Equal in all that any option may compare.
                    unchanged += 1
                    if tells_same:
                        same.append((name, None))
                    if self._tells_skipped:
                        tally.report_skipped(f"/{joined(path, name)}", found)
                elif is_folder:
                    flags = judge.folder(
                        level.path, items, name, (folder, found), (copy_folder, copy), selected
                    )
                    if flags >= 0:
                        level.children.append(name)
                        level.marks.append(flags)
                elif judge.item(path, items, level.conflicts, name, (folder, found), (copy_folder, copy)):
                    same.append((name, None))
            except ITEM_ERRORS as error:
                tally.failed(Phase.PREPARE, f"/{joined(path, name)}", kind_of(found.st_mode), told(error))
            listed += 1
            if listed == known:
                break
        tally.listed(files, folders)
        tally.unchanged(unchanged, 0)
        judge.flush()
        return listed < known
