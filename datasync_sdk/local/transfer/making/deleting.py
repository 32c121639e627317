"""Deletes at the destination what the source does not have."""

from __future__ import annotations

import errno

from datasync_sdk.local.transfer.outcome.outcomes import ItemKind, ItemResult, Outcome, Phase
from datasync_sdk.local.transfer.records import Doomed
from datasync_sdk.local.transfer.sides import Sides
from datasync_sdk.local.transfer.storage.folders import joined

__all__ = ["delete"]


def delete(sides: Sides, folder: str, doomed: list[Doomed]) -> None:
    """Delete items of a folder of the destination. Raises `Cancelled`."""
    for name, is_folder in doomed:
        sides.watch.checkpoint()
        path = f"/{joined(folder, name)}"
        kind = ItemKind.FOLDER if is_folder else ItemKind.FILE
        try:
            sides.watch.fault("delete", "destination", path)
            _delete_one(sides, folder, name, is_folder)
        except FileNotFoundError:
            pass  # Somebody else was faster.
        except OSError as error:
            sides.tally.failed(Phase.DELETE, path, kind, error)
            continue
        sides.tally.deleted(is_folder)
        if sides.tally.wants[Outcome.DELETED]:
            sides.tally.results.add(ItemResult(path=path, kind=kind, outcome=Outcome.DELETED))


def _delete_one(sides: Sides, folder: str, name: str, is_folder: bool) -> None:
    try:
        sides.destination.remove(folder, name, is_folder=is_folder)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
        said = "the folder is not empty: something in it could not be deleted, or is new"
        raise OSError(errno.ENOTEMPTY, said) from error
