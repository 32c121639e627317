"""Whatever is wrong with a spec, the generator says where in one line, and has written nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.spec import load, parse
from tests.codegen.support import (
    Json,
    arguments,
    enum,
    failure,
    listing,
    mapping,
    model,
    operation,
    spec,
    structure,
    write_spec,
)


def changed(*path: str | int, to: object) -> Json:
    """The model with another value at a path."""
    whole = model(Thing=structure({"A": "String"}), Things=listing("Thing"), Named=mapping("Thing"))
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return whole


UNKNOWN_KEYS: dict[str, tuple[tuple[str | int, ...], str]] = {
    "top": (("surprise",), "surprise"),
    "operation": (("operations", "PutThing", "surprise"), "operations.PutThing.surprise"),
    "input": (("operations", "PutThing", "input", "surprise"), "operations.PutThing.input.surprise"),
    "error reference": (
        ("operations", "PutThing", "errors", 0, "surprise"),
        "operations.PutThing.errors[0].surprise",
    ),
    "shape": (("shapes", "Thing", "surprise"), "shapes.Thing.surprise"),
    "member": (("shapes", "Thing", "members", "A", "surprise"), "shapes.Thing.members.A.surprise"),
    "element": (("shapes", "Things", "member", "surprise"), "shapes.Things.member.surprise"),
    "key": (("shapes", "Named", "key", "surprise"), "shapes.Named.key.surprise"),
    "value": (("shapes", "Named", "value", "surprise"), "shapes.Named.value.surprise"),
}

MODELS: dict[str, tuple[Json, str]] = {
    "shape type": (
        changed("shapes", "Thing", "type", to="bigInteger"),
        "shapes.Thing.type: the shape type 'bigInteger' is not known",
    ),
    "shape without type": (changed("shapes", "Thing", to={}), "shapes.Thing: 'type' is missing"),
    "shape without members": (
        changed("shapes", "Thing", to={"type": "structure"}),
        "shapes.Thing: 'members' is missing",
    ),
    "list without element": (
        changed("shapes", "Things", to={"type": "list"}),
        "shapes.Things: 'member' is missing",
    ),
    "map without value": (
        changed("shapes", "Named", to={"type": "map", "key": {"shape": "String"}}),
        "shapes.Named: 'value' is missing",
    ),
    "member without shape": (
        changed("shapes", "Thing", "members", "A", to={}),
        "shapes.Thing.members.A: 'shape' is missing",
    ),
    "shape that is no object": (
        changed("shapes", "Thing", to="string"),
        "shapes.Thing: holds a text, not an object",
    ),
    "missing shape of a member": (
        changed("shapes", "Thing", "members", "A", "shape", to="Gone"),
        "shapes.Thing.members.A: refers to the shape 'Gone', which does not exist",
    ),
    "missing shape of an element": (
        changed("shapes", "Things", "member", "shape", to="Gone"),
        "shapes.Things.member: refers to the shape 'Gone', which does not exist",
    ),
    "missing shape of a value": (
        changed("shapes", "Named", "value", "shape", to="Gone"),
        "shapes.Named.value: refers to the shape 'Gone', which does not exist",
    ),
    "missing input": (
        changed("operations", "PutThing", "input", "shape", to="Gone"),
        "operations.PutThing.input: refers to the shape 'Gone', which does not exist",
    ),
    "missing output": (
        changed("operations", "PutThing", "output", to={"shape": "Gone"}),
        "operations.PutThing.output: refers to the shape 'Gone', which does not exist",
    ),
    "required": (
        changed("shapes", "Thing", "required", to=["A", "B"]),
        "shapes.Thing.required: 'B' is not a member",
    ),
    "two members of one name": (
        model(Thing=structure({"KeyId": "String", "keyID": "String"})),
        "shapes.Thing.members.keyID: 'KeyId' and 'keyID' would both be named 'key_id'",
    ),
    "two structures of one name": (
        model(ThingID=structure({}), ThingId=structure({})),
        "shapes.ThingId: 'ThingID' and 'ThingId' would both be named 'thing_id'",
    ),
    "a structure and an enum of one name": (
        model(ThingID=structure({}), ThingId=enum("a")),
        "shapes.ThingId: 'ThingID' and 'ThingId' would both be named 'thing_id'",
    ),
    "a structure with the name of an enum's strings": (
        model(Color=enum("red"), ColorLike=structure({})),
        "shapes.Color: 'ColorLike' and 'Color or str' would both be named 'ColorLike'",
    ),
    "two operations of one name": (
        spec(operations={"GetIDs": operation(), "GetIds": operation()}),
        "operations.GetIds: 'GetIDs' and 'GetIds' would both be named 'get_ids'",
    ),
    "no name for a request": (
        spec(
            shapes={"DoItRequest": structure({}), "DoItInput": structure({})},
            operations={"DoIt": operation()},
        ),
        "operations.DoIt: needs an input of its own, and its names are taken",
    ),
    "no metadata": ({"operations": {}, "shapes": {}}, "$: 'metadata' is missing"),
    "no service ID": (
        {**spec(), "metadata": {"endpointPrefix": "tiny", "serviceFullName": "Tiny", "uid": "tiny"}},
        "metadata: 'serviceId' is missing",
    ),
    "protocols": (
        changed("metadata", "protocols", to=["telegraph"]),
        "metadata.protocols: none of 'telegraph' is known",
    ),
}

ERROR = ("operations", "PutThing", "errors")
MEMBER = ("shapes", "Thing", "members", "A")
# What stands where, and what the line says after the path of it.
TYPES: list[tuple[tuple[str | int, ...], object, str]] = [
    (("metadata",), [], "holds a list, not an object"),
    (("metadata",), None, "holds null, not an object"),
    (("metadata", "serviceId"), 3, "holds a whole number, not a text"),
    (("metadata", "serviceAbbreviation"), ["x"], "holds a list, not a text"),
    (("metadata", "protocols"), "json", "holds a text, not a list"),
    (("documentation",), 3, "holds a whole number, not a text"),
    (("shapes",), [], "holds a list, not an object"),
    (("operations",), [], "holds a list, not an object"),
    (("operations", "PutThing"), 3, "holds a whole number, not an object"),
    (("operations", "PutThing", "input"), "Thing", "holds a text, not an object"),
    (("operations", "PutThing", "input", "shape"), None, "holds null, not a text"),
    (("operations", "PutThing", "output"), None, "holds null, not an object"),
    (("operations", "PutThing", "documentation"), 3, "holds a whole number, not a text"),
    (("operations", "PutThing", "deprecated"), "yes", "holds a text, not true or false"),
    (ERROR, {"shape": "Bad"}, "holds an object, not a list"),
    ((*ERROR, 0), "Bad", "holds a text, not an object"),
    ((*ERROR, 0, "shape"), 3, "holds a whole number, not a text"),
    (("shapes", "Thing", "members"), [], "holds a list, not an object"),
    (("shapes", "Thing", "required"), 3, "holds a whole number, not a list"),
    (("shapes", "Thing", "required"), ["A", 3], "[1]: holds a whole number, not a text"),
    (("shapes", "Thing", "type"), ["string"], "holds a list, not a text"),
    (("shapes", "Thing", "enum"), [1], "[0]: holds a whole number, not a text"),
    (("shapes", "Thing", "enum"), "abc", "holds a text, not a list"),
    (("shapes", "Thing", "documentation"), 3, "holds a whole number, not a text"),
    (("shapes", "Thing", "error"), 3, "holds a whole number, not an object"),
    (("shapes", "Thing", "min"), "a", "holds a text, not a number"),
    (("shapes", "Thing", "max"), True, "holds true or false, not a number"),
    (("shapes", "Thing", "pattern"), {}, "holds an object, not a text"),
    (("shapes", "Thing", "sensitive"), 1, "holds a whole number, not true or false"),
    (("shapes", "Thing", "sparse"), "no", "holds a text, not true or false"),
    (("shapes", "Thing", "retryable"), True, "holds true or false, not an object"),
    (("shapes", "Things", "member"), "Thing", "holds a text, not an object"),
    (("shapes", "Named", "key"), [], "holds a list, not an object"),
    (("shapes", "Named", "value"), 1.5, "holds a number, not an object"),
    (MEMBER, [], "holds a list, not an object"),
    ((*MEMBER, "shape"), ["String"], "holds a list, not a text"),
    ((*MEMBER, "enum"), "abc", "holds a text, not a list"),
    ((*MEMBER, "deprecated"), 1, "holds a whole number, not true or false"),
    (
        MEMBER,
        {"shape": "String", "deprecated": True, "deprecatedMessage": 1},
        ".deprecatedMessage: holds a whole number, not a text",
    ),
    ((*MEMBER, "idempotencyToken"), "", "holds a text, not true or false"),
]


def nested(depth: int) -> Json:
    """A model with lists that many deep."""
    lists = {f"L{level}": listing(f"L{level - 1}") for level in range(2, depth + 1)}
    return model(L1=listing("String"), **lists)


CONTRADICTIONS: dict[str, tuple[Json, str]] = {
    "an error that is gone": (
        changed(*ERROR, to=[{"shape": "Bad"}, {"shape": "Gone"}]),
        "operations.PutThing.errors[1]: refers to the shape 'Gone', which does not exist",
    ),
    "an error without shape": (
        changed(*ERROR, to=[{}]),
        "operations.PutThing.errors[0]: 'shape' is missing",
    ),
    "an unknown key of the second error": (
        changed(*ERROR, to=[{"shape": "Bad"}, {"shape": "Bad", "key": 1}]),
        "operations.PutThing.errors[1].key: this key is not known to the generator",
    ),
    "an error that is no structure": (
        changed(*ERROR, 0, "shape", to="String"),
        "operations.PutThing.errors[0]: refers to 'String', whose type is string, not structure",
    ),
    "an input that is no structure": (
        changed("operations", "PutThing", "input", "shape", to="Things"),
        "operations.PutThing.input: refers to 'Things', whose type is list, not structure",
    ),
    "an output that is no structure": (
        changed("operations", "PutThing", "output", to={"shape": "Named"}),
        "operations.PutThing.output: refers to 'Named', whose type is map, not structure",
    ),
    "a key that is gone": (
        changed("shapes", "Named", "key", "shape", to="Gone"),
        "shapes.Named.key: refers to the shape 'Gone', which does not exist",
    ),
    "a key that is no string": (
        changed("shapes", "Named", "key", "shape", to="Integer"),
        "shapes.Named.key: refers to 'Integer', whose type is integer, not string",
    ),
    "a list of itself": (model(A=listing("A")), "shapes.A: contains itself: A > A"),
    "a map of lists of itself": (
        model(A=mapping("B"), B=listing("A")),
        "shapes.A: contains itself: A > B > A",
    ),
    "lists that are too deep": (nested(9), "shapes.L9: is more than 8 lists and maps deep"),
    "a key with a line break": (
        changed("shapes", "Thing", "a\nb", to=1),
        "shapes.Thing.'a\\nb': this key is not known to the generator",
    ),
    "half a character": (
        changed("shapes", "Thing", "documentation", to="x\ud800y"),
        "shapes.Thing.documentation: holds half a character: 'x\\ud800y'",
    ),
    "half a character where nobody reads": (
        changed("operations", "PutThing", "http", to={"a": [1, "\udc00"]}),
        "operations.PutThing.http.a[1]: holds half a character: '\\udc00'",
    ),
    "half a character below a key with a line break": (
        changed("operations", "PutThing", "http", to={"a\nb": "\udc00"}),
        "operations.PutThing.http.'a\\nb': holds half a character: '\\udc00'",
    ),
    "half a character in a key": (
        changed("shapes", "\ud800", to={"type": "string"}),
        "shapes: holds half a character: '\\ud800'",
    ),
}

BAD_NAMES = ["2fa", "a-b", "", "_", "_1", "a b", "a\nb", "ä", "a.b"]

TOKENS = {"input_token": "A", "output_token": "B", "result_key": "C"}
PAGINATORS: dict[str, tuple[object, str]] = {
    "top key": ({"pagination": {}, "surprise": 1}, "surprise: this key is not known to the generator"),
    "nothing": ({}, "$: 'pagination' is missing"),
    "a list": ({"pagination": []}, "pagination: holds a list, not an object"),
    "an entry": ({"pagination": {"PutThing": []}}, "pagination.PutThing: holds a list, not an object"),
    "a key": (
        {"pagination": {"PutThing": TOKENS | {"py_input_token": "A"}}},
        "pagination.PutThing.py_input_token: this key is not known to the generator",
    ),
    "a missing key": (
        {"pagination": {"PutThing": {"input_token": "A", "result_key": "C"}}},
        "pagination.PutThing: 'output_token' is missing",
    ),
    "a token": (
        {"pagination": {"PutThing": TOKENS | {"input_token": 3}}},
        "pagination.PutThing.input_token: holds a whole number, not a text",
    ),
    "one of the tokens": (
        {"pagination": {"PutThing": TOKENS | {"input_token": ["A", None]}}},
        "pagination.PutThing.input_token[1]: holds null, not a text",
    ),
    "more results": (
        {"pagination": {"PutThing": TOKENS | {"more_results": True}}},
        "pagination.PutThing.more_results: holds true or false, not a text",
    ),
    "a limit": (
        {"pagination": {"PutThing": TOKENS | {"limit_key": []}}},
        "pagination.PutThing.limit_key: holds a list, not a text",
    ),
    "what is not aggregated": (
        {"pagination": {"PutThing": TOKENS | {"non_aggregate_keys": "A"}}},
        "pagination.PutThing.non_aggregate_keys: holds a text, not a list",
    ),
    "an operation": (
        {"pagination": {"ListGone": TOKENS}},
        "pagination.ListGone: the service has no such operation",
    ),
}

FILES: dict[str, tuple[bytes | None, str]] = {
    "cut-off JSON": (b'{"version": "2.0", "metad', "is not whole JSON: Unterminated string"),
    "empty file": (b"", "is not whole JSON: Expecting value"),
    "bytes that are no text": (b"\xff\xfe\x00", "is not whole JSON: "),
    "a list": (b"[1, 2]", "holds a list, not a JSON object"),
    "a string": (b'"text"', "holds a text, not a JSON object"),
    "null": (b"null", "holds null, not a JSON object"),
    "a byte that is no UTF-8": (b'{"documentation": "\xe9"}', "is not whole JSON: 'utf-8' codec"),
    "half a character as bytes": (b'{"documentation": "\xed\xa0\x80"}', "is not whole JSON: 'utf-8' codec"),
    "no number": (b'{"min": NaN}', "is not whole JSON: NaN is not a finite number"),
    "too large a number": (b'{"min": 1e999}', "is not whole JSON: 1e999 is not a finite number"),
    "too deep": (b"[" * 100_000, "is not whole JSON: maximum recursion depth exceeded"),
    "missing file": (None, "cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("path", "expected"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS.keys())
def test_unknown_keys(
    path: tuple[str | int, ...], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that nobody taught the generator stops it with its path, at every level."""
    source = write_spec(tmp_path, changed(*path, to=True))
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said == f"{expected}: this key is not known to the generator"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("broken", "expected"), (MODELS | CONTRADICTIONS).values(), ids=MODELS | CONTRADICTIONS
)
def test_models(broken: Json, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that contradicts itself stops the generator with the place."""
    source = write_spec(tmp_path, broken)
    assert failure(arguments(source, tmp_path / "out"), capsys) == expected
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("path", "value", "expected"), TYPES)
def test_types(
    path: tuple[str | int, ...],
    value: object,
    expected: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A value of another JSON type stops the generator with its path, at every level."""
    source = write_spec(tmp_path, changed(*path, to=value))
    place = re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, path)))
    separator = "" if expected.startswith((".", "[")) else ": "
    assert failure(arguments(source, tmp_path / "out"), capsys) == f"{place}{separator}{expected}"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("path", [("shapes",), ("operations",), ("shapes", "Thing", "members")])
def test_names(name: str, path: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be made a Python name is refused where it stands."""
    said_of_it: Json = {"members": {"shape": "String"}, "shapes": {"type": "string"}}.get(path[-1], {})
    source = write_spec(tmp_path, changed(*path, name, to=said_of_it))
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said == f"{'.'.join(path)}: {name!r} cannot be made a Python name"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("broken", "expected"), PAGINATORS.values(), ids=PAGINATORS.keys())
def test_paginators(
    broken: object, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paginators are read as strictly; the line names their file."""
    source = write_spec(tmp_path, model())
    source.with_name("paginators-1.json").write_text(json.dumps(broken), encoding="utf-8")
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said == f"paginators-1.json: {expected}"
    assert not (tmp_path / "out").exists()


def test_traits() -> None:
    """What is read for others to use."""
    whole = model(
        Thing=structure({"A": {"shape": "String", "enum": ["b", "a"]}}),
        Things=listing("Thing", sparse=True),
        Named=mapping("Thing"),
    )
    shapes = parse(whole).shapes
    assert shapes["Thing"].members[0].enum == ("b", "a")
    assert (shapes["Things"].sparse, shapes["Named"].sparse) == (True, False)
    assert (shapes["Named"].key, shapes["Named"].element) == ("String", "Thing")
    assert shapes["Things"].key is None


@pytest.mark.parametrize("whole", [nested(8), model(A=listing("B"), B=structure({"A": "A"}))])
def test_what_may_be_deep(whole: Json) -> None:
    """Eight lists are few enough, and structures may contain themselves."""
    parse(whole)


def test_whole_characters(tmp_path: Path) -> None:
    """A character that JSON escapes as two halves is one."""
    source = write_spec(tmp_path, model() | {"documentation": "\U0001f600"})
    assert load(source).raw["documentation"] == "\U0001f600"


@pytest.mark.parametrize("name", ["service-2.json", "paginators-1.json"])
@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES.keys())
def test_files(
    name: str, content: bytes | None, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, or not whole, is named with the reason; paginators need not be there."""
    source = write_spec(tmp_path, model())
    broken = source.with_name(name)
    broken.write_bytes(content or b"")
    if content is None:
        broken.unlink()
    if (name, content) == ("paginators-1.json", None):
        assert main(arguments(source, tmp_path / "out")) == 0
        return
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said.startswith(f"{broken}: {expected}")
    assert not (tmp_path / "out").exists()


def test_a_spec_that_is_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is no spec."""
    said = failure(arguments(tmp_path, tmp_path / "out"), capsys)
    assert said == f"{tmp_path}: cannot be read: Is a directory"
