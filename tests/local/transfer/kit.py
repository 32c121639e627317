"""What the tests of transfers share: a watch that can be told what to do, trees as values, and runs."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from attrs import field, frozen

from datasync_sdk import models as m
from datasync_sdk.local.transfer.engine import run
from datasync_sdk.local.transfer.job import (
    Action,
    Cancelled,
    Counters,
    Ended,
    FolderPlace,
    ItemResult,
    Job,
    ManifestEntry,
    Metadata,
    Outcome,
    PhaseEnd,
    Side,
)

SECOND = 1_000_000_000
IS_ROOT = os.geteuid() == 0


@frozen(kw_only=True)
class Node:
    """A file, a folder or a link, and what the tests compare of it."""

    kind: str = "f"
    data: bytes = b""
    """The content of a file, or where a link leads."""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 1_500_000_000 * SECOND


Tree: TypeAlias = Mapping[str, Node]
"""Nodes by path, without a slash in front; folders before what is in them."""


class TestWatch:
    """Never cancels, limits or fails, unless it is told to."""

    __test__ = False

    def __init__(self) -> None:
        self.phases: list[m.TaskExecutionStatus] = []
        self.bytes_per_second = -1
        self.cancel_at = -1
        self.checkpoints = 0
        self.now = 1000.0
        self.slept = 0.0
        self.hooks: list[Callable[[Action, Side, str], None]] = []
        self.corrupt: set[str] = set()
        self.on_sleep: Callable[[], None] = lambda: None

    def enter(self, phase: m.TaskExecutionStatus, before: tuple[PhaseEnd, ...]) -> None:
        """Note the phase."""
        assert len(before) in (0, len(self.phases))
        self.phases.append(phase)

    def checkpoint(self) -> None:
        """Count, and cancel when it is time."""
        self.checkpoints += 1
        if self.checkpoints == self.cancel_at:
            raise Cancelled

    def limit(self) -> int:
        """As set."""
        return self.bytes_per_second

    def monotonic(self) -> float:
        """A clock that only goes on when somebody sleeps."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the clock go on."""
        assert seconds > 0
        self.now += seconds
        self.slept += seconds
        self.on_sleep()
        self.checkpoint()

    def fault(self, action: Action, side: Side, path: str) -> None:
        """Ask all hooks."""
        for hook in self.hooks:
            hook(action, side, path)

    def corrupts(self, path: str) -> bool:
        """As set."""
        return path in self.corrupt

    def on(self, action: Action, side: Side, path: str, do: Callable[[], object]) -> None:
        """Do something when the engine comes to a path for the first time."""
        left = [do]

        def hook(*asked: str) -> None:
            if asked == (action, side, path) and left:
                left.pop()()

        self.hooks.append(hook)

    def fail(self, action: Action, side: Side, path: str, code: int = errno.EACCES) -> None:
        """Fail whenever the engine comes to a path."""

        def hook(*asked: str) -> None:
            if asked == (action, side, path):
                raise OSError(code, os.strerror(code))

        self.hooks.append(hook)


class Kept:
    """Keeps all results."""

    def __init__(self, wanted: bool = True) -> None:
        self.results: list[ItemResult] = []
        self.wanted = wanted

    def wants(self, outcome: Outcome) -> bool:
        """All or nothing."""
        del outcome
        return self.wanted

    def add(self, result: ItemResult) -> None:
        """Keep it."""
        self.results.append(result)

    def failures(self) -> dict[str, str]:
        """Why each path failed that did; all reasons if it failed more than once."""
        reasons: dict[str, str] = {}
        for result in self.results:
            if result.failure:
                both = (reasons.get(result.path), result.failure.reason)
                reasons[result.path] = "; ".join(filter(None, both))
        return reasons

    def paths(self, outcome: Outcome) -> list[str]:
        """What had an outcome, successfully."""
        return sorted(each.path for each in self.results if each.outcome is outcome and not each.failure)


@frozen(kw_only=True)
class Ran:
    """A transfer that has ended."""

    ended: Ended
    counters: Counters
    kept: Kept
    watch: TestWatch

    @property
    def failures(self) -> dict[str, str]:
        """Why each path failed that did."""
        return self.kept.failures()


@frozen(kw_only=True)
class World:
    """A source, a destination, and room for plans."""

    top: Path
    source_metadata: Metadata = Metadata.POSIX
    destination_metadata: Metadata = Metadata.POSIX
    numbers: list[int] = field(factory=list)

    @property
    def source(self) -> Path:
        """Where files come from."""
        return self.top / "source"

    @property
    def destination(self) -> Path:
        """Where they go."""
        return self.top / "destination"

    def run(  # noqa: PLR0913  # what a job can be given
        self,
        *,
        mode: str = "BASIC",
        watch: TestWatch | None = None,
        includes: str = "",
        excludes: str = "",
        manifest: Iterable[ManifestEntry] | None = None,
        reports: bool = True,
        name: str = "exec-0",
        **options: str | int,
    ) -> Ran:
        """Transfer."""
        self.numbers.append(0)
        workdir = self.top / f"work{len(self.numbers)}"
        workdir.mkdir()
        watch = watch or TestWatch()
        counters, kept = Counters(), Kept(reports)
        job = Job(
            name=name,
            source=FolderPlace(folder=self.source, metadata=self.source_metadata),
            destination=FolderPlace(folder=self.destination, metadata=self.destination_metadata),
            mode=m.TaskMode(mode),
            options=m.Options(**options),  # type: ignore[arg-type]  # the tests' own words
            includes=rules(includes),
            excludes=rules(excludes),
            manifest=manifest,
            workdir=workdir,
        )
        try:
            return Ran(ended=run(job, watch, counters, kept), counters=counters, kept=kept, watch=watch)
        finally:
            shutil.rmtree(workdir)
            assert not (self.destination / ".aws-datasync").exists()


def rules(value: str) -> tuple[m.FilterRule, ...]:
    """A filter as a task has it."""
    return (m.FilterRule(filter_type="SIMPLE_PATTERN", value=value),) if value else ()


@contextmanager
def world(
    source: Metadata = Metadata.POSIX, destination: Metadata = Metadata.POSIX, open_to_all: bool = False
) -> Iterator[World]:
    """Folders that are removed in the end, whatever modes they have."""
    top = Path(tempfile.mkdtemp(prefix="transfer-"))
    try:
        if open_to_all:
            top.chmod(0o777)
        made = World(top=top, source_metadata=source, destination_metadata=destination)
        for folder in (made.source, made.destination):
            folder.mkdir()
            if open_to_all:
                folder.chmod(0o777)
        yield made
    finally:
        shutil.rmtree(top, ignore_errors=True)


def build(top: Path, tree: Tree) -> None:
    """Make a tree on disk."""
    for path, node in tree.items():
        place = top / path
        if node.kind == "d":
            place.mkdir()
        elif node.kind == "l":
            place.symlink_to(os.fsdecode(node.data))
        else:
            place.write_bytes(node.data)
    for path, node in reversed(tree.items()):
        place = top / path
        if IS_ROOT:
            os.chown(place, node.uid, node.gid, follow_symlinks=False)
        if node.kind != "l":
            place.chmod(node.mode)
        os.utime(place, ns=(node.mtime - SECOND, node.mtime), follow_symlinks=False)


def snapshot(top: Path) -> dict[str, Node]:
    """The tree that is on disk."""
    found: dict[str, Node] = {}
    for folder, folders, files in os.walk(top):
        for name in sorted(folders) + sorted(files):
            place = Path(folder, name)
            found[str(place.relative_to(top))] = node_of(place)
    return found


def node_of(place: Path) -> Node:
    """A node that is on disk."""
    status = place.lstat()
    kind = "d" if stat.S_ISDIR(status.st_mode) else "l" if stat.S_ISLNK(status.st_mode) else "f"
    data = b""
    if kind == "l":
        data = os.fsencode(place.readlink())
    elif kind == "f":
        data = place.read_bytes()
    mode = 0o777 if kind == "l" else stat.S_IMODE(status.st_mode)
    return Node(
        kind=kind, data=data, mode=mode, uid=status.st_uid, gid=status.st_gid, mtime=status.st_mtime_ns
    )


def write(top: Path, **files: str) -> None:
    """Write small files; `a__b` is the path a/b."""
    for name, text in files.items():
        place = top / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def later(place: Path, seconds: int = 10) -> None:
    """Make a file look as if it were written to later."""
    status = place.stat()
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns + seconds * SECOND))
