"""`datasync_sdk.history` and what docstrings say of when things came, against the revisions themselves."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest
from botocore import xform_name

import datasync_sdk
from datasync_sdk import client, history, models
from datasync_sdk._generated.history import HISTORY
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.models import DescribeTaskExecutionResponse, Options, TaskExecutionStatus, TaskMode

ROOT = Path(datasync_sdk.__file__).parent
REVISIONS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT.parent / "specs/datasync/revisions").glob("*.json"))
}
FIRST, NEWEST = min(REVISIONS), max(REVISIONS)


def present(service: Any) -> Iterator[str]:
    """Everything that callers can name: `CreateTask()`, `Options`, `Options.Uid`, `TaskMode.BASIC`."""
    yield from (f"{name}()" for name in service["operations"])
    for name, shape in service["shapes"].items():
        if shape["type"] == "structure":
            yield from (name, *(f"{name}.{member}" for member in shape["members"]))
        elif "enum" in shape:
            yield from (name, *(f"{name}.{value}" for value in shape["enum"]))


PRESENT = {day: set(present(revision["service"])) for day, revision in REVISIONS.items()}
SHAPES = REVISIONS[NEWEST]["service"]["shapes"]


def came(name: str) -> str:
    """The date since when something is there without a break."""
    absent = [day for day, names in PRESENT.items() if name not in names]
    return min(day for day in PRESENT if not absent or day > max(absent))


SINCE = {name: came(name) for name in PRESENT[NEWEST]}
CLASSES = [cls for name in sorted(models.__all__) if isinstance(cls := getattr(models, name), type)]
STRUCTURES: list[type[Structure]] = [cls for cls in CLASSES if issubclass(cls, Structure)]
ENUMS: list[type[OpenEnum]] = [cls for cls in CLASSES if issubclass(cls, OpenEnum)]


def of(cls: type[Structure]) -> dict[str, str]:
    """The members of a class, by the names of their attributes."""
    return {xform_name(member): member for member in SHAPES[cls.__name__]["members"]}


def revision(day: str) -> history.Revision:
    """What the SDK calls the revision of a date."""
    return history.Revision(date.fromisoformat(day), REVISIONS[day]["botocore"])


# --- Since when -----------------------------------------------------------------------------------------


def test_revisions() -> None:
    """Each of them, in order, with the botocore that brought it."""
    assert history.revisions() == tuple(map(revision, REVISIONS))
    assert list(history.revisions()) == sorted(history.revisions())


def test_everything_is_asked_for() -> None:
    """The tests that follow leave no name of the API out, beside operations."""
    names = {cls.__name__ for cls in CLASSES}
    names |= {f"{cls.__name__}.{member}" for cls in STRUCTURES for member in of(cls).values()}
    names |= {f"{cls.__name__}.{value}" for cls in ENUMS for value in cls}
    assert names == {name for name in PRESENT[NEWEST] if not name.endswith("()")}


def test_since_of_classes() -> None:
    """A class is there since its shape is."""
    found = {cls.__name__: history.since(cls) for cls in CLASSES}
    assert found == {cls.__name__: revision(SINCE[cls.__name__]) for cls in CLASSES}


def test_since_of_attributes() -> None:
    """An attribute is there since its member is."""
    for cls in STRUCTURES:
        members = of(cls)
        fields = attrs.fields(cls)  # type: ignore[arg-type]  # it is one
        found = {field.name: history.since(cls, field.name) for field in fields}
        assert found == {
            attribute: revision(SINCE[f"{cls.__name__}.{member}"]) for attribute, member in members.items()
        }


def test_since_of_values() -> None:
    """A value has its own date."""
    for cls in ENUMS:
        found = {value: history.since(value) for value in cls}
        assert found == {value: revision(SINCE[f"{cls.__name__}.{value.value}"]) for value in cls}


def test_since_of_operations() -> None:
    """What is found by a name of AWS, as messages do."""
    for name in PRESENT[NEWEST]:
        if name.endswith("()"):
            assert HISTORY.find(name) == revision(SINCE[name])


def test_examples() -> None:
    """What the module's own text says."""
    mode = history.since(TaskMode)
    assert (mode.date, mode.botocore) == (date(2024, 10, 30), "1.35.52")
    assert str(mode) == "API 2024-10-30 (botocore 1.35.52)"
    assert history.since(DescribeTaskExecutionResponse, "task_mode") == mode
    cancelling = history.since(TaskExecutionStatus.CANCELLING)
    assert (cancelling.date, cancelling.botocore) == (date(2024, 5, 15), "1.34.106")
    assert history.since(TaskExecutionStatus).date == date(2018, 11, 26)
    assert history.since(Options, "uid") < history.since(Options, "object_tags") < mode


# --- What is gone ---------------------------------------------------------------------------------------

KINDS = {"operation", "structure", "enum", "member", "value"}


def expected_removals() -> list[tuple[str, str, str]]:
    """The day when something was last seen to be gone, its name, and since when it had been there.

    What a class had that went with the class is not listed.
    """
    days = list(REVISIONS)
    found = []
    for name in set().union(*PRESENT.values()) - PRESENT[NEWEST]:
        last = max(index for index, day in enumerate(days) if name in PRESENT[day])
        absent = [index for index in range(last) if name not in PRESENT[days[index]]]
        since = days[max(absent) + 1] if absent else days[0]
        owner = name.partition(".")[0]
        if "." not in name or owner in PRESENT[days[last + 1]]:
            found.append((days[last + 1], name, since))
    return sorted(found)


def test_removed() -> None:
    """Everything that was part of the API, in the order in which it went."""
    found = [
        (f"{it.until.date}", f"{it.name}()" if it.kind == "operation" else it.name, f"{it.since.date}")
        for it in history.removed()
    ]
    assert found == expected_removals()
    for it in history.removed():
        assert it.since == revision(f"{it.since.date}")
        assert it.until == revision(f"{it.until.date}")
        assert it.kind in KINDS
        assert (it.kind in ("member", "value")) == ("." in it.name)


def test_removed_by_example() -> None:
    """A value, and the operations of Discovery with their structures."""
    gone = {it.name: it for it in history.removed()}
    best_effort = gone["PosixPermissions.BEST_EFFORT"]
    assert (best_effort.kind, best_effort.since) == ("value", revision(FIRST))
    assert best_effort.until == revision("2019-11-20")
    discovery = [it for it in history.removed() if it.kind == "operation"]
    assert len(discovery) == 13
    assert {it.until.date for it in discovery} == {date(2025, 5, 20)}
    assert "AddStorageSystem" in {it.name for it in discovery}
    assert gone["DiscoveryJobStatus"].kind == "enum"
    assert "DiscoveryJobStatus.RUNNING" not in gone


# --- What has no date -----------------------------------------------------------------------------------


def test_unknown_attributes() -> None:
    """The nearest one is named."""
    with pytest.raises(ValueError, match=r"^Options has no attribute 'uuid'; did you mean 'uid'\?$"):
        history.since(Options, "uuid")
    with pytest.raises(ValueError, match=r"^Options has no attribute 'zzz'$"):
        history.since(Options, "zzz")
    for name in ("", "Uid", "__init__"):
        with pytest.raises(ValueError, match=r"^Options has no attribute "):
            history.since(Options, name)


def test_unknown_values() -> None:
    """A value that a newer service sends."""
    with pytest.raises(ValueError, match=r"FASTER.*nobody knows since when"):
        history.since(TaskMode("FASTER"))


class Fast(OpenEnum):
    """An enum that is no part of the API."""

    YES = "YES"


FOREIGN: list[Any] = [
    (None,),
    ("TaskMode",),
    (42,),
    (str,),
    (Structure,),
    (OpenEnum,),
    (Enum,),
    (Options(),),
    (models,),
    (datasync_sdk.Client,),
    (datasync_sdk.Client.create_task,),
    (Options(), "uid"),
    (TaskMode, "BASIC"),
    (TaskMode, ""),
    (TaskMode.BASIC, "value"),
    (Fast.YES,),
    (Fast,),
]


@pytest.mark.parametrize("arguments", FOREIGN, ids=range(len(FOREIGN)))
def test_foreign_things(arguments: tuple[Any, ...]) -> None:
    """Whatever is no class of models, no attribute and no value: what can be asked for is said."""
    with pytest.raises(TypeError, match=r"^since takes a class of datasync_sdk\.models, ") as caught:
        history.since(*arguments)
    assert repr(arguments[0]) in str(caught.value)


# --- Docstrings -----------------------------------------------------------------------------------------

SAID = re.compile(r"New in API (\S+)\.(?=\s|$)")


def dates(text: object) -> list[str]:
    """The dates in a docstring, wherever its lines are broken."""
    return SAID.findall(" ".join(str(text or "").split()))


def note(name: str, owner: str | None = None) -> list[str]:
    """The dates that are to be said of something: none where it, or all that it is part of, is as old."""
    day = SINCE[name]
    return [] if day in (FIRST, owner and SINCE[owner]) else [day]


def sources(*folders: str) -> Iterator[ast.ClassDef]:
    """The classes in generated files."""
    for folder in folders:
        for path in sorted((ROOT / folder).glob("*.py")):
            yield from (it for it in ast.parse(path.read_text("utf-8")).body if isinstance(it, ast.ClassDef))


SOURCES = {cls.name: cls for cls in sources("models")}


def documented(cls: ast.ClassDef) -> dict[str, str]:
    """The docstring of each attribute and value."""
    found = {}
    for node, after in zip(cls.body, [*cls.body[1:], None], strict=True):
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign):
            target = node.targets[0]
        if isinstance(target, ast.Name):
            doc = after.value if isinstance(after, ast.Expr) else None
            found[target.id] = str(doc.value) if isinstance(doc, ast.Constant) else ""
    return found


def test_docstrings_of_structures() -> None:
    """A class and an attribute say since when they are there, unless that is the first day."""
    for cls in STRUCTURES:
        source, members = SOURCES[cls.__name__], of(cls)
        assert dates(ast.get_docstring(source)) == note(cls.__name__)
        found = {attribute: dates(text) for attribute, text in documented(source).items()}
        assert found == {it: note(f"{cls.__name__}.{member}") for it, member in members.items()}


def test_docstrings_of_enums() -> None:
    """So does an enum; a value does where it is newer than its enum."""
    for cls in ENUMS:
        source = SOURCES[cls.__name__]
        assert dates(ast.get_docstring(source)) == note(cls.__name__)
        found = {name: dates(text) for name, text in documented(source).items()}
        assert found == {it.name: note(f"{cls.__name__}.{it.value}", cls.__name__) for it in cls}


def test_docstrings_of_errors() -> None:
    """So do the exceptions that are raised for the errors of the service."""
    found = {cls.name: dates(ast.get_docstring(cls)) for cls in sources("_generated") if cls.bases}
    shapes = [name for name, shape in SHAPES.items() if shape.get("exception")]
    expected = {f"{name.removesuffix('Exception')}Error": note(name) for name in shapes}
    assert {name: found[name] for name in expected} == expected


METHODS = {
    method.name: ast.get_docstring(method) or ""
    for cls in sources("_generated/operations")
    for method in cls.body
    if isinstance(method, ast.FunctionDef)
}
OPERATIONS = {xform_name(name): name for name in REVISIONS[NEWEST]["service"]["operations"]}


def parts(docstring: str) -> tuple[str, dict[str, str]]:
    """What is said of a method, and of each of its arguments."""
    head, _, rest = docstring.partition("\n\nRaises:")[0].partition("\n\nArgs:\n")
    found = re.split(r"^    (\w+)(?::|$)", rest, flags=re.MULTILINE)
    return head, dict(zip(found[1::2], found[2::2], strict=True))


def test_docstrings_of_methods() -> None:
    """A method says it of its operation, and of those arguments that are newer than the operation."""
    for method, operation in OPERATIONS.items():
        request = REVISIONS[NEWEST]["service"]["operations"][operation]["input"]["shape"]
        head, arguments = parts(METHODS[method])
        assert dates(head) == note(f"{operation}()")
        found = {argument: dates(text) for argument, text in arguments.items()}
        members = SHAPES[request]["members"]
        assert found == {xform_name(it): note(f"{request}.{it}", request) for it in members}


def test_docstrings_of_iterators() -> None:
    """Iterators say it as the methods do whose pages they go over."""
    iterators = METHODS.keys() - OPERATIONS.keys()
    assert len(iterators) == len(REVISIONS[NEWEST]["paginators"]["pagination"])
    for iterator in iterators:
        listing = iterator.replace("iter_", "list_", 1)
        head, arguments = parts(METHODS[iterator])
        assert dates(head) == note(f"{OPERATIONS[listing]}()")
        for argument, text in parts(METHODS[listing])[1].items():
            if argument in arguments:
                assert dates(arguments[argument]) == dates(text)


def test_methods_are_those_of_the_client() -> None:
    """What was read here is what callers have."""
    assert all(hasattr(client.Client, name) for name in METHODS)
