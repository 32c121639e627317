"""The contract of a transfer: what it is given, what it asks on the way, what it gives back.

    ended = run(job, watch, counters, results)

`run` is in `datasync_sdk.local.transfer.engine`. Nothing here, or below, knows of tasks, ARNs or the state
of the service: a job is two places, options and filters. Paths of items are relative to the places, begin
with `/`, and are texts in which bytes that are not UTF-8 are kept as `os.fsdecode` keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk.local.transfer.outcome.counters import Counters
from datasync_sdk.local.transfer.outcome.outcomes import ItemResult, Outcome

__all__ = [
    "Action",
    "BucketPlace",
    "Cancelled",
    "Counters",
    "Ended",
    "FolderPlace",
    "ItemResult",
    "Job",
    "ManifestEntry",
    "Metadata",
    "Outcome",
    "PhaseEnd",
    "Place",
    "Results",
    "Side",
    "TransferError",
    "Watch",
]

Action: TypeAlias = Literal["list", "read", "write", "verify", "delete"]
Side: TypeAlias = Literal["source", "destination"]


class Metadata(Enum):
    """What the files of a location carry."""

    POSIX = "POSIX"
    """Owner, group, permissions and times, as files on Linux and macOS do."""

    OBJECT = "OBJECT"
    """Object metadata and tags: the folder stands for a bucket, its files for objects."""

    WINDOWS = "WINDOWS"
    """Times only. Security descriptors are not kept."""


@frozen(kw_only=True)
class FolderPlace:
    """A folder of this machine."""

    folder: Path
    """It exists and is trusted: the way to it may hold links. The location's subdirectory is part of it."""

    metadata: Metadata


@frozen(kw_only=True)
class BucketPlace:
    """A real bucket of an endpoint that speaks S3. boto3 finds credentials where it always does."""

    bucket: str
    prefix: str
    """Of the keys; it is empty or ends in a slash. The location's subdirectory is part of it."""

    endpoint_url: str | None = None
    """None stands for AWS, or what the configuration of boto3 says instead."""

    profile: str | None = None
    """Of the configuration of boto3."""

    requests: int = 16
    """How many may be under way at a time: of small objects each takes as long as the way to the bucket."""


Place: TypeAlias = FolderPlace | BucketPlace


@frozen(kw_only=True)
class ManifestEntry:
    """A line of a manifest."""

    path: str
    """With or without a `/` in front."""

    version_id: str | None = None
    """Of an object in a bucket. Folders keep no versions, so that an entry that has one is a failed file."""


@frozen(kw_only=True)
class Job:
    """A transfer to be made."""

    name: str
    """As `exec-0123456789abcdef0`. Two jobs that run at the same time have different names."""

    source: Place
    destination: Place
    mode: m.TaskMode
    options: m.Options
    """Merged and effective. What is None has the documented default."""

    includes: tuple[m.FilterRule, ...] = ()
    excludes: tuple[m.FilterRule, ...] = ()

    manifest: Iterable[ManifestEntry] | None = None
    """What to transfer; None for everything. It is gone through more than once."""

    workdir: Path
    """An empty folder for the plan. The caller removes it."""


class Watch(Protocol):
    """How the caller follows and steers a transfer. All methods are quick."""

    def enter(self, phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        """PREPARING, TRANSFERRING or VERIFYING begins; `before` are the phases that are over.

        In Enhanced mode none is over before all are.
        """

    def checkpoint(self) -> None:
        """Called often: for each file, and each chunk of a big one. Raises `Cancelled`."""

    def limit(self) -> int:
        """Bytes per second now; -1 for no limit. It may change at any time."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait. Raises `Cancelled`, at once, when the transfer is to end."""

    def fault(self, action: Action, side: Side, path: str) -> None:
        """Raise an OSError where a test asked for one. Of a big file each chunk asks again."""

    def corrupts(self, path: str) -> bool:
        """Whether a test asked that what is written there be damaged."""
        ...


class Results(Protocol):
    """Takes the outcome of each item, for a task report."""

    def wants(self, outcome: Outcome) -> bool:
        """Whether successes of this kind are of interest. Failures always are. Asked once, at the start."""
        ...

    def add(self, result: ItemResult) -> None:
        """Take one."""


@frozen(kw_only=True)
class PhaseEnd:
    """How a phase has ended."""

    status: m.PhaseStatus

    milliseconds: int
    """How long it took; in Enhanced mode, where all is one stream, 0."""


@frozen(kw_only=True)
class Ended:
    """How a transfer that went to its end did."""

    phases: tuple[PhaseEnd, ...]
    """Preparing, transferring, verifying."""

    total_duration: int
    """Milliseconds of the whole, in either mode."""

    error_code: str | None
    """None if the execution is a SUCCESS."""
    error_detail: str | None

    failed: int
    """How many items failed, folders included, in either mode."""
    failures: str | None
    """The same in words, with the first of them; None if none failed."""


class Cancelled(Exception):  # noqa: N818  # It is no error: somebody wanted it.
    """The transfer is to end now. Files at the destination are whole: old ones or new ones."""


class TransferError(Exception):
    """The transfer cannot go on.

    Attributes:
        code: what an execution has as ErrorCode.
        detail: what happened, as a sentence.

    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
