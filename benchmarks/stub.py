"""A service inside this process: botocore does everything but the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.awsrequest import AWSResponse

Answers = Callable[[bytes], bytes]
"""From the body of a request to that of its answer."""

PROTOCOL = b"application/x-amz-json-1.1"


class Body:
    """The part of a urllib3 response that botocore reads."""

    def __init__(self, body: bytes) -> None:
        """Hold the body of an answer."""
        self._body = body

    def stream(self) -> Iterator[bytes]:
        """The body in pieces."""
        yield self._body


def answering(answers: Answers) -> Callable[..., AWSResponse]:
    """A handler of botocore's `before-send`, which takes the place of the network."""

    def handler(request: Any, **_: object) -> AWSResponse:
        if request.headers["Content-Type"] != PROTOCOL:
            raise NotImplementedError(f"the stub speaks {PROTOCOL!r} only")
        body = answers(request.body)
        headers = {
            "Date": "Thu, 01 Jan 2026 00:00:00 GMT",
            "Content-Type": PROTOCOL.decode(),
            "Content-Length": str(len(body)),
            "x-amzn-RequestId": "5c4e2c1f-6f3b-4a52-9d0c-2b9f6a1f7e31",
        }
        return AWSResponse(request.url, 200, headers, Body(body))

    return handler


def always(answer: object) -> Answers:
    """The same answer to everything."""
    body = json.dumps(answer).encode()
    return lambda _: body
