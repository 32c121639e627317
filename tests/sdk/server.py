"""Servers on loopback for tests: moto's DataSync, and one that answers what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import pytest

from datasync_sdk import Client

MOTO = """
import json, sys
from moto.datasync.responses import DataSyncResponse
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
operations = [
    name for name, value in vars(DataSyncResponse).items() if callable(value) and not name.startswith("_")
]
print(json.dumps({"port": server.get_host_and_port()[1], "operations": sorted(operations)}), flush=True)
sys.stdin.read()
"""
"""moto in a process of its own: importing it changes botocore, and its warnings are not ours."""


@dataclass(frozen=True)
class Moto:
    """A running moto server."""

    url: str
    operations: tuple[str, ...]
    """The operations of DataSync that it has, as boto3 names them."""


@pytest.fixture(scope="session")
def moto() -> Iterator[Moto]:
    """A moto server that ends with the tests."""
    if find_spec("moto") is None:
        pytest.skip("an old botocore is tried, which no moto goes with")
    with subprocess.Popen(
        [sys.executable, "-c", MOTO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        line = process.stdout.readline()
        assert line, "moto's server did not start"
        said = json.loads(line)
        yield Moto(f"http://127.0.0.1:{said['port']}", tuple(said["operations"]))
        process.stdin.close()


@pytest.fixture(scope="session")
def moto_url(moto: Moto) -> str:
    """The address of the moto server."""
    return moto.url


@pytest.fixture
def client(moto_url: str) -> Iterator[Client]:
    """A client for a moto server in which nothing was made yet."""
    connection = HTTPConnection(moto_url.removeprefix("http://"), timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", "/moto-api/reset")
        assert connection.getresponse().status == 200
    with Client(region_name="eu-west-1", endpoint_url=moto_url) as made:
        yield made


@dataclass(frozen=True)
class Received:
    """A request that the fake service got."""

    operation: str
    """As AWS writes it: `CreateTask`."""
    body: dict[str, Any]
    headers: Mapping[str, str]
    raw: bytes = b""
    """The body as it came."""

    @property
    def user_agent(self) -> str:
        """Who asks."""
        return self.headers["User-Agent"]

    @property
    def scope(self) -> tuple[str, str]:
        """The access key and the Region that the request is signed for."""
        credential = self.headers["Authorization"].partition("Credential=")[2]
        key, _, region, *_ = credential.split("/")
        return key, region


@dataclass(frozen=True)
class Reply:
    """What the fake service answers."""

    body: Any = field(default_factory=dict)
    """Bytes as they are, anything else as JSON."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0
    """How many bytes of what it promised it does not send, before it closes the connection."""
    delay: float = 0
    """How many seconds it thinks."""
    hang_up: bool = False
    """Close the connection without a word."""


Script = Callable[[Received], Reply]


def error_reply(code: str, message: str = "It went wrong.", status: int = 400, **more: Any) -> Reply:
    """An error as DataSync writes it."""
    return Reply({"__type": code, "message": message, **more}, status)


class FakeService:
    """A DataSync that records what it gets and answers what a test tells it to."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        """How many are open now."""
        self._script: Script = lambda _: Reply()
        self._lock = threading.Lock()
        self._server = make_server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def answers(self, *replies: Reply | Mapping[str, Any]) -> None:
        """Answer with these in turn, and with the last one from then on."""
        rest = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]
        self._script = lambda _: rest.pop(0) if len(rest) > 1 else rest[0]

    def runs(self, script: Script) -> None:
        """Answer each request as a function says."""
        self._script = script

    @property
    def last(self) -> Received:
        """The newest request."""
        return self.received[-1]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of all requests."""
        return [request.body for request in self.received]

    def count(self, change: int) -> None:
        """Note that a connection was opened or closed."""
        with self._lock:
            self.connections += change

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and answer it."""
        operation = handler.headers["X-Amz-Target"].rpartition(".")[2]
        raw = handler.rfile.read(int(handler.headers["Content-Length"]))
        request = Received(operation, json.loads(raw), dict(handler.headers), raw)
        with self._lock:
            self.received.append(request)
            reply = self._script(request)
        time.sleep(reply.delay)
        write(handler, reply)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def make_server(fake: FakeService) -> ThreadingHTTPServer:
    """The HTTP under a fake service."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            fake.count(1)
            super().setup()

        def finish(self) -> None:
            fake.count(-1)
            with contextlib.suppress(OSError):
                super().finish()

        def do_POST(self) -> None:
            fake.handle(self)

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests readable."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # sixteen threads come at once

        def handle_error(self, *_: object) -> None:
            """Clients that gave up are what some tests are about."""

    return Server(("127.0.0.1", 0), Handler)


def write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Write an answer, or what a test wants instead of one."""
    handler.close_connection = handler.close_connection or reply.hang_up or bool(reply.missing)
    if reply.hang_up:
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    handler.send_response(reply.status)
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "req-1", **reply.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) + reply.missing))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def service() -> Iterator[FakeService]:
    """A DataSync that answers what a test tells it to."""
    with contextlib.closing(FakeService()) as fake:
        yield fake
