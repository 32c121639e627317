"""HTTP by hand, for tests of what no well-behaved client sends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from tests.local.tiny import REGION

TARGET = "FmrsService.ListTasks"


def boto3_client(url: str, **settings: Any) -> Any:
    """A plain client of boto3, with settings of botocore."""
    return boto3.client(
        "datasync",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="somebody",
        aws_secret_access_key="something",
        config=Config(**settings),
    )


@contextmanager
def connected(url: str) -> Iterator[HTTPConnection]:
    """One connection, used for as many requests as its user likes."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=20)) as connection:
        yield connection


def send(
    url: str,
    method: str = "POST",
    path: str = "/",
    body: bytes | Iterator[bytes] | None = b"{}",
    headers: Mapping[str, str] | None = None,
) -> tuple[HTTPResponse, dict[str, Any]]:
    """Send one request; gives the answer and its JSON."""
    with connected(url) as connection:
        connection.request(method, path, body, {"X-Amz-Target": TARGET, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        return answer, json.loads(text) if text else {}


def raw(url: str, data: bytes, *, wait: bool = True) -> bytes:
    """Send bytes; gives all that comes back until the server closes the connection."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(data)
        if not wait:
            return b""
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received
