"""Fixtures for pytest, which finds them by itself: `pip install datasync-sdk[pytest]`.

    def test_archives_what_is_there(datasync_local):
        client = datasync_local.client()
        ...

`datasync_local` is a DataSync service of the test's own, with its folders below the test's `tmp_path`; see
`datasync_sdk.local`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datasync_sdk.local import LocalDataSync


@pytest.fixture
def datasync_local(tmp_path: Path) -> Iterator[LocalDataSync]:
    """A DataSync service on this machine, empty, and closed after the test.

    Its root is `tmp_path / "datasync"`. Whatever still runs at the end of the test is stopped.
    """
    # Imported here, so that test runs that do not ask for it do not pay for it.
    from datasync_sdk.local import LocalDataSync

    with LocalDataSync(tmp_path / "datasync") as service:
        yield service
