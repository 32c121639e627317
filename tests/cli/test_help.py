"""The helps of the commands, and the page of the documentation, tell the same as the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from datasync_sdk.cli.app import SUMMARIES, datasync
from datasync_sdk.cli.framework import LazyGroup, global_options
from datasync_sdk.cli.statuses import VERDICTS
from datasync_sdk.execution import Verdict

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `?(.*?)`?\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def commands(group: click.Group = datasync, path: str = "datasync") -> Iterator[tuple[str, click.Command]]:
    """All commands, by what one types."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands())
GLOBAL = {flag for option in global_options() for flag in option.opts} | {"-h", "--help"}


def flags(command: click.Command) -> set[str]:
    """The options of a command that are its own."""
    options = (parameter for parameter in command.params if isinstance(parameter, click.Option))
    return {flag for option in options for flag in option.opts} - GLOBAL


def groups() -> list[LazyGroup]:
    """The commands that have commands below them."""
    local = datasync.get_command(click.Context(datasync), "local")
    assert isinstance(datasync, LazyGroup)
    assert isinstance(local, LazyGroup)
    return [datasync, local]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_with_its_options_and_no_others(name: str) -> None:
    section = SECTIONS[name]
    own = flags(COMMANDS[name])
    written = set(OPTION.findall(" ".join(re.findall(r"`([^`]+)`", section))))
    assert own <= written
    examples = set(OPTION.findall(section))
    elsewhere = {"--generate-cli-skeleton", "--recursive", "--root", "-m"}  # Of other commands.
    assert written | examples <= own | GLOBAL | elsewhere


def test_there_are_sections_for_commands_only() -> None:
    assert SECTIONS.keys() == {"Every command", *COMMANDS}
    written = set(OPTION.findall(" ".join(re.findall(r"`([^`]+)`", SECTIONS["Every command"]))))
    assert written >= GLOBAL


@pytest.mark.parametrize("name", [*COMMANDS, "datasync", "datasync local"])
def test_every_command_has_a_help(name: str) -> None:
    result = CliRunner().invoke(datasync, [*name.split()[1:], "--help"], prog_name="datasync")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"sage: {name} " in result.stdout
    if name in COMMANDS and not name.endswith("serve"):
        assert flags(COMMANDS[name]) <= set(OPTION.findall(result.stdout))
        options = result.stdout.partition("Options:")[2]
        assert re.findall(r"^  (\S)", options, re.MULTILINE) == ["-"] * options.count("\n  -")


def test_lists_of_commands_tell_the_first_lines_of_their_helps() -> None:
    for group in groups():
        for name, summary in group.summaries.items():
            command = group.get_command(click.Context(group), name)
            assert command is not None
            assert (command.help or "").splitlines()[0] == summary
            assert command.name == name
    assert set(SUMMARIES) == {name.split()[1] for name in COMMANDS}


def test_a_command_that_is_none_is_told_without_a_traceback() -> None:
    result = CliRunner().invoke(datasync, ["lst"], prog_name="datasync")
    assert (result.exit_code, result.stdout) == (64, "")
    assert result.stderr == "datasync: No such command 'lst'. (see datasync --help)\n"


def test_a_group_without_a_command_is_wrong_use() -> None:
    result = CliRunner().invoke(datasync, ["local"], prog_name="datasync")
    assert (result.exit_code, result.stderr) == (
        64,
        "datasync: Missing command. (see datasync local --help)\n",
    )
    result = CliRunner().invoke(datasync, [], prog_name="datasync")
    assert (result.exit_code, result.stdout) == (64, "")
    assert "Commands:" in result.stderr


def test_every_verdict_has_an_exit_status_of_its_own() -> None:
    assert VERDICTS == {Verdict.SUCCESS: 0, Verdict.COMPLETED_WITH_FAILURES: 2, Verdict.FAILED: 1}
