"""The command as a process: pipes, signals, what it imports, and what a shell makes of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, Machine

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def test_a_run_to_its_end(machine: Machine) -> None:
    machine.task("to-its-end")
    done = machine.run("run", "to-its-end", "--interval", "0.2")
    assert (done.returncode, done.stderr) == (0, "")
    assert " success: " in done.stdout.splitlines()[-1]
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout


@pytest.mark.parametrize(("number", "status"), SIGNALS, ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_watching_and_not_the_execution(
    machine: Machine, number: signal.Signals, status: int
) -> None:
    task = machine.slow(f"signal-{number}")
    process = machine.start("run", f"signal-{number}", "--interval", "0.2", "--region", "us-east-1")
    assert process.stdout is not None
    assert "watching " in process.stdout.readline()
    execution = machine.running(task)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == status
    assert said == (
        "datasync: the execution goes on; to look at it again: "
        f"datasync watch {execution} --region us-east-1\n"
    )
    machine.stop(execution)


def test_the_note_of_an_interrupted_program_is_json_for_programs(machine: Machine) -> None:
    task = machine.slow("json-interrupted")
    process = machine.start("run", "json-interrupted", "--interval", "0.2", "--json")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert first["type"] == "progress"
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["progress"] * len(out.splitlines())
    note = json.loads(said)["note"]
    assert note["task_execution_arn"] == machine.running(task) == first["task_execution_arn"]
    machine.stop(note["task_execution_arn"])


def test_who_reads_no_more_ends_it_silently(machine: Machine) -> None:
    machine.slow("head")  # As `datasync run head | head -1`.
    process = machine.start("run", "head", "--interval", "0.1", "--json")
    assert process.stdout is not None
    arn = json.loads(process.stdout.readline())["task_execution_arn"]
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(timeout=30) == 141
    process.stderr.close()
    machine.stop(arn)


def test_a_pipe_that_is_closed_before_anything_is_written_is_silent_too(machine: Machine) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "ls"],
        env=machine.environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_the_environment_of_boto3_counts_and_options_count_more(machine: Machine) -> None:
    machine.task("environment")
    assert (
        machine.run("ls", AWS_ENDPOINT_URL_DATASYNC="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1").returncode
        == 1
    )
    done = machine.run(
        "ls", "--endpoint-url", machine.server.url, AWS_ENDPOINT_URL_DATASYNC="http://127.0.0.1:9"
    )
    assert "environment" in done.stdout


def test_a_profile_that_is_none_and_no_region_are_one_line_each(machine: Machine) -> None:
    for arguments, said in ((["--profile", "nobody"], "nobody"), ([], "--region NAME")):
        done = machine.run("ls", *arguments, AWS_DEFAULT_REGION=None, AWS_ENDPOINT_URL_DATASYNC=None)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert done.stderr.startswith("datasync: ")
        assert said in done.stderr


def test_who_has_no_credentials_is_told_of_the_option_for_a_profile(machine: Machine) -> None:
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_EC2_METADATA_DISABLED": "true"}
    done = machine.run("ls", **nobody)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "--profile NAME" in done.stderr


def test_a_profile_gives_region_and_credentials(machine: Machine, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile ours]\nregion = eu-west-1\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    done = machine.run(
        "ls",
        "--profile",
        "ours",
        AWS_CONFIG_FILE=str(config),
        AWS_ACCESS_KEY_ID=None,
        AWS_SECRET_ACCESS_KEY=None,
        AWS_DEFAULT_REGION=None,
    )
    assert (done.returncode, done.stderr) == (0, "")


HEAVY = ("attr", "attrs", "boto3", "botocore", "cattrs", "rich", "json", "urllib", "datasync_sdk.models")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], []], ids=lambda given: " ".join(given) or "none"
)
def test_help_imports_nothing_that_is_heavy(machine: Machine, arguments: list[str]) -> None:
    program = f"""
import sys
from datasync_sdk.cli.__main__ import main
sys.argv[1:] = {arguments}
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=machine.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_what_to_install(machine: Machine, missing: str) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None  # Python's sign for a module that must not be found.
sys.stdout.isatty = lambda: True
from datasync_sdk.cli.__main__ import main
sys.argv[1:] = ["ls"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=machine.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "datasync: the command needs more than the SDK itself: pip install 'datasync-sdk[cli]'\n"
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_accept_the_completion(machine: Machine, shell: str) -> None:
    script = machine.run("completion", shell).stdout
    assert "_DATASYNC_COMPLETE" in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    done = subprocess.run(
        [shell, "-n"], input=script, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("datasync thr", {"throttle"}),
        ("datasync ls ex", {"executions"}),
        ("datasync run x --at", {"--attach"}),
        ("datasync local ", {"serve"}),
    ],
)
def test_a_shell_asks_the_command_what_fits(machine: Machine, words: str, offered: set[str]) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_DATASYNC_COMPLETE": "bash_complete"}
    assert {line.partition(",")[2] for line in machine.run(**asked).stdout.splitlines()} == offered


def test_the_local_service_is_served_with_its_own_options(machine: Machine, tmp_path: Path) -> None:
    assert "--no-create-folders" in machine.run("local", "serve", "--help").stdout
    assert machine.run("local", "serve", "--nonsense").returncode == 1
    process = machine.start("local", "serve", "--root", str(tmp_path / "root"), "--port", "0")
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("ready: ").strip()
    assert machine.run("ls", "agents", "--endpoint-url", url).stdout.split() == ["NAME", "STATUS", "ARN"]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
