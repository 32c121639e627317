"""What nobody should send: the real service answers all of it with one of its two errors, and stays up."""

from __future__ import annotations

import json
import random
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from botocore.model import ServiceModel
from botocore.parsers import JSONParser
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from datasync_sdk import unstructure
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import parse_timestamp
from datasync_sdk.local import LocalDataSync
from datasync_sdk.local.operations import MODEL, NAMES, operation
from datasync_sdk.local.serving.http import start_server
from datasync_sdk.testing import strategies
from tests.local.wire import connected, raw, send

Mutation: TypeAlias = Callable[[random.Random, dict[str, Any]], bytes]

MUTATIONS = 1000
BOTOCORE = ServiceModel(dict(MODEL), SERVICE.name)
PARSER = JSONParser(timestamp_parser=parse_timestamp)
ERRORS = {"InvalidRequestException": 400, "InternalException": 500}

STRANGE: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**31, 2**63 - 1, -(2**63),
    "", " ", "\n", "a", "/", "..", "../../etc/hosts", "/../../x", "//", "\\", "%00", "*", "|", "a" * 70_000,
    "\u202e", "\U0001f600", "\udcff", "\0", "NaN", "${jndi:ldap://x}", "{0}", "%s", "$(reboot)",
    "arn:aws:datasync:us-east-1:123456789012:task/task-00000000000000000", "'; DROP TABLE resources; --",
    [], {}, [[]], [None], [{}], {"": None}, {"a": {"b": []}},
]  # fmt: skip
"""Values to put where others belong."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDataSync]:
    with LocalDataSync(tmp_path_factory.mktemp("hostile") / "root") as opened:
        yield opened


@pytest.fixture(scope="module")
def url(service: LocalDataSync) -> Iterator[str]:
    with start_server(service) as address:
        yield address


def judged(name: str, status: int, headers: Any, body: bytes) -> str:
    """What kind of answer this is; fails unless it is a good one or one of the two errors."""
    assert b"Traceback" not in body
    parsed = PARSER.parse(
        {"status_code": status, "headers": headers, "body": body}, BOTOCORE.operation_model(name).output_shape
    )
    if status == 200:
        return "good"
    code: str = parsed["Error"]["Code"]
    assert ERRORS[code] == status
    assert parsed["Error"]["Message"]
    assert json.loads(body)["errorCode"]
    assert headers["x-amzn-RequestId"]
    return code


def post(connection: HTTPConnection, name: str, body: bytes) -> str:
    """Send a body to an operation; gives what kind of answer came."""
    connection.request("POST", "/", body, {"X-Amz-Target": f"FmrsService.{name}"})
    answer = connection.getresponse()
    return judged(name, answer.status, answer.headers, answer.read())


# Mutations: of values, of members, of the text.


def dumped(data: object) -> bytes:
    """JSON, with what is no JSON left in it."""
    return json.dumps(data, default=lambda value: b64encode(value).decode()).encode()


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every container in JSON data, with each key or index in it."""
    found = []
    keys = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        found += [(data, key), *places(data[key])]
    return found


def with_strange_value(chance: random.Random, data: dict[str, Any]) -> bytes:
    found = places(data)
    if found:
        container, key = chance.choice(found)
        container[key] = chance.choice(STRANGE)
    return dumped(data)


def with_member_missing(chance: random.Random, data: dict[str, Any]) -> bytes:
    found = places(data)
    if found:
        container, key = chance.choice(found)
        del container[key]
    return dumped(data)


def with_member_added(chance: random.Random, data: dict[str, Any]) -> bytes:
    shape = BOTOCORE.shape_for(chance.choice(list(NAMES.values())))
    if shape.members:
        data[chance.choice(list(shape.members))] = chance.choice(STRANGE)
    return dumped(data)


def with_member_repeated(chance: random.Random, data: dict[str, Any]) -> bytes:
    found = places(data)
    if found:
        container, key = chance.choice(found)
        if isinstance(container, list):
            container.extend([container[key]] * chance.choice([1, 60, 2000]))
    return dumped(data)


def with_path_escape(chance: random.Random, data: dict[str, Any]) -> bytes:
    texts = [(container, key) for container, key in places(data) if isinstance(container[key], str)]
    if texts:
        container, key = chance.choice(texts)
        container[key] += chance.choice(
            ["/../..", "/..", "../" * 20, "/./", "//", "/\0", "/%2e%2e/", "/~root"]
        )
    return dumped(data)


def with_text_cut(chance: random.Random, data: dict[str, Any]) -> bytes:
    body = dumped(data)
    return body[: chance.randrange(len(body))]


def with_bytes_changed(chance: random.Random, data: dict[str, Any]) -> bytes:
    body = bytearray(dumped(data))
    for _ in range(chance.randint(1, 4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def with_number_changed(chance: random.Random, data: dict[str, Any]) -> bytes:
    huge = chance.choice(
        [b"NaN", b"-Infinity", b"1e400", b"-1e-400", b"9" * 5000, b"1" + b"0" * 18, b"0x10", b"01"]
    )
    body = dumped(data)
    place = body.rfind(b":")
    return body[: place + 1] + huge + b"}" if place > 0 else b'{"MaxResults":' + huge + b"}"


ALL: tuple[Mutation, ...] = (
    with_strange_value,
    with_strange_value,
    with_member_missing,
    with_member_added,
    with_member_repeated,
    with_path_escape,
    with_text_cut,
    with_bytes_changed,
    with_number_changed,
)


def valid_requests() -> list[tuple[str, dict[str, Any]]]:
    """Some valid requests of each operation."""
    return [(name, request) for name in sorted(NAMES) for request in valid_requests_of(name)]


def valid_requests_of(name: str) -> list[dict[str, Any]]:
    """Some valid requests of one operation."""
    found: list[dict[str, Any]] = []

    @seed(53)
    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategies.requests(operation(name).request))
    def collect(request: Structure) -> None:
        found.append(unstructure(request))

    collect()
    return found


def test_mutations_of_valid_requests(url: str, caplog: pytest.LogCaptureFixture) -> None:
    requests = valid_requests()
    assert {name for name, _ in requests} == NAMES.keys()
    chance = random.Random(53)
    kinds: Counter[str] = Counter()
    with connected(url) as connection:
        for number in range(MUTATIONS):
            name, request = requests[number % len(requests)]
            data = json.loads(dumped(request))
            body = ALL[chance.randrange(len(ALL))](chance, data)
            kind = post(connection, name, body)
            assert kind != "InternalException", (name, body[:500], caplog.text)
            kinds[kind] += 1
        assert post(connection, "ListTasks", b"{}") == "good"
    assert not [record for record in caplog.records if record.exc_info or "Traceback" in record.getMessage()]
    assert kinds["good"] > MUTATIONS / 50, kinds
    assert kinds["InvalidRequestException"] > MUTATIONS / 4, kinds


def test_valid_requests_of_strangers(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing in them exists, but all of it is well formed: the handlers themselves have to cope."""
    with connected(url) as connection:
        for name, request in valid_requests():
            assert post(connection, name, dumped(request)) in {"good", "InvalidRequestException"}, caplog.text


@given(st.binary(max_size=200), st.sampled_from(sorted(NAMES)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(url: str, body: bytes, name: str) -> None:
    with connected(url) as connection:
        assert post(connection, name, body) in {"good", "InvalidRequestException"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@given(JSON_VALUES, st.sampled_from(sorted(NAMES)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json(url: str, value: Any, name: str) -> None:
    with connected(url) as connection:
        assert post(connection, name, json.dumps(value).encode()) in {"good", "InvalidRequestException"}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'{"a":' * 500_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"[" * 900 + b"]" * 900,
        b'{"Tags":[' + b"0," * 1_500_000 + b"0]}",
        b'{"Tags":[' + b"{}," * 999 + b"{}]}",
        b"{" + b",".join(b'"%d":1' % number for number in range(300_000)) + b',"5":2}',
        b'{"a":"' + b"\\u0041" * 600_000 + b'"}',
        b'{"Name":"' + b"a" * 4_000_000 + b'"}',
        b'{"ServerHostname":"' + b"a-" * 1_500_000 + b'!"}',
        b'{"Subdirectory":"' + b"/a" * 1_500_000 + b'!"}',
        b'{"MaxResults":' + b"9" * 4_000_000 + b"}",
        b'{"a":1e' + b"9" * 4_000_000 + b"}",
        b" " * 4_000_000,
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\\u0000"}',
        b'{"a":NaN}',
        b'{"a":1,"a":1}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":1}{"a":1}',
        b"{'a':1}",
        b'{"a":1,}',
        b"null",
        b"\xff\xfe",
    ],
    ids=lambda body: f"{body[:16]!a}-{len(body)}",
)
def test_bodies_that_do_harm_elsewhere(url: str, body: bytes) -> None:
    for name in ("CreateTask", "CreateLocationNfs", "ListTasks", "TagResource"):
        start = time.monotonic()
        with connected(url) as connection:
            assert post(connection, name, body) in {"good", "InvalidRequestException"}
        assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "target",
    [
        "",
        "FmrsService.",
        "FmrsService.Nope",
        "FmrsService.__class__",
        "x.ListTasks",
        "FmrsService.List Tasks",
        "a" * 7000,
    ],
)
def test_wrong_targets(url: str, target: str) -> None:
    answer, body = send(url, headers={"X-Amz-Target": target})
    assert (answer.status, body["__type"]) == (400, "InvalidRequestException")
    assert len(json.dumps(body)) < 500


def test_the_pattern_with_the_worst_time(url: str) -> None:
    """As long as AWS allows, and as hard for the pattern as can be: nobody else waits for long."""
    for name, member, value in (
        ("CreateLocationNfs", "ServerHostname", "a-" * 127 + "!"),
        ("CreateLocationNfs", "Subdirectory", "/" + "a" * 4094 + "!"),
        ("CreateLocationSmb", "Domain", "a-" * 126 + "!"),
        ("CreateLocationHdfs", "KmsKeyProviderUri", "kms://http@" + "a." * 120 + "!"),
        ("CreateLocationAzureBlob", "ContainerUrl", "https://" + "a-" * 150 + "/!"),
    ):
        start = time.monotonic()
        with connected(url) as connection:
            assert post(connection, name, dumped({member: value})) == "InvalidRequestException"
        assert time.monotonic() - start < 2


def test_many_at_once(url: str, caplog: pytest.LogCaptureFixture) -> None:
    bodies = [
        b"{",
        b"[" * 100_000,
        b"\xff",
        b"{}",
        b'{"MaxResults":"x"}',
        b'{"a":"\\ud800"}',
        b'{"Tags":[' + b"0," * 9999,
    ]
    hello = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"

    def work(number: int) -> None:
        chance = random.Random(number)
        with connected(url) as connection:
            for _ in range(20):
                post(
                    connection,
                    chance.choice(["ListTasks", "CreateTask", "TagResource"]),
                    chance.choice(bodies),
                )
                raw(url, hello, wait=False)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    assert send(url, headers={"X-Amz-Target": "FmrsService.ListAgents"})[0].status == 200
    assert "Traceback" not in caplog.text


def test_connections_that_say_nothing_do_not_stop_others(url: str) -> None:
    done = threading.Event()

    def idle() -> None:
        with connected(url) as connection:
            connection.connect()
            assert connection.sock
            connection.sock.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            done.wait(20)

    with ThreadPoolExecutor(100) as pool:
        for _ in range(100):
            pool.submit(idle)
        time.sleep(0.5)
        assert send(url)[0].status == 200
        done.set()


def test_nothing_was_written_outside(service: LocalDataSync) -> None:
    """After all of the above: only the root is there, beside what pytest made."""
    root = Path(service.root)
    assert sorted(path.name for path in root.parent.iterdir()) == [root.name]
