"""Moving files on this machine, against the tools that people know: rsync and cp.

They run in the folder that `DATASYNC_BENCHMARK_FOLDER` names, or in that for temporary files. There must be
room for 10 GB; `DATASYNC_BENCHMARK_SIZE=0.1` makes do with a tenth. What is measured is the time on the wall,
each pair one directly after the other, with the disk at rest before each: both sides wait for it more than
they compute.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import Benchmarks, Pair, Row, Target, note, show
from datasync_sdk import models as m
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import Counters, Ended, FolderPlace, Job, Metadata, PhaseEnd

SIZE = float(os.environ.get("DATASYNC_BENCHMARK_SIZE", "1"))
FOLDER = os.environ.get("DATASYNC_BENCHMARK_FOLDER")
ROUNDS = 5

FILES, FOLDERS, BYTES = int(50_000 * SIZE), 100, 1024
BIG = int(4 * 1024**3 * SIZE)
MANY = int(1_000_000 * SIZE)
MEGABYTES = 200

TWICE = Target(2.0)
# How files are verified unless somebody says otherwise, in each mode; and not at all.
VERIFIED = (
    (m.TaskMode.BASIC, m.VerifyMode.NONE),
    (m.TaskMode.BASIC, m.VerifyMode.POINT_IN_TIME_CONSISTENT),
    (m.TaskMode.ENHANCED, m.VerifyMode.ONLY_FILES_TRANSFERRED),
)

# What a process needs to list two folders, one of them empty, or with the same names.
LISTING = """\
import resource, sys
from pathlib import Path
from benchmarks.transfer import transfer
ended = transfer(Path(sys.argv[1]), Path(sys.argv[2]), verify_mode="NONE", overwrite_mode="NEVER")
assert ended.error_code is None, ended
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024 if sys.platform == "linux" else peak // 1024**2)
"""


class Watch:
    """Neither looks nor steers."""

    def enter(self, phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        """Nobody waits for it."""

    def checkpoint(self) -> None:
        """Nobody cancels."""

    def limit(self) -> int:
        """No limit."""
        return -1

    def monotonic(self) -> float:
        """The real time."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait really."""
        time.sleep(seconds)

    def fault(self, action: str, side: str, path: str) -> None:
        """Nothing fails."""

    def corrupts(self, path: str) -> bool:
        """Nothing is damaged."""
        del path
        return False


def transfer(source: Path, destination: Path, mode: m.TaskMode = m.TaskMode.BASIC, **options: str) -> Ended:
    """Make a transfer as an execution does."""
    with tempfile.TemporaryDirectory(dir=destination.parent) as workdir:
        job = Job(
            name="exec-benchmark",
            source=FolderPlace(folder=source, metadata=Metadata.POSIX),
            destination=FolderPlace(folder=destination, metadata=Metadata.POSIX),
            mode=mode,
            options=m.Options(**options),  # type: ignore[arg-type]  # the benchmark's own words
            workdir=Path(workdir),
        )
        return run(job, Watch(), Counters())


def first_rows() -> Iterator[Row]:
    """Many small files, onto nothing."""
    with small_files() as (source, ours, theirs):
        for mode, verify in VERIFIED:
            pairs = [
                (
                    seconds(ours, lambda: moved(source, ours, mode, verify)),  # noqa: B023  # called at once
                    seconds(theirs, lambda: program("rsync", "-a", f"{source}/", f"{theirs}/")),
                )
                for _ in range(ROUNDS)
            ]
            yield Row(f"first: {FILES:,} files, {mode}, {short(verify)}", "rsync -a", pairs, TWICE)


def again_rows() -> Iterator[Row]:
    """The same when nothing has changed."""
    verify = m.VerifyMode.ONLY_FILES_TRANSFERRED
    with small_files() as (source, ours, theirs):
        moved(source, ours, m.TaskMode.BASIC, verify)
        program("rsync", "-a", f"{source}/", f"{theirs}/")
        for mode in (m.TaskMode.BASIC, m.TaskMode.ENHANCED):
            pairs = [
                (
                    seconds(None, lambda: moved(source, ours, mode, verify)),  # noqa: B023  # called at once
                    seconds(None, lambda: program("rsync", "-a", f"{source}/", f"{theirs}/")),
                )
                for _ in range(ROUNDS)
            ]
            yield Row(f"again: {FILES:,} files, {mode}", "rsync -a", pairs, TWICE)


def big_rows() -> Iterator[Row]:
    """One big file."""
    with folders() as (source, ours, theirs):
        with (source / "big").open("wb") as file:
            for _ in range(BIG // 2**20):
                file.write(os.urandom(2**20))
        pairs: list[Pair] = []
        for _ in range(3):
            mine = seconds(ours, lambda: moved(source, ours, m.TaskMode.BASIC, m.VerifyMode.NONE))
            empty(ours)
            pairs.append((mine, seconds(theirs, lambda: program("cp", str(source / "big"), str(theirs)))))
            empty(theirs)
        yield Row(f"one file of {BIG / 2**30:.3g} GB, VerifyMode NONE", "cp", pairs, Target(1.2))


def memory_rows() -> Iterator[Row]:
    """Many files in one folder. No time: the most memory that the process ever has, against the target."""
    with folders() as (source, ours, _):
        for number in range(MANY):
            os.close(os.open(source / f"file{number:09}", os.O_CREAT | os.O_WRONLY, 0o644))
        for what in ("first", "again"):
            listing = (sys.executable, "-c", LISTING, str(source), str(ours))
            done = subprocess.run(listing, check=True, capture_output=True, text=True)  # noqa: S603
            peak = int(done.stdout)
            yield Row(
                f"memory, {what}: {MANY:,} files in one folder",
                f"at most {MEGABYTES} MB; 1 s stands for 1 MB",
                [(float(peak), float(MEGABYTES))],
                Target(1.0),
            )


def moved(source: Path, destination: Path, mode: m.TaskMode, verify: m.VerifyMode) -> None:
    """Make a transfer that succeeds."""
    ended = transfer(source, destination, mode, verify_mode=verify)
    assert ended.error_code is None, ended


def program(*command: str) -> None:
    """Run a program that succeeds."""
    subprocess.run(command, check=True)  # noqa: S603


def seconds(fresh: Path | None, function: Callable[[], object]) -> float:
    """The time on the wall, with a destination that is empty first if one is named."""
    if fresh:
        empty(fresh)
    os.sync()
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def empty(folder: Path) -> None:
    """Make a folder empty."""
    shutil.rmtree(folder)
    folder.mkdir()


def short(verify: m.VerifyMode) -> str:
    """A verify mode, for the table."""
    return {"NONE": "unverified", "POINT_IN_TIME_CONSISTENT": "point in time"}.get(verify, "verified")


@contextmanager
def folders() -> Iterator[tuple[Path, Path, Path]]:
    """A source and two destinations."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as top:
        made = Path(top, "source"), Path(top, "ours"), Path(top, "theirs")
        for each in made:
            each.mkdir()
        yield made


@contextmanager
def small_files() -> Iterator[tuple[Path, Path, Path]]:
    """The same, with many small files in the source."""
    with folders() as made:
        for number in range(FOLDERS):
            (made[0] / f"folder{number:03}").mkdir()
        for number in range(FILES):
            place = made[0] / f"folder{number % FOLDERS:03}" / f"file{number:06}.txt"
            place.write_bytes(os.urandom(BYTES))
        yield made


def rsync_rows(rows: Callable[[], Iterator[Row]]) -> Callable[[], Iterator[Row]]:
    """Rows that there are only where rsync is."""

    def found() -> Iterator[Row]:
        if shutil.which("rsync"):
            yield from rows()
        else:
            note("rsync is not installed: nothing to compare with")

    return found


BENCHMARKS: Benchmarks = {
    "transfer_first": rsync_rows(first_rows),
    "transfer_again": rsync_rows(again_rows),
    "transfer_big": big_rows,
    "transfer_memory": memory_rows,
}

if __name__ == "__main__":
    show(BENCHMARKS)
