"""Clients without sockets: all of botocore but the network, and nothing of the user's."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import handlers
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ParamValidationError
from botocore.loaders import Loader

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError, ThrottlingError, TransportError, ValidationError
from datasync_sdk.local.serving.inprocess import Raw, boto3_client, typed_client
from tests.local.tiny import CREATED, EXECUTION, LOCATION, PREFIX, REGION, TASK, TinyService

OTHER = LOCATION.replace("1", "2")

ODD_CONFIG = """
[default]
region = mars-north-1
endpoint_url = http://10.255.255.1:1
retry_mode = adaptive
max_attempts = 1
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = /nowhere/ca.pem
defaults_mode = nonsense
parameter_validation = false
services = odd
credential_process = /bin/false
tcp_keepalive = true
[services odd]
datasync =
  endpoint_url = http://10.255.255.1:2
[profile broken]
source_profile = broken
role_arn = arn:aws:iam::123456789012:role/x
"""

ODD_ENVIRONMENT = {
    "AWS_PROFILE": "does-not-exist",
    "AWS_DEFAULT_PROFILE": "neither-does-this",
    "AWS_REGION": "mars-north-1",
    "AWS_DEFAULT_REGION": "mars-north-1",
    "AWS_ACCESS_KEY_ID": "theirs",
    "AWS_SESSION_TOKEN": "theirs",
    "AWS_ENDPOINT_URL": "http://10.255.255.1:3",
    "AWS_ENDPOINT_URL_DATASYNC": "http://10.255.255.1:4",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_MAX_ATTEMPTS": "nonsense",
    "AWS_CA_BUNDLE": "/nowhere/ca.pem",
    "REQUESTS_CA_BUNDLE": "/nowhere/ca.pem",
    "AWS_DEFAULTS_MODE": "nonsense",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_STS_REGIONAL_ENDPOINTS": "nonsense",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "nonsense",
    "AWS_CSM_ENABLED": "true",
    "AWS_CSM_PORT": "nonsense",
    "AWS_BEARER_TOKEN_DATASYNC": "theirs",
    "AWS_AUTH_SCHEME_PREFERENCE": "httpBearerAuth",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://10.255.255.1:5",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.255.255.1:6",
    "HTTP_PROXY": "http://10.255.255.1:7",
    "HTTPS_PROXY": "http://10.255.255.1:8",
}


@pytest.fixture
def service() -> TinyService:
    return TinyService()


@pytest.fixture(params=["usual", "odd"], autouse=True)
def environment(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network; and, in every test, what a user may have set up as well."""

    def refuse(*_: object) -> None:
        raise AssertionError("a client without sockets wants one")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    if request.param == "usual":
        return
    folder = tmp_path / ".aws"
    models = folder / "models" / "datasync" / "2018-11-09"
    models.mkdir(parents=True)
    (models / "service-2.json").write_text("not even JSON")
    (folder / "config").write_text(ODD_CONFIG)
    (folder / "credentials").write_text("[default\nbroken")
    for name, value in ODD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(folder / "models"))  # It is read at import.
    monkeypatch.setenv("AWS_DATA_PATH", str(folder / "models"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))


def test_the_typed_client(service: TinyService) -> None:
    with typed_client(service) as client:
        assert isinstance(client, Client)
        made = client.create_task(
            source_location_arn=LOCATION,
            destination_location_arn=OTHER,
            options=m.Options(verify_mode="NONE"),
        )
        described = client.describe_task(task_arn=made.task_arn)
        assert described.status is m.TaskStatus.AVAILABLE
        assert described.options == m.Options(verify_mode="NONE")
        assert described.creation_time == CREATED
        assert [task.task_arn for task in client.iter_tasks()] == [made.task_arn]
        assert "invalid" in repr(client)
        assert REGION in repr(client)


def test_the_plain_client(service: TinyService) -> None:
    client = boto3_client(service)
    assert client.meta.region_name == REGION
    assert client.meta.service_model.service_name == "datasync"
    made = client.create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER)
    described = client.describe_task(TaskArn=made["TaskArn"])
    assert described["CreationTime"] == CREATED
    assert described["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert described["ResponseMetadata"]["RequestId"]
    assert [page["Tasks"] for page in client.get_paginator("list_tasks").paginate()] == [
        [{"TaskArn": made["TaskArn"], "Status": "AVAILABLE"}]
    ]


def test_botocore_really_works(service: TinyService) -> None:
    client = boto3_client(service)
    seen: list[Any] = []
    client.meta.events.register("request-created.datasync", lambda request, **_: seen.append(request))
    with pytest.raises(ParamValidationError):
        client.describe_task()
    assert not service.handled
    client.list_tasks()
    (request,) = seen
    signature = str(request.headers["Authorization"])
    assert f"/{REGION}/datasync/aws4_request" in signature
    assert "Credential=local/" in signature


def test_requests_are_those_that_boto3_was_given(service: TinyService) -> None:
    client = boto3_client(service)
    agents = [f"{PREFIX}:agent/agent-00000000000000001"]
    with pytest.raises(ClientError, match="very small"):
        client.create_location_hdfs(
            NameNodes=[{"Hostname": "node", "Port": 8020}],
            AuthenticationType="KERBEROS",
            KerberosPrincipal="me@REALM",
            KerberosKeytab=b"\0\1\2\xff",
            KerberosKrb5Conf=b"[libdefaults]",
            AgentArns=agents,
        )
    (request,) = service.handled
    assert isinstance(request, m.CreateLocationHdfsRequest)
    assert request.kerberos_keytab == b"\0\1\2\xff"
    assert request.agent_arns == tuple(agents)


def test_errors(service: TinyService) -> None:
    client = boto3_client(service)
    with pytest.raises(client.exceptions.InvalidRequestException, match="is not found") as caught:
        client.describe_task(TaskArn=TASK)
    assert caught.value.response["errorCode"] == "NotFound"
    with pytest.raises(InvalidRequestError, match="is not found") as ours:
        typed_client(service).describe_task(task_arn=TASK)
    assert ours.value.error_code == "NotFound"
    assert ours.value.request_id


def test_options_are_those_of_the_client(service: TinyService) -> None:
    config = Config(retries={"max_attempts": 0})
    service.faults.throttle()
    with pytest.raises(ThrottlingError):
        typed_client(service, config=config).list_tasks()
    service.faults.drop_connection()
    with pytest.raises(TransportError):
        typed_client(service, config=config).list_tasks()
    service.faults.drop_connection()
    with pytest.raises(ConnectionClosedError):
        boto3_client(service, config=config).list_tasks()
    with pytest.raises(ValidationError):
        typed_client(service, validate="strict").describe_task(task_arn="nonsense")
    with pytest.raises(InvalidRequestError, match="does not match"):
        typed_client(service).describe_task(task_arn="nonsense")


def test_retries_are_those_of_botocores_defaults(service: TinyService) -> None:
    service.faults.throttle(calls=2)
    assert boto3_client(service).list_tasks()["ResponseMetadata"]["RetryAttempts"] == 2
    service.faults.drop_connection(calls=2)
    assert typed_client(service).list_tasks().tasks == ()


def test_the_default_session_of_the_program_stays_as_it_is(
    service: TinyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = boto3.Session.__new__(boto3.Session)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", default)
    typed_client(service).list_tasks()
    boto3_client(service).list_tasks()
    assert boto3.DEFAULT_SESSION is default
    assert not vars(default)


def test_services_do_not_mix() -> None:
    one, other = TinyService(), TinyService()
    first, second = boto3_client(one), typed_client(other)
    first.create_task(SourceLocationArn=LOCATION, DestinationLocationArn=OTHER)
    assert second.list_tasks().tasks == ()
    assert (len(one.handled), len(other.handled)) == (1, 1)


def test_other_answers_do_not_come_first(service: TinyService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of moto, for one, which is among the handlers that every new session has."""

    def theirs(request: Any, **_: object) -> AWSResponse:
        return AWSResponse(request.url, 404, {}, Raw(b"{}"))

    builtin = [*handlers.BUILTIN_HANDLERS, ("before-send", theirs)]
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", builtin)
    assert boto3_client(service).list_tasks()["Tasks"] == []
    assert typed_client(service).describe_task_execution(task_execution_arn=EXECUTION).start_time == CREATED


def test_aiohttp_is_not_needed(service: TinyService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    boto3_client(service).list_tasks()
    monkeypatch.delitem(sys.modules, "datasync_sdk.local.serving.http", raising=False)
    monkeypatch.delitem(sys.modules, "datasync_sdk.local.serving.routes", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'datasync-sdk\[local\]'"):
        __import__("datasync_sdk.local.serving.http")
