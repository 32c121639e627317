"""What is to become of an item: transferred, its metadata alone, skipped, or failed before it begins."""

from __future__ import annotations

import errno
from typing import TypeAlias

from datasync_sdk import models as m
from datasync_sdk.local.transfer.listing.compare import difference
from datasync_sdk.local.transfer.listing.selection import Selected
from datasync_sdk.local.transfer.metadata.status import Status
from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, TransferType, kind_of
from datasync_sdk.local.transfer.outcome.tally import UNCHANGED, Tally
from datasync_sdk.local.transfer.records import CONTENT, METADATA, Item, Same
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined

__all__ = ["CHANGED", "EXISTS", "NEW", "SELECTED", "Judge"]

EXISTS, SELECTED, CHANGED, NEW = 1, 2, 4, 8
"""Of a folder: the destination has it; filters select it; its metadata differs; it is to be made."""

Source: TypeAlias = tuple[int, Status]
Copy: TypeAlias = tuple[int, Status | None]
"""An open folder, and what is known of an item in it."""

KEPT = "The destination has something of this name, and OverwriteMode is NEVER."
NOT_A_FILE = "It is neither a file, a folder, a link nor a device."
NO_DEVICES = "It is a device, and PreserveDevices is NONE or the destination keeps none."
NO_LINKS = "It is a symbolic link, which only POSIX file systems on both sides keep."


class Judge:
    """Judges one item after the other, and adds up what is to be transferred."""

    def __init__(self, sides: Sides, tally: Tally) -> None:
        self._sides = sides
        self._tally = tally
        self.compares = sides.options.transfer_mode != m.TransferMode.ALL
        """Whether what is equal is left alone."""
        self.looks = self.compares or sides.never_overwrites
        """Whether the destination is looked at."""
        self._files = self._folders = self._size = 0

    def flush(self) -> None:
        """Tell the counters."""
        if self._files or self._folders:
            self._tally.planned(self._files, self._folders, self._size, is_compared=self.compares)
            self._files = self._folders = self._size = 0

    def looks_into(self, path: str, flags: int) -> bool:
        """Whether there is something at the destination to compare with. Raises OSError."""
        if not self.looks or not flags & EXISTS:
            return False
        self._sides.watch.fault("list", "destination", f"/{path}")
        return not self._sides.destination.is_empty(path)

    def what_of_folder(self, flags: int) -> str | None:
        """What is to be done about a folder itself."""
        if not flags & SELECTED:
            return None
        if flags & NEW:
            return CONTENT
        return METADATA if flags & CHANGED else None

    def folder(  # noqa: PLR0913, PLR0917
        self, path: str, items: list[Item], name: str, source: Source, copy: Copy, selected: Selected
    ) -> int:
        """Judge a folder: its flags, or -1 if nothing below it can be transferred. Raises OSError."""
        folder, found = copy
        is_selected = selected is Selected.YES and self._sides.is_transferable(source[1])
        flags = SELECTED if is_selected else 0
        if found is None or kind_of(found.st_mode) is not ItemKind.FOLDER:
            if found is not None and is_selected and self._sides.never_overwrites:
                said = "the destination has something else of this name, and OverwriteMode is NEVER"
                raise OSError(errno.EEXIST, said)
            # A file, or a link wherever it leads, gives way to the folder, as it would to another file. Where
            # it may not, that is told when the folder has to be made: perhaps nothing in it is transferred.
            if flags:
                items.append((name, ItemKind.FOLDER.value, CONTENT, found is not None, None))
                self._folders += 1
            return flags | NEW
        flags |= EXISTS
        if not flags & SELECTED:
            return flags
        if self._sides.never_overwrites:
            self._tally.skipped(f"/{joined(path, name)}", ItemKind.FOLDER, KEPT, source[1])
            self._folders += not self.compares
        elif difference(self._sides, ItemKind.FOLDER, name, source, (folder, found)):
            self._folders += 1
            flags |= CHANGED
        else:
            self._tally.skipped(f"/{joined(path, name)}", ItemKind.FOLDER, UNCHANGED, source[1])
        return flags

    def item(  # noqa: PLR0913, PLR0917
        self,
        path: str,
        items: list[Item],
        conflicts: list[Item],
        name: str,
        source: Source,
        copy: Copy,
        version: str | None = None,
    ) -> bool:
        """Judge anything else; true if it is a file that is as it should be. Raises OSError."""
        found, (folder, copied) = source[1], copy
        kind = kind_of(found.st_mode)
        if reason := self._why_not(kind):
            self._tally.skipped(f"/{joined(path, name)}", kind, reason, found)
            return False
        if copied is None:
            self._plan(items, (name, version), kind, found, CONTENT, overwrite=False)
            return False
        if self._sides.never_overwrites:
            self._tally.skipped(f"/{joined(path, name)}", kind, KEPT, found)
            # Of ALL the estimate is "based only on the items that DataSync finds at the source location".
            self._files += not self.compares
            return False
        if kind_of(copied.st_mode) is ItemKind.FOLDER:
            self._plan(conflicts, (name, version), kind, found, CONTENT, overwrite=True)
            return False
        needed: TransferType | None = TransferType.CONTENT_AND_METADATA
        if self.compares and kind is kind_of(copied.st_mode):
            needed = difference(self._sides, kind, name, source, (folder, copied))
        if needed is None:
            self._tally.skipped(f"/{joined(path, name)}", kind, UNCHANGED, found)
            return kind is ItemKind.FILE
        what = METADATA if needed is TransferType.METADATA else CONTENT
        self._plan(items, (name, version), kind, found, what, overwrite=True)
        return False

    def _plan(  # noqa: PLR0913
        self,
        items: list[Item],
        which: Same,
        kind: ItemKind,
        found: Status,
        what: str,
        *,
        overwrite: bool,
    ) -> None:
        name, version = which
        items.append((name, kind.value, what, overwrite, version))
        self._files += 1
        if what == CONTENT and kind is ItemKind.FILE:
            self._size += found.st_size

    def _why_not(self, kind: ItemKind) -> str | None:
        """Why an item of a kind is not transferred at all."""
        policy = self._sides.policy
        if kind is ItemKind.OTHER:
            return NOT_A_FILE
        if kind is ItemKind.LINK and not policy.keeps_links:
            return NO_LINKS
        if kind is ItemKind.DEVICE and not policy.keeps_devices:
            return NO_DEVICES
        return None
