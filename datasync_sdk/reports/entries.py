"""What a task report tells of an item, in one form for both that DataSync writes.

Reports of Basic mode have `SrcMetadata`, `FailureReason` and a numeric `FailureCode`; those of Enhanced mode
`SourceMetadata`, `ErrorDetail` and `ErrorCode`. Neither form is documented to the last member: what cannot be
understood is None, and stands in `raw`.
https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html#example-task-reports
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from attrs import field, frozen

from datasync_sdk.reports.keys import ReportKind

__all__ = ["ReportEntry", "ReportMetadata", "Row"]

Row = Mapping[str, Any]

# The verb that the members of a kind of report begin with, such as TransferStatus.
VERBS: Final = {
    ReportKind.TRANSFERRED: "Transfer",
    ReportKind.VERIFIED: "Verify",
    ReportKind.DELETED: "Delete",
    ReportKind.SKIPPED: "Skip",
}


@frozen(kw_only=True)
class ReportMetadata:
    """An item as it was found at one side."""

    type: str | None = None
    """What it is: `Regular`, `Directory`, `Symlink`, `Object`, or another word of AWS's."""
    size: int | None = None
    """Bytes."""
    mtime: datetime | None = None
    """When it was changed: a file or, by its `LastModified`, an object. UTC, cut to microseconds."""
    atime: datetime | None = None
    """When it was read."""
    uid: int | None = None
    gid: int | None = None
    mode: int | None = None
    """Permissions of POSIX, as in `os.chmod`: 0o644."""
    checksum: str | None = None
    """Of the content, as it is written beside the metadata, such as `SHA256:...`."""
    raw: Row = field(factory=dict, hash=False, repr=False)
    """The metadata as they are in the report, with what is not known here. Not to be changed."""


@frozen(kw_only=True)
class ReportEntry:
    """What became of an item."""

    kind: ReportKind
    """Which list it is on: `transferred`, `verified`, `deleted`, `skipped`, or a word that AWS adds."""
    path: str
    """Relative to the location and without a slash in front, as in a manifest. That of the location's own
    folder is empty. Bytes of a name that are not UTF-8 may stand there as `\\xff`."""
    status: str | None = None
    """SUCCESS, FAILED, or another word of AWS's."""
    error_code: str | None = None
    """Such as `AccessDenied` in Enhanced, or `13` in Basic mode."""
    error_detail: str | None = None
    """Why it failed."""
    transfer_type: str | None = None
    """CONTENT, METADATA, CONTENT_AND_METADATA, or another word of AWS's."""
    overwrite: bool | None = None
    """Whether something was replaced."""
    timestamp: datetime | None = None
    """When that was. UTC, cut to microseconds; `raw` has the nanoseconds."""
    skip_reason: str | None = None
    """Why it was not to be transferred."""
    source: ReportMetadata | None = None
    """The item at the source, if the report has it."""
    destination: ReportMetadata | None = None
    """The item at the destination, if the report has it."""
    raw: Row = field(factory=dict, hash=False, repr=False)
    """The row as it is in the report, with what is not known here. Not to be changed."""

    @property
    def succeeded(self) -> bool:
        """Whether the report says so: no word but SUCCESS is taken for it."""
        return self.status == "SUCCESS"

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, as far as the report tells."""
        types = {side.type for side in (self.source, self.destination) if side}
        return "Directory" in types or not self.path or self.path.endswith("/")

    @classmethod
    def of(cls, kind: ReportKind, row: object) -> ReportEntry:
        """Understand a row of a report.

        Raises:
            ValueError: it is none, or has no path.
        """
        if not isinstance(row, dict):
            raise ValueError("it is no object")  # noqa: TRY004  # it is the report that is wrong
        path = row.get("RelativePath")
        if not isinstance(path, str):
            raise ValueError("it has no RelativePath")  # noqa: TRY004  # it is the report that is wrong
        verb = VERBS.get(kind, "")
        return cls(
            kind=kind,
            path=path.removeprefix("/"),
            status=_text(_ending(row, verb, "Status")),
            error_code=_text(_first(row, "ErrorCode", "FailureCode")),
            error_detail=_text(_first(row, "ErrorDetail", "FailureReason")),
            transfer_type=_text(row.get("TransferType")),
            overwrite=_flag(row.get("Overwrite")),
            timestamp=moment(_ending(row, verb, "Timestamp")),
            skip_reason=_text(row.get("SkipReason")),
            source=_side(row, "Source", "Src"),
            destination=_side(row, "Destination", "Dst"),
            raw=row,
        )


def _side(row: Row, enhanced: str, basic: str) -> ReportMetadata | None:
    """An item at one side; None if the row says nothing of it."""
    metadata = _first(row, f"{enhanced}Metadata", f"{basic}Metadata")
    checksum = _text(_first(row, f"{enhanced}Checksum", f"{basic}Checksum"))
    if not isinstance(metadata, dict):
        return None if checksum is None else ReportMetadata(checksum=checksum)
    return ReportMetadata(
        type=_text(metadata.get("Type")),
        size=_number(metadata.get("ContentSize")),
        mtime=moment(_first(metadata, "Mtime", "LastModified")),
        atime=moment(metadata.get("Atime")),
        uid=_number(metadata.get("Uid")),
        gid=_number(metadata.get("Gid")),
        mode=_number(metadata.get("Mode"), base=8),
        checksum=checksum,
        raw=metadata,
    )


def _first(row: Row, name: str, other: str) -> Any:
    value = row.get(name)
    return row.get(other) if value is None else value


def _ending(row: Row, verb: str, end: str) -> Any:
    """A member such as TransferStatus; else one of another verb: not all are documented."""
    name = f"{verb}{end}"
    return row[name] if name in row else next((row[each] for each in row if each.endswith(end)), None)


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def _number(value: object, base: int = 10) -> int | None:
    if isinstance(value, str):
        try:
            return int(value, base)
        except ValueError:
            return None
    return value if isinstance(value, int) else None


def _flag(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())


def moment(value: object) -> datetime | None:
    """A time that is written as ISO 8601, in UTC, cut to microseconds; None if it is not one of any year."""
    try:
        time = datetime.fromisoformat(value if isinstance(value, str) else "")
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
