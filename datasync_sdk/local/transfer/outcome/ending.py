"""How long a transfer took, and how it ended."""

from __future__ import annotations

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import Ended, Watch
from datasync_sdk.local.transfer.outcome.outcomes import Phase
from datasync_sdk.local.transfer.outcome.tally import Tally

__all__ = ["Stopwatch", "ended"]

# The phases, as an execution has them, in their order: what failed in them, and what its error code is then.
PHASES = (
    (m.TaskExecutionStatus.PREPARING, (Phase.LIST, Phase.PREPARE), "PrepareFailed"),
    (m.TaskExecutionStatus.TRANSFERRING, (Phase.TRANSFER, Phase.DELETE), "TransferFailed"),
    (m.TaskExecutionStatus.VERIFYING, (Phase.VERIFY,), "VerifyFailed"),
)


class Stopwatch:
    """Tells the watch which phase it is, and takes the time."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._seconds = dict.fromkeys((status for status, _, _ in PHASES), 0.0)
        self._phase: m.TaskExecutionStatus | None = None
        self._start = self._last = watch.monotonic()

    def enter(self, phase: m.TaskExecutionStatus) -> None:
        """Begin a phase, if it is another one than before."""
        if phase != self._phase:
            self._lap()
            self._phase = phase
            self._watch.enter(phase)

    def milliseconds(self, phase: m.TaskExecutionStatus) -> int:
        """How long a phase took."""
        return round(self._seconds[phase] * 1000)

    def stop(self) -> int:
        """End the last phase; give the milliseconds of all."""
        self._lap()
        return round((self._last - self._start) * 1000)

    def _lap(self) -> None:
        now = self._watch.monotonic()
        if self._phase is not None:
            self._seconds[self._phase] += now - self._last
        self._last = now


def ended(tally: Tally, stopwatch: Stopwatch) -> Ended:
    """Judge a transfer that went to its end.

    In Basic mode an item that failed makes the execution an error. In Enhanced mode that is what FilesFailed
    tells, and only an execution in which nothing succeeded is one.
    """
    total = stopwatch.stop()
    counts = [sum(tally.failures[phase] for phase in phases) for _, phases, _ in PHASES]
    failed = len(tally.failed_items)
    is_error = failed > 0 and not (tally.is_enhanced and tally.successes)
    code = next((code for (_, _, code), count in zip(PHASES, counts, strict=True) if count), None)
    statuses = [m.PhaseStatus.ERROR if is_error and count else m.PhaseStatus.SUCCESS for count in counts]
    times = [0 if tally.is_enhanced else stopwatch.milliseconds(status) for status, _, _ in PHASES]
    return Ended(
        prepare_status=statuses[0],
        transfer_status=statuses[1],
        verify_status=statuses[2],
        prepare_duration=times[0],
        transfer_duration=times[1],
        verify_duration=times[2],
        total_duration=total,
        error_code=code if is_error else None,
        error_detail=in_words(failed, tally.first_failure) if is_error else None,
        failed=failed,
    )


def in_words(failed: int, first: str) -> str:
    """What to tell of items that failed."""
    return f"1 item failed: {first}" if failed == 1 else f"{failed:,} items failed; the first was {first}"
