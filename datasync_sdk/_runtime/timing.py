"""The time by which clients wait: that of this machine, or one that a test turns."""

from __future__ import annotations

import time
from typing import Final, Protocol


class Timing(Protocol):
    """What a client asks about time when it waits."""

    def monotonic(self) -> float:
        """Seconds from some moment, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed; at once where there are none."""


class SystemTiming:
    """The time of this machine."""

    def monotonic(self) -> float:
        """Seconds from some moment, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed; at once where there are none."""
        time.sleep(max(0.0, seconds))


SYSTEM_TIMING: Final = SystemTiming()
"""What clients wait by, unless somebody gives them another."""
