"""Whatever is wrong, the generator says where in one line, ends with 2, and has written nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.errors import CodegenError
from codegen.jobs import service_job
from codegen.pipeline import REPOSITORY, Job, generate
from tests.codegen.support import Json, enum, listing, mapping, operation, spec, structure, write_spec


def model(**shapes: Json) -> Json:
    """A model with one operation, whose input has a member of each given shape."""
    request = structure({name: name for name in shapes})
    shapes = {"PutThingRequest": request, "Bad": structure({}, exception=True), **shapes}
    put = operation("PutThingRequest", errors=[{"shape": "Bad"}])
    return spec(shapes=shapes, operations={"PutThing": put})


def changed(*path: str | int, to: object) -> Json:
    """The model with another value at a path."""
    whole = model(Thing=structure({"A": "String"}), Things=listing("Thing"), Named=mapping("Thing"))
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return whole


def arguments(path: Path, out: Path, package: str = "pkg") -> list[str]:
    """The command line for a spec."""
    return ["generate", "--spec", str(path), "--package", package, "--out", str(out)]


def failure(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command fails with."""
    code = main(command)
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert captured.err.startswith("codegen: ")
    assert captured.err.endswith("\n")
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("codegen: ").removesuffix("\n")


UNKNOWN_KEYS: dict[str, tuple[tuple[str | int, ...], str]] = {
    "top": (("surprise",), "$.surprise"),
    "operation": (("operations", "PutThing", "surprise"), "operations.PutThing.surprise"),
    "input": (("operations", "PutThing", "input", "surprise"), "operations.PutThing.input.surprise"),
    "error reference": (
        ("operations", "PutThing", "errors", 0, "surprise"),
        "operations.PutThing.errors.surprise",
    ),
    "shape": (("shapes", "Thing", "surprise"), "shapes.Thing.surprise"),
    "member": (("shapes", "Thing", "members", "A", "surprise"), "shapes.Thing.members.A.surprise"),
    "element": (("shapes", "Things", "member", "surprise"), "shapes.Things.member.surprise"),
    "key": (("shapes", "Named", "key", "surprise"), "shapes.Named.key.surprise"),
    "value": (("shapes", "Named", "value", "surprise"), "shapes.Named.value.surprise"),
}

MODELS: dict[str, tuple[Json, str]] = {
    "shape type": (
        changed("shapes", "Thing", "type", to="bigInteger"),
        "shapes.Thing.type: the shape type 'bigInteger' is not known",
    ),
    "shape without type": (changed("shapes", "Thing", to={}), "shapes.Thing: 'type' is missing"),
    "shape without members": (
        changed("shapes", "Thing", to={"type": "structure"}),
        "shapes.Thing: 'members' is missing",
    ),
    "list without element": (
        changed("shapes", "Things", to={"type": "list"}),
        "shapes.Things: 'member' is missing",
    ),
    "map without value": (
        changed("shapes", "Named", to={"type": "map", "key": {"shape": "String"}}),
        "shapes.Named: 'value' is missing",
    ),
    "member without shape": (
        changed("shapes", "Thing", "members", "A", to={}),
        "shapes.Thing.members.A: 'shape' is missing",
    ),
    "shape that is no object": (
        changed("shapes", "Thing", to="string"),
        "shapes.Thing: holds a str, not an object",
    ),
    "missing shape of a member": (
        changed("shapes", "Thing", "members", "A", "shape", to="Gone"),
        "shapes.Thing.members.A: refers to the shape 'Gone', which does not exist",
    ),
    "missing shape of an element": (
        changed("shapes", "Things", "member", "shape", to="Gone"),
        "shapes.Things: refers to the shape 'Gone', which does not exist",
    ),
    "missing shape of a value": (
        changed("shapes", "Named", "value", "shape", to="Gone"),
        "shapes.Named: refers to the shape 'Gone', which does not exist",
    ),
    "missing input": (
        changed("operations", "PutThing", "input", "shape", to="Gone"),
        "operations.PutThing: refers to the shape 'Gone', which does not exist",
    ),
    "missing output": (
        changed("operations", "PutThing", "output", to={"shape": "Gone"}),
        "operations.PutThing: refers to the shape 'Gone', which does not exist",
    ),
    "required": (
        changed("shapes", "Thing", "required", to=["A", "B"]),
        "shapes.Thing.required: 'B' is not a member",
    ),
    "two members of one name": (
        model(Thing=structure({"KeyId": "String", "keyID": "String"})),
        "shapes.Thing.members.keyID: 'KeyId' and 'keyID' would both be named 'key_id'",
    ),
    "two structures of one name": (
        model(ThingID=structure({}), ThingId=structure({})),
        "shapes.ThingId: 'ThingID' and 'ThingId' would both be named 'thing_id'",
    ),
    "a structure and an enum of one name": (
        model(ThingID=structure({}), ThingId=enum("a")),
        "shapes.ThingId: 'ThingID' and 'ThingId' would both be named 'thing_id'",
    ),
    "a structure with the name of an enum's strings": (
        model(Color=enum("red"), ColorLike=structure({})),
        "shapes.Color: 'ColorLike' and 'Color or str' would both be named 'ColorLike'",
    ),
    "two operations of one name": (
        spec(operations={"GetIDs": operation(), "GetIds": operation()}),
        "operations.GetIds: 'GetIDs' and 'GetIds' would both be named 'get_ids'",
    ),
    "two values of one name": (
        model(Color=enum("a-b", "a_b")),
        "shapes.Color.enum: 'a-b' and 'a_b' would both be named 'a_b'",
    ),
    "no name for a request": (
        spec(
            shapes={"DoItRequest": structure({}), "DoItInput": structure({})},
            operations={"DoIt": operation()},
        ),
        "operations.DoIt: needs an input of its own, and its names are taken",
    ),
    "no metadata": ({"operations": {}, "shapes": {}}, "$: 'metadata' is missing"),
    "no service ID": (
        {**spec(), "metadata": {"endpointPrefix": "tiny", "serviceFullName": "Tiny", "uid": "tiny"}},
        "metadata: 'serviceId' is missing",
    ),
    "protocols": (
        changed("metadata", "protocols", to=["telegraph"]),
        "metadata.protocols: none of telegraph is known",
    ),
}

FILES: dict[str, tuple[bytes | None, str]] = {
    "cut-off JSON": (b'{"version": "2.0", "metad', "is not whole JSON: Unterminated string"),
    "empty file": (b"", "is not whole JSON: Expecting value"),
    "bytes that are no text": (b"\xff\xfe\x00", "is not whole JSON: "),
    "a list": (b"[1, 2]", "holds a list, not a JSON object"),
    "a string": (b'"text"', "holds a str, not a JSON object"),
    "null": (b"null", "holds a NoneType, not a JSON object"),
    "missing file": (None, "cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("path", "expected"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS.keys())
def test_unknown_keys(
    path: tuple[str | int, ...], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that nobody taught the generator stops it with its path, at every level."""
    source = write_spec(tmp_path, changed(*path, to=True))
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said == f"{expected}: this key is not known to the generator"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("broken", "expected"), MODELS.values(), ids=MODELS.keys())
def test_models(broken: Json, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that contradicts itself stops the generator with the place."""
    source = write_spec(tmp_path, broken)
    assert failure(arguments(source, tmp_path / "out"), capsys) == expected
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["service-2.json", "paginators-1.json"])
@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES.keys())
def test_files(
    name: str, content: bytes | None, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, or not whole, is named with the reason; paginators need not be there."""
    source = write_spec(tmp_path, model())
    broken = source.with_name(name)
    broken.write_bytes(content or b"")
    if content is None:
        broken.unlink()
    if (name, content) == ("paginators-1.json", None):
        assert main(arguments(source, tmp_path / "out")) == 0
        return
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said.startswith(f"{broken}: {expected}")
    assert not (tmp_path / "out").exists()


def test_a_spec_that_is_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is no spec."""
    said = failure(arguments(tmp_path, tmp_path / "out"), capsys)
    assert said == f"{tmp_path}: cannot be read: Is a directory"


@pytest.mark.parametrize("package", ["two words", "2fa", "a-b", "a.b", "../up", ""])
def test_package_names(package: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package must have a name that Python can import."""
    source = write_spec(tmp_path, model())
    said = failure(arguments(source, tmp_path / "out", package), capsys)
    assert "--package" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["service-2.json"]


@pytest.mark.parametrize(
    "given", [["--spec"], ["--package"], ["--out"], ["--spec", "--out"], ["--package", "--out"]]
)
def test_some_of_the_options(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a command must not fall back to this SDK itself."""
    values = {
        "--spec": str(write_spec(tmp_path, model())),
        "--package": "pkg",
        "--out": str(tmp_path / "out"),
    }
    said = failure(["generate", *(word for name in given for word in (name, values[name]))], capsys)
    assert said == "--spec, --package and --out go together; leave all out for this SDK itself"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [[], ["regenerate"], ["generate", "--surprise"]])
def test_wrong_commands(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is no command gets the usage."""
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m codegen")


def test_as_a_process(tmp_path: Path) -> None:
    """What a shell sees: the line on stderr, nothing on stdout, 2."""
    source = write_spec(tmp_path, changed("shapes", "Thing", "surprise", to=1))
    result = subprocess.run(
        [sys.executable, "-m", "codegen", *arguments(source, tmp_path / "out")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "codegen: shapes.Thing.surprise: this key is not known to the generator\n"


# --- Writing --------------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def file_as_folder(out: Path) -> Path:
    """The out folder is a file."""
    out.write_text("mine")
    return out


def folder_below_a_file(out: Path) -> Path:
    """A folder above the out folder is a file."""
    out.write_text("mine")
    return out / "deep" / "er"


def package_is_a_file(out: Path) -> Path:
    """The package's place is taken by a file."""
    out.mkdir()
    (out / "pkg").write_text("mine")
    return out


def subpackage_is_a_file(out: Path) -> Path:
    """A file stands where a folder inside of the package must be."""
    (out / "pkg").mkdir(parents=True)
    (out / "pkg" / "models").write_text("mine")
    return out


def module_is_a_folder(out: Path) -> Path:
    """A folder stands where a file must be."""
    (out / "pkg" / "client.py").mkdir(parents=True)
    return out


@pytest.mark.parametrize(
    "block",
    [file_as_folder, folder_below_a_file, package_is_a_file, subpackage_is_a_file, module_is_a_folder],
)
def test_folders_that_cannot_be_written(
    block: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file that is in the way is named, and every file is as it was."""
    source = write_spec(tmp_path / "spec", model())
    out = block(tmp_path / "out")
    before = snapshot(tmp_path)
    said = failure(arguments(source, out), capsys)
    assert said.startswith(f"{tmp_path / 'out'}")
    assert "cannot be" in said
    assert snapshot(tmp_path) == before


OLD, NEW = model(A=structure({"X": "String"})), model(A=structure({"X": "Integer"}), B=structure({}))


def job(folder: Path, whole: Json) -> Job:
    """A job for a model."""
    return service_job(write_spec(folder / "spec", whole), "pkg", folder / "out")


def failing_replace(number: int, error: BaseException) -> Callable[[Path, Path], Path]:
    """`Path.replace`, except that one call of it fails."""
    replace, calls = Path.replace, iter(range(1, 1000))

    def fail(path: Path, target: Path) -> Path:
        if next(calls) == number:
            raise error
        return replace(path, target)

    return fail


@pytest.mark.parametrize("number", [1, 3])
def test_a_disk_that_fails_while_files_are_moved(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is whole, the old one or the new one; no temporary file stays; a second run completes."""
    generate(job(tmp_path / "new", NEW))
    generate(job(tmp_path, OLD))
    old, new = snapshot(tmp_path / "out"), snapshot(tmp_path / "new" / "out")
    later = job(tmp_path, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(
            Path, "replace", failing_replace(number, OSError(28, "No space left on device", "x.py"))
        )
        with pytest.raises(CodegenError, match=r"^x\.py: cannot be written: No space left on device$"):
            generate(later)
    after = snapshot(tmp_path / "out")
    assert after.keys() <= old.keys() | new.keys()
    assert all(content in (old.get(path), new.get(path)) for path, content in after.items())
    assert sum(content != old.get(path) for path, content in after.items()) == number - 1
    assert old.keys() <= after.keys()
    generate(later)
    assert snapshot(tmp_path / "out") == new


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before all files are written beside their places, no old file is touched."""
    generate(job(tmp_path, OLD))
    old = snapshot(tmp_path / "out")
    write_text, calls = Path.write_text, iter(range(1, 1000))
    later = job(tmp_path, NEW)

    def fill(path: Path, text: str, **options: Any) -> int:
        if path.suffix == ".new" and next(calls) == 3:
            write_text(path, text[: len(text) // 2], **options)
            raise OSError(28, "No space left on device", str(path))
        return write_text(path, text, **options)

    monkeypatch.setattr(Path, "write_text", fill)
    with pytest.raises(CodegenError, match=r"\.new: cannot be written: No space left on device$"):
        generate(later)
    assert snapshot(tmp_path / "out") == old


def test_a_formatter_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code that cannot be formatted is not written."""

    def refuse(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 2, "", "error: x.py: it is odd\nmore\n")

    monkeypatch.setattr("codegen.write.subprocess.run", refuse)
    source = write_spec(tmp_path / "spec", model())
    said = failure(arguments(source, tmp_path / "out"), capsys)
    assert said == "ruff could not format the generated code: error: x.py: it is odd"
    assert not (tmp_path / "out").exists()


def test_the_formatter_sees_no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `ruff.toml` above the temporary folder, and one's home, change nothing."""
    expected = generate_files(tmp_path / "a")
    (tmp_path / "ruff.toml").write_text("line-length = 40\n[format]\nquote-style = 'single'\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert generate_files(tmp_path / "b") == expected


def generate_files(folder: Path) -> Mapping[str, bytes]:
    """What is generated for a model."""
    generate(job(folder, NEW))
    return snapshot(folder / "out")
