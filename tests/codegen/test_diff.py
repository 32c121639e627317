"""The differ by example, its three formats, and its command."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import botocore
import pytest

from codegen.__main__ import main
from codegen.evolution.diff import Diff
from codegen.evolution.report import as_markdown, as_text
from codegen.pipeline import SPECS
from tests.codegen.evolving import DATES, DOCUMENTATION_ONLY, MAJOR, NEIGHBOURS, Model, at, told
from tests.codegen.support import (
    Json,
    enum,
    failure,
    listing,
    mapping,
    operation,
    spec,
    structure,
    write_spec,
)

BEFORE = {new: old for old, new in NEIGHBOURS}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What `python -m codegen diff` prints."""
    assert main(["diff", *map(str, arguments)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> Json:
    """What it prints for programs."""
    found: Json = json.loads(run(capsys, *arguments, "--format", "json"))
    return found


# --- Revisions of this service --------------------------------------------------------------------------

CANCELLING = """\
2024-05-15 - AWS DataSync - 2 updated api methods

DescribeTaskExecution (updated)
Changes (response) {'Status': {'CANCELLING'}}

ListTaskExecutions (updated)
Changes (response) {'TaskExecutions': {'Status': {'CANCELLING'}}}

The SDK's next release must be a minor version.
"""


def test_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A new value of an enum, in the form of AWS's API change logs."""
    assert run(capsys, "2024-05-03", "2024-05-15") == CANCELLING


def test_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for a program."""
    nothing: Json = {"added": [], "removed": []}
    assert run_json(capsys, "2024-05-03", "2024-05-15") == {
        "from": "2024-05-03",
        "to": "2024-05-15",
        "operations": nothing,
        "shapes": nothing,
        "members": nothing,
        "enum_values": {"added": {"TaskExecutionStatus": ["CANCELLING"]}, "removed": {}},
        "required": nothing,
        "types_changed": [],
        "constraints": [],
        "metadata": [],
        "paginators": {**nothing, "changed": []},
        "updated_operations": {
            "DescribeTaskExecution": {"request": None, "response": {"Status": ["CANCELLING"]}},
            "ListTaskExecutions": {
                "request": None,
                "response": {"TaskExecutions": {"Status": ["CANCELLING"]}},
            },
        },
        "breaking": [],
        "version": "minor",
        "documentation_only": False,
    }


MARKDOWN = """\
## 2024-05-15 - AWS DataSync - 2 updated api methods

### DescribeTaskExecution (updated)

Changes (response)

```python
{'Status': {'CANCELLING'}}
```

### ListTaskExecutions (updated)

Changes (response)

```python
{'TaskExecutions': {'Status': {'CANCELLING'}}}
```

### The SDK's next release must be a minor version.
"""


def test_the_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for a pull request."""
    assert run(capsys, "2024-05-03", "2024-05-15", "--format", "markdown").strip() == MARKDOWN.strip()


@pytest.mark.parametrize(("old", "new"), NEIGHBOURS)
def test_markdown_that_a_renderer_understands(old: str, new: str) -> None:
    """Outside of fences, which are all closed, are headings, lists of code, and what a fence shows."""
    fenced = False
    for line in as_markdown(Diff(old=at(old).api(old), new=at(new).api(new))).splitlines():
        if line.startswith("```"):
            assert line == ("```" if fenced else "```python")
            fenced = not fenced
        elif not fenced:
            assert line == "" or line.startswith(("## ", "### ", "- `", "Changes (", "Request", "Response"))
            assert not line.startswith("- ") or line.endswith("`")
    assert not fenced


def test_markdown_of_a_pattern() -> None:
    """What is in a pattern ends no code."""
    old, new = (model(members(T={"type": "string", "pattern": pattern})) for pattern in ("a`b", "c"))
    printed = as_markdown(Diff(old=old.api(), new=new.api()))
    assert "\n- ``T pattern: a`b -> c (changed)``\n" in printed


def test_a_member_with_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    """New members have their types, and of a limit it is said whether it is tighter."""
    text = run(capsys, "2024-05-15", "2024-10-30")
    assert text.startswith("2024-10-30 - AWS DataSync - 8 updated api methods\n")
    assert ",\n 'TaskMode': 'BASIC | ENHANCED'}\n\nDescribeTask (updated)\nChanges (response)\n{'M" in text
    assert "'FilesListed': {'AtSource': 'long', 'AtDestinationForDelete': 'long'}" in text
    assert "- S3BucketArn max: 156 -> 268 (relaxed)\n" in text
    said = run_json(capsys, "2024-05-15", "2024-10-30")
    assert "CreateTaskRequest.TaskMode" in said["members"]["added"]
    assert not any(name.startswith("TaskExecutionFilesListedDetail.") for name in said["members"]["added"])
    assert {
        "shape": "S3BucketArn",
        "trait": "max",
        "from": 156,
        "to": 268,
        "effect": "relaxed",
    } in said["constraints"]
    assert said["updated_operations"]["ListTasks"] == {
        "request": None,
        "response": {"Tasks": {"TaskMode": "BASIC | ENHANCED"}},
    }


def test_a_member_that_became_required(capsys: pytest.CaptureFixture[str]) -> None:
    """Who did not give it must now."""
    said = run_json(capsys, "2018-11-26", "2019-05-13")
    assert said["required"] == {
        "added": ["TagListEntry.Key"],
        "removed": ["CreateLocationEfsRequest.Subdirectory", "CreateLocationS3Request.Subdirectory"],
    }
    assert said["breaking"] == ["TagListEntry.key must be given"]
    assert said["version"] == "major"
    text = run(capsys, "2018-11-26", "2019-05-13")
    assert "'Tags': {'Key': 'now required; pattern changed', 'Value': 'pattern changed'}" in text
    assert text.endswith(
        "\n\nBreaking for callers of the generated code\n- TagListEntry.key must be given\n"
        "\nThe SDK's next release must be a major version.\n"
    )


def test_operations_that_are_gone(capsys: pytest.CaptureFixture[str]) -> None:
    """All of Discovery."""
    said = run_json(capsys, "2025-03-05", "2025-05-20")
    assert len(said["operations"]["removed"]) == 13
    assert (said["operations"]["added"], said["updated_operations"], said["version"]) == ([], {}, "major")
    assert "Client.add_storage_system() is gone" in said["breaking"]
    assert "models.DiscoveryJobStatus is gone" in said["breaking"]
    text = run(capsys, "2025-03-05", "2025-05-20")
    assert text.startswith(
        "2025-05-20 - AWS DataSync - 13 removed api methods\n\nAddStorageSystem (removed)\n"
    )
    back = run(capsys, "2025-05-20", "2025-03-05")
    assert back.startswith(
        "2025-03-05 - AWS DataSync - 13 new api methods\n\nAddStorageSystem (new)\nRequest\n"
    )


@pytest.mark.parametrize("date", DOCUMENTATION_ONLY)
def test_documentation_only(date: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Revisions whose API is that of the one before."""
    assert run(capsys, BEFORE[date], date) == (
        f"{date} - AWS DataSync - documentation only\n\nThe SDK's next release must be a patch version.\n"
    )
    said = run_json(capsys, BEFORE[date], date)
    assert (said["documentation_only"], said["version"]) == (True, "patch")


@pytest.mark.parametrize(("old", "new"), NEIGHBOURS)
def test_versions(old: str, new: str) -> None:
    """Each neighbour of a revision asks for the version that is written here."""
    usual = "patch" if new in DOCUMENTATION_ONLY else "minor"
    diff = Diff(old=at(old).api(old), new=at(new).api(new))
    assert diff.version == ("major" if new in MAJOR else usual)
    assert diff.documentation_only == (new in DOCUMENTATION_ONLY)


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_no_changes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A revision and itself."""
    printed = run(capsys, DATES[-1], DATES[-1], "--format", name)
    assert printed.removeprefix("## ") == f"{DATES[-1]} - AWS DataSync - no changes\n"


# --- What changed, by example ---------------------------------------------------------------------------

TAGS = structure({"Name": "String"})


def model(shapes: Json, **operations: Json) -> Model:
    """A model of few shapes, of which `In` and `Out` are the request and the answer of `Do`."""
    do = operation("In", "Out" if "Out" in shapes else None)
    return Model(spec(shapes={"In": structure({}), **shapes}, operations={"Do": do, **operations}))


def members(**shapes: Json) -> Json:
    """Shapes, and a request that has a member of each."""
    return {"In": structure({f"My{name}": name for name in shapes}), **shapes}


WITH_KEYS = {"M": mapping("String"), "Kind": enum("x")}
UPDATES: dict[str, tuple[Json, Json, Any]] = {
    "value": (members(E=enum("a", "b")), members(E=enum("b", "c")), {"MyE": ["a (removed)", "c"]}),
    "value in a list": (
        members(L=listing("E"), E=enum("a")),
        members(L=listing("E"), E=enum("a", "b")),
        {"MyL": ["b"], "MyE": ["b"]},
    ),
    "new member": ({}, members(String={"type": "string"}), {"MyString": "string"}),
    "new required member": (
        {},
        {"In": structure({"Tags": "Tags"}, "Tags"), "Tags": TAGS},
        {"Tags (required)": {"Name": "string"}},
    ),
    "lost member": (members(Tags=TAGS), {"In": structure({}), "Tags": TAGS}, {"MyTags": "removed"}),
    "another type": (
        {"In": structure({"A": "String"})},
        {"In": structure({"A": "Integer"})},
        {"A": "String -> Integer; string -> integer"},
    ),
    "now required": (
        {"In": structure({"A": "String"})},
        {"In": structure({"A": "String"}, "A")},
        {"A": "now required"},
    ),
    "no longer required": (
        {"In": structure({"A": "String"}, "A")},
        {"In": structure({"A": "String"})},
        {"A": "no longer required"},
    ),
    "limit": (
        members(T={"type": "string", "max": 3}),
        members(T={"type": "string", "max": 2, "min": 1}),
        {"MyT": "max 3 -> 2 (tightened); min none -> 1 (tightened)"},
    ),
    "pattern": (
        members(T={"type": "string"}, U={"type": "string", "pattern": "a"}),
        members(T={"type": "string", "pattern": "a"}, U={"type": "string"}),
        {"MyT": "pattern changed (tightened)", "MyU": "pattern changed (relaxed)"},
    ),
    "flags and numbers": (
        members(T={"type": "integer"}, U={"type": "integer", "deprecated": True}),
        members(T={"type": "integer", "min": 1, "sensitive": True}, U={"type": "integer"}),
        {"MyT": "min none -> 1 (tightened); now sensitive", "MyU": "no longer deprecated"},
    ),
    "values of a map": (
        members(M=mapping("T"), T={"type": "string", "max": 1}),
        members(M=mapping("T"), T={"type": "string", "max": 2}),
        {"MyM": "max 1 -> 2 (relaxed)", "MyT": "max 1 -> 2 (relaxed)"},
    ),
    "new map": (
        {},
        members(M=mapping("L"), L=listing("Integer")),
        {"MyM": {"string": ["integer"]}, "MyL": ["integer"]},
    ),
    "recursive": (
        {"In": structure({"A": "Tree"}), "Tree": structure({"Tree": "Tree"})},
        {"In": structure({"A": "Tree"}), "Tree": structure({"Tree": "Tree", "Leaf": "String"})},
        {"A": {"Leaf": "string"}},
    ),
    "new recursive": (
        {},
        {"In": structure({"A": "Tree"}), "Tree": structure({"Trees": "Trees"}), "Trees": listing("Tree")},
        {"A": {"Trees": ["Tree"]}},
    ),
}


@pytest.mark.parametrize(("old", "new", "request_tree"), UPDATES.values(), ids=UPDATES.keys())
def test_what_changed_in_a_request(old: Json, new: Json, request_tree: object) -> None:
    """Each kind of change in AWS's form."""
    said = told(model(old), model(new))
    assert said["updated_operations"] == {"Do": {"request": request_tree, "response": None}}


HIDDEN: dict[str, tuple[Json, Json]] = {
    "the shape of a map's keys": (
        members(**WITH_KEYS),
        members(**WITH_KEYS | {"M": mapping("String", key={"shape": "Kind"})}),
    ),
    "the values of a map's keys": (
        members(M=mapping("String", key={"shape": "Kind"})) | {"Kind": enum("x")},
        members(M=mapping("String", key={"shape": "Kind"})) | {"Kind": enum("x", "y")},
    ),
    "a trait of a list's element": (
        members(L=listing("String")),
        members(L={"type": "list", "member": {"shape": "String", "locationName": "item"}}),
    ),
    "the values of a member": (
        {"In": structure({"A": {"shape": "String", "enum": ["x"]}})},
        {"In": structure({"A": {"shape": "String", "enum": ["x", "y"]}})},
    ),
    "a member that leads back": (
        {"In": structure({"A": "Other"}), "Other": structure({})},
        {"In": structure({"A": "In"}), "Other": structure({})},
    ),
}


@pytest.mark.parametrize(("old", "new"), HIDDEN.values(), ids=HIDDEN.keys())
def test_operations_that_are_updated_by_little(old: Json, new: Json) -> None:
    """An operation is updated by whatever changed in what it leads to, in both directions."""
    assert told(model(old), model(new))["updated_operations"].keys() == {"Do"}
    assert told(model(new), model(old))["updated_operations"].keys() == {"Do"}


def test_an_answer_without_members() -> None:
    """An operation that came to have an answer is updated, even if there is nothing in it."""
    shapes = {"Out": structure({})}
    old, new = model(shapes, Do=operation("In")), model(shapes)
    assert told(old, new)["updated_operations"].keys() == {"Do"}
    assert told(new, old)["updated_operations"].keys() == {"Do"}
    assert "Do (updated)\nChanges (response) {}\n" in as_text(Diff(old=old.api(), new=new.api()))


def test_an_operation_and_a_shape_of_one_name() -> None:
    """As in some services: it is told which of the two changed."""
    shapes = {"Do": structure({})}
    old = model(shapes)
    shape = told(old, model({"Do": structure({}, deprecated=True)}))
    other = told(old, model(shapes, Do=operation("In", deprecated=True)))
    assert (shape["updated_operations"].keys(), other["updated_operations"].keys()) == (set(), {"Do"})
    assert shape["constraints"] != other["constraints"]


def test_errors_are_traits_of_an_operation() -> None:
    """An error that an operation came to have is told with it."""
    bad = {"Bad": structure({}, exception=True)}
    old, new = model(bad), model(bad, Do=operation("In", errors=[{"shape": "Bad"}]))
    said = told(old, new)
    assert said["updated_operations"] == {"Do": {"request": None, "response": None}}
    assert [change["trait"] for change in said["constraints"]] == ["errors.Bad"]
    assert "\nConstraints" not in as_text(Diff(old=old.api(), new=new.api()))
    assert said["version"] == "minor"


# --- What breaks callers --------------------------------------------------------------------------------


def text(**limits: Any) -> Json:
    """A text with limits."""
    return {"type": "string", **limits}


def request_of(shape: Json) -> Json:
    """A request with a member `A` of a shape."""
    return {"In": structure({"A": "T"}), "T": shape}


def answer_of(shape: Json) -> Json:
    """An answer with a member `A` of a shape."""
    return {"Out": structure({"A": "T"}), "T": shape}


BREAKING: dict[str, tuple[Json, Json, list[str]]] = {
    "shorter": (
        request_of(text(max=9)),
        request_of(text(max=8)),
        ["In.a may have 8 or less, and could have 9"],
    ),
    "no longer without limit": (
        request_of(text()),
        request_of(text(min=1)),
        ["In.a must have 1 or more, and needed any"],
    ),
    "longer": (
        request_of(text(min=2)),
        request_of(text(min=1, max=100)),
        ["In.a may have 100 or less, and could have any"],
    ),
    "no limit any more": (request_of(text(min=2, max=3)), request_of(text()), []),
    "elements": (
        request_of(listing("E")) | {"E": text(max=3)},
        request_of(listing("E")) | {"E": text(max=2)},
        ["In.a may have 2 or less, and could have 3"],
    ),
    "a length of nothing or more": (request_of(text()), request_of(text(min=0)), []),
    "a number that must be positive": (
        request_of({"type": "integer"}),
        request_of({"type": "integer", "min": 0}),
        ["In.a must have 0 or more, and needed any"],
    ),
    "only in answers": (answer_of(text(max=9)), answer_of(text(max=8)), []),
    "a pattern": (request_of(text(pattern="a")), request_of(text(pattern="b")), []),
    "a new value": (answer_of(enum("a")), answer_of(enum("a", "b")), []),
    "a value that went": (request_of(enum("a", "b")), request_of(enum("a")), ["T.B is gone"]),
    "a new member": (request_of(text()), {"In": structure({"A": "T", "B": "T"}), "T": text()}, []),
    "a new member that must be given": (
        request_of(text()),
        {"In": structure({"A": "T", "B": "T"}, "B"), "T": text()},
        ["In.b must be given: it is new and required"],
    ),
    "a token that botocore fills in": (
        {"In": structure({"A": {"shape": "String", "idempotencyToken": True}})},
        {"In": structure({"A": {"shape": "String", "idempotencyToken": True}}, "A")},
        [],
    ),
}


@pytest.mark.parametrize(("old", "new", "sentences"), BREAKING.values(), ids=BREAKING.keys())
def test_what_breaks_callers(old: Json, new: Json, sentences: list[str]) -> None:
    """A sentence for each thing that callers must change, and a major version where there is one."""
    said = told(model(old), model(new))
    assert (said["breaking"], said["version"]) == (sentences, "major" if sentences else "minor")


def test_classes_that_are_used_otherwise() -> None:
    """A class whose shape is as it was can be another one, because of where it is used."""
    thing = {"Thing": structure({"A": "String"}, "A"), "Out": structure({"Thing": "Thing"})}
    put = {"Put": structure({"Thing": "Thing"})}
    answered, sent = model(thing | put), model(thing | put, PutIt=operation("Put"))
    assert told(answered, sent)["breaking"] == ["Thing.a must be given"]
    assert told(sent, answered)["breaking"] == [
        "Client.put_it() is gone",
        "Thing.a may be None in answers",
    ]
    body = {"Out": structure({"Body": {"shape": "Blob", "streaming": True}}, payload="Body")}
    said = told(model(body), model(body, Do=operation("In")))
    assert "Out.body is of the type StreamingInput, and was StreamingBody" in said["breaking"]


def test_members_of_one_shape_that_differ() -> None:
    """The type of an attribute is not that of its neighbour, if only one of them is a stream."""
    shapes = {"In": structure({"A": "Blob", "B": "Blob"})}
    stream = {"In": structure({"A": "Blob", "B": {"shape": "Blob", "streaming": True}})}
    said = told(model(shapes), model(stream))
    assert said["breaking"] == ["In.b is of the type StreamingInput, and was bytes"]


def test_where_a_trait_is() -> None:
    """Of a shape, a member, an element, an operation or the service."""
    old = model(members(L=listing("String")))
    new = model(members(L={**listing("String"), "member": {"shape": "String", "locationName": "item"}}))
    new.service["shapes"]["In"]["members"]["MyL"]["locationName"] = "list"
    new.service["shapes"]["In"]["sensitive"] = True
    new.service["operations"]["Do"]["http"]["responseCode"] = 201
    new.service["metadata"]["signingName"] = "other"
    said = told(old, new)
    assert {(it["shape"].removesuffix("()"), it["trait"]) for it in said["constraints"]} == {
        ("In", "sensitive"),
        ("In.MyL", "locationName"),
        ("L.member", "locationName"),
        ("Do", "http.responseCode"),
    }
    assert [(it["shape"], it["trait"]) for it in said["metadata"]] == [("", "metadata.signingName")]


def test_traits_that_say_all_by_being_there() -> None:
    """An empty object is a trait; an empty list of values or errors is none, nor are examples."""
    old, new = model({"Bad": structure({})}), model({"Bad": structure({}, retryable={})})
    for before, after in ((old, new), (new, old)):
        said = told(before, after)
        assert [(it["shape"], it["trait"]) for it in said["constraints"]] == [("Bad", "retryable")]
    empty = model({"Bad": structure({}, enum=[], required=[])}, Do=operation("In", errors=[]))
    with_examples = Model({**empty.service, "examples": {"Do": []}})
    assert not Diff(old=old.api(), new=with_examples.api()).changes


def test_an_enum_with_the_name_of_a_structure() -> None:
    """The class is another one, whatever its name."""
    said = told(model(request_of(structure({"B": "String"}))), model(request_of(enum("b"))))
    assert "models.T is gone" in said["breaking"]


def test_an_answer_of_another_class() -> None:
    """A caller of the method gets something else, though no class is gone."""
    both = {"Out": structure({"A": "String"}), "Out2": structure({"B": "String"})}
    old = model(both)
    for new in (operation("In", "Out2"), operation("In")):
        said = told(old, model(both, Do=new))
        assert [sentence for sentence in said["breaking"] if sentence.startswith("Client.do() ")]
        assert said["version"] == "major"


def test_a_request_of_another_class() -> None:
    """A caller of the method must give something else, though no class is gone."""
    both = {"In": structure({"A": "String"}), "In2": structure({"B": "String"})}
    assert told(model(both), model(both, Do=operation("In2")))["version"] == "major"


PAGED: Json = {
    "In": structure({"Token": "String"}),
    "Out": structure({"Token": "String", "A": "L", "B": "M", "C": "String"}),
    "L": listing("String"),
    "M": listing("Integer"),
}


PAGED_SERVICE = spec(shapes=PAGED, operations={"ListItems": operation("In", "Out")})


def paged(key: str) -> Model:
    """A model with a listing, whose items are in a member."""
    paginator = {"input_token": "Token", "output_token": "Token", "result_key": key}
    return Model(PAGED_SERVICE, {"ListItems": paginator})


def test_pages_that_are_asked_for_in_another_way() -> None:
    """It is told what of a paginator is another one now."""
    assert told(paged("A"), paged("B"))["paginators"] == {
        "added": [],
        "removed": [],
        "changed": [
            {"shape": "ListItems", "trait": "result_key", "from": "A", "to": "B", "effect": "changed"}
        ],
    }
    text = as_text(Diff(old=paged("A").api(), new=paged("B").api()))
    assert "\nService\n- ListItems result_key: A -> B (changed)\n" in text


def test_iterators_that_give_something_else() -> None:
    """Other items break callers; an iterator that never was is not gone."""
    assert told(paged("A"), paged("B"))["version"] == "major"
    assert "Client.iter_items() is gone" in told(paged("A"), Model(PAGED_SERVICE))["breaking"]
    assert "Client.iter_items() is gone" in told(paged("A"), paged("C"))["breaking"]
    assert told(paged("C"), Model(PAGED_SERVICE))["breaking"] == []
    unknown = Model(
        PAGED_SERVICE, {"ListItems": {**paged("A").pagination["ListItems"], "more_results": "No"}}
    )
    assert told(unknown, Model(PAGED_SERVICE))["breaking"] == []


# --- Files ----------------------------------------------------------------------------------------------

DATA = Path(botocore.__file__).parent / "data"


def test_models_of_another_service(capsys: pytest.CaptureFixture[str]) -> None:
    """Two files of botocore, packed as they are."""
    paths = [next(DATA.glob(f"cloudfront/{date}/service-2.json*")) for date in ("2019-03-26", "2020-05-31")]
    printed = run(capsys, *paths)
    assert printed.startswith(f"{paths[0]} -> {paths[1]} - Amazon CloudFront - ")
    said = run_json(capsys, *paths)
    assert (said["from"], said["to"], said["version"]) == (*map(str, paths), "major")
    assert "CreateCachePolicy" not in said["operations"]["removed"]
    assert said["metadata"]
    assert run(capsys, paths[0], paths[0]).endswith(" - no changes\n")


def test_a_file_and_a_revision(capsys: pytest.CaptureFixture[str]) -> None:
    """The model of the SDK is that of the newest revision, with documentation; a revision is a file, too."""
    newest = SPECS / "revisions" / f"{DATES[-1]}.json"
    for path in (SPECS / "service-2.json", newest):
        assert run(capsys, DATES[-1], path).endswith(" - AWS DataSync - no changes\n")
        assert run_json(capsys, path, DATES[-1])["version"] == "none"


def test_a_revision_that_is_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy of its file says what its date does."""
    copied = shutil.copy(SPECS / "revisions" / "2018-11-26.json", tmp_path)
    said = run_json(capsys, copied, "2019-05-13")
    assert {**said, "from": "2018-11-26"} == run_json(capsys, "2018-11-26", "2019-05-13")


@pytest.mark.parametrize("packed", [False, True])
def test_documentation_of_files(packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another text is another release, and nothing else; another order is nothing."""
    service = spec(shapes={"E": enum("a", "b")}, operations={"Do": operation()})
    other = {**service, "documentation": "<p>Other</p>"}
    turned = {**service, "shapes": {**service["shapes"], "E": enum("b", "a")}}
    paths = [
        write(tmp_path / name, one, packed=packed)
        for name, one in zip("abc", (service, other, turned), strict=True)
    ]
    said = run_json(capsys, *paths[:2])
    assert (said["documentation_only"], said["version"]) == (True, "patch")
    assert "- Tiny Service - documentation only\n" in run(capsys, *paths[:2])
    said = run_json(capsys, paths[0], paths[2])
    assert (said["documentation_only"], said["version"]) == (False, "none")


def write(folder: Path, service: Json, *, packed: bool) -> Path:
    """Write a model, packed or not."""
    path = write_spec(folder, service)
    if not packed:
        return path
    packed_path = path.with_name("service-2.json.gz")
    packed_path.write_bytes(gzip.compress(path.read_bytes()))
    return packed_path


def test_paginators_beside_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are part of the API, where both sides have them."""
    with_pages, without = paged("A"), Model(PAGED_SERVICE)
    old = write_spec(tmp_path / "old", without.service, {})
    new = write_spec(tmp_path / "new", with_pages.service, with_pages.pagination)
    said = run_json(capsys, old, new)
    assert said["paginators"] == {"added": ["ListItems"], "removed": [], "changed": []}
    assert "\nService\n- ListItems has pages\n" in run(capsys, old, new)
    nobody_knows = write_spec(tmp_path / "unpacked", without.service)
    assert run_json(capsys, nobody_knows, new)["version"] == "none"
    assert run_json(capsys, new, nobody_knows)["version"] == "none"


def test_two_services(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was mistaken for another one is not compared."""
    service = Model(PAGED_SERVICE).service
    other = {**service, "metadata": {**service["metadata"], "serviceId": "Other", "serviceFullName": "Other"}}
    old, new = write_spec(tmp_path / "old", service), write_spec(tmp_path / "new", other)
    said = failure(["diff", str(old), str(new)], capsys)
    assert said.startswith(f"{old} and {new} are of two services: ")


def test_a_service_that_holds_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is deep in statements that hold statements is told once on each way to it."""
    old = next(DATA.glob("wafv2/*/service-2.json*"))
    content = old.read_bytes()
    service = json.loads(gzip.decompress(content) if old.suffix == ".gz" else content)
    service["shapes"]["CountryCode"]["enum"].append("XQ")
    said = run_json(capsys, old, write_spec(tmp_path, service))
    assert said["enum_values"] == {"added": {"CountryCode": ["XQ"]}, "removed": {}}
    assert said["updated_operations"]["CheckCapacity"] == {
        "request": {"Rules": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["XQ"]}}}},
        "response": None,
    }
    assert "CreateWebACL" in said["updated_operations"]


# --- What cannot be compared ----------------------------------------------------------------------------

NEITHER = "is neither a file nor the date of a revision (`python -m codegen history` lists them)"
BAD_DATES = {
    "no revision": ("2024-05-14", "no revision is of this date; on that day the API was that of 2024-05-03"),
    "before all": ("2018-11-25", f"no revision is of this date; the first one is {DATES[0]}"),
    "after all": (
        "9999-12-31",
        f"no revision is of this date; on that day the API was that of {DATES[-1]}",
    ),
    "malformed": ("2024-5-15", NEITHER),
    "a word": ("newest", NEITHER),
}


@pytest.mark.parametrize(("name", "reason"), BAD_DATES.values(), ids=BAD_DATES.keys())
def test_dates_that_are_none(name: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is named, and what is near."""
    assert failure(["diff", name, DATES[-1]], capsys) == f"{name}: {reason}"
    assert failure(["diff", DATES[-1], name], capsys) == f"{name}: {reason}"


UNKNOWN = spec(shapes={"T": {"type": "string", "sparkling": True}})
BAD_FILES = {
    "broken": ("{", "is not whole JSON: "),
    "a list": ("[]", "holds a list, not a JSON object"),
    "no model": ("{}", "$: 'metadata' is missing"),
    "unknown key": (
        json.dumps(UNKNOWN),
        "shapes.T.sparkling: this key is not known to the generator",
    ),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_files_that_are_no_models(
    content: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two files, the one is named that cannot be compared, and what is wrong with it."""
    path = tmp_path / "service-2.json"
    path.write_text(content, encoding="utf-8")
    assert failure(["diff", str(path), DATES[-1]], capsys).startswith(f"{path}: {reason}")
    assert failure(["diff", DATES[-1], str(path)], capsys).startswith(f"{path}: {reason}")


def test_places_that_are_no_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, and nothing at all."""
    said = failure(["diff", str(tmp_path), DATES[-1]], capsys)
    assert said == f"{tmp_path}: cannot be read: Is a directory"
    missing = tmp_path / "service-2.json"
    said = failure(["diff", DATES[-1], str(missing)], capsys)
    assert said == f"{missing}: {NEITHER}"
