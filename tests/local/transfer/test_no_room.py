"""Disks that are full or read-only, and runs that share a destination."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from datasync_sdk import models as m
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import Cancelled, Counters, FolderPlace, Job, Metadata, TransferError
from datasync_sdk.local.transfer.making.staging import Staging
from tests.local.transfer.kit import IS_ROOT, TestWatch, World, world, write

root_only = pytest.mark.skipif(not IS_ROOT, reason="only root may mount")


def test_runs_to_one_destination_are_not_in_the_way_of_each_other() -> None:
    with world() as here:
        failed: list[BaseException] = []

        def go(number: int) -> None:
            top = os.open(here.destination, os.O_RDONLY)
            try:
                for turn in range(300):
                    Staging(top, f"exec-{number}-{turn}").close()
            except OSError as error:
                failed.append(error)
            finally:
                os.close(top)

        threads = [threading.Thread(target=go, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert not list(here.destination.iterdir())


@root_only
@pytest.mark.parametrize("cancel_at", [-1, 1])
def test_a_disk_that_has_no_room_for_the_plan_ends_the_transfer_and_hides_nothing(cancel_at: int) -> None:
    with world() as here, full_disk(here.top / "work") as work:
        for number in range(12):
            write(here.source, **{f"{'n' * 200}{number}": "x"})
        watch = TestWatch()
        watch.cancel_at = cancel_at
        with pytest.raises(TransferError if cancel_at < 0 else Cancelled) as caught:
            run(job_of(here, work), watch, Counters())
        if isinstance(caught.value, TransferError):
            assert (caught.value.code, "No space left" in caught.value.detail) == ("InternalError", True)
        assert not list(here.destination.iterdir())


@root_only
def test_a_destination_that_cannot_be_begun_leaves_nothing_open() -> None:
    with world() as here, mounted(here.destination, "ro"):
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # no path of ours
        for number in range(5):
            work = here.top / f"work{number}"
            work.mkdir()
            with pytest.raises(TransferError, match="Read-only"):
                run(job_of(here, work), TestWatch(), Counters())
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208  # as above


def job_of(here: World, work: Path) -> Job:
    """All from the source to the destination, in Basic mode."""
    source, destination = (
        FolderPlace(folder=folder, metadata=Metadata.POSIX) for folder in (here.source, here.destination)
    )
    return Job(
        name="exec-0",
        source=source,
        destination=destination,
        mode=m.TaskMode.BASIC,
        options=m.Options(),
        workdir=work,
    )


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Have a file system in memory there; skip where nobody may mount one."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


@contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """A folder on a disk that has room for nothing but empty files."""
    with mounted(folder, "size=16k"):
        work = folder / "exec"
        work.mkdir()
        with suppress(OSError), (folder / "fill").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield work
