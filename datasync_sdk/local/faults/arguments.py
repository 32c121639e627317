"""Arguments of faults, which may come from a test in Python or from JSON, and so be anything."""

from __future__ import annotations

from typing import Final

from datasync_sdk.local.arns import kind_of, told

LONGEST: Final = 3600.0
"""How many seconds a slow call takes at most."""


def whole_number(name: str, value: object, least: int) -> int:
    """A whole number of at least so much; ValueError for everything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r:.60}")
    return value


def seconds_to_wait(value: object) -> float:
    """A time to wait; ValueError where it is none, or too long to be meant."""
    # NaN is not at least 0, either.
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST:
        return float(value)
    raise ValueError(f"seconds must be a number from 0 to {LONGEST:g}, not {value!r:.60}")


def some_text(name: str, value: object) -> str:
    """A text that is not empty; ValueError for everything else."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a text that is not empty, not {value!r:.60}")
    return value


def arn_of_agent(value: object) -> str:
    """The ARN of an agent; ValueError where it is that of something else, or none."""
    arn = some_text("agent_arn", value)
    if kind_of(arn) != "agent":
        raise ValueError(f"agent_arn must be the ARN of an agent, and {arn!r:.200} is {told(arn)}")
    return arn


def filter_pattern(value: object) -> str:
    """The pattern of a filter; ValueError where it is none, or could match no path."""
    pattern = some_text("pattern", value)
    if not pattern.startswith(("/", "*")):
        raise ValueError(f"a pattern begins with / or *, unlike {pattern!r:.60}")
    if "\0" in pattern:
        raise ValueError("a pattern cannot have a NUL character, as no path has one")
    return pattern
