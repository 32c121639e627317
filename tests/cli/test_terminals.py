"""The command in a terminal: bars, colours, Ctrl-C, and what a person sees."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.cli.processes import Machine
from tests.cli.terminal import Screen, Terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
"""What hides the cursor, and shows it again."""

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed here")


def test_ctrl_c_leaves_the_terminal_and_the_execution_as_they_were(machine: Machine) -> None:
    task = machine.slow("ctrl-c")
    with Terminal(machine, "run", "ctrl-c", "--interval", "0.2") as terminal:
        terminal.read("transferring")
        execution = machine.running(task)
        terminal.press("\x03")
        assert terminal.end() == 130
    assert f"the execution goes on; to look at it again: datasync watch {execution}\r\n" in terminal.written
    assert terminal.written.rindex(SHOW) > terminal.written.rindex(HIDE)
    assert "Traceback" not in terminal.written
    machine.stop(execution)


def test_an_end_is_told_in_colour(machine: Machine) -> None:
    machine.task("coloured")
    with Terminal(machine, "run", "coloured", "--interval", "0.2") as terminal:
        assert terminal.end() == 0
    assert re.search(r"\x1b\[32msuccess: 2 files, 1\.0 kB in [0-9.]+ s\x1b\[0m\r\n", terminal.written)


def test_no_color_means_no_color(machine: Machine) -> None:
    machine.task("colourless")
    for arguments in (["run", "colourless", "--interval", "0.2"], ["ls"]):
        with Terminal(machine, *arguments, NO_COLOR="1") as terminal:
            assert terminal.end() == 0
        assert not COLOUR.search(terminal.written)
        with Terminal(machine, *arguments) as terminal:
            assert terminal.end() == 0
        assert COLOUR.search(terminal.written)


def test_a_terminal_that_can_nothing_gets_lines(machine: Machine) -> None:
    machine.task("dumb")
    with Terminal(machine, "run", "dumb", "--interval", "0.2", TERM="dumb") as terminal:
        assert terminal.end() == 0
    assert "\x1b" not in terminal.written
    assert " success: " in terminal.written.splitlines()[-1]


def test_arns_are_not_broken_so_that_they_can_be_copied(machine: Machine) -> None:
    arn = machine.task("copied")
    with Terminal(machine, "ls", columns=30) as terminal:
        assert terminal.end() == 0
    assert arn in terminal.written


@needs_tmux
def test_the_line_is_gone_at_the_end(machine: Machine) -> None:
    task = machine.task("gone", size=3000, limit=3000)
    with Screen(machine, "run", "gone", "--interval", "0.2", columns=110) as screen:
        lines = screen.wait_for(lambda line: line == "status 0")
    (execution,) = (each.task_execution_arn for each in machine.client.iter_task_executions(task_arn=task))
    assert lines[0] == execution
    assert lines[1].startswith("success: 2 files, 3.0 kB in ")
    assert lines[2:] == ["status 0", *[""] * len(lines[3:])]


@needs_tmux
def test_a_person_sees_one_line_that_changes_and_fits(machine: Machine) -> None:
    task = machine.slow("seen")
    with Screen(machine, "run", "seen", "--interval", "0.2", columns=110) as screen:
        lines = screen.wait_for(lambda line: line.startswith("transferring") and "kB" in line)
        execution = machine.running(task)
        assert lines[0] == execution
        assert re.match(r"transferring [━╸╺]+ 0 %( \d of 2 files)? .*\d.* of 100 kB", lines[1])
        assert lines[2:] == [""] * len(lines[2:])

        screen.resize(30)
        lines = screen.wait_for(lambda line: re.match(r"transferring [━╸╺]{8,} 0 %$", line))

        screen.press("C-c")
        lines = screen.wait_for(lambda line: line == "status 130")
        assert "the execution goes on; to look at it again" in "".join(lines).replace("lo ok", "look")
    machine.stop(execution)
