"""What of the rules holds for an API as it was."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from attrs import evolve

from codegen import spec as spec_file
from codegen.jobs import revision_job
from codegen.pipeline import SPECS, generate
from codegen.revisions import Revision, find, spec_of, text
from codegen.rules import file as rules_file
from codegen.rules.documented import Documented
from codegen.spec import Spec, parse
from datasync_sdk._runtime.wire import operation_of
from tests.codegen.ruled import PAGE_SIZE, broken, default, facts, rule, ruled_job
from tests.codegen.support import Json, enum, import_package, operation, structure
from tests.codegen.support import spec as model
from tests.codegen.traits import generated

OLD = "2018-11-26"
MIDDLE = "2021-05-28"


def boxes(mode: tuple[str, ...] = ("A", "B"), **members: str) -> Json:
    """An API, which may have fewer members and values than it has today."""
    known = members or {"Id": "String", "Mode": "Mode", "Lid": "Lid"}
    shapes = {
        "PutBoxRequest": structure(known),
        "Lid": structure({"Name": "String"}),
        "BoxAnswer": structure({"Status": "String"}),
        "Mode": enum(*mode),
        "PageSize": PAGE_SIZE,
    }
    used = {name: shape for name, shape in shapes.items() if name != "Lid" or "Lid" in known}
    return model(shapes=used, operations={"PutBox": operation("PutBoxRequest", "BoxAnswer")})


FACTS = facts(
    rule("X-01", "PutBoxRequest", {"Id": "x"}, since="2020-01-01"),
    rule("X-02", "PutBoxRequest", {"Id": "y"}, since="2021-01-01"),
    rule("X-03", "PutBoxRequest", {"Mode": "B"}, since="2020-01-01"),
    rule("X-04", "Lid", {"Name": "x"}, since="2020-01-01"),
    rule("X-05", "PutBoxRequest", {"Mode": "A", "lid.Name": "x"}, since="2020-01-01"),
    rule("X-06", "", on=None, forbid=None, message=None, trait="Mode.enum", rests_on=None),
    context={"box": "BoxAnswer", "lid": "Lid"},
    requests={"complete": "Put*", "implied": ["Lid"]},
    default=[
        default("X-07", "PutBoxRequest.Mode", "A", since="2020-01-01"),
        default("X-08", "PutBoxRequest.Mode", "B", since="2020-01-01", when={"Id": "z"}),
        default("X-09", "Lid.Name", "x"),
    ],
    clear=[
        {
            "id": "X-10",
            "since": "2021-01-01",
            "members": ["PutBoxRequest.Id"],
            "says": "x",
            "rests_on": "PageSize.min",
        },
    ],
    left_out={"Y-01": "why"},
)


def held(folder: Path, then: Json, date: str) -> Documented:
    """What of the rules holds for an API at a date."""
    job = ruled_job(folder, boxes(), FACTS)
    assert job.rules
    rules = rules_file.load(job.rules, spec_file.load(job.spec))
    return rules_file.restricted(rules, job.rules, parse(then), date).documented


def ids(found: Documented) -> list[str]:
    """The ids of all entries."""
    return [each.id for each in (*found.rules, *found.defaults, *found.clears)]


def test_what_is_newer_does_not_hold(tmp_path: Path) -> None:
    """A rule holds from its day on."""
    everything = [f"X-{number:02}" for number in range(1, 11)]
    assert ids(held(tmp_path, boxes(), "2021-01-01")) == everything
    assert ids(held(tmp_path, boxes(), "2020-12-31")) == [n for n in everything if n not in {"X-02", "X-10"}]
    assert ids(held(tmp_path, boxes(), "2019-12-31")) == []


def test_what_speaks_of_what_was_not_there_does_not_hold(tmp_path: Path) -> None:
    """A value, a member, a structure, a trait; everything else is as it is."""
    without_value = ids(held(tmp_path, boxes(("A",)), "2020-01-01"))
    assert without_value == ["X-01", "X-04", "X-05", "X-06", "X-07", "X-09"]
    without_lid = held(tmp_path, boxes(Id="String", Mode="Mode"), "2020-01-01")
    assert ids(without_lid) == ["X-01", "X-03", "X-06", "X-07", "X-08"]
    assert (without_lid.implied, list(without_lid.context)) == (frozenset(), ["box"])
    without_mode = held(tmp_path, boxes(Id="String"), "2020-01-01")
    assert ids(without_mode) == ["X-01"]


def revision(date: str) -> Spec:
    """The API at a revision."""
    return spec_of(find(SPECS / "revisions", date))


@pytest.mark.parametrize("date", [OLD, MIDDLE])
def test_rules_of_this_sdk_that_are_newer_are_left_out(date: str) -> None:
    """And those that are as old as the API are not."""
    rules = rules_file.load(SPECS / "rules.toml", spec_file.load(SPECS / "service-2.json"))
    then = rules_file.restricted(rules, SPECS / "rules.toml", revision(date), date).documented
    now = rules.documented
    assert {each.since for each in (*then.rules, *then.defaults, *then.clears)} <= {
        d for d in dates() if d <= date
    }
    assert set(ids(then)) < set(ids(now))
    assert "OPT-23" in ids(then)
    assert not {"OPT-17", "TASK-02", "MAN-01"} & set(ids(then))


def dates() -> list[str]:
    """The days of the API's revisions."""
    return [path.stem for path in (SPECS / "revisions").glob("*.json")]


def test_rules_are_as_old_as_a_revision() -> None:
    """A rule begins with a revision, not between two."""
    rules = rules_file.load(SPECS / "rules.toml", spec_file.load(SPECS / "service-2.json")).documented
    assert {each.since for each in (*rules.rules, *rules.defaults, *rules.clears)} <= set(dates())


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("old")
    generate(revision_job(OLD, "ruled_of_old", folder))
    return import_package(folder, "ruled_of_old")


def test_packages_of_old_revisions_check_old_rules(old: ModuleType) -> None:
    """They have the rules of their day, and no page, which is about those of today."""
    models = old.models
    request = models.UpdateTaskRequest(task_arn="x", options=models.Options(uid="NONE", gid="INT_VALUE"))
    assert broken(request) == [("OPT-23", "Options.Uid")]
    assert not (Path(str(old.__file__)).parents[1] / "docs").exists()
    book = json.loads(generated(old, "_generated/rules.json"))
    assert {rule["since"] for rule in book["rules"].values()} == {OLD}
    assert all(
        rule["documentation"].startswith("https://docs.aws.amazon.com/") for rule in book["rules"].values()
    )
    for name in dir(models):
        if name.endswith("Request"):
            assert operation_of(getattr(models, name)) is not None


def test_documentation_of_what_was_not_there_has_an_address(tmp_path: Path) -> None:
    """A rule can rest on a sentence at something newer; its address is that of today's documentation."""
    said = facts(
        rule("X-01", "PutBoxRequest", {"Id": "x"}, rests_on=None, quote="A lid.", quoted_from="Lid.Name")
    )
    now = boxes()
    now["shapes"]["Lid"]["members"]["Name"]["documentation"] = "A lid."
    job = ruled_job(tmp_path, now, said)
    revisions = tmp_path / "revisions"
    revisions.mkdir()
    for date, each in (("2020-02-02", boxes(Id="String")), ("2021-02-02", now)):
        then = Revision(date=date, botocore="1.2.3", service=each, paginators={"pagination": {}})
        (revisions / f"{date}.json").write_text(text(then), encoding="utf-8")
    generate(evolve(job, revisions=revisions, revision="2020-02-02"))
    package = import_package(job.out, "pkg")
    book = json.loads(generated(package, "_generated/rules.json"))
    assert book["rules"]["X-01"]["documentation"] == "https://docs/Lid#Name"
