"""How often to look at an execution, and what to bear meanwhile."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import Final

from attrs import Attribute, field, frozen

from datasync_sdk._runtime import renewal
from datasync_sdk._runtime.errors import (
    AccessDeniedError,
    CredentialsError,
    SdkError,
    ThrottlingError,
    TransportError,
)

__all__ = ["DEFAULT_POLL", "Pace", "Poll", "seconds_of"]

EXPIRED: Final = renewal.ENDED | {"InvalidClientTokenId", "UnrecognizedClientException"}
"""Codes of refusals that credentials get which have ended, or are so new that not all of AWS knows them."""


def seconds_of(value: timedelta | float, name: str) -> float:
    """A time as seconds.

    Raises:
        TypeError: it is neither a number nor a timedelta.
        ValueError: it is negative, or no number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | timedelta):
        raise TypeError(f"{name} must be seconds or a timedelta, not {value!r:.60}")
    try:
        seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    except OverflowError:  # An integer of hundreds of digits.
        seconds = math.inf if value > 0 else -math.inf  # type: ignore[operator]  # timedeltas do not overflow
    if math.isnan(seconds) or seconds < 0:
        raise ValueError(f"{name} must not be negative, and {value!r} is no time to wait")
    return seconds


def _seconds(value: timedelta | float) -> float:
    return seconds_of(value, "a time of Poll")


def _check_first(_: Poll, __: Attribute[float], value: float) -> None:
    if value <= 0:
        raise ValueError("first must be more than no time: looking without a pause gets a caller throttled")
    if math.isinf(value):
        raise ValueError("first has no end: it would never look a second time")


def _check_most(poll: Poll, _: Attribute[float], value: float) -> None:
    if value < poll.first:
        raise ValueError(f"most, {value:g} s, is less than first, {poll.first:g} s")


def _check_factor(_: Poll, __: Attribute[float], value: float) -> None:
    if not 1 <= value < math.inf:
        raise ValueError(f"factor must be at least 1, not {value!r}")


def _check_jitter(_: Poll, __: Attribute[float], value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"jitter must be from 0 to 1, not {value!r}")


@frozen(kw_only=True)
class Poll:
    """How often to look at an execution, and for how long to bear that there is no answer.

        execution.wait(poll=Poll(first=5, most=60))

    Raises:
        TypeError: a time is neither a number of seconds nor a timedelta.
        ValueError: a number makes no sense, such as no pause at all.
    """

    first: float = field(default=1.0, converter=_seconds, validator=_check_first)
    """The pause after the first look, in seconds or as a timedelta."""
    most: float = field(default=30.0, converter=_seconds, validator=_check_most)
    """The longest pause between looks. DataSync itself updates its counters now and then only."""
    factor: float = field(default=1.5, validator=_check_factor)
    """By what each pause is longer than the one before it."""
    jitter: float = field(default=0.2, validator=_check_jitter)
    """Which part of a pause is left to chance, so that a thousand programs do not ask in the same moment."""
    patience: float = field(default=900.0, converter=_seconds)
    """For how long to go on without an answer while DataSync throttles or fails, the connection does, or
    credentials have ended and are not renewed yet. Then the last error is raised."""


DEFAULT_POLL: Final = Poll()
LONGEST_AFTER_THROTTLING: Final = 120.0
"""Seconds. A caller that is throttled goes back further than `most`, and not without an end."""


class Pace:
    """The pauses between the looks of one that waits, and his patience."""

    def __init__(self, poll: Poll, *, has_worked: bool) -> None:
        """Begin.

        Args:
            poll: what was asked for.
            has_worked: whether AWS has answered this caller before: a connection or credentials that never
                worked are told at once.

        Raises:
            TypeError: `poll` is no `Poll`.
        """
        given: object = poll
        if not isinstance(given, Poll):
            raise TypeError(f"poll must be a Poll, such as Poll(first=5, most=60), not {given!r:.60}")
        self._poll = poll
        self._pause = poll.first
        self._has_worked = has_worked
        self._failing_since: float | None = None

    @property
    def is_failing(self) -> bool:
        """Whether the last look had no answer."""
        return self._failing_since is not None

    def answered(self) -> None:
        """Note an answer: all is well again."""
        self._has_worked = True
        self._failing_since = None

    def bears(self, error: SdkError, now: float) -> bool:
        """Whether to go on after an error at this moment.

        Args:
            error: what came in place of an answer.
            now: seconds of a clock that never goes back.
        """
        if not self._may_pass(error):
            return False
        if self._failing_since is None:
            self._failing_since = now
        if isinstance(error, ThrottlingError):
            longest = max(self._poll.most, LONGEST_AFTER_THROTTLING)
            self._pause = min(self._pause * 2, longest)
        return now - self._failing_since < self._poll.patience

    def next(self) -> float:
        """The next pause, in seconds."""
        pause = self._pause
        # What throttling made longer than `most` becomes shorter again.
        self._pause = min(pause * self._poll.factor, self._poll.most)
        return pause * (1 - self._poll.jitter * random.random())  # noqa: S311  # nothing secret

    def _may_pass(self, error: SdkError) -> bool:
        if isinstance(error, AccessDeniedError):
            return self._has_worked and error.code in EXPIRED
        if isinstance(error, TransportError | CredentialsError):
            return self._has_worked and (error.retryable or isinstance(error, CredentialsError))
        return error.retryable
