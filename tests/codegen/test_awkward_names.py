"""Names that a service may have and that the generated modules, or Python, use themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from codegen.pipeline import REPOSITORY
from datasync_sdk import structure as read
from datasync_sdk import unstructure
from datasync_sdk.errors import ServiceError
from tests.codegen.support import (
    Answer,
    connect,
    enum,
    generate_package,
    listing,
    mapping,
    operation,
    spec,
    structure,
)

HELPERS = (
    "Any Client FrozenMap Iterable JsonValue Literal Mapping Member Object Operation OpenEnum Request Self"
    " Structure TYPE_CHECKING TypeAlias Union Wire c converters enums field frozen models twin w"
).split()
ERROR_MEMBERS = (
    "args codes httpStatus operation property requestId response retries retryAttempts retryable"
    " withTraceback"
).split()


def type_checks(package: ModuleType, tmp_path: Path) -> None:
    """The package satisfies mypy --strict."""
    out = Path(str(package.__file__)).parents[1]
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--cache-dir",
            str(tmp_path / "mypy"),
            "-p",
            package.__name__,
        ],
        env={**os.environ, "MYPYPATH": str(out)},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("kind", ["structure", "enum"])
def test_shapes_called_like_helpers(tmp_path: Path, kind: str) -> None:
    """All of them at once in one service: they work on the wire, are checked, and type-check."""
    own = structure({"A": "String"}) if kind == "structure" else enum("X", "Y")
    members = {f"{name.replace('_', '')}Member": name for name in HELPERS}
    shapes = {
        "In": structure(
            {**members, "List": "Strings", "Map": "Entries", "Time": "Timestamp", "Any": "Document"}
        ),
        "Strings": listing("String"),
        "Entries": mapping("Item"),
        "Item": structure({"Colors": "Colors"}),
        "Colors": listing("Color"),
        "Color": enum("RED"),
        "Document": structure({}, document=True),
        **dict.fromkeys(HELPERS, own),
    }
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutX": operation("In", "In")}))
    data = {
        **dict.fromkeys(members, {"A": "x"} if kind == "structure" else "X"),
        "List": ["x"],
        "Map": {"a": {"Colors": ["RED"]}},
        "Any": {"a": [1]},
    }
    client, server = connect(package, [{**data, "Time": 1}])
    request = read({**data, "Time": datetime(2020, 1, 1, tzinfo=UTC)}, package.models.In)
    answer = client.send(request)
    assert {**server.bodies[0], "Time": None} == {**data, "Time": None}
    assert unstructure(answer) == {**data, "Time": datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)}
    type_checks(package, tmp_path)


@pytest.mark.parametrize("name", ["Converters", "Enums"])
def test_a_noun_that_is_a_module_of_the_generator(tmp_path: Path, name: str) -> None:
    """`ConvertersConfig` does not take the place of `models/converters.py`."""
    shapes = {
        "In": structure({"L": "Items", "C": f"{name}Config", "E": "Color"}),
        "Item": structure({"A": "String"}),
        "Items": listing("Item"),
        "Color": enum("RED"),
        f"{name}Config": structure({"A": "String"}),
    }
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutX": operation("In")}))
    data = {"L": [{"A": "a"}], "C": {"A": "b"}, "E": "RED"}
    assert unstructure(read(data, package.models.In)) == data


def test_an_argument_called_models(tmp_path: Path) -> None:
    """It would hide the module that the method takes the request's class from."""
    shapes = {"In": structure({"Models": "String"})}
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutX": operation("In")}))
    client, server = connect(package)
    client.put_x(models_="a")
    assert server.bodies == [{"Models": "a"}]


@pytest.mark.parametrize("member", ERROR_MEMBERS)
def test_members_of_errors(tmp_path: Path, member: str) -> None:
    """What every error has stays what it is; the member has an underscore behind its name."""
    shapes = {"Bad": structure({member: "String", "other": "String"}, exception=True)}
    operations = {"PutX": operation(errors=[{"shape": "Bad"}])}
    package = generate_package(tmp_path, spec(shapes=shapes, operations=operations))
    client, _ = connect(
        package, [Answer({"__type": "Bad", "message": "m", member: "mine", "other": "o"}, 400)]
    )
    with pytest.raises(ServiceError) as caught:
        client.put_x()
    error = caught.value
    assert (type(error).__name__, error.message, error.operation) == ("BadError", "m", "PutX")
    assert error.retryable is False
    assert "mine" in [getattr(error, name) for name in dir(error) if name.endswith("_") and name[:1] != "_"]


VALUES = [
    ["2xl", "2XL"],
    ["v1", "1"],
    ["a-b", "a_b"],
    ["a b", "a-b", "a.b"],
    ["value", "VALUE"],
    ["name", "NAME"],
    ["mro", "MRO"],
    ["_x_", "x"],
    ["is_known", "IS_KNOWN"],
    ["\x01", "\x02"],
    ["None", "none"],
    ["a_b", "aB"],
    ["EMPTY", ""],
    ["*", "ASTERISK"],
    ["_value_"],
    ["_missing_", "missing"],
    ["__x__"],
    ["é", "É"],
    ["\u0661"],
    ['"', "\\", "\n"],
]


@pytest.mark.parametrize("values", VALUES, ids=ascii)
def test_values_of_enums(tmp_path: Path, values: list[str]) -> None:
    """Every value has a member of its own, whatever it is and whatever the others are."""
    shapes = {"In": structure({"C": "Color"}), "Color": enum(*values)}
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutX": operation("In")}))
    colors = package.models.Color
    assert sorted(member.value for member in colors) == sorted(values)
    for value in values:
        assert colors(value).is_known
        assert unstructure(package.models.In(c=value)) == {"C": value}


def test_words_of_the_service_that_end_a_docstring(tmp_path: Path) -> None:
    """A service's name stands in docstrings, whatever it has in it."""
    model = spec(shapes={"In": structure({})}, operations={"PutX": operation("In")})
    model["metadata"]["serviceFullName"] = 'The """ best \\ service'
    assert generate_package(tmp_path, model).Client
