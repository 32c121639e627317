"""Whatever the trees, options and filters are: the destination is what the documentation says."""

from __future__ import annotations

from attrs import evolve
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from datasync_sdk.local.transfer.job import Cancelled, Outcome
from datasync_sdk.local.transfer.listing.judge import KEPT
from tests.local.transfer.kit import Node, Ran, TestWatch, Tree, build, snapshot, world
from tests.local.transfer.reference import Choice, expected, is_selected
from tests.local.transfer.strategies import choices, pairs

slow = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
MODES = st.sampled_from(["BASIC", "ENHANCED"])
VERIFY = st.sampled_from(["NONE", "ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"])


def visible(tree: Tree, source: Tree, before: Tree, choice: Choice) -> dict[str, Node]:
    """A tree without the times that nobody promises anything about."""
    return {
        path: node if has_time(path, node, source, before, choice) else Node(**{**as_dict(node), "mtime": 0})
        for path, node in tree.items()
    }


def as_dict(node: Node) -> dict[str, object]:
    return {name: getattr(node, name) for name in Node.__slots__ if not name.startswith("__")}


def has_time(path: str, node: Node, source: Tree, before: Tree, choice: Choice) -> bool:
    """Whether the time of an item is promised: of a folder only where it is the transfer that sets it."""
    if choice.mtime == "NONE" and path in source:
        return False
    if node.kind != "d":
        return True
    is_folder = path in source and source[path].kind == "d"
    selected = is_folder and is_selected(path, source[path], choice)
    return selected and (choice.overwrite_mode == "ALWAYS" or path not in before)


@slow
@given(pairs(), choices(), MODES, VERIFY)
def test_the_destination_is_as_documented_and_a_second_run_moves_nothing(
    trees: tuple[Tree, Tree], choice: Choice, mode: str, verify: str
) -> None:
    source, before = trees
    wanted, is_success = expected(source, before, choice)
    event(f"success {is_success}")
    assume(verify == "NONE" or not hidden_differences(source, wanted, choice))
    with world() as here:
        build(here.source, source)
        build(here.destination, before)
        options = {**choice.options(), "verify_mode": verify}
        ran = here.run(mode=mode, includes=choice.includes, excludes=choice.excludes, **options)
        after = snapshot(here.destination)
        assert visible(after, source, before, choice) == visible(wanted, source, before, choice)
        assert snapshot(here.source) == dict(source)
        assert (not ran.ended.failed) == is_success, ran.failures
        check_numbers(ran, mode, choice)
        if mode == "BASIC":
            assert (ran.ended.error_code is None) == is_success
        if choice.transfer_mode == "CHANGED" and is_success:
            again = here.run(mode=mode, includes=choice.includes, excludes=choice.excludes, **options)
            assert not again.ended.failed, again.failures
            assert not again.kept.paths(Outcome.TRANSFERRED)
            assert not again.kept.paths(Outcome.DELETED)
            assert not again.counters.bytes_written
            assert snapshot(here.destination) == after


def hidden_differences(source: Tree, wanted: Tree, choice: Choice) -> list[str]:
    """Files that differ, but neither in size nor in time: verification finds them, and they fail."""
    return [
        path
        for path, node in wanted.items()
        if path in source
        and (node.kind, source[path].kind, choice.overwrite_mode) == ("f", "f", "ALWAYS")
        and is_selected(path, source[path], choice)
        and node.data != source[path].data
    ]


def check_numbers(ran: Ran, mode: str, choice: Choice) -> None:
    """What was expected is what was done, or failed; and each is in the report."""
    counters, results = ran.counters, ran.kept.results
    failed = [each for each in results if each.failure]
    in_transfer = [each for each in failed if each.failure and each.failure.phase.value == "transfer"]
    in_deletion = [each for each in failed if each.failure and each.failure.phase.value == "delete"]
    deleted = counters.files_deleted + counters.folders_deleted
    to_delete = counters.estimated_files_to_delete + counters.estimated_folders_to_delete
    to_transfer = counters.estimated_files_to_transfer + counters.estimated_folders_to_transfer
    transferred = counters.files_transferred + counters.folders_transferred
    assert to_delete == deleted + len(in_deletion)
    expected_deletions = to_delete if mode == "BASIC" else 0
    # The estimate of ALL has what OverwriteMode NEVER keeps.
    kept = [each for each in results if each.reason == KEPT] if choice.transfer_mode == "ALL" else []
    assert to_transfer == transferred + len(in_transfer) + len(kept) + expected_deletions
    assert transferred == len(ran.kept.paths(Outcome.TRANSFERRED))
    assert deleted == len(ran.kept.paths(Outcome.DELETED))
    assert counters.files_skipped + counters.folders_skipped == len(ran.kept.paths(Outcome.SKIPPED))
    assert counters.files_verified + counters.folders_verified == len(ran.kept.paths(Outcome.VERIFIED))
    assert counters.bytes_written == counters.bytes_transferred
    assert ran.ended.failed == len({each.path for each in failed})
    if not in_transfer:
        assert counters.bytes_written == counters.estimated_bytes_to_transfer


@slow
@given(pairs(), choices(), MODES, st.integers(1, 60))
def test_cancelled_anywhere_and_run_again_ends_in_the_same_state(
    trees: tuple[Tree, Tree], choice: Choice, mode: str, cancel_at: int
) -> None:
    source, before = trees
    wanted, _ = expected(source, before, choice)
    filters = {"includes": choice.includes, "excludes": choice.excludes}
    with world() as here:
        build(here.source, source)
        build(here.destination, before)
        watch = TestWatch()
        watch.cancel_at = cancel_at
        try:
            here.run(mode=mode, watch=watch, **filters, **choice.options())
            event("ended before")
        except Cancelled:
            event("cancelled")
        whole = {node.data for node in (*source.values(), *before.values())}
        assert {node.data for node in snapshot(here.destination).values()} <= whole | {b""}
        here.run(mode=mode, **filters, **choice.options())
        after = visible(snapshot(here.destination), source, before, choice)
        assert loose(after, choice) == loose(visible(wanted, source, before, choice), choice)


def loose(tree: Tree, choice: Choice) -> dict[str, Node]:
    """With OverwriteMode NEVER a folder that a cancelled run has made is kept, with the time it has."""
    if choice.overwrite_mode == "ALWAYS":
        return dict(tree)
    return {path: evolve(node, mtime=0) if node.kind == "d" else node for path, node in tree.items()}
