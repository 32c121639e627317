"""The SDK's clients have the endpoints and signatures that boto3's have, without its largest data file."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from datasync_sdk import Client
from datasync_sdk.errors import DataSyncError

SESSION = boto3.Session()
REGIONS = [
    *(
        region
        for partition in SESSION.get_available_partitions()
        for region in SESSION.get_available_regions("datasync", partition, allow_non_regional=True)
    ),
    "us-new-9",  # a Region that no file knows
    "nowhere",
]


def facts(client: Any) -> tuple[Any, ...]:
    """Where a client sends a request and how it signs it."""
    operation = client.meta.service_model.operation_model("ListTasks")
    try:
        resolved = client._resolve_endpoint_ruleset(operation, {}, {"client_region": client.meta.region_name})
    except BotoCoreError as error:
        resolved = str(error)
    signer = client._request_signer
    return client.meta.endpoint_url, client.meta.partition, signer.region_name, signer.signing_name, resolved


@pytest.mark.parametrize("dual_stack", [False, True], ids=["plain", "dual stack"])
@pytest.mark.parametrize("fips", [False, True], ids=["usual", "FIPS"])
def test_endpoints_are_those_of_boto3(fips: bool, dual_stack: bool) -> None:
    """For every Region of every partition."""
    assert len(REGIONS) > 30
    config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)
    for region in REGIONS:
        try:
            theirs = facts(SESSION.client("datasync", region_name=region, config=config))
        except BotoCoreError as error:
            theirs = (type(error),)
        try:
            with Client(region, session=SESSION, config=config) as client:
                ours = facts(client._client)
        except DataSyncError as error:
            ours = (type(error.__cause__),)
        assert ours == theirs, region


def test_endpoints_of_a_data_path_of_the_caller_are_used(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who brings endpoint data along means it: then botocore's own resolver reads it."""
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    with Client("eu-west-1", session=boto3.Session()) as client:
        assert client._client.meta.endpoint_url == "https://datasync.eu-west-1.amazonaws.com"
