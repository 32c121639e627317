"""What is written where, what a check sees, and what is deleted."""

from __future__ import annotations

import copy
import re
import shutil
from pathlib import Path

import pytest
from attrs import evolve

from codegen.__main__ import main
from codegen.jobs import service_job
from codegen.pipeline import Job, generate
from tests.codegen.support import operation, spec, structure, write_spec

TINY = spec(
    shapes={
        "PutThingRequest": structure({"Name": "String", "Inner": "Inner"}, "Name"),
        "Inner": structure({"A": "String"}),
    },
    operations={"PutThing": operation("PutThingRequest")},
)


@pytest.fixture
def tiny(tmp_path: Path) -> Job:
    """A job for a tiny service, which was run once."""
    job = service_job(write_spec(tmp_path / "spec", TINY), "pkg", tmp_path / "out")
    generate(job)
    return job


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The content of every file below a folder, and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_run_changes_nothing(tiny: Job) -> None:
    """Files that are as they should be are not even touched."""
    before = snapshot(tiny.out)
    count = len(before)
    assert generate(tiny) == f"pkg: {count} files, 0 changed, 0 deleted"
    assert snapshot(tiny.out) == before


def test_only_what_changed_is_written(tiny: Job) -> None:
    """A file that was edited comes back, the others stay untouched."""
    before = snapshot(tiny.out)
    (tiny.out / "pkg" / "client.py").write_text("edited\n", encoding="utf-8")
    assert generate(tiny) == f"pkg: {len(before)} files, 1 changed, 0 deleted"
    after = snapshot(tiny.out)
    assert {path for path, it in after.items() if it != before[path]} == {"pkg/client.py"}
    assert after["pkg/client.py"][1] == before["pkg/client.py"][1]


def test_output_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says what was done; a check says nothing where nothing differs."""
    path = write_spec(tmp_path / "spec", TINY)
    command = ["generate", "--spec", str(path), "--package", "pkg", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    assert re.fullmatch(r"pkg: (\d+) files, \1 changed, 0 deleted\n", capsys.readouterr().out)
    assert main([*command, "--check"]) == 0
    assert tuple(capsys.readouterr()) == ("", "")


def check(job: Job, capsys: pytest.CaptureFixture[str]) -> str:
    """What `--check` prints where it finds something; it writes nothing."""
    before = snapshot(job.out)
    capsys.readouterr()
    package = job.target.package
    code = main(["generate", "--check", "--spec", str(job.spec), "--package", package, "--out", str(job.out)])
    captured = capsys.readouterr()
    assert (code, captured.err) == (1, "")
    assert snapshot(job.out) == before
    return captured.out


def test_check_shows_what_was_edited(tiny: Job, capsys: pytest.CaptureFixture[str]) -> None:
    """A unified diff, from what is there to what should be."""
    path = tiny.out / "pkg" / "client.py"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("A typed client", "My client"), encoding="utf-8")
    lines = check(tiny, capsys).splitlines()
    assert lines[:2] == ["--- a/pkg/client.py", "+++ b/pkg/client.py"]
    assert [line.strip() for line in lines if line[0] in "+-"][2:] == [
        '-    """My client for Tiny Service."""',
        '+    """A typed client for Tiny Service."""',
    ]


def test_check_shows_what_was_deleted(tiny: Job, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is gone is shown as all new."""
    path = tiny.out / "pkg" / "client.py"
    good = path.read_text(encoding="utf-8")
    path.unlink()
    lines = check(tiny, capsys).splitlines()
    assert lines[:2] == ["--- /dev/null", "+++ b/pkg/client.py"]
    assert lines[3:] == [f"+{line}" for line in good.splitlines()]


def test_check_shows_what_was_added(tiny: Job, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that the generator does not make is shown as all gone."""
    (tiny.out / "pkg" / "models" / "old.py").write_text("x = 1\n", encoding="utf-8")
    lines = check(tiny, capsys).splitlines()
    assert lines == ["--- a/pkg/models/old.py", "+++ /dev/null", "@@ -1 +0,0 @@", "-x = 1"]


@pytest.mark.parametrize("name", ["py.typed", "models/empty.py"])
def test_check_sees_empty_files(tiny: Job, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without a line is a difference too, be it gone or new."""
    path = tiny.out / "pkg" / name
    if path.exists():
        path.unlink()
        assert check(tiny, capsys) == f"--- /dev/null\n+++ b/pkg/{name}\n"
    else:
        path.touch()
        assert check(tiny, capsys) == f"--- a/pkg/{name}\n+++ /dev/null\n"
    generate(tiny)
    assert generate(tiny, check=True) == ""


@pytest.mark.parametrize("name", ["client.py", "models/old.py"])
def test_files_that_are_no_utf_8(tiny: Job, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is in a file, it is shown, and then overwritten or deleted."""
    path = tiny.out / "pkg" / name
    path.write_bytes(b"caf\xe9\x0c\n\xff")
    lines = check(tiny, capsys).splitlines()
    assert lines[0] == f"--- a/pkg/{name}"
    assert "-caf\\xe9" in lines
    assert lines[lines.index("-\\xff") + 1] == "\\ No newline at end of file"
    generate(tiny)
    assert generate(tiny, check=True) == ""


def test_check_of_nothing(tiny: Job, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing was generated yet, everything is new, and no folder is made."""
    shutil.rmtree(tiny.out)
    assert check(tiny, capsys).count("+++ b/pkg/") > 10
    assert not tiny.out.exists()


def test_stale_files_of_a_package(tiny: Job) -> None:
    """All of a service's package is owned: what is no longer made goes, with folders that are empty then."""
    package = tiny.out / "pkg"
    for stale in ("old.py", "models/old.py", "gone/deep/old.py"):
        (package / stale).parent.mkdir(parents=True, exist_ok=True)
        (package / stale).write_text("x = 1\n", encoding="utf-8")
    (package / "gone" / "deep" / "__pycache__").mkdir()
    (package / "gone" / "deep" / "__pycache__" / "old.cpython-313.pyc").write_bytes(b"\x00")
    (package / "models" / "__pycache__").mkdir()
    (package / "models" / "__pycache__" / "old.cpython-313.pyc").write_bytes(b"\x00")
    for kept in ("beside.py", "pkg_two/mine.py"):
        (tiny.out / kept).parent.mkdir(exist_ok=True)
        (tiny.out / kept).write_text("by hand\n", encoding="utf-8")
    assert generate(tiny).endswith("0 changed, 3 deleted")
    assert not (package / "old.py").exists()
    assert not (package / "models" / "old.py").exists()
    assert not (package / "gone").exists()
    assert (tiny.out / "beside.py").exists()
    assert (tiny.out / "pkg_two" / "mine.py").exists()


def test_stale_files_beside_code_by_hand(tiny: Job) -> None:
    """In an SDK with code by hand, only the generated folders are owned: two of code, one of pages."""
    sdk = evolve(tiny, target=evolve(tiny.target, package="sdk", standalone=False))
    assert list(map(str, sdk.owned)) == ["sdk/models", "sdk/_generated", "docs/reference"]
    generate(sdk)
    by_hand = ["client.py", "__init__.py", "local/engine.py", "models.md", "modelsx/mine.py"]
    stale = ["models/old.py", "_generated/old.py", "_generated/operations/old.py"]
    for name in [*by_hand, *stale]:
        (sdk.out / "sdk" / name).parent.mkdir(exist_ok=True)
        (sdk.out / "sdk" / name).write_text("x = 1\n", encoding="utf-8")
    assert generate(sdk).endswith("0 changed, 3 deleted")
    assert all((sdk.out / "sdk" / name).read_text(encoding="utf-8") == "x = 1\n" for name in by_hand)
    assert not any((sdk.out / "sdk" / name).exists() for name in stale)
    assert generate(sdk, check=True) == ""


def test_a_noun_that_goes_away(tiny: Job) -> None:
    """Modules without a class or method left are deleted with the next update."""
    smaller = copy.deepcopy(TINY)
    del smaller["shapes"]["PutThingRequest"]["members"]["Inner"], smaller["shapes"]["Inner"]
    write_spec(tiny.spec.parent, smaller)
    assert generate(tiny).endswith("2 deleted")
    assert not (tiny.out / "pkg" / "models" / "inner.py").exists()
    assert not (tiny.out / "pkg" / "_generated" / "wire" / "inner.py").exists()
