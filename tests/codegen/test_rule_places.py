"""Where a rule is asked: in nested structures, in lists, in several requests, and what a violation names."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.codegen.rule_reading import Reading
from tests.codegen.ruled import PAGE_SIZE, broken, default, facts, rule, ruled_job, ruled_package
from tests.codegen.support import Json, enum, listing, operation, refused, spec, structure

BOX = structure({"Name": "String", "Size": "Integer", "Lid": "Lid", "Nails": "NailList"})
SHAPES: dict[str, Json] = {
    "PutBoxRequest": structure({"Box": "Box", "Boxes": "BoxList", "Name": "String"}),
    "PutShelfRequest": structure({"Shelf": "Shelf", "Size": "Integer"}),
    "GetBoxRequest": structure({"Name": "String"}),
    "Box": BOX,
    "Lid": structure({"Name": "String", "Nails": "NailList"}),
    "Nail": structure({"Name": "String", "Size": "Integer"}),
    "Shelf": structure({"Boxes": "BoxList", "Lid": "Lid"}),
    "BoxList": listing("Box"),
    "NailList": listing("Nail"),
    "PageSize": PAGE_SIZE,
}
MODEL = spec(
    shapes=SHAPES,
    operations={
        "PutBox": operation("PutBoxRequest"),
        "PutShelf": operation("PutShelfRequest"),
        "GetBox": operation("GetBoxRequest"),
    },
)
FACTS = facts(
    rule("X-01", "Box", {"Name": {"given": False}}),
    rule("X-02", "Lid", {"Name": {"shorter_than": 1}}),
    rule("X-03", "Nail", {"Name": "x", "Size": 1}),
    rule("X-04", ["Box", "Nail"], {"Size": {"not": 1}}, {"Name": "y"}),
    rule("X-05", "Box", {"Lid.Name": "x", "Size": 1}, {"Lid.Name": {"given": False}}, at="Lid"),
    rule(
        "X-06",
        "Shelf",
        {"Boxes": {"given": False}},
        also=[{"on": "PutBoxRequest", "forbid": [{"Name": "x"}]}],
    ),
    rule("X-07", "PutBoxRequest", {"Box.Lid.Nails": {"longer_than": 0}, "Box.Name": "x"}),
    rule("X-08", "PutShelfRequest", {"Size": 1}, {"Shelf.Lid.Name": {"given": True}}, {"Size": 2}),
    requests={"complete": "PutShelf*"},
    default=[default("X-09", "Nail.Size", 1), default("X-10", "Lid.Name", "x")],
)


def test_rules_are_asked_wherever_their_structure_stands(tmp_path: Path) -> None:
    """In members, in lists, in lists of members of lists; and not where the structure is missing."""
    models = ruled_package(tmp_path, MODEL, FACTS).models
    reading = Reading(MODEL, FACTS)
    nails = [None, [], [models.Nail(name="x", size=1), None, models.Nail(name="x")], [models.Nail(name="y")]]
    lids = [None, models.Lid(), *(models.Lid(name=name, nails=each) for name in ("", "x") for each in nails)]
    boxes = [None, models.Box(), *(
        models.Box(name=name, size=size, lid=lid, nails=each)
        for name, size, lid, each in product((None, "x"), (None, 1), (lids[1], lids[4], lids[6]), nails[2:])
    )]  # fmt: skip
    shelves = [
        None,
        models.Shelf(),
        models.Shelf(boxes=boxes),
        *(models.Shelf(boxes=[], lid=lid) for lid in lids),
    ]
    requests = [
        *(models.PutBoxRequest(box=box, name=name) for box, name in product(boxes, (None, "x"))),
        *(models.PutBoxRequest(box=box, boxes=boxes[:3]) for box in boxes[:3]),
        *(models.PutBoxRequest(boxes=each) for each in ([], boxes, ["box", {}, models.Nail(name="y")])),
        *(models.PutShelfRequest(shelf=shelf, size=size) for shelf in shelves for size in (None, 1, 2)),
        models.GetBoxRequest(name="x"),
    ]
    seen = set()
    for request in requests:
        expected = reading.broken(request)
        assert broken(request) == expected, request
        seen |= {rule for rule, _ in expected}
    assert len(seen) == len(FACTS["rule"])


def test_paths_have_indices(tmp_path: Path) -> None:
    """One for each list on the way."""
    models = ruled_package(tmp_path, MODEL, FACTS).models
    nailed = models.Box(name="a", size=1, lid=models.Lid(name="a", nails=[models.Nail(name="x", size=1)]))
    request = models.PutShelfRequest(shelf=models.Shelf(boxes=[models.Box(name="a", size=1), nailed]))
    assert ("X-03", "Shelf.Boxes[1].Lid.Nails[0].Name") in broken(request)
    assert ("X-05", "Shelf.Boxes[0].Lid") in broken(request)
    assert broken(models.GetBoxRequest(name="x")) == []


def test_a_rule_names_each_member_once(tmp_path: Path) -> None:
    """Combinations that begin with the same member, or a rule with `at`, make one violation."""
    said = facts(
        rule("X-01", "GetBoxRequest", {"Name": "x"}, {"Name": {"longer_than": 0}}, {"Size": 1}),
        rule("X-02", "GetBoxRequest", {"Name": "x"}, {"Size": 1}, at="Lid.Name"),
    )
    members = structure({"Name": "String", "Size": "Integer", "Lid": "Lid"})
    model = spec(
        shapes=SHAPES | {"GetBoxRequest": members}, operations={"GetBox": operation("GetBoxRequest")}
    )
    request = ruled_package(tmp_path, model, said).models.GetBoxRequest
    assert broken(request(name="x")) == [("X-01", "Name"), ("X-02", "Lid.Name")]
    assert broken(request(name="x", size=1)) == [("X-01", "Name"), ("X-01", "Size"), ("X-02", "Lid.Name")]


NAMES = [
    "Value",
    "Found",
    "Context",
    "R",
    "F",
    "V",
    "I",
    "Class",
    "Box",
    "BoxLid",
    "BoxName",
    "BoxValue",
    "Source",
]


def test_members_may_be_named_like_what_a_check_uses(tmp_path: Path) -> None:
    """Its arguments and modules, a keyword, a variable for a structure or for an element of a list."""
    members: dict[str, str | Json] = {name: "Box" for name in NAMES if name != "BoxName"}
    members |= {"BoxName": "String", "Boxes": "BoxList", "Lid": "Lid", "Others": "LidList"}
    shapes: dict[str, Json] = {
        "PutRequest": structure(members),
        "Box": structure({"Name": "Color", "Lid": "Lid", "Value": "Lid"}),
        "BoxList": listing("Box"),
        "Lid": structure({"Name": "String", "Class": "ClassList"}),
        "LidList": listing("Lid"),
        "Class": structure({"Name": "String"}),
        "ClassList": listing("Class"),
        "Color": enum("x", "y"),
        "Answer": structure({"Box": "Box"}),
        "PageSize": PAGE_SIZE,
    }
    model = spec(shapes=shapes, operations={"Put": operation("PutRequest", "Answer")})
    forbid = [
        {f"{name}.Name": "x"} for name in members if shapes.get(members[name], {}).get("type") == "structure"
    ]
    said = facts(
        rule("X-01", "PutRequest", *forbid, {"BoxName": "x"}),
        rule("X-02", ["Box", "Lid", "Class"], {"Name": "x"}),
        rule("X-03", "Box", {"Lid.Name": "x"}, {"Value.Name": "x"}),
        rule("X-04", "PutRequest", {"Source.Name": {"not": "x"}, "source.Box.Name": "x"}),
        rule("X-05", "Class", {"source.Box.Name": "x"}, at="Name"),
        requests={"complete": "Put*", "implied": ["Box"]},
        default=[default("X-06", "Box.Name", "x"), default("X-07", "PutRequest.BoxName", "x")],
        context={"source": "Answer"},
    )
    models = ruled_package(tmp_path, model, said).models
    reading = Reading(model, said)
    lids = [models.Lid(name="x", class_=[models.Class(name=each) for each in "xyx"]), models.Lid(name="y")]
    boxes = [models.Box(name=name, lid=lid, value=lid) for name in ("x", "y", None) for lid in (*lids, None)]
    full = {
        ("class_" if name == "Class" else name.lower()): boxes[-1]
        for name in ("Value", "Found", "Class", "V")
    }
    whole = models.PutRequest(**full, boxes=boxes, others=lids, lid=lids[0], source=boxes[2], box_name="y")
    answers = [models.Answer(box=boxes[0]), models.Answer(box=models.Box(name="y"))]
    for request in (
        models.PutRequest(),
        models.PutRequest(boxes=boxes),
        models.PutRequest(box=boxes[4]),
        whole,
    ):
        assert broken(request) == reading.broken(request)
        for answer in answers:
            assert broken(request, {"source": answer}) == reading.broken(request, {"source": answer})
    assert ("X-05", "Boxes[6].Value.Class[2].Name") in broken(whole, {"source": answers[0]})


@pytest.mark.parametrize(
    ("shape", "secret"),
    [
        ("Secret", True),
        ("Secrets", True),
        ("Words", False),
        ("String", False),
    ],
)
def test_no_message_shows_a_secret(tmp_path: Path, shape: str, secret: bool) -> None:
    """Where it would, nothing is generated; the rule and the member are named."""
    shapes: dict[str, Json] = {
        "PutRequest": structure({"Box": "Box"}),
        "Box": structure({"Thing": shape}),
        "Secret": {"type": "string", "sensitive": True},
        "Secrets": listing("Secret"),
        "Words": listing("String"),
        "PageSize": PAGE_SIZE,
    }
    model = spec(shapes=shapes, operations={"Put": operation("PutRequest")})
    said = facts(rule("X-01", "PutRequest", {"Box.Thing": {"longer_than": 0}}, message="not {value}"))
    if secret:
        expected = "rule X-01: its message would show Box.Thing, which is secret"
        assert refused(ruled_job(tmp_path, model, said)) == expected
    else:
        models = ruled_package(tmp_path, model, said).models
        assert broken(models.PutRequest(box=models.Box(thing="abc"))) == [("X-01", "Box.Thing")]


def test_requests_of_several_operations_have_rules(tmp_path: Path) -> None:
    """An input that two operations share becomes two requests; rules are about these."""
    shapes = {"BoxRequest": structure({"Name": "String"}), "PageSize": PAGE_SIZE}
    operations = {"PutBox": operation("BoxRequest"), "DropBox": operation("BoxRequest")}
    said = facts(rule("X-01", "PutBoxRequest", {"Name": "x"}))
    models = ruled_package(tmp_path, spec(shapes=shapes, operations=operations), said).models
    assert broken(models.PutBoxRequest(name="x")) == [("X-01", "Name")]
    assert broken(models.DropBoxRequest(name="x")) == []
