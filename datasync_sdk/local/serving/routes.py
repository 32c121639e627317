"""What the HTTP server answers where: calls at `/`, faults and the clock below `/_local/`; nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from aiohttp import web

from datasync_sdk._runtime.version import VERSION
from datasync_sdk.local.operations import TARGET_PREFIX
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.serving import admin
from datasync_sdk.local.serving.protocol import Answer, Handles, answer, refuse
from datasync_sdk.local.serving.reading import LARGEST_BODY
from datasync_sdk.local.serving.threads import Threads

DOCUMENTATION: Final = "https://docs.aws.amazon.com/datasync/latest/userguide/API_Operations.html"

BODY_SECONDS: Final = 30.0
"""How long a client may take to send a body."""


QUICK: Final = f"{TARGET_PREFIX}Describe"
"""What such calls do, a look at one thing, takes less than handing them to a thread and back does. So a
thread gets them only while others are at work, for whom they may have to wait."""


class Routes:
    """The handler of a server. It reads requests and writes answers; threads do what is asked."""

    def __init__(
        self, service: Handles, threads: Threads, stopping: asyncio.Event, *, for_loopback: bool
    ) -> None:
        """Answer for a service; `for_loopback`: only requests that name a loopback address."""
        self._service = service
        self._threads = threads
        self._stopping = stopping
        self._for_loopback = for_loopback

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        try:
            found = await self._find(request)
        except Refusal as refusal:
            found = refuse(refusal)
        if found.delay:
            # The server does not wait with its end until a slow answer is due.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), found.delay)
        if found.is_dropped and request.transport is not None:
            request.transport.close()
        return response(found)

    async def _find(self, request: web.BaseRequest) -> Answer:
        if self._for_loopback:
            check_hosts(request.headers.getall("Host", ()))
        method, path = request.method, request.path
        if path == admin.PATH:
            body = await read(request)
            return admin.administer(self._service, method, request.headers, body)
        if path == admin.CLOCK_PATH:
            body = await read(request)
            return await self._threads.run(admin.turn, self._service.clock, method, request.headers, body)
        if path != "/":
            raise Refusal(message="There is nothing at this address; calls go to /.", status=404)
        if method in ("GET", "HEAD"):
            return self._about()
        body = await read(request) if method == "POST" else b""
        if not self._threads.running and request.headers.get("X-Amz-Target", "").startswith(QUICK):
            return answer(self._service, method, request.headers, body)
        return await self._threads.run(answer, self._service, method, request.headers, body)

    def _about(self) -> Answer:
        """Who answers here: for people, and for scripts that wait until the server is up."""
        about = {
            "name": "datasync_sdk.local",
            "version": VERSION,
            "region": self._service.region_name,
            "documentation": DOCUMENTATION,
        }
        return Answer(headers={"Content-Type": admin.JSON}, body=json.dumps(about).encode())


def response(found: Answer) -> web.Response:
    """An answer as the server sends it."""
    return web.Response(status=found.status, headers=found.headers, body=found.body)


async def read(request: web.BaseRequest) -> bytes:
    """The body of a request.

    Raises:
        Refusal: it is too large, of which no more is read than it takes to know that; or it is broken off.
    """
    if (request.content_length or 0) > LARGEST_BODY:
        raise TOO_LARGE
    await invite(request)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise TOO_LARGE
    except TimeoutError:
        raise Refusal(message="The body of the request did not arrive in time.", status=408) from None
    except web.RequestPayloadError:
        raise Refusal(message="The body of the request is broken.") from None
    return bytes(body)


TOO_LARGE: Final = Refusal(
    message=f"The body of the request is too large; at most {LARGEST_BODY} bytes are allowed.", status=413
)


async def invite(request: web.BaseRequest) -> None:
    """Tell a client that asked first, as curl does before it sends much, to go on."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # Else the answer would count as begun.


def check_hosts(hosts: tuple[str, ...] | list[str]) -> None:
    """Stop requests that name another host than this machine's own.

    Raises:
        Refusal: this is one.
    """
    if not all(map(is_loopback, hosts)):
        raise Refusal(
            message="The Host header must be localhost or a loopback address, since that is where "
            "this server listens. To be reached under other names, start it with --host.",
            status=403,
        )


HOST: Final = re.compile(r"(?:\[(?P<ipv6>[0-9a-fA-F:.]+)\]|(?P<name>[a-zA-Z0-9._-]+))(?::[0-9]*)?")
"""The whole of a Host header: an IPv6 address in brackets, or a name or IPv4 address; and perhaps a port."""


def is_loopback(host: str) -> bool:
    """Whether a Host header, which may have a port, names this machine's loopback."""
    form = HOST.fullmatch(host)
    if form is None:
        return False
    if form["ipv6"]:
        with suppress(ValueError):
            return IPv6Address(form["ipv6"]).is_loopback
        return False
    name = form["name"].lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    with suppress(ValueError):
        return IPv4Address(name).is_loopback
    return False
