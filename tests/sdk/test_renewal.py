"""Credentials that end while a program runs, and that somebody renews in their file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from datasync_sdk import AsyncClient, Client
from datasync_sdk._runtime.renewal import in_use, read_again
from datasync_sdk.errors import AccessDeniedError
from tests.sdk.server import FakeService, Received, Reply, error_reply

PROFILE = (
    "[{name}]\naws_access_key_id = {key}\naws_secret_access_key = secret\naws_session_token = {key}-token\n"
)
EXPIRED = error_reply("ExpiredTokenException", "The security token included in the request is expired")
Lists = Callable[[], None]


@pytest.fixture
def fake() -> Iterator[FakeService]:
    service = FakeService()
    yield service
    service.close()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of credentials of a user, who has a profile."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    path = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    path.write_text(PROFILE.format(name="default", key="FIRST"))
    return path


def takes(fake: FakeService, *keys: str) -> None:
    """Have the service accept these access keys only."""

    def script(request: Received) -> Reply:
        return Reply({"Agents": []}) if request.scope[0] in keys else EXPIRED

    fake.runs(script)


def calls(kind: str, fake: FakeService, between: Callable[[], object], **options: object) -> None:
    """Call twice, with something between, in a program of one kind."""
    if kind == "blocking":
        with Client("us-east-1", endpoint_url=fake.url, **options) as client:  # type: ignore[arg-type]
            client.list_agents()
            between()
            client.list_agents()
        return

    pytest.importorskip("aiobotocore", reason="an old botocore is tried, which no aiobotocore goes with")

    async def program() -> None:
        async with AsyncClient("us-east-1", endpoint_url=fake.url, **options) as client:  # type: ignore[arg-type]
            await client.list_agents()
            between()
            await client.list_agents()

    asyncio.run(program())


kinds = pytest.mark.parametrize("kind", ["blocking", "async"])


def keys(fake: FakeService) -> list[str]:
    return [request.scope[0] for request in fake.received]


@kinds
def test_what_was_renewed_in_the_file_is_used(kind: str, fake: FakeService, file: Path) -> None:
    def renew() -> None:
        file.write_text(PROFILE.format(name="default", key="SECOND"))
        takes(fake, "SECOND")

    takes(fake, "FIRST")
    calls(kind, fake, renew)
    assert keys(fake) == ["FIRST", "FIRST", "SECOND"]
    assert fake.last.headers["X-Amz-Security-Token"] == "SECOND-token"


@kinds
def test_the_file_is_not_read_while_its_credentials_are_good(
    kind: str, fake: FakeService, file: Path
) -> None:
    takes(fake, "FIRST")
    calls(kind, fake, lambda: file.write_text(PROFILE.format(name="default", key="SECOND")))
    assert keys(fake) == ["FIRST", "FIRST"]


@kinds
def test_what_nobody_has_renewed_is_told(kind: str, fake: FakeService, file: Path) -> None:
    takes(fake, "FIRST")
    with pytest.raises(AccessDeniedError, match="expired"):
        calls(kind, fake, lambda: takes(fake, "SECOND"))
    assert keys(fake) == ["FIRST", "FIRST"]
    assert file.read_text()


@kinds
def test_a_file_that_is_gone_or_broken_changes_nothing(kind: str, fake: FakeService, file: Path) -> None:
    for breaks in (file.unlink, lambda: file.write_text("[default\nnothing")):
        file.write_text(PROFILE.format(name="default", key="FIRST"))
        takes(fake, "FIRST")
        with pytest.raises(AccessDeniedError, match="expired"):
            calls(kind, fake, lambda broken=breaks: (broken(), takes(fake)))  # type: ignore[misc]


@kinds
def test_the_profile_of_a_session_stays_the_same(kind: str, fake: FakeService, file: Path) -> None:
    def renew() -> None:
        text = PROFILE.format(name="default", key="OTHER") + PROFILE.format(name="mine", key="SECOND")
        file.write_text(text)
        takes(fake, "SECOND")

    file.write_text(PROFILE.format(name="mine", key="FIRST"))
    takes(fake, "FIRST")
    session = boto3.Session(profile_name="mine")
    calls(kind, fake, renew, session=session)
    assert keys(fake) == ["FIRST", "FIRST", "SECOND"]
    # Whoever else has this session has them, too.
    assert session.get_credentials().access_key == "SECOND"


@kinds
def test_credentials_that_a_program_gives_are_never_replaced(
    kind: str, fake: FakeService, file: Path
) -> None:
    file.write_text(PROFILE.format(name="default", key="SECOND"))
    takes(fake, "FIRST")
    session = boto3.Session(aws_access_key_id="FIRST", aws_secret_access_key="x", aws_session_token="y")
    with pytest.raises(AccessDeniedError, match="expired"):
        calls(kind, fake, lambda: takes(fake, "SECOND"), session=session)
    assert set(keys(fake)) == {"FIRST"}


@kinds
def test_what_another_call_has_read_meanwhile_is_used(kind: str, fake: FakeService, file: Path) -> None:
    """Of many calls that are refused at once, one finds the new credentials, and the others have them."""
    session = boto3.Session()
    used: list[object] = []

    def script(request: Received) -> Reply:
        if request.scope[0] == "SECOND":
            return Reply({"Agents": []})
        file.write_text(PROFILE.format(name="default", key="SECOND"))
        assert read_again(used[0], session, in_use(used[0]))
        return EXPIRED

    async def program() -> None:
        async with AsyncClient("us-east-1", endpoint_url=fake.url, session=session) as client:
            used.append(await client._connected())
            await client.list_agents()

    fake.runs(script)
    if kind == "async":
        asyncio.run(program())
    else:
        with Client("us-east-1", endpoint_url=fake.url, session=session) as client:
            used.append(client._connected())
            client.list_agents()
    assert keys(fake) == ["FIRST", "SECOND"]
