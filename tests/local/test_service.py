"""The service as a whole: its root, its being closed, and that what it knows is what it keeps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InternalError, InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock, Refusal, RootError, SystemClock
from datasync_sdk.local.resources import executions
from datasync_sdk.local.runs.live import Live
from datasync_sdk.local.store.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = "arn:aws:iam::111222333444:role/datasync"
LAUNCHING, QUEUED = m.TaskExecutionStatus.LAUNCHING, m.TaskExecutionStatus.QUEUED
SUCCESS, ERROR = m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def service(root: Path, clock: ManualClock) -> Iterator[LocalDataSync]:
    with LocalDataSync(root, clock=clock) as service:
        yield service


@pytest.fixture
def client(service: LocalDataSync) -> Iterator[Client]:
    with service.client() as client:
        yield client


def bucket(client: Client, name: str) -> str:
    return client.create_location_s3(
        s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=m.S3Config(bucket_access_role_arn=ROLE)
    ).location_arn


def make_task(client: Client, **members: object) -> str:
    return client.send(
        m.CreateTaskRequest(
            source_location_arn=bucket(client, "from"),
            destination_location_arn=bucket(client, "to"),
            **members,  # type: ignore[arg-type]
        )
    ).task_arn


def start(client: Client, task: str) -> str:
    return client.start_task_execution(task_arn=task).task_execution_arn


def see(client: Client, execution: str) -> m.DescribeTaskExecutionResponse:
    return client.describe_task_execution(task_execution_arn=execution)


def code(client: Client, execution: str) -> str | None:
    """Why an execution has failed."""
    result = see(client, execution).result
    return result.error_code if result else None


# The root.


def test_a_root_is_made_and_is_there_again(root: Path, clock: ManualClock) -> None:
    with LocalDataSync(root / "not" / "yet", clock=clock) as service, service.client() as client:
        (root / "files").mkdir()
        service.mount("nfs://server/export", root / "files")
        arn = bucket(client, "here")
        made = client.describe_location_s3(location_arn=arn)
    with LocalDataSync(root / "not" / "yet", clock=clock) as service, service.client() as client:
        assert client.describe_location_s3(location_arn=arn) == made
        assert service.folder("nfs://server/export/") == root / "files"


def test_a_root_has_one_service_at_a_time(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    with LocalDataSync(root):
        for again in (root, os.path.relpath(root), root.parent / "link"):
            with pytest.raises(RootError, match=r"another service has .* open"):
                LocalDataSync(again)
    LocalDataSync(root).close()


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"launch_time": 5}, TypeError, r"launch_time must be a timedelta, as timedelta\(seconds=5\), not 5"),
        ({"launch_time": None}, TypeError, "launch_time must be a timedelta"),
        ({"launch_time": -timedelta(seconds=1)}, ValueError, "launch_time must not be negative"),
        ({"clock": "x"}, TypeError, r"clock must be a clock, as in ManualClock\(.*\), not 'x'"),
        ({"clock": ""}, TypeError, "clock must be a clock, .*, not ''"),
        ({"clock": START}, TypeError, r"clock must be a clock, .*, not datetime\.datetime\(2026"),
        ({"clock": ManualClock}, TypeError, "clock must be a clock, .*, not <class"),
        ({"root": ""}, ValueError, "the root is empty: name a folder; '.' is the current one"),
    ],
)
def test_wrong_arguments_are_told_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    """And nothing is made."""
    root.mkdir()
    monkeypatch.chdir(root)
    with pytest.raises(error, match=words):
        LocalDataSync(**{"root": root, **options})
    assert not any(root.iterdir())


def test_a_clock_of_ones_own(root: Path) -> None:
    class Slow(SystemClock):
        """A clock by another name."""

    with LocalDataSync(root, clock=Slow()) as service:
        assert isinstance(service.clock, Slow)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"region_name": "eu-west-1"}, "has region us-east-1, not eu-west-1"),
        ({"account_id": "210987654321"}, "has account 123456789012, not 210987654321"),
    ],
)
def test_a_root_belongs_to_one_account_in_one_region(root: Path, options: dict[str, str], words: str) -> None:
    LocalDataSync(root).close()
    with pytest.raises(RootError, match=words):
        LocalDataSync(root, **options)  # type: ignore[arg-type]
    LocalDataSync(root).close()  # Whoever was refused has let go of it.


def test_a_root_of_another_release_is_refused(root: Path) -> None:
    LocalDataSync(root).close()
    store = Store(root / ".datasync" / "state.sqlite")
    store.tell("version", "0")
    store.close()
    with pytest.raises(RootError, match="has version 0"):
        LocalDataSync(root)


def test_what_cannot_be_a_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("data")
    for wrong in ("file", "file/below"):
        with pytest.raises(RootError, match=r"cannot be the root .*no folder, .*; name a folder"):
            LocalDataSync(tmp_path / wrong)
    (tmp_path / "root" / ".datasync").mkdir(parents=True)
    state = tmp_path / "root" / ".datasync" / "state.sqlite"
    state.write_text("something else, and long enough to be looked at " * 100)
    for _ in range(2):
        with pytest.raises(RootError, match=r"cannot be the root .*not a database"):
            LocalDataSync(tmp_path / "root")
    assert state.read_text().startswith("something else")


@pytest.mark.parametrize(
    "options",
    [{"region_name": "the moon"}, {"region_name": ""}, {"account_id": "12"}, {"account_id": "x" * 12}],
)
def test_names_that_no_arn_can_have_are_refused(root: Path, options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"region|account"):
        LocalDataSync(root, **options)  # type: ignore[arg-type]
    assert not root.exists()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_neither_holds_the_root_nor_has_the_service(root: Path) -> None:
    service = LocalDataSync(root)
    told, tell = os.pipe()
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with pytest.raises(Refusal, match="closed"):
                service.folder("s3://bucket/")
            service.close()
            os.write(tell, b"y")
            os.read(wait, 1)
        finally:
            os._exit(0)
    os.close(tell)
    try:
        assert os.read(told, 1) == b"y"
        assert service.folder("s3://bucket/").is_dir()
        with pytest.raises(RootError):
            LocalDataSync(root)
        service.close()
        LocalDataSync(root).close()  # Though the child still lives.
    finally:
        os.write(go, b".")
        os.waitpid(child, 0)
        for end in (told, wait, go):
            os.close(end)


# What it can be asked for.


def test_repr_tells_which_it_is(root: Path) -> None:
    with LocalDataSync(root, region_name="eu-west-1") as service:
        assert repr(service) == f"LocalDataSync({str(root)!r}, region_name='eu-west-1')"


def test_region_and_account_are_in_its_arns(root: Path) -> None:
    with LocalDataSync(root, region_name="eu-west-1", account_id="210987654321") as service:
        assert bucket(service.client(), "x").startswith(
            "arn:aws:datasync:eu-west-1:210987654321:location/loc-0"
        )


def test_folders_are_found_by_arn_and_by_uri(service: LocalDataSync, client: Client, root: Path) -> None:
    assert service.folder(bucket(client, "from")) == root / "s3" / "from"
    assert service.folder("nfs://server/export/") == root / "nfs" / "server" / "export"
    assert (root / "nfs" / "server" / "export").is_dir()
    task = make_task(client)
    for wrong, words in (
        (task, "is the ARN of a task, and not that of a location. Give one of a location, or a LocationUri"),
        (start(client, task), "is the ARN of an execution, and not that of a location"),
        ("arn:aws:s3:::from", "is no ARN of DataSync, and not that of a location"),
        (
            "arn:aws:datasync:us-east-1:123456789012:location/loc-0",
            "is not found: list_locations tells which",
        ),
        ("no uri", "Invalid location: 'no uri' is not the URI of a location: it must begin with its type"),
    ):
        with pytest.raises(Refusal, match=words):
            service.folder(wrong)
    for wrong in (client.describe_task(task_arn=task), b"s3://from/", None, root):
        with pytest.raises(TypeError, match="give the ARN of a location, or its LocationUri, as a text"):
            service.folder(wrong)  # type: ignore[arg-type]  # what is refused
        with pytest.raises(TypeError, match="the URI of a location is a text, and this is a "):
            service.mount(wrong, root)  # type: ignore[arg-type]  # what is refused


def test_what_is_mounted_is_where_it_is_said_to_be(
    service: LocalDataSync, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    service.mount("s3://from", tmp_path / "mine")
    (tmp_path / "mine" / "file").write_text("data")
    start(client, make_task(client))
    assert isinstance(service.clock, ManualClock)
    service.clock.settle()
    assert (service.folder("s3://to/") / "file").read_text() == "data"
    with pytest.raises(ValueError, match="own files"):
        service.mount("s3://other", service.root)


def test_with_create_folders_off_no_folder_of_a_location_is_made(root: Path, clock: ManualClock) -> None:
    with LocalDataSync(root, clock=clock, create_folders=False) as service, service.client() as client:
        with pytest.raises(InvalidRequestError, match="there is no folder"):
            bucket(client, "from")
        with pytest.raises(Refusal, match="there is no folder"):
            service.folder("s3://from/")
        for name in ("from", "to"):
            (root / "s3" / name).mkdir(parents=True)
        task = make_task(client)
        (root / "s3" / "to").rmdir()
        execution = start(client, task)
        clock.settle()
        assert code(client, execution) == "LocationAccessTestFailed"
        assert not (root / "s3" / "to").exists()


# Being closed.


def test_closing_twice_is_closing_once(service: LocalDataSync, root: Path) -> None:
    closing = [threading.Thread(target=service.close) for _ in range(8)]
    for thread in closing:
        thread.start()
    for thread in closing:
        thread.join(10)
        assert not thread.is_alive()
    with LocalDataSync(root):
        service.close()
        with pytest.raises(RootError):  # It has not closed what is not its own.
            LocalDataSync(root)


def test_who_uses_a_closed_service_is_told_so(service: LocalDataSync, client: Client) -> None:
    task = make_task(client)
    service.close()
    with pytest.raises(InvalidRequestError, match="closed"):
        client.describe_task(task_arn=task)
    with pytest.raises(InvalidRequestError, match="closed"):
        client.start_task_execution(task_arn=task)
    with pytest.raises(Refusal, match="closed"):
        service.folder("s3://from/")
    with pytest.raises(Refusal, match="closed"):
        service.mount("s3://from", service.root / "s3")


def test_closing_while_requests_run(root: Path) -> None:
    service = LocalDataSync(root)
    client = service.client()
    task = make_task(client)
    wrong: list[Exception] = []
    first = threading.Event()

    def ask() -> None:
        while True:
            try:
                start(client, task)
            except InvalidRequestError as error:
                if "closed" in error.message:
                    return
                first.set()
            except Exception as error:  # noqa: BLE001  # whatever it is
                wrong.append(error)
                return

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    assert first.wait(30)  # The queue is full.
    service.close()
    for thread in asking:
        thread.join(30)
        assert not thread.is_alive()
    assert not wrong
    # All that was told to be started is there, and what had not begun goes on.
    with LocalDataSync(root) as service:
        listed = list(service.client().iter_task_executions(task_arn=task))
        assert all(entry.status is not None for entry in listed)
        assert len(listed) >= 50


def test_a_root_that_is_opened_again_goes_on(root: Path, clock: ManualClock) -> None:
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        service.faults.hang("LAUNCHING")
        task = make_task(client)
        runs, waits = start(client, task), start(client, task)
        clock.advance(timedelta(minutes=1))
        (service.root / ".datasync" / "work" / "left-over").mkdir()
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        clock.settle()
        assert code(client, runs) == "TaskExecutionInterrupted"
        assert see(client, runs).end_time == START + timedelta(minutes=1)
        assert see(client, waits).status == SUCCESS
        assert list((service.root / ".datasync" / "work").iterdir()) == []


def test_an_execution_that_was_cancelled_first_is_not_called_interrupted(
    root: Path, clock: ManualClock
) -> None:
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        service.faults.hang("LAUNCHING")
        task = make_task(client)
        runs, waits = start(client, task), start(client, task)
        client.cancel_task_execution(task_execution_arn=waits)
        client.cancel_task_execution(task_execution_arn=runs)
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        assert [code(client, arn) for arn in (runs, waits)] == ["TaskExecutionCancelled"] * 2


def test_an_execution_that_was_told_to_be_cancelling_is_not_called_interrupted(
    root: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        service.faults.hang("TRANSFERRING")
        execution = start(client, make_task(client))
        clock.settle()
        with monkeypatch.context() as patched:
            patched.setattr(Live, "cancel", lambda _: None)  # The kill comes first.
            client.cancel_task_execution(task_execution_arn=execution)
        assert see(client, execution).status == m.TaskExecutionStatus.CANCELLING
        killed = shutil.copytree(root, root.with_name("killed"))
    with LocalDataSync(killed, clock=clock) as service, service.client() as client:
        assert see(client, execution).status == m.TaskExecutionStatus.ERROR
        assert code(client, execution) == "TaskExecutionCancelled"


# Where the state cannot be kept.


class FullDisk:
    """While it is entered, the state can take nothing more."""

    def __init__(self, service: LocalDataSync) -> None:
        self._connection: sqlite3.Connection = service._state.store._connection

    def __enter__(self) -> None:
        pages = self._connection.execute("PRAGMA page_count").fetchone()[0]
        self._connection.execute(f"PRAGMA max_page_count = {pages}")

    def __exit__(self, *_: object) -> None:
        self._connection.execute("PRAGMA max_page_count = 1073741823")


LONG = m.FilterRule(filter_type="SIMPLE_PATTERN", value="/" + "x" * 9000)


def test_a_full_disk_refuses_and_forgets(service: LocalDataSync, client: Client, clock: ManualClock) -> None:
    task = make_task(client)
    with FullDisk(service):
        with pytest.raises(InternalError):
            client.update_task(task_arn=task, includes=[LONG])
        with pytest.raises(InternalError):
            client.start_task_execution(task_arn=task, excludes=[LONG])
        assert client.describe_task(task_arn=task).status == m.TaskStatus.AVAILABLE
        assert client.describe_task(task_arn=task).includes is None
        assert not list(client.iter_task_executions(task_arn=task))
    execution = start(client, task)
    clock.settle()
    assert see(client, execution).status == SUCCESS


def fail_once(monkeypatch: pytest.MonkeyPatch, service: LocalDataSync, method: str, after: int = 0) -> None:
    """Let a call of a method of the store fail as SQLite does, and no other."""
    store, calls = service._state.store, iter(range(10**6))
    real = getattr(store, method)

    def failing(*arguments: object, **named: object) -> object:
        if next(calls) == after:
            raise sqlite3.OperationalError("database or disk is full")
        return real(*arguments, **named)

    monkeypatch.setattr(store, method, failing)


@contextmanager
def failing_commits(service: LocalDataSync) -> Iterator[None]:
    """Whatever changes a resource goes well, until it is committed."""
    connection: sqlite3.Connection = service._state.store._connection
    changes = ("INSERT", "UPDATE")
    with service._state.store.lock:
        connection.execute(
            "CREATE TABLE late (arn TEXT REFERENCES resources (arn) DEFERRABLE INITIALLY DEFERRED)"
        )
        for change in changes:
            connection.execute(
                f"CREATE TRIGGER late_{change} AFTER {change} ON resources"  # noqa: S608  # of words above
                " BEGIN INSERT INTO late VALUES ('nobody'); END"
            )
    yield
    with service._state.store.lock:
        for change in changes:
            connection.execute(f"DROP TRIGGER late_{change}")
        connection.execute("DROP TABLE late")


def test_a_start_that_cannot_be_kept_has_not_happened(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client)
    with failing_commits(service), pytest.raises(sqlite3.IntegrityError):
        service.handle(m.StartTaskExecutionRequest(task_arn=task))
    assert client.describe_task(task_arn=task).status == m.TaskStatus.AVAILABLE
    execution = start(client, task)
    clock.settle()
    assert see(client, execution).status == SUCCESS


def test_a_cancellation_that_cannot_be_kept_has_not_happened(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    service.faults.hang("LAUNCHING")
    task = make_task(client)
    runs, waits = start(client, task), start(client, task)
    for execution, before in ((waits, QUEUED), (runs, LAUNCHING)):
        clock.settle()
        with failing_commits(service), pytest.raises(sqlite3.IntegrityError):
            service.handle(m.CancelTaskExecutionRequest(task_execution_arn=execution))
        clock.settle()
        assert see(client, execution).status == before
    service.faults.release()
    clock.settle()
    assert {see(client, execution).status for execution in (runs, waits)} == {SUCCESS}


def test_a_limit_that_cannot_be_kept_is_not_given(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    (service.folder("s3://from/") / "file").write_bytes(bytes(1000))
    execution = start(client, make_task(client, options=m.Options(bytes_per_second=100)))
    clock.settle()
    unlimited = m.Options(bytes_per_second=-1)
    with failing_commits(service), pytest.raises(sqlite3.IntegrityError):
        service.handle(m.UpdateTaskExecutionRequest(task_execution_arn=execution, options=unlimited))
    clock.advance(timedelta(seconds=5))
    assert see(client, execution).status == m.TaskExecutionStatus.TRANSFERRING


def test_what_is_cancelled_stays_so_though_it_was_about_to_go_on(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    service.faults.hang("LAUNCHING")
    execution = start(client, make_task(client))
    clock.settle()
    with service._state.store.lock:  # The execution can keep nothing meanwhile.
        client.cancel_task_execution(task_execution_arn=execution)
        executions.entered(service._state, execution, m.TaskExecutionStatus.TRANSFERRING)
        assert see(client, execution).status == m.TaskExecutionStatus.CANCELLING
    clock.settle()
    assert code(client, execution) == "TaskExecutionCancelled"


# The calls of `replace` by an execution: launched, three phases, ended.
@pytest.mark.parametrize("after", range(5))
def test_an_execution_that_cannot_be_kept_ends_in_an_error(
    service: LocalDataSync, client: Client, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    task = make_task(client)
    fail_once(monkeypatch, service, "replace", after)
    execution = start(client, task)
    clock.settle()
    clock.advance(timedelta(hours=1))
    ended = see(client, execution)
    assert ended.status == ERROR
    assert ended.end_time == START
    assert ended.result
    assert ended.result.error_code == "InternalError"
    assert client.describe_task(task_arn=task).status == m.TaskStatus.AVAILABLE
    again = start(client, task)
    clock.settle()
    assert see(client, again).status == SUCCESS


def test_an_execution_whose_end_cannot_be_kept_is_not_shown_as_running(
    root: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        task = make_task(client)
        service.faults.hang("LAUNCHING")
        execution = start(client, task)
        clock.settle()
        with monkeypatch.context() as patch:
            patch.setattr(service._state.store, "replace", full)
            service.faults.release()
            clock.settle()
            assert see(client, execution).status == ERROR
            assert code(client, execution) == "InternalError"
            [listed] = client.iter_task_executions(task_arn=task)
            assert listed.status == ERROR
            with pytest.raises(Refusal, match="has ended"):
                service.handle(m.CancelTaskExecutionRequest(task_execution_arn=execution))
    with LocalDataSync(root, clock=clock) as service, service.client() as client:
        assert see(client, execution).status == ERROR


def test_a_work_folder_that_cannot_be_made_is_an_error_of_the_execution(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    task = make_task(client)
    (service.root / ".datasync" / "work").write_text("in the way")
    execution = start(client, task)
    clock.settle()
    assert code(client, execution) == "InternalError"
    (service.root / ".datasync" / "work").unlink()
    again = start(client, task)
    clock.settle()
    assert see(client, again).status == SUCCESS


def test_names_that_are_no_utf8_do_not_keep_an_execution_from_ending(
    service: LocalDataSync, client: Client, clock: ManualClock
) -> None:
    folder = service.folder("s3://from/")
    try:
        Path(os.fsdecode(bytes(folder) + b"/\xff")).write_text("data")
    except OSError:
        pytest.skip("this file system has only names in UTF-8")
    service.faults.corrupt("*")
    execution = start(client, make_task(client))
    clock.settle()
    ended = see(client, execution)
    assert ended.status == ERROR
    assert ended.result
    assert ended.result.error_code != "InternalError"


def test_mounts_are_told_and_taken_back(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with LocalDataSync(tmp_path / "root") as service:
        service.mount("nfs://server/export", tmp_path / "files")
        service.mount("s3://invoices", "s3://test-bucket/2024", endpoint_url="http://127.0.0.1:1")
        assert service.mounts() == {
            "nfs://server/export/": str(tmp_path / "files"),
            "s3://invoices/": "s3://test-bucket/2024/",
        }
        assert service.folder("nfs://server/export/") == tmp_path / "files"
        assert service.unmount("nfs://server/export")
        assert not service.unmount("nfs://server/export")
        assert service.folder("nfs://server/export/") == service.root / "nfs" / "server" / "export"
        assert list(service.mounts()) == ["s3://invoices/"]
        with pytest.raises(ValueError, match="not the URI of a location"):
            service.unmount("server")


def test_links_in_a_circle_are_not_mounted(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with LocalDataSync(tmp_path / "root") as service, pytest.raises(OSError, match=r"circle|symbolic links"):
        service.mount("nfs://server/export", tmp_path / "link")


def test_the_folder_of_a_location_is_not_made_anew(tmp_path: Path) -> None:
    role = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync")
    with LocalDataSync(tmp_path / "root") as service, service.client() as client:
        arn = client.create_location_s3(s3_bucket_arn="arn:aws:s3:::bucket", s3_config=role).location_arn
        folder = service.folder(arn)
        folder.rmdir()
        with pytest.raises(Refusal, match="there is no folder"):
            service.folder(arn)
        assert not folder.exists()
        assert service.folder("s3://bucket/").is_dir()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE resources SET described = '{bad'",
        "UPDATE resources SET shape = 'Nothing'",
        "UPDATE resources SET hidden = 'x'",
        "DROP TABLE facts; CREATE TABLE facts (other)",
    ],
)
def test_a_state_that_cannot_be_read_is_told_when_it_is_opened(tmp_path: Path, damage: str) -> None:
    with LocalDataSync(tmp_path) as service, service.client() as client:
        client.create_agent(activation_key="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")
    state = tmp_path / ".datasync" / "state.sqlite"
    with closing(sqlite3.connect(state)) as connection:
        connection.executescript(damage)
    for _ in range(2):
        with pytest.raises(RootError, match="it is damaged: bring back a copy"):
            LocalDataSync(tmp_path)


def test_pages_of_noise_are_told(tmp_path: Path) -> None:
    with LocalDataSync(tmp_path) as service, service.client() as client:
        for number in range(40):
            client.create_agent(activation_key=f"AAAAA-BBBBB-CCCCC-DDDDD-{number:05}")
    state = tmp_path / ".datasync" / "state.sqlite"
    data = state.read_bytes()
    for at in range(4096, len(data), 4096):
        state.write_bytes(data[:at] + os.urandom(4096) + data[at + 4096 :])
        with suppress(RootError), LocalDataSync(tmp_path) as service, service.client() as client:
            list(client.iter_agents())


def test_another_region_is_warned_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with LocalDataSync(tmp_path, region_name="ca-west-1") as service:
        for _ in range(2):
            service.boto3_client(region_name="sa-east-1").list_agents()
        service.boto3_client(region_name="ca-west-1").list_agents()
        service.boto3_client().list_agents()
    (record,) = caplog.records
    assert (
        record.getMessage()
        == "a client asks for Region sa-east-1; this service plays ca-west-1, and no other"
    )


@pytest.mark.parametrize("wrong", [{"account_id": "1"}, {"account_id": 123456789012}, {"region_name": "EU!"}])
def test_what_no_arn_can_have_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must be a "):
        LocalDataSync(tmp_path, **wrong)
