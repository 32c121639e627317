"""How long a transfer and its phases took, and how they ended."""

from __future__ import annotations

from datasync_sdk import models as m
from datasync_sdk.local.texts import readable
from datasync_sdk.local.transfer.job import Ended, PhaseEnd, Watch
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

    def __init__(self, watch: Watch, tally: Tally) -> None:
        self._watch = watch
        self._tally = tally
        self._seconds = dict.fromkeys((status for status, _, _ in PHASES), 0.0)
        self._phase: m.TaskExecutionStatus | None = None
        self._start = self._last = watch.monotonic()

    def enter(self, phase: m.TaskExecutionStatus) -> None:
        """Begin a phase, if it is another one than before."""
        if phase != self._phase:
            self._lap()
            self._phase = phase
            self._watch.enter(phase, self._before(phase))

    def phase_ends(self) -> list[PhaseEnd]:
        """How each phase has ended, and the milliseconds that it took.

        In Basic mode an item that failed makes its phase, and the execution, an error. In Enhanced mode all
        is one stream, that an item failed is what FilesFailed tells, and only an execution in which nothing
        succeeded is an error.
        """
        is_enhanced = self._tally.is_enhanced
        is_lenient = is_enhanced and self._tally.successes > 0
        failed = [any(self._tally.failures[phase] for phase in phases) for _, phases, _ in PHASES]
        return [
            PhaseEnd(
                status=m.PhaseStatus.ERROR if has_failed and not is_lenient else m.PhaseStatus.SUCCESS,
                milliseconds=0 if is_enhanced else round(self._seconds[status] * 1000),
            )
            for has_failed, (status, _, _) in zip(failed, PHASES, strict=True)
        ]

    def stop(self) -> int:
        """End the last phase; give the milliseconds of all."""
        self._lap()
        return round((self._last - self._start) * 1000)

    def _before(self, phase: m.TaskExecutionStatus) -> tuple[PhaseEnd, ...]:
        """How the phases before this one have ended; in Enhanced mode none has before the others."""
        count = 0 if self._tally.is_enhanced else [status for status, _, _ in PHASES].index(phase)
        return tuple(self.phase_ends()[:count])

    def _lap(self) -> None:
        now = self._watch.monotonic()
        if self._phase is not None:
            self._seconds[self._phase] += now - self._last
        self._last = now


def ended(tally: Tally, stopwatch: Stopwatch) -> Ended:
    """Judge a transfer that went to its end."""
    total = stopwatch.stop()
    phases = stopwatch.phase_ends()
    code = next(
        (code for end, (_, _, code) in zip(phases, PHASES, strict=True) if end.status == m.PhaseStatus.ERROR),
        None,
    )
    failed = len(tally.failed_items)
    failures = readable(in_words(failed, tally.first_failure)) if failed else None
    return Ended(
        phases=tuple(phases),
        total_duration=total,
        error_code=code,
        error_detail=failures if code else None,
        failed=failed,
        failures=failures,
    )


def in_words(failed: int, first: str) -> str:
    """What to tell of items that failed."""
    return f"1 item failed: {first}" if failed == 1 else f"{failed:,} items failed; the first was {first}"
