"""Random trees, options and filters."""

from __future__ import annotations

import os

from attrs import evolve
from hypothesis import strategies as st

from tests.local.transfer.kit import IS_ROOT, SECOND, Node, Tree
from tests.local.transfer.reference import Choice

NAMES = st.sampled_from(
    [
        "a",
        "b",
        "c.tmp",
        "d e",
        "-rf",
        "ü",
        "new\nline",
        "a*b",
        "p|q",
        "back\\slash",
        ".hidden",
        ".zfs",
        "old.snapshot",
        os.fsdecode(b"\xff\xfe"),
        "x" * 255,
    ]
)
IDS = st.sampled_from([0, 1, 1000, 65534]) if IS_ROOT else st.just(os.geteuid())
MTIMES = st.sampled_from([0, 1, SECOND, 1_500_000_000 * SECOND + 123_456_789, 4_000_000_000 * SECOND])
FILE_MODES = st.sampled_from(
    [0o644, 0o600, 0o755, 0o400, 0o777, 0o4755, 0o2755, 0o000] if IS_ROOT else [0o644, 0o600]
)
FOLDER_MODES = st.sampled_from([0o755, 0o700, 0o1777, 0o555] if IS_ROOT else [0o755, 0o700, 0o555])

files = st.builds(
    Node,
    kind=st.just("f"),
    data=st.sampled_from([b"", b"one", b"two", b"three", b"x" * 5000]),
    mode=FILE_MODES,
    uid=IDS,
    gid=IDS,
    mtime=MTIMES,
)
links = st.builds(
    Node,
    kind=st.just("l"),
    data=st.sampled_from([b"a", b"..", b"/etc/passwd", b"nowhere", b"\xff"]),
    mode=st.just(0o777),
    uid=IDS,
    gid=IDS,
    mtime=MTIMES,
)
folders = st.builds(Node, kind=st.just("d"), mode=FOLDER_MODES, uid=IDS, gid=IDS, mtime=MTIMES)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Tree:
    """A tree, some levels deep."""
    tree: dict[str, Node] = {}
    fill(draw, tree, "", depth)
    return tree


def fill(draw: st.DrawFn, tree: dict[str, Node], folder: str, depth: int) -> None:
    """Put things into a folder."""
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        path = f"{folder}/{name}" if folder else name
        kinds = [files, files, links, folders] if depth > 1 else [files, links]
        node = tree[path] = draw(st.one_of(kinds))
        if node.kind == "d":
            fill(draw, tree, path, depth - 1)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A source, and a destination that has some of it, some of it changed, and something else."""
    source = draw(trees())
    other = draw(trees())
    mixed: dict[str, Node] = {}
    for path, node in sorted((source | other).items()):
        above = path.rpartition("/")[0]
        if above and mixed.get(above, Node()).kind != "d":
            continue
        pick = draw(st.sampled_from(["none", "same", "other", "changed"]))
        if pick == "changed" and node.kind == "f":
            # As long as it was, so that only its time tells.
            data = draw(st.sampled_from([node.data, node.data[::-1]]))
            mixed[path] = evolve(node, data=data, mtime=draw(MTIMES), mode=draw(FILE_MODES), uid=draw(IDS))
        elif pick != "none":
            mixed[path] = other.get(path, node) if pick == "other" else source.get(path, node)
    return source, mixed


FILTERS = st.lists(
    st.sampled_from(["/a", "/b/a", "/a/*", "/-rf", "/d e/b", "/new\nline", "/a\\*b", "/p\\|q", "/ü*"]),
    max_size=3,
    unique=True,
).map("|".join)
EXCLUDES = st.lists(
    st.sampled_from(["*.tmp", "*/b", "/a/a", "/d e", "*/.hidden", "/a/b/*"]), max_size=2, unique=True
).map("|".join)


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    """Options and filters that the service takes together."""
    transfer_mode = draw(st.sampled_from(["CHANGED", "CHANGED", "CHANGED", "ALL"]))
    removal = ["PRESERVE"] if transfer_mode == "ALL" else ["PRESERVE", "REMOVE"]
    return Choice(
        transfer_mode=transfer_mode,
        overwrite_mode=draw(st.sampled_from(["ALWAYS", "ALWAYS", "NEVER"])),
        preserve_deleted_files=draw(st.sampled_from(removal)),
        mtime=draw(st.sampled_from(["PRESERVE", "PRESERVE", "NONE"])),
        uid=draw(st.sampled_from(["INT_VALUE", "NONE"])),
        gid=draw(st.sampled_from(["INT_VALUE", "NONE"])),
        posix_permissions=draw(st.sampled_from(["PRESERVE", "NONE"])),
        includes=draw(st.one_of(st.just(""), FILTERS)),
        excludes=draw(st.one_of(st.just(""), EXCLUDES)),
    )
