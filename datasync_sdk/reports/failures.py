"""What failed, to be tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from datasync_sdk.manifests.lines import ManifestError, checked
from datasync_sdk.manifests.seen import Seen
from datasync_sdk.reports.entries import ReportEntry
from datasync_sdk.reports.keys import ReportKind

__all__ = ["failed_paths"]


def failed_paths(
    entries: Iterable[ReportEntry], *, left_out: Callable[[ReportEntry], object] | None = None
) -> Iterator[str]:
    """The paths that failed and that a manifest can list, each once, in the order of the report.

        write_manifest(failed_paths(read_report("downloads")), "again.csv")

    Failed is what the report does not call a success, on any list. Not in a manifest can be folders, what
    failed to be deleted (it is not at the source), and paths of over 1,024 bytes. Each path takes
    some 150 bytes of memory.

    Args:
        entries: a report, or a part of it.
        left_out: called with what failed and cannot be in a manifest: `missing.append`.
    """
    seen = Seen()
    for number, entry in enumerate(entries, 1):
        if entry.succeeded:
            continue
        if not _listable(entry):
            if left_out is not None:
                left_out(entry)
        elif seen.add(entry.path, number) is None:
            yield entry.path


def _listable(entry: ReportEntry) -> bool:
    # A manifest takes a slash in front away, and with it the name of an object that begins with one.
    if entry.kind is ReportKind.DELETED or entry.is_folder or entry.path.startswith("/"):
        return False
    try:
        checked(entry.path.encode(), "path")
    except (ManifestError, UnicodeEncodeError):
        return False
    return True
