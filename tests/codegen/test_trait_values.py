"""What each trait of values and collections does.

Generated from a tiny spec, imported, and used with real botocore.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest

from datasync_sdk import structure, unstructure
from tests.codegen import support
from tests.codegen.support import (
    Json,
    connect,
    enum,
    listing,
    mapping,
)
from tests.codegen.traits import MOMENT, problems, putting

# Values


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


# Collections


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
    assert problems(package, request(tags={1: "a", "b": 2})) == ["Tags.1 type", "Tags.b type"]


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
