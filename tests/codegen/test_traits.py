"""What each trait of a model does: generated from a tiny spec, imported, and used with real botocore."""

from __future__ import annotations

import inspect
import json
import struct
import subprocess
import sys
from base64 import b64decode
from binascii import crc32
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import structure, unstructure
from datasync_sdk._runtime import errors
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk.errors import PaginationError, StructureError, ValidationError
from tests.codegen import support
from tests.codegen.support import (
    Answer,
    Json,
    connect,
    enum,
    generate_package,
    listing,
    mapping,
    operation,
    spec,
    text,
)

MOMENT = datetime(2024, 2, 29, 12, 30, 15, tzinfo=UTC)


def putting(
    tmp_path: Path, members: Mapping[str, str | Json], *required: str, **shapes: Json
) -> tuple[ModuleType, type[Any]]:
    """A package with `put_thing`, whose input and output have the same members, and the input's class."""
    model = spec(
        shapes={
            "PutThingRequest": support.structure(members, *required),
            "PutThingResponse": support.structure(members),
            **shapes,
        },
        operations={"PutThing": operation("PutThingRequest", "PutThingResponse")},
    )
    package = generate_package(tmp_path, model)
    return package, package.models.PutThingRequest


def problems(package: ModuleType, request: Any, **options: Any) -> list[str]:
    """What `check` finds: the path and rule of each violation."""
    client = checking_client(package, **options)
    return [f"{found.path} {found.rule}" for found in client.check(request)]


@cache
def checking_client(package: ModuleType, **options: Any) -> Any:
    """A client that sends nothing."""
    return connect(package, (), **options)[0]


def errors_of(package: ModuleType) -> Any:
    """The exception classes of a package."""
    return package._generated.errors


# --- Values ---------------------------------------------------------------------------------------------


def test_strings(tmp_path: Path) -> None:
    """Length is always checked, in characters; a pattern only where the client is strict."""
    name = {"type": "string", "min": 2, "max": 3, "pattern": "[a-z]+"}
    package, request = putting(tmp_path, {"Name": "Name"}, "Name", Name=name)
    assert problems(package, request(name="ab")) == []
    assert problems(package, request(name="a")) == ["Name min"]
    assert problems(package, request(name="äöüß")) == ["Name max"]
    assert problems(package, request(name="AB")) == []
    assert problems(package, request(name="AB"), validate="strict") == ["Name pattern"]
    assert problems(package, request(name=3)) == ["Name type"]
    assert problems(package, request(name=None)) == ["Name required"]
    with pytest.raises(TypeError, match="name"):
        request()


def test_an_empty_string_is_sent(tmp_path: Path) -> None:
    """None is not sent; an empty string, list, map and structure, zero and False are."""
    members = {
        "S": "String", "I": "Integer", "B": "Boolean", "L": "Strings", "M": "Tags", "O": "Empty",
        "N": "String",
    }  # fmt: skip
    shapes = {
        "Strings": listing("String"),
        "Tags": mapping("String"),
        "Empty": support.structure({"A": "String"}),
    }
    package, _ = putting(tmp_path, members, **shapes)
    client, server = connect(package)
    client.put_thing(s="", i=0, b=False, l=[], m={}, o=package.models.Empty())
    assert server.bodies == [{"S": "", "I": 0, "B": False, "L": [], "M": {}, "O": {}}]


SCALARS: dict[str, tuple[list[object], list[object]]] = {
    "Integer": ([0, -(2**31), 2**31], [True, 1.0, "1"]),
    "Long": ([0, 2**63 - 1], [True, 1.5, "1"]),
    "Float": ([0, 1.5, -1], [True, "1"]),
    "Double": ([0, 1e300], [False, "1.5"]),
    "Boolean": ([True, False], [0, 1, "true"]),
    "String": (["", "ä"], [1, b"a"]),
    "Timestamp": ([MOMENT], [0, "2024-02-29"]),
    "Blob": ([b"", b"a", bytearray(b"a")], ["a", 1]),
}


def test_scalars(tmp_path: Path) -> None:
    """A value of the type passes, and what Python takes for one in other places does not."""
    package, request = putting(tmp_path, {f"A{name}": name for name in SCALARS})
    for name, (good, bad) in SCALARS.items():
        attribute = f"a_{name.lower()}"
        assert [problems(package, request(**{attribute: value})) for value in good] == [[]] * len(good)
        found = [problems(package, request(**{attribute: value})) for value in bad]
        assert found == [[f"A{name} type"]] * len(bad)
        assert getattr(structure({f"A{name}": good[-1]}, request), attribute) == good[-1]


def test_limits_of_numbers(tmp_path: Path) -> None:
    """The smallest and the largest number are allowed; what lies outside is not."""
    numbers: dict[str, Json] = {
        name: {"type": name.lower(), "min": 0, "max": 10} for name in ("Integer", "Long")
    }
    for name in ("Float", "Double"):
        numbers[name] = {"type": name.lower(), "min": 0.5, "max": 1.5}
    package, request = putting(tmp_path, {f"A{name}": name for name in numbers}, **numbers)
    for name, shape in numbers.items():
        low, high = shape["min"], shape["max"]
        found = [
            problems(package, request(**{f"a_{name.lower()}": low + it})) for it in (0, 1, high - low, -1, 11)
        ]
        assert found == [[], [], [], [f"A{name} min"], [f"A{name} max"]]


def test_blobs(tmp_path: Path) -> None:
    """Bytes are sent in base64, and come back as bytes; their length is checked in bytes."""
    package, request = putting(tmp_path, {"A": "Short"}, Short={"type": "blob", "max": 4})
    client, server = connect(package, [{"A": "AP8="}])
    assert client.put_thing(a=b"\x00\xff").a == b"\x00\xff"
    assert server.bodies == [{"A": "AP8="}]
    assert problems(package, request(a=b"12345")) == ["A max"]
    assert problems(package, request(a=BytesIO(b"12345"))) == []


@pytest.mark.parametrize(
    ("traits", "sent"),
    [
        ({}, 1709209815),
        ({"timestampFormat": "unixTimestamp"}, 1709209815),
        ({"timestampFormat": "iso8601"}, "2024-02-29T12:30:15Z"),
        ({"timestampFormat": "rfc822"}, "Thu, 29 Feb 2024 12:30:15 GMT"),
    ],
)
def test_timestamps(tmp_path: Path, traits: Json, sent: object) -> None:
    """Each format is sent as the model says, and every one is read as an aware time in UTC."""
    package, request = putting(tmp_path, {"At": "Moment"}, Moment={"type": "timestamp", **traits})
    client, server = connect(package, [{"At": sent}])
    answer = client.put_thing(at=MOMENT.astimezone(timezone(timedelta(hours=5))))
    assert server.bodies == [{"At": sent}]
    assert (answer.at, answer.at.tzinfo) == (MOMENT, UTC)
    for form in (1709209815, 1709209815.0, "2024-02-29T12:30:15Z", "Thu, 29 Feb 2024 12:30:15 GMT", MOMENT):
        assert structure({"At": form}, request).at == MOMENT


def test_enums(tmp_path: Path) -> None:
    """A member or its string, one object; unknown values are read and kept, but not sent."""
    package, request = putting(
        tmp_path, {"Color": "Color"}, Color=enum("darkRed", "10", "a/b:c", "x", "X", "")
    )
    color = package.models.Color
    names = {member.name: member.value for member in color}
    assert names == {"DARK_RED": "darkRed", "V10": "10", "A_B_C": "a/b:c", "x": "x", "X": "X", "EMPTY": ""}
    assert request(color="darkRed").color is color.DARK_RED
    assert request(color=color.DARK_RED) == request(color="darkRed")
    unknown = structure({"Color": "pink"}, request)
    assert (unknown.color, unknown.color.is_known, type(unknown.color)) == ("pink", False, color)
    assert unstructure(unknown) == {"Color": "pink"}
    assert problems(package, unknown) == ["Color enum"]
    assert problems(package, request(color=3)) == ["Color type"]
    client, server = connect(package, [{"Color": "x"}])
    assert client.put_thing(color="").color is color.x
    assert server.bodies == [{"Color": ""}]


# --- Collections ----------------------------------------------------------------------------------------


def test_lists(tmp_path: Path) -> None:
    """Any iterable becomes a tuple, its elements are checked with their places, boto3 gets a list."""
    word = {"type": "string", "max": 3}
    package, request = putting(tmp_path, {"Words": "Words"}, Words=listing("Word", max=2), Word=word)
    assert request(words=["a", "b"]).words == ("a", "b")
    assert request(words=iter(["a"])).words == ("a",)
    assert unstructure(request(words=["a"])) == {"Words": ["a"]}
    assert structure({"Words": ["a"]}, request) == request(words=("a",))
    found = problems(package, request(words=["abcd", "a", "abcd"]))
    assert found == ["Words max", "Words[0] max", "Words[2] max"]
    assert problems(package, request(words="ab")) == ["Words type"]


def test_lists_of_enums(tmp_path: Path) -> None:
    """Strings in a list become members."""
    package, request = putting(tmp_path, {"Colors": "Colors"}, Colors=listing("Color"), Color=enum("red"))
    made = request(colors=["red", "blue"])
    assert made.colors[0] is package.models.Color.RED
    assert unstructure(made) == {"Colors": ["red", "blue"]}
    assert problems(package, made) == ["Colors[1] enum"]
    assert structure({"Colors": ["red"]}, request).colors[0] is package.models.Color.RED


def test_lists_of_lists(tmp_path: Path) -> None:
    """All levels become tuples and are checked; boto3 gets lists at all levels."""
    shapes = {"Grid": listing("Row"), "Row": listing("Item"), "Item": support.structure({"A": "String"}, "A")}
    package, request = putting(tmp_path, {"Grid": "Grid"}, **shapes)
    item = package.models.Item
    made = request(grid=[[item(a="x")], []])
    assert made.grid == ((item(a="x"),), ())
    assert unstructure(made) == {"Grid": [[{"A": "x"}], []]}
    assert structure(unstructure(made), request) == made
    assert problems(package, request(grid=[[item(a=1)], "a"])) == ["Grid[0][0].A type", "Grid[1] type"]


def test_maps(tmp_path: Path) -> None:
    """A map becomes an immutable mapping, whatever dict it was; boto3 gets a plain dict."""
    package, request = putting(tmp_path, {"Tags": "Tags"}, Tags=mapping("String", min=1))
    given = {"a": "b"}
    made = request(tags=given)
    given["c"] = "d"
    assert made.tags == {"a": "b"}
    for change in ("clear", "popitem"):
        with pytest.raises(TypeError, match="frozen"):
            getattr(made.tags, change)()
    with pytest.raises(TypeError, match="frozen"):
        made.tags["a"] = "x"
    assert type(unstructure(made)["Tags"]) is dict
    assert hash(made) == hash(structure({"Tags": {"a": "b"}}, request))
    with pytest.raises(TypeError, match="frozen"):
        structure({"Tags": {"a": "b"}}, request).tags["a"] = "x"
    assert problems(package, request(tags={})) == ["Tags min"]
    assert problems(package, request(tags={1: "a", "b": 2})) == ["Tags type", "Tags.b type"]


def test_maps_of_structures(tmp_path: Path) -> None:
    """What a map holds is typed, written, read and checked."""
    shapes = {"Places": mapping("Place"), "Place": support.structure({"At": "Timestamp"}, "At")}
    package, request = putting(tmp_path, {"Places": "Places"}, **shapes)
    made = request(places={"home": package.models.Place(at=MOMENT)})
    assert unstructure(made) == {"Places": {"home": {"At": MOMENT}}}
    assert structure(unstructure(made), request) == made
    assert problems(package, request(places={"home": {"At": MOMENT}})) == ["Places.home type"]
    assert problems(package, request(places={"home": package.models.Place(at=1)})) == ["Places.home.At type"]


def test_maps_of_enums(tmp_path: Path) -> None:
    """Values are members after reading, strings when sent, and unknown ones are refused."""
    package, request = putting(tmp_path, {"Moods": "Moods"}, Moods=mapping("Mood"), Mood=enum("sad"))
    assert structure({"Moods": {"monday": "sad"}}, request).moods["monday"] is package.models.Mood.SAD
    for value in ("sad", package.models.Mood.SAD):
        made = request(moods={"monday": value})
        assert type(unstructure(made)["Moods"]["monday"]) is str
        assert made == structure({"Moods": {"monday": "sad"}}, request)
    assert problems(package, request(moods={"monday": "sat"})) == ["Moods.monday enum"]


# --- Structures -----------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(width=st.integers(1, 3), data=st.data())
def test_structures_round_trip(golden: ModuleType, width: int, data: st.DataObject) -> None:
    """Whatever tree is made of structures, reading what was written gives the same tree."""
    models = golden.models
    birds = st.recursive(
        st.builds(models.Bird, name=st.text()),
        lambda inner: st.builds(
            models.Bird,
            name=st.text(),
            children=st.none() | st.lists(inner, max_size=width),
            nest=st.none() | st.builds(models.Nest, owner=st.none() | inner),
        ),
    )
    bird = data.draw(birds)
    assert structure(unstructure(bird), models.Bird) == bird
    assert json.loads(json.dumps(unstructure(bird))) == unstructure(bird)


@pytest.fixture(scope="module")
def golden() -> ModuleType:
    """The package of the made-up service."""
    return support.import_package(Path(__file__).parent / "golden" / "expected", "pigeon")


def test_values_are_frozen(golden: ModuleType) -> None:
    """Structures compare, hash and evolve, and do not change."""
    place = golden.models.Place(latitude=1.5, longitude=2)
    assert place == golden.models.Place(latitude=1.5, longitude=2)
    assert len({place, golden.models.Place(latitude=1.5, longitude=2)}) == 1
    assert attrs.evolve(place, latitude=0).latitude == 0
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        place.latitude = 3
    with pytest.raises(TypeError):
        golden.models.Place(1, 2)


DEPTH = 50


def test_direct_recursion(tmp_path: Path) -> None:
    """A structure that holds itself round-trips 50 deep, and the deepest error has its path."""
    shapes = {
        "Bird": support.structure({"Name": "String", "Children": "Birds"}, "Name"),
        "Birds": listing("Bird"),
    }
    package, request = putting(tmp_path, {"Bird": "Bird"}, **shapes)

    def deep(name: object) -> Any:
        bird = package.models.Bird(name=name)
        for _ in range(DEPTH):
            bird = package.models.Bird(name="a", children=[bird])
        return request(bird=bird)

    assert structure(unstructure(deep("leaf")), request) == deep("leaf")
    assert problems(package, deep("leaf")) == []
    assert problems(package, deep(3)) == [f"Bird{'.Children[0]' * DEPTH}.Name type"]


def test_recursion_across_modules(tmp_path: Path) -> None:
    """Two structures in two modules that hold each other: each can be imported first."""
    shapes = {
        "Hen": support.structure({"Nest": "Nest", "Eggs": "Nests"}),
        "Nest": support.structure({"Owner": "Hen", "Near": "Hens"}),
        "Nests": listing("Nest"),
        "Hens": mapping("Hen"),
    }
    package, request = putting(tmp_path, {"Hen": "Hen"}, **shapes)
    hen, nest = package.models.Hen, package.models.Nest
    made = nest()
    for _ in range(DEPTH // 2):
        made = nest(near={"a": hen(nest=nest(owner=hen(eggs=[made])))})
    assert structure(unstructure(request(hen=hen(nest=made))), request) == request(hen=hen(nest=made))
    assert problems(package, request(hen=hen(nest=nest(owner=hen(nest=3))))) == ["Hen.Nest.Owner.Nest type"]
    for first in ("models.hen", "models.nest", "_generated.wire.hen", "_generated.wire.nest"):
        code = f"import sys; sys.path.insert(0, {str(tmp_path / 'out')!r}); import {package.__name__}.{first}"
        subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_unions(tmp_path: Path) -> None:
    """Exactly one member of a union is set; an answer with more is read as it is."""
    union = support.structure({"Number": "Integer", "Text": "String"}, union=True)
    package, request = putting(tmp_path, {"Choice": "Choice"}, Choice=union)
    choice = package.models.Choice
    assert problems(package, request(choice=choice(number=0))) == []
    assert problems(package, request(choice=choice())) == ["Choice type"]
    assert problems(package, request(choice=choice(number=1, text="a"))) == ["Choice type"]
    assert structure({"Choice": {"Number": 1, "Text": "a"}}, request).choice == choice(number=1, text="a")
    assert "A union: exactly one of the members is set." in choice.__doc__


@pytest.mark.parametrize("value", [None, True, 3, "a", [1, [None]], {"a": {"b": [1, {"c": None}]}}])
def test_documents(tmp_path: Path, value: object) -> None:
    """A document is any JSON value: the same object is handed on, and comes back unchanged."""
    package, request = putting(tmp_path, {"Doc": "Doc"}, Doc=support.structure({}, document=True))
    assert request(doc=value).doc is value
    assert unstructure(request(doc=value)).get("Doc") is value
    assert structure({"Doc": value}, request).doc is value
    assert problems(package, request(doc=value)) == []
    client, server = connect(package, [{"Doc": value}])
    assert client.put_thing(doc=value).doc == value
    assert server.bodies == [{} if value is None else {"Doc": value}]


def test_an_undocumented_structure_says_what_it_is_for(tmp_path: Path) -> None:
    """A class without documentation has a docstring all the same, with the page it rests on."""
    package, request = putting(tmp_path, {"Inner": "Inner"}, Inner=support.structure({}))
    assert str(request.__doc__).startswith("The input of `put_thing`.")
    assert package.models.PutThingResponse.__doc__.startswith("The answer to `put_thing`.")
    assert package.models.Inner.__doc__.startswith("The structure Inner of Tiny Service.")
    assert "See https://docs.aws.amazon.com/goto/WebAPI/tiny-2020-01-01/Inner" in package.models.Inner.__doc__


def test_sensitive_shapes(tmp_path: Path) -> None:
    """A secret, alone, in a list, in a map, is in no `repr` and in no message."""
    members = {"Key": "Key", "Keys": "Keys", "ByName": "ByName", "Whole": "Whole", "Name": "String"}
    shapes = {
        "Key": {"type": "string", "sensitive": True, "pattern": "[a-z]*"},
        "Keys": listing("Key"),
        "ByName": mapping("Key"),
        "Whole": support.structure({"A": "String"}, sensitive=True),
    }
    package, request = putting(tmp_path, members, **shapes)
    made = request(
        key="S3CRET",
        keys=["S3CRET"],
        by_name={"a": "S3CRET"},
        whole=package.models.Whole(a="S3CRET"),
        name="shown",
    )
    assert "S3CRET" not in repr(made)
    assert "shown" in repr(made)
    client, server = connect(package, validate="strict")
    with pytest.raises(ValidationError) as caught:
        client.send(made)
    assert [found.path for found in caught.value.violations] == ["Key", "Keys[0]", "ByName.a"]
    assert "S3CRET" not in str(caught.value)
    assert server.requests == []
    assert unstructure(made)["Key"] == "S3CRET"


# --- Members --------------------------------------------------------------------------------------------


WORDS = {
    "from": "from_", "class": "class_", "None": "none", "self": "self_", "field": "field_",
    "str": "str_", "int": "int_", "datetime": "datetime_", "models": "models_", "tuple": "tuple_",
    "type": "type", "Import": "import_", "ARNs": "arns", "VPCId": "vpc_id",
    "SSEKMSKeyId": "ssekms_key_id", "kMSKey": "k_ms_key",
}  # fmt: skip


def test_members_that_python_has_words_for(tmp_path: Path) -> None:
    """They have an underscore behind them, everywhere but on the wire."""
    words = support.structure(dict.fromkeys(WORDS, "Strings"), *WORDS)
    package, request = putting(tmp_path, {"from": "Words"}, "from", Words=words, Strings=listing("String"))
    values = {name: [name] for name in WORDS}
    arguments = {attribute: [name] for name, attribute in WORDS.items()}
    cls = package.models.Words
    assert [field.name for field in attrs.fields(cls)] == list(WORDS.values())
    assert unstructure(cls(**arguments)) == values
    assert structure(values, cls) == cls(**arguments)
    client, server = connect(package, [{"from": values}])
    assert client.put_thing(from_=cls(**arguments)).from_ == cls(**arguments)
    assert server.bodies == [{"from": values}]
    assert problems(package, request(from_=cls(**{**arguments, "class_": 3}))) == ["from.class type"]


@pytest.mark.parametrize(
    "name", ["None", "Mapping", "Iterable", "Operation", "Structure", "Request", "Iterator"]
)
def test_structures_that_python_has_words_for(tmp_path: Path, name: str) -> None:
    """They live beside the types of the same name that the generated code itself uses."""
    members = {
        "One": name,
        "Many": "Many",
        "Named": "Named",
        "Tags": "Tags",
        "Words": "Words",
        "At": "Timestamp",
    }
    shapes = {
        name: support.structure({"Words": "Words", "Tags": "Tags"}),
        "Many": listing(name),
        "Named": mapping(name),
        "Tags": mapping("String"),
        "Words": listing("String"),
    }
    package, request = putting(tmp_path, members, **shapes)
    cls = getattr(package.models, "None_" if name == "None" else name)
    inner = {"Words": ["a"], "Tags": {"a": "b"}}
    values = {"One": inner, "Many": [inner], "Named": {"a": inner}, "Tags": {}, "Words": [], "At": MOMENT}
    made = structure(values, request)
    assert made.many == (cls(words=["a"], tags={"a": "b"}),)
    assert unstructure(made) == values
    assert problems(package, made) == []


def test_idempotency_tokens(tmp_path: Path) -> None:
    """A token is optional although the model requires it; botocore fills it in, or sends what is given."""
    members: dict[str, str | Json] = {"Token": {"shape": "Text", "idempotencyToken": True}, "Name": "Text"}
    package, request = putting(tmp_path, members, "Token", "Name", Text={"type": "string", "min": 3})
    assert problems(package, request(name="abc")) == []
    assert problems(package, request(name="abc", token="a")) == ["Token min"]
    client, server = connect(package, [{}, {}])
    client.put_thing(name="abc")
    client.put_thing(name="abc", token="mine")
    assert len(server.bodies[0]["Token"]) == 36
    assert server.bodies[1]["Token"] == "mine"
    assert "Filled in with a random value if it is None." in generated(package, "models/put_thing.py")


def generated(package: ModuleType, path: str) -> str:
    """The text of a generated file."""
    return (Path(str(package.__file__)).parent / path).read_text(encoding="utf-8")


def test_members_of_answers_are_optional(tmp_path: Path) -> None:
    """`required` binds requests; an answer without the member is read, with None."""
    model = spec(
        shapes={
            "Out": support.structure({"A": "String", "B": "Inner"}, "A"),
            "Inner": support.structure({"C": "String"}, "C"),
        },
        operations={"GetThing": operation(output="Out")},
    )
    package = generate_package(tmp_path, model)
    client, _ = connect(package, [{}, {"B": {}, "New": 1}, {"B": []}])
    assert client.get_thing() == package.models.Out()
    assert client.get_thing().b == package.models.Inner()
    with pytest.raises(StructureError, match=r"Out\.B must be a mapping"):
        structure({"B": "a"}, package.models.Out)


def test_deprecations(tmp_path: Path) -> None:
    """What goes away says so, with AWS's reason and date, in the docstring of each."""
    gone: Json = {"deprecated": True, "deprecatedMessage": "Use <b>B</b>.", "deprecatedSince": "2024-01-01"}
    note = "Deprecated. Use B. (since 2024-01-01)"
    shapes = {
        "In": support.structure({"A": {"shape": "String", **gone}, "C": "Old", "D": "Color"}),
        "Old": support.structure({"X": {"shape": "String", "deprecated": True}}, **gone),
        "Color": enum("red", **gone),
    }
    package = generate_package(
        tmp_path, spec(shapes=shapes, operations={"PutThing": operation("In", **gone)})
    )
    assert note in package.models.Old.__doc__
    assert note in package.models.Color.__doc__
    assert note in package.Client.put_thing.__doc__
    assert f'"""{note}"""' in generated(package, "models/in_.py")
    assert '"""Deprecated."""' in generated(package, "models/old.py")
    assert "Deprecated" not in package.models.In.__doc__
    kept: Json = dict.fromkeys(gone, False)
    again = generate_package(
        tmp_path, spec(shapes={"In": support.structure({}, **kept)}, operations={"PutX": operation("In")})
    )
    assert "Deprecated" not in again.models.In.__doc__


# --- Operations -----------------------------------------------------------------------------------------


def test_arguments_of_methods(tmp_path: Path) -> None:
    """Keywords only, required ones first, each with its type; lists and enums take what is convenient."""
    members = {"A": "String", "B": "Color", "C": "Strings", "D": "Inners", "E": "Tags", "F": "Integer"}
    shapes = {
        "Color": enum("red"),
        "Strings": listing("String"),
        "Inners": listing("Inner"),
        "Inner": support.structure({}),
        "Tags": mapping("String"),
    }
    package, _ = putting(tmp_path, members, "F", "C", **shapes)
    signature = inspect.signature(package.Client.put_thing)
    parameters = list(signature.parameters.values())[1:]
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert {parameter.name: parameter.annotation for parameter in parameters} == {
        "c": "list[str] | tuple[str, ...]",
        "f": "int",
        "a": "str | None",
        "b": "models.enums.ColorLike | None",
        "d": "Iterable[models.Inner] | None",
        "e": "Mapping[str, str] | None",
    }
    assert [parameter.name for parameter in parameters] == ["c", "f", "a", "b", "d", "e"]
    assert [parameter.default for parameter in parameters] == [inspect.Parameter.empty] * 2 + [None] * 4
    assert signature.return_annotation == "models.PutThingResponse"


def test_an_operation_without_input(tmp_path: Path) -> None:
    """It has a request class of its own, is called without arguments, and can be sent."""
    out = support.structure({"Count": "Integer"})
    package = generate_package(
        tmp_path, spec(shapes={"Out": out}, operations={"CountAll": operation(output="Out")})
    )
    client, server = connect(package, [{"Count": 3}, {"Count": 4}])
    assert client.count_all() == package.models.Out(count=3)
    assert client.send(package.models.CountAllRequest()).count == 4
    assert (server.bodies, server.targets) == ([{}, {}], ["CountAll", "CountAll"])


def test_an_operation_without_output(tmp_path: Path) -> None:
    """It gives None, although botocore has its metadata."""
    package = generate_package(
        tmp_path,
        spec(
            shapes={"In": support.structure({"A": "String"})},
            operations={"PutThing": operation("In"), "Stop": {}},
        ),
    )
    client, _ = connect(package, [{}, {}])
    assert client.put_thing(a="a") is None
    assert client.send(package.models.StopRequest()) is None


def test_shared_inputs(tmp_path: Path) -> None:
    """Two operations with one input have a request each, and `send` finds the right one by it."""
    shapes = {"Both": support.structure({"A": "String", "B": "Strings"}, "A"), "Strings": listing("String")}
    package = generate_package(
        tmp_path, spec(shapes=shapes, operations={"OpenIt": operation("Both"), "CloseIt": operation("Both")})
    )
    client, server = connect(package, [{}] * 4)
    client.open_it(a="1")
    client.close_it(a="2", b=["x"])
    client.send(package.models.CloseItRequest(a="3"))
    client.send(package.models.OpenItRequest(a="4"))
    assert server.targets == ["OpenIt", "CloseIt", "CloseIt", "OpenIt"]
    assert [body["A"] for body in server.bodies] == ["1", "2", "3", "4"]
    assert problems(package, package.models.OpenItRequest(a=1)) == ["A type"]
    with pytest.raises(TypeError, match="Both is not the request of an operation"):
        client.send(package.models.Both(a="1"))


def test_a_shared_input_with_the_name_of_a_request(tmp_path: Path) -> None:
    """Where `<Operation>Request` is the shared shape itself, its operation gets `<Operation>Input`."""
    shapes = {"OpenItRequest": support.structure({"A": "String"})}
    package = generate_package(
        tmp_path,
        spec(
            shapes=shapes,
            operations={"OpenIt": operation("OpenItRequest"), "CloseIt": operation("OpenItRequest")},
        ),
    )
    client, server = connect(package, [{}] * 3)
    client.open_it(a="1")
    client.close_it(a="2")
    client.send(package.models.OpenItInput(a="3"))
    assert server.targets == ["OpenIt", "CloseIt", "OpenIt"]


def test_shared_outputs(tmp_path: Path) -> None:
    """Operations share the class of their answer, also where it is part of another answer."""
    shapes = {
        "Bird": support.structure({"Name": "String"}),
        "Birds": listing("Bird"),
        "Flock": support.structure({"Birds": "Birds"}),
    }
    package = generate_package(
        tmp_path,
        spec(
            shapes=shapes,
            operations={
                "GetOld": operation(output="Bird"),
                "GetNew": operation(output="Bird"),
                "GetAll": operation(output="Flock"),
            },
        ),
    )
    client, _ = connect(package, [{"Name": "a"}, {"Name": "a"}, {"Birds": [{"Name": "a"}]}])
    bird = package.models.Bird(name="a")
    assert [client.get_old(), client.get_new()] == [bird, bird]
    assert client.get_all().birds == (bird,)


def test_one_shape_as_input_and_output(tmp_path: Path) -> None:
    """A request that is its own answer."""
    shapes = {"Thing": support.structure({"A": "String"}, "A")}
    package = generate_package(
        tmp_path, spec(shapes=shapes, operations={"PutThing": operation("Thing", "Thing")})
    )
    client, _ = connect(package, [{"A": "b"}])
    assert client.put_thing(a="a") == package.models.Thing(a="b")


def test_host_prefixes(tmp_path: Path) -> None:
    """The member with the label becomes part of the address."""
    shapes = {"In": support.structure({"Account": {"shape": "String", "hostLabel": True}}, "Account")}
    put = operation("In", endpoint={"hostPrefix": "{Account}.data."})
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutThing": put}))
    client, server = connect(package)
    client.put_thing(account="abc")
    assert server.requests[0].url == "https://abc.data.tiny.eu-west-1.amazonaws.com/"


def test_requests_are_checked_before_they_are_sent(tmp_path: Path) -> None:
    """Every violation at once; `validate=False` sends anything."""
    package, request = putting(
        tmp_path, {"A": "Short", "B": "Integer"}, "A", Short={"type": "string", "max": 1}
    )
    client, server = connect(package)
    with pytest.raises(ValidationError) as caught:
        client.put_thing(a="ab", b="1")
    assert [(found.path, found.rule) for found in caught.value.violations] == [("A", "max"), ("B", "type")]
    assert server.requests == []
    client, server = connect(package, validate=False)
    client.send(request(a="ab", b="1"))
    assert server.bodies == [{"A": "ab", "B": "1"}]


# --- Errors ---------------------------------------------------------------------------------------------


def failing(tmp_path: Path, **shapes: Json) -> ModuleType:
    """A package whose `put_thing` can fail."""
    operations = {"PutThing": operation(errors=[{"shape": name} for name in shapes])}
    return generate_package(tmp_path, spec(shapes=shapes, operations=operations))


def failure(package: ModuleType, code: str, status: int = 400, **body: object) -> errors.ServiceError:
    """What is raised for an error of the service."""
    client, _ = connect(package, [Answer({"__type": f"com.amazon#{code}", **body}, status)])
    with pytest.raises(errors.ServiceError) as caught:
        client.put_thing()
    assert caught.value.__cause__ is not None
    assert (caught.value.operation, caught.value.request_id) == ("PutThing", "request-1")
    return caught.value


def test_modelled_errors(tmp_path: Path) -> None:
    """A class for each, with the members that the service sends, and the base for all others."""
    members = {
        "message": "String",
        "Reason": "String",
        "Limit": "Integer",
        "from": "String",
        "Code": "String",
    }
    package = failing(tmp_path, LoftFullException=support.structure(members, exception=True))
    error: Any = failure(package, "LoftFullException", message="No room.", Reason="full", Limit=3)
    assert type(error) is errors_of(package).LoftFullError
    assert (error.code, error.message) == ("LoftFullException", "No room.")
    assert (error.reason, error.limit, error.from_, error.code_) == ("full", 3, None, None)
    assert not error.retryable
    assert "No room." in str(error)
    assert type(failure(package, "Other")) is errors.ServiceError


@pytest.mark.parametrize(
    ("traits", "status", "retryable"),
    [
        ({}, 400, False),
        ({}, 500, True),
        ({"fault": True}, 400, True),
        ({"retryable": {}}, 400, True),
        ({"retryable": {"throttling": True}}, 400, True),
    ],
)
def test_retryable_errors(tmp_path: Path, traits: Json, status: int, retryable: bool) -> None:
    """An error can be tried again where the model says so, or where it is the service's own."""
    package = failing(tmp_path, Broken=support.structure({}, exception=True, **traits))
    assert failure(package, "Broken", status).retryable is retryable


def test_error_codes(tmp_path: Path) -> None:
    """The code that the model gives an error counts, not the name of its shape."""
    package = failing(tmp_path, GoneFault=support.structure({}, exception=True, error={"code": "Tiny.Gone"}))
    assert type(failure(package, "Tiny.Gone")) is errors_of(package).GoneError


@pytest.mark.parametrize(
    ("shape", "base"),
    [
        ("ThrottlingException", errors.ThrottlingError),
        ("AccessDeniedException", errors.AccessDeniedError),
        ("ValidationException", errors.InvalidInputError),
        ("ConflictException", errors.ServiceError),
    ],
)
def test_errors_that_many_services_share(tmp_path: Path, shape: str, base: type[errors.ServiceError]) -> None:
    """A modelled error with a common code is caught as the common class, too; so is one without a model."""
    package = failing(tmp_path, **{shape: support.structure({"message": "String"}, exception=True)})
    assert type(failure(package, shape)).__bases__ == (base,)
    assert type(failure(failing(tmp_path, Unrelated=support.structure({}, exception=True)), shape)) is base


def test_two_errors_of_one_name(tmp_path: Path) -> None:
    """`Full` and `FullException` are two classes, which keep their own names."""
    package = failing(
        tmp_path,
        Full=support.structure({}, exception=True),
        FullException=support.structure({}, exception=True),
    )
    classes = {type(failure(package, code)) for code in ("Full", "FullException")}
    assert {cls.__name__ for cls in classes} == {"Full", "FullException"}


# --- Listings -------------------------------------------------------------------------------------------


LISTING = {
    "input_token": "NextToken",
    "output_token": "NextToken",
    "limit_key": "MaxResults",
    "result_key": "Birds",
}


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A package with a listing of structures."""
    request = {"Color": "String", "MaxResults": "Integer", "NextToken": "String"}
    shapes = {
        "ListBirdsRequest": support.structure(request, "Color"),
        "ListBirdsResponse": support.structure({"Birds": "Birds", "NextToken": "String"}),
        "Birds": listing("Bird"),
        "Bird": support.structure({"Name": "String"}),
    }
    model = spec(shapes=shapes, operations={"ListBirds": operation("ListBirdsRequest", "ListBirdsResponse")})
    return generate_package(tmp_path_factory.mktemp("birds"), model, paginators={"ListBirds": LISTING})


def page(names: str, token: str | None = None) -> Json:
    """One page of birds, each with a name of one letter."""
    return {"Birds": [{"Name": name} for name in names]} | ({"NextToken": token} if token else {})


def test_an_iterator_goes_across_pages(birds: ModuleType) -> None:
    """Items of all pages, empty ones included; page size and arguments on every page."""
    client, server = connect(birds, [page("ab", "1"), page("", "2"), {"NextToken": "3"}, page("c")])
    found = list(client.iter_birds(color="red", page_size=2))
    assert found == [birds.models.Bird(name=name) for name in "abc"]
    assert {(body["Color"], body["MaxResults"]) for body in server.bodies} == {("red", 2)}
    assert [body.get("NextToken") for body in server.bodies] == [None, "1", "2", "3"]


def test_an_iterator_is_lazy(birds: ModuleType) -> None:
    """Nothing is asked for before an item is wanted, and a page only when the one before is used up."""
    client, server = connect(birds, [page("ab", "1"), page("c")])
    found = client.iter_birds(color="red")
    assert server.requests == []
    assert [bird.name for bird in islice(found, 2)] == ["a", "b"]
    assert len(server.requests) == 1
    assert next(found).name == "c"
    assert len(server.requests) == 2


def test_an_iterator_starts_where_it_is_told(birds: ModuleType) -> None:
    """The token of a page that was kept."""
    client, server = connect(birds, [page("c")])
    assert [bird.name for bird in client.iter_birds(color="red", start_token="9")] == ["c"]
    assert server.bodies == [{"Color": "red", "NextToken": "9"}]


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"]])
def test_a_token_that_repeats(birds: ModuleType, tokens: list[str]) -> None:
    """The items that came are given; then an error, instead of the same pages for ever."""
    client, server = connect(birds, [page("a", token) for token in tokens])
    found = client.iter_birds(color="red")
    assert [next(found).name for _ in tokens] == ["a"] * len(tokens)
    with pytest.raises(PaginationError, match="twice"):
        next(found)
    assert len(server.requests) == len(tokens)


def test_an_iterator_checks_its_request(birds: ModuleType) -> None:
    """A wrong argument is found as in the method itself."""
    client, server = connect(birds)
    with pytest.raises(ValidationError, match="Color"):
        list(client.iter_birds(color=3))
    assert server.requests == []


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (["ListItems"], {"iter_items"}),
        (["DescribeItems"], {"iter_items"}),
        (["GetItems"], {"iter_items"}),
        (["ListItems", "DescribeItems"], {"iter_items", "iter_describe_items"}),
        (["SearchItems"], {"iter_search_items"}),
    ],
)
def test_names_of_iterators(tmp_path: Path, operations: list[str], expected: set[str]) -> None:
    """They are named after what they yield; the verb stays where the name would be taken."""
    client = listings(tmp_path, "Items", "NextToken", operations=operations).Client
    assert {name for name in dir(client) if name.startswith("iter_")} == expected


def listings(
    tmp_path: Path,
    items: str | list[str],
    token: str | list[str],
    *,
    operations: list[str],
    kind: str = "String",
) -> ModuleType:
    """A package with listings whose answers hold items and a token at the top and two levels below."""
    shapes = {
        "In": support.structure({"NextToken": kind}),
        "Out": support.structure({"Items": "Strings", "More": "Strings", "NextToken": kind, "A": "Nested"}),
        "Nested": support.structure({"B": "Deeper", "Count": "Integer"}),
        "Deeper": support.structure({"Items": "Strings", "NextToken": kind}),
        "Strings": listing("String"),
    }
    paginator = {"input_token": "NextToken", "output_token": token, "result_key": items}
    model = spec(shapes=shapes, operations={name: operation("In", "Out") for name in operations})
    return generate_package(tmp_path, model, paginators=dict.fromkeys(operations, paginator))


def test_nested_result_keys(tmp_path: Path) -> None:
    """`A.B.Items` are followed through the answer."""
    package = listings(tmp_path, "A.B.Items", "A.B.NextToken", operations=["ListItems"])
    first = {"A": {"B": {"Items": ["a", "b"], "NextToken": "1"}}}
    client, server = connect(package, [first, {"A": {"B": {"Items": ["c"]}}}])
    assert list(client.iter_items()) == ["a", "b", "c"]
    assert server.bodies == [{}, {"NextToken": "1"}]


@pytest.mark.parametrize(
    ("items", "token", "kind"),
    [
        (["Items", "More"], "NextToken", "String"),
        ("Items", ["NextToken", "More"], "String"),
        ("Items || More", "NextToken", "String"),
        ("Items[-1]", "NextToken", "String"),
        ("A.Count", "NextToken", "String"),
        ("A.Count.Items", "NextToken", "String"),
        ("Gone", "NextToken", "String"),
        ("Items", "NextToken", "Integer"),
        ("Items", "NextToken", "Strings"),
    ],
)
def test_listings_that_page_in_ways_of_their_own(tmp_path: Path, items: Any, token: Any, kind: str) -> None:
    """They have a method and no iterator."""
    client = listings(tmp_path, items, token, operations=["ListItems"], kind=kind).Client
    assert not [name for name in dir(client) if name.startswith("iter_")]
    assert client.list_items


# --- Bodies and protocols ---------------------------------------------------------------------------------


def streaming(tmp_path: Path) -> ModuleType:
    """A package with a body on each way, over the rest-json protocol."""
    header = {"shape": "String", "jsonvalue": True, "location": "header", "locationName": "x-tiny-extra"}
    shapes = {
        "In": support.structure(
            {
                "Id": {"shape": "String", "location": "uri", "locationName": "Id"},
                "Extra": header,
                "Body": "Body",
            },
            "Id",
            payload="Body",
        ),
        "Out": support.structure({"Extra": header, "Body": "Body"}, payload="Body"),
        "Body": {"type": "blob", "streaming": True},
    }
    put = operation("In", "Out", http={"method": "PUT", "requestUri": "/things/{Id}"})
    metadata = {"protocol": "rest-json", "protocols": ["rest-json"]}
    return generate_package(tmp_path, spec(shapes=shapes, operations={"PutThing": put}, metadata=metadata))


@pytest.mark.parametrize("body", [b"abc", bytearray(b"abc"), BytesIO(b"abc")])
def test_streaming_bodies(tmp_path: Path, body: Any) -> None:
    """A body is handed on as it is, and the answer's body comes unread; both say so in their types."""
    package = streaming(tmp_path)
    client, server = connect(package, [Answer(b"first\nsecond")])
    answer = client.put_thing(id="1", body=body)
    assert package.models.In(id="1", body=body).body is body
    sent = server.requests[0].body
    assert bytes(sent if isinstance(sent, bytes | bytearray) else body.getvalue()) == b"abc"
    assert list(answer.body.iter_lines()) == [b"first", b"second"]
    assert package.models.In.__annotations__["body"] == "StreamingInput | None"
    assert package.models.Out.__annotations__["body"] == "StreamingBody | None"
    assert problems(package, package.models.In(id="1", body="text")) == ["Body type"]


def test_json_values(tmp_path: Path) -> None:
    """A JSON value is any object; botocore packs it into its header and out of it."""
    package = streaming(tmp_path)
    extra = {"a": [1, None]}
    client, server = connect(package, [Answer(b"", headers={"x-amz-other": "1"})])
    client.put_thing(id="1", extra=extra)
    assert package.models.In(id="1", extra=extra).extra is extra
    packed = text(server.requests[0].headers["x-tiny-extra"])
    assert json.loads(b64decode(packed)) == extra
    client, _ = connect(package, [Answer(b"", headers={"x-tiny-extra": packed})])
    assert client.put_thing(id="1").extra == extra
    assert package.models.In.__annotations__["extra"] == "JsonValue | None"


def frame(event: str, payload: bytes) -> bytes:
    """One message of an event stream, as AWS frames it."""
    pairs = {":message-type": "event", ":event-type": event, ":content-type": "application/json"}
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in pairs.items()
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + payload
    return message + struct.pack("!I", crc32(message))


def test_event_streams(tmp_path: Path) -> None:
    """An answer's events are handed over as they arrive, as botocore has them."""
    shapes = {
        "Out": support.structure({"Events": "Events"}, payload="Events"),
        "Events": support.structure({"Started": "Started"}, eventstream=True),
        "Started": support.structure({"Name": "String"}, event=True),
    }
    metadata = {"protocol": "rest-json", "protocols": ["rest-json"]}
    model = spec(shapes=shapes, operations={"Watch": operation(output="Out")}, metadata=metadata)
    package = generate_package(tmp_path, model)
    client, _ = connect(
        package, [Answer(frame("Started", b'{"Name": "a"}') + frame("Started", b'{"Name": "b"}'))]
    )
    answer = client.watch()
    assert list(answer.events) == [{"Started": {"Name": "a"}}, {"Started": {"Name": "b"}}]
    assert package.models.Out.__annotations__["events"] == "EventStream | None"
    assert not hasattr(package.models, "Events")


EVERYTHING = {
    "Name": "String", "Count": "Integer", "On": "Boolean", "At": "Timestamp", "Color": "Color",
    "Inner": "Inner", "Items": "Items", "Tags": "Tags",
}  # fmt: skip


def everything(tmp_path: Path, protocol: str, **traits: Any) -> ModuleType:
    """A package with one member of most types, over a protocol."""
    shapes = {
        "In": support.structure(EVERYTHING, locationName="PutThingRequest"),
        "Out": support.structure(EVERYTHING),
        "Inner": support.structure({"A": "String"}),
        "Color": enum("red"),
        "Items": listing("Inner"),
        "Tags": mapping("String"),
    }
    metadata = {"protocol": protocol, "protocols": [protocol], "xmlNamespace": "urn:tiny"}
    model = spec(shapes=shapes, operations={"PutThing": operation("In", "Out", **traits)}, metadata=metadata)
    model["operations"]["PutThing"]["input"]["locationName"] = "PutThingRequest"
    if protocol == "query":
        model["operations"]["PutThing"]["output"]["resultWrapper"] = "PutThingResult"
    return generate_package(tmp_path, model)


def call(package: ModuleType, body: str) -> bytes:
    """Send one of each and read one of each; gives what was sent."""
    inner = package.models.Inner(a="x")
    given = {
        "name": "n", "count": 3, "on": True, "at": MOMENT, "color": "red", "inner": inner, "items": [inner],
        "tags": {"k": "v"},
    }  # fmt: skip
    client, server = connect(package, [Answer(body)])
    answer = client.put_thing(**given)
    assert answer == package.models.Out(**given)
    assert isinstance(answer.color, OpenEnum)
    sent: str | bytes = server.requests[0].body
    return sent.encode() if isinstance(sent, str) else sent


def test_rest_json(tmp_path: Path) -> None:
    """JSON over paths, with timestamps in seconds."""
    body = {
        "Name": "n", "Count": 3, "On": True, "At": 1709209815, "Color": "red", "Inner": {"A": "x"},
        "Items": [{"A": "x"}], "Tags": {"k": "v"},
    }  # fmt: skip
    package = everything(tmp_path, "rest-json")
    assert json.loads(call(package, json.dumps(body))) == body


XML = (
    "<Name>n</Name><Count>3</Count><On>true</On><At>2024-02-29T12:30:15Z</At><Color>red</Color>"
    "<Inner><A>x</A></Inner><Items><member><A>x</A></member></Items>"
    "<Tags><entry><key>k</key><value>v</value></entry></Tags>"
)


def test_rest_xml(tmp_path: Path) -> None:
    """XML, with timestamps in ISO 8601."""
    sent = call(everything(tmp_path, "rest-xml"), f"<Out>{XML}</Out>").decode()
    assert XML in sent


def test_query(tmp_path: Path) -> None:
    """A form with flat names, answered in XML with a wrapper."""
    answer = f"<PutThingResponse><PutThingResult>{XML}</PutThingResult></PutThingResponse>"
    sent = parse_qs(call(everything(tmp_path, "query"), answer).decode())
    assert sent["Action"] == ["PutThing"]
    assert (sent["Inner.A"], sent["Items.member.1.A"], sent["At"]) == (["x"], ["x"], ["2024-02-29T12:30:15Z"])
    assert (sent["Tags.entry.1.key"], sent["Tags.entry.1.value"]) == (["k"], ["v"])


def test_the_protocol_that_all_botocores_know_is_chosen(tmp_path: Path) -> None:
    """`metadata.protocol` may be newer than the botocore that is installed."""
    metadata = {"protocol": "smithy-rpc-v2-cbor", "protocols": ["smithy-rpc-v2-cbor", "json"]}
    model = spec(
        shapes={"In": support.structure({"A": "String"})},
        operations={"PutX": operation("In")},
        metadata=metadata,
    )
    client, server = connect(generate_package(tmp_path, model))
    client.put_x(a="b")
    assert server.bodies == [{"A": "b"}]


def test_the_model_for_botocore_has_no_texts(tmp_path: Path) -> None:
    """Documentation is left out, but a member that is called `documentation` is not."""
    members: dict[str, str | Json] = {
        "documentation": {"shape": "String", "documentation": "<p>Told.</p>"},
        "deprecatedMessage": "String",
    }
    package, _ = putting(tmp_path, members)
    client, server = connect(package)
    client.put_thing(documentation="a", deprecated_message="b")
    assert server.bodies == [{"documentation": "a", "deprecatedMessage": "b"}]
    assert "Told" not in generated(package, "_generated/service-2.json")
    assert "Told." in generated(package, "models/put_thing.py")
