"""The page of rules: its tables are whole, and everything that is linked to is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from attrs import evolve

from codegen.build import build
from codegen.pipeline import REPOSITORY, SPECS, load
from codegen.render import REFERENCE, render
from tests.codegen.ruled import PAGE_SIZE, default, facts, rule, ruled_job
from tests.codegen.support import Json, enum, operation, spec, structure
from tests.codegen.test_quotations import FACTS

PAGE = (REPOSITORY / REFERENCE / "rules.md").read_text(encoding="utf-8")
BOOK = json.loads((REPOSITORY / "datasync_sdk/_generated/rules.json").read_text(encoding="utf-8"))


def tables(page: str) -> list[list[list[str]]]:
    """The cells of the rows of each table; a line that is no row ends one."""
    found: list[list[list[str]]] = [[]]
    for line in page.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            found[-1].append([cell.strip() for cell in cells])
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def anchors(page: str) -> list[str]:
    """The places to which others can link."""
    return re.findall(r'<a id="([^"]*)"></a>', page)


def check_tables(page: str) -> None:
    """Every row has a cell for each column, and nothing that looks like one is lost to a line break."""
    for header, line, *rows in tables(page):
        assert set(line) == {"---"}
        assert all(len(row) == len(header) == len(line) for row in rows)
        assert all(all(row) for row in rows)
        # A default that rests on the same sentence as another row has its id, and no second anchor.
        assert all(re.fullmatch(r'(<a id="[^"]+"></a>)?[A-Z0-9]+-\d+', row[0]) for row in rows)
    lines = [line for line in page.splitlines() if line and not line.startswith("|")]
    assert not [line for line in lines if "<a id" in line or "<small>" in line]


def test_tables_are_whole() -> None:
    check_tables(PAGE)
    rows = [row for table in tables(PAGE) for row in table[2:]]
    entries = sum(len(FACTS[section]) for section in ("rule", "default", "clear", "left_out"))
    assert len(rows) == entries


def test_everything_has_an_anchor_and_every_link_a_place() -> None:
    """Rules, defaults, what removes something, and what is not checked."""
    found = anchors(PAGE)
    entries = [entry["id"] for section in ("rule", "default", "clear") for entry in FACTS[section]]
    assert set(found) == {name.lower() for name in (*entries, *FACTS["left_out"])}
    path = FACTS["documentation"]["page"]
    linked = [*BOOK["rules"].values(), *BOOK["defaults"]]
    assert {entry["page"] for entry in linked} <= {f"{path}#{name}" for name in found}
    assert REPOSITORY / path == REPOSITORY / REFERENCE / "rules.md"


def test_rules_have_their_own_anchor_once() -> None:
    """Links lead to the first of equal ones: that of the rule, where a default has its id, too."""
    found = anchors(PAGE)
    rules = [entry["id"].lower() for entry in FACTS["rule"]]
    assert sorted(found[: len(rules)]) == sorted(rules)


def test_what_is_not_checked_says_why() -> None:
    reasons = {row[0].rpartition(">")[2]: row[1] for row in tables(PAGE)[-1][2:]}
    assert reasons.keys() == FACTS["left_out"].keys()


MODEL = spec(
    shapes={
        "PutBoxRequest": structure(
            {"Id": {"shape": "String", "documentation": "A | b\\.\n<p>x &lt; y</p>"}, "Mode": "Mode"}
        ),
        "Mode": enum("A|B", "B"),
        "PageSize": PAGE_SIZE,
    },
    operations={"PutBox": operation("PutBoxRequest")},
)  # fmt: skip
AWKWARD = facts(
    rule(
        "X-01", "PutBoxRequest",
        {"Id": {"matches": "a|b"}, "Mode": ["A|B", "B"]},
        {"Id": {"not": ["x\ny", "|"]}, "Mode": {"given": False}},
        message="one\n| two | <b>", rests_on=None, quote="A | b\\. x < y", quoted_from="PutBoxRequest.Id",
    ),
    rule("XY-02", "", on=None, forbid=None, message=None, trait="Mode.enum", severity="warning"),
    default=[
        default("X-03", "PutBoxRequest.Id", "|", when={"Mode": "A|B"}),
        default("X-04", "PutBoxRequest.Id", says="a\n|b"),
    ],
    clear=[
        {
            "id": "X-05", "since": "2020-01-01", "members": ["PutBoxRequest.Id", "PutBoxRequest.Mode"],
            "says": "a | b", "rests_on": "PageSize.min",
        },
    ],
    left_out={"X-06": "no |\n one"},
    families={"X": "Made | up", "XY": "Others"},
)  # fmt: skip


def page_of(folder: Path, said: Json) -> str | None:
    """The page for rules, as it is made for a package that is not all that is made."""
    job = ruled_job(folder, MODEL, said)
    files = render(build(*load(job), evolve(job.target, standalone=False)))
    return files.get(REFERENCE / "rules.md")


def test_nothing_breaks_a_cell(tmp_path: Path) -> None:
    """Bars and line breaks in messages, sentences, values and reasons."""
    page = page_of(tmp_path, AWKWARD)
    assert page
    check_tables(page)
    rows = [row for table in tables(page) for row in table[2:]]
    assert [len(row) for row in rows] == [5, 5, 5, 5, 5, 2]
    assert anchors(page) == ["x-01", "xy-02", "x-03", "x-04", "x-05", "x-06"]
    assert rows[0][1:] == [
        (
            "one \\| two \\| &lt;b><br><small>Broken in `PutBoxRequest` where</small>"
            "<br><small>`Id` has `a\\|b` in it and `Mode` is `A\\|B` or `B`, or</small>"
            "<br><small>`Id` is not `x y`, `\\|` and `Mode` is left out.</small>"
        ),
        "error",
        "2020-01-01",
        "“A \\| b\\. x &lt; y” [→](https://docs/PutBox#request-Id)",
    ]
    assert rows[1][1:] == [
        "<small>Any `Mode` is `A\\|B`, `B`.</small>",
        "warning",
        "2020-01-01",
        "`PageSize.min` of the service model [→](https://docs/PageSize)",
    ]
    assert rows[2][1:3] == ["`PutBoxRequest.Id`", "`\\|` where `Mode` is `A\\|B`"]
    assert rows[3][2] == "a \\|b"
    assert rows[4][1:3] == ["`PutBoxRequest.Id`<br>`PutBoxRequest.Mode`", "a \\| b"]


@pytest.mark.parametrize("section", ["default", "clear", "left_out"])
def test_a_table_of_nothing_has_no_rows(tmp_path: Path, section: str) -> None:
    page = page_of(tmp_path, {key: value for key, value in AWKWARD.items() if key != section})
    assert page
    assert [len(table) for table in tables(page)].count(2) == 1


def test_without_rules_there_is_no_page(tmp_path: Path) -> None:
    assert page_of(tmp_path, facts()) is None


def test_the_page_stands_where_the_rules_say() -> None:
    assert (SPECS.parents[1] / FACTS["documentation"]["page"]).exists()
