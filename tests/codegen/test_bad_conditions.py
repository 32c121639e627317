"""Conditions that cannot be: each is one line that says where and why, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.pipeline import generate
from datasync_sdk._runtime.forms import FORMS
from tests.codegen.ruled import PAGE_SIZE, facts, rule, ruled_job
from tests.codegen.support import Json, enum, listing, mapping, operation, refused, spec, structure

MEMBERS = {
    "Id": "String", "Mode": "Mode", "Other": "Mode", "Count": "Integer", "Weight": "Float", "Flag": "Boolean",
    "Data": "Blob", "At": "Timestamp", "Words": "Words", "Notes": "Notes", "Lid": "Part", "Listed": "Listed",
}  # fmt: skip
MODEL = spec(
    shapes={
        "PutBoxRequest": structure(MEMBERS),
        "BoxAnswer": structure({"Status": "String", "Lid": "Part"}),
        "BagAnswer": structure({"Status": "String"}),
        "Part": structure({"Name": "String", "Size": "Long"}),
        # The model has the values of this one at the member.
        "Listed": {"type": "string"},
        "Words": listing("String"),
        "Notes": mapping("String"),
        "Mode": enum("A", "B"),
        "PageSize": PAGE_SIZE,
    },
    operations={"PutBox": operation("PutBoxRequest", "BoxAnswer"), "GetBag": operation(None, "BagAnswer")},
)
MODEL["shapes"]["PutBoxRequest"]["members"]["Listed"] = {"shape": "Listed", "enum": ["x", "y"]}
CONTEXT = {"box": "BoxAnswer", "any": "B*Answer"}
TESTS = (
    "beyond, breaks, differs_from, given, has, is, is_not, lacks, longer_than, matches, not, not_multiple_of,"
    " same_as, shorter_than, value"
)
GOOD: tuple[Json, ...] = (
    {"Id": "", "Mode": "A", "Count": -1, "Flag": False, "Lid.Size": 2**40, "Listed": "x"},
    {"Id": ["a", "b"], "Mode": {"value": ["A", "B"], "not": "B"}, "Listed": {"not": ["x", "y"]}},
    {"Weight": {"given": True}, "At": {"given": False}, "Lid": {"beyond": []}, "Words": {"given": True}},
    {"Id": {"matches": "a|b"}, "Data": {"lacks": "^\x00"}, "Lid.Name": {"longer_than": 0, "shorter_than": 2}},
    {"Count": {"not_multiple_of": 2}, "Lid.Size": {"not_multiple_of": 512}, "Data": {"shorter_than": 1}},
    {
        "Id": {"same_as": "Lid.Name"},
        "Lid.Name": {"differs_from": "box.Lid.Name"},
        "Lid": {"same_as": "box.Lid"},
    },
    {"Words": {"longer_than": 3}, "Notes": {"shorter_than": 3}, "box": {"is": ["BoxAnswer"]}},
    {"Id": "x", "any": {"is_not": ["BagAnswer", "BoxAnswer"]}, "any.Status": "x", "any.Lid.Name": "x"},
    *({"Id": {"has": form}, "Lid.Name": {"breaks": form}} for form in FORMS),
)
BAD: dict[str, tuple[Json, str]] = {
    "nothing": ({}, ": is empty"),
    "a member": ({"Modes": "A"}, ".Modes: PutBoxRequest has no member 'Modes'"),
    "a member of a member": ({"Lid.Nam": "A"}, ".Lid.Nam: Part has no member 'Nam'"),
    "a member of a text": ({"Id.Name": "A"}, ".Id.Name: String has no member 'Name'"),
    "a member of a list": ({"Words.Name": "A"}, ".Words.Name: Words has no member 'Name'"),
    "no path": ({"": "A"}, ".: PutBoxRequest has no member ''"),
    "a context": ({"bag.Status": "A"}, ".bag.Status: PutBoxRequest has no member 'bag'"),
    "a member of a context": ({"box.Size": "A"}, ".box.Size: nothing that 'box' may be has a member 'Size'"),
    "no test": ({"Id": {}}, ".Id: is empty"),
    "a test": ({"Id": {"vaule": "A"}}, f".Id: 'vaule' is no test; there are {TESTS}"),
    "another test beside": ({"Id": {"given": True, "Not": "A"}}, f".Id: 'Not' is no test; there are {TESTS}"),
    "a value of a context": ({"box": "A"}, ".box: 'value' is not for this"),
    "a class of a member": ({"Lid": {"is": ["Part"]}}, ".Lid: 'is' is not for this"),
    "a context that is given": ({"box": {"given": True}}, ".box: 'given' is not for this"),
    "an enum's value": ({"Mode": "C"}, ".Mode: Mode has no value 'C'"),
    "an enum's values": ({"Mode": ["A", "a"]}, ".Mode: Mode has no value 'a'"),
    "another than an enum's": ({"Mode": {"not": "C"}}, ".Mode: Mode has no value 'C'"),
    "a value of a member's own": ({"Listed": "z"}, ".Listed: PutBoxRequestListed has no value 'z'"),
    "a number for a text": ({"Id": 3}, ".Id: 3 is no value for String, a string"),
    "a text for a number": ({"Count": "3"}, ".Count: '3' is no value for Integer, a integer"),
    "a bool for a number": ({"Count": True}, ".Count: True is no value for Integer, a integer"),
    "a number for a bool": ({"Flag": 1}, ".Flag: 1 is no value for Boolean, a boolean"),
    "a fraction": ({"Weight": 1.5}, ".Weight: 1.5 is no value for Float, a float"),
    "a value of a structure": ({"Lid": "x"}, ".Lid: 'x' is no value for Part, a structure"),
    "a value of a list": ({"Words": ["x"]}, ".Words: 'x' is no value for Words, a list"),
    "bytes": ({"Data": "x"}, ".Data: 'x' is no value for Blob, a blob"),
    "no value": ({"Id": []}, ".Id: holds an empty list"),
    "no other value": ({"Id": {"not": []}}, ".Id: holds an empty list"),
    "a value that is not wanted": (
        {"Mode": {"value": "A", "not": ["A", "B"]}},
        ".Mode: asks for a value that it does not want",
    ),
    "given": ({"Id": {"given": "yes"}}, ".Id: 'yes' must be a bool"),
    "something of what is not given": (
        {"Id": {"given": False, "value": "x"}},
        ".Id: nothing else can be asked of what is not given",
    ),
    "a regex": ({"Id": {"matches": "a("}}, ".Id: 'a(' is no regular expression: missing ), unterminated"),
    "a regex that is none": ({"Id": {"lacks": 3}}, ".Id: 3 must be a str"),
    "a regex on a number": ({"Count": {"matches": "3"}}, ".Count: 'matches' is not for a integer"),
    "a form": ({"Id": {"has": "tune"}}, ".Id: 'tune' is no form; there are hourly, ip_address, rate, "),
    "a form of bytes": ({"Data": {"breaks": "rate"}}, ".Data: 'breaks' is not for a blob"),
    "a multiple": ({"Id": {"not_multiple_of": 2}}, ".Id: 'not_multiple_of' is not for a string"),
    "a multiple of nothing": (
        {"Count": {"not_multiple_of": 0}},
        ".Count: 'not_multiple_of' must be at least 2",
    ),
    "a multiple of all": ({"Count": {"not_multiple_of": 1}}, ".Count: 'not_multiple_of' must be at least 2"),
    "a multiple of a text": ({"Count": {"not_multiple_of": "2"}}, ".Count: '2' must be a int"),
    "a length": ({"Words": {"longer_than": True}}, ".Words: True must be a int"),
    "a length of a number": ({"Count": {"longer_than": 1}}, ".Count: 'longer_than' is not for a integer"),
    "more than any": ({"Id": {"longer_than": -1}}, ".Id: 'longer_than' must be at least 0"),
    "less than nothing": ({"Id": {"shorter_than": 0}}, ".Id: 'shorter_than' must be at least 1"),
    "beyond no list": ({"Lid": {"beyond": "Name"}}, ".Lid: 'Name' must be a list"),
    "beyond what it has": ({"Lid": {"beyond": ["Name", "Nam"]}}, ".Lid: Part has no member 'Nam'"),
    "beyond no name": ({"Lid": {"beyond": [["Name"]]}}, ".Lid: Part has no member ['Name']"),
    "beyond a text": ({"Id": {"beyond": []}}, ".Id: 'beyond' is not for a string"),
    "the same as nothing": ({"Id": {"same_as": "Name"}}, ".Id: PutBoxRequest has no member 'Name'"),
    "the same as no path": ({"Id": {"same_as": 3}}, ".Id: 3 must be a str"),
    "the same as itself": ({"Id": {"same_as": "Id"}}, ".Id: compares a member with itself"),
    "different from itself": ({"Id": {"differs_from": "Id"}}, ".Id: compares a member with itself"),
    "the same as another type": (
        {"Id": {"same_as": "Count"}},
        ".Id: Count is no string, so Id cannot be the same",
    ),
    "the same as a context": (
        {"Lid": {"same_as": "box"}},
        ".Lid: box is no structure, so Lid cannot be the same",
    ),
    "a class": ({"box": {"is": "BoxAnswer"}}, ".box: 'BoxAnswer' must be a list"),
    "no class": ({"any": {"is": []}}, ".any: holds an empty list"),
    "an unknown class": ({"any": {"is_not": ["Box"]}}, ".any: it is never a 'Box'"),
    "a class of another context": ({"box": {"is": ["BagAnswer"]}}, ".box: it is never a 'BagAnswer'"),
}


def test_conditions_that_can_be(tmp_path: Path) -> None:
    """Generated without a complaint, each of them."""
    rules = (rule(f"X-{number}", "PutBoxRequest", each) for number, each in enumerate(GOOD, 10))
    generate(ruled_job(tmp_path, MODEL, facts(*rules, context=CONTEXT)))


@pytest.mark.parametrize(("combination", "expected"), BAD.values(), ids=BAD.keys())
def test_conditions_that_cannot_be(tmp_path: Path, combination: Json, expected: str) -> None:
    """Also in the second combination, in `also`, and without a message of their own."""
    good = {"Id": "x"}
    for said, place in (
        (rule("X-01", "PutBoxRequest", combination, at="Id"), "forbid[0]"),
        (rule("X-01", "PutBoxRequest", good, combination), "forbid[1]"),
        (
            rule("X-01", "Part", {"Name": "x"}, also=[{"on": "PutBoxRequest", "forbid": [combination]}]),
            "also[0].forbid[0]",
        ),
    ):
        text = refused(ruled_job(tmp_path, MODEL, facts(said, context=CONTEXT)))
        assert text.startswith(f"{tmp_path / 'rules.toml'}: rule[0].{place}{expected}")


@pytest.mark.parametrize(
    ("forbid", "expected"),
    [
        ([], "rule[0].forbid: is empty"),
        ({"Id": "x"}, "rule[0].forbid: holds an object, not a list"),
        ([{"Id": "x"}, "x"], "rule[0].forbid[1]: holds a text, not an object"),
        ("x", "rule[0].forbid: holds a text, not a list"),
    ],
)
def test_lists_of_combinations_that_are_none(tmp_path: Path, forbid: object, expected: str) -> None:
    said = facts(rule("X-01", "PutBoxRequest", forbid=forbid))
    assert refused(ruled_job(tmp_path, MODEL, said)) == f"{tmp_path / 'rules.toml'}: {expected}"
