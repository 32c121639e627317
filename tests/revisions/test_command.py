"""`python -m codegen generate --revision`: what it refuses, in one line, with nothing written or deleted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import date as day
from datetime import timedelta
from pathlib import Path

import pytest

from codegen.__main__ import main
from tests.codegen.support import failure
from tests.revisions.packages import DATES, FIRST, NEWEST, command
from tests.sdk.strategies import ROOT

DATE = "2024-05-15"
TOGETHER = "--package and --out go together"


def content(folder: Path) -> Mapping[Path, bytes | None]:
    """What is in a folder: files, and folders without a content."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def refused(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The line with which a command is refused; nothing changes in a folder."""
    before = content(out)
    message = failure(arguments, capsys)
    assert content(out) == before
    return message


@pytest.mark.parametrize("date", [FIRST, DATE, "2025-03-05", NEWEST])
def test_day_after(date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A day on which nothing changed is refused, with the revision that was in force on it."""
    after = str(day.fromisoformat(date) + timedelta(days=1))
    assert after not in DATES
    message = refused(command(after, tmp_path), tmp_path, capsys)
    assert message == f"{after}: no revision is of this date; on that day the API was that of {date}"


def test_before_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a day before DataSync the command says when that began."""
    message = refused(command("2018-11-25", tmp_path), tmp_path, capsys)
    assert message == f"2018-11-25: no revision is of this date; the first one is {FIRST}"


@pytest.mark.parametrize(
    "date",
    [
        *("yesterday", "2024-13-45", "2024-5-15", "15.05.2024", "2024", ".", " "),
        "../revisions/2024-05-15",
    ],
)
def test_no_date(date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no date is refused."""
    assert refused(command(date, tmp_path, "old"), tmp_path, capsys).startswith(f"{date}: ")


def test_empty_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty date, such as that of a variable of a shell without a value, is not the SDK itself."""
    refused(["generate", "--revision", "", "--check"], tmp_path, capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--spec", "service-2.json", "--package", "old", "--out", "{out}"], "--spec and --revision exclude"),
        ([], TOGETHER),
        (["--package", "old"], TOGETHER),
        (["--out", "{out}"], TOGETHER),
        (["--check"], TOGETHER),
        (["--package", "old", "--out", "{out}", "--service", "datasync"], "--service goes with --spec"),
    ],
)
def test_arguments(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--revision` goes with a package and a folder, and with nothing else."""
    given = [argument.format(out=tmp_path) for argument in arguments]
    assert refused(["generate", "--revision", DATE, *given], tmp_path, capsys).startswith(says)


@pytest.mark.parametrize("name", ["datasync_sdk", "attrs", "json", "class", "2024", "old-sdk", "../old"])
def test_names(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that another package has, or that Python cannot import, is refused."""
    message = refused(command(DATE, tmp_path, name), tmp_path, capsys)
    assert message.startswith(f"--package {name}: ")


def test_foreign_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with files that somebody else made is left alone."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "notes.txt").write_text("mine")
    message = refused(command(DATE, tmp_path, "old"), tmp_path, capsys)
    assert message.startswith(f"{tmp_path / 'old'}: cannot be written: it has files")
    (tmp_path / "old" / "__init__.py").write_text('"""My own package."""\n')
    assert refused(command(DATE, tmp_path, "old"), tmp_path, capsys) == message


def test_out_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file is no folder to write to."""
    (tmp_path / "out").write_text("mine")
    assert refused(command(DATE, tmp_path / "out"), tmp_path, capsys).startswith(f"{tmp_path / 'out'}")
    assert (tmp_path / "out").read_text() == "mine"


def test_neighbours_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The package of another revision replaces one wholly, and nothing else."""
    (tmp_path / "notes.txt").write_text("mine")
    assert main(command("2025-03-05", tmp_path, "old")) == 0
    assert (tmp_path / "old/models/add_storage_system.py").exists()
    assert main(command(NEWEST, tmp_path, "old")) == 0
    assert not (tmp_path / "old/models/add_storage_system.py").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert main([*command(NEWEST, tmp_path, "old"), "--check"]) == 0
    capsys.readouterr()
    assert main([*command("2025-03-05", tmp_path, "old"), "--check"]) == 1
    assert "+++ b/old/models/add_storage_system.py" in capsys.readouterr().out


def test_exit_code(tmp_path: Path) -> None:
    """The process itself ends with 2, one line on stderr and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "codegen", *command("2024-05-16", tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "codegen: 2024-05-16: no revision is of this date; on that day the API was that of 2024-05-15\n"
    )
    assert not list(tmp_path.iterdir())
