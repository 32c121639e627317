"""Values as texts for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["duration", "moment", "one_line", "parse_seconds", "plain", "timestamp"]

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
TIME: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)")
LONGEST: Final = 10 * 365 * 86400
"""Seconds. Nobody waits longer."""

CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What a terminal obeys instead of showing it, and what no terminal can show."""


def plain(text: str) -> str:
    r"""A text in which what a terminal would obey is shown instead: a line break as `\n`, ESC as `\x1b`."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """A text of several lines as one."""
    return plain(" ".join(text.split()))


def timestamp(when: datetime) -> str:
    """A time for programs: ISO 8601, in UTC."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(when: datetime) -> str:
    """A time for people, in UTC, to the second."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def duration(length: timedelta) -> str:
    """A length of time for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 1 min`, `3 d 4 h`."""
    seconds = length.total_seconds()
    if seconds < 9.95:  # noqa: PLR2004  # beyond, nobody needs tenths
        return f"{seconds:.1f} s" if seconds else "0 s"
    whole = round(seconds)
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    first = next(index for index, (_, worth) in enumerate(units) if whole >= worth)
    parts = []
    for name, worth in units[first : first + 2]:
        count, whole = divmod(whole, worth)
        parts.append(f"{count} {name}")
    return " ".join(part for part in parts if not part.startswith("0 "))


def parse_seconds(text: str) -> float:
    """The seconds that a text stands for: `90`, `90s`, `15m`, `2h`, `1d`.

    Raises:
        ValueError: it is no length of time, or nobody can wait for so long.
    """
    found = TIME.fullmatch(text.strip().lower())
    seconds = float(found[1]) * UNITS[found[2] or "s"] if found else -1
    if not 0 <= seconds <= LONGEST:
        raise ValueError(f"{text!r:.60} is no time to wait, such as 90s, 15m, 2h or 1d")
    return seconds


EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
"""Before every other time, to sort by."""
