"""What the tests of the command share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.cli.processes import Machine
from tests.cli.support import Tool
from tests.local.world import World, world

__all__ = ["world"]


@pytest.fixture
def tool(world: World, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """The command, within this process; the service, which is in it, too, has its log for itself."""
    monkeypatch.setattr(logging.getLogger("datasync_sdk.local"), "propagate", False)
    return Tool(world)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A local service over HTTP, and the command as a process."""
    with Machine(tmp_path_factory.mktemp("machine") / "root") as machine:
        yield machine
