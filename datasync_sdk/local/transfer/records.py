"""What a listing finds to do: plain tuples, so that they go to disk and back as they are."""

from __future__ import annotations

from typing import Literal, TypeAlias

from datasync_sdk.local.transfer.outcome.outcomes import ItemKind

__all__ = [
    "CONTENT",
    "IMPLIED",
    "METADATA",
    "TOUCHED",
    "Doomed",
    "Finish",
    "Item",
    "Record",
    "Row",
    "Same",
    "implied",
]

CONTENT = "content"
METADATA = "metadata"
IMPLIED = "implied"
"""A folder that filters do not select: made only because something below it is transferred; never counted."""
TOUCHED = "touched"
"""A folder that is as it should be, but for the time that changes when something in it is transferred."""

Item: TypeAlias = tuple[str, str, str, bool, str | None]
"""Something to be transferred: name, the value of its `ItemKind`, what of it (one of the above), whether
there is one to overwrite, and which version of an object, if it is not the latest."""

Same: TypeAlias = tuple[str, str | None]
"""A file that needs nothing: name and version."""

Doomed: TypeAlias = tuple[str, bool]
"""Something to be deleted: name, whether it is a folder."""

Finish: TypeAlias = tuple[str, str, bool]
"""A folder that gets its metadata when all in it is done: path, one of the above, whether it existed."""

Record: TypeAlias = (
    tuple[Literal["copy"], str, list[Item]]
    | tuple[Literal["late"], str, list[Item]]
    | tuple[Literal["delete"], str, list[Doomed]]
    | tuple[Literal["finish"], str, list[Finish]]
    | tuple[Literal["same"], str, list[Same]]
)
"""Something to be done in a folder:

* `copy`: transfer these items;
* `late`: the same, but after all deletions, since a folder is in the way;
* `delete`: delete these items;
* `finish`: give folders their metadata, after all else; those below come before those above;
* `same`: nothing, these files are equal as far as a listing shows. Only given to who asks for it.
"""

Row: TypeAlias = tuple[str, str, str, bool, str | None, bytes | None, int, int, int]
"""Something that has been transferred: an `Item`, then the checksum of its content, and size, mtime and ctime
of the source at that moment."""


def implied(folder: str, name: str) -> Record:
    """Have a folder made that is only on the way to something."""
    item: Item = (name, ItemKind.FOLDER.value, IMPLIED, False, None)
    return "copy", folder, [item]
