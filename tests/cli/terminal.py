"""Terminals: one that keeps all that is written to it, and one that shows it."""

from __future__ import annotations

import fcntl
import os
import pty
import shlex
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.cli.processes import COMMAND, Machine

LONGEST = 60.0
"""Seconds after which what is waited for will not come."""


class Terminal:
    """A command line in a terminal, as the system makes them."""

    def __init__(self, machine: Machine, *arguments: str, columns: int = 100, **variables: str) -> None:
        """Begin to run it."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=machine.environment | variables,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # Ctrl-C needs a terminal that rules
        )
        os.close(theirs)
        self.written = ""

    def read(self, until: str | None = None) -> str:
        """Read until something is written, or to the end; gives all that was written."""
        while until is None or until not in self.written:
            try:
                more = os.read(self._ours, 65536)
            except OSError:  # So Linux tells the end.
                more = b""
            if not more:
                assert until is None, f"{until!r} was not written, but {self.written!r}"
                break
            self.written += more.decode(errors="replace")
        return self.written

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """Read to the end; gives the exit status."""
        self.read()
        return self.process.wait(timeout=LONGEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)


class Screen:
    """A command line in tmux, which shows what a person sees."""

    def __init__(self, machine: Machine, *arguments: str, columns: int = 100) -> None:
        """Begin to run it, in a server of its own."""
        self._socket = f"datasync-{os.getpid()}"
        command = shlex.join([*COMMAND, *arguments])
        size = ["-x", str(columns), "-y", "24"]
        self._tmux(
            "-f",
            os.devnull,
            "new-session",
            "-d",
            *size,
            f"{command}; echo status $?; cat",
            env=machine.environment,
        )

    def _tmux(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        command = ["tmux", "-L", self._socket, *arguments]
        return subprocess.run(
            command, env=env, check=True, capture_output=True, text=True, timeout=LONGEST
        ).stdout

    def look(self) -> list[str]:
        """The lines of the screen, as they are now."""
        return [line.rstrip() for line in self._tmux("capture-pane", "-p").splitlines()]

    def wait_for(self, is_there: Callable[[str], object]) -> list[str]:
        """The lines of the screen, as soon as one of them is what is waited for."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            lines = self.look()
            if any(is_there(line) for line in lines):
                return lines
        raise AssertionError("\n".join(self.look()))

    def press(self, key: str) -> None:
        """Press a key, by tmux's name of it."""
        self._tmux("send-keys", key)

    def resize(self, columns: int) -> None:
        """Make the terminal wider or narrower."""
        self._tmux("resize-window", "-x", str(columns))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tmux("kill-server")
