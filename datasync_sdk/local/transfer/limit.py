"""How fast bytes may move: a token bucket whose rate may change at any time."""

from __future__ import annotations

from datasync_sdk.local.transfer.job import Watch

__all__ = ["Throttle"]

CHUNK = 16 * 1024 * 1024
"""Bytes that are moved at once where there is no limit: so many that asking costs nothing."""

PARTS = 8
"""A second's worth of bytes goes in at least so many pieces, so that a new limit counts soon."""

SHORTEST_SLEEP = 0.001
"""Seconds: a clock may be too coarse for less, and would stand still."""

LONGEST_SLEEP = 0.25
"""Seconds after which the limit is looked at again."""


class Throttle:
    """Hands out bytes. Whoever moves some takes them first, in pieces not larger than `chunk`."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._allowance = 0.0
        self._last: float | None = None

    def chunk(self) -> int:
        """How many bytes may be taken at once, at most."""
        limit = self._watch.limit()
        return CHUNK if limit <= 0 else min(CHUNK, max(1, limit // PARTS))

    def take(self, size: int) -> None:
        """Wait until so many bytes may move. Raises `Cancelled`."""
        # Zero bytes per second would never end; the service knows -1 alone as no limit, but takes 0.
        while (limit := self._watch.limit()) > 0:
            burst = max(1, limit // PARTS)
            now = self._watch.monotonic()
            since = 0.0 if self._last is None else now - self._last
            self._last = now
            self._allowance = min(burst, self._allowance + since * limit)
            # More than a burst is asked for only if the limit fell after `chunk`: that is forgiven, since a
            # debt of 16 MB would hold up a slow transfer for hours.
            wanted = min(size, burst)
            if self._allowance >= wanted:
                self._allowance -= wanted
                return
            missing = (wanted - self._allowance) / limit
            self._watch.sleep(min(LONGEST_SLEEP, max(SHORTEST_SLEEP, missing)))
        self._last = None
        self._allowance = 0.0
