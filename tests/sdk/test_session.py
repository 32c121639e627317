"""Where a client's Region, credentials and configuration come from; the caller's session is left alone."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
from datetime import UTC
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError

from datasync_sdk import Client, errors
from datasync_sdk._runtime.session import service_model
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import DESCRIBED, TASK, describe
from tests.sdk.server import FakeService, error_reply
from tests.sdk.worlds import MakeClient

make_client, service = worlds.make_client, server.service  # fixtures, as the next line

client, no_default_session = fake_client.client, fake_client.no_default_session


# Where Region, credentials and address come from


def test_region_and_credentials_of_the_environment(service: FakeService) -> None:
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url) as client:
        describe(client)
        assert repr(client) == f"Client('eu-west-1', endpoint_url='{service.url}')"
    assert service.last.scope == ("testing", "eu-west-1")


@pytest.mark.parametrize("given", ["ap-south-1", None])
def test_region_name(service: FakeService, make_client: MakeClient, given: str | None) -> None:
    """The argument first, then that of the session."""
    service.answers(DESCRIBED)
    session = boto3.Session("own", "own", region_name="eu-north-1")
    with make_client(given, session=session, endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("own", given or "eu-north-1")


def test_the_address_is_that_of_aws_without_an_endpoint_url() -> None:
    with Client("eu-central-1") as client:
        assert "https://datasync.eu-central-1.amazonaws.com" in repr(client)


def test_the_address_can_come_from_the_environment(
    service: FakeService, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DATASYNC", service.url)
    service.answers(DESCRIBED)
    with make_client() as client:
        assert describe(client).task_arn == TASK


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration file with a profile, and no credentials in the environment."""
    path = tmp_path / "config"
    path.write_text(
        "[profile mover]\nregion = sa-east-1\naws_access_key_id = fromprofile\n"
        "aws_secret_access_key = secret\nmax_attempts = 1\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.fspath(path))


@pytest.mark.usefixtures("profiles")
def test_the_profile_of_a_session(service: FakeService, make_client: MakeClient) -> None:
    service.answers(error_reply("InternalException", status=500))
    with (
        make_client(session=boto3.Session(profile_name="mover"), endpoint_url=service.url) as client,
        pytest.raises(errors.InternalError),
    ):
        describe(client)
    assert [request.scope for request in service.received] == [("fromprofile", "sa-east-1")]


@pytest.mark.usefixtures("profiles")
def test_the_profile_of_the_environment(
    service: FakeService, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mover")
    service.answers(DESCRIBED)
    with make_client(endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("fromprofile", "sa-east-1")


def test_the_default_session_of_boto3(service: FakeService, make_client: MakeClient) -> None:
    boto3.setup_default_session(
        region_name="ca-central-1",
        aws_access_key_id="default",
        aws_secret_access_key="secret",
    )
    service.answers(DESCRIBED)
    with make_client(endpoint_url=service.url) as client:
        describe(client)
    assert service.last.scope == ("default", "ca-central-1")


# Configuration


@pytest.mark.parametrize("status", [500, 429])
@pytest.mark.parametrize("attempts", [1, 2])
def test_retries_of_the_config(
    service: FakeService, make_client: MakeClient, attempts: int, status: int
) -> None:
    code = "InternalException" if status == 500 else "TooManyRequestsException"
    service.answers(error_reply(code, status=status))
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"})
    with (
        make_client(endpoint_url=service.url, config=config) as client,
        pytest.raises(errors.ServiceError) as caught,
    ):
        describe(client)
    assert len(service.received) == attempts
    assert caught.value.retry_attempts == attempts - 1
    assert caught.value.retryable


def test_a_retry_that_succeeds_is_a_success(service: FakeService, make_client: MakeClient) -> None:
    service.answers(error_reply("ThrottlingException"), DESCRIBED)
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
    with make_client(endpoint_url=service.url, config=config) as client:
        assert describe(client).task_arn == TASK
    assert len(service.received) == 2


def test_the_user_agent_names_the_sdk_and_the_application(service: FakeService) -> None:
    service.answers(DESCRIBED)
    with Client(endpoint_url=service.url, config=Config(user_agent_extra="mover/7")) as client:
        describe(client)
        describe(client)
    for request in service.received:
        words = request.user_agent.split()
        assert "mover/7" in words
        assert sum(word.startswith("datasync-sdk/") for word in words) == 1
        assert sum(word.startswith("Botocore/") for word in words) >= 1


def test_two_clients_have_user_agents_of_their_own(service: FakeService, make_client: MakeClient) -> None:
    service.answers(DESCRIBED)
    for name in ("one/1", "two/2"):
        with make_client(endpoint_url=service.url, config=Config(user_agent_extra=name)) as client:
            describe(client)
    one, two = (request.user_agent for request in service.received)
    assert "one/1" in one
    assert "two/2" not in one
    assert two == one.replace("one/1", "two/2")


def test_a_config_is_not_changed(service: FakeService, make_client: MakeClient) -> None:
    config = Config(retries={"total_max_attempts": 1}, user_agent_extra="mover/7", parameter_validation=True)
    before = copy.deepcopy(vars(config))
    service.answers(DESCRIBED)
    with make_client(endpoint_url=service.url, config=config) as client:
        describe(client)
    assert vars(config) == before


# The caller's session


def state(session: boto3.Session) -> dict[str, object]:
    """All that a session consists of: what is in it by identity, and the contents of what can change."""
    inner = session._session
    inner.get_credentials()  # botocore keeps these from the first look at them
    locator = inner._components
    for name in (*locator._components, *locator._deferred):
        locator.get_component(name)
    loader = inner.get_component("data_loader")
    contents = [value for value in vars(inner).values() if isinstance(value, dict | list | tuple | str)]
    return {
        "ours": {name: id(value) for name, value in vars(session).items()},
        "theirs": {name: id(value) for name, value in vars(inner).items()},
        "contents": copy.copy([copy.copy(value) for value in contents]),
        "components": {name: id(value) for name, value in locator._components.items()},
        "deferred": dict(locator._deferred),
        "user agent": (inner.user_agent(), inner.user_agent_name, inner.user_agent_extra),
        "creator": vars(inner.get_component("user_agent_creator")).copy(),
        "search paths": list(loader.search_paths),
        "config": dict(inner.full_config),
        "default": inner.get_default_client_config(),
    }


def test_a_session_is_not_changed(service: FakeService, make_client: MakeClient) -> None:
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session._session.set_config_variable("max_attempts", 4)
    before = state(session)
    service.answers(DESCRIBED)
    with make_client(
        "eu-north-1", session=session, endpoint_url=service.url, config=Config(user_agent_extra="mover/7")
    ) as client:
        describe(client)
        list(itertools.islice(client.iter_tasks(), 0))
        assert state(session) == before
    assert state(session) == before


def test_a_session_makes_the_same_boto3_clients_afterwards(
    service: FakeService, make_client: MakeClient
) -> None:
    """As a session that no client of this SDK was made from."""
    used, fresh = (boto3.Session("own", "own", region_name="eu-west-1") for _ in range(2))
    service.answers({**DESCRIBED, "CreationTime": 1.5e9})
    with make_client(session=used, endpoint_url=service.url) as client:
        describe(client)
        answers = []
        for session in (used, fresh):
            with contextlib.closing(session.client("datasync", endpoint_url=service.url)) as theirs:
                answers.append(theirs.describe_task(TaskArn=TASK)["CreationTime"])
                with pytest.raises(ParamValidationError):
                    theirs.describe_task(TaskArn=5)
                own = session._session.get_component("data_loader")
                loaded = own.load_service_model("datasync", "service-2")
                description = theirs.meta.service_model._service_description
                assert description is loaded
                assert description is not service_model("datasync_sdk._generated")
        assert describe(client).creation_time == answers[0]
    afterwards, as_always = answers
    assert type(afterwards.tzinfo) is type(as_always.tzinfo)
    assert afterwards.tzinfo is not UTC
    _, after, always, ours = (request.user_agent for request in service.received)
    assert after == always
    assert "datasync-sdk/" not in after
    assert "datasync-sdk/" in ours


def test_the_user_agent_of_a_session_is_kept(service: FakeService, make_client: MakeClient) -> None:
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session._session.user_agent_extra = "house/3"
    service.answers(DESCRIBED)
    with make_client(session=session, endpoint_url=service.url) as client:
        describe(client)
    words = service.last.user_agent.split()
    assert "house/3" in words
    assert words[-1].startswith("datasync-sdk/")
    assert session._session.user_agent_extra == "house/3"


def test_the_event_handlers_of_a_session_are_heard(service: FakeService) -> None:
    heard: list[str] = []
    session = boto3.Session("own", "own", region_name="eu-west-1")
    session.events.register("before-call.datasync.DescribeTask", lambda **_: heard.append("call"))
    service.answers(DESCRIBED)
    with Client(session=session, endpoint_url=service.url) as client:
        describe(client)
    assert heard == ["call"]


def test_credentials_are_asked_for_once_in_a_session(service: FakeService) -> None:
    """They may cost somebody an MFA code."""
    session = boto3.Session(region_name="eu-west-1")
    service.answers(DESCRIBED)
    with (
        Client(session=session, endpoint_url=service.url) as one,
        Client(session=session, endpoint_url=service.url) as two,
    ):
        credentials = {id(c._client._request_signer._credentials) for c in (one, two)}
    assert credentials == {id(session._session.get_credentials())}


def test_the_model_that_botocore_gets_is_not_changed(service: FakeService, make_client: MakeClient) -> None:
    before = copy.deepcopy(service_model("datasync_sdk._generated"))
    service.answers(DESCRIBED)
    with make_client(endpoint_url=service.url) as client:
        describe(client)
    assert service_model("datasync_sdk._generated") == before
