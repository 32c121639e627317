"""Whole processes: timed, with byte code that is there before; and environments to run them in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.data import REPOSITORY, environment
from benchmarks.table import note

Command = Sequence[str | Path]


def processor_seconds(command: Command, env: Mapping[str, str]) -> float:
    """The processor time of a process that waits for nothing, from its start to its end."""
    before = getrusage(RUSAGE_CHILDREN)
    seconds(command, env)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds(command: Command, env: Mapping[str, str], cwd: Path | None = None) -> float:
    """How long a process takes from its start to its end. One that fails stops the benchmark."""
    start = perf_counter()
    result = subprocess.run(  # noqa: S603
        command, env=env, cwd=cwd, capture_output=True, text=True, check=False
    )
    taken = perf_counter() - start
    if result.returncode:
        raise RuntimeError(f"a measured process failed:\n{result.stdout}{result.stderr}")
    return taken


@contextmanager
def compiled(*commands: Command) -> Iterator[dict[str, str]]:
    """An environment in which all that these commands import is compiled, in a folder of its own.

    Each runs once: what it imports then is exactly what it will import when it is measured. Nothing
    is written beside the sources.
    """
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        env = environment() | {
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONPYCACHEPREFIX": folder,
        }
        for command in commands:
            seconds(command, env)
        yield env


@contextmanager
def installed(*requirements: str) -> Iterator[Path]:
    """A virtual environment with these packages, in a temporary folder; gives its interpreter."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        shown = ", ".join(Path(name).name for name in requirements)
        note(f"installing {shown} into a temporary virtual environment")
        seconds([sys.executable, "-m", "venv", folder], os.environ)
        python = Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        seconds([python, "-m", "pip", "install", "--quiet", *requirements], os.environ)
        yield python
