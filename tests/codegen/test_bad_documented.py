"""Entries of `rules.toml` about requests that cannot be: each is one line that says where and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.pipeline import generate
from tests.codegen.ruled import DOCUMENTATION, PAGE_SIZE, RESTS_ON, default, facts, rule, ruled_job
from tests.codegen.support import Json, enum, listing, mapping, operation, refused, spec, structure

SENTENCE = "<p>Put <i>one</i> thing in it.\n Not two.</p>"
MODEL = spec(
    shapes={
        "PutBoxRequest": structure(
            {
                "Id": "String", "Mode": {"shape": "Mode", "documentation": SENTENCE}, "Other": "Mode",
                "Count": "Integer", "Lid": "Part", "Parts": "PartMap", "Grid": "Grid", "Flag": "Boolean",
            },
            "Id",
        ),
        "BoxAnswer": structure({"Status": "String", "Size": "OnlyAnswered"}),
        "Part": structure({"Name": "String", "Size": "Long", "Mode": "Mode"}),
        "Hidden": structure({"Name": "String"}),
        "PartMap": mapping("Hidden"),
        "Grid": listing("Row"),
        "Row": listing("Hidden"),
        "Mode": enum("A", "B"),
        "OnlyAnswered": {"type": "integer", "max": 5},
        "PageSize": PAGE_SIZE,
    },
    operations={"PutBox": operation("PutBoxRequest", "BoxAnswer", documentation="<p>Puts a box.</p>")},
)  # fmt: skip
CONTEXT = {"box": "BoxAnswer"}
FORBID: Json = {"Mode": "A"}


def box(**more: Any) -> Json:
    """A rule that holds, but for what is given."""
    return rule("X-01", "PutBoxRequest", FORBID, **more)


def trait(name: object, **more: Any) -> Json:
    """A rule that is a trait, and holds but for what is given."""
    return rule("X-01", "", **{"on": None, "forbid": None, "message": None, "trait": name} | more)


def clear(**more: Any) -> Json:
    """A way to clear something that holds, but for what is given."""
    entry = {"id": "X-03", "since": "2020-01-01", "members": ["PutBoxRequest.Lid"], "says": "opens it"}
    return {key: value for key, value in (entry | {"rests_on": RESTS_ON} | more).items() if value is not None}


QUOTED = {"rests_on": None, "quote": "Put one thing in it.", "quoted_from": "PutBoxRequest.Mode"}
RULES: dict[str, tuple[Json, str]] = {
    "a key": (box(serverity="error"), "rule[0].serverity: this key is not known to the generator"),
    "a key of `also`": (
        box(also=[{"on": "Part", "forbid": [{"Name": "x"}], "at": "Name"}]),
        "rule[0].also[0].at: this key is not known to the generator",
    ),
    "no id": (box(id=None), "rule[0]: 'id' is missing"),
    "an id": (box(id="x-1"), "rule[0].id: 'x-1' does not look like OPT-27"),
    "a long id": (box(id="X-01 "), "rule[0].id: 'X-01 ' does not look like OPT-27"),
    "no date": (box(since=None), "rule[0]: 'since' is missing"),
    "a date": (box(since="2020-1-1"), "rule[0].since: '2020-1-1' does not look like 2024-10-30"),
    "no day": (box(since="2020-02-30"), "rule[0].since: '2020-02-30' does not look like 2024-10-30"),
    "a date that is none": (box(since=2020), "rule[0].since: holds a whole number, not a text"),
    "no severity": (box(severity=None), "rule[0]: 'severity' is missing"),
    "a severity": (box(severity="fatal"), "rule[0].severity: 'fatal' is none of error, warning"),
    "no message": (box(message=None), "rule[0]: 'message' is missing"),
    "an empty message": (box(message=" "), "rule[0].message: is empty"),
    "braces": (box(message="not {valeu}"), "rule[0].message: nothing but {value} is filled in"),
    "a structure": (rule("X-01", "Box", FORBID), "rule[0].on: the spec has no structure 'Box'"),
    "structures": (
        rule("X-01", ["PutBoxRequest", "Mode"], FORBID),
        "rule[0].on: the spec has no structure 'Mode'",
    ),
    "no structure": (rule("X-01", [], FORBID), "rule[0]: 'on' is missing"),
    "no structure in `also`": (box(also=[{"forbid": [FORBID]}]), "rule[0].also[0]: 'on' is missing"),
    "no combination in `also`": (box(also=[{"on": "Part"}]), "rule[0].also[0].forbid: is empty"),
    "an answer": (
        rule("X-01", "BoxAnswer", {"Status": "x"}),
        "rule[0].on: no request has a BoxAnswer, but in maps or lists of lists",
    ),
    "a structure in maps": (
        rule("X-01", "Hidden", {"Name": "x"}),
        "rule[0].on: no request has a Hidden, but in maps or lists of lists",
    ),
    "a place": (box(at="Modus"), "rule[0].at: PutBoxRequest has no member 'Modus'"),
    "a place in one of several": (
        rule("X-01", ["PutBoxRequest", "Part"], FORBID, at="Count"),
        "rule[0].at: Part has no member 'Count'",
    ),
    "a place in `also`": (
        box(at="Count", also=[{"on": "Part", "forbid": [FORBID]}]),
        "rule[0].at: Part has no member 'Count'",
    ),
    "a place in the context": (box(at="box.Status"), "rule[0].at: PutBoxRequest has no member 'box'"),
    "no place": (
        rule("X-01", "PutBoxRequest", FORBID, {"box.Status": "x", "Mode": "A"}),
        "rule[0].forbid: begins with the context, so 'at' must say what to name",
    ),
    "neither": (box(on=None, forbid=None), "rule[0]: needs either 'trait' or 'on' and 'forbid'"),
    "both": (trait("Mode.enum", forbid=[FORBID]), "rule[0]: needs either 'trait' or 'on' and 'forbid'"),
    "a trait and a structure": (
        trait("Mode.enum", on="PutBoxRequest"),
        "rule[0]: needs either 'trait' or 'on' and 'forbid'",
    ),
    "no traits": (trait([]), "rule[0]: needs either 'trait' or 'on' and 'forbid'"),
    "a trait": (trait("Mode.max"), "rule[0].trait: the spec has no trait 'Mode.max'"),
    "a trait of no shape": (
        trait(["Mode.enum", "Modus.enum"]),
        "rule[0].trait: the spec has no trait 'Modus.enum'",
    ),
    "a trait of another kind": (trait("Mode.type"), "rule[0].trait: the spec has no trait 'Mode.type'"),
    "a trait of answers": (
        trait("OnlyAnswered.max"),
        "rule[0].trait: no request has a value of the shape OnlyAnswered",
    ),
    "a value of a trait": (
        trait("Mode.enum", message="not {value}"),
        "rule[0].message: nothing but {value} is filled in, and that not for a 'trait'",
    ),
    "nothing to rest on": (
        box(rests_on=None),
        "rule[0]: needs 'quote' and 'quoted_from', or the trait that it 'rests_on'",
    ),
    "an unknown trait to rest on": (
        box(rests_on="PageSize.max"),
        "rule[0]: the spec has no trait 'PageSize.max'",
    ),
    "two things to rest on": (
        box(**QUOTED | {"rests_on": RESTS_ON}),
        "rule[0]: rests on a trait or on a quotation, not on both",
    ),
    "no quotation": (box(**QUOTED | {"quote": None}), "rule[0]: 'quote' is missing"),
    "no quotation of a trait": (
        trait("Mode.enum", **QUOTED | {"quote": None}),
        "rule[0]: 'quote' is missing",
    ),
    "no place of a quotation": (box(**QUOTED | {"quoted_from": None}), "rule[0]: 'quoted_from' is missing"),
    "an empty quotation": (box(**QUOTED | {"quote": ""}), "rule[0].quote: is empty"),
    "a lost quotation": (
        box(**QUOTED | {"quote": "Put two things in it."}),
        (
            "rule[0] (X-01): the documentation of PutBoxRequest.Mode no longer says 'Put two things in it.';"
            " it says 'Put one thing in it. Not two.'"
        ),
    ),
    "a quotation of nothing": (
        box(**QUOTED | {"quoted_from": "PutBoxRequest.Id"}),
        "rule[0] (X-01): the documentation of PutBoxRequest.Id no longer says",
    ),
    "a quotation of an unknown member": (
        box(**QUOTED | {"quoted_from": "PutBoxRequest.Ids"}),
        "rule[0] (X-01): the spec has no member 'PutBoxRequest.Ids'",
    ),
    "a quotation of an unknown shape": (
        box(**QUOTED | {"quoted_from": "PutBox"}),
        "rule[0] (X-01): the spec has no shape 'PutBox'",
    ),
    "a quotation of an unknown operation": (
        box(**QUOTED | {"quoted_from": "PutBoxes()"}),
        "rule[0] (X-01): the spec has no operation 'PutBoxes()'",
    ),
}
SECTIONS: dict[str, tuple[Json, str]] = {
    "an id twice": (facts(box(), box()), "rule: X-01 is there twice"),
    "an id of another rule": (facts(box(), trait("Mode.enum")), "rule: X-01 is there twice"),
    "a trait twice": (
        facts(trait("Mode.enum"), trait("Mode.enum", id="X-02")),
        "rule: Mode.enum is there twice",
    ),
    "a rule that is left out": (facts(box(), left_out={"X-01": "why"}), "left_out: X-01 is there twice"),
    "a default that is left out": (
        facts(default=[default("X-02", "Part.Size", 1)], left_out={"X-02": "why"}),
        "left_out: X-02 is there twice",
    ),
    "a clear that is left out": (
        facts(clear=[clear()], left_out={"X-03": "why"}),
        "left_out: X-03 is there twice",
    ),
    "clears twice": (facts(clear=[clear(), clear()]), "clear: X-03 is there twice"),
    "no reason": (facts(left_out={"X-01": ""}), "left_out.X-01: is empty"),
    "an id that is left out": (facts(left_out={"x1": "why"}), "left_out: 'x1' does not look like OPT-27"),
    "a family": (facts(rule("Y-01", "Part", FORBID)), "families: does not say what rules as Y-01 are about"),
    "no families": (facts(box(), families=None), "families: does not say what rules as X-01 are about"),
    "a section of rules": (facts(rules=[]), "rules: this key is not known to the generator"),
    "no documentation": (facts(box(), documentation=None), "documentation: 'request' is missing"),
    "an address": (
        facts(box(), documentation={key: DOCUMENTATION[key] for key in DOCUMENTATION if key != "page"}),
        "documentation: 'page' is missing",
    ),
    "a key of the addresses": (
        facts(documentation=DOCUMENTATION | {"shapes": "x"}),
        "documentation.shapes: this key is not known to the generator",
    ),
    "braces of an address": (
        facts(documentation=DOCUMENTATION | {"shape": "https://docs/{member}"}),
        "documentation.shape: nothing fills in {member}",
    ),
    "a key of the requests": (
        facts(requests={"complet": "Put*"}),
        "requests.complet: this key is not known to the generator",
    ),
    "requests": (
        facts(requests={"complete": "Create*"}),
        "requests.complete: no structure is named 'Create*'",
    ),
    "implied structures": (
        facts(requests={"implied": ["Part", "Parts"]}),
        "requests.implied: the spec has no structure 'Parts'",
    ),
    "an implied text": (
        facts(requests={"implied": ["Mode"]}),
        "requests.implied: the spec has no structure 'Mode'",
    ),
    "a context": (facts(context={"box": "Bag*"}), "context.box: no structure is named 'Bag*'"),
    "a context that is no text": (
        facts(context={"box": ["BoxAnswer"]}),
        "context.box: holds a list, not a text",
    ),
    "the name of a context": (
        facts(context={"a-box": "BoxAnswer"}),
        "context.a-box: cannot be the name of a variable",
    ),
    "a keyword": (facts(context={"with": "BoxAnswer"}), "context.with: cannot be the name of a variable"),
    "a name that is taken": (
        facts(context={"value": "BoxAnswer"}),
        "context.value: cannot be the name of a variable",
    ),
}
DEFAULTS: dict[str, tuple[Json, str]] = {
    "a key": (
        default("X-02", "Part.Size", 1, sys="x"),
        "default[0].sys: this key is not known to the generator",
    ),
    "an id": (default("OPT", "Part.Size", 1), "default[0].id: 'OPT' does not look like OPT-27"),
    "a date": (
        default("X-02", "Part.Size", 1, since="never"),
        "default[0].since: 'never' does not look like",
    ),
    "no member": (default("X-02", "Part", 1), "default[0].member: the spec has no member 'Part'"),
    "a member": (default("X-02", "Part.Sizes", 1), "default[0].member: Part has no member 'Sizes'"),
    "a shape": (default("X-02", "Parts.Size", 1), "default[0].member: the spec has no member 'Parts.Size'"),
    "a member of a member": (
        default("X-02", "PutBoxRequest.Lid.Size", 1),
        "default[0].member: is more than a structure and its member",
    ),
    "a required member": (
        default("X-02", "PutBoxRequest.Id", "x"),
        "default[0].member: is required, so nothing is used instead of it",
    ),
    "a member of an answer": (
        default("X-02", "BoxAnswer.Status", "x"),
        "default[0].member: no request has a BoxAnswer",
    ),
    "no value": (default("X-02", "Part.Size"), "default[0]: needs one of 'value', 'same_as' and 'says'"),
    "two values": (
        default("X-02", "Part.Size", 1, says="one"),
        "default[0]: needs one of 'value', 'same_as' and 'says'",
    ),
    "a value": (default("X-02", "Part.Mode", "C"), "default[0].value: Mode has no value 'C'"),
    "a text for a number": (
        default("X-02", "Part.Size", "1"),
        "default[0].value: '1' is no value for Long, a long",
    ),
    "members of a text": (
        default("X-02", "Part.Name", {}),
        "default[0].value: {} is no value for String, a string",
    ),
    "a member of the value": (
        default("X-02", "PutBoxRequest.Lid", {"Sizes": 1}),
        "default[0].value: Part has no member 'Sizes'",
    ),
    "a value of a member": (
        default("X-02", "PutBoxRequest.Lid", {"Mode": "C"}),
        "default[0].value: Mode has no value 'C'",
    ),
    "no words": (default("X-02", "Part.Size", says=" "), "default[0].says: is empty"),
    "another member": (
        default("X-02", "Part.Size", same_as="Sizes"),
        "default[0].same_as: Part has no other member 'Sizes' with such values",
    ),
    "the member itself": (
        default("X-02", "Part.Size", same_as="Size"),
        "default[0].same_as: Part has no other member 'Size' with such values",
    ),
    "a member of another type": (
        default("X-02", "Part.Size", same_as="Name"),
        "default[0].same_as: Part has no other member 'Name' with such values",
    ),
    "no conditions": (default("X-02", "Part.Size", 1, when={}), "default[0].when: is empty"),
    "conditions of no request": (
        default("X-02", "Part.Size", 1, when={"Mode": "A", "Name": "x"}),
        "default[0].when: no request has all of these members",
    ),
    "conditions of the context": (
        default("X-02", "Part.Size", 1, when={"box.Status": "x"}),
        "default[0].when: no request has all of these members",
    ),
    "a condition": (
        default("X-02", "Part.Size", 1, when={"Mode": "C"}),
        "default[0].when.Mode: Mode has no value 'C'",
    ),
    "a test that is not looked up": (
        default("X-02", "Part.Size", 1, when={"Mode": {"given": True}}),
        "default[0].when: a default can depend on lacks, matches, not, value only",
    ),
    "a trait to rest on": (
        default("X-02", "Part.Size", 1, rests_on="Mode.max"),
        "default[0]: the spec has no trait 'Mode.max'",
    ),
    "a lost quotation": (
        default("X-02", "Part.Size", 1, **QUOTED | {"quote": "Three."}),
        "default[0] (X-02): the documentation of PutBoxRequest.Mode no longer says 'Three.'",
    ),
}
CLEARS: dict[str, tuple[Json, str]] = {
    "a key": (clear(member="x"), "clear[0].member: this key is not known to the generator"),
    "an id": (clear(id="X-3"), "clear[0].id: 'X-3' does not look like OPT-27"),
    "no members": (clear(members=[]), "clear[0]: 'members' is missing"),
    "a member": (clear(members=["PutBoxRequest.Lid", "Part.X"]), "clear[0].members: Part has no member 'X'"),
    "no words": (clear(says=""), "clear[0].says: is empty"),
    "no date": (clear(since=None), "clear[0]: 'since' is missing"),
    "nothing to rest on": (clear(rests_on=None), "clear[0]: needs 'quote' and 'quoted_from', or the trait"),
    "a lost quotation": (
        clear(rests_on=None, quote="Throws a box.", quoted_from="PutBox()"),
        "clear[0] (X-03): the documentation of PutBox() no longer says 'Throws a box.'; it says 'Puts",
    ),
}
ALL = (
    [(f"rule: {name}", facts(said, context=CONTEXT), expected) for name, (said, expected) in RULES.items()]
    + [(name, said, expected) for name, (said, expected) in SECTIONS.items()]
    + [(f"default: {name}", facts(default=[said]), expected) for name, (said, expected) in DEFAULTS.items()]
    + [(f"clear: {name}", facts(clear=[said]), expected) for name, (said, expected) in CLEARS.items()]
)


def test_entries_that_can_be(tmp_path: Path) -> None:
    """All kinds of them, together; a default may have the id of a rule, and a member several defaults."""
    said = facts(
        box(**QUOTED, also=[{"on": ["Part"], "forbid": [{"Name": "x"}]}]),
        trait("Mode.enum", id="X-02", rests_on=None, severity="warning"),
        rule(
            "X-03",
            "PutBoxRequest",
            {"box.Status": "x"},
            at="Lid.Name",
            message="not {value}",
        ),
        default=[
            default("X-01", "Part.Size", 1, when={"Mode": {"not": "A", "matches": "B"}}),
            default("X-01", "Part.Size", 2),
            default("X-04", "Part.Size", says="what fits"),
            default("X-04", "PutBoxRequest.Other", same_as="Mode"),
            default("X-04", "PutBoxRequest.Lid", {}),
            default("X-05", "PutBoxRequest.Flag", False, when={"Mode": "A"}),
        ],
        clear=[clear(**QUOTED | {"quoted_from": "PutBoxRequest.Mode"}, members=["PutBoxRequest.Lid.Name"])],
        left_out={"Y-01": "why"},
        context=CONTEXT,
        requests={"complete": "Put*", "implied": ["Part"]},
    )
    generate(ruled_job(tmp_path, MODEL, said))


@pytest.mark.parametrize(("said", "expected"), [case[1:] for case in ALL], ids=[case[0] for case in ALL])
def test_entries_that_cannot_be(tmp_path: Path, said: Json, expected: str) -> None:
    """The line begins with the file and the place in it."""
    text = refused(ruled_job(tmp_path, MODEL, said))
    assert text.startswith(f"{tmp_path / 'rules.toml'}: {expected}")


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        (
            [default("X-01", "Part.Size", 1), default("X-02", "Part.Size", 2)],
            "default: Part.Size is there twice",
        ),
        (
            [default("X-01", "PutBoxRequest.Mode", "A", when={"Mode": "B"})],
            "default: X-01 depends on its own member PutBoxRequest.Mode",
        ),
        (
            [
                default("X-01", "PutBoxRequest.Mode", "A", when={"Other": "B"}),
                default("X-02", "PutBoxRequest.Flag", True, when={"Mode": "B"}),
                default("X-03", "PutBoxRequest.Other", "A", when={"Flag": True}),
            ],
            "default: X-01 depends on its own member PutBoxRequest.Mode",
        ),
    ],
)
def test_defaults_that_hide_each_other_or_go_round(
    tmp_path: Path, defaults: list[Json], expected: str
) -> None:
    said = facts(default=defaults, requests={"complete": "Put*"})
    assert refused(ruled_job(tmp_path, MODEL, said)) == f"{tmp_path / 'rules.toml'}: {expected}"
