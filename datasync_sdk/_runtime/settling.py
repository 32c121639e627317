"""Trying again what settles by itself.

A few refusals are true only for a while: a new IAM role, for one, is known everywhere only after a minute or
so, and until then a service may say that it cannot assume it. Such an error says so by its `settles`. What
the service refused has not happened, so asking again is safe.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain, repeat

from datasync_sdk._runtime.errors import ConfigurationError, ServiceError

PAUSES = (2.0, 4.0, 8.0)
LONGEST_PAUSE = 15.0
"""Seconds between tries: few at first, and then always as many."""

DEFAULT_SECONDS = 120.0
"""How long is tried again, unless a client is told otherwise."""


def checked_seconds(seconds: object) -> float:
    """How long to try again, which must be a number that is not negative."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise ConfigurationError(
            f"settle_seconds must be a number of seconds, or 0 to never try again, not {seconds!r:.60}"
        )
    return float(seconds)


class Settling:
    """The tries of one call."""

    def __init__(self, seconds: float, now: float, log: logging.Logger) -> None:
        """Begin with the first refusal.

        Args:
            seconds: for how long to try again.
            now: the moment by the client's clock.
            log: who is told of each try.
        """
        self._until = now + seconds
        self._log = log
        self._level = logging.WARNING  # Once, so that nobody wonders what a program waits for.
        self._pauses: Iterator[float] = chain(PAUSES, repeat(LONGEST_PAUSE))

    def pause(self, error: ServiceError, now: float) -> float | None:
        """How many seconds to wait before the next try; None where the time is up.

        The last try is made when the time is up, and not before.
        """
        left = self._until - now
        if left <= 0:
            return None
        pause = min(next(self._pauses), left)
        level, self._level = self._level, logging.INFO
        text = "%s: %s (this can settle by itself: trying again in %.0f s, and for %.0f s at most)"
        self._log.log(level, text, error.operation, error.message, pause, left)
        return pause
