"""The command within this process, against a local service whose clock the test turns."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from datasync_sdk import models as m
from datasync_sdk.cli.app import datasync
from datasync_sdk.cli.invocation import Invocation
from tests.layer.worlds import ONCE
from tests.local.world import World


class Tool:
    """Runs command lines against a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client = world.service.client(config=ONCE)
        self._runner = CliRunner()

    def __call__(self, *arguments: str, stdin: str | None = None, status: int | None = 0) -> Result:
        """Run a command line, which ends with this status."""
        invocation = Invocation(lambda _: self._client, lambda _: self.world.service.objects())
        result = self._runner.invoke(datasync, arguments, stdin, obj=invocation, prog_name="datasync")
        if status is not None:
            assert result.exit_code == status, f"{result.stdout}\n{result.stderr}"
        return result

    def out(self, *arguments: str, status: int = 0) -> str:
        """What it writes, where it says nothing on stderr."""
        result = self(*arguments, status=status)
        assert result.stderr == ""
        return result.stdout

    def json(self, *arguments: str, stdin: str | None = None, status: int = 0) -> Any:
        """The document that it writes."""
        result = self(*arguments, "--json", stdin=stdin, status=status)
        assert result.stderr == ""
        return json.loads(result.stdout)

    def error(self, *arguments: str, stdin: str | None = None, status: int = 1) -> str:
        """The one line that it says on stderr, where it writes nothing."""
        result = self(*arguments, stdin=stdin, status=status)
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("datasync: ")
        return line.removeprefix("datasync: ")


def filled(
    world: World, mode: str = "BASIC", *, files: int = 10, limit: int = -1, name: str = "nightly"
) -> str:
    """A task with files to transfer, 1,000 bytes each."""
    for number in range(files):
        (world.source / f"{number}.txt").write_bytes(b"x" * 1000)
    return world.task(mode, options=m.Options(bytes_per_second=limit), name=name)
