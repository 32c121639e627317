"""Progress in a log: a line now and then, without anything that only a terminal understands."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

import click

from datasync_sdk.cli.displays import texts
from datasync_sdk.cli.displays.display import Display

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Progress

__all__ = ["Lines"]

PAUSE: Final = 23.0
"""Seconds between lines about the same phase, at least. `Poll` looks every 24 to 30 seconds in the end: with
more than that, there would be a line for every other look only, which is none for nearly a minute."""
PARTS: Final = (
    texts.phase_text,
    texts.percent_text,
    texts.files_text,
    texts.bytes_text,
    texts.rate_text,
    texts.left_text,
)


class Lines(Display):
    """A line for each phase, and for each half minute of a long one."""

    def __init__(self, task_execution_arn: str, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing shown.

        Args:
            task_execution_arn: which execution it is.
            now: seconds of a clock that never goes back.
        """
        self._arn = task_execution_arn
        self._now = now
        self._has_begun = False
        self._last: tuple[str, float] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave all as it is."""

    def show(self, progress: Progress) -> None:
        """Write a line, where there is something new to tell."""
        phase = texts.phase_text(progress)
        if not self._has_begun:
            self._has_begun = True
            write(f"watching {self._arn}")
        if progress.has_ended or not self._is_due(phase):
            return
        self._last = phase, self._now()
        write(", ".join(filter(None, (part(progress) for part in PARTS))))

    def _is_due(self, phase: str) -> bool:
        return self._last is None or phase != self._last[0] or self._now() - self._last[1] >= PAUSE

    def end(self, outcome: Outcome) -> None:
        """Write how it ended."""
        for line in texts.outcome_lines(outcome):
            write(line)


def write(line: str) -> None:
    """Write a line with the time, at once."""
    click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}")
