"""Transfers against a reference written from the documentation: by the service's public face only."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync, ManualClock
from datasync_sdk.testing.strategies import valid_options
from tests.local import reference, trees
from tests.local.reference import Carries, Claim, Situation
from tests.local.trees import Item, Kind, Tree

START = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = "arn:aws:iam::111222333444:role/datasync"
Described: TypeAlias = m.DescribeTaskExecutionResponse

SUCCESS, ERROR = m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR

MEMORY = Path("/dev/shm")  # noqa: S108  # only a place; each folder in it is made safely
"""Where Linux has files that no disk waits for: property tests make many trees."""

KINDS = (Kind.LINK, Kind.FIFO, Kind.LINK, *([Kind.DEVICE] if trees.CAN_MAKE_DEVICES else []))

DEFAULTS: dict[str, Any] = {
    "overwrite_mode": "ALWAYS",
    "transfer_mode": "CHANGED",
    "preserve_deleted_files": "PRESERVE",
    "preserve_devices": "NONE",
    "posix_permissions": "PRESERVE",
    "uid": "INT_VALUE",
    "gid": "INT_VALUE",
    "mtime": "PRESERVE",
    "atime": "BEST_EFFORT",
}
"""What the documentation of `Options` calls the default of each member; that of VerifyMode is the mode's."""

VERIFY = {"BASIC": "POINT_IN_TIME_CONSISTENT", "ENHANCED": "ONLY_FILES_TRANSFERRED"}


KINDS_OF_ROWS = {
    "Transferred": "TransferStatus",
    "Deleted": "DeleteStatus",
    "Skipped": "SkipStatus",
    "Verified": "VerifyStatus",
}
"""The lists of a report, and the member that says how it went."""


@attrs.frozen(kw_only=True)
class Rows:
    """The rows of a report, by its lists."""

    lists: dict[str, list[dict[str, Any]]]

    def paths(self, kind: str, status: str = "SUCCESS") -> Counter[str]:
        """Which paths a list has, with this outcome; and how often."""
        member = KINDS_OF_ROWS[kind]
        return Counter(row["RelativePath"] for row in self.lists.get(kind, []) if row[member] == status)


class World:
    """A service with two file servers and a clock that the test turns."""

    def __init__(self, root: Path, source: str = "nfs", destination: str = "nfs") -> None:
        self.clock = ManualClock(START)
        self.service = LocalDataSync(root, clock=self.clock)
        self.client = self.service.client()
        key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
        self.agents = m.OnPremConfig(agent_arns=[self.client.create_agent(activation_key=key).agent_arn])
        self.from_arn, self.to_arn = self.location(source, "from"), self.location(destination, "to")
        self.source, self.target = self.service.folder(self.from_arn), self.service.folder(self.to_arn)
        self.lists = self.service.folder("s3://lists/")

    def location(self, kind: str, name: str) -> str:
        """A new location of a type."""
        if kind == "nfs":
            return self.client.create_location_nfs(
                server_hostname="server", subdirectory=f"/{name}", on_prem_config=self.agents
            ).location_arn
        if kind == "smb":
            return self.client.create_location_smb(
                server_hostname="server",
                subdirectory=f"/{name}",
                user="user",
                password="password",
                agent_arns=self.agents.agent_arns,
            ).location_arn
        return self.client.create_location_s3(
            s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
        ).location_arn

    def task(self, at: Situation) -> str:
        """A task that does what a situation asks for, with a report of everything."""
        manifest = None
        if at.manifest is not None:
            (self.lists / "list.csv").write_text(
                "".join('"' + path.replace('"', '""') + '"\n' for path in at.manifest), encoding="utf-8"
            )
            manifest = m.ManifestConfig(
                action="TRANSFER",
                format="CSV",
                source=m.SourceManifestConfig(
                    s3=m.S3ManifestConfig(
                        manifest_object_path="list.csv",
                        s3_bucket_arn="arn:aws:s3:::lists",
                        bucket_access_role_arn=ROLE,
                    )
                ),
            )
        return self.client.create_task(
            source_location_arn=self.from_arn,
            destination_location_arn=self.to_arn,
            task_mode=at.mode,  # type: ignore[arg-type]
            options=at.options,
            includes=rule(at.includes),
            excludes=rule(at.excludes),
            manifest_config=manifest,
            task_report_config=m.TaskReportConfig(
                destination=m.ReportDestination(
                    s3=m.ReportDestinationS3(
                        s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE
                    )
                ),
                output_type="STANDARD",
                report_level="SUCCESSES_AND_ERRORS",
            ),
        ).task_arn

    def start(self, task: str) -> str:
        """Start it, and wait until it has ended or waits for time to pass."""
        arn = self.client.start_task_execution(task_arn=task).task_execution_arn
        self.clock.settle()
        return arn

    def see(self, execution: str) -> m.DescribeTaskExecutionResponse:
        """What is told of an execution now."""
        return self.client.describe_task_execution(task_execution_arn=execution)

    def run(self, task: str) -> m.DescribeTaskExecutionResponse:
        """Run it to its end."""
        execution = self.start(task)
        while self.see(execution).status not in (SUCCESS, ERROR):
            self.clock.advance(timedelta(hours=1))
        return self.see(execution)

    def rows(self, execution: str) -> Rows:
        """The report of an execution."""
        found: dict[str, list[dict[str, Any]]] = {}
        name = execution.rpartition("/")[2]
        for path in (self.service.root / "s3" / "reports" / "Detailed-Reports").glob(f"*/{name}/*.json"):
            told = json.loads(path.read_text())
            for kind in KINDS_OF_ROWS:
                for row in told.get(kind, []):
                    row["RelativePath"] = row["RelativePath"].removeprefix("/").removesuffix("/")
                    found.setdefault(kind, []).append(row)
        return Rows(lists=found)


@contextmanager
def worlds(source: str = "nfs", destination: str = "nfs") -> Iterator[World]:
    """A world of one's own."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        world = World(Path(folder) / "root", source, destination)
        try:
            yield world
        finally:
            world.client.close()
            world.service.close()


def rule(value: str | None) -> tuple[m.FilterRule, ...] | None:
    """The filter that a value is."""
    return None if value is None else (m.FilterRule(filter_type="SIMPLE_PATTERN", value=value),)


@st.composite
def effective(draw: st.DrawFn, mode: str) -> m.Options:
    """Legal options, with the defaults that the documentation names."""
    options = draw(valid_options(mode) | st.builds(m.Options))  # type: ignore[arg-type]
    options = attrs.evolve(options, bytes_per_second=-1, task_queueing="ENABLED", log_level="OFF")
    options = with_defaults(options, mode)
    # Most of what is legal is the default: now and then, it is something else.
    if draw(st.booleans()):
        removes = options.transfer_mode == "CHANGED" and draw(st.booleans())
        options = attrs.evolve(
            options,
            preserve_deleted_files="REMOVE" if removes else options.preserve_deleted_files,
            overwrite_mode=draw(st.sampled_from(["ALWAYS", "ALWAYS", "NEVER"])),
            verify_mode=draw(st.sampled_from(["ONLY_FILES_TRANSFERRED", "NONE", VERIFY[mode]])),
        )
    return options


def with_defaults(options: m.Options, mode: str) -> m.Options:
    """Options as they take effect."""
    missing: dict[str, Any] = {
        name: value
        for name, value in {**DEFAULTS, "verify_mode": VERIFY[mode]}.items()
        if getattr(options, name) is None
    }
    return attrs.evolve(options, **missing)


@st.composite
def filters_for(draw: st.DrawFn, paths: list[str], *, exclude: bool) -> str:
    """A filter that has to do with the paths."""
    made = []
    deepest_first = sorted(paths, key=lambda path: (-path.count("/"), path)) or ["x"]
    for path in draw(st.lists(st.sampled_from(deepest_first), min_size=1, max_size=3)):
        whole, last = quoted(path), quoted(path.rpartition("/")[2])
        usual = [f"/{whole}", f"/{whole}", f"/{whole}/", f"/{whole}*", f"/{whole}/*"]
        others = [f"*/{last}", f"*{last}", f"*/{last}*", "*.tmp"] if exclude else ["/*", "/a*"]
        made.append(draw(st.sampled_from(usual + others)))
    return "|".join(made)


def quoted(text: str) -> str:
    """A text as it stands in a pattern for itself."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("|", "\\|")


@st.composite
def situations(draw: st.DrawFn, *, conflicts: bool = False) -> Situation:
    """All on which a transfer depends; with or without a folder where the other side has something else."""
    mode = draw(st.sampled_from(["BASIC", "ENHANCED"]))
    deleting = draw(st.sampled_from([False, False, False, False, True]))
    source, destination = draw(trees.twins(KINDS, conflicts=conflicts, deleting=deleting))
    # What cannot be said in JSON or in a manifest stands in no filter and in no manifest.
    paths = [path for path in sorted({*source, *destination}) if is_text(path)]
    chosen = draw(st.sampled_from(["all", "all", "all", "include", "exclude", "both", "manifest"]))
    manifest = None
    if chosen == "manifest" and (listed := [path for path in paths if can_be_listed(source, path)]):
        manifest = tuple(draw(st.lists(st.sampled_from(listed), unique=True, min_size=1)))
    options = draw(effective(mode))
    if deleting and options.transfer_mode == "CHANGED":
        options = attrs.evolve(options, preserve_deleted_files="REMOVE")
    if "NONE" in {options.uid, options.gid}:
        # No documentation says what becomes of setuid where no owner comes along: test_metadata.py tells.
        source, destination = (without_set_id(tree) for tree in (source, destination))
    return Situation(
        source=source,
        destination=destination,
        mode=mode,
        options=options,
        includes=draw(filters_for(paths, exclude=False)) if chosen in ("include", "both") else None,
        excludes=draw(filters_for(paths, exclude=True)) if chosen in ("exclude", "both") else None,
        manifest=manifest,
    )


def without_set_id(tree: Tree) -> Tree:
    """The same files, none of which runs as its owner or group."""
    return {path: attrs.evolve(item, mode=item.mode & 0o1777) for path, item in tree.items()}


def can_be_listed(source: Tree, path: str) -> bool:
    """Whether a manifest may have it: no folders, and nothing that is never moved."""
    return path in source and source[path].kind is not Kind.FOLDER and not reference.is_never_moved(path)


def is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def simple(mode: str, source: Tree, destination: Tree | None = None, **members: Any) -> Situation:
    """A situation with these members of `Options`, or of its own."""
    names = {field.name for field in attrs.fields(m.Options)}
    options: dict[str, Any] = {**DEFAULTS, "verify_mode": VERIFY[mode]}
    options |= {name: value for name, value in members.items() if name in names}
    others = {name: value for name, value in members.items() if name not in names}
    return Situation(
        source=source, destination=destination or {}, mode=mode, options=m.Options(**options), **others
    )


def a_file(content: bytes = b"x", **members: Any) -> Item:
    return Item(kind=Kind.FILE, content=content, mode=0o644, mtime_ns=10**18, **members)


A_FOLDER = Item(kind=Kind.FOLDER, mode=0o775, mtime_ns=10**18)

TWO_FILES = {"a": a_file(), "b": a_file()}
A_LINK = Item(kind=Kind.LINK, content=b"a", mode=0o777, mtime_ns=10**18)
DELETED = {"d": A_FOLDER, "d/kept.tmp": a_file(), "d/e": A_FOLDER, "d/e/gone": a_file()}


@settings(max_examples=130)
@given(situations())
@example(simple("BASIC", TWO_FILES, {**TWO_FILES, "a": attrs.evolve(a_file(), mtime_ns=10**18 + 1)}))
@example(simple("BASIC", {"l": A_LINK}, {"l": attrs.evolve(A_LINK, content=b"b")}))
@example(simple("ENHANCED", {}, DELETED, excludes="*.tmp", preserve_deleted_files="REMOVE"))
@example(simple("BASIC", {"d": A_FOLDER, **{f"d/{name}": a_file() for name in "ab"}}, includes="/d/a"))
def test_the_destination_is_what_the_documentation_says(at: Situation) -> None:
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        before = trees.read(world.source)
        task = world.task(at)
        check(at, world, task)
        after = trees.read(world.target)
        expected = check(attrs.evolve(at, destination=after), world, task)
        if at.options.transfer_mode == "CHANGED":
            assert not expected.moved
            assert trees.read(world.target) == after
        assert trees.read(world.source) == before


def check(at: Situation, world: World, task: str) -> reference.Expected:
    """Run a task, and hold all that can be seen of it against the reference."""
    expected = reference.expect(at)
    described = world.run(task)
    assert described.result
    told = (described.result.error_code, described.result.error_detail)
    failing = expected.damaged and at.mode == "BASIC"
    assert described.status == (ERROR if failing else SUCCESS), told
    wrong = reference.differences(expected, trees.read(world.target))
    assert not wrong, wrong
    check_counters(at, expected, described)
    check_rows(at, expected, world.rows(described.task_execution_arn), described)
    return expected


def check_counters(at: Situation, expected: reference.Expected, described: Described) -> None:
    """The counters are those of the reference."""
    wanted = reference.counters(at, expected)
    wrong = {
        name: (getattr(described, name), n) for name, n in wanted.items() if getattr(described, name) != n
    }
    assert not wrong, wrong
    if at.mode == "BASIC" or (at.includes and at.excludes):
        # No documentation says whether what is included and excluded is listed.
        return
    listed = reference.listed_at_source(at)
    folders = {path for path in listed if at.source[path].kind is Kind.FOLDER}
    assert described.files_listed
    assert described.folders_listed
    assert described.files_listed.at_source == len(listed - folders), listed
    assert described.folders_listed.at_source == len(folders), listed
    failed = (described.files_failed, described.folders_failed)
    assert all(set(attrs.asdict(counts).values()) == {0} for counts in failed if counts), failed


def check_rows(at: Situation, expected: reference.Expected, rows: Rows, described: Described) -> None:
    """The rows of the report are those of the reference, and as many as the counters say."""
    assert rows.paths("Transferred") == Counter(map(shown, expected.moved))
    assert rows.paths("Deleted") == Counter(map(shown, expected.deleted))
    assert rows.paths("Skipped") == Counter(map(shown, expected.skipped))
    folders = {shown(path) for path, item in at.source.items() if item.kind is Kind.FOLDER}
    verified = rows.paths("Verified")
    assert set(verified) - folders == {shown(path) for path in expected.verified} - folders
    assert set(verified) <= {shown(path) for path in expected.verified}
    assert rows.paths("Verified", "FAILED") == Counter(map(shown, expected.damaged))
    for kind in ("Transferred", "Deleted", "Skipped"):
        assert not rows.paths(kind, "FAILED")
    with_content = {
        row["RelativePath"] for row in rows.lists.get("Transferred", []) if row["TransferType"] != "METADATA"
    }
    assert with_content >= {shown(path) for path in expected.written}
    check_sums(rows, described)


def check_sums(rows: Rows, described: Described) -> None:
    """Counters and rows tell the same."""
    told = {
        "Transferred": (described.files_transferred or 0) + (described.folders_transferred or 0),
        "Deleted": (described.files_deleted or 0) + (described.folders_deleted or 0),
        "Skipped": (described.files_skipped or 0) + (described.folders_skipped or 0),
        "Verified": (described.files_verified or 0) + (described.folders_verified or 0),
    }
    assert {kind: rows.paths(kind).total() for kind in told} == told


def shown(path: str) -> str:
    """A path as reports have it: JSON has no bytes that are no UTF-8."""
    return os.fsencode(path).decode(errors="backslashreplace")


# Between types of locations.

CARRIES = {"nfs": Carries.POSIX, "s3": Carries.OBJECT, "smb": Carries.WINDOWS}


@settings(max_examples=40)
@given(st.sampled_from(["nfs", "s3", "smb"]), st.sampled_from(["nfs", "s3", "smb"]), situations())
def test_types_of_locations_keep_what_they_can(source: str, destination: str, at: Situation) -> None:
    """First all of one tree is moved, into nothing; then another tree with options and filters."""
    at = attrs.evolve(at, source_carries=CARRIES[source], destination_carries=CARRIES[destination])
    first = attrs.evolve(
        at,
        source=at.destination,
        destination={},
        options=m.Options(**{**DEFAULTS, "verify_mode": "ONLY_FILES_TRANSFERRED"}),
        includes=None,
        excludes=None,
        manifest=None,
    )
    with worlds(source, destination) as world:
        trees.build(world.source, first.source)
        moved = check(first, world, world.task(first)).moved
        trees.remove(world.source)
        trees.build(world.source, at.source)
        # What cannot be seen in the folder of the destination is there all the same.
        there = {path: reference.known(first, first.source[path]) for path in moved}
        check(attrs.evolve(at, destination=there), world, world.task(at))


@settings(max_examples=20)
@given(trees.twins(KINDS), st.sampled_from(["BASIC", "ENHANCED"]))
def test_a_bucket_gives_back_what_it_was_given(pair: tuple[Tree, Tree], mode: str) -> None:
    source, _ = pair
    options = m.Options(**{**DEFAULTS, "verify_mode": VERIFY[mode]})
    there = Situation(
        source=source, destination={}, mode=mode, options=options, destination_carries=Carries.OBJECT
    )
    with worlds("nfs", "s3") as world:
        trees.build(world.source, source)
        moved = check(there, world, world.task(there)).moved
        world.from_arn, world.to_arn = world.to_arn, world.location("nfs", "back")
        world.target = world.service.folder(world.to_arn)
        # As the bucket keeps all of it, the whole way is one between file servers.
        kept = {path: source[path] for path in moved}
        back = Situation(source=kept, destination={}, mode=mode, options=options)
        task = world.task(back)
        check(back, world, task)
        again = check(attrs.evolve(back, destination=kept), world, task)
        assert not again.moved


# Interrupted.


@settings(max_examples=70)
@given(situations(), st.integers(1_000, 500_000), st.floats(0, 1))
def test_a_run_after_a_cancelled_one_ends_as_if_nothing_had_been(
    at: Situation, limit: int, moment: float
) -> None:
    expected = reference.expect(at)
    total = sum(expected.written.values())
    slow = attrs.evolve(at, options=attrs.evolve(at.options, bytes_per_second=limit))
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        task = world.task(slow)
        execution = world.start(task)
        world.clock.advance(timedelta(seconds=moment * total / limit))
        if world.see(execution).status in (SUCCESS, ERROR):
            return
        world.client.cancel_task_execution(task_execution_arn=execution)
        world.clock.settle()
        described = world.see(execution)
        assert described.status == ERROR
        check_sums(world.rows(execution), described)
        check_between(at, expected, trees.read(world.target))
        last = world.run(task)
        assert last.status == (ERROR if expected.damaged and at.mode == "BASIC" else SUCCESS)
        blurred = attrs.evolve(expected, after=without_new_folders(at, expected))
        wrong = reference.differences(blurred, trees.read(world.target))
        assert not wrong, wrong
        assert (last.bytes_written or 0) <= total


def check_between(at: Situation, expected: reference.Expected, found: Tree) -> None:
    """Every file is whole, old or new; and there is nothing but what was there or has to be."""
    assert {path for path in at.destination if path not in found} <= expected.deleted
    assert set(found) <= {*at.destination, *expected.after}
    for path, item in found.items():
        assert item.kind is not Kind.FILE or item.content in wholes(at, path), path


def without_new_folders(at: Situation, expected: reference.Expected) -> dict[str, Claim]:
    """What must be in the end, but for the times of folders that the next run finds and has not to change."""
    return {
        path: attrs.evolve(claim, mtime_ns=None)
        if claim.kind is Kind.FOLDER
        and path not in at.destination
        and (at.options.overwrite_mode == "NEVER" or path not in expected.looked_at)
        else claim
        for path, claim in expected.after.items()
    }


def wholes(at: Situation, path: str) -> list[bytes]:
    """What a file may hold while it is being transferred."""
    return [tree[path].content for tree in (at.source, at.destination) if path in tree]


# Faults.


@attrs.frozen(kw_only=True)
class Trouble:
    """What goes wrong."""

    unreadable: str | None = None
    side: str = "source"
    corrupt: str | None = None
    full: int | None = None


@st.composite
def troubles(draw: st.DrawFn, at: Situation) -> Trouble:
    """One or several faults that have to do with a situation."""
    paths = [path for path in sorted({*at.source, *at.destination}) if is_text(path)]
    return Trouble(
        unreadable=draw(st.none() | pattern_of(paths)),
        side=draw(st.sampled_from(["source", "source", "destination"])),
        corrupt=draw(st.none() | pattern_of(paths)),
        full=draw(st.none() | st.sampled_from([0, 1, 1000]) | st.integers(0, 400_000)),
    )


def pattern_of(paths: list[str]) -> st.SearchStrategy[str]:
    """A pattern for one of the paths, or for all."""
    return st.sampled_from(["/*", *(f"/{quoted(path)}" for path in paths)])


@settings(max_examples=80)
@given(situations().flatmap(lambda at: st.tuples(st.just(at), troubles(at))))
@example((simple("BASIC", TWO_FILES), Trouble(full=0)))
@example((simple("ENHANCED", TWO_FILES), Trouble(corrupt="/a", unreadable="/b")))
@example((simple("BASIC", DELETED, DELETED, preserve_deleted_files="REMOVE"), Trouble(unreadable="/d")))
def test_nothing_claims_success_falsely(both: tuple[Situation, Trouble]) -> None:
    at, trouble = both
    expected = reference.expect(at)
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        task = world.task(at)
        faults = world.service.faults
        if trouble.unreadable:
            faults.unreadable(trouble.unreadable, trouble.side)  # type: ignore[arg-type]
        if trouble.corrupt:
            faults.corrupt(trouble.corrupt)
        if trouble.full is not None:
            faults.destination_full(trouble.full)
        described = world.run(task)
        rows = world.rows(described.task_execution_arn)
        found = trees.read(world.target)
        check_claims(at, trouble, expected, found, described, rows)
        check_sums(rows, described)
        faults.clear()
        mend(at, world, task)


def check_claims(  # noqa: PLR0913, PLR0917  # all that there is to compare
    at: Situation,
    trouble: Trouble,
    expected: reference.Expected,
    found: Tree,
    described: Described,
    rows: Rows,
) -> None:
    """Whatever is said to have succeeded did, and nothing was done that nobody asked for."""
    named = {shown(path): path for path in {*at.source, *at.destination}}
    failed = {path for kind in KINDS_OF_ROWS for path in rows.paths(kind, "FAILED")}
    for name in rows.paths("Transferred"):
        path = named[name]
        assert path in expected.moved, path
        may_be_damaged = name in failed or (trouble.corrupt and at.options.verify_mode == "NONE")
        if not may_be_damaged:
            assert not expected.after[path].differs(found.get(path)), path
    for name in rows.paths("Verified"):
        path = named[name]
        assert not expected.after[path].differs(found.get(path)), path
        assert at.source[path].content == found[path].content or path not in expected.written
    check_troubles(at, trouble, described, rows)
    for name in rows.paths("Deleted"):
        assert named[name] in expected.deleted, name
        assert named[name] not in found
    # Nothing that the reference does not delete is gone.
    gone = {path for path in at.destination if path not in found}
    assert gone <= expected.deleted
    assert {shown(path) for path in gone} <= set(rows.paths("Deleted"))
    assert set(found) <= set(at.destination) | set(expected.after)
    if (
        described.status == SUCCESS
        and not failed
        and not (trouble.corrupt and at.options.verify_mode == "NONE")
    ):
        wrong = reference.differences(expected, found)
        assert not wrong, wrong
    if at.mode == "BASIC" and failed:
        assert described.status == ERROR
    if described.status == SUCCESS and at.mode == "ENHANCED":
        counts = [described.files_failed, described.folders_failed]
        told = sum(sum(attrs.asdict(count).values()) for count in counts if count)
        assert bool(told) == bool(failed), (counts, failed)


def check_troubles(at: Situation, trouble: Trouble, described: Described, rows: Rows) -> None:
    """The faults that were asked for did happen."""
    if trouble.full is not None:
        biggest = max((len(item.content) for item in at.source.values()), default=0)
        written = described.bytes_written or 0
        assert not written or 0 < trouble.full > written - biggest
    if trouble.unreadable and trouble.side == "source":
        contents = {
            row["RelativePath"]
            for row in rows.lists.get("Transferred", [])
            if row["TransferStatus"] == "SUCCESS" and row["TransferType"] != "METADATA"
        }
        for path, item in at.source.items():
            if item.kind is Kind.FILE and reference.matches(trouble.unreadable, path, folder=False):
                assert shown(path) not in contents


def mend(at: Situation, world: World, task: str) -> None:
    """Once nothing is wrong any more, a transfer of all ends as it should."""
    options: dict[str, Any] = {
        "transfer_mode": "ALL",
        "preserve_deleted_files": "PRESERVE",
        "overwrite_mode": "ALWAYS",
    }
    world.client.update_task(task_arn=task, options=attrs.evolve(at.options, **options))
    again = attrs.evolve(
        at, options=attrs.evolve(at.options, **options), destination=trees.read(world.target)
    )
    check(again, world, task)


# Where nobody says what becomes of it.


@settings(max_examples=50)
@given(situations(conflicts=True))
def test_a_folder_on_one_side_only_loses_nothing(at: Situation) -> None:
    """What is no file on one side may fail; but nothing else is lost for it, and nothing is claimed."""
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        described = world.run(world.task(at))
        rows = world.rows(described.task_execution_arn)
        found = trees.read(world.target)
        named = {shown(path): path for path in {*at.source, *at.destination}}
        for path in (named[name] for name in rows.paths("Transferred")):
            assert not reference.arrived(at, path).differs(found.get(path)) or path in blurred(at), path
        gone = {path for path in at.destination if path not in found}
        assert gone == {named[name] for name in rows.paths("Deleted")} - set(found)
        for path, item in at.destination.items():
            kept = at.options.overwrite_mode == "NEVER" and path in at.source
            left_out = not reference.selected(at, path, folder=item.kind is Kind.FOLDER)
            if kept or left_out:
                assert (found[path].kind, found[path].content) == (item.kind, item.content), path
        failed = any(rows.paths(kind, "FAILED") for kind in KINDS_OF_ROWS)
        if at.mode == "BASIC":
            assert described.status == (ERROR if failed else SUCCESS)
        check_sums(rows, described)


def blurred(at: Situation) -> set[str]:
    """Folders that existed and are not to be overwritten: their times are as they come."""
    return {path for path in at.destination if at.options.overwrite_mode == "NEVER"}


# What was once not as it should be.


modes = pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])


@modes
@pytest.mark.parametrize(
    "members", [{"includes": "/d/a|/d/b"}, {"manifest": ("d/a", "d/b")}, {"overwrite_mode": "NEVER"}], ids=str
)
def test_folders_of_a_cancelled_run_are_repaired(mode: str, members: dict[str, Any]) -> None:
    tree = {"d": A_FOLDER, "d/a": a_file(bytes(1000)), "d/b": a_file(bytes(1000))}
    at = simple(mode, tree, bytes_per_second=1000, **members)
    with worlds() as world:
        trees.build(world.source, tree)
        task = world.task(at)
        execution = world.start(task)
        world.clock.advance(timedelta(seconds=1.5))
        world.client.cancel_task_execution(task_execution_arn=execution)
        world.clock.settle()
        assert world.run(task).status == SUCCESS
        assert trees.look(world.target / "d").mode == 0o775


@modes
def test_the_estimate_of_all_is_all_that_is_at_the_source(mode: str) -> None:
    """Of ALL it is said: "based only on the items that DataSync finds at the source location"."""
    at = simple(
        mode, {"a": a_file(), "b": a_file()}, {"a": a_file()}, transfer_mode="ALL", overwrite_mode="NEVER"
    )
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        assert world.run(world.task(at)).estimated_files_to_transfer == 2


def test_an_item_that_fails_is_one() -> None:
    at = simple("BASIC", {"a": a_file()}, manifest=("missing",))
    with worlds() as world:
        trees.build(world.source, at.source)
        result = world.run(world.task(at)).result
        assert result
        assert (result.error_detail or "").startswith("1 item")


def test_what_is_verified_equals_its_source() -> None:
    """The content differs, unseen: size and time are the same. Then somebody changes the permissions."""
    for mode in VERIFY:
        at = simple(
            mode,
            {"a": a_file(b"new")},
            {"a": attrs.evolve(a_file(b"old"), mode=0o600)},
            verify_mode="ONLY_FILES_TRANSFERRED",
        )
        with worlds() as world:
            trees.build(world.source, at.source)
            trees.build(world.target, at.destination)
            rows = world.rows(world.run(world.task(at)).task_execution_arn)
            assert not rows.paths("Verified")


@modes
def test_folders_that_are_not_selected_are_left_alone(mode: str) -> None:
    other = attrs.evolve(A_FOLDER, mode=0o700)
    at = simple(mode, {"d": A_FOLDER, "d/a": a_file()}, {"d": other}, includes="/d/a", transfer_mode="ALL")
    with worlds() as world:
        trees.build(world.source, at.source)
        trees.build(world.target, at.destination)
        assert world.run(world.task(at)).status == SUCCESS
        assert trees.look(world.target / "d").mode == 0o700
