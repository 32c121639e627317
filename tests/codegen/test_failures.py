"""Whatever is wrong with a command, one line says so, the code is 2, and nothing is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.pipeline import REPOSITORY
from tests.codegen.support import arguments, failure, model, structure, write_spec

WORDS = ["two words", "2fa", "a-b", "a.b", "../up", "", "class", "None"]
TAKEN = ["json", "sys", "attrs", "datasync_sdk", "codegen", "botocore", "boto3"]


@pytest.mark.parametrize("package", [*WORDS, *TAKEN])
def test_package_names(package: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package must have a name that Python can import, and that is no other package's."""
    source = write_spec(tmp_path, model())
    said = failure(arguments(source, tmp_path / "out", package), capsys)
    assert "--package" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["service-2.json"]


@pytest.mark.parametrize(
    "given", [["--spec"], ["--package"], ["--out"], ["--spec", "--out"], ["--package", "--out"]]
)
def test_some_of_the_options(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a command must not fall back to this SDK itself."""
    values = {
        "--spec": str(write_spec(tmp_path, model())),
        "--package": "pkg",
        "--out": str(tmp_path / "out"),
    }
    said = failure(["generate", *(word for name in given for word in (name, values[name]))], capsys)
    assert (
        said
        == "--package and --out go together, with --spec or --revision; leave all out for this SDK itself"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [[], ["regenerate"], ["generate", "--surprise"]])
def test_wrong_commands(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is no command gets the usage."""
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m codegen")


def test_as_a_process(tmp_path: Path) -> None:
    """What a shell sees: the line on stderr, nothing on stdout, 2."""
    source = write_spec(tmp_path, model(Thing=structure({}, surprise=1)))
    result = subprocess.run(
        [sys.executable, "-m", "codegen", *arguments(source, tmp_path / "out")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "codegen: shapes.Thing.surprise: this key is not known to the generator\n"
