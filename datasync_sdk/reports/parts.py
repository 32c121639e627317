"""An object of a task report, read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from datasync_sdk.errors import ReportError
from datasync_sdk.reports.entries import ReportEntry
from datasync_sdk.reports.keys import ReportKey, ReportKind

__all__ = ["document", "read_part"]


def read_part(content: bytes, name: str = "The part of a task report") -> Iterator[ReportEntry]:
    """What a part of a task report tells, item by item.

    Args:
        content: all of the object, which AWS makes no bigger than 5 MB.
        name: its key, for messages; if it is one of a report, the content must be of the same execution.

    Raises:
        ReportError: the content is no part of a report, such as one of which the end is missing; or a row of
            it is none. The items before that were given.
    """
    told = document(content, name)
    key = ReportKey.parse(name)
    if key and told.get("TaskExecutionId") not in {None, key.execution_id}:
        raise ReportError(f"{name} is of another execution, {told['TaskExecutionId']!r:.100}.")
    lists = {member: rows for member, rows in told.items() if isinstance(rows, list)}
    if not lists:
        known = ", ".join(kind.title() for kind in ReportKind)
        raise ReportError(f"{name} is no part of a task report: it has none of the lists {known}.")
    for member, rows in lists.items():
        kind = ReportKind(member.lower())
        for number, row in enumerate(rows, 1):
            try:
                yield ReportEntry.of(kind, row)
            except ValueError as error:
                raise ReportError(f"{name}: row {number} of {member} tells of no item: {error}.") from error


def document(content: bytes, name: str) -> Mapping[str, Any]:
    """An object of a report as JSON. Raises ReportError."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"{name} is no JSON, as if a download had broken off after {len(content):,} bytes: {error}. "
            "Download it again."
        ) from error
    if not isinstance(told, Mapping):
        raise ReportError(f"{name} is no part of a task report: it is JSON, but no object.")
    return told
