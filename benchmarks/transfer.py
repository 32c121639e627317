"""Moving files on this machine, against the tools that people know: rsync and cp.

They run in the folder that `DATASYNC_BENCHMARK_FOLDER` names, or in that for temporary files. Where a disk is
shared its noise is more than what is measured; `/dev/shm` is memory. There must be room for 13 GB;
`DATASYNC_BENCHMARK_SIZE=0.1` makes do with a tenth. What is measured is the time on the wall,
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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from benchmarks.table import Benchmarks, Pair, Row, Target, note, show
from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync

SIZE = float(os.environ.get("DATASYNC_BENCHMARK_SIZE", "1"))
FOLDER = os.environ.get("DATASYNC_BENCHMARK_FOLDER")
ROUNDS = 5
LOOK = 0.03
"""After which part of the time that has passed one looks again whether an execution has ended."""

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
from benchmarks.transfer import moving
with moving(Path(sys.argv[1]), Path(sys.argv[2])) as move:
    move("BASIC", verify_mode="NONE", overwrite_mode="NEVER")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024 if sys.platform == "linux" else peak // 1024**2)
"""

Move: TypeAlias = Callable[..., None]
"""Takes a task mode and options; moves all files, and returns when the execution has ended."""


@contextmanager
def moving(source: Path, destination: Path) -> Iterator[Move]:
    """What runs tasks from one folder to the other, with the service in this process, as its users do."""
    with ExitStack() as stack:
        root = stack.enter_context(tempfile.TemporaryDirectory(dir=destination.parent))
        service = stack.enter_context(LocalDataSync(root))
        client = stack.enter_context(service.client())
        agent = client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE").agent_arn
        locations = []
        for folder in (source, destination):
            service.mount(f"nfs://server/{folder.name}", folder)
            made = client.create_location_nfs(
                server_hostname="server",
                subdirectory=f"/{folder.name}",
                on_prem_config=m.OnPremConfig(agent_arns=[agent]),
            )
            locations.append(made.location_arn)

        def move(mode: m.TaskMode, **options: str) -> None:
            task = client.create_task(
                source_location_arn=locations[0],
                destination_location_arn=locations[1],
                task_mode=mode,
                options=m.Options(**options),  # type: ignore[arg-type]  # the benchmark's own words
            ).task_arn
            start = time.perf_counter()
            run = client.start_task_execution(task_arn=task).task_execution_arn
            while not (described := client.describe_task_execution(task_execution_arn=run)).end_time:
                # To look more often would slow down what is measured, in the same process.
                time.sleep((time.perf_counter() - start) * LOOK)
            assert described.status == m.TaskExecutionStatus.SUCCESS, described
            client.delete_task(task_arn=task)

        yield move


def first_rows() -> Iterator[Row]:
    """Many small files, onto nothing."""
    with small_files() as (source, ours, theirs), moving(source, ours) as move:
        for mode, verify in VERIFIED:
            pairs = [
                (
                    seconds(ours, lambda: move(mode, verify_mode=verify)),  # noqa: B023  # called at once
                    seconds(theirs, lambda: program("rsync", "-a", f"{source}/", f"{theirs}/")),
                )
                for _ in range(ROUNDS)
            ]
            yield Row(f"first: {FILES:,} files, {mode}, {short(verify)}", "rsync -a", pairs, TWICE)


def again_rows() -> Iterator[Row]:
    """The same when nothing has changed."""
    verify = m.VerifyMode.ONLY_FILES_TRANSFERRED
    with small_files() as (source, ours, theirs), moving(source, ours) as move:
        move(m.TaskMode.BASIC, verify_mode=verify)
        program("rsync", "-a", f"{source}/", f"{theirs}/")
        for mode in (m.TaskMode.BASIC, m.TaskMode.ENHANCED):
            pairs = [
                (
                    seconds(None, lambda: move(mode, verify_mode=verify)),  # noqa: B023  # called at once
                    seconds(None, lambda: program("rsync", "-a", f"{source}/", f"{theirs}/")),
                )
                for _ in range(ROUNDS)
            ]
            yield Row(f"again: {FILES:,} files, {mode}", "rsync -a", pairs, TWICE)


def big_rows() -> Iterator[Row]:
    """One big file."""
    with folders() as (source, ours, theirs), moving(source, ours) as move:
        with (source / "big").open("wb") as file:
            for _ in range(BIG // 2**20):
                file.write(os.urandom(2**20))
        pairs: list[Pair] = []
        for _ in range(3):
            mine = seconds(ours, lambda: move(m.TaskMode.BASIC, verify_mode="NONE"))
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
    """Make a folder empty. It stays: it is mounted."""
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


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
