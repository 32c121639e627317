"""Causes become classes that answers are recognized as; data that does not hold is named in one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.build import build
from codegen.causes import file as causes_file
from codegen.causes.build import pattern
from codegen.jobs import own_job, revision_job, service_job
from codegen.pipeline import SPECS, Job, generate, load
from codegen.render import REFERENCE, render
from codegen.spec import parse
from datasync_sdk._runtime.errors import ServiceError
from tests.codegen.support import (
    Answer,
    Json,
    connect,
    generate_package,
    import_package,
    operation,
    refused,
    spec,
    structure,
    write_spec,
)
from tests.codegen.test_rules_page import tables

MODEL = spec(
    shapes={
        "PutThingRequest": structure({"Name": "String"}),
        "WrongException": structure(
            {"message": "String", "why": "String", "size": "Integer"}, exception=True
        ),
        "FullException": structure({"message": "String", "why": "String"}, exception=True),
    },
    operations={
        "PutThing": operation("PutThingRequest", errors=[{"shape": "WrongException"}]),
        "PutOther": operation("PutThingRequest", errors=[{"shape": "FullException"}]),
    },
)
CODES = 'code_members = ["why"]\n'
CAUSE = """
[[cause]]
name = "NoThing"
under = "WrongException"
documentation = "There is no such thing."
advice = "Make one."
settles = ["Put*"]
[[cause.recognized]]
message = "^no thing"
operations = ["PutThing"]
seen = "a guess"
"""
CHILD = """
[[cause]]
name = "NoName"
under = "NoThing"
documentation = "It has no name."
advice = "Give it one."
[[cause.recognized]]
error_codes = ["Nameless"]
seen = "a guess"
"""
AT = "cause[0]"
WAY = f"{AT}.recognized[0]"
ORPHAN = "is no modelled error of the spec, and no cause that stands before this one"
BROKEN = {
    "TOML": ("[[cause]\n", "is not valid TOML: "),
    "section": ("[surprise]\n", "surprise: this key is not known to the generator"),
    "key": (CAUSE.replace("advice =", "advise ="), f"{AT}.advise: this key is not known to the generator"),
    "key of a way": (CAUSE.replace("seen =", "saw ="), f"{WAY}.saw: this key is not known to the generator"),
    "no name": (CAUSE.replace("name =", "# "), f"{AT}: 'name' is missing"),
    "no parent": (CAUSE.replace("under =", "# "), f"{AT}: 'under' is missing"),
    "no documentation": (CAUSE.replace("documentation =", "# "), f"{AT}: 'documentation' is missing"),
    "no advice": (CAUSE.replace("advice =", "# "), f"{AT}: 'advice' is missing"),
    "empty advice": (CAUSE.replace("Make one.", " "), f"{AT}.advice: is empty"),
    "no evidence": (CAUSE.replace("seen =", "# "), f"{WAY}: 'seen' is missing"),
    "empty evidence": (CAUSE.replace("a guess", ""), f"{WAY}.seen: is empty"),
    "no way": (CAUSE.partition("[[cause.recognized]]")[0], f"{AT}.recognized: says no way to recognize it"),
    "nothing to know it by": (
        CAUSE.replace("message =", "# "),
        f"{WAY}: needs error_codes or a message: the operation alone says nothing",
    ),
    "empty message": (CAUSE.replace("^no thing", ""), f"{WAY}.message: is empty"),
    "a pattern": (CAUSE.replace("^no thing", "(no"), f"{WAY}.message: is no regular expression: missing )"),
    "a pattern for all": (
        CAUSE.replace("^no thing", "(no thing)?"),
        f"{WAY}.message: is found in an empty text, so in any",
    ),
    "operation": (
        CAUSE.replace('"PutThing"', '"GetThing"'),
        f"{WAY}.operations: the spec has no operation 'GetThing'",
    ),
    "operations": (CAUSE.replace("Put*", "Get*"), f"{AT}.settles: the spec has no operation 'Get*'"),
    "no list": (CAUSE.replace('["Put*"]', '"Put*"'), f"{AT}.settles: holds a text, not a list"),
    "parent": (
        CAUSE.replace("WrongException", "LostException"),
        f"{AT}.under: 'LostException' {ORPHAN}",
    ),
    "parent that is no error": (
        CAUSE.replace("WrongException", "PutThingRequest"),
        f"{AT}.under: 'PutThingRequest' {ORPHAN}",
    ),
    "parent that comes later": (
        CODES + CHILD + CAUSE,
        f"{AT}.under: 'NoThing' {ORPHAN}",
    ),
    "its own parent": (
        CAUSE.replace("WrongException", "NoThing"),
        f"{AT}.under: 'NoThing' {ORPHAN}",
    ),
    "twice": (CAUSE + CAUSE, "cause[1].name: 'NoThing' is taken by another cause"),
    "no member for codes": (CAUSE + CHILD, "code_members: is empty, and NoName has error_codes"),
    "another member for codes": (
        'code_members = ["reason"]\n',
        "code_members: no modelled error has a member 'reason' that is a text",
    ),
    "a number for codes": (
        'code_members = ["size"]\n',
        "code_members: no modelled error has a member 'size' that is a text",
    ),
} | {
    f"name {name!r}": (
        CAUSE.replace('"NoThing"', f'"{name}"'),
        f"{AT}.name: {name!r} {problem}",
    )
    for name, problem in {
        "no_thing": "cannot be the name of a class",
        "2Things": "cannot be the name of a class",
        "No-Thing": "cannot be the name of a class",
        "None": "cannot be the name of a class",
        "WrongError": "is taken by the error WrongException",
        "ThrottlingError": "is taken by what every SDK has",
        "ServiceError": "is taken by what every SDK has",
        "KeyError": "is taken by what every SDK has",
        "ERRORS": "is taken by what every SDK has",
        "Cause": "is taken by what every SDK has",
        "Any": "is taken by what every SDK has",
        "Violation": "is taken by what every SDK has",
    }.items()
}


def caused(folder: Path, text: str, name: str = "pkg") -> Job:
    """A job with causes."""
    path = folder / "causes.toml"
    path.write_text(text, encoding="utf-8")
    return evolve(service_job(write_spec(folder, MODEL), name, folder / "out"), causes=path)


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_causes_that_do_not_hold(tmp_path: Path, text: str, expected: str) -> None:
    """Each is one line that names the file, the cause, and what is wrong."""
    said = refused(caused(tmp_path, text))
    assert said.startswith(f"{tmp_path / 'causes.toml'}: {expected}")


def test_causes_that_are_not_there(tmp_path: Path) -> None:
    """A job that names causes needs them."""
    job = caused(tmp_path, "")
    (tmp_path / "causes.toml").unlink()
    assert refused(job) == f"{tmp_path / 'causes.toml'}: cannot be read: No such file or directory"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A package with causes."""
    folder = tmp_path_factory.mktemp("caused")
    generate(caused(folder, CODES + CAUSE + CHILD, "caused"))
    return import_package(folder / "out", "caused")


def failure(package: ModuleType, method: str, answer: Json) -> ServiceError:
    """The error for an answer of the service."""
    client, _ = connect(package, [Answer(answer, 400)])
    with pytest.raises(ServiceError) as caught:
        getattr(client, method)()
    return caught.value


ANSWERS: list[tuple[str, Json, str, bool]] = [
    ("put_thing", {"__type": "WrongException", "message": "No thing of it"}, "NoThing", True),
    ("put_other", {"__type": "WrongException", "message": "No thing of it"}, "WrongError", False),
    ("put_thing", {"__type": "FullException", "message": "No thing of it"}, "FullError", False),
    ("put_thing", {"__type": "OtherException", "message": "No thing of it"}, "ServiceError", False),
    ("put_thing", {"__type": "WrongException", "message": "There is no thing"}, "WrongError", False),
    ("put_other", {"__type": "WrongException", "message": "x", "why": "Nameless"}, "NoName", True),
    ("put_other", {"__type": "WrongException", "message": "x", "other": "Nameless"}, "WrongError", False),
    ("put_thing", {"__type": "WrongException", "message": "No thing", "why": "Nameless"}, "NoName", True),
]


@pytest.mark.parametrize(("method", "answer", "expected", "settles"), ANSWERS)
def test_answers_are_recognized(
    package: ModuleType, method: str, answer: Json, expected: str, settles: bool
) -> None:
    """By the message or a code, of the right error and operation; the more special cause first."""
    error = failure(package, method, answer)
    assert (type(error).__name__, error.settles) == (expected, settles)
    assert error.message == answer["message"]


def test_a_cause_is_a_class_of_the_package(package: ModuleType) -> None:
    """With its parents, its text and its advice."""
    assert issubclass(package.errors.NoName, package.errors.NoThing)
    assert issubclass(package.errors.NoThing, package.errors.WrongError)
    assert package.errors.NoName.__doc__.split() == "It has no name. Give it one.".split()
    assert package.errors.NoName.advice == "Give it one."
    assert package.errors.NoThing.settling == {"PutThing", "PutOther"}
    assert package.errors.NoName.settling == package.errors.NoThing.settling


def test_without_causes_a_package_is_as_it_was(tmp_path: Path) -> None:
    """Nothing in it speaks of causes."""
    plain = generate_package(tmp_path / "plain", MODEL)
    text = (tmp_path / f"plain/out/{plain.__name__}/_generated/errors.py").read_text(encoding="utf-8")
    assert "ause" not in text
    generate(caused(tmp_path, "", "no_causes"))
    empty = (tmp_path / "out/no_causes/_generated/errors.py").read_text(encoding="utf-8")
    assert empty.partition("\n")[2] == text.partition("\n")[2]


@given(st.text())
@example("a\\")
def test_any_pattern_is_written_as_it_is(text: str) -> None:
    """As a raw literal where that can be."""
    assert eval(pattern(text)) == text  # noqa: S307  # this is what Python will read


def test_plain_patterns_are_raw() -> None:
    """So people can compare them with the data."""
    assert pattern(r"^a\S+ b\b") == r'r"^a\S+ b\b"'
    assert pattern('"\\') == r'"\"\\"'


# What a revision of the past had


def held(folder: Path, then: Json) -> causes_file.Causes:
    """What of the causes holds for an API as it was."""
    path = caused(folder, CODES + CAUSE + CHILD).causes
    assert path
    return causes_file.load(path, parse(then), lenient=True)


def names(found: causes_file.Causes) -> list[str]:
    """The names of all causes."""
    return [cause.name for cause in found.known]


def without(what: str, *gone: str) -> Json:
    """The API before some things came."""
    model: Json = json.loads(json.dumps(MODEL))
    for name in gone:
        del model[what][name]
    return model


def test_a_revision_without_an_operation(tmp_path: Path) -> None:
    """What is about that operation alone is not known by other ones."""
    model = without("operations", "PutThing")
    found = held(tmp_path, model)
    assert names(found) == ["NoThing", "NoName"]
    assert found.known[0].recognized == ()
    assert found.known[0].settles.names == ("PutOther",)


def test_a_revision_without_an_error(tmp_path: Path) -> None:
    """Its causes, and those below them, are not there."""
    model = without("shapes", "WrongException")
    del model["operations"]["PutThing"]["errors"]
    assert names(held(tmp_path, model)) == []


def test_a_revision_without_the_member_for_codes(tmp_path: Path) -> None:
    """The class is there, and no code is looked at."""
    model = without("shapes")
    for name in ("WrongException", "FullException"):
        del model["shapes"][name]["members"]["why"]
    found = held(tmp_path, model)
    assert (names(found), found.code_members) == (["NoThing", "NoName"], ())


def test_the_first_revision_of_this_service_has_its_causes(tmp_path: Path) -> None:
    """Its operations of today that it did not have are not named."""
    generate(revision_job("2018-11-26", "first_causes", tmp_path))
    first = import_package(tmp_path, "first_causes")
    role = first.errors.RoleNotAssumable
    assert issubclass(role, first.errors.InvalidRequestError)
    assert "CreateLocationS3" in role.settling
    assert "CreateLocationHdfs" not in role.settling


# The page


def page_of(folder: Path, text: str) -> str | None:
    """The page of errors, as it is made for a package that is not all that is made."""
    job = caused(folder, text)
    files = render(build(*load(job), evolve(job.target, standalone=False)))
    return files.get(REFERENCE / "errors.md")


def test_the_page_has_a_row_for_each_cause(tmp_path: Path) -> None:
    """Whose cells nothing breaks."""
    awkward = CAUSE.replace('"^no thing"', '"a|b"').replace("Make one.", "One | two <three>.\\nFour.")
    page = page_of(tmp_path, CODES + awkward + CHILD)
    assert page
    (table,) = tables(page)
    assert [len(row) for row in table] == [5] * 4
    assert table[2][0] == '<a id="nothing"></a>NoThing'
    assert table[3][0] == '<a id="noname"></a>NoName<br><small>under NoThing</small>'
    assert table[2][1] == "There is no such thing."
    assert table[2][2] == "One \\| two &lt;three>. Four.<br><small>May go away by itself: `Put*`.</small>"
    assert table[2][3] == "the message `a\\|b`; of `PutThing`"
    assert table[3][3:] == ["the code `Nameless`", "a guess"]


def test_without_causes_there_is_no_page(tmp_path: Path) -> None:
    """Nor an empty one."""
    assert page_of(tmp_path, "") is None


def test_the_page_of_this_sdk_has_all_causes() -> None:
    """In the order of the data."""
    page = (SPECS.parents[1] / REFERENCE / "errors.md").read_text(encoding="utf-8")
    data = (SPECS / "causes.toml").read_text(encoding="utf-8")
    wanted = [name.lower() for name in re.findall(r'^name = "(\w+)"$', data, re.MULTILINE)]
    assert re.findall(r'<a id="(\w+)"></a>', page) == wanted


def test_every_evidence_is_an_address_or_says_what_it_is() -> None:
    """Whatever is no address says so: a guess is not to look like a fact."""
    job = own_job()
    known: Any = load(job)[1].causes.known
    for cause in known:
        for way in cause.recognized:
            assert re.search(r"https://|^A guess\b|^A public README\b|^The rules of this SDK\b", way.seen)
