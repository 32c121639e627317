"""The README keeps its word: its Python examples run, and it has the two commands that CI takes from it."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from codegen.__main__ import main
from tests.sdk.server import moto, moto_url

__all__ = ["moto", "moto_url"]  # the fixtures

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = TEXT) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_python_examples_run_one_after_the_other(
    moto_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Against moto's server; what one example defines, the next ones use, as a reader would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DATASYNC", moto_url)
    names: dict[str, Any] = {"__name__": "readme"}
    examples = blocks("python")
    assert len(examples) >= 5
    for number, example in enumerate(examples):
        code = compile(example, f"README.md, example {number + 1}", "exec", dont_inherit=True)
        exec(code, names)  # noqa: S102
    printed = capsys.readouterr().out
    assert "Options.BytesPerSecond min" in printed
    assert "InvalidRequestException" in printed


@pytest.mark.parametrize("page", ["local.md", "reports.md", "running.md"])
def test_the_examples_of_a_page_run(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One after the other, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": page}
    examples = blocks("python", (Path(__file__).parents[1] / "docs" / page).read_text(encoding="utf-8"))
    assert len(examples) >= 4
    for number, example in enumerate(examples):
        exec(compile(example, f"{page}, example {number + 1}", "exec", dont_inherit=True), names)  # noqa: S102


HISTORY = (Path(__file__).parents[1] / "docs" / "history.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^    \$ python -m codegen ((?:diff|history) .*)\n((?:    .*\n|\n)*)", HISTORY, re.MULTILINE
)


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_commands_print_what_the_documents_show(
    command: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A form that changed is found here."""
    assert main(command.split()) == 0
    assert capsys.readouterr().out.strip() == dedent(shown).strip()


def test_quick_start_is_one_block_of_two_commands() -> None:
    """The first runs the main job, the second the tests; `.ci/run` runs them as they stand there."""
    section = TEXT.split("\n## Quick start\n")[1].split("\n## ")[0]
    (block,) = blocks("sh", section)
    job, tests = block.splitlines()
    assert "examples/quickstart.py" in job
    assert "-m pytest" in tests


def test_every_file_that_it_links_to_exists() -> None:
    """A link to a file that moved is found here, not by a reader."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in link]
    assert links
    for link in links:
        assert (Path(__file__).parents[1] / link).exists(), link
