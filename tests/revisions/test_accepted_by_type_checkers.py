"""The type checkers over generated packages of some revisions, and over programs that use them.

By its name, this file comes first: with several workers, the longest tests must not be the last.
"""

from __future__ import annotations

from pathlib import Path

from tests.revisions.packages import FIRST, NEWEST, generate, package_name
from tests.typing.test_typing import Message, marked, run_mypy, run_pyright

LAST_WITH_DISCOVERY = "2025-03-05"
CHECKED = (FIRST, "2024-05-15", "2024-10-30", LAST_WITH_DISCOVERY, NEWEST)

PROGRAM = """\
from {package} import Client, models

def program(client: Client) -> None:
"""
CREATE_TASK = 'client.create_task(source_location_arn="s", destination_location_arn="d", task_mode="{mode}")'
ADD_STORAGE = (
    'client.add_storage_system(system_type="NetAppONTAP", agent_arns=["a"],'
    ' server_configuration=models.DiscoveryServerConfiguration(server_hostname="h"),'
    ' credentials=models.Credentials(username="u", password="p")).storage_system_arn'
)
ALWAYS, NEVER = ("", "9"), ("9", "9")
STATEMENTS = {
    CREATE_TASK.format(mode="ENHANCED"): ("2024-10-30", "9"),
    CREATE_TASK.format(mode="ENHANCD"): NEVER,
    "models.TaskMode.ENHANCED": ("2024-10-30", "9"),
    "models.TaskExecutionStatus.CANCELLING": ("2024-05-15", "9"),
    "models.PosixPermissions.BEST_EFFORT": ("", "2019-11-20"),
    ADD_STORAGE: ("2023-04-25", "2025-05-20"),
    "client.describe_task(task_arn='t').task_arn.upper()": ALWAYS,
    "client.describe_task(task_arn='t').name.upper()": NEVER,
    "list(client.iter_tasks())[0].task_arn.upper()": ALWAYS,
}
"""Statements, from which date on and until which one they are right."""


def statements(date: str) -> list[str]:
    """The lines of a program for one revision; a checker must refuse those that are marked."""
    return [
        f"    {statement}" if since <= date < until else f"    {statement}  # error"
        for statement, (since, until) in STATEMENTS.items()
    ]


def write_programs(folder: Path, dates: tuple[str, ...]) -> Path:
    """A folder with the packages of some revisions, and programs that use them."""
    programs = folder / "programs"
    (programs / "must_fail").mkdir(parents=True)
    (programs / "must_fail" / "__init__.py").touch()
    for date in dates:
        generate(date, programs)
        program = PROGRAM.format(package=package_name(date)) + "\n".join(statements(date)) + "\n"
        (programs / "must_fail" / f"{package_name(date)}.py").write_text(program)
    return programs


def problems(messages: list[Message], programs: Path) -> list[str]:
    """What was reported and must not be, and what was not and must be."""
    reported = {(m.file, m.line): m.text for m in messages if m.severity in ("error", "warning")}
    expected = marked(programs)
    assert len(expected) >= 3
    missing = [f"{file}:{line}: not reported" for file, line in sorted(expected - reported.keys())]
    return missing + [f"{at[0]}:{at[1]}: {reported[at]}" for at in sorted(reported.keys() - expected)]


def test_mypy(tmp_path: Path) -> None:
    """`mypy --strict` accepts each package, and refuses in a program what its revision has not."""
    programs = write_programs(tmp_path, CHECKED)
    found = problems(run_mypy(programs), programs)
    assert not found, "\n" + "\n".join(found)


def test_pyright(tmp_path: Path) -> None:
    """So does pyright with the newest; it takes its time."""
    programs = write_programs(tmp_path, (NEWEST,))
    found = problems(run_pyright(programs), programs)
    assert not found, "\n" + "\n".join(found)
