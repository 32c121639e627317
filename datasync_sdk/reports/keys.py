"""Where the objects of a task report are, and in which order they are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Self

from attrs import frozen

from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk.errors import ReportError
from datasync_sdk.models.describe_task_execution import DescribeTaskExecutionResponse
from datasync_sdk.objects import bucket_name

__all__ = ["ReportKey", "ReportKeys", "ReportKind", "ReportPlace"]

DETAILS: Final = "Detailed-Reports"
SUMMARIES: Final = "Summary-Reports"

PART: Final = re.compile(
    r"(?:.*/)?(?P<execution>exec-[^/.]+)\.files-(?P<kind>[^/]+)-v(?P<version>\d+)-(?P<number>\d+)-(?P<tag>[^/-]+)\.json",
    re.DOTALL,
)
# How AWS names it is not documented, except for the folder.
SUMMARY: Final = re.compile(
    r"(?:(?:.*/)?Summary-Reports/(?:.*/)?|(?:.*/)?(?=[^/]*summary))(?P<execution>exec-[^/.]+)[^/]*\.json",
    re.DOTALL,
)


class ReportKind(OpenEnum):
    """What a list of a task report tells of. A word that is not known here is kept."""

    TRANSFERRED = "transferred"
    VERIFIED = "verified"
    DELETED = "deleted"
    SKIPPED = "skipped"


ORDER: Final = {kind: place for place, kind in enumerate(ReportKind)}


@frozen(kw_only=True)
class ReportKey:
    """The key of an object that is a part of a task report, or its summary."""

    key: str
    """The whole of it, as it was given."""
    execution_id: str
    """Of which execution: `exec-...`."""
    kind: ReportKind | None
    """What it lists; None for a summary."""
    version: int = 0
    """Of the form of the report, if it is a part: the `1` of `v1`."""
    number: int = 0
    """Which of the parts of a list it is, counted from 1."""
    tag: str = ""
    """Hexadecimal digits, by which the names of two reports differ."""

    @classmethod
    def parse(cls, key: str) -> Self | None:
        """Take a key apart; None, if it is of something else. Only its name counts, not the folders above."""
        if found := PART.fullmatch(key):
            return cls(
                key=key,
                execution_id=found["execution"],
                kind=ReportKind(found["kind"]),
                version=int(found["version"]),
                number=int(found["number"]),
                tag=found["tag"],
            )
        if found := SUMMARY.fullmatch(key):
            return cls(key=key, execution_id=found["execution"], kind=None)
        return None


@frozen(kw_only=True)
class ReportKeys:
    """The objects of the report of one execution, among the keys of a bucket."""

    execution_id: str
    summary: ReportKey | None
    """None, if there is none, as in a folder to which only the lists were downloaded."""
    parts: tuple[ReportKey, ...]
    """In the order in which they are read: transferred, verified, deleted and skipped items, by number."""
    problems: tuple[str, ...] = ()
    """What shows that something is missing, or too much: parts that are not there, or are there twice."""

    @classmethod
    def of(cls, keys: Iterable[str], execution: str | None = None) -> Self:
        """Find the report of an execution.

        Args:
            keys: those of the bucket, or of the part of it where the report is; others do not matter.
            execution: its ARN or its id, `exec-...`; None if there are reports of one only.

        Raises:
            ReportError: there is no report of it; or there are those of several, and it is not said which.
        """
        found = [parsed for key in keys if (parsed := ReportKey.parse(key))]
        wanted = execution.rpartition("/")[2] if execution else only_one(found)
        mine = sorted((key for key in found if key.execution_id == wanted), key=_place)
        if not mine:
            there = _told(sorted({key.execution_id for key in found})) or "none at all"
            raise ReportError(f"There is no task report of {wanted!r}, but of {there}.")
        summaries = [key for key in mine if key.kind is None]
        parts = tuple(key for key in mine if key.kind is not None)
        return cls(
            execution_id=wanted,
            summary=summaries[0] if summaries else None,
            parts=parts,
            problems=(*_twice("summary", summaries), *_problems(parts)),
        )

    def parts_of(self, *kinds: ReportKind | str) -> tuple[ReportKey, ...]:
        """The parts of some lists, or of all if none is named. One that is known may have no parts.

        Raises:
            ValueError: there is no such list, here or in any report.
        """
        there = {*ReportKind, *(part.kind for part in self.parts)}
        for kind in kinds:
            if kind not in there:
                known = ", ".join(map(str, ReportKind))
                raise ValueError(f"a report has no list {str(kind)!r:.60}: its lists are {known}")
        return tuple(part for part in self.parts if not kinds or part.kind in kinds)

    def check(self) -> None:
        """Refuse a report that is not complete, as far as its keys show. Raises ReportError."""
        if self.problems:
            raise ReportError(
                f"The task report of {self.execution_id} cannot be trusted: {'; '.join(self.problems)}. "
                "Download it again, or say strict=False to read what is there."
            )


@frozen(kw_only=True)
class ReportPlace:
    """Where the report of an execution is."""

    bucket: str
    """The ARN of the bucket, or of its access point."""
    execution: str
    """The ARN of the execution."""
    prefix: str = ""
    """What all keys of reports begin with; it is empty or ends in a slash."""

    @classmethod
    def of(cls, execution: DescribeTaskExecutionResponse) -> Self | None:
        """Where an execution puts its report, from its description; None if none is wanted."""
        config = execution.task_report_config
        s3 = config.destination.s3 if config and config.destination else None
        if s3 is None or execution.task_execution_arn is None:
            return None
        folder = (s3.subdirectory or "").strip("/")
        prefix = f"{folder}/" if folder else ""
        return cls(bucket=s3.s3_bucket_arn, execution=execution.task_execution_arn, prefix=prefix)

    def __str__(self) -> str:
        """The bucket and the folder of all reports in it, as `aws s3 ls` takes them, for a log or a mail."""
        return f"s3://{bucket_name(self.bucket)}/{self.prefix}"

    @property
    def prefixes(self) -> tuple[str, str]:
        """What the keys begin with: those of the summary, and those of the lists.

        `[prefix/]Summary-Reports/task-.../exec-.../`, and the same with `Detailed-Reports`.
        https://docs.aws.amazon.com/datasync/latest/userguide/task-report-viewing.html

        Raises:
            ReportError: the ARN is not that of an execution.
        """
        found = re.fullmatch(r".*:task/(task-[^/]+)/execution/(exec-[^/]+)", self.execution)
        if not found:
            raise ReportError(f"{self.execution!r:.200} is not the ARN of a task execution.")
        task, name = found.groups()
        return f"{self.prefix}{SUMMARIES}/{task}/{name}/", f"{self.prefix}{DETAILS}/{task}/{name}/"


def only_one(found: Iterable[ReportKey]) -> str:
    """The execution that all keys are about. Raises ReportError."""
    there = sorted({key.execution_id for key in found})
    if not there:
        raise ReportError("There is no task report. Is it the folder, or the beginning of the keys, of one?")
    if len(there) > 1:
        raise ReportError(f"There are task reports of {len(there)} executions: name one of {_told(there)}.")
    return there[0]


def _told(names: list[str]) -> str:
    return ", ".join([*names[:5], *(["..."] if names[5:] else [])])


def _place(key: ReportKey) -> tuple[int, str, int, int, str, str]:
    kind = key.kind or ReportKind.TRANSFERRED
    return ORDER.get(kind, len(ORDER)), str(kind), key.version, key.number, key.tag, key.key


def _problems(parts: Iterable[ReportKey]) -> Iterator[str]:
    """What shows that a list is not complete, list by list. That its end is missing cannot be seen."""
    lists: dict[str, list[ReportKey]] = {}
    for part in parts:
        lists.setdefault(f"{part.kind}-v{part.version}", []).append(part)
    for name, mine in lists.items():
        numbers = {part.number for part in mine}
        if missing := [f"{number:05d}" for number in range(1, max(numbers)) if number not in numbers]:
            yield f"of {name}, the parts {_told(missing)} are missing"
        for number, count in sorted(Counter(part.number for part in mine).items()):
            if count > 1:
                yield from _twice(f"{name}, part {number:05d},", [p for p in mine if p.number == number])


def _twice(what: str, keys: list[ReportKey]) -> Iterator[str]:
    if len(keys) > 1:
        yield f"{what} is there {len(keys)} times: {_told([key.key for key in keys])}"
