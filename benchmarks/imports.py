"""What importing the SDK adds to the start of a program."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from benchmarks.processes import Command, compiled, processor_seconds
from benchmarks.table import Benchmarks, Row, Target, show

BARE = (sys.executable, "-c", "pass")
OURS = (sys.executable, "-c", "import datasync_sdk")
THEIRS = (sys.executable, "-c", "import boto3")
ROUNDS = 40


def import_rows() -> Iterator[Row]:
    """`import datasync_sdk` beside `import boto3`, both without the start of the interpreter."""
    with compiled(BARE, OURS, THEIRS) as env:
        pairs = []
        for _ in range(ROUNDS):
            bare, ours, theirs = (after_bare(command, env) for command in (BARE, OURS, THEIRS))
            pairs.append((ours - bare, theirs - bare))
    yield Row("import: datasync_sdk", "import boto3", pairs, Target(0.05))


def after_bare(command: Command, env: Mapping[str, str]) -> float:
    """The time of a process; a small one goes before each, since a large one empties the caches."""
    processor_seconds(BARE, env)
    return processor_seconds(command, env)


BENCHMARKS: Benchmarks = {"import": import_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
