"""What only an asynchronous client can do, and get wrong; the tests of the client try the rest on both."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from botocore.config import Config
from botocore.credentials import DeferredRefreshableCredentials

from datasync_sdk import AsyncClient, Client, errors
from datasync_sdk import models as m
from datasync_sdk._runtime.session import service_model
from tests.sdk import fake_client, server
from tests.sdk.fake_client import DESCRIBED, DESTINATION, ONCE, SOURCE, TASK
from tests.sdk.server import FakeService, Received, Reply
from tests.sdk.test_imports import ROOT
from tests.sdk.test_old_clients import data_folder, revision

T = TypeVar("T")

service = server.service  # a fixture
no_default_session = fake_client.no_default_session

BEFORE_TASK_MODE = "2024-05-15"
PATIENCE = 20.0
"""Seconds after which a test that hangs has failed."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a test in an event loop of its own."""
    return asyncio.run(asyncio.wait_for(main, PATIENCE))


def client_of(service: FakeService, **options: Any) -> AsyncClient:
    return AsyncClient(endpoint_url=service.url, **{"config": ONCE, **options})


async def describe(client: AsyncClient, task: str = TASK) -> m.DescribeTaskResponse:
    return await client.describe_task(task_arn=task)


# Many calls at once


def most_connections(service: FakeService) -> list[int]:
    """How many connections are open at each request, from now on."""
    seen: list[int] = []

    def answer(request: Received) -> Reply:
        seen.append(service.connections)
        return Reply({**DESCRIBED, "TaskArn": request.body["TaskArn"]}, delay=0.02)

    service.runs(answer)
    return seen


@pytest.mark.parametrize("size", [3, 10])
def test_a_hundred_coroutines_share_one_connection_pool(service: FakeService, size: int) -> None:
    """Had each made a pool of its own, there would be a hundred connections."""
    seen = most_connections(service)
    arns = [f"{TASK}-{number}" for number in range(100)]

    async def main() -> list[str]:
        config = None if size == 10 else Config(max_pool_connections=size)
        async with client_of(service, config=config) as client:
            answers = await asyncio.gather(*(describe(client, arn) for arn in arns))
        return [answer.task_arn for answer in answers]

    assert run(main()) == arns
    assert max(seen) == size


def test_listings_take_turns(service: FakeService) -> None:
    def answer(request: Received) -> Reply:
        token = request.body.get("NextToken")
        return Reply({"Tasks": [{"TaskArn": token or "first"}], **({} if token else {"NextToken": "t"})})

    service.runs(answer)

    async def listed(client: AsyncClient) -> list[str]:
        return [task.task_arn async for task in client.iter_tasks()]

    async def main() -> list[list[str]]:
        async with client_of(service) as client:
            return await asyncio.gather(*(listed(client) for _ in range(5)))

    assert run(main()) == [["first", "t"]] * 5


# Cancelling


def test_a_cancelled_call_leaves_the_client_usable(service: FakeService) -> None:
    arrived = threading.Event()

    def answer(_: Received) -> Reply:
        arrived.set()
        return Reply(DESCRIBED, delay=0.5 if len(service.received) == 1 else 0)

    service.runs(answer)

    async def main() -> str:
        async with client_of(service, config=Config(max_pool_connections=1)) as client:
            call = asyncio.create_task(describe(client))
            await asyncio.to_thread(arrived.wait, PATIENCE)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            return (await describe(client)).task_arn

    assert run(main()) == TASK
    assert len(service.received) == 2


def test_a_call_that_is_cancelled_while_it_connects_does_not_keep_others_from_it(
    service: FakeService,
) -> None:
    service.answers(DESCRIBED)

    async def main() -> list[Any]:
        async with client_of(service) as client:
            calls = [asyncio.create_task(describe(client)) for _ in range(3)]
            await asyncio.sleep(0)  # The first one connects, and the others wait for it.
            calls[0].cancel()
            return await asyncio.gather(*calls, return_exceptions=True)

    first, *others = run(main())
    assert isinstance(first, asyncio.CancelledError)
    assert [answer.task_arn for answer in others] == [TASK, TASK]
    assert len(service.received) == 2


def test_a_time_limit_of_asyncio_is_a_time_out(service: FakeService) -> None:
    service.answers(Reply(DESCRIBED, delay=0.5))

    async def main() -> None:
        async with client_of(service) as client, asyncio.timeout(0.1):
            await describe(client)

    with pytest.raises(TimeoutError) as caught:
        run(main())
    assert not isinstance(caught.value, errors.DataSyncError)


# Event loops


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # the sockets of loops that are gone
def test_a_client_connects_anew_in_the_next_event_loop(
    service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """And aiohttp has nothing to complain of."""
    service.answers(DESCRIBED)
    client = client_of(service)
    for _ in range(3):
        assert run(describe(client)).task_arn == TASK
    run(client.close())
    assert len(service.received) == 3
    del client
    gc.collect()
    assert caplog.text == ""


def test_an_event_loop_that_lives_keeps_its_client(service: FakeService) -> None:
    service.answers(DESCRIBED)

    async def main() -> str:
        async with client_of(service) as client:
            await describe(client)
            with ThreadPoolExecutor(1) as pool:
                elsewhere = pool.submit(run, describe(client))
                with pytest.raises(errors.ConfigurationError, match="in use in another event loop"):
                    await asyncio.wrap_future(elsewhere)
            return (await describe(client)).task_arn

    assert run(main()) == TASK
    assert len(service.received) == 2


@pytest.mark.parametrize("used", [True, False])
def test_a_closed_client_refuses(service: FakeService, used: bool) -> None:
    service.answers({"Tasks": [{"TaskArn": "a"}], "NextToken": "t"})

    async def main() -> None:
        client = client_of(service)
        tasks = client.iter_tasks()
        if used:
            assert (await anext(tasks)).task_arn == "a"
        await client.close()
        await client.close()
        for call in (describe(client), client.send(m.ListTasksRequest())):
            with pytest.raises(errors.ConfigurationError, match="this client is closed"):
                await call
        if not used:
            with pytest.raises(errors.ConfigurationError, match="this client is closed"):
                await anext(tasks)

    run(main())
    assert len(service.received) == int(used)


def test_a_client_that_is_closed_while_it_connects_stays_closed(service: FakeService) -> None:
    service.answers(DESCRIBED)

    async def main() -> list[Any]:
        client = client_of(service)
        calls = [asyncio.create_task(describe(client)) for _ in range(3)]
        await asyncio.sleep(0)
        await client.close()
        return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = run(main())
    assert {type(outcome) for outcome in outcomes[1:]} == {errors.ConfigurationError}
    assert all("this client is closed" in str(outcome) for outcome in outcomes[1:])


def test_a_preflight_of_what_cannot_connect_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    request = m.StartTaskExecutionRequest(task_arn=TASK)
    with pytest.raises(errors.ConfigurationError, match="Give region_name"):
        run(AsyncClient().preflight(request))


# What it connects with


PROGRAM = """
import sys
from datasync_sdk import AsyncClient
from datasync_sdk.models import DescribeTaskRequest
client = AsyncClient("eu-west-1")
client.check(DescribeTaskRequest(task_arn="a"))
print(sorted({"aiobotocore", "aiohttp", "boto3"} & sys.modules.keys()), client)
"""

WITHOUT = """
import asyncio, sys
sys.modules["aiobotocore"] = None
from datasync_sdk import AsyncClient, errors
try:
    asyncio.run(AsyncClient("eu-west-1").list_tasks())
except errors.ConfigurationError as error:
    print(error)
"""


def printed(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_aiobotocore_is_not_imported_before_the_first_call() -> None:
    assert printed(PROGRAM) == "[] AsyncClient('eu-west-1', endpoint_url=None)"


def test_without_aiobotocore_it_says_what_to_install() -> None:
    assert printed(WITHOUT) == "AsyncClient needs aiobotocore: pip install 'datasync-sdk[async]'"


def test_the_whole_api_is_known_whatever_botocore_knows(service: FakeService, tmp_path: Path) -> None:
    service.answers({"TaskArn": TASK})

    async def main() -> Any:
        with data_folder(revision(BEFORE_TASK_MODE)["service"], tmp_path):
            async with client_of(service) as client:
                request = m.CreateTaskRequest(
                    source_location_arn=SOURCE, destination_location_arn=DESTINATION, task_mode="ENHANCED"
                )
                await client.send(request)
                made = await client._connected()
                return made.meta.service_model._service_description

    assert run(main()) is service_model("datasync_sdk._generated")
    assert service.last.body["TaskMode"] == "ENHANCED"


def test_a_client_that_is_handed_in_is_used_as_it_is(service: FakeService, tmp_path: Path) -> None:
    """It may be too old for a request, and stays open."""
    service.answers(DESCRIBED)

    async def main() -> str:
        making = AioSession().create_client("datasync", endpoint_url=service.url, config=AioConfig())
        with data_folder(revision(BEFORE_TASK_MODE)["service"], tmp_path):
            theirs = await making.__aenter__()
        try:
            async with AsyncClient(aiobotocore_client=theirs) as client:
                assert repr(client) == f"AsyncClient('eu-west-1', endpoint_url='{service.url}')"
                await describe(client)
                with pytest.raises(errors.ConfigurationError) as caught:
                    await client.create_task(
                        source_location_arn=SOURCE, destination_location_arn=DESTINATION, task_mode="BASIC"
                    )
            await theirs.describe_task(TaskArn=TASK)
            with pytest.raises(errors.ConfigurationError, match="leave out region_name"):
                AsyncClient("eu-west-1", aiobotocore_client=theirs)
            with pytest.raises(errors.ConfigurationError, match="give it to AsyncClient"):
                Client(boto3_client=theirs)
            return str(caught.value)
        finally:
            await theirs.close()

    said = run(main())
    assert said.startswith("CreateTask: TaskMode needs botocore 1.35.52 (API 2024-10-30)")
    assert said.endswith("or leave out aiobotocore_client: the SDK's own client knows all of this API")
    assert len(service.received) == 2


def test_a_blocking_client_is_for_the_blocking_client(service: FakeService) -> None:
    theirs = boto3.client("datasync", endpoint_url=service.url)
    with pytest.raises(errors.ConfigurationError, match="give it to Client"):
        AsyncClient(aiobotocore_client=theirs)
    theirs.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"session": object()}, "session must be"),
        ({"config": {"read_timeout": 1}}, "config must be a botocore.config.Config, not dict"),
        ({"aiobotocore_client": object()}, "aiobotocore_client must be"),
        ({"region_name": "datasync"}, "the first argument is the Region"),
        ({"validate": "very"}, "validate must be"),
        ({"ignored_rules": ["OPT-99999"]}, "there is no rule"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_arguments_are_refused_before_any_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=said):
        AsyncClient(**options)


def test_a_session_of_aiobotocore(service: FakeService) -> None:
    service.answers(DESCRIBED)
    heard: list[str] = []

    async def hear(**_: object) -> None:
        heard.append("call")

    session = AioSession()
    session.set_credentials("own", "own")
    session.set_config_variable("region", "sa-east-1")
    session.get_component("event_emitter").register("before-call.datasync", hear)
    before = state(session)

    async def main() -> None:
        async with client_of(
            service, session=session, config=AioConfig(user_agent_extra="mover/7")
        ) as client:
            await describe(client)

    run(main())
    assert service.last.scope == ("own", "sa-east-1")
    assert heard == ["call"]
    assert "mover/7" in service.last.user_agent
    assert state(session) == before


def state(session: AioSession) -> dict[str, object]:
    """What a session consists of, by identity."""
    session.full_config  # noqa: B018  # aiobotocore keeps it from the first look on
    names = ("config_store", "credential_provider", "data_loader", "event_emitter", "response_parser_factory")
    components = {name: id(session.get_component(name)) for name in (*names, "user_agent_creator")}
    return {**{name: id(value) for name, value in vars(session).items()}, **components}


class Vault:
    """What makes credentials that have to be renewed, and says in which thread it did."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def renew(self) -> dict[str, str]:
        self.threads.append(threading.current_thread())
        ends = datetime.now(UTC) + timedelta(hours=1)
        number = str(len(self.threads))
        return {"access_key": number, "secret_key": "s", "token": "t", "expiry_time": ends.isoformat()}


def test_credentials_of_boto3_are_renewed_in_a_thread(service: FakeService) -> None:
    """That may take a call over the network, which must not hold up the event loop."""
    service.answers(DESCRIBED)
    vault = Vault()
    session = boto3.Session(region_name="eu-west-1")
    credentials = DeferredRefreshableCredentials(vault.renew, "vault")
    session._session._credentials = credentials

    async def main() -> None:
        async with client_of(service, session=session) as client:
            await describe(client)
            await describe(client)
            credentials._expiry_time = datetime.now(UTC)
            await describe(client)

    run(main())
    assert [request.scope[0] for request in service.received] == ["1", "1", "2"]
    assert threading.main_thread() not in vault.threads
