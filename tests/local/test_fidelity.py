"""docs/local-fidelity.md leaves nothing out: each operation, option, status and rule is in a table."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MODEL: dict[str, Any] = json.loads((ROOT / "specs/datasync/service-2.json").read_bytes())
RULES: dict[str, Any] = tomllib.loads((ROOT / "specs/datasync/rules.toml").read_text("utf-8"))
TABLES = [
    [cell.strip() for cell in line[1:-1].split("|")]
    for line in (ROOT / "docs/local-fidelity.md").read_text("utf-8").splitlines()
    if line.startswith("|") and not line.startswith("|-")
]
WORD = re.compile(r"[A-Z]+-\d+|\w+")


def words(cells: list[str]) -> set[str]:
    return set(WORD.findall(" ".join(cells)))


@pytest.mark.parametrize("operation", MODEL["operations"])
def test_operations(operation: str) -> None:
    (row,) = [row for row in TABLES if fnmatchcase(operation, row[0])]
    assert row[1] in {"implemented", "approximated", "refused"}
    assert row[2] or row[1] == "implemented", "what is different?"


@pytest.mark.parametrize("option", MODEL["shapes"]["Options"]["members"])
def test_options(option: str) -> None:
    start = next(number for number, row in enumerate(TABLES) if option in WORD.findall(row[0]))
    rows = [TABLES[start]]
    for row in TABLES[start + 1 :]:
        if row[0]:
            break
        rows.append(row)
    shape = MODEL["shapes"][MODEL["shapes"]["Options"]["members"][option]["shape"]]
    assert set(shape.get("enum", [])) <= set().union(*(words(row[1:2]) for row in rows))
    assert all({"implemented", "approximated", "refused"} & set(row) for row in rows)


@pytest.mark.parametrize(
    "shape", ["TaskStatus", "TaskExecutionStatus", "PhaseStatus", "AgentStatus", "ScheduleStatus"]
)
def test_statuses(shape: str) -> None:
    told = set().union(*(words(row[:2]) for row in TABLES))
    assert set(MODEL["shapes"][shape]["enum"]) <= told


def test_rules() -> None:
    """Each id, and each once."""
    listed = [name for row in TABLES for name in re.findall(r"[A-Z][A-Z0-9]+-\d+", row[0])]
    known = {entry["id"] for kind in ("rule", "default", "clear") for entry in RULES[kind]} | set(
        RULES["left_out"]
    )
    assert sorted(listed) == sorted(known)
