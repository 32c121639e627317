"""The local service in a process of its own, as a user starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from datasync_sdk import Client

URL = re.compile(r"http://[\w.\[\]:]+")


class Server:
    """`python -m datasync_sdk.local`; ended with the block."""

    def __init__(self, root: Path, *arguments: str) -> None:
        """Start it, and wait until it says that it is ready."""
        command = [sys.executable, "-m", "datasync_sdk.local", "--root", str(root), "--port", "0", *arguments]
        self.root = root
        self.errors = root.parent / f"{root.name}.stderr"
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "ready" in line:
                break
        else:
            raise AssertionError(f"the server did not start: {said} {self.errors.read_text()}")
        found = URL.search("".join(said))
        assert found, said
        self.url = found.group().rstrip("/")

    def client(self) -> Client:
        """A typed client of it."""
        import boto3

        session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
        return Client(session=session, endpoint_url=self.url)

    def kill(self) -> None:
        """As if the power of this process were cut."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As Ctrl-C does; gives the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
        if self.process.stdout:
            self.process.stdout.close()
