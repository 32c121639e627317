"""What the destination should be after a transfer, computed as simply as the documentation says it."""

from __future__ import annotations

from attrs import evolve, frozen

from datasync_sdk import filters
from tests.local.transfer.kit import Node, Tree

RESERVED = {".aws-datasync", ".awssync", ".zfs"}


@frozen(kw_only=True)
class Choice:
    """Options and filters."""

    transfer_mode: str = "CHANGED"
    overwrite_mode: str = "ALWAYS"
    preserve_deleted_files: str = "PRESERVE"
    mtime: str = "PRESERVE"
    uid: str = "INT_VALUE"
    gid: str = "INT_VALUE"
    posix_permissions: str = "PRESERVE"
    includes: str = ""
    excludes: str = ""

    def options(self) -> dict[str, str]:
        """As the service takes them."""
        names = ("transfer_mode", "overwrite_mode", "preserve_deleted_files", "mtime", "uid", "gid")
        atime = "BEST_EFFORT" if self.mtime == "PRESERVE" else "NONE"
        permissions = {"posix_permissions": self.posix_permissions, "atime": atime}
        return {name: getattr(self, name) for name in names} | permissions


def parents(path: str) -> list[str]:
    """The folders above, the top first."""
    names = path.split("/")
    return ["/".join(names[:length]) for length in range(1, len(names))]


def is_selected(path: str, node: Node, choice: Choice) -> bool:
    """Whether filters select a path of a tree."""
    if any(name in RESERVED or name.endswith(".snapshot") for name in path.split("/")):
        return False
    return filters.selected(path, node.kind == "d", includes=choice.includes, excludes=choice.excludes)


def expected(source: Tree, before: Tree, choice: Choice) -> tuple[dict[str, Node], bool]:
    """The tree that a transfer makes of that of the destination, and whether all of it succeeds."""
    after, is_success = dict(before), True
    chosen = [path for path, node in source.items() if is_selected(path, node, choice)]
    if choice.preserve_deleted_files == "REMOVE":
        remove(after, source, choice)
    for path in chosen:
        blocked = blocked_by(path, source, before, after, choice)
        if blocked:
            is_success = False
            continue
        for folder in parents(path):
            if after.get(folder, Node()).kind != "d":
                after[folder] = copy_of(source[folder], None, choice)
        there = before.get(path)
        if there is not None and choice.overwrite_mode == "NEVER":
            is_success &= not (source[path].kind == "d" != there.kind)
            continue
        if after.get(path, Node()).kind == "d" != source[path].kind:
            if any(other.startswith(f"{path}/") for other in after):
                is_success = False
                continue
            there = None
        after[path] = result_of(source[path], there, choice)
    return after, is_success


def remove(after: dict[str, Node], source: Tree, choice: Choice) -> None:
    """Delete what the source does not have, but nothing that is not selected, nor folders that hold such."""
    for path in sorted(after, key=lambda path: path.count("/"), reverse=True):
        if path in source and all(source[folder].kind == "d" for folder in parents(path) if folder in source):
            continue
        # What is below a folder that the filters do not let in is not looked at.
        holds = any(other.startswith(f"{path}/") for other in after)
        if is_selected(path, after[path], choice) and not holds and not is_kept(path, source, after, choice):
            del after[path]


def is_kept(path: str, source: Tree, after: Tree, choice: Choice) -> bool:
    """Whether something above is not what the source says, and stays: OverwriteMode NEVER."""
    above = [folder for folder in parents(path) if folder in source and source[folder].kind != "d"]
    del after
    return bool(above) and choice.overwrite_mode == "NEVER"


def blocked_by(path: str, source: Tree, before: Tree, after: Tree, choice: Choice) -> bool:
    """Whether something at the destination keeps a folder above from being made."""
    del after
    return any(
        folder in before
        and before[folder].kind != "d"
        # What is only in the way of something else is nothing that the task may replace.
        and (choice.overwrite_mode == "NEVER" or not is_selected(folder, source[folder], choice))
        for folder in parents(path)
    )


def result_of(node: Node, there: Node | None, choice: Choice) -> Node:
    """What becomes of an item, given what is there before it."""
    if there is None or there.kind != node.kind:
        return copy_of(node, None, choice)
    made = copy_of(node, there, choice)
    if choice.transfer_mode == "ALL" or node.kind != "f":
        return made
    if len(node.data) != len(there.data):
        return made
    is_newer = node.mtime > there.mtime if choice.mtime == "NONE" else node.mtime != there.mtime
    return made if is_newer else evolve(made, data=there.data, mtime=there.mtime)


def copy_of(node: Node, there: Node | None, choice: Choice) -> Node:
    """A copy of an item, which may inherit from the one that is there."""
    mode = 0o755 if node.kind == "d" else 0o777 if node.kind == "l" else 0o644
    old = there or Node(mode=mode)
    uid = old.uid if choice.uid == "NONE" else node.uid
    gid = old.gid if choice.gid == "NONE" else node.gid
    giver = old if choice.posix_permissions == "NONE" else node
    mode = mode if node.kind == "l" else giver.mode
    if node.kind == "f":  # It never runs as somebody else than who allowed that.
        mode &= ~((uid != giver.uid and 0o4000) | (gid != giver.gid and 0o2000))
    return evolve(node, uid=uid, gid=gid, mode=mode)
