"""How far an execution is: what its counters say, and what they do not."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from enum import StrEnum
from typing import Final

from attrs import frozen

from datasync_sdk import models as m

__all__ = ["Confidence", "Count", "Phase", "Progress", "Tracker"]

Execution = m.DescribeTaskExecutionResponse
Status = m.TaskExecutionStatus


class Phase(StrEnum):
    """What an execution does.

    https://docs.aws.amazon.com/datasync/latest/userguide/run-task.html#understand-task-execution-statuses
    """

    QUEUED = "queued"
    """It waits until another execution with the same agent or task has ended."""
    LAUNCHING = "launching"
    """DataSync prepares itself. What stays in this phase usually has an agent that cannot be reached."""
    PREPARING = "preparing"
    """DataSync finds out what to transfer. Nobody knows yet how much that is."""
    TRANSFERRING = "transferring"
    """Files move. In Enhanced mode, others are still being found and already verified meanwhile."""
    VERIFYING = "verifying"
    """DataSync compares what it wrote with the source."""
    CANCELLING = "cancelling"
    """Somebody cancelled it, and it will end."""
    ENDED = "ended"
    """Nothing will change any more."""
    RUNNING = "running"
    """It runs, in a status that this SDK does not know."""


PHASES: Final = {
    Status.QUEUED: Phase.QUEUED,
    Status.LAUNCHING: Phase.LAUNCHING,
    Status.PREPARING: Phase.PREPARING,
    Status.TRANSFERRING: Phase.TRANSFERRING,
    Status.VERIFYING: Phase.VERIFYING,
    Status.CANCELLING: Phase.CANCELLING,
    Status.SUCCESS: Phase.ENDED,
    Status.ERROR: Phase.ENDED,
}
BEFORE: Final = frozenset({Phase.QUEUED, Phase.LAUNCHING, Phase.PREPARING})
"""The phases in which an estimate is not one yet."""


class Confidence(StrEnum):
    """How much to believe of a remaining time."""

    NONE = "none"
    """There is none to believe: nobody can know."""
    LOW = "low"
    """The rate or the amount has changed a lot lately, or was seen for a moment only."""
    HIGH = "high"
    """Rate and amount have been the same for a while."""


@frozen(kw_only=True)
class Count:
    """How many of how many."""

    done: int
    """It never goes down."""
    total: int | None
    """None while nobody knows. It is never less than `done`, even where DataSync's estimate is."""


@frozen(kw_only=True)
class Progress:
    """How far an execution is at one moment.

    https://docs.aws.amazon.com/datasync/latest/userguide/API_DescribeTaskExecution.html
    """

    phase: Phase
    status: m.TaskExecutionStatus | None
    """What DataSync calls it, perhaps with a word that is new."""
    bytes: Count
    """Bytes of content that were sent, or written to the destination, whichever is more."""
    files: Count
    """In Basic mode with folders, and not exact: DataSync says so itself."""
    folders: Count | None
    """Enhanced mode only."""
    fraction: float | None
    """The part that has been transferred, from 0 to 1, by bytes, or by files where there are no bytes. None
    while DataSync prepares. It never goes down: where an estimate grows, it stands still. 1 before the end
    means that all is there, and is being verified; in Enhanced mode it is less while files are found."""
    bytes_per_second: float | None
    """Of the last minute; None until it was looked at twice while it transferred."""
    files_per_second: float | None
    remaining: timedelta | None
    """Until all is transferred, at this rate; verification comes after that. None where nobody can know."""
    confidence: Confidence
    """How much to believe of `remaining`."""
    execution: m.DescribeTaskExecutionResponse
    """The whole answer of DataSync."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.phase is Phase.ENDED


WINDOW: Final = 60.0
"""Seconds over which rates are taken."""
STEADY: Final = 1.5
"""The rates of both halves of the window differ by no more than this factor where one can rely on them."""
FEW: Final = 4
"""Looks that are too few to tell whether something is steady."""


@frozen
class Look:
    """What was seen at a moment of a clock that never goes back."""

    at: float
    bytes: int
    files: int
    total: int | None


class Tracker:
    """Makes progress of the answers about one execution, in the order in which they came."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._looks: deque[Look] = deque()
        self._bytes = self._files = self._folders = 0
        self._fraction: float | None = None

    def see(self, execution: Execution, at: float) -> Progress:
        """The progress that an answer shows.

        Args:
            execution: the answer.
            at: when it came, in seconds of a clock that never goes back.
        """
        phase = phase_of(execution)
        moved = max(execution.bytes_written or 0, execution.bytes_transferred or 0)
        self._bytes = max(self._bytes, moved)
        self._files = max(self._files, execution.files_transferred or 0)
        self._folders = max(self._folders, execution.folders_transferred or 0)
        is_known = phase not in BEFORE
        bytes_ = count(self._bytes, execution.estimated_bytes_to_transfer, is_known=is_known)
        files = count(self._files, execution.estimated_files_to_transfer, is_known=is_known)
        folders = count(self._folders, execution.estimated_folders_to_transfer, is_known=is_known)
        self._note(Look(at, bytes_.done, files.done, bytes_.total), phase)
        remaining, confidence = self._remaining(bytes_, phase)
        return Progress(
            phase=phase,
            status=execution.status,
            bytes=bytes_,
            files=files,
            folders=None if execution.folders_transferred is None else folders,
            fraction=self._advance(bytes_, files, execution),
            bytes_per_second=rate([(look.at, look.bytes) for look in self._looks]),
            files_per_second=rate([(look.at, look.files) for look in self._looks]),
            remaining=remaining,
            confidence=confidence,
            execution=execution,
        )

    def _advance(self, bytes_: Count, files: Count, execution: Execution) -> float | None:
        seen = 1.0 if execution.status == Status.SUCCESS else fraction(bytes_, files)
        if seen is not None and (seen < 1 or has_found_all(execution)):
            self._fraction = max(seen, self._fraction or 0.0)
        return self._fraction

    def _note(self, look: Look, phase: Phase) -> None:
        """Keep what rates are made of: looks at an execution that transfers."""
        if phase not in {Phase.TRANSFERRING, Phase.RUNNING}:
            self._looks.clear()
            return
        self._looks.append(look)
        # One that is older than the window stays, so that the window is full.
        while len(self._looks) > FEW and self._looks[1].at <= look.at - WINDOW:
            self._looks.popleft()

    def _remaining(self, bytes_: Count, phase: Phase) -> tuple[timedelta | None, Confidence]:
        seen = rate([(look.at, look.bytes) for look in self._looks])
        if phase is not Phase.TRANSFERRING or not bytes_.total or not seen:
            return None, Confidence.NONE
        try:
            left = timedelta(seconds=round((bytes_.total - bytes_.done) / seen))
        except OverflowError:  # Some thousand years.
            return None, Confidence.NONE
        return left, Confidence.HIGH if self._is_steady() else Confidence.LOW

    def _is_steady(self) -> bool:
        looks = list(self._looks)
        if len(looks) < FEW or looks[0].total != looks[-1].total:
            return False
        middle = len(looks) // 2
        halves = looks[: middle + 1], looks[middle:]
        first, second = (rate([(look.at, look.bytes) for look in half]) for half in halves)
        return bool(first and second) and 1 / STEADY <= (second or 0) / (first or 1) <= STEADY


def phase_of(execution: Execution) -> Phase:
    """What an execution does, by its status; one that is new, or none, is that of something that runs."""
    return PHASES.get(execution.status, Phase.RUNNING) if execution.status else Phase.RUNNING


def has_found_all(execution: Execution) -> bool:
    """Whether the estimate is that of the whole. In Enhanced mode files are found while others move."""
    if execution.task_mode != m.TaskMode.ENHANCED:
        return True
    return execution.status in {Status.VERIFYING, Status.SUCCESS}


def count(done: int, estimate: int | None, *, is_known: bool) -> Count:
    """A count with its estimate, where there is one. Counters may exceed their estimates."""
    is_one = is_known and estimate is not None and estimate >= 0
    return Count(done=done, total=max(done, estimate or 0) if is_one else None)


def fraction(bytes_: Count, files: Count) -> float | None:
    """How much is done of what is to do; None where nobody knows, or there is nothing to do."""
    for counted in (bytes_, files):
        if counted.total:
            return counted.done / counted.total
    return None


def rate(points: list[tuple[float, int]]) -> float | None:
    """How fast something grew between the first and the last of several moments."""
    if len(points) <= 1 or points[-1][0] <= points[0][0]:
        return None
    (start, before), (end, after) = points[0], points[-1]
    return (after - before) / (end - start)
