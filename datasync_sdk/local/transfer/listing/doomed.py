"""What the destination has and the source has not: what PreserveDeletedFiles REMOVE deletes."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator

from datasync_sdk.local.transfer.listing.selection import Selected, is_reserved
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, Phase
from datasync_sdk.local.transfer.outcome.tally import Tally
from datasync_sdk.local.transfer.records import Doomed, Record
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined, parted

__all__ = ["Doomsayer"]

BATCH = 512


class Level:
    """A folder of the destination whose contents are doomed, on the way down."""

    __slots__ = ("children", "has_kept", "is_listed", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.children: list[str] = []
        self.is_listed = False
        self.has_kept = False
        """Something in it stays, so that it stays."""


class Doomsayer:
    """Finds what is to be deleted. Nothing that filters leave out, nor any folder that holds such."""

    def __init__(self, sides: Sides, tally: Tally) -> None:
        self._sides = sides
        self._tally = tally

    def beside(self, path: str) -> Iterator[Record]:
        """What is in a folder of the destination, and not in that of the source, with all below."""
        top = Level(path)
        yield from self._list(top, self._is_at_source)
        for name in top.children:
            yield from self._below(joined(path, name), deletes_top=True)

    def inside(self, path: str) -> Iterator[Record]:
        """All that is below a folder of the destination, but not the folder."""
        yield from self._below(path, deletes_top=False)

    def _below(self, top: str, *, deletes_top: bool) -> Iterator[Record]:
        levels = [Level(top)]
        while levels:
            level = levels[-1]
            if not level.is_listed:
                level.is_listed = True
                yield from self._list(level, nowhere)
            elif level.children:
                levels.append(Level(joined(level.path, level.children.pop())))
            else:
                levels.pop()
                if not levels and not deletes_top:
                    return
                folder, name = parted(level.path)
                if level.has_kept or not self._is_selected(level.path, is_folder=True):
                    if levels:
                        levels[-1].has_kept = True
                    continue
                self._tally.doomed(0, 1)
                yield "delete", folder, [(name, True)]

    def _list(self, level: Level, is_at_source: Callable[[str, str, bool], bool]) -> Iterator[Record]:
        """Doom the files of a folder; remember its folders."""
        sides, path = self._sides, level.path
        doomed: list[Doomed] = []
        folders = files = 0
        try:
            sides.watch.fault("list", "destination", f"/{path}")
            with sides.destination.scan(path) as entries:
                for entry in entries:
                    name = entry.name
                    is_folder = entry.is_dir(follow_symlinks=False)
                    if not name or is_reserved(name):
                        level.has_kept = True
                        continue
                    folders, files = folders + is_folder, files + (not is_folder)
                    if is_at_source(path, name, is_folder):
                        continue
                    if is_folder:
                        if self._may_hold(joined(path, name)):
                            level.children.append(name)
                        else:
                            level.has_kept = True
                    elif self._is_selected(joined(path, name), is_folder=False):
                        doomed.append((name, False))
                    else:
                        level.has_kept = True
                    if len(doomed) >= BATCH:
                        sides.watch.checkpoint()
                        self._tally.doomed(len(doomed), 0)
                        yield "delete", path, doomed
                        doomed = []
        except OSError as error:
            level.has_kept = True
            self._tally.failed(Phase.LIST, f"/{path}", ItemKind.FOLDER, error)
        self._tally.listed_for_delete(files, folders)
        if doomed:
            self._tally.doomed(len(doomed), 0)
            yield "delete", path, doomed

    def _is_at_source(self, path: str, name: str, is_folder: bool) -> bool:
        """Whether the source has something of a name; yes if nobody can tell, so that the copy stays."""
        needs_kind = self._sides.destination.keeps_both
        try:
            found = self._sides.source.lookup(path)(name, is_folder if needs_kind else None)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return not needs_kind or stat.S_ISDIR(found.st_mode) == is_folder

    def _is_selected(self, path: str, *, is_folder: bool) -> bool:
        selection = self._sides.selection
        return selection.is_everything or selection.of(path, is_folder) is Selected.YES

    def _may_hold(self, path: str) -> bool:
        selection = self._sides.selection
        return selection.is_everything or selection.of(path, is_folder=True) is not Selected.NO


def nowhere(path: str, name: str, is_folder: bool) -> bool:
    """What is below a folder that the source does not have, the source does not have."""
    del path, name, is_folder
    return False
