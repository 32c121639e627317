"""Fixtures for pytest, which finds them by itself: `pip install datasync-sdk[pytest]`.

    def test_archives_what_is_there(datasync_local):
        client = datasync_local.client()
        ...

`datasync_local` is a DataSync service of the test's own, with its folders below the test's `tmp_path`; see
`datasync_sdk.local`. It lives by `datasync_clock`, the clock of this machine. A test that turns the time has
a fixture of this name of its own:

    @pytest.fixture
    def datasync_clock():
        return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))

`datasync_endpoint` serves it over HTTP, for code that makes its own clients: those of boto3, the SDK and the
AWS CLI find it by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datasync_sdk.local import Clock, LocalDataSync


@pytest.fixture
def datasync_clock() -> Clock:
    """The time by which `datasync_local` lives: that of this machine, unless a test has another fixture."""
    # Imported here, so that test runs that do not ask for it do not pay for it.
    from datasync_sdk.local import SystemClock

    return SystemClock()


@pytest.fixture
def datasync_local(tmp_path: Path, datasync_clock: Clock) -> Iterator[LocalDataSync]:
    """A DataSync service on this machine, empty, and closed after the test.

    Its root is `tmp_path / "datasync"`. Whatever still runs at the end of the test is stopped.
    """
    from datasync_sdk.local import LocalDataSync

    with LocalDataSync(tmp_path / "datasync", clock=datasync_clock) as service:
        yield service


@pytest.fixture
def datasync_endpoint(datasync_local: LocalDataSync, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of `datasync_local`, which is served while the test runs.

    The environment leads there whoever makes a client without saying where: it has the URL, for DataSync
    alone, credentials, and the Region. Clients that were made before know nothing of it.
    """
    with ExitStack() as stack:
        try:
            url = stack.enter_context(datasync_local.serve())
        except ImportError as error:
            pytest.fail(str(error), pytrace=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL_DATASYNC", url)
        # A configuration file can switch such URLs off, and then requests would go to AWS.
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")
        monkeypatch.setenv("AWS_DEFAULT_REGION", datasync_local.region_name)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        for name in ("NO_PROXY", "no_proxy"):
            others = filter(None, [os.environ.get(name)])
            monkeypatch.setenv(name, ",".join(["127.0.0.1", *others]))
        yield url
