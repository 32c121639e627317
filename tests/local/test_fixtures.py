"""The fixtures for pytest, and a service that is served from within a program."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
import urllib3

from datasync_sdk import Client
from datasync_sdk.local import LocalDataSync


def test_fixture_gives_a_service_of_the_tests_own(datasync_local: LocalDataSync, tmp_path: Path) -> None:
    assert datasync_local.root == tmp_path / "datasync"
    with datasync_local.client() as client:
        assert not list(client.iter_tasks())


def test_fixture_leads_clients_of_others_there(datasync_endpoint: str, datasync_local: LocalDataSync) -> None:
    """As code makes them that knows nothing of the test."""
    key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
    made = boto3.client("datasync").create_agent(ActivationKey=key)["AgentArn"]
    with datasync_local.client() as client, Client() as theirs:
        assert [agent.agent_arn for agent in client.iter_agents()] == [made]
        assert [agent.agent_arn for agent in theirs.iter_agents()] == [made]
    assert datasync_endpoint.startswith("http://127.0.0.1:")


def test_fixture_leads_there_whatever_the_user_has_set_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "config").write_text("[default]\nignore_configured_endpoint_urls = true\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "work")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url = request.getfixturevalue("datasync_endpoint")
    client = boto3.Session().client("datasync")
    assert client.meta.endpoint_url == url
    assert client.list_tasks()["Tasks"] == []


def test_what_is_served_is_there_until_the_block_ends(tmp_path: Path) -> None:
    with LocalDataSync(tmp_path / "root") as service:
        with service.serve() as url:
            assert urllib3.request("GET", url).json()["name"] == "datasync_sdk.local"
        with pytest.raises(urllib3.exceptions.HTTPError):
            urllib3.request("GET", url, retries=False)
        with service.client() as client:
            assert not list(client.iter_tasks())
