"""What a transfer has to do, written from the documentation alone, as naively as can be.

It knows nothing of how the service does it: it takes a source and a destination as values, and says what the
destination must be afterwards, what moved, and what is counted. Where the documentation says nothing, it
claims nothing: such a member of a `Claim` is None.

The sentences that it rests on are those of the service model's documentation, of the user guide, and of
docs/local-fidelity.md where these are silent.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import Enum

from attrs import evolve, frozen

from datasync_sdk import models as m
from tests.local.trees import IS_ROOT, Item, Kind, Tree, below, parents

UNCLAIMED = None


class Carries(Enum):
    """What a type of location keeps of a file beside its content."""

    POSIX = "owner, permissions, times, links, devices"
    OBJECT = "owner, permissions, times"
    WINDOWS = "times"


@frozen(kw_only=True)
class Situation:
    """All on which a transfer depends."""

    source: Tree
    destination: Tree
    mode: str = "BASIC"
    options: m.Options
    """Merged with the defaults."""
    includes: str | None = None
    excludes: str | None = None
    manifest: tuple[str, ...] | None = None
    source_carries: Carries = Carries.POSIX
    destination_carries: Carries = Carries.POSIX


@frozen(kw_only=True)
class Claim:
    """What must be at a path. None: nobody says."""

    kind: Kind
    content: bytes
    mode: int | None
    uid: int | None
    gid: int | None
    mtime_ns: int | None

    def differs(self, item: Item | None) -> str:
        """How an item is not what it must be; empty if it is."""
        if item is None:
            return "missing"
        wrong = [
            f"{name} is {getattr(item, name)!r:.60}, not {value!r:.60}"
            for name in ("kind", "content", "mode", "uid", "gid", "mtime_ns")
            if (value := getattr(self, name)) is not None and value != getattr(item, name)
        ]
        return ", ".join(wrong)


@frozen(kw_only=True)
class Expected:
    """What must come of a transfer."""

    after: Mapping[str, Claim]
    moved: frozenset[str]
    """What was transferred, as a whole or its metadata alone."""
    written: Mapping[str, int]
    """How many bytes of which files."""
    deleted: frozenset[str]
    skipped: frozenset[str]
    damaged: frozenset[str]
    """What POINT_IN_TIME_CONSISTENT finds to be different at the end."""
    looked_at: frozenset[str]
    """What the filters or the manifest select at the source, and can be moved."""
    verified: frozenset[str]
    """What is verified at the end, and found to be right; folders among it are not sure to be."""


def differences(expected: Expected, found: Tree) -> list[str]:
    """In what a destination is not what it must be."""
    wrong = {path: claim.differs(found.get(path)) for path, claim in expected.after.items()}
    wrong |= {path: "should not be there" for path in found if path not in expected.after}
    return [f"{path!r}: {why}" for path, why in sorted(wrong.items()) if why]


# Filters.


def matches(value: str | None, path: str, *, folder: bool) -> bool:
    r"""Whether a filter means a path: itself, or a folder above it.

    "/dir" means the directory with its contents; `*` stands for zero or more characters, slashes included; a
    backslash escapes `*`, `|` and `\`; before any other character, or at the end of a pattern, it is ignored.
    """
    candidates = [f"/{path}", *(f"/{above}/" for above in parents(path)), *(f"/{p}" for p in parents(path))]
    if folder:
        candidates.append(f"/{path}/")
    return any(re.fullmatch(p, name, re.DOTALL) for p in patterns(value or "") for name in candidates)


def patterns(value: str) -> list[str]:
    """The patterns of a filter, as regular expressions."""
    made, rest = [""], value
    while rest:
        char, rest = rest[0], rest[1:]
        if char == "\\":
            if rest and rest[0] in "*|\\":
                made[-1] += re.escape(rest[0])
                rest = rest[1:]
        elif char == "|":
            made.append("")
        else:
            made[-1] += ".*" if char == "*" else re.escape(char)
    # The guide says that DataSync takes "/dir" and "/dir/" for the same.
    return [pattern.rstrip("/") for pattern in made if pattern]


def is_never_moved(path: str) -> bool:
    """Whether "Never transferred: paths ending in `.snapshot`, `/.aws-datasync`, ..." is about it."""
    return matches(r"*.snapshot|*/.aws-datasync|*/.awssync|*/.zfs", path, folder=False)


def selected(at: Situation, path: str, *, folder: bool) -> bool:
    """Whether a transfer is about a path at all."""
    if is_never_moved(path):
        return False
    if at.manifest is not None:
        return path in at.manifest
    if matches(at.excludes, path, folder=folder):
        return False
    return at.includes is None or matches(at.includes, path, folder=folder)


# The transfer.


def expect(at: Situation) -> Expected:
    """What must come of a transfer in which nothing goes wrong.

    There must be no folder on one side where there is something else on the other: nobody says what becomes
    of that.
    """
    wanted = [path for path, item in at.source.items() if selected(at, path, folder=is_folder(item))]
    looked_at = [path for path in wanted if can_move(at, at.source[path])]
    moved = {path for path in looked_at if moves(at, path)}
    written = {path: len(at.source[path].content) for path in moved if moves_content(at, path)}
    deleted = deletions(at)

    after = {path: as_it_is(at, item) for path, item in at.destination.items() if path not in deleted}
    for path in moved:
        for above in parents(path):
            # "Folders made only for what is below have the metadata of the source and are not counted."
            if above not in after:
                after[above] = arrived(at, above)
        after[path] = arrived(at, path)
    blur_folders(at, after, touched=[*moved, *deleted, *(set(after) - set(at.destination))])
    return Expected(
        after=after,
        moved=frozenset(moved),
        written=written,
        deleted=frozenset(deleted),
        skipped=frozenset(wanted) - moved,
        damaged=frozenset(path for path in looked_at if is_damaged(at, after, path)),
        looked_at=frozenset(looked_at),
        verified=frozenset(
            path for path in verified(at, looked_at, moved) if not is_damaged(at, after, path)
        ),
    )


def verified(at: Situation, looked_at: Iterable[str], moved: Iterable[str]) -> Iterable[str]:
    """What VERIFYING is about."""
    if at.options.verify_mode == "NONE":
        return []
    everything = at.options.verify_mode == "POINT_IN_TIME_CONSISTENT" and at.options.overwrite_mode != "NEVER"
    return looked_at if everything else moved


def is_folder(item: Item) -> bool:
    """Whether it is a folder."""
    return item.kind is Kind.FOLDER


def can_move(at: Situation, item: Item) -> bool:
    """Whether an item is of a kind that can be moved at all."""
    both_posix = at.source_carries is at.destination_carries is Carries.POSIX
    if item.kind is Kind.DEVICE:
        # Of NONE, the default, it is said that it "ignores special devices".
        return both_posix and at.options.preserve_devices == "PRESERVE"
    if item.kind is Kind.LINK:
        return both_posix
    return item.kind in (Kind.FILE, Kind.FOLDER)


def moves(at: Situation, path: str) -> bool:
    """Whether an item is transferred, or at least its metadata."""
    old, new = at.destination.get(path), at.source[path]
    if old is None:
        return True
    if at.options.overwrite_mode == "NEVER":
        # "DataSync doesn't overwrite data in the destination location even if the source data has changed."
        return False
    if at.options.transfer_mode == "ALL" or old.kind is not new.kind:
        return True
    # "DataSync copies only the data and metadata that differs between the source and destination location."
    return moves_content(at, path) or metadata(at, old) != metadata(at, known(at, new))


def moves_content(at: Situation, path: str) -> bool:
    """Whether the bytes of a file are transferred, if the item is at all."""
    old, new = at.destination.get(path), at.source[path]
    if new.kind is not Kind.FILE:
        return False
    if old is None or old.kind is not Kind.FILE or at.options.transfer_mode == "ALL":
        return True
    if len(old.content) != len(new.content):
        return True
    if at.options.mtime == "PRESERVE":
        return old.mtime_ns != new.mtime_ns
    # docs/local-fidelity.md: "with NONE a file has changed when its size differs or it is newer than
    # its copy"
    return new.mtime_ns > old.mtime_ns


def metadata(at: Situation, item: Item) -> tuple[object, ...]:
    """What is compared of an item beside the content of files."""
    options = at.options
    kept: list[object] = [item.content if item.kind is Kind.LINK else b""]
    if options.mtime == "PRESERVE":
        kept.append(item.mtime_ns)
    if Carries.WINDOWS not in (at.source_carries, at.destination_carries):
        kept += [
            item.uid if options.uid != "NONE" else UNCLAIMED,
            item.gid if options.gid != "NONE" else UNCLAIMED,
            item.mode
            if options.posix_permissions == "PRESERVE" and item.kind is not Kind.LINK
            else UNCLAIMED,
        ]
    return tuple(kept)


def as_it_is(at: Situation, item: Item) -> Claim:
    """That nothing is done to an item, as far as it can be seen in the folder of the location."""
    posix = at.destination_carries is Carries.POSIX
    # docs/local-fidelity.md: "without the right to change owners, the owner is kept in an extended attribute"
    has_owner = posix and (IS_ROOT or (item.uid, item.gid) == (os.geteuid(), os.getegid()))
    return Claim(
        kind=item.kind,
        content=item.content,
        mode=item.mode if posix else UNCLAIMED,
        uid=item.uid if has_owner else UNCLAIMED,
        gid=item.gid if has_owner else UNCLAIMED,
        mtime_ns=item.mtime_ns if at.destination_carries is not Carries.OBJECT else UNCLAIMED,
    )


def arrived(at: Situation, path: str) -> Claim:
    """What an item is when it has been transferred."""
    item, options = known(at, at.source[path]), at.options
    if item.kind is Kind.FILE and not moves_content(at, path):
        item = evolve(item, content=at.destination[path].content)
    claim = as_it_is(at, item)
    return evolve(
        claim,
        mode=claim.mode if options.posix_permissions == "PRESERVE" else UNCLAIMED,
        uid=claim.uid if options.uid != "NONE" else UNCLAIMED,
        gid=claim.gid if options.gid != "NONE" else UNCLAIMED,
        mtime_ns=claim.mtime_ns if options.mtime == "PRESERVE" else UNCLAIMED,
    )


def known(at: Situation, item: Item) -> Item:
    """What a source tells of an item.

    "POSIX defaults where the source has none: uid and gid 65534, directories 0755, files 0644." An object
    that DataSync did not write has none, either.
    """
    if at.source_carries is Carries.POSIX:
        return item
    return evolve(item, uid=65534, gid=65534, mode=0o755 if is_folder(item) else 0o644)


def deletions(at: Situation) -> set[str]:
    """What is deleted at the destination.

    "REMOVE - Deletes destination files that aren't present in the source." docs/local-fidelity.md: "what
    filters leave out is never deleted; with a manifest nothing is".
    """
    if at.options.preserve_deleted_files != "REMOVE" or at.manifest is not None:
        return set()
    gone = {
        path
        for path, item in at.destination.items()
        if path not in at.source and selected(at, path, folder=is_folder(item))
    }
    # A folder in which something has to stay stays.
    return {path for path in gone if all(other in gone for other in at.destination if below(path, other))}


def blur_folders(at: Situation, after: dict[str, Claim], touched: Iterable[str]) -> None:
    """Claim no time of a folder in which something was made or deleted, unless the folder's own is kept."""
    for folder in {above for path in touched for above in list(parents(path))[:1]} & set(after):
        own = at.source.get(folder)
        keeps = (
            own is not None
            and selected(at, folder, folder=True)
            and at.options.mtime == "PRESERVE"
            and at.options.overwrite_mode == "ALWAYS"
        )
        if keeps or folder not in at.destination:
            continue
        after[folder] = evolve(after[folder], mtime_ns=UNCLAIMED)


def is_damaged(at: Situation, after: Mapping[str, Claim], path: str) -> bool:
    """Whether the content of both sides differs at the end, where POINT_IN_TIME_CONSISTENT looks for that.

    docs/local-fidelity.md: "the bytes of both sides are compared; with OverwriteMode NEVER only what was
    transferred".
    """
    if at.options.verify_mode != "POINT_IN_TIME_CONSISTENT" or at.options.overwrite_mode == "NEVER":
        return False
    return after[path].content != at.source[path].content


# Counters.


def counters(at: Situation, expected: Expected) -> dict[str, int]:
    """What DescribeTaskExecution must tell, by the names of its members."""
    basic, total = at.mode == "BASIC", sum(expected.written.values())
    estimated = expected.looked_at if at.options.transfer_mode == "ALL" else expected.moved
    # In Basic mode, the estimate has "the number of items that DataSync expects to delete", too.
    more = len(expected.deleted) if basic else 0

    def files(paths: Iterable[str], tree: Tree) -> int:
        """How many are files, objects, and - in Basic mode - directories."""
        return sum(basic or not is_folder(tree[path]) for path in paths)

    def folders(paths: Iterable[str], tree: Tree) -> int:
        return sum(is_folder(tree[path]) for path in paths)

    told = {
        "estimated_files_to_transfer": files(estimated, at.source) + more,
        "files_transferred": files(expected.moved, at.source),
        "files_deleted": files(expected.deleted, at.destination),
        "estimated_files_to_delete": files(expected.deleted, at.destination),
        "files_skipped": files(expected.skipped, at.source),
        "bytes_written": total,
        "bytes_transferred": total,
    }
    told["estimated_bytes_to_transfer"] = total
    if basic:
        return told
    if at.options.transfer_mode == "CHANGED":
        told["files_prepared"] = files(expected.moved, at.source)
        told["folders_prepared"] = folders(expected.moved, at.source)
        told["estimated_folders_to_transfer"] = folders(estimated, at.source)
    return told | {
        "folders_transferred": folders(expected.moved, at.source),
        "folders_deleted": folders(expected.deleted, at.destination),
        "estimated_folders_to_delete": folders(expected.deleted, at.destination),
        "folders_skipped": folders(expected.skipped, at.source),
    }


def listed_at_source(at: Situation) -> set[str]:
    """What Enhanced mode counts in FilesListed and FoldersListed.

    "With a manifest, DataSync lists only what's in your manifest. With an include filter, DataSync lists only
    what matches the filter. With an exclude filter, DataSync lists everything at your source location before
    applying the filter." docs/local-fidelity.md: "what is in an excluded folder is not looked at".
    """
    bare = evolve(at, excludes=None)
    return {
        path
        for path, item in at.source.items()
        if selected(bare, path, folder=is_folder(item))
        and not any(matches(at.excludes, above, folder=True) for above in parents(path))
    }
