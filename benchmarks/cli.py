"""How long a person waits for the help of the `datasync` command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Command, compiled, processor_seconds
from benchmarks.table import Benchmarks, Row, Target, show

ROUNDS = 20
LIMIT = 0.3
"""Seconds."""

OURS = (sys.executable, "-m", "datasync_sdk.cli", "--help")
BARE = (sys.executable, "-c", "pass")
AWS = (Path(sys.executable).with_name("aws"), "--version")


def help_rows() -> Iterator[Row]:
    """`datasync --help`, whole processes, beside Python alone and beside the AWS CLI."""
    for theirs, name in ((BARE, "python -c pass"), (AWS, "aws --version")):
        yield Row("cli: datasync --help", name, pairs(theirs), Target(None, LIMIT))


def pairs(theirs: Command) -> list[tuple[float, float]]:
    """The times of both processes, in turns."""
    with compiled(OURS, theirs) as env:
        return [(processor_seconds(OURS, env), processor_seconds(theirs, env)) for _ in range(ROUNDS)]


BENCHMARKS: Benchmarks = {"cli": help_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
