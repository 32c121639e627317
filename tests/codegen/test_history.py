"""The history of the API: when each thing came and went, as a table, a life, and a picture."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.errors import CodegenError
from codegen.evolution.timeline import life, table, timeline
from codegen.history import History, check_newest, history, things
from codegen.pipeline import REPOSITORY, SPECS
from codegen.revisions import Revision, load_all
from codegen.spec import load
from tests.codegen.evolving import DATES, DOCUMENTATION_ONLY, MAJOR, revisions
from tests.codegen.support import Json, enum, failure, operation, spec, structure

ALL = tuple(revisions().values())
OPERATIONS = {
    "2018-11-26": 25,
    "2019-08-22": 27,
    "2020-01-24": 29,
    "2020-07-27": 31,
    "2020-11-09": 32,
    "2021-03-02": 35,
    "2021-11-03": 38,
    "2021-12-20": 40,
    "2022-04-05": 42,
    "2022-06-28": 44,
    "2023-04-25": 57,
    "2023-07-25": 60,
    "2024-12-18": 66,
    "2025-05-20": 53,
}
"""How many operations there were from a date on, until the next; counted in the releases of botocore."""


def present(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that callers can name, with its kind, as the model itself says."""
    for name in service["operations"]:
        yield f"{name}()", "operation"
    for name, shape in service["shapes"].items():
        if shape["type"] == "structure":
            yield name, "structure"
            yield from ((f"{name}.{member}", "member") for member in shape["members"])
        elif "enum" in shape:
            yield name, "enum"
            yield from ((f"{name}.{value}", "value") for value in shape["enum"])


PRESENT = {revision.date: dict(present(revision.service)) for revision in ALL}
NAMES = sorted(set().union(*PRESENT.values()))


def spans(name: str, names: dict[str, dict[str, str]]) -> list[tuple[str, str | None]]:
    """From which date on something was there, and which one had it no longer; again where it came back."""
    found: list[tuple[str, str | None]] = []
    for date, those in names.items():
        alive = bool(found) and found[-1][1] is None
        if name in those and not alive:
            found.append((date, None))
        if name not in those and alive:
            found[-1] = (found[-1][0], date)
    return found


# --- When things came and went --------------------------------------------------------------------------


def check_history(found: History, names: dict[str, dict[str, str]]) -> None:
    """Every span of every thing is a life, and nothing else is."""
    lives = {(it.name, it.since, it.until) for it in found.lives}
    assert len(lives) == len(found.lives)
    everything = set().union(*names.values())
    assert lives == {(name, *span) for name in everything for span in spans(name, names)}
    newest = names[max(names)]
    assert found.current == {name: spans(name, names)[-1][0] for name in newest}
    for it in found.lives:
        assert names[it.since][it.name] == it.kind


def test_history() -> None:
    """As of every revision of this service."""
    check_history(history(ALL), PRESENT)
    assert history(ALL).revisions == {revision.date: revision.botocore for revision in ALL}


def test_history_until_a_date() -> None:
    """A package that is generated from an older revision knows nothing of what came later."""
    known = load_all(SPECS / "revisions", until="2019-09-24")
    assert [revision.date for revision in known] == [date for date in DATES if date <= "2019-09-24"]
    check_history(history(known), {revision.date: PRESENT[revision.date] for revision in known})


def test_things() -> None:
    """How many there are of each kind; of operations it is known from botocore's releases."""
    count = 0
    for date in DATES:
        count = OPERATIONS.get(date, count)
        kinds = Counter(kind for _, kind in things(revisions()[date].service))
        assert kinds["operation"] == count
        assert dict(things(revisions()[date].service)) == PRESENT[date]


def test_what_is_new() -> None:
    """The first day's things are not new; nor is anything that nobody knows."""
    found = history(ALL)
    assert found.new_in("TaskMode") == "2024-10-30"
    assert found.new_in("TaskMode.BASIC") == "2024-10-30"
    assert found.new_in("CreateTask()") is None
    assert found.new_in("Nothing") is None
    new = {name for name in PRESENT[DATES[-1]] if found.new_in(name)}
    assert new == {name for name in PRESENT[DATES[-1]] if spans(name, PRESENT)[-1][0] != DATES[0]}


def test_what_is_gone() -> None:
    """In the order in which it went; what a class had that went with it is not listed."""
    found = history(ALL).gone
    expected = set()
    for name in set(NAMES) - PRESENT[DATES[-1]].keys():
        since, until = spans(name, PRESENT)[-1]
        owner = name.partition(".")[0]
        if "." not in name or owner in PRESENT[until or ""]:
            expected.add((until, name, since))
    assert [(it.until, it.name, it.since) for it in found] == sorted(expected, key=str)
    assert ("2019-11-20", "PosixPermissions.BEST_EFFORT", "2018-11-26") in expected
    assert Counter(it.until for it in found if it.kind == "operation") == {"2025-05-20": 13}


def revision(date: str, shapes: Json, **operations: Json) -> Revision:
    """A revision of an API that nobody has."""
    service = spec(shapes=shapes, operations=operations)
    return Revision(date=date, botocore=f"1.{date[:4]}.0", service=service, paginators={})


def test_things_that_come_back() -> None:
    """They are as old as their return; a class that went without its members takes them along."""
    with_them = {"S": structure({"A": "String"}), "E": enum("x", "y")}
    came_back = history(
        [
            revision("2001-01-01", with_them, Do=operation()),
            revision("2002-01-01", {"E": enum("x")}),
            revision("2003-01-01", with_them, Do=operation()),
            revision("2004-01-01", {"E": enum("x")}, Do=operation()),
        ]
    )
    assert came_back.new_in("Do()") == "2003-01-01"
    assert came_back.new_in("E.x") is None
    assert [(it.name, it.since, it.until) for it in came_back.gone] == [
        ("E.y", "2003-01-01", "2004-01-01"),
        ("S", "2003-01-01", "2004-01-01"),
    ]


def test_members_with_values_of_their_own() -> None:
    """The generator makes an enum of them, so this is what they are here."""
    owner = structure({"Kind": {"shape": "String", "enum": ["x"]}})
    found = dict(things(revision("2001-01-01", {"Owner": owner}).service))
    assert found == {
        "Owner": "structure",
        "Owner.Kind": "member",
        "OwnerKind": "enum",
        "OwnerKind.x": "value",
    }


NAMES_OF_THREE = st.lists(st.sampled_from("ABC"), unique=True)
SERVICES = st.fixed_dictionaries(
    {"operations": NAMES_OF_THREE, "structures": st.dictionaries(st.sampled_from("ST"), NAMES_OF_THREE)}
)


def made_up(index: int, names: Json) -> Revision:
    """A revision with a few things."""
    shapes = {
        name: structure(dict.fromkeys(members, "String")) for name, members in names["structures"].items()
    }
    return revision(f"{2001 + index}-01-01", shapes, **{name: operation() for name in names["operations"]})


@given(st.lists(SERVICES, min_size=1, max_size=5))
def test_histories_that_nobody_has(services: list[Json]) -> None:
    """Whatever comes, goes and comes back."""
    known = [made_up(index, names) for index, names in enumerate(services)]
    check_history(history(known), {it.date: dict(present(it.service)) for it in known})


def test_the_newest_revision_is_that_of_the_model() -> None:
    """A model without its revision cannot be generated from: it would not be said what is new in it."""
    newest = load(SPECS / "service-2.json")
    check_newest(ALL, newest, SPECS / "revisions")
    for known in (ALL[:-8], (), (evolve(ALL[-1], service=ALL[0].service),)):
        with pytest.raises(CodegenError, match=r"the newest revision is not the API of service-2\.json"):
            check_newest(known, newest, SPECS / "revisions")


# --- The table ------------------------------------------------------------------------------------------


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each revision, with how many things it has, and what a release had to be for it."""
    assert main(["history"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == (
        "date botocore operations structures members enums values release changes".split()
    )
    assert len(lines) == len(list((SPECS / "revisions").glob("*.json"))) == len(DATES)
    for line, known in zip(lines, ALL, strict=True):
        date, botocore, *rest = line.split(maxsplit=8)
        kinds = Counter(PRESENT[known.date].values())
        assert (date, botocore) == (known.date, known.botocore)
        counts = [kinds[kind] for kind in ("operation", "structure", "member", "enum", "value")]
        assert list(map(int, rest[:5])) == counts
        release = "patch" if date in DOCUMENTATION_ONLY else "minor"
        release = "-" if date == DATES[0] else release
        assert rest[5] == ("major" if date in MAJOR else release)
    assert lines[0].endswith("-        the first one")
    assert all(line == line.rstrip() for line in lines)
    starts = {line.index(known.botocore) for line, known in zip(lines, ALL, strict=True)}
    assert starts == {header.index("botocore")}


def test_the_changes_in_the_table() -> None:
    """What is told of a revision in a few words."""
    told = {entry.date: entry.summary for entry in timeline(ALL)}
    assert told["2024-05-15"] == "2 updated api methods"
    assert told["2022-07-15"] == "documentation only"
    assert told["2025-05-20"] == "13 removed api methods"
    assert re.fullmatch(r"13 new \d+ updated api methods", told["2023-04-25"])


def test_a_table_of_one() -> None:
    """The first revision is compared with nothing."""
    assert table(timeline(ALL[:1])).splitlines()[1].split()[:3] == [DATES[0], ALL[0].botocore, "25"]


# --- The life of one thing ------------------------------------------------------------------------------

OPTIONS = """\
2018-11-26  1.12.51   added: 'NONE | BEST_EFFORT | PRESERVE'
2019-11-20  1.13.23   BEST_EFFORT removed
"""


def test_a_life(capsys: pytest.CaptureFixture[str]) -> None:
    """An enum that lost a value."""
    assert main(["history", "PosixPermissions"]) == 0
    assert capsys.readouterr().out == OPTIONS


LIVES = {
    "TaskMode.BASIC": ["2024-10-30  1.35.52   added"],
    "TaskMode": ["2024-10-30  1.35.52   added: 'BASIC | ENHANCED'"],
    "DescribeTaskExecutionResponse.TaskMode": ["2024-10-30  1.35.52   added: 'BASIC | ENHANCED'"],
    "PosixPermissions.BEST_EFFORT": ["2018-11-26  1.12.51   added", "2019-11-20  1.13.23   removed"],
    "AddStorageSystem": ["2023-04-25  1.29.120  added", "2025-05-20  1.38.20   removed"],
}


@pytest.mark.parametrize(("name", "lines"), LIVES.items(), ids=LIVES.keys())
def test_lives(name: str, lines: list[str]) -> None:
    """A value, an enum, a member and an operation, in full."""
    told = life(name, ALL).splitlines()
    assert [told[0], *(line for line in told[1:] if line.endswith("  removed"))] == lines
    if name.startswith("AddStorageSystem"):
        assert life(f"{name}()", ALL) == life(name, ALL)


def test_what_became_of_a_member() -> None:
    """It is told of a member what became of its own traits, and of its shape's."""
    told = life("TagListEntry.Key", ALL)
    assert "2019-05-13  1.12.147  now required\n" in told
    assert re.search(r"^2019-05-13  1\.12\.147  TagKey: pattern: .* -> .* \(changed\)$", told, re.MULTILINE)
    told = life("DescribeTaskExecutionResponse.Status", ALL)
    assert "2024-05-15  1.34.106  TaskExecutionStatus: CANCELLING added" in told
    assert "Mtime" not in life("Options.Atime", ALL)
    assert "TaskQueueing" not in life("CreateTaskRequest.Options", ALL)


def test_things_whose_names_begin_alike() -> None:
    """What became of another thing is not told."""
    old = revision("2001-01-01", {"Opt": structure({}), "Options": structure({})})
    new = revision("2002-01-01", {"Opt": structure({"A": "String"}), "Options": structure({"B": "String"})})
    assert life("Opt", [old, new]).splitlines() == [
        "2001-01-01  1.2001.0  added: {}",
        "2002-01-01  1.2002.0  A added",
    ]


@settings(max_examples=12)
@given(st.sampled_from(NAMES))
def test_lives_of_all_things(name: str) -> None:
    """A life begins when a thing came, and every line of it is of a day on which it is there, or went."""
    told = life(name, ALL).splitlines()
    events = [(line[:10], line[22:]) for line in told if not line.startswith(" ")]
    came = [date for date, event in events if event == "added" or event.startswith("added: ")]
    went = [date for date, event in events if event == "removed"]
    expected = spans(name, PRESENT)
    assert came == [since for since, _ in expected]
    assert went == [until for _, until in expected if until]
    assert events[0][0] == came[0]
    for date, event in events:
        assert (name in PRESENT[date]) == (event != "removed")
    for line in told:
        assert line.startswith((" ", f"{line[:10]}  {revisions().get(line[:10], ALL[0]).botocore} "))


UNKNOWN = {
    "CreateTasks": "; did you mean CreateTask or CreateTaskRequest or CreateTaskResponse?",
    "taskmode": "; did you mean TaskMode?",
    "Options.Uidd": "; did you mean Options.Uid or Options.Gid or ",
    "TaskMode.basic": "; did you mean TaskMode",
    "Zzzzzz": "",
}


@pytest.mark.parametrize(("name", "hint"), UNKNOWN.items(), ids=UNKNOWN.keys())
def test_unknown_things(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is near is named."""
    said = failure(["history", name], capsys)
    start = f"{name}: no revision has a shape, member, value or operation of this name"
    assert said.startswith(f"{start}{hint}")
    assert hint or said == start


# --- The picture ----------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"
PANELS = ["operations", "structures", "members", "enums", "values"]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The picture, drawn anew."""
    path = tmp_path_factory.mktemp("plot") / "history.svg"
    assert main(["history", "--plot", str(path)]) == 0
    return path


def test_the_picture_is_the_same_each_time(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same revisions give the same bytes, so that a commit has no more than what changed."""
    again = tmp_path / "again.svg"
    assert main(["history", "--plot", str(again)]) == 0
    assert capsys.readouterr().out == f"{again}: {len(DATES)} revisions\n"
    assert again.read_bytes() == picture.read_bytes()


def panels(path: Path) -> list[ET.Element]:
    """The panels of a picture."""
    root = ET.parse(path).getroot()  # noqa: S314  # our own
    assert root.tag == f"{SVG}svg"
    return [group for group in root.iter(f"{SVG}g") if re.fullmatch(r"axes_\d+", group.get("id", ""))]


def check_panels(path: Path) -> None:
    """There is a panel for each kind of thing, and in it a line for each revision that broke callers."""
    found = panels(path)
    assert len(found) == len(PANELS)
    newest = Counter(PRESENT[DATES[-1]].values())
    for panel, label, kind in zip(
        found, PANELS, ("operation", "structure", "member", "enum", "value"), strict=True
    ):
        texts = ["".join(text.itertext()) for text in panel.iter(f"{SVG}text")]
        assert label in texts
        assert str(newest[kind]) in texts
        groups = [group for group in panel.iter(f"{SVG}g") if group.get("id", "").startswith("breaking-")]
        assert [group.get("id") for group in groups] == [f"breaking-{date}" for date in MAJOR]
        for group in groups:
            (line,) = group.iter(f"{SVG}path")
            assert "stroke-dasharray" in line.get("style", "")


def test_what_is_in_the_picture(picture: Path) -> None:
    """How many there were of each kind, and the revisions that broke callers."""
    check_panels(picture)
    assert f"AWS DataSync: {len(DATES)} revisions of its API<" in picture.read_text("utf-8")


def test_the_picture_in_the_documents() -> None:
    """It has the newest revision, and is otherwise what is drawn now, by whatever matplotlib."""
    path = REPOSITORY / "docs" / "history.svg"
    check_panels(path)
    assert f"AWS DataSync: {len(DATES)} revisions of its API<" in path.read_text("utf-8")


def test_the_line_rises_and_falls(picture: Path) -> None:
    """A panel's line has the heights of the counts, and falls on the day on which the count did."""
    counts = [list(PRESENT[date].values()).count("operation") for date in DATES]
    panel = panels(picture)[0]
    drawn = [points(line) for line in panel.iter(f"{SVG}path")]
    (line,) = [one for one in drawn if len(one) > len(DATES) / 2]
    heights = [y for y, _ in groupby(y for _, y in line)]
    expected = [count for count, _ in groupby(counts)]
    assert [sorted(set(heights), reverse=True).index(y) for y in heights] == [
        sorted(set(expected)).index(count) for count in expected
    ]
    (fall,) = [x for (x, y), (_, below) in pairwise(line) if below > y]  # y grows to the bottom
    (dashed,) = [group for group in panel.iter(f"{SVG}g") if group.get("id") == "breaking-2025-05-20"]
    assert fall == points(next(dashed.iter(f"{SVG}path")))[0][0]


def points(line: ET.Element) -> list[tuple[float, float]]:
    """The corners of a line."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", line.get("d", ""))]


def test_pictures_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The place is named, and what is wrong with it."""
    missing = tmp_path / "no" / "history.svg"
    said = failure(["history", "--plot", str(missing)], capsys)
    assert said == f"{missing}: cannot be written: No such file or directory"
    said = failure(["history", "--plot", str(tmp_path)], capsys)
    assert said == f"{tmp_path}: cannot be written: Is a directory"


@pytest.mark.usefixtures("picture")  # pyplot reads Figure.savefig when it is imported
def test_folders_that_are_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So it is with a folder that one may not write to; whoever runs this may be allowed everything."""
    from matplotlib.figure import Figure

    closed = Mock(side_effect=PermissionError(13, os.strerror(13)))
    monkeypatch.setattr(Figure, "savefig", closed)
    path = tmp_path / "history.svg"
    said = failure(["history", "--plot", str(path)], capsys)
    assert said == f"{path}: cannot be written: Permission denied"


def test_a_thing_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is no picture of one thing."""
    path = tmp_path / "history.svg"
    said = failure(["history", "TaskMode", "--plot", str(path)], capsys)
    assert said == "--plot draws all revisions, not the life of one thing; leave one of them out"
    assert not path.exists()


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said what to install."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    said = failure(["history", "--plot", "history.svg"], capsys)
    assert said == "matplotlib, which draws, is not installed: pip install 'datasync-sdk[plot]'"
