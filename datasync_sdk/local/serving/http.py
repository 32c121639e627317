"""The service over HTTP, for all that speaks to AWS: boto3, the AWS CLI, other languages.

    with start_server(service) as url:
        client = boto3.client("datasync", endpoint_url=url, ...)

There is no authentication, so it listens on the loopback address unless it is told otherwise. As long as it
does, it answers only to loopback names: a web page whose own name suddenly means 127.0.0.1 gets nothing.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any, Final

try:
    from aiohttp import web
except ImportError as error:
    raise ImportError(
        "datasync_sdk.local needs aiohttp for HTTP: pip install 'datasync-sdk[local]'"
    ) from error

from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.serving.protocol import Handles, refuse
from datasync_sdk.local.serving.routes import Routes, response
from datasync_sdk.local.serving.threads import Threads

log = logging.getLogger("datasync_sdk.local")

LOOPBACK: Final = "127.0.0.1"
THREADS: Final = 16
"""How many calls are carried out at once; where they must wait for one another, the service sees to it."""
BACKLOG: Final = 128
KEEP_ALIVE_SECONDS: Final = 75.0
PATIENCE_SECONDS: Final = 20.0
"""How long a server that stops waits for the calls that it is carrying out."""
LINGERING_SECONDS: Final = 2.0
"""How long it reads on after a body that it refused, so that the client gets to read the refusal."""


@contextmanager
def start_server(service: Handles, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serve in a thread; gives the URL. Port 0 is any that is free.

    At the end, calls that are being carried out are answered. The service stays open.

    Raises:
        OSError: the address is in use or not this machine's.
    """
    listening = open_socket(host, port)
    url = url_of(listening)
    started: Future[Callable[[], object]] = Future()

    async def run() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        await serve(
            service, listening, stop, lambda: started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
        )

    def run_thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run_thread, name="datasync-local-server", daemon=True)
    thread.start()
    stop = started.result()
    try:
        yield url
    finally:
        with suppress(RuntimeError):  # It has ended already.
            stop()
        thread.join()


async def serve_until_signal(service: Handles, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM comes; a second one does not wait for calls that are on their way."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop_once() -> None:
        for number in signals:
            loop.remove_signal_handler(number)
        stop.set()

    for number in signals:
        loop.add_signal_handler(number, stop_once)
    await serve(service, listening, stop, ready)


async def serve(
    service: Handles, listening: socket.socket, stop: asyncio.Event, ready: Callable[[], object]
) -> None:
    """Serve until `stop` is set; calls `ready` once requests are answered."""
    threads = Threads(THREADS)
    for_loopback = ip_address(listening.getsockname()[0]).is_loopback
    server = JsonServer(
        Routes(service, threads, stop, for_loopback=for_loopback),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        lingering_time=LINGERING_SECONDS,
    )
    runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=PATIENCE_SECONDS)
    try:
        await runner.setup()
        await web.SockSite(runner, listening, backlog=BACKLOG).start()
        ready()
        await stop.wait()
    finally:
        await runner.cleanup()
        threads.stop()


class JsonServer(web.Server):
    """A server that tells in JSON, too, what is wrong with the HTTP that it gets."""

    def __call__(self) -> web.RequestHandler:
        """A handler for a new connection."""
        return JsonHandler(self, loop=self._loop, **self._kwargs)


class JsonHandler(web.RequestHandler):
    """The handler of one connection."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # it repeats what was sent, in which a secret may be
    ) -> web.StreamResponse:
        """The answer to what is no HTTP, or what this package did wrong; the connection is then closed."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun, so there cannot be another one")
        if status == web.HTTPInternalServerError.status_code and not isinstance(exc, ConnectionError):
            log.error("a request failed", exc_info=exc)
            refusal = Refusal(code="InternalException", message="An internal error occurred.", status=status)
        else:
            refusal = Refusal(message="This is no HTTP request that can be understood.", status=status)
        told = response(refuse(refusal))
        told.force_close()
        return told


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at an address, the first of those that a name has.

    Raises:
        OSError: the address is in use, or not this machine's.
    """
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return socket.create_server(address[:2], family=family, backlog=BACKLOG)


def url_of(listening: socket.socket) -> str:
    """The address under which a program on this machine reaches a socket."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
