"""What each trait of structures and members does.

Generated from a tiny spec, imported, and used with real botocore.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import structure, unstructure
from datasync_sdk.errors import StructureError, ValidationError
from tests.codegen import support
from tests.codegen.support import (
    Json,
    connect,
    enum,
    generate_package,
    listing,
    mapping,
    operation,
    spec,
)
from tests.codegen.traits import MOMENT, generated, problems, putting

# Structures


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


# Members

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
