"""Trees of files: as values, as Hypothesis draws them, and as they are on disk.

A tree maps the paths of its items, relative and without a slash in front, to what is there. Names may hold
any byte but a slash and NUL, in the way in which `os.fsdecode` gives them.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from attrs import evolve, frozen
from hypothesis import strategies as st

IS_ROOT = os.geteuid() == 0


class Kind(Enum):
    """What there can be at a path."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    FIFO = "fifo"
    DEVICE = "device"


@frozen(kw_only=True)
class Item:
    """One file, folder, or whatever else."""

    kind: Kind
    content: bytes = b""
    """Of a file; of a link, where it points to."""
    mode: int = 0o755
    uid: int = os.geteuid()
    gid: int = os.getegid()
    mtime_ns: int = 0

    def __repr__(self) -> str:
        size = f"{len(self.content)} bytes {self.content[:4]!r}" if self.kind is Kind.FILE else self.content
        return f"<{self.kind.value} {size!s} {self.mode:o} {self.uid}:{self.gid} {self.mtime_ns}>"


Tree: TypeAlias = Mapping[str, Item]


def parents(path: str) -> Iterator[str]:
    """The folders above a path, from the nearest; without the top."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def below(folder: str, path: str) -> bool:
    """Whether a path is in a folder, at any depth."""
    return path.startswith(f"{folder}/")


# On disk.


def build(top: Path, tree: Tree) -> None:
    """Make what a tree has. Folders come last to their metadata, for making things in them changes it."""
    for path in sorted(tree):
        place(top / path, tree[path])
    for path in sorted(tree, reverse=True):
        dress(top / path, tree[path])


def place(path: Path, item: Item) -> None:
    """Make one thing."""
    if item.kind is Kind.FILE:
        path.write_bytes(item.content)
    elif item.kind is Kind.FOLDER:
        path.mkdir()
    elif item.kind is Kind.LINK:
        path.symlink_to(os.fsdecode(item.content))
    elif item.kind is Kind.FIFO:
        os.mkfifo(path)
    else:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))


def dress(path: Path, item: Item) -> None:
    """Give one thing its owner, permissions and times."""
    if IS_ROOT:
        os.chown(path, item.uid, item.gid, follow_symlinks=False)
    if item.kind is not Kind.LINK:
        path.chmod(item.mode)
    os.utime(path, ns=(item.mtime_ns, item.mtime_ns), follow_symlinks=False)


def remove(top: Path) -> None:
    """Empty a folder."""
    for path in list(top.iterdir()):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def read(top: Path) -> dict[str, Item]:
    """The tree that is in a folder."""
    return {os.path.relpath(path, top): look(path) for path in walk(top)}


def walk(top: Path) -> Iterator[Path]:
    """All that is below a folder."""
    for entry in os.scandir(top):
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))


def look(path: Path) -> Item:
    """What is at a path."""
    found = path.lstat()
    kind = KINDS[stat.S_IFMT(found.st_mode)]
    content = b""
    if kind is Kind.FILE:
        content = path.read_bytes()
    elif kind is Kind.LINK:
        content = os.fsencode(path.readlink())
    return Item(
        kind=kind,
        content=content,
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        mtime_ns=found.st_mtime_ns,
    )


KINDS = {
    stat.S_IFREG: Kind.FILE,
    stat.S_IFDIR: Kind.FOLDER,
    stat.S_IFLNK: Kind.LINK,
    stat.S_IFIFO: Kind.FIFO,
    stat.S_IFCHR: Kind.DEVICE,
}


def can_make_devices() -> bool:
    """Whether this process may make devices."""
    with TemporaryDirectory() as folder:
        try:
            place(Path(folder) / "device", Item(kind=Kind.DEVICE))
        except OSError:
            return False
    return True


CAN_MAKE_DEVICES = can_make_devices()


# Drawn.

ODD = ["é", " ", "a b\n", 'q"', "*", "x|y", "\\", "-f", ".hid", "a,b", "A", "~", "'", "é" * 127]
if sys.platform == "linux":
    ODD += [os.fsdecode(b"\xff\xfe"), "e\u0301"]  # macOS has names in UTF-8 only, and takes both é for one
OWN = ".aws-datasync"
"""At the top of a destination, this folder is DataSync's own."""
NEVER_MOVED = [".snapshot", "x.snapshot", ".zfs", ".awssync", OWN]

names = st.one_of(
    st.sampled_from(["a", "b", "ab", "a.tmp", "b.tmp", "d"]), st.sampled_from([*ODD, *NEVER_MOVED, "b", "d"])
)

SIZES = st.sampled_from([0, 1, 2, 10, 10, 1000, 65_536, 300_001, 1_300_001])
MTIMES = st.sampled_from(
    [
        1_500_000_000_000_000_000,
        1_500_000_000_000_000_001,
        1_600_000_000_123_456_789,
        1,
        4_000_000_000 * 10**9,
    ]
)
OWNERS = st.sampled_from([0, 1000, 65534, 12345]) if IS_ROOT else st.none()
# Without the rights of root, nobody could clean up below a folder that may not be entered.
FILE_MODES = st.sampled_from([0o644, 0o600, 0o755, 0o444] + ([0, 0o4755, 0o2711, 0o1777] if IS_ROOT else []))
FOLDER_MODES = st.sampled_from([0o755, 0o700, 0o775] + ([0, 0o555, 0o1777, 0o2755] if IS_ROOT else []))
LINKS = st.sampled_from([b"a", b"../../..", b"/etc/passwd", b"nowhere\xff", b"d", b"."])


@lru_cache(maxsize=64)
def text(size: int, seed: int) -> bytes:
    """So many bytes, other ones for each seed."""
    return (b"%06d" % seed * (size // 6 + 1))[:size]


@st.composite
def items(draw: st.DrawFn, kind: Kind) -> Item:
    """An item of a kind."""
    content = b""
    if kind is Kind.FILE:
        content = text(draw(SIZES), draw(st.integers(0, 9)))
    elif kind is Kind.LINK:
        content = draw(LINKS)
    uid, gid = draw(OWNERS), draw(OWNERS)
    return Item(
        kind=kind,
        content=content,
        mode=0o777 if kind is Kind.LINK else draw(FOLDER_MODES if kind is Kind.FOLDER else FILE_MODES),
        uid=os.geteuid() if uid is None else uid,
        gid=os.getegid() if gid is None else gid,
        mtime_ns=draw(MTIMES),
    )


@st.composite
def skeletons(draw: st.DrawFn, kinds: tuple[Kind, ...], size: int) -> dict[str, Kind]:
    """Paths, and what is there; what is above a path is a folder."""
    found: dict[str, Kind] = {}
    for _ in range(draw(st.sampled_from([0, 1, 2, *range(4, size)]))):
        folders = [*(path for path, kind in found.items() if kind is Kind.FOLDER), ""]
        folder = draw(st.sampled_from(folders))
        path = f"{folder}/{draw(names)}".lstrip("/")
        found.setdefault(path, draw(st.sampled_from([Kind.FILE] * 4 + [Kind.FOLDER] * 3 + [*kinds])))
    return found


WHERE = ["source", "both", "changed", "damaged", "destination"]
"""Where an item is; a damaged one differs in content alone."""


@st.composite
def twins(
    draw: st.DrawFn,
    kinds: tuple[Kind, ...] = (),
    size: int = 12,
    *,
    conflicts: bool = False,
    deleting: bool = False,
) -> tuple[dict[str, Item], dict[str, Item]]:
    """A source, and a destination that has some of it, changed or not, and other things.

    Args:
        draw: Hypothesis's.
        kinds: what there is beside files and folders.
        size: how many items at most.
        conflicts: whether there may be a folder on one side where there is something else on the other.
        deleting: whether most is only at the destination.
    """
    source: dict[str, Item] = {}
    destination: dict[str, Item] = {}
    for path, kind in draw(skeletons(kinds, size)).items():
        item = draw(items(kind))
        where = draw(st.sampled_from(["destination"] * 4 + ["both"] if deleting else WHERE))
        if where != "destination" and has_place(source, path):
            source[path] = item
        if where != "source" and has_place(destination, path) and path != OWN:
            destination[path] = item
            if where == "changed":
                destination[path] = draw(changed(item, conflicts=conflicts))
            elif where == "damaged" and kind is Kind.FILE:
                # Nobody can see that without reading it: size and times are the same.
                destination[path] = evolve(item, content=b"!" * len(item.content))
    return source, destination


def has_place(tree: Tree, path: str) -> bool:
    """Whether an item can be there: the folder above is there, and is a folder."""
    above = next(parents(path), None)
    return above is None or (above in tree and tree[above].kind is Kind.FOLDER)


@st.composite
def changed(draw: st.DrawFn, item: Item, *, conflicts: bool) -> Item:
    """The same item with something else about it: one thing, mostly, for nothing else must hide it."""
    if conflicts and draw(st.booleans()):
        return draw(items(draw(st.sampled_from([Kind.FILE, Kind.FOLDER, Kind.LINK, Kind.FIFO]))))
    what = draw(st.sampled_from(["content", "mode", "uid", "gid", "mtime_ns", "nanosecond", "all"]))
    other = draw(items(item.kind))
    if what == "all":
        return other
    if what == "nanosecond":
        return evolve(item, mtime_ns=item.mtime_ns + 1)
    if what == "content" and item.kind is Kind.LINK:
        return evolve(item, content=b"elsewhere")
    return evolve(item, **{what: getattr(other, what)})
