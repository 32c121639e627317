"""The steps together: the locked specs of this SDK, what is rendered, and what an update of a spec moves."""

from __future__ import annotations

import copy
import difflib
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from codegen import naming
from codegen.build import build
from codegen.context import Target
from codegen.errors import CodegenError
from codegen.history import NO_HISTORY
from codegen.jobs import own_job, service_job
from codegen.model import Package
from codegen.pipeline import REPOSITORY, SPECS, Job, generate, load
from codegen.render import render
from codegen.rules.file import Rules
from codegen.spec import parse
from tests.codegen.refresh_golden import golden_job
from tests.codegen.support import Json, operation, refused, spec, structure, write_spec

TINY = spec(
    shapes={
        "PutThingRequest": structure({"Name": "String", "Inner": "Inner"}, "Name"),
        "Inner": structure({"A": "String"}),
    },
    operations={"PutThing": operation("PutThingRequest")},
)


# --- This SDK -------------------------------------------------------------------------------------------


def test_the_committed_sdk_is_up_to_date() -> None:
    """`python -m codegen generate` would change nothing."""
    assert generate(own_job(), check=True) == ""


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of the specs of this SDK."""
    folder = tmp_path / "specs"
    folder.mkdir()
    for name in ("service-2.json", "paginators-1.json", "lock.toml", "rules.toml", "causes.toml"):
        shutil.copy(SPECS / name, folder / name)
    return folder


def job_for(specs: Path) -> Job:
    """The SDK's own job, with a copy of its specs."""
    job = own_job(specs.parent / "out")
    rules, lock, causes = specs / "rules.toml", specs / "lock.toml", specs / "causes.toml"
    return evolve(job, spec=specs / "service-2.json", rules=rules, causes=causes, lock=lock)


@pytest.mark.parametrize("name", ["service-2.json", "paginators-1.json"])
def test_a_spec_that_is_not_the_locked_one(specs: Path, name: str) -> None:
    """One byte more in a spec, and nothing is generated from it."""
    load(job_for(specs))
    (specs / name).write_bytes((specs / name).read_bytes() + b"\n")
    version = re.search(r'botocore = "(.*)"', (specs / "lock.toml").read_text(encoding="utf-8"))
    assert version
    assert refused(job_for(specs)) == (
        f"{specs / name}: is not the file of botocore {version[1]} that lock.toml names;"
        " restore all of the folder"
    )


LOCKS = {
    "broken": ("botocore = ", "is not a lock file: Invalid value"),
    "empty": ("", "is not a lock file: 'sha256'"),
    "without version": ('[sha256]\n"service-2.json" = "0"\n', "is not a lock file: 'botocore'"),
}


@pytest.mark.parametrize(("text", "expected"), LOCKS.values(), ids=LOCKS.keys())
def test_locks_that_are_broken(specs: Path, text: str, expected: str) -> None:
    """The lock itself is named."""
    (specs / "lock.toml").write_text(text, encoding="utf-8")
    assert refused(job_for(specs)).startswith(f"{specs / 'lock.toml'}: {expected}")


def test_locks_that_name_what_is_gone(specs: Path) -> None:
    """So is a file that is gone, be it the lock or what it names."""
    (specs / "paginators-1.json").unlink()
    assert (
        refused(job_for(specs)) == f"{specs / 'paginators-1.json'}: cannot be read: No such file or directory"
    )
    (specs / "lock.toml").unlink()
    assert refused(job_for(specs)) == f"{specs / 'lock.toml'}: cannot be read: No such file or directory"


def test_a_sentence_that_aws_changes(specs: Path) -> None:
    """A quotation of this SDK's own rules that a new spec no longer has stops the update."""
    sentence = "Specifies your DataSync agent's activation key."
    text = (specs / "service-2.json").read_text(encoding="utf-8")
    changed = text.replace("activation key", "starting key")
    (specs / "service-2.json").write_text(changed, encoding="utf-8")
    said = refused(evolve(job_for(specs), lock=None))
    assert f"the documentation of CreateAgentRequest.ActivationKey no longer says {sentence!r}" in said


# --- Rendering ------------------------------------------------------------------------------------------


TARGET = Target(package="pkg", service="tiny", source="spec", command="generate", standalone=True)


def built(whole: Json) -> Package:
    """The model of a spec that is nowhere on a disk."""
    return build(parse(whole), Rules(), NO_HISTORY, TARGET)


def rendered(whole: Json) -> dict[str, str]:
    """The files of a spec, as the templates make them."""
    return {str(path): text for path, text in render(built(whole)).items()}


def test_rendering_is_pure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same model gives the same files, wherever it comes from, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert render(built(TINY)) == render(built(copy.deepcopy(TINY)))
    job = service_job(write_spec(tmp_path / "spec", TINY), "pkg", tmp_path / "out")
    assert render(build(*load(job), TARGET)) == render(built(TINY))
    assert [path.name for path in tmp_path.iterdir()] == ["spec"]


def test_rendering_takes_a_model_made_by_hand() -> None:
    """What is rendered is what the model says; no spec is asked."""
    package = evolve(built(TINY), full_name="Other Service", enums=(), operations=())
    files = {str(path): text for path, text in render(package).items()}
    assert '"""A typed client for Other Service."""' in files["pkg/client.py"]
    assert not any(path.startswith("pkg/_generated/operations/thing") for path in files)


def test_the_input_is_not_changed() -> None:
    """Neither building nor rendering leaves a mark on the spec."""
    whole = copy.deepcopy(TINY)
    rendered(whole)
    assert whole == TINY


def removed(old: str, new: str) -> list[str]:
    """The lines that a text loses."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line.startswith("-") and not line.startswith("---")]


def home_of(package: Package) -> dict[str, str]:
    """The module of each class."""
    return dict(package.model_names)


@pytest.mark.parametrize("name", ["Options", "TaskSchedule", "S3Config", "DescribeTaskResponse", "Platform"])
@pytest.mark.parametrize("first", [True, False])
def test_an_added_member_is_an_added_line(name: str, first: bool) -> None:
    """It adds lines to one module of models and its wire module, and moves no class."""
    spec_file, rules, past = load(own_job())
    whole = json.loads((SPECS / "service-2.json").read_text(encoding="utf-8"))
    members = whole["shapes"][name]["members"]
    new = {"Brightness": {"shape": "TagKey", "documentation": "<p>How bright it is.</p>"}}
    whole["shapes"][name]["members"] = new | members if first else members | new
    before = build(spec_file, rules, past, own_job().target)
    after = build(evolve(parse(whole), paginators=spec_file.paginators), rules, past, own_job().target)
    assert home_of(after) == home_of(before)
    old, new_files = render(before), render(after)
    assert old.keys() == new_files.keys()
    module = home_of(before)[name]
    models = PurePosixPath(f"datasync_sdk/models/{module}.py")
    wire = PurePosixPath(f"datasync_sdk/_generated/wire/{module}.py")
    carried = PurePosixPath("datasync_sdk/_generated/service-2.json")
    assert {path for path in old if old[path] != new_files[path]} == {models, wire, carried}
    assert removed(old[models], new_files[models]) == []
    assert len(removed(old[wire], new_files[wire])) <= 1  # the line with the names of all members
    assert "    brightness: str | None = None\n" in new_files[models]
    assert "    brightness: str | None = None\n" not in old[models]


def test_an_added_structure_moves_no_class() -> None:
    """Whatever else there is, a class is in the module that its own name says."""
    homes = home_of(built(TINY))
    for name in ("A", "Innermost", "PutThing", "PutThingResponse", "Zebra"):
        larger = copy.deepcopy(TINY)
        larger["shapes"][name] = structure({"Inner": "Inner", "Request": "PutThingRequest"})
        larger["shapes"]["Inner"]["members"][name] = {"shape": name}
        assert homes.items() <= home_of(built(larger)).items()


def texts(folder: Path) -> Iterable[tuple[Path, str]]:
    """Every file below a folder."""
    return ((path, path.read_text(encoding="utf-8")) for path in folder.rglob("*") if path.is_file())


def test_nothing_generated_mentions_the_machine(tmp_path: Path) -> None:
    """No absolute path, no user, no temporary folder, no date: another machine writes the same bytes."""
    job = golden_job(tmp_path / "here")
    generate(job)
    moved = tmp_path / "elsewhere" / "spec"
    shutil.copytree(job.spec.parent, moved)
    there_job = service_job(moved / job.spec.name, "pigeon", tmp_path / "there")
    generate(evolve(there_job, rules=moved / "rules.toml", causes=moved / "causes.toml"))
    here = {path.relative_to(tmp_path / "here"): text for path, text in texts(tmp_path / "here")}
    there = {path.relative_to(tmp_path / "there"): text for path, text in texts(tmp_path / "there")}
    assert here == there
    places = (tmp_path, REPOSITORY, tmp_path.parents[-2])
    traces = re.compile("|".join(re.escape(f"{place}/") for place in places))
    for path, text in here.items():
        assert not traces.search(text), path


# --- Names ----------------------------------------------------------------------------------------------


NAMES = {
    naming.member: {
        "TaskArn": "task_arn",
        "ARNs": "arns",
        "S3BucketArn": "s3_bucket_arn",
        "class": "class_",
        "self": "self_",
        "str": "str_",
        "Field": "field_",
        "field_": "field_",
        "_private": "private",
        "type": "type",
    },
    naming.method: {
        "CreateTask": "create_task",
        "ListS3Things": "list_s3_things",
        "Send": "send_",
        "Close": "close_",
    },
    naming.class_name: {"Task": "Task", "None": "None_", "True": "True_", "lower": "lower", "None_": "None_"},
    naming.error_class: {
        "InvalidException": "InvalidError",
        "InvalidError": "InvalidError",
        "InternalFault": "InternalError",
        "Gone": "GoneError",
        "Exception": "ExceptionError",
    },
    naming.constant: {
        "ONLY_FILES": "ONLY_FILES",
        "onlyFiles": "ONLY_FILES",
        "only-files": "ONLY_FILES",
        "2xlarge": "V2XLARGE",
        "a/b:c": "A_B_C",
        "*": "ASTERISK",
        "<=": "LESS_THAN_SIGN_EQUALS_SIGN",
        "": "EMPTY",
        "None": "NONE",
        "TLSv1.2": "TLSV1_2",
    },
    naming.without_verb: {"ListTasks": "Tasks", "GetHTTPThing": "HTTPThing", "Tag": "Tag", "UnTagX": "TagX"},
    naming.singular: {"tasks": "task", "access": "access", "status": "status", "analysis": "analysis"},
}


@pytest.mark.parametrize(
    ("function", "name", "expected"),
    [(function, *pair) for function, pairs in NAMES.items() for pair in pairs.items()],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_names(function: object, name: str, expected: str) -> None:
    """Each rule of naming, by example."""
    assert callable(function)
    assert function(name) == expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("CreateTaskRequest", "create_task"),
        ("CreateTaskResponse", "create_task"),
        ("ListTasksOutput", "list_tasks"),
        ("Request", "request"),
        ("TaskListEntry", "task"),
        ("EnumsOfAll", "enums_"),
        ("ClassConfig", "class_"),
        ("LocationNfs", "location"),
        ("LocationNfsConfig", "nfs"),
        ("LocationNfsRequest", "nfs"),
    ],
)
def test_modules(shape: str, expected: str) -> None:
    """A structure's module: the longest noun that is known, its operation, or its first word."""
    nouns = {"LocationNfsC": "nfs", "LocationNfsR": "nfs", "Loc": "location"}
    assert naming.module(shape, nouns) == expected


@pytest.mark.parametrize(
    ("operation_name", "expected"),
    [("ListTasks", "task"), ("TagResource", "tagging"), ("Import", "import_"), ("GetClasses", "classe")],
)
def test_modules_of_operations(operation_name: str, expected: str) -> None:
    """An operation's module: its noun in the singular."""
    assert naming.operation_module(operation_name, {"Resource": "tagging"}) == expected


@pytest.mark.parametrize(
    ("operation_name", "operations", "expected"),
    [
        ("ListTasks", ["ListTasks"], "iter_tasks"),
        ("DescribeTasks", [], "iter_tasks"),
        ("DescribeTasks", ["ListTasks"], "iter_describe_tasks"),
        ("SearchTasks", [], "iter_search_tasks"),
        ("ListTagsForResource", [], "iter_tags_for_resource"),
    ],
)
def test_names_of_iterators(operation_name: str, operations: list[str], expected: str) -> None:
    """An iterator is named after what it yields."""
    assert naming.iterator(operation_name, operations) == expected


@pytest.mark.parametrize("name", ["", "2fa", "a-b", "_", "a b", 'a"b'])
def test_names_that_cannot_be(name: str) -> None:
    """What is no Python name, even with an underscore, stops the generator."""
    with pytest.raises(CodegenError, match="cannot be made a Python name"):
        naming.member(name)


def test_enum_values_that_differ_in_case() -> None:
    """The one in upper case has the name, the others keep their spelling; sorted by name."""
    assert naming.constants(["tcp", "TCP", "Tcp", "udp", "import", "IMPORT", "udp"]) == [
        ("IMPORT", "IMPORT"),
        ("TCP", "TCP"),
        ("Tcp", "Tcp"),
        ("UDP", "udp"),
        ("import_", "import"),
        ("tcp", "tcp"),
    ]


WORD = st.builds(str.__add__, st.sampled_from("aTsX"), st.text("asTXI09"))
VALUE = st.text("abXY12-_.:/ ", min_size=1)


@given(st.lists(VALUE, unique_by=lambda value: re.sub(r"[^a-z0-9]", "", value.casefold())))
def test_values_that_differ_in_more_than_case_have_names(values: list[str]) -> None:
    """Each value has one name, an upper-case identifier, which depends on the value alone."""
    members = naming.constants(values)
    assert members == sorted(members)
    assert sorted(value for _, value in members) == sorted(values)
    assert len({name for name, _ in members}) == len(values)
    for name, value in members:
        assert name == naming.constant(value)
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", name)


@given(WORD.flatmap(lambda word: st.lists(st.sampled_from([word, word.lower(), word.upper(), word.title()]))))
def test_values_that_differ_in_case_have_names(values: list[str]) -> None:
    """Each value keeps a name of its own."""
    members = naming.constants(values)
    assert {value for _, value in members} == set(values)
    assert len({name for name, _ in members}) == len(members)
    assert all(name.isidentifier() for name, _ in members)


@given(VALUE, st.lists(VALUE))
def test_more_values_rename_nothing(value: str, others: list[str]) -> None:
    """A new value leaves the names of the others as they were, unless the two differ in case only."""
    others = [other for other in others if naming.constant(other) != naming.constant(value)]
    try:
        before = naming.constants(others)
    except CodegenError:
        return
    assert set(before) < set(naming.constants([*others, value]))


@given(WORD, st.dictionaries(WORD, WORD.map(str.lower)), WORD)
def test_a_module_depends_on_the_name_alone(shape: str, nouns: dict[str, str], other: str) -> None:
    """A noun that a name does not begin with moves nothing, nor does the order of the nouns."""
    home = naming.module(shape, nouns)
    if not shape.startswith(other):
        assert naming.module(shape, nouns | {other: "elsewhere"}) == home
    assert naming.module(shape, dict(reversed(nouns.items()))) == home
    assert home in nouns.values() or naming.module(shape, {}) == home


@given(WORD)
def test_names_are_python(name: str) -> None:
    """Whatever word AWS takes, each kind of name is an identifier, and safe to use twice."""
    for function in (naming.member, naming.method, naming.class_name, naming.error_class, naming.constant):
        assert function(name).isidentifier()
    assert naming.module(name, {}).isidentifier()
    assert naming.iterator(name, []).startswith("iter_")
    assert naming.singular(naming.singular("tasks")) == "task"


@given(st.text())
def test_safe_names(name: str) -> None:
    """A name is an identifier and no keyword, or it is refused."""
    try:
        made = naming.safe(name, frozenset({"taken"}))
    except CodegenError:
        return
    assert made.isidentifier()
    assert made != "taken"
    assert made.rstrip("_") in (name, name.rstrip("_"))
