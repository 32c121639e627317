"""Measuring pairs, and the table of the results."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from time import thread_time
from typing import NamedTuple, TypeAlias

Pair: TypeAlias = tuple[float, float]
"""Seconds: ours, theirs, one directly after the other."""

COLUMNS = (
    ("what", 42),
    ("against", 38),
    ("ours", 9),
    ("theirs", 9),
    ("ratio", 6),
    ("target", 14),
    ("met", 3),
)
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))


class Target(NamedTuple):
    """What a comparison is meant to reach."""

    ratio: float | None
    """At most this part of what the other side takes; None where only the time matters."""
    seconds: float | None = None
    """At most this long, too."""

    def __str__(self) -> str:
        """The target as the table shows it."""
        ratio = "" if self.ratio is None else f"<= {self.ratio:g}"
        limit = "" if self.seconds is None else f"< {self.seconds:g} s"
        return ", ".join(filter(None, (ratio, limit)))


class Row(NamedTuple):
    """One comparison."""

    what: str
    against: str
    pairs: list[Pair]
    target: Target | None = None

    @property
    def ours(self) -> float:
        """The median of our times."""
        return median(ours for ours, _ in self.pairs)

    @property
    def theirs(self) -> float:
        """The median of their times."""
        return median(theirs for _, theirs in self.pairs)

    @property
    def ratio(self) -> float:
        """The median of the ratios of the pairs."""
        return median(ours / theirs for ours, theirs in self.pairs)

    @property
    def met(self) -> str:
        """Whether the target is reached; nothing where there is none."""
        if self.target is None:
            return ""
        in_time = self.target.seconds is None or self.ours < self.target.seconds
        close = self.target.ratio is None or self.ratio <= self.target.ratio
        return "yes" if in_time and close else "NO"

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        target = "" if self.target is None else str(self.target)
        times = (readable(self.ours), readable(self.theirs), f"{self.ratio:.3f}")
        return (self.what, self.against, *times, target, self.met)


Benchmarks: TypeAlias = Mapping[str, Callable[[], Iterator[Row]]]


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int, calls: int = 1
) -> list[Pair]:
    """Time both in turns; a time is that of one call, as the mean of `calls` of them.

    It is processor time, because other programs interrupt the longer of two samples more often.
    The garbage collector runs as in any program, except that nobody pays for what another left.
    """
    sample(ours, calls), sample(theirs, calls)
    return [(sample(ours, calls), sample(theirs, calls)) for _ in range(rounds)]


def sample(function: Callable[[], object], calls: int) -> float:
    """The processor time, in seconds, that one call takes."""
    gc.collect()
    start = thread_time()
    for _ in range(calls):
        function()
    return (thread_time() - start) / calls


def readable(seconds: float) -> str:
    """A time with the unit that suits it."""
    size, unit = next((unit for unit in UNITS if abs(seconds) >= unit[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def show(benchmarks: Benchmarks) -> None:
    """Run benchmarks and print each row as soon as it is known."""
    print(line([name for name, _ in COLUMNS]), flush=True)
    print(line(["-" * width for _, width in COLUMNS]), flush=True)
    for benchmark in benchmarks.values():
        for row in benchmark():
            print(line(row.cells()), flush=True)


def line(cells: tuple[str, ...] | list[str]) -> str:
    """Texts in columns."""
    padded = (cell.ljust(width) for cell, (_, width) in zip(cells, COLUMNS, strict=True))
    return "  ".join(padded).rstrip()


def note(text: str) -> None:
    """Say something beside the table."""
    print(text, file=sys.stderr, flush=True)
