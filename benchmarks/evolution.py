"""What a maintainer waits for who asks what changed, beside a process that only reads the same files."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.data import REPOSITORY
from benchmarks.processes import Command, compiled, seconds
from benchmarks.table import Benchmarks, Row, Target, show

ROUNDS = 7
TARGET = Target(None, seconds=1)

CODEGEN = (sys.executable, "-m", "codegen")
READ = """\
import json
import sys
from pathlib import Path

for name in sys.argv[1:]:
    json.loads(Path(name).read_bytes())
"""


def diff_rows() -> Iterator[Row]:
    """The two neighbours that differ most, in each form."""
    dates = ("2025-03-05", "2025-05-20")
    for form in ("text", "json"):
        yield row(f"diff: {form}", (*CODEGEN, "diff", *dates, "--format", form), *dates)


def history_rows() -> Iterator[Row]:
    """All revisions as a table, and the life of one structure."""
    yield row("history: the table", (*CODEGEN, "history"), "*")
    yield row("history: one thing", (*CODEGEN, "history", "DescribeTaskExecutionResponse"), "*")


def row(what: str, command: Command, *dates: str) -> Row:
    """A command, beside reading the revisions of these dates."""
    folder = REPOSITORY / "specs" / "datasync" / "revisions"
    read: Command = (
        sys.executable,
        "-c",
        READ,
        *(path for date in dates for path in sorted(folder.glob(f"{date}.json"))),
    )
    with compiled(command, read) as env:
        pairs = [(seconds(command, env), seconds(read, env)) for _ in range(ROUNDS)]
    return Row(what, "reading the same files", pairs, TARGET)


BENCHMARKS: Benchmarks = {"diff": diff_rows, "history": history_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
