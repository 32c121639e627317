"""Whatever goes wrong in an update, one line says so, and every file is as it was."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from codegen.errors import CodegenError
from codegen.pipeline import generate
from codegen.update import wheels
from codegen.write import Step
from tests.codegen.support import Json
from tests.codegen.test_bad_disks import FULL, failing_replace, failing_write
from tests.codegen.wheels import (
    CAUSES,
    MARKER,
    RULES,
    Packed,
    Pip,
    Repository,
    Snapshot,
    copy,
    dumped,
    found,
    keeper,
    pack,
    pages,
    pip_settings,
    release,
    snapshot,
    use_pip,
    with_program,
)

NEW = release("1.21.0", keeper("Name", "Size", says="<p>Bigger.</p>", colors=["RED"]), pages())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newer release that is well."""
    return pack(tmp_path_factory.mktemp("wheels"), [NEW])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of an older release."""
    return found(tmp_path_factory.mktemp("first") / "repository")


@pytest.fixture(scope="module")
def updated(first: Repository, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What the update makes of it, by relative paths."""
    it = copy(first, tmp_path_factory.mktemp("updated") / "repository")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wheels, "pip", Pip(folder))
        it.update(patch)
    return relative(it)


def relative(it: Repository) -> Snapshot:
    """The files of a repository by their relative paths."""
    return {str(Path(name).relative_to(it.root)): data for name, data in snapshot(it.root).items()}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr("codegen.write.MEMORY", None)
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def it(
    first: Repository, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: Path
) -> Iterator[Repository]:
    """A repository that finds the newer release; no temporary file is left by what a test does."""
    monkeypatch.setattr(wheels, "pip", Pip(folder))
    yield copy(first, tmp_path / "repository")
    assert [*scratch.iterdir()] == []


@frozen
class Bench:
    """A repository, and what a test does with it."""

    it: Repository
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        """Where there is room for more."""
        return self.it.root.parent

    def offer(self, *releases: Packed) -> None:
        """Let there be other releases."""
        self.patch.setattr(wheels, "pip", Pip(pack(self.folder / "wheels", releases)))

    def real_pip(self, settings: Mapping[str, str]) -> None:
        """Ask pip itself."""
        self.patch.setattr(wheels, "pip", PIP)
        use_pip(self.patch, settings)

    def update(self, *arguments: str) -> int:
        """Run the update; gives the exit code."""
        self.capsys.readouterr()
        return self.it.update(self.patch, *arguments)

    def refused(self, *arguments: str) -> str:
        """The one line that an update fails with, after which every file and folder is as it was."""
        before = snapshot(self.it.root)
        code = self.update(*arguments)
        said = self.capsys.readouterr().err
        assert code == 2, said
        assert snapshot(self.it.root) == before
        return one_line(said)


@pytest.fixture
def bench(it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """A repository that finds the newer release."""
    return Bench(it, monkeypatch, capsys)


PIP = wheels.pip
"""pip itself."""


def one_line(said: str) -> str:
    """A message of one line."""
    assert said.startswith("codegen: ")
    assert said.endswith("\n")
    assert said.count("\n") == 1, said
    return said.removeprefix("codegen: ").removesuffix("\n")


# --- pip ------------------------------------------------------------------------------------------------

NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_RETRIES": "0",
    "PIP_CONFIG_FILE": os.devnull,
}


@pytest.mark.parametrize("empty", [True, False], ids=["an empty folder", "no network"])
def test_no_release_can_be_found(bench: Bench, empty: bool, scratch: Path) -> None:
    """Where pip finds nothing, its own last words say why."""
    bench.real_pip(pip_settings(scratch) if empty else NO_NETWORK)
    said = bench.refused()
    assert said == (
        "no release of botocore can be found; is the network there?"
        " pip says: No matching distribution found for botocore"
    )


@pytest.mark.parametrize("version", ["1.20.1", "1.99.0", "newest", " 1.21.0", "1.21", "../1"])
def test_no_such_release(bench: Bench, version: str) -> None:
    """The newest one is named."""
    said = bench.refused("--botocore", version)
    assert said == f"botocore {version}: there is no such release; the newest is 1.21.0"


def test_an_older_release(bench: Bench) -> None:
    """An update never goes back; another command does."""
    bench.offer(release("1.19.30", keeper("Name"), pages()), NEW)
    said = bench.refused("--botocore", "1.19.30")
    assert said == (
        "botocore 1.19.30 is older than 1.20.0, which the spec is of;"
        " `python -m codegen generate --revision` makes the SDK of an older API"
    )


def test_pip_is_not_installed(bench: Bench) -> None:
    """One line says how to get it."""
    venv.create(bench.folder / "venv", with_pip=False)
    bench.real_pip({})
    bench.patch.setattr(sys, "executable", str(bench.folder / "venv" / "bin" / "python"))
    bench.patch.delenv("PYTHONPATH", raising=False)
    said = bench.refused()
    assert said.endswith("pip is not installed here: python -m ensurepip")


WHOLE_WHEELS = {
    "no zip": b"no zip",
    "empty": b"",
    "its first half": None,
}


@pytest.mark.parametrize("data", WHOLE_WHEELS.values(), ids=WHOLE_WHEELS.keys())
def test_files_that_are_no_wheels(bench: Bench, data: bytes | None, folder: Path) -> None:
    """Pip itself finds that a file is no wheel."""
    whole = (folder / NEW.name).read_bytes()
    (bench.folder / NEW.name).write_bytes(whole[: len(whole) // 2] if data is None else data)
    bench.real_pip(pip_settings(bench.folder))
    said = bench.refused()
    assert said.startswith("botocore 1.21.0 cannot be fetched: pip says: ")
    assert "invalid" in said


def test_a_release_that_is_listed_and_gone(bench: Bench, folder: Path) -> None:
    """As where a mirror is behind its list."""
    bench.real_pip(pip_settings(bench.folder))
    bench.patch.setattr(
        wheels, "pip", lambda to, what: (Pip(folder) if what == "botocore==0" else PIP)(to, what)
    )
    said = bench.refused()
    assert said == (
        "botocore 1.21.0 cannot be fetched: pip says: No matching distribution found for botocore==1.21.0"
    )


@pytest.mark.parametrize("code", [0, 1])
def test_pip_says_nothing_of_use(bench: Bench, code: int) -> None:
    """Another pip may say it in another way, or say nothing."""
    answer = subprocess.CompletedProcess([], code, "botocore: 1.21.0\n", "")
    bench.patch.setattr(wheels, "pip", lambda *_, **__: answer)
    said = bench.refused()
    assert said == ("no release of botocore can be found; is the network there? pip says: it gave no reason")


# --- Wheels ---------------------------------------------------------------------------------------------


def crc(data: bytearray) -> None:
    """One byte of the service's file is another."""
    data[data.index(b"service-2.json") + 200] ^= 1


def method(data: bytearray) -> None:
    """The list at the end names a way of packing that nobody knows."""
    data[entry(data) + 10] = 97


def encrypted(data: bytearray) -> None:
    """The list at the end says that the file is encrypted."""
    data[entry(data) + 8] |= 1


def entry(data: bytearray) -> int:
    """Where the list at the end speaks of the service's file."""
    return data.rindex(b"PK\x01\x02", 0, data.rindex(b"2020-01-01/service-2.json", 0, tail(data)))


def tail(data: bytearray) -> int:
    """Where the last file of the list is named that is not this service's."""
    return data.rindex(b"datasyncx")


@pytest.mark.parametrize("damage", [crc, method, encrypted])
def test_damaged_wheels(
    bench: Bench,
    damage: Callable[[bytearray], None],
) -> None:
    """What pip does not look at, and is damaged."""
    bench.offer(NEW)
    path = bench.folder / "wheels" / NEW.name
    data = bytearray(path.read_bytes())
    damage(data)
    path.write_bytes(data)
    said = bench.refused()
    assert said.startswith(f"botocore 1.21.0: the wheel {NEW.name} is damaged: ")


@pytest.mark.parametrize("zipped", [False, True])
def test_any_header_may_be_damaged(bench: Bench, zipped: bool) -> None:
    """A wheel whose lists of files are damaged has the same model, or one line says what is wrong."""
    bench.offer(evolve(NEW, zipped=zipped))
    path = bench.folder / "wheels" / NEW.name
    whole = path.read_bytes()
    local = whole.index(b"PK\x03\x04", whole.index(b"sitecustomize.py"))
    listed = entry(bytearray(whole))
    for place in (*range(local, local + 80), *range(listed, listed + 100)):
        for mask in (1, 8, 255):
            data = bytearray(whole)
            data[place] ^= mask
            path.write_bytes(data)
            try:
                found = wheels.fetch("1.21.0", "datasync")
            except CodegenError as error:
                assert "\n" not in str(error)  # noqa: PT017  # either is right
            else:
                assert found is None or found.service == NEW.service


PACKED = gzip.compress(NEW.service or b"")
DEEP = b'{"shapes": ' * 100_000 + b"1" + b"}" * 100_000
WHEELS: Mapping[str, tuple[bytes, str]] = {
    "half of a gzip": (PACKED[:200], f"the wheel {NEW.name} is damaged: "),
    "gzip without an end": (PACKED[:-3], f"the wheel {NEW.name} is damaged: "),
    "gzip with a wrong sum": (PACKED[:-8] + bytes(8), f"the wheel {NEW.name} is damaged: "),
    "gzip of something": (PACKED[:20] + bytes(400), f"the wheel {NEW.name} is damaged: "),
    "two bytes of gzip": (PACKED[:2], f"the wheel {NEW.name} is damaged: "),
    "no JSON": (b"{", "is not whole JSON: "),
    "nothing": (b"", "is not whole JSON: "),
    "no UTF-8": (
        dumped(keeper("Name", says="\u00e9")).decode().encode("latin-1"),
        "is not whole JSON: ",
    ),
    "a list": (b"[]", "holds a list, not a JSON object"),
    "a number": (b"1", "holds a whole number, not a JSON object"),
}


@pytest.mark.parametrize(("data", "expected"), WHEELS.values(), ids=WHEELS.keys())
@pytest.mark.parametrize("which", ["service", "paginators"])
def test_files_that_are_not_whole(
    bench: Bench,
    which: str,
    data: bytes,
    expected: str,
) -> None:
    """The release is named, and what is wrong with it."""
    bench.offer(evolve(NEW, **{which: data}))
    said = bench.refused()
    assert said.startswith("botocore 1.21.0: ")
    assert expected in said


def changed(**changes: object) -> Json:
    """The new model with something else in it."""
    return {**keeper("Name", "Size"), **changes}


SHAPES = keeper("Name", "Size")["shapes"]
MODELS = {
    "an unknown key": (changed(sounds={}), "sounds: this key is not known"),
    "an unknown type": (
        changed(shapes={**SHAPES, "X": {"type": "sound"}}),
        "shapes.X.type: the shape type 'sound' is not known",
    ),
    "no shapes": ({}, "'metadata' is missing"),
    "shapes in a list": (changed(shapes=[]), "shapes: holds a list, not an object"),
    "a number that is none": (changed(examples=float("nan")), "is not whole JSON"),
    "half a character": (changed(documentation="\ud800"), "holds half a character"),
}
HALF = changed(shapes={**SHAPES, "Color": {"type": "string", "enum": ["\ud800"]}})


@pytest.mark.parametrize(("model", "expected"), MODELS.values(), ids=MODELS.keys())
def test_models_that_the_generator_does_not_understand(bench: Bench, model: Json, expected: str) -> None:
    """Its own message says where."""
    bench.offer(evolve(NEW, service=json.dumps(model).encode()))
    assert expected in bench.refused()


TEXTS = {
    "a text of half a character": json.dumps(HALF).encode(),
    "another encoding": json.dumps(keeper("Name", "Size")).encode("utf-16"),
    "too deep": DEEP,
}


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS.keys())
def test_odd_texts(bench: Bench, data: bytes) -> None:
    """What Python's JSON takes, or fails at in another way."""
    bench.offer(evolve(NEW, service=data))
    bench.refused()


@pytest.mark.parametrize(
    "model",
    [
        changed(sounds={}),
        changed(shapes=[]),
        changed(operations=[]),
        {},
    ],
    ids=["an unknown key", "shapes in a list", "operations in a list", "nothing"],
)
def test_a_model_in_between_that_is_not_understood(bench: Bench, model: Json) -> None:
    """A release on the way makes a revision, too."""
    bench.offer(release("1.20.5", model, pages()), release("1.20.6", keeper("Name", "Size")), NEW)
    bench.refused()


def test_a_service_that_is_gone(bench: Bench) -> None:
    """The newest release does not know it."""
    bench.offer(NEW, release("1.22.0", None))
    assert bench.refused() == "botocore 1.22.0 has no datasync any more"
    assert bench.update("--botocore", "1.21.0") == 0


def test_paginators_alone(bench: Bench) -> None:
    """A wheel with paginators of a service and without its model."""
    bench.offer(evolve(NEW, service=None))
    said = bench.refused()
    assert said == "botocore 1.21.0: the wheel has no service-2.json of datasync 2020-01-01"


def test_a_wheel_without_dates(bench: Bench) -> None:
    """As where it was built again by somebody else."""
    bench.offer(evolve(NEW, date="1980-01-01"))
    assert bench.refused() == "botocore 1.21.0: the wheel does not say of which day it is"


def test_two_revisions_of_a_day(bench: Bench) -> None:
    """The later one counts, for the file is named after the day: what it has needs no newer botocore."""
    one = release("1.20.5", keeper("Name", "Color2"), pages(), date=NEW.date)
    bench.offer(one, NEW)
    assert bench.update() == 0
    assert len(bench.it.revisions) == 2
    assert NEW.version in bench.it.revisions[f"{NEW.date}.json"]


# --- The repository -------------------------------------------------------------------------------------


def test_a_lock_that_is_not_of_the_files(bench: Bench) -> None:
    """Nobody's own change of the spec is overwritten."""
    path = bench.it.specs / "service-2.json"
    path.write_bytes(path.read_bytes() + b"\n")
    said = bench.refused()
    assert said.startswith(f"{path}: is not the file of botocore 1.20.0 that lock.toml names")


@pytest.mark.parametrize(
    "name", ["lock.toml", "service-2.json", "paginators-1.json", "rules.toml", "causes.toml"]
)
@pytest.mark.parametrize("instead", [True, False])
def test_files_that_are_missing(bench: Bench, name: str, instead: bool) -> None:
    """A file of the service is gone, or a folder stands in its place."""
    (bench.it.specs / name).unlink()
    if instead:
        (bench.it.specs / name).mkdir()
    assert bench.refused().startswith(f"{bench.it.specs / name}: cannot be read: ")


@pytest.mark.parametrize("there", [True, False])
def test_no_revisions(bench: Bench, there: bool) -> None:
    """Without the revisions before, what changed cannot be told; the line says how to get them."""
    for path in (bench.it.specs / "revisions").iterdir():
        path.unlink()
    if not there:
        (bench.it.specs / "revisions").rmdir()
    assert "`python -m codegen update --history`" in bench.refused()


def test_the_newest_revision_is_missing(bench: Bench) -> None:
    """Revisions that do not lead up to the spec are no ground for an update."""
    (path,) = (bench.it.specs / "revisions").iterdir()
    text = path.read_text(encoding="utf-8").replace('"Name"', '"Nom"').replace("1.20.0", "1.10.0")
    path.unlink()
    path.with_name("2019-01-01.json").write_text(text, encoding="utf-8")
    assert "`python -m codegen update --history`" in bench.refused()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"botocore": 1}'])
def test_revisions_that_are_broken(bench: Bench, text: str) -> None:
    """The file is named."""
    path = bench.it.specs / "revisions" / "2020-01-01.json"
    path.write_text(text, encoding="utf-8")
    assert bench.refused().startswith(f"{path}: ")


def test_causes_that_are_broken(bench: Bench) -> None:
    """What they say of an operation that is not there any more."""
    path = bench.it.specs / "causes.toml"
    path.write_text(CAUSES.replace("List*", "Drop*"), encoding="utf-8")
    assert bench.refused() == f"{path}: cause[0].recognized[0].operations: the spec has no operation 'Drop*'"


BROKEN_RULES = {
    "no TOML": ("[", "is not valid TOML"),
    "an unknown section": ("[sounds]\n", "sounds: this key is not known"),
    "no reason": ('[[always]]\n[always.members]\n"CreateThingResponse.ThingArn" = "unique"\n', "'reason' is"),
    "a module of nothing": ('[modules]\nGone = "gone"\n', "no structure and no operation's noun begins so"),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN_RULES.values(), ids=BROKEN_RULES.keys())
def test_rules_that_are_broken(bench: Bench, text: str, expected: str) -> None:
    """It is the generator that says so."""
    (bench.it.specs / "rules.toml").write_text(RULES + text, encoding="utf-8")
    assert expected in bench.refused()


@pytest.mark.parametrize("name", ["no reason", "a module of nothing"])
def test_rules_are_named_by_their_place(bench: Bench, name: str) -> None:
    """A line that nobody can follow to a file helps nobody."""
    (bench.it.specs / "rules.toml").write_text(RULES + BROKEN_RULES[name][0], encoding="utf-8")
    assert bench.refused().startswith(f"{bench.it.specs / 'rules.toml'}: ")


def test_a_change_log_that_cannot_be_read(bench: Bench) -> None:
    """A folder stands in its place."""
    (bench.it.root / "CHANGELOG.md").unlink()
    (bench.it.root / "CHANGELOG.md").mkdir()
    said = bench.refused()
    assert said == f"{bench.it.root / 'CHANGELOG.md'}: cannot be read: Is a directory"


def test_a_change_log_in_another_encoding(bench: Bench) -> None:
    """It cannot be written down again as UTF-8."""
    path = bench.it.root / "CHANGELOG.md"
    path.write_bytes(path.read_bytes().replace(b"by hand", b"\xe0 la main"))
    assert bench.refused().startswith(f"{path}: ")


# --- Quotations -----------------------------------------------------------------------------------------

QUOTED = """\
[[sensitive]]
shape = "Color"
reason = "Nobody must know."
quoted_from = "Thing.Name"
quote = "Its Name."

[[always]]
reason = "Create makes a thing."
[always.members]
"CreateThingResponse.ThingArn" = "The ARN of the thing."
"Thing" = "What is kept."
"""
CHANGED = keeper(
    "Size",
    says="",
    arn="<p>It is new.</p> <p>The Amazon Resource Name (ARN) of the <i>thing</i>: its name. Unique.</p>",
)


def test_lost_quotations(bench: Bench) -> None:
    """Each is shown beside what stands there now, nothing is written, and corrected rules let it pass."""
    rules = bench.it.specs / "rules.toml"
    rules.write_text(QUOTED, encoding="utf-8")
    bench.offer(release("1.21.0", CHANGED, pages()))
    before = snapshot(bench.it.root)
    for arguments, code in (([], 2), (["--dry-run"], 0)):
        assert bench.update(*arguments) == code
        out, err = bench.capsys.readouterr()
        assert snapshot(bench.it.root) == before
        assert out.startswith("botocore 1.20.0 -> 1.21.0\n")
        shown = out[out.index("Rules whose quotation was lost:\n") :].removesuffix(
            "\ndry run: nothing was written\n"
        )
        assert re.sub(r"\(/.*\$?.*\)", "(...)", shown) == (
            "Rules whose quotation was lost:\n\n"
            "- Thing.Name (...)\n"
            "    was: Its Name.\n"
            "    now: (the API no longer has it)\n"
            "- CreateThingResponse.ThingArn (...)\n"
            "    was: The ARN of the thing.\n"
            "    now: The Amazon Resource Name (ARN) of the thing:\n"
            "- Thing (...)\n"
            "    was: What is kept.\n"
            "    now: (nothing is said of it any more)\n"
        )
        assert shown.count(f"({rules}: ") == 3
        if code:
            assert one_line(err) == (
                f"nothing was written: 3 of the quotations in {rules} no longer stand. Correct them and"
                " their rules by what the new model says, and run the update again"
            )
    corrected = RULES.replace(
        "The ARN of the thing.", "The Amazon Resource Name (ARN) of the thing: its name."
    )
    rules.write_text(corrected, encoding="utf-8")
    assert bench.update() == 0
    assert "quotation" not in bench.capsys.readouterr().out
    assert generate(bench.it.job, check=True) == ""


# --- Disks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 4])
def test_a_disk_that_is_full_while_files_are_staged(bench: Bench, number: int) -> None:
    """No file is touched, none is new."""
    bench.patch.setattr(Path, "write_text", failing_write(number, FULL))
    assert bench.refused() == "x.py: cannot be written: No space left on device"


@pytest.mark.parametrize("number", range(1, 11))
def test_a_disk_that_fails_while_files_are_moved(bench: Bench, number: int, updated: Snapshot) -> None:
    """Everything is put back, whichever move fails; a second run completes."""
    with bench.patch.context() as patch:
        patch.setattr(Path, "replace", failing_replace(number, FULL))
        assert bench.refused() == "x.py: cannot be written: No space left on device"
    bench.update()
    assert relative(bench.it) == updated


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()], ids=["full disk", "interruption"])
def test_a_failure_while_files_are_deleted(bench: Bench, error: BaseException, updated: Snapshot) -> None:
    """The last of all steps: everything is put back, a second run completes."""
    for name in ("old.py", "older.py"):
        (bench.it.root / "datasync_sdk" / "models" / name).write_text("x = 1\n", encoding="utf-8")
    before = snapshot(bench.it.root)
    unlink = Path.unlink

    def fail(path: Path, **options: bool) -> None:
        if path.name == "older.py":
            raise error
        unlink(path, **options)

    with bench.patch.context() as patch:
        patch.setattr(Path, "unlink", fail)
        assert bench.update() == (2 if error is FULL else 130)
    one_line(bench.capsys.readouterr().err)
    assert snapshot(bench.it.root) == before
    bench.update()
    assert relative(bench.it) == updated


@pytest.mark.parametrize("number", [1, 5, 10])
def test_an_interruption_while_files_are_moved(bench: Bench, number: int) -> None:
    """Everything is put back."""
    before = snapshot(bench.it.root)
    bench.patch.setattr(Path, "replace", failing_replace(number, KeyboardInterrupt()))
    assert bench.update() == 130
    assert one_line(bench.capsys.readouterr().err) == "interrupted; nothing was changed"
    assert snapshot(bench.it.root) == before


def test_a_full_disk_for_temporary_files(bench: Bench) -> None:
    """It is one line there, too."""
    write_text = Path.write_text

    def full(path: Path, text: str, **options: Any) -> int:
        if "codegen-" in str(path):
            raise FULL
        return write_text(path, text, **options)

    bench.patch.setattr(Path, "write_text", full)
    assert "No space left on device" in bench.refused()


def test_no_folder_for_temporary_files(bench: Bench, scratch: Path) -> None:
    """Nor is there a traceback where there is no such folder at all."""
    bench.patch.setattr("tempfile.tempdir", str(scratch / "gone"))
    bench.refused()


def test_an_interruption_when_all_is_moved(bench: Bench, updated: Snapshot) -> None:
    """Where the last file was moved, the update is made: nothing is left over, or all is put back."""
    before = relative(bench.it)
    unlink, calls = Path.unlink, iter(range(1000))

    def interrupt(path: Path, **options: bool) -> None:
        if path.name.endswith(".old") and path.exists() and next(calls) == 2:
            raise KeyboardInterrupt
        unlink(path, **options)

    with bench.patch.context() as patch:
        patch.setattr(Path, "unlink", interrupt)
        code = bench.update()
    assert relative(bench.it) == (before if code else updated)


def test_two_interruptions(bench: Bench) -> None:
    """Somebody impatient presses Ctrl-C twice."""
    before = snapshot(bench.it.root)
    replace, calls = Path.replace, iter(range(1, 1000))

    def interrupt(path: Path, target: Path) -> Path:
        if next(calls) in (6, 8):
            raise KeyboardInterrupt
        return replace(path, target)

    with bench.patch.context() as patch:
        patch.setattr(Path, "replace", interrupt)
        assert bench.update() == 130
    assert snapshot(bench.it.root) == before


class Killed(BaseException):
    """What no program can catch."""


def killed(bench: Bench, number: int) -> None:
    """Run an update that ends in a move, and undoes nothing."""
    with bench.patch.context() as patch:
        patch.setattr(Path, "replace", failing_replace(number, Killed()))
        patch.setattr(Step, "undo", lambda _: None)
        with pytest.raises(Killed):
            bench.update()


def visible(files: Snapshot) -> Snapshot:
    """The files without those that wait beside their places."""
    return {name: data for name, data in files.items() if not Path(name).name.startswith(".")}


MOVES = range(1, 11)


@pytest.mark.parametrize("number", MOVES)
def test_a_kill_in_the_moment_of_the_moves(bench: Bench, number: int, updated: Snapshot) -> None:
    """Every file is the old or the new one; a second run completes, or says what to restore."""
    before = relative(bench.it)
    killed(bench, number)
    for name, data in visible(relative(bench.it)).items():
        assert data in (before.get(name), updated.get(name)), name
    code = bench.update()
    said = bench.capsys.readouterr().err
    if code:
        assert one_line(said).startswith(f"{bench.it.specs}")
        assert "restore all of the folder" in said
    else:
        assert relative(bench.it) == updated


# --- Signals --------------------------------------------------------------------------------------------

SLOW_PIP = """\
import pathlib, sys, tempfile, time
with tempfile.TemporaryDirectory(prefix="pip-"):
    pathlib.Path({ready!r}).touch()
    time.sleep(60)
"""
FAST_PIP = """\
import os, pathlib, shutil, sys
(wheel,) = pathlib.Path(os.environ["PIP_FIND_LINKS"]).glob("*.whl")
if "botocore==0" in sys.argv:
    sys.exit(f"ERROR: there is none (from versions: {{wheel.name.split('-')[1]}})")
else:
    shutil.copy(wheel, sys.argv[sys.argv.index("--dest") + 1])
"""
HOOKS = """\
import os, pathlib, signal, subprocess, time
moment, ready = {moment!r}, {ready!r}
run, replace, moves = subprocess.run, os.replace, iter(range(1000))

def wait():
    pathlib.Path(ready).touch()
    time.sleep(60)

def slow_run(words, *args, **options):
    if moment == "generating" and words[0].endswith("ruff"):
        wait()
    return run(words, *args, **options)

def slow_replace(old, new, **options):
    if str(old).endswith(".new") and next(moves) == 6:
        wait() if moment == "moving" else os.kill(os.getpid(), signal.SIGKILL)
    return replace(old, new, **options)

signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs ignore
subprocess.run = slow_run
os.access = lambda path, mode: False  # so that no temporary folder is in /dev/shm
if moment in ("moving", "killed"):
    os.replace = slow_replace
"""


def start(it: Repository, moment: str, folder: Path) -> subprocess.Popen[str]:
    """Start an update that waits at some moment."""
    root, ready = it.root.parent / "hooks", str(it.root.parent / "ready")
    (root / "pip").mkdir(parents=True)
    (root / "pip" / "__init__.py").touch()
    pip = SLOW_PIP if moment == "fetching" else FAST_PIP
    (root / "pip" / "__main__.py").write_text(pip.format(ready=ready), encoding="utf-8")
    (root / "sitecustomize.py").write_text(HOOKS.format(moment=moment, ready=ready), encoding="utf-8")
    settings = {**pip_settings(folder), "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "codegen", "update"],
        cwd=it.root,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a process has made a file."""
    end = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("moment", "send"),
    [
        ("fetching", lambda process: os.killpg(process.pid, signal.SIGINT)),
        ("fetching", lambda process: process.terminate()),
        ("generating", lambda process: process.terminate()),
        ("generating", lambda process: os.killpg(process.pid, signal.SIGINT)),
        ("moving", lambda process: process.send_signal(signal.SIGINT)),
        ("moving", lambda process: os.killpg(process.pid, signal.SIGTERM)),
    ],
)
def test_signals(
    moment: str, send: Callable[[subprocess.Popen[str]], None], it: Repository, folder: Path, scratch: Path
) -> None:
    """Ctrl-C, or a polite end from elsewhere: one line, nothing changed, and no temporary file is left."""
    it = with_program(it)
    before = snapshot(it.root)
    process = start(it, moment, folder)
    wait_for(it.root.parent / "ready", process)
    time.sleep(0.1)
    send(process)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "codegen: interrupted; nothing was changed\n"), out
    assert snapshot(it.root) == before
    assert [*scratch.iterdir()] == []


def test_a_kill(it: Repository, updated: Snapshot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`kill -9` in the moment of the moves; a second run completes the work."""
    it = with_program(it)
    before = relative(it)
    process = start(it, "killed", folder)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    now = visible(relative(it))
    for name in updated:
        assert now.get(name) in (before.get(name), updated[name]), name
    assert now != visible(before)
    assert it.update(monkeypatch) == 0
    assert generate(it.job, check=True) == ""
    own = {name: data for name, data in updated.items() if name.startswith("specs")}
    assert own.items() <= relative(it).items()


def test_the_wheels_were_never_run(folder: Path) -> None:
    """After all of these, the code in the wheels has not left its mark."""
    assert not (folder / MARKER).exists()


# --- Two runs at once -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 4, 7, 10])
def test_two_runs_at_once(bench: Bench, number: int, updated: Snapshot) -> None:
    """One of them makes the update, whatever becomes of the other."""
    replace, calls = Path.replace, iter(range(1, 1000))
    codes = []

    def other(path: Path, target: Path) -> Path:
        if next(calls) == number:
            codes.append(bench.update())
        return replace(path, target)

    with bench.patch.context() as patch:
        patch.setattr(Path, "replace", other)
        codes.append(bench.update())
    assert 0 in codes
    assert relative(bench.it) == updated
