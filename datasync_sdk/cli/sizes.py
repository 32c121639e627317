"""Sizes as people write and read them: `10MB` is 10,000,000 bytes, and `10MiB` is 10 times 2**20."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

__all__ = ["parse_rate", "parse_size", "size"]

UNITS: Final = {
    "": 1,
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgtpe", 1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgtpe", 1)},
}
"""What a unit stands for, in bytes; upper and lower case are the same."""

SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)", re.IGNORECASE)
LONGEST: Final = 40
"""Characters. No size that anybody means is longer."""

STEP: Final = 1000
SHOWN: Final = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
FINE: Final = 9.95
"""Numbers below are shown with a digit after the point."""


def parse_size(text: str) -> int:
    """The bytes that a text stands for, such as `512`, `10MB`, `1.5 GiB`.

    Raises:
        ValueError: it is no size, or not a whole number of bytes; the message says how to write one.
    """
    found = SIZE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    unit = found[2].lower() if found else ""
    if found is None or unit not in UNITS:
        raise ValueError(
            f"{text!r:.60} is no size; write bytes, or a unit: 10MB is 10,000,000 bytes, 10MiB is 10,485,760"
        )
    exact = Decimal(found[1]) * UNITS[unit]
    if exact != int(exact):
        raise ValueError(f"{text!r:.60} is not a whole number of bytes")
    return int(exact)


def parse_rate(text: str) -> int | None:
    """The bytes per second that a text stands for: a size, perhaps with `/s`; None for `unlimited`.

    Raises:
        ValueError: it is neither, or no byte at all.
    """
    plain = text.strip()
    if plain.lower() == "unlimited":
        return None
    limit = parse_size(plain[:-2] if plain.lower().endswith("/s") else plain)
    if limit < 1:
        raise ValueError(f"{text!r:.60} would be no bandwidth at all; to stop an execution, cancel it")
    return limit


def size(count: float) -> str:
    """A number of bytes for people: `999 B`, `1.2 kB`, `45 MB`. Units are powers of 1,000."""
    value, unit = float(count), 0
    # What would be rounded up to 1,000 is one of the next unit.
    while value >= STEP - 0.5 and unit < len(SHOWN) - 1:
        value, unit = value / STEP, unit + 1
    return f"{value:.1f} {SHOWN[unit]}" if unit and value < FINE else f"{value:.0f} {SHOWN[unit]}"
