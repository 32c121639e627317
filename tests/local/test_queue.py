"""The queue and what runs from it, without the service around them: order, waking, threads that fail."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.local.clock import SystemClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.runs.queue import Queue, Run
from datasync_sdk.local.store.store import Store
from datasync_sdk.local.transfer.job import Cancelled

AGENT = "arn:aws:datasync:us-east-1:123456789012:agent/agent-00000000000000001"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "state.sqlite")) as store:
        yield store


class MeddlingAlarm:
    """An alarm whose ringing is interrupted: something else happens just before it rings."""

    def __init__(self) -> None:
        self.meddle: Callable[[], None] = lambda: None
        self.rung = False

    def ring(self) -> None:
        self.meddle()
        self.rung = True

    def is_rung(self) -> bool:
        return self.rung

    def wait(self, seconds: float | None) -> bool:
        assert self.rung or seconds is not None, "nobody would ever wake it"
        return self.rung

    def reset(self) -> None:
        self.rung = False


class MeddlingClock(SystemClock):
    """A clock of such alarms."""

    def __init__(self) -> None:
        self.alarms: list[MeddlingAlarm] = []

    def alarm(self) -> MeddlingAlarm:
        self.alarms.append(MeddlingAlarm())
        return self.alarms[-1]


def live(clock: SystemClock | None = None, faults: Faults | None = None, *agents: str) -> Live:
    return Live(
        clock=clock or SystemClock(),
        faults=faults or Faults(),
        agents=agents,
        bytes_per_second=-1,
        entered=lambda _: None,
    )


def test_a_wake_never_leaves_the_alarm_rung() -> None:
    clock = MeddlingClock()
    watch = live(clock)
    [alarm] = clock.alarms
    alarm.meddle = watch.checkpoint  # The execution looks just while somebody wakes it.
    watch.wake()
    watch.checkpoint()
    assert not alarm.rung, "whoever sleeps would not sleep any more, and a manual clock would stand still"


def test_who_is_woken_too_soon_waits_again() -> None:
    clock, faults = MeddlingClock(), Faults()
    watch = live(clock, faults)
    [alarm] = clock.alarms
    waits: list[float | None] = []

    def wait(seconds: float | None) -> bool:
        waits.append(seconds)
        if len(waits) == 3:
            faults.release()
        return True

    alarm.wait = wait  # type: ignore[method-assign]
    faults.hang("LAUNCHING")
    watch.checkpoint()
    assert waits == [None] * 3


def test_a_cancellation_is_seen_at_the_next_checkpoint() -> None:
    watch = live()
    watch.checkpoint()
    watch.cancel()
    for _ in range(2):
        with pytest.raises(Cancelled):
            watch.checkpoint()
    with pytest.raises(Cancelled):
        watch.sleep(30)


def test_a_cancellation_ends_sleep() -> None:
    watch = live()
    threading.Timer(0.05, watch.cancel).start()
    with pytest.raises(Cancelled):
        watch.sleep(30)


def test_what_is_held_goes_on_when_it_is_released_or_cancelled() -> None:
    faults = Faults()
    watch = live(None, faults, AGENT)
    faults.on_change(watch.wake)
    holding: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (lambda: faults.hang("LAUNCHING"), faults.release),
        (lambda: faults.agent_offline(AGENT), lambda: faults.agent_online(AGENT)),
    ]
    for hold, release in holding:
        hold()
        waiting = threading.Thread(target=watch.checkpoint, daemon=True)
        waiting.start()
        waiting.join(0.05)
        assert waiting.is_alive()
        faults.throttle()  # Another change, which is none for it.
        waiting.join(0.05)
        assert waiting.is_alive()
        release()
        waiting.join(10)
        assert not waiting.is_alive()
    faults.hang("LAUNCHING")
    faults.clear()
    watch.checkpoint()


class BusyClock(SystemClock):
    """A clock that knows how many have something to do, and that they were none for a moment."""

    def __init__(self) -> None:
        self.busy = 0
        self.was_idle = threading.Event()
        self._lock = threading.Lock()

    def begin(self) -> None:
        with self._lock:
            self.busy += 1

    def end(self) -> None:
        with self._lock:
            self.busy -= 1
            if self.busy == 0:
                self.was_idle.set()


@define(eq=False)
class Bench:
    """A queue whose executions end when a test says so."""

    store: Store
    started: list[str] = field(factory=list)
    ends: dict[str, threading.Event] = field(factory=dict)
    changed: threading.Condition = field(factory=threading.Condition)
    clock: BusyClock = field(factory=BusyClock)
    queue: Queue = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.queue = Queue(self.store, self.clock, self.work)

    def work(self, run: Run) -> None:
        with self.changed:
            self.started.append(run.arn)
            self.changed.notify_all()
        assert self.ends[run.arn].wait(30)

    def add(self, arn: str, task: str, *agents: str) -> None:
        self.ends[arn] = threading.Event()
        self.queue.add(Run(arn=arn, task=task, agents=agents, live=live()))

    def running(self, number: int) -> list[str]:
        """Those that were started, once they are so many."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.started) >= number, 10)
            return list(self.started)

    def end(self, arn: str) -> None:
        self.ends[arn].set()


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sets(st.sampled_from("xyz"), max_size=2)), max_size=7),
    st.randoms(use_true_random=False),
)
def test_nobody_overtakes_and_nobody_shares(wanted: list[tuple[str, set[str]]], random: object) -> None:
    """Against a simple model: whoever comes first on each of his lanes runs."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, closing(Store(Path(folder, "s"))) as store:
        bench = Bench(store)
        left: dict[str, set[str]] = {}
        for number, (task, agents) in enumerate(wanted):
            bench.add(str(number), task, *agents)
            left[str(number)] = {task, *agents}
        bench.queue.dispatch()
        begun: set[str] = set()
        while left:
            taken: set[str] = set()
            for arn, lanes in left.items():
                if not lanes & taken:
                    begun.add(arn)
                taken |= lanes
            assert set(bench.running(len(begun))) == begun
            last = random.choice([arn for arn in left if arn in begun])  # type: ignore[attr-defined]
            del left[last]
            bench.end(last)
        bench.queue.close()


def test_who_would_have_to_wait_for_somebody_who_waits_finds_it_busy(store: Store) -> None:
    bench = Bench(store)
    bench.add("1", "a", "x")
    bench.add("2", "b", "x", "y")
    bench.queue.dispatch()
    assert bench.running(1) == ["1"]
    assert bench.queue.is_busy({"c", "y"})
    assert not bench.queue.is_busy({"c", "z"})
    assert bench.queue.current("a") == "1"
    assert bench.queue.current("b") is None
    assert [run.arn for run in bench.queue.of_task("b")] == ["2"]
    bench.end("1")
    bench.end("2")
    bench.running(2)
    bench.queue.close()


def test_an_execution_that_fails_frees_its_lanes(store: Store) -> None:
    started: list[str] = []

    def work(run: Run) -> None:
        started.append(run.arn)
        raise ValueError(run.arn)

    queue = Queue(store, SystemClock(), work)
    for arn in ("1", "2", "3"):
        queue.add(Run(arn=arn, task="t", agents=(), live=live()))
    queue.dispatch()
    for _ in range(1000):
        if len(started) == 3 and queue.find("3") is None:
            break
        threading.Event().wait(0.01)
    queue.close()
    assert started == ["1", "2", "3"]
    assert not queue.of_task("t")


def test_closing_waits_for_what_runs_and_starts_nothing_more(store: Store) -> None:
    bench = Bench(store)
    bench.add("1", "t")
    bench.add("2", "t")
    bench.queue.dispatch()
    assert bench.running(1) == ["1"]
    first = bench.queue.find("1")
    assert first
    closing_it = threading.Thread(target=bench.queue.close, daemon=True)
    closing_it.start()
    closing_it.join(0.1)
    assert closing_it.is_alive()
    assert first.live.cancelled
    second = bench.queue.find("2")
    assert second
    assert not second.live.cancelled
    bench.end("1")
    closing_it.join(10)
    assert not closing_it.is_alive()
    bench.queue.dispatch()
    assert bench.started == ["1"]
    assert bench.queue.find("1") is None
    assert bench.queue.find("2") is second
    assert not second.is_running


def test_without_threads_an_execution_waits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(store)
    bench.add("1", "t")
    bench.end("1")

    def none_left(_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        bench.queue.dispatch()
    assert bench.clock.busy == 0
    run = bench.queue.find("1")
    assert run
    assert not run.is_running
    bench.queue.dispatch()
    assert bench.running(1) == ["1"]
    bench.queue.close()


def test_time_does_not_pass_between_one_execution_and_the_next(store: Store) -> None:
    bench = Bench(store)
    for arn in ("1", "2", "3"):
        bench.add(arn, "t")
    bench.queue.dispatch()
    for number, arn in enumerate(("1", "2", "3"), 1):
        assert bench.running(number)[-1] == arn
        assert not bench.clock.was_idle.is_set()
        bench.end(arn)
    assert bench.clock.was_idle.wait(10)
    bench.queue.close()
    assert bench.clock.busy == 0


# Transactions.


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(store: Store) -> None:
    with store.transaction():
        store.tell("a", "1")
        with store.transaction():
            store.tell("b", "1")
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012  # how it comes to the error is part of the test
        store.tell("a", "2")
        with store.transaction():
            store.tell("b", "2")
            raise KeyError
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012  # how it comes to the error is part of the test
        with store.transaction():
            store.tell("b", "3")
        raise KeyError
    assert [store.fact(name) for name in "ab"] == ["1", "1"]
    with store.transaction():
        store.tell("a", "4")
    assert store.fact("a") == "4"


def test_what_comes_afterwards_comes_when_all_is_kept(store: Store) -> None:
    seen: list[str | None] = []

    def look() -> None:
        with store.lock:
            seen.append(store.fact("a"))
            assert not store._connection.in_transaction

    with store.transaction():
        with store.transaction():
            store.afterwards(look)
            store.tell("a", "1")
        assert not seen
    assert seen == ["1"]
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012  # how it comes to the error is part of the test
        store.afterwards(look)
        raise KeyError
    with store.transaction():
        store.tell("a", "2")
    assert seen == ["1"]
    store.afterwards(look)
    assert seen == ["1", "2"]


def test_a_commit_that_fails_leaves_a_store_that_works(store: Store) -> None:
    """A foreign key that is looked at as late as that is the simplest thing that fails there."""
    seen: list[str] = []
    store._connection.execute(
        "CREATE TABLE child (arn TEXT REFERENCES resources (arn) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(Exception, match="FOREIGN KEY"), store.transaction():  # noqa: PT012  # how it comes to the error is part of the test
        store.tell("a", "1")
        store.afterwards(lambda: seen.append("a"))
        store._write("INSERT INTO child VALUES ('nobody')")
    assert store.fact("a") is None
    store.tell("b", "1")
    assert store.fact("b") == "1"
    assert not seen


def test_what_sqlite_has_rolled_back_by_itself_is_told_as_it_was(store: Store) -> None:
    """As it does when the disk is full in a bad moment."""
    store._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON mounts BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END"
    )
    with pytest.raises(sqlite3.Error, match="disk is full"), store.transaction():  # noqa: PT012  # how it comes to the error is part of the test
        store.tell("a", "1")
        store.mount("nfs://server/", "target")
    assert store.fact("a") is None
    store.tell("a", "2")
    assert store.fact("a") == "2"
