"""Rules that need more than the request, defaults as they are looked up, and traits that are rules."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from datasync_sdk._runtime.rules import completed
from datasync_sdk._runtime.wire import operation_of
from tests.codegen.rule_reading import Reading
from tests.codegen.ruled import PAGE_SIZE, broken, default, facts, rule, ruled_package
from tests.codegen.support import Json, enum, listing, operation, spec, structure
from tests.codegen.traits import generated, problems

SHAPES: dict[str, Json] = {
    "PutBoxRequest": structure(
        {"Id": "String", "Mode": "Mode", "Tags": "Words", "Parts": "PartList", "Lid": "Part"}
    ),
    "GetBoxRequest": structure({"Id": "String"}),
    "BoxAnswer": structure({"Status": "Mode", "Lid": "Part", "Tags": "Words", "Size": "Integer"}),
    "BagAnswer": structure({"Status": "Mode", "Color": "String"}),
    "Part": structure({"Name": "String", "Mode": "Mode"}),
    "PartList": listing("Part"),
    "Words": listing("String"),
    "Mode": enum("A", "B"),
    "PageSize": PAGE_SIZE,
}
MODEL = spec(
    shapes=SHAPES,
    operations={
        "PutBox": operation("PutBoxRequest", "BoxAnswer"),
        "GetBox": operation("GetBoxRequest", "BagAnswer"),
    },
)
FACTS = facts(
    rule("X-01", "PutBoxRequest", {"Mode": "A", "old": {"is": ["BagAnswer"]}}),
    rule("X-02", "PutBoxRequest", {"old": {"is_not": ["BagAnswer"]}, "Id": {"given": False}}, at="Id"),
    rule("X-03", "PutBoxRequest", {"old.Status": "A"}, {"new.Status": "B"}, at="Mode"),
    rule("X-04", "PutBoxRequest", {"old.Status": {"not": "A"}, "new.Size": {"given": False}}, at="Mode"),
    rule("X-05", "PutBoxRequest", {"Mode": "A"}, {"Mode": "B", "new.Lid.Mode": "B"}),
    rule(
        "X-06", "PutBoxRequest", {"Tags": {"differs_from": "new.Tags"}}, {"Mode": {"same_as": "old.Status"}}
    ),
    rule(
        "X-07", "PutBoxRequest", {"new.Tags": {"shorter_than": 1}, "new.Lid.Name": {"lacks": "x"}}, at="Tags"
    ),
    rule("X-08", "Part", {"Mode": "B", "old.Color": {"matches": "^r"}}, {"old.Status": "B"}, at="Name"),
    rule(
        "X-09",
        "PutBoxRequest",
        {"old.Status": {"same_as": "new.Status"}, "old.Color": {"given": True}},
        at="Id",
    ),
    context={"old": "B*Answer", "new": "BoxAnswer"},
    requests={"complete": "Put*", "implied": ["Part"]},
    default=[default("X-20", "PutBoxRequest.Mode", "A"), default("X-21", "Part.Mode", "B")],
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return ruled_package(tmp_path_factory.mktemp("context"), MODEL, FACTS)


def answers(package: ModuleType) -> list[Any]:
    """What may be known, or not."""
    models = package.models
    return [
        None,
        models.BoxAnswer(),
        models.BoxAnswer(status="A", tags=["a", "b"], lid=models.Part(name="x", mode="B"), size=1),
        models.BoxAnswer(status="B", tags=[], lid=models.Part(name="y")),
        models.BagAnswer(),
        models.BagAnswer(status="B", color="red"),
        models.BagAnswer(status="A", color="blue"),
    ]


def test_preflight_says_what_the_rules_say(package: ModuleType) -> None:
    """Of what is in the context; and nothing of what is not."""
    reading, models, seen = Reading(MODEL, FACTS), package.models, set()
    parts = [models.Part(name="x"), models.Part(mode="A")]
    requests = [
        models.PutBoxRequest(id=name, mode=mode, tags=tags, parts=each, lid=lid)
        for name, mode, tags in product((None, "x"), (None, "A", "B"), (None, [], ["b", "a"]))
        for each, lid in ((parts, None), ([], parts[0]))
    ]
    known = answers(package)
    contexts = [{"old": old, "new": new} for old in known for new in known[:4]]
    contexts += [{}, {"old": known[1]}, {"new": known[2]}]
    for request, context in product(requests, contexts):
        expected = reading.broken(request, context)
        assert broken(request, context) == expected, (request, context)
        seen |= {rule for rule, _ in expected}
    assert seen == {rule["id"] for rule in FACTS["rule"]}


def test_a_check_without_a_context_asks_no_rule_that_needs_one(package: ModuleType) -> None:
    """A rule can have combinations of both kinds."""
    reading, models = Reading(MODEL, FACTS), package.models
    for mode in (None, "A", "B"):
        request = models.PutBoxRequest(mode=mode)
        assert broken(request) == reading.broken(request)
        assert {rule for rule, _ in broken(request)} <= {"X-05"}
        assert broken(request, {}) == []


def test_strange_things_in_a_context_break_nothing(package: ModuleType) -> None:
    """Only their classes and members are asked for, and only where they are there."""
    request = package.models.PutBoxRequest(mode="A", parts=[package.models.Part()])
    for thing in (object(), 3, "x", [], {"Status": "A"}, package.models.Part(name="A")):
        assert {rule for rule, _ in broken(request, {"old": thing, "new": thing})} <= {"X-02", "X-07"}


def test_requests_without_such_rules_have_no_preflight(package: ModuleType) -> None:
    assert operation_of(package.models.GetBoxRequest).rules is None
    assert operation_of(package.models.PutBoxRequest).rules.preflight


def test_messages_show_the_value_that_is_wrong(tmp_path: Path) -> None:
    """As far as it is not too long; and everything that is known of the rule."""
    said = facts(
        rule("X-01", "PutBoxRequest", {"Lid.Name": {"longer_than": 2}}, message="use {value}, not {value}")
    )
    package = ruled_package(tmp_path, MODEL, said)
    for text, shown in (("abc", "'abc'"), ("a" * 99, f"'{'a' * 59}...")):
        found: list[Any] = []
        request = package.models.PutBoxRequest(lid=package.models.Part(name=text))
        operation_of(package.models.PutBoxRequest).rules.check(request, found)
        full = completed(found, f"{package.__name__}._generated", frozenset())
        assert [str(violation) for violation in full] == [f"Lid.Name: use {shown}, not {shown} [X-01]"]
        assert (full[0].severity, full[0].page, full[0].quote) == ("error", "rules.md#x-01", None)
        assert completed(found, f"{package.__name__}._generated", frozenset({"X-01"})) == ()


def test_defaults_are_data(tmp_path: Path) -> None:
    """All that is needed to look them up, with the conditions that they depend on."""
    said = facts(
        default=[
            default("X-01", "PutBoxRequest.Mode", "A", when={"Id": {"matches": "^x"}, "Tags": {"not": "A"}}),
            default("X-02", "PutBoxRequest.Id", says="what fits"),
            default("X-03", "Part.Name", same_as="Note"),
            default("X-04", "PutBoxRequest.Lid", {"Mode": "B"}),
        ],
    )
    part = structure({"Name": "String", "Note": "String", "Mode": "Mode"})
    request = structure({"Id": "String", "Tags": "Mode", "Mode": "Mode", "Lid": "Part"})
    model = spec(shapes=SHAPES | {"Part": part, "PutBoxRequest": request}, operations=MODEL["operations"])
    package = ruled_package(tmp_path, model, said)
    book = json.loads(generated(package, "_generated/rules.json"))
    assert [
        {key: value for key, value in entry.items() if key not in {"since", "quote", "documentation", "page"}}
        for entry in book["defaults"]
    ] == [
        {
            "rule": "X-01", "cls": "PutBoxRequest", "member": "Mode", "value": "A",
            "when": {"Id": {"matches": "^x"}, "Tags": {"not": ["A"]}},
        },
        {"rule": "X-02", "cls": "PutBoxRequest", "member": "Id", "says": "what fits"},
        {"rule": "X-03", "cls": "Part", "member": "Name", "same_as": "Note"},
        {"rule": "X-04", "cls": "PutBoxRequest", "member": "Lid", "value": {"Mode": "B"}},
    ]  # fmt: skip


def test_a_default_that_depends_on_members_another_request_lacks(tmp_path: Path) -> None:
    """There, nothing is known of the member."""
    said = facts(
        rule("X-01", "Part", {"Mode": {"not": "A"}}),
        rule("X-02", "Part", {"Mode": "A"}),
        requests={"complete": "*Request"},
        default=[default("X-03", "Part.Mode", "A", when={"Id": "x"})],
    )
    shapes = SHAPES | {"GetBoxRequest": structure({"Lid": "Part"})}
    models = ruled_package(tmp_path, spec(shapes=shapes, operations=MODEL["operations"]), said).models
    part = models.Part()
    assert broken(models.PutBoxRequest(lid=part, id="x")) == [("X-02", "Lid.Mode")]
    assert broken(models.PutBoxRequest(lid=part, id="y")) == []
    assert broken(models.GetBoxRequest(lid=part)) == []
    assert broken(models.GetBoxRequest(lid=models.Part(mode="B"))) == [("X-01", "Lid.Mode")]


def test_traits_have_the_ids_of_their_rules(tmp_path: Path) -> None:
    """Limits, patterns where the client is strict, and enums, in members, lists and maps."""
    shapes: dict[str, Json] = {
        "PutRequest": structure(
            {"Name": "Name", "Count": "Count", "Words": "Words", "Data": "Data", "Modes": "Modes"}
        ),
        "Name": {"type": "string", "min": 2, "max": 3, "pattern": "[a-z]+"},
        "Count": {"type": "integer", "min": 1, "max": 5},
        "Words": listing("Mode", min=1, max=2),
        "Data": {"type": "blob", "min": 1, "max": 2},
        "Modes": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Mode"}, "max": 1},
        "Mode": enum("A", "B"),
        "PageSize": PAGE_SIZE,
    }
    traits = (
        "Name.min Name.max Name.pattern Count.min Count.max Words.min Words.max Data.max Modes.max Mode.enum"
    )
    said = facts(
        *(
            rule(f"X-{number}", [], on=None, forbid=None, rests_on=None, message=None, trait=trait)
            for number, trait in enumerate(traits.split(), 10)
        ),
    )
    package = ruled_package(tmp_path, spec(shapes=shapes, operations={"Put": operation("PutRequest")}), said)
    request = package.models.PutRequest
    found = {
        "Name X-10": request(name="a"),
        "Name X-11": request(name="abcd"),
        "Count X-13": request(count=0),
        "Count X-14": request(count=6),
        "Words X-15": request(words=[]),
        "Words X-16": request(words=["A", "A", "B"]),
        "Data X-17": request(data=b"abc"),
        "Data min": request(data=b""),
        "Modes X-18": request(modes={"a": "A", "b": "B"}),
        "Modes.a X-19": request(modes={"a": "C"}),
        "Words[0] X-19": request(words=["C"]),
    }
    assert {name: problems(package, each) for name, each in found.items()} == {name: [name] for name in found}
    assert problems(package, request(name="AB")) == []
    assert problems(package, request(name="AB"), validate="strict") == ["Name X-12"]
    assert problems(package, request(name="AB"), validate="strict", ignored_rules=("X-12",)) == []
    assert not (Path(str(package.__file__)).parent / "_generated/rules").exists()
