"""Lists and maps of several levels, with enums, structures, documents and nothing in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasync_sdk import structure as read
from datasync_sdk import unstructure
from tests.codegen.support import enum, generate_package, listing, mapping, operation, spec, structure
from tests.codegen.test_awkward_names import type_checks

SHAPES = {
    "In": structure(
        {
            "Grid": "Grid",
            "Moods": "Moods",
            "Teams": "Teams",
            "Papers": "Papers",
            "Files": "Files",
            "Gaps": "Gaps",
        }
    ),
    "Color": enum("RED", "BLUE"),
    "Row": listing("Color"),
    "Grid": listing("Row"),
    "Moods": mapping("Color"),
    "Person": structure({"Name": "String"}, "Name"),
    "Team": listing("Person"),
    "Teams": mapping("Team"),
    "Document": structure({}, document=True),
    "Papers": listing("Document"),
    "Files": mapping("Document"),
    "MaybePerson": listing("Person", sparse=True),
    "Gaps": mapping("MaybePerson", sparse=True),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A service with all of them in one request."""
    model = spec(shapes=SHAPES, operations={"PutX": operation("In", "In")})
    return generate_package(tmp_path_factory.mktemp("deep"), model)


def test_strings_become_members_at_every_level(package: Any) -> None:
    """What a caller gives has the types that the attributes say."""
    made = package.models.In(grid=[["RED"], ["BLUE", "GREEN"]], moods={"a": "RED"})
    assert made.grid == (("RED",), ("BLUE", "GREEN"))
    assert {type(color) for row in made.grid for color in row} == {package.models.Color}
    assert [color.is_known for color in made.grid[1]] == [True, False]
    assert type(made.moods["a"]) is package.models.Color
    assert hash(made) == hash(read(unstructure(made), package.models.In))


def test_structures_in_lists_in_maps(package: Any) -> None:
    """They become tuples in a frozen mapping, and dicts in lists again."""
    ann = package.models.Person(name="Ann")
    made = package.models.In(teams={"red": [ann]})
    assert made.teams == {"red": (ann,)}
    assert unstructure(made) == {"Teams": {"red": [{"Name": "Ann"}]}}
    assert read(unstructure(made), package.models.In) == made


def test_documents_stay_as_they_are(package: Any) -> None:
    """A document is the caller's: nothing in it is made a tuple."""
    value = {"Papers": [{"a": [1, [2]]}, [3], None][:2], "Files": {"x": {"b": [1]}}}
    made = package.models.In(papers=value["Papers"], files=value["Files"])
    assert unstructure(made) == value
    assert read(unstructure(made), package.models.In) == made


def test_sparse_lists_and_maps_hold_none(package: Any) -> None:
    """`sparse` says that None is a value: it is read, checked and written."""
    value = {"Gaps": {"a": None, "b": [None, {"Name": "Ann"}]}}
    made = read(value, package.models.In)
    assert made.gaps == {"a": None, "b": (None, package.models.Person(name="Ann"))}
    assert unstructure(made) == value
    assert package.Client("eu-west-1").check(made) == ()
    bad = package.models.In(gaps={"b": [3]})
    (violation,) = package.Client("eu-west-1").check(bad)
    assert (violation.path, violation.rule) == ("Gaps.b[0]", "type")


def test_they_type_check(package: Any, tmp_path: Path) -> None:
    """Mypy --strict finds nothing, with a list and a map in one request."""
    type_checks(package, tmp_path)
