"""docs/local-fidelity.md leaves nothing out: each operation, option, status and rule is in a table."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from attrs import fields

from datasync_sdk.local.transfer.job import BucketPlace
from datasync_sdk.local.transfer.metadata.object_metadata import POSIX_NAMES
from datasync_sdk.local.transfer.metadata.object_status import HEADERS
from datasync_sdk.local.transfer.storage.buckets import LONGEST_KEY
from datasync_sdk.local.transfer.storage.target_buckets import MOST_PARTS, PART

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


def test_buckets() -> None:
    """Names and numbers that somebody who reads or fills a bucket relies on are those of the code."""
    start = TABLES.index(next(row for row in TABLES if row[0] == "POSIX metadata"))
    told = " ".join(cell for row in TABLES[start:] for cell in row)
    for name in (*POSIX_NAMES, *HEADERS):
        assert f"`{name}`" in told
    assert f"in parts of {PART // 2**20} MiB, larger ones from {PART * MOST_PARTS // 2**30} GiB on" in told
    assert f"more than {LONGEST_KEY:,} bytes" in told
    assert f"{fields(BucketPlace).requests.default} are under way at a time" in told


def test_rules() -> None:
    """Each id, and each once."""
    listed = [name for row in TABLES for name in re.findall(r"[A-Z][A-Z0-9]+-\d+", row[0])]
    known = {entry["id"] for kind in ("rule", "default", "clear") for entry in RULES[kind]} | set(
        RULES["left_out"]
    )
    assert sorted(listed) == sorted(known)
