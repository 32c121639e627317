"""Whatever a service answers, a wait ends when the execution does, and looks no more often than it says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from botocore.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import Client
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import AccessDeniedError, WaitTimeout
from datasync_sdk.execution import Outcome, Poll, Progress
from tests.sdk.server import FakeService, Reply, error_reply

TASK = "arn:aws:datasync:us-east-1:123456789012:task/task-0123456789abcdef0"
ARN = f"{TASK}/execution/exec-0123456789abcdef0"
RUNNING = [
    "QUEUED", "LAUNCHING", "PREPARING", "TRANSFERRING", "VERIFYING", "CANCELLING",
    "LAUNCHED", "REHYDRATING", "SUCCEEDED", "success", "Error", "",
]  # fmt: skip
COUNTERS = [
    "BytesWritten", "BytesTransferred", "EstimatedBytesToTransfer", "FilesTransferred",
    "EstimatedFilesToTransfer", "FoldersTransferred", "EstimatedFoldersToTransfer",
]  # fmt: skip
PASSES = [
    error_reply("ThrottlingException", "Rate exceeded"),
    error_reply("TooManyRequestsException", "Slow down", status=429),
    error_reply("InternalException", status=500),
    error_reply("ServiceUnavailable", status=503),
    error_reply("ExpiredTokenException", "The security token included in the request is expired"),
    Reply(hang_up=True),
]


class Jumps:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def described(status: str, counters: dict[str, int]) -> Reply:
    return Reply({"TaskExecutionArn": ARN, "Status": status, **counters})


running = st.builds(
    described,
    st.sampled_from(RUNNING),
    st.dictionaries(st.sampled_from(COUNTERS), st.integers(0, 2**50)),
)
ended = st.builds(
    described,
    st.sampled_from(["SUCCESS", "ERROR"]),
    st.dictionaries(st.sampled_from(COUNTERS), st.integers(0, 2**50)),
)
histories = st.tuples(st.lists(running | st.sampled_from(PASSES), max_size=12), ended)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeService]:
    service = FakeService()
    yield service
    service.close()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")


ONCE = Config(retries={"total_max_attempts": 1})


def wait(kind: str, fake: FakeService, time: Jumps, seen: list[Progress], **options: object) -> Outcome:
    """Wait for what a service tells, in a program of one kind."""
    if kind == "blocking":
        with Client("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            client._timing = time
            return client.start(TASK).wait(on_progress=seen.append, **options)  # type: ignore[arg-type]

    async def asynchronous() -> Outcome:
        async with AsyncClient("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            client._timing = time
            execution = await client.start(TASK)
            return await execution.wait(on_progress=seen.append, **options)  # type: ignore[arg-type]

    return asyncio.run(asynchronous())


def play(fake: FakeService, history: list[Reply]) -> None:
    """Have a service start an execution, then tell a history; the last answer is given again and again."""
    fake.received.clear()
    fake.answers(Reply({"TaskExecutionArn": ARN}), *history)


kinds = pytest.mark.parametrize("kind", ["blocking", "async"])


@kinds
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(histories)
def test_a_wait_ends_exactly_when_the_execution_does(
    kind: str, fake: FakeService, history: tuple[list[Reply], Reply]
) -> None:
    before, end = history
    play(fake, [*before, end, error_reply("Asked after the end")])
    seen: list[Progress] = []
    time = Jumps()
    outcome = wait(kind, fake, time, seen)
    assert outcome.execution.status == end.body["Status"]
    # One look for each answer, and a pause between two.
    assert len(fake.received) == 1 + len(before) + 1
    assert len(time.pauses) == len(before)
    told = [reply.body["Status"] for reply in [*before, end] if reply.status == 200 and not reply.hang_up]
    assert [str(each.status) for each in seen] == told
    fractions = [each.fraction or 0.0 for each in seen]
    assert fractions == sorted(fractions)
    assert all(0 <= each <= 1 for each in fractions)


@kinds
def test_a_wait_asks_once_for_each_pause(kind: str, fake: FakeService) -> None:
    play(fake, [described("TRANSFERRING", {})])
    time = Jumps()
    with pytest.raises(WaitTimeout):
        wait(kind, fake, time, [], timeout=3600, poll=Poll(first=5, most=60, factor=2, jitter=0))
    pauses = [5.0, 10.0, 20.0, 40.0, *[60.0] * 58, 45.0]
    assert time.pauses == pauses
    assert len(fake.received) == 1 + len(pauses) + 1


@kinds
def test_credentials_that_end_and_are_renewed_are_borne(kind: str, fake: FakeService) -> None:
    expired = error_reply("ExpiredTokenException", "The security token included in the request is expired")
    play(fake, [described("TRANSFERRING", {}), *[expired] * 9, described("SUCCESS", {})])
    assert wait(kind, fake, Jumps(), []).is_success


@kinds
def test_credentials_that_are_never_renewed_are_told(kind: str, fake: FakeService) -> None:
    expired = error_reply("ExpiredTokenException", "The security token included in the request is expired")
    play(fake, [described("TRANSFERRING", {}), expired])
    time = Jumps()
    with pytest.raises(AccessDeniedError, match="expired"):
        wait(kind, fake, time, [], poll=Poll(patience=300))
    assert 300 <= time.now < 340


def attached(kind: str, fake: FakeService) -> str:
    """The execution that a program of one kind gets."""
    if kind == "blocking":
        with Client("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            return client.start_or_attach(TASK).arn

    async def program() -> str:
        async with AsyncClient("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            return (await client.start_or_attach(TASK)).arn

    return asyncio.run(program())


@kinds
def test_what_has_ended_is_not_attached_to(kind: str, fake: FakeService) -> None:
    """DataSync tells the most recent execution of a task, ended or not."""
    places = {"SourceLocationArn": "a", "DestinationLocationArn": "b"}
    task = Reply({"TaskArn": TASK, "CurrentTaskExecutionArn": ARN, **places})
    new = f"{ARN[:-1]}1"
    listed = Reply({"TaskExecutions": [{"TaskExecutionArn": ARN, "Status": "SUCCESS"}]})
    fake.received.clear()
    fake.answers(task, described("SUCCESS", {}), Reply({"TaskExecutionArn": new}), listed)
    assert attached(kind, fake) == new
    operations = [request.operation for request in fake.received]
    asked = ["DescribeTask", "DescribeTaskExecution", "StartTaskExecution", "ListTaskExecutions"]
    assert operations == asked


@kinds
def test_a_listing_that_is_not_allowed_keeps_nobody_from_starting(kind: str, fake: FakeService) -> None:
    places = {"SourceLocationArn": "a", "DestinationLocationArn": "b"}
    denied = error_reply("AccessDeniedException", "not authorized to perform datasync:ListTaskExecutions")
    fake.answers(Reply({"TaskArn": TASK, **places}), Reply({"TaskExecutionArn": ARN}), denied)
    assert attached(kind, fake) == ARN


@kinds
def test_what_datasync_has_forgotten_is_not_attached_to(kind: str, fake: FakeService) -> None:
    """A task tells its most recent execution after the 30 days, too, for which DataSync keeps that."""
    places = {"SourceLocationArn": "a", "DestinationLocationArn": "b"}
    task = Reply({"TaskArn": TASK, "CurrentTaskExecutionArn": ARN, **places})
    new = f"{ARN[:-1]}1"
    fake.received.clear()
    forgotten = error_reply("InvalidRequestException", f"Sync task {ARN} is not found.")
    fake.answers(task, forgotten, Reply({"TaskExecutionArn": new}), Reply({"TaskExecutions": []}))
    assert attached(kind, fake) == new


@kinds
def test_an_answer_that_comes_late_takes_no_end_back(kind: str, fake: FakeService) -> None:
    answers = [described("TRANSFERRING", {}), described("SUCCESS", {}), described("TRANSFERRING", {})]
    play(fake, answers)
    if kind == "blocking":
        with Client("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            execution = client.start(TASK)
            assert [execution.refresh() and execution.has_ended for _ in range(3)] == [False, True, True]
            return

    async def program() -> list[bool]:
        async with AsyncClient("us-east-1", endpoint_url=fake.url, config=ONCE) as client:
            execution = await client.start(TASK)
            return [bool(await execution.refresh()) and execution.has_ended for _ in range(3)]

    assert asyncio.run(program()) == [False, True, True]


@kinds
def test_a_permission_that_is_missing_is_told_at_once(kind: str, fake: FakeService) -> None:
    play(fake, [error_reply("AccessDeniedException", "not authorized to perform")])
    with pytest.raises(AccessDeniedError):
        wait(kind, fake, Jumps(), [])
    assert len(fake.received) == 2
