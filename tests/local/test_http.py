"""The server: what it answers where, to whom, and how it starts and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local.serving.http import open_socket, start_server, url_of
from datasync_sdk.local.serving.reading import LARGEST_BODY
from datasync_sdk.local.serving.routes import is_loopback
from tests.local.server import Server
from tests.local.tiny import EXECUTION, LOCATION, PREFIX, REGION, TASK, TinyService
from tests.local.wire import TARGET, boto3_client, connected, raw, send

AGENT = f"{PREFIX}:agent/agent-00000000000000001"
OTHER = LOCATION.replace("1", "2")


@pytest.fixture
def service() -> TinyService:
    return TinyService()


@pytest.fixture
def url(service: TinyService) -> Iterator[str]:
    with start_server(service) as address:
        yield address


def test_boto3_creates_describes_and_lists(url: str) -> None:
    client = boto3_client(url)
    arn = client.create_task(
        SourceLocationArn=LOCATION, DestinationLocationArn=OTHER, Name="move", Options={"VerifyMode": "NONE"}
    )["TaskArn"]
    described = client.describe_task(TaskArn=arn)
    assert (described["Name"], described["Options"]) == ("move", {"VerifyMode": "NONE"})
    assert described["CreationTime"].year == 2026
    assert [
        task["TaskArn"] for page in client.get_paginator("list_tasks").paginate() for task in page["Tasks"]
    ] == [arn]


def test_errors_are_those_that_boto3_models(url: str) -> None:
    client = boto3_client(url)
    with pytest.raises(client.exceptions.InvalidRequestException) as caught:
        client.describe_task(TaskArn=TASK)
    response = caught.value.response
    assert response["Error"] == {"Code": "InvalidRequestException", "Message": f"Task {TASK} is not found."}
    assert response["errorCode"] == "NotFound"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RequestId"]


def test_a_mistake_in_a_handler(url: str, service: TinyService) -> None:
    service.surprise = lambda _: 1 / 0
    client = boto3_client(url, retries={"max_attempts": 0})
    with pytest.raises(client.exceptions.InternalException) as caught:
        client.list_tasks()
    assert "division" not in str(caught.value)


def test_one_connection_serves_many_calls(url: str) -> None:
    with connected(url) as connection:
        for _ in range(5):
            connection.request("POST", "/", b"{}", {"X-Amz-Target": TARGET})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())) == (200, {"Tasks": []})
            used = connection.sock
            assert used
            assert used is connection.sock, "the server closed the connection"


def test_the_root_tells_who_answers(url: str) -> None:
    answer, about = send(url, "GET", body=None)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert about["name"] == "datasync_sdk.local"
    assert about["region"] == REGION
    assert about["documentation"].startswith("https://docs.aws.amazon.com/datasync/")
    answer, nothing = send(url, "HEAD", body=None)
    assert (answer.status, nothing) == (200, {})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/", 405),
        ("BREW", "/", 400),
        ("PATCH", "/_local/faults", 405),
        ("GET", "/favicon.ico", 404),
        ("POST", "/service/FmrsService/operation/ListTasks", 404),
        ("POST", "/_local", 404),
        ("POST", "/../../etc/passwd", 404),
        ("POST", "/%00", 404),
        ("GET", "//", 404),
    ],
)
def test_other_addresses_and_methods(url: str, method: str, path: str, status: int) -> None:
    answer, body = send(url, method, path)
    assert answer.status == status
    assert body["message"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]:80",
        "",
        "[",
        "::1",
        "[127.0.0.1].evil.example",
        "[127.0.0.1]",
        "[::1].localhost",
        "[::1]80",
        "[::1%evil.example]",
        "localhost:80:evil.example",
        "localhost:80evil",
        "evil.example/.localhost",
        "user@localhost",
    ],
)
@pytest.mark.parametrize("path", ["/", "/_local/faults"])
def test_other_hosts_get_nothing(url: str, service: TinyService, host: str, path: str) -> None:
    for method in ("POST", "GET"):
        answer, body = send(url, method, path, headers={"Host": host, "Content-Type": "application/json"})
        assert answer.status == 403
        assert "Host" in body["message"]
    assert not service.handled


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1234",
        "localhost.",
        "localhost:",
        "datasync.localhost",
        "127.0.0.1",
        "127.1.2.3:99",
        "[::1]",
        "[::1]:99",
    ],
)
def test_loopback_hosts(url: str, host: str) -> None:
    assert is_loopback(host)
    assert send(url, headers={"Host": host})[0].status == 200


def test_a_second_host_header_does_not_help(url: str) -> None:
    hosts = "Host: localhost\r\nHost: evil.example"
    got = raw(url, f"GET / HTTP/1.1\r\n{hosts}\r\nConnection: close\r\n\r\n".encode())
    assert got.split()[1] in {b"400", b"403"}


def test_a_server_for_others_answers_to_all_hosts(service: TinyService) -> None:
    with start_server(service, "0.0.0.0") as address:  # noqa: S104  # that is what is tested
        assert address.startswith("http://127.0.0.1:")
        assert send(address, headers={"Host": "evil.example"})[0].status == 200


def test_ipv6(service: TinyService) -> None:
    try:
        listening = open_socket("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    listening.close()
    with start_server(service, "::1") as address:
        assert address.startswith("http://[::1]:")
        assert boto3_client(address).list_tasks()["Tasks"] == []


def test_a_body_that_is_announced_too_large_is_not_read(url: str, service: TinyService) -> None:
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {TARGET}\r\nContent-Length: {10**12}\r\n\r\n"
    start = time.monotonic()
    got = raw(url, head.encode())
    assert b" 413 " in got.partition(b"\r\n")[0]
    assert b'"__type":"InvalidRequestException"' in got
    assert time.monotonic() - start < 10
    assert not service.handled


def test_a_body_that_turns_out_too_large(url: str, service: TinyService) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(LARGEST_BODY // 65536 + 2):
            sent += 65536
            yield b" " * 65536

    answer, body = send(url, body=chunks())
    assert answer.status == 413
    assert "too large" in body["message"]
    assert not service.handled


def test_the_largest_legal_request_has_room(url: str, service: TinyService) -> None:
    value = "/" + "\U0001f600" * 102_399
    rule = [{"FilterType": "SIMPLE_PATTERN", "Value": value}]
    client = boto3_client(url)
    client.create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER, Includes=rule, Excludes=rule)
    (request,) = service.handled
    assert isinstance(request, m.CreateTaskRequest)
    assert request.includes
    assert request.includes[0].value == value


def test_chunked_bodies(url: str) -> None:
    answer, body = send(url, body=iter([b"{", b"}"]))
    assert (answer.status, body) == (200, {"Tasks": []})


def test_clients_that_ask_first_are_told_to_go_on(url: str) -> None:
    more = "Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close"
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {TARGET}\r\n{more}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.endswith(b'{"Tasks":[]}')


@pytest.mark.parametrize(
    "data",
    [
        b"\0\1\2\3\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    ],
)
def test_broken_http_is_answered_in_json(url: str, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    got = raw(url, data)
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.")
    assert b" 400 " in head.partition(b"\r\n")[0]
    assert json.loads(body)["__type"] == "InvalidRequestException"
    assert not caplog.records
    assert boto3_client(url).list_tasks()["Tasks"] == []


def test_clients_that_leave_in_the_middle(url: str, caplog: pytest.LogCaptureFixture) -> None:
    head = (
        f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {TARGET}\r\nContent-Length: 2\r\n\r\n".encode()
    )
    for data in (b"", head[:20], head, head + b"{", head + b"{}", (head + b"{}") * 3):
        raw(url, data, wait=False)
    assert boto3_client(url).list_tasks()["Tasks"] == []
    time.sleep(0.1)
    assert not caplog.records


def test_pipelined_requests_are_answered_in_order(url: str) -> None:
    one = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: FmrsService.{}\r\nContent-Length: {}\r\n{}\r\n{}"
    )
    execution = json.dumps({"TaskExecutionArn": EXECUTION})
    first = one.format("DescribeTaskExecution", len(execution), "", execution)
    got = raw(url, (first + one.format("ListTasks", 2, "Connection: close\r\n", "{}")).encode())
    assert got.index(b"TRANSFERRING") < got.index(b'{"Tasks":[]}')


def test_slow_handlers_do_not_stop_the_others(url: str, service: TinyService) -> None:
    """Neither one that begins alone, nor one of a Describe call that comes while it is at work."""
    goes_on, begun = threading.Event(), threading.Semaphore(0)

    def surprise(request: object) -> object:
        begun.release()
        assert goes_on.wait(20)
        is_list = isinstance(request, m.ListTasksRequest)
        return m.ListTasksResponse(tasks=()) if is_list else m.DescribeAgentResponse(agent_arn=AGENT)

    service.surprise = surprise
    clients = boto3_client(url), boto3_client(url)
    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(clients[0].list_tasks)]
        assert begun.acquire(timeout=20)
        calls.append(pool.submit(clients[1].describe_agent, AgentArn=AGENT))
        assert begun.acquire(timeout=20)
        start = time.monotonic()
        assert send(url, "GET", body=None)[0].status == 200
        assert time.monotonic() - start < 5
        assert not any(call.done() for call in calls)
        goes_on.set()
        assert calls[0].result()["Tasks"] == []
        assert calls[1].result()["AgentArn"] == AGENT


def test_many_clients_at_once(url: str, service: TinyService) -> None:
    def work(number: int) -> str:
        client = boto3_client(url)
        made: str = client.create_task(
            SourceLocationArn=LOCATION, DestinationLocationArn=OTHER, Name=f"task-{number}"
        )["TaskArn"]
        for _ in range(5):
            assert client.describe_task(TaskArn=made)["Name"].startswith("task-")
            client.list_tasks()
        return made

    service.lock = threading.Lock()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(32)))
    assert sum(isinstance(request, m.DescribeTaskRequest) for request in service.handled) == 32 * 5


def test_the_end_waits_for_calls_that_are_carried_out(service: TinyService) -> None:
    begun = threading.Event()

    def slowly(_: object) -> object:
        begun.set()
        time.sleep(0.5)
        return m.ListTasksResponse(tasks=())

    service.surprise = slowly
    with ThreadPoolExecutor() as pool:
        with start_server(service) as address:
            call = pool.submit(boto3_client(address, retries={"max_attempts": 0}).list_tasks)
            assert begun.wait(20)
        assert call.result()["Tasks"] == []


def test_the_end_closes_what_is_idle_and_leaves_nothing(service: TinyService) -> None:
    before = set(threading.enumerate())
    with start_server(service) as address, connected(address) as connection:
        connection.request("POST", "/", b"{}", {"X-Amz-Target": TARGET})
        assert connection.getresponse().read() == b'{"Tasks":[]}'
        port = int(address.rpartition(":")[2])
        start = time.monotonic()
    assert time.monotonic() - start < 5
    assert set(threading.enumerate()) == before
    open_socket("127.0.0.1", port).close()  # It is free.


def test_a_slow_answer_does_not_delay_the_end(service: TinyService) -> None:
    service.faults.slow(600)
    with ThreadPoolExecutor() as pool:
        with start_server(service) as address:
            call = pool.submit(boto3_client(address).list_tasks)
            while not service.handled:
                time.sleep(0.01)
            start = time.monotonic()
        assert call.result()["Tasks"] == []
    assert time.monotonic() - start < 10


def test_an_address_in_use(url: str, service: TinyService) -> None:
    port = int(url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), start_server(service, port=port):
        pass


def test_the_url_of_a_socket() -> None:
    with open_socket("localhost", 0) as listening:
        assert url_of(listening).rpartition(":")[0] in {"http://127.0.0.1", "http://[::1]"}


# The command.


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, where it should end by itself."""
    command = [sys.executable, "-m", "datasync_sdk.local", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_serves_and_ends(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with Server(tmp_path / "root", "--region", "eu-central-1", "--account", "111122223333") as server:
            made = server.client().create_agent(activation_key=f"AAAAA-BBBBB-CCCCC-DDDDD-{number:05}")
            assert made.agent_arn.startswith("arn:aws:datasync:eu-central-1:111122223333:agent/agent-")
            assert send(server.url, "GET", body=None)[1]["region"] == "eu-central-1"
            server.process.send_signal(number)
            assert server.process.wait(timeout=30) == 0
        assert "Traceback" not in server.errors.read_text()


def test_what_it_says(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "datasync_sdk.local", "--root", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready, where, who = (process.stdout.readline() for _ in range(3))
        address = ready.split()[1]
        assert ready == f"ready: {address}\n"
        assert where == f"export AWS_ENDPOINT_URL_DATASYNC={address} AWS_DEFAULT_REGION=us-east-1\n"
        assert who.startswith("export AWS_ACCESS_KEY_ID=")
        assert send(address, "GET", body=None)[0].status == 200
        process.terminate()


def failed(result: subprocess.CompletedProcess[str]) -> str:
    """What a command that could not start says: one line."""
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("python -m datasync_sdk.local: error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    with open_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert f"port {port}" in failed(run("--root", tmp_path / "root", "--port", port))
    assert not (tmp_path / "root").exists()


def test_a_root_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "file" in failed(run("--root", tmp_path / "file" / "root", "--port", 0))


def test_a_root_that_is_open(tmp_path: Path) -> None:
    with Server(tmp_path / "root"):
        assert "root" in failed(run("--root", tmp_path / "root", "--port", 0))


def test_wrong_arguments(tmp_path: Path) -> None:
    assert "nowhere.invalid" in failed(run("--root", tmp_path, "--host", "nowhere.invalid"))
    assert "--mount" in failed(run("--root", tmp_path, "--port", 0, "--mount", "what://is=this"))
    for arguments in (
        [],
        ["--root", tmp_path, "--mount", "nonsense"],
        ["--root", tmp_path, "--port", "99999"],
        ["--root", tmp_path, "--launch-time", "soon"],
        ["--root", tmp_path, "--launch-time", "-1"],
        ["--root", tmp_path, "--manual-clock", "2026-01-01"],
        ["--root", tmp_path, "--manual-clock", "now"],
    ):
        assert run(*arguments).returncode == 2


def test_a_mount_of_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for wrong, words in (
        ("mistyped", f"there is no folder {tmp_path}/mistyped to mount; make it first"),
        ("file", f"{tmp_path}/file cannot be mounted: it is not a folder"),
    ):
        mounted = f"nfs://server/export={tmp_path / wrong}"
        said = failed(run("--root", tmp_path / "root", "--port", 0, "--mount", mounted))
        assert said.endswith(f" --mount {mounted}: {words}\n")
    assert not (tmp_path / "mistyped").exists()


def test_mounts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with Server(tmp_path / "root", "--mount", f"s3://photos/={data}") as server:
        client = server.client()
        role = m.S3Config(bucket_access_role_arn="arn:aws:iam::123456789012:role/x")
        client.create_location_s3(s3_bucket_arn="arn:aws:s3:::photos", subdirectory="new", s3_config=role)
    assert (data / "new").is_dir()


def test_an_open_address_brings_a_warning(tmp_path: Path) -> None:
    with Server(tmp_path / "root", "--host", "0.0.0.0") as server:  # noqa: S104  # that is what is tested
        assert (
            "warning: 0.0.0.0 is not a loopback address, and there is no authentication"
            in server.errors.read_text()
        )
    with Server(tmp_path / "root2") as server:
        assert server.errors.read_text() == ""


def test_retries_are_botocores_own(url: str, service: TinyService) -> None:
    service.faults.throttle(calls=2)
    assert boto3_client(url).list_tasks()["ResponseMetadata"]["RetryAttempts"] == 2
    service.faults.throttle(calls=2)
    with pytest.raises(ClientError, match="Rate exceeded"):
        boto3_client(url, retries={"max_attempts": 0}).list_tasks()


def test_nothing_else_of_the_service_is_needed() -> None:
    class Least:
        region_name = REGION
        faults = TinyService().faults

        def handle(self, _: Any) -> Any:
            return m.ListTasksResponse(tasks=())

    with start_server(Least()) as address:
        assert boto3_client(address).list_tasks()["Tasks"] == []


def test_the_clock_is_turned_over_http(tmp_path: Path) -> None:
    start = "2026-01-01T00:00:00+00:00"
    arguments = ("--manual-clock", start, "--launch-time", "90", "--no-create-folders")
    with Server(tmp_path / "root", *arguments) as server, server.client() as client:
        assert turned(server.url, "GET") == (200, {"now": start})
        with pytest.raises(InvalidRequestError, match="there is no folder"):
            made_location(client, "from")
        for name in ("from", "to"):
            (tmp_path / "root" / "s3" / name).mkdir(parents=True)
        schedule = m.TaskSchedule(schedule_expression="rate(12 hours)")
        task = client.create_task(
            source_location_arn=made_location(client, "from"),
            destination_location_arn=made_location(client, "to"),
            schedule=schedule,
        ).task_arn
        week = {"advance_seconds": 7 * 24 * 3600}
        assert turned(server.url, "POST", week) == (200, {"now": "2026-01-08T00:00:00+00:00"})
        runs = [run.task_execution_arn for run in client.iter_task_executions(task_arn=task)]
        assert len(runs) == 14
        described = client.describe_task_execution(task_execution_arn=runs[0])
        assert described.result
        assert described.result.total_duration == 90_000
        for wrong in ({}, {"advance_seconds": -1}, {"advance_seconds": "1"}, {"advance_seconds": True}):
            status, told = turned(server.url, "POST", wrong)
            assert (status, "advance_seconds" in told["message"]) == (400, True)
        assert turned(server.url, "DELETE")[0] == 405


def test_a_real_clock_is_not_turned(tmp_path: Path) -> None:
    with Server(tmp_path / "root") as server:
        status, told = turned(server.url, "POST", {"advance_seconds": 1})
        assert (status, "--manual-clock" in told["message"]) == (400, True)


def turned(url: str, method: str, document: object = None) -> tuple[int, Any]:
    """Send a request to the route of the clock."""
    body = json.dumps(document or {}).encode()
    answer, told = send(url, method, "/_local/clock", body, {"Content-Type": "application/json"})
    return answer.status, told


def made_location(client: Client, bucket: str) -> str:
    role = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync")
    return client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{bucket}", s3_config=role).location_arn


def test_without_aiohttp_the_command_says_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "aiohttp.py").write_text("raise ImportError")
    command = [sys.executable, "-m", "datasync_sdk.local", "--root", str(tmp_path / "root")]
    environment = {**os.environ, "PYTHONPATH": str(hidden)}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert "pip install 'datasync-sdk[local]'" in failed(result)
