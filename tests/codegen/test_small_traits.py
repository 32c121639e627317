"""Traits that few services have: values of a member's own, keys of maps, secrets in lists and maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.errors import SpecError
from datasync_sdk import structure as read
from datasync_sdk import unstructure
from tests.codegen.support import enum, generate_package, listing, mapping, operation, spec, structure

PUT = {"PutX": operation("In", "In")}


HIDDEN: dict[str, Any] = {
    "list": ["HUNTER2"],
    "map": {"HUNTER2": "HUNTER2"},
    "elements": ["HUNTER2"],
    "values": {"k": "HUNTER2"},
    "keys": {"HUNTER2": "toolong"},
    "deep": [["HUNTER2"]],
}


def problems(package: Any, request: Any, *, validate: Any = True) -> list[str]:
    """The paths and rules of what the check finds."""
    found = package.Client("eu-west-1", validate=validate).check(request)
    return [f"{violation.path} {violation.rule}" for violation in found]


def test_a_member_with_values_of_its_own(tmp_path: Path) -> None:
    """It has an enum that no other member of its shape has."""
    shapes = {
        "In": structure({"A": {"shape": "Plain", "enum": ["X", "Y"]}, "B": "Plain"}),
        "Plain": {"type": "string"},
    }
    package = generate_package(tmp_path, spec(shapes=shapes, operations=PUT))
    made = package.models.In(a="X", b="Z")
    assert made.a is package.models.InA.X
    assert type(made.b) is str
    assert unstructure(made) == {"A": "X", "B": "Z"}
    assert problems(package, made) == []
    assert problems(package, package.models.In(a="Z")) == ["A enum"]


def test_the_name_of_such_an_enum_can_be_taken(tmp_path: Path) -> None:
    """Then the generator stops with the path."""
    shapes = {
        "In": structure({"A": {"shape": "Plain", "enum": ["X"]}}),
        "InA": structure({}),
        "Plain": {"type": "string"},
    }
    with pytest.raises(SpecError, match=r"shapes.In.members.A.enum: 'InA' is taken"):
        generate_package(tmp_path, spec(shapes=shapes, operations=PUT))


def test_keys_of_maps_are_checked(tmp_path: Path) -> None:
    """Their length always, their pattern where the client is strict."""
    key = {"type": "string", "min": 3, "max": 5, "pattern": "[a-z]+"}
    shapes = {"In": structure({"M": "Map"}), "Key": key, "Map": mapping("String", key={"shape": "Key"})}
    package = generate_package(tmp_path, spec(shapes=shapes, operations=PUT))
    made = package.models.In(m={"abc": "x", "a": "x", "ABC": "x"})
    assert problems(package, made) == ["M.a min"]
    assert problems(package, made, validate="strict") == ["M.a min", "M.ABC pattern"]


@pytest.mark.parametrize(
    ("kind", "shapes"),
    [
        ("list", {"Held": listing("Text", sensitive=True)}),
        ("map", {"Held": mapping("Text", sensitive=True)}),
        ("elements", {"Held": listing("Secret")}),
        ("values", {"Held": mapping("Secret")}),
        ("keys", {"Held": mapping("Text", key={"shape": "Secret"})}),
        ("deep", {"Held": listing("Inner"), "Inner": listing("Text", sensitive=True)}),
    ],
)
def test_secrets_in_lists_and_maps(tmp_path: Path, kind: str, shapes: dict[str, Any]) -> None:
    """They are in no `repr` and in no message, whichever level of the type is marked."""
    text = {"type": "string", "max": 5, "pattern": "[a-z]+"}
    shapes = {"In": structure({"H": "Held"}), "Text": text, "Secret": {**text, "sensitive": True}, **shapes}
    package = generate_package(tmp_path, spec(shapes=shapes, operations=PUT))
    made = package.models.In(h=HIDDEN[kind])
    assert "HUNTER2" not in repr(made)
    found = package.Client("eu-west-1", validate="strict").check(made)
    assert {violation.rule for violation in found} == {"max", "pattern"}
    assert "HUNTER2" not in str(found)
    assert read(unstructure(made), package.models.In) == made


def test_converters_of_one_name_stop_the_generator(tmp_path: Path) -> None:
    """A list of an enum called `Str` and one of strings would share `to_str_tuple`."""
    shapes = {
        "In": structure({"A": "Strings", "B": "Strs"}),
        "Strings": listing("String"),
        "Str": enum("X"),
        "Strs": listing("Str"),
    }
    with pytest.raises(SpecError, match="needs another converter 'to_str_tuple'"):
        generate_package(tmp_path, spec(shapes=shapes, operations=PUT))


def test_the_name_of_a_service_can_be_given(tmp_path: Path) -> None:
    """Where neither the folder nor the endpoint tells it, as for a copy of sesv2's spec."""
    source = tmp_path / "service-2.json"
    source.write_text(json.dumps(spec(shapes={"In": structure({})}, operations=PUT)), encoding="utf-8")
    arguments = ["generate", "--spec", str(source), "--package", "mail", "--out", str(tmp_path / "out")]
    assert main([*arguments, "--service", "sesv2"]) == 0
    text = (tmp_path / "out/mail/_generated/service.py").read_text(encoding="utf-8")
    assert 'name="sesv2"' in text
