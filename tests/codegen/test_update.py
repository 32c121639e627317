"""`codegen update`: what a newer botocore brings, and all that follows from it."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from codegen.__main__ import parser
from codegen.jobs import own_job
from codegen.pipeline import REPOSITORY, SPECS, generate
from codegen.revisions import load_all
from codegen.update import wheels
from codegen.update.releases import Releases, numbers
from codegen.update.run import plan, spec_files
from codegen.update.wheels import Release
from tests.codegen.support import Json
from tests.codegen.wheels import (
    MARKER,
    Packed,
    Pip,
    Repository,
    bare,
    copy,
    day,
    dumped,
    found,
    keeper,
    pack,
    pages,
    pip_settings,
    release,
    repository,
    snapshot,
    use_pip,
    with_program,
)

BASE = keeper("Name")
SAYS = "<p>Was “aufbewahrt” wird: caf\u00e9, \U0001f600, \u2028 and \u00a0.</p>"
SAID = keeper("Name", says=SAYS)
SIZED = keeper("Name", "Size", says=SAYS, colors=["RED", "BLUE", "GREEN"])
RENAMED = keeper("Name", "Weight", says=SAYS, colors=["RED", "GREEN"])
LIMIT = pages(limit_key="MaxResults")
ESCAPED = json.dumps(SIZED, ensure_ascii=True, separators=(",", ":")).encode()
"""Another layout, with other characters escaped, and without a newline at the end."""

RELEASES = [
    release("1.19.9", None),
    release("1.20.0", BASE, pages()),
    release("1.20.1", BASE, pages(), zipped=True),
    release("1.20.2", SAID, pages(), zipped=True),
    release("1.20.9", SAID, pages()),
    evolve(release("1.20.10", SIZED, pages(), zipped=True), service=ESCAPED),
    release("1.21.0", SIZED, LIMIT),
    release("1.21.1", SIZED, LIMIT),
    release("1.21.2", RENAMED, LIMIT),
    release("1.21.3", RENAMED, pages()),
]
"""Of these, some change nothing, some the documentation, the API or the paginators."""
REVISIONS = {
    "1.20.0": (BASE, pages()),
    "1.20.2": (SAID, pages()),
    "1.20.10": (SIZED, LIMIT),
    "1.21.2": (RENAMED, pages()),
}
"""The releases that make a revision, with the last paginators that were known while it was the newest."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels of the releases."""
    return pack(tmp_path_factory.mktemp("wheels"), RELEASES)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of the oldest release."""
    return found(tmp_path_factory.mktemp("first") / "repository")


@pytest.fixture
def it(first: Repository, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A copy of it, which finds the releases."""
    monkeypatch.setattr(wheels, "pip", Pip(folder))
    return copy(first, tmp_path / "repository")


def expected_revisions(until: str = "2100") -> dict[str, Json]:
    """What the files of the revisions hold."""
    return {
        f"{day(version)}.json": {"botocore": version, "paginators": paginators, "service": bare(service)}
        for version, (service, paginators) in REVISIONS.items()
        if day(version) <= until
    }


def same(texts: dict[str, str], expected: dict[str, Json]) -> bool:
    """Whether files hold some objects, with their keys in the same order."""
    read = {name: json.loads(text) for name, text in texts.items()}
    return json.dumps(read) == json.dumps(expected)


def assert_is_of(it: Repository, packed: Packed) -> None:
    """A repository has the files of a release, and what follows from them."""
    lock = tomllib.loads((it.specs / "lock.toml").read_text(encoding="utf-8"))
    files = {"service-2.json": packed.service, "paginators-1.json": packed.paginators}
    for name, data in files.items():
        assert (it.specs / name).read_bytes() == data
    sums = {name: hashlib.sha256(data or b"").hexdigest() for name, data in files.items()}
    assert lock == {"botocore": packed.version, "api_version": "2020-01-01", "sha256": sums}
    assert generate(it.job, check=True) == ""


def headings(text: str) -> list[str]:
    """The headings of a change log."""
    return [line for line in text.splitlines() if line.startswith("#")]


# --- Updates --------------------------------------------------------------------------------------------


def test_an_update_over_many_releases(
    it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each revision in between is found, with its date and the first botocore that has it."""
    before = it.changelog
    assert it.update(monkeypatch) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert_is_of(it, RELEASES[-1])
    assert same(it.revisions, expected_revisions())
    new = it.changelog
    assert headings(new) == [
        "# Changelog",
        "## Unreleased",
        f"### API {day('1.21.2')} (botocore 1.21.2): major version",
        f"### API {day('1.20.10')} (botocore 1.20.10): minor version",
        f"### API {day('1.20.2')} (botocore 1.20.2): patch version",
        "## 0.1.0",
        "### API 2019-01-01 (botocore 1.2.3): minor version",
    ]
    head, tail = before[: before.index("\n## 0.1.0")], before[before.index("\n## 0.1.0") :]
    assert new.startswith(head)
    assert new.endswith(tail)
    added = new[len(head) : -len(tail)]
    for line in (
        "- Documentation only.",
        "- New member `Thing.Size`.",
        "- The member `Thing.Size` is gone.",
        "- New value `Color.GREEN`.",
        "- The value `Color.BLUE` is gone.",
    ):
        assert added.count(f"{line}\n") == 1, line
    lines = out.splitlines()
    assert lines[0] == "botocore 1.20.0 -> 1.21.3"
    titles = [line for line in lines if " - Tiny Service - " in line]
    assert titles == [
        f"{day('1.20.2')} - Tiny Service - documentation only",
        f"{day('1.20.10')} - Tiny Service - 2 updated api methods",
        f"{day('1.21.2')} - Tiny Service - 2 updated api methods",
    ]
    assert re.fullmatch(r"\d+ files changed, 0 deleted", lines[-1])


def test_a_second_update_does_nothing(
    it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the newest is there, every file stays, and one line says so."""
    it.update(monkeypatch)
    capsys.readouterr()
    before = snapshot(it.root)
    assert it.update(monkeypatch) == 0
    assert capsys.readouterr() == (
        "botocore 1.21.3: its model is that of botocore 1.21.3; there is nothing to do\n",
        "",
    )
    assert snapshot(it.root) == before


@pytest.mark.parametrize(
    "also",
    [
        [],
        ["--history"],
        ["--botocore", "1.20.10"],
        ["--format", "markdown"],
    ],
)
def test_a_dry_run(
    also: list[str], it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says the same and writes nothing."""
    before = snapshot(it.root)
    assert it.update(monkeypatch, "--dry-run", *also) == 0
    dry = capsys.readouterr().out
    assert snapshot(it.root) == before
    assert it.update(monkeypatch, *also) == 0
    said, written = capsys.readouterr().out.rstrip("\n").rsplit("\n\n", 1)
    assert dry == f"{said}\n\ndry run: nothing was written\n"
    assert f"{day('1.20.10')} - Tiny Service" in said
    assert "files changed" in written


def test_updates_step_by_step(
    it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each release can be chosen; at the end all is as after one update over all."""
    whole = copy(it, it.root.parent / "whole")
    whole.update(monkeypatch)
    for packed in RELEASES[2:]:
        assert it.update(monkeypatch, "--botocore", packed.version) == 0
        if packed.version in ("1.20.1", "1.20.9", "1.21.1"):
            assert "there is nothing to do" in capsys.readouterr().out
        else:
            assert_is_of(it, packed)
            assert it.revisions.keys() == expected_revisions(packed.date).keys()
    assert same(it.revisions, expected_revisions())
    ours, theirs = (snapshot(it.root), snapshot(whole.root))
    assert [Path(name).relative_to(it.root) for name in ours] == [
        Path(name).relative_to(whole.root) for name in theirs
    ]
    different = [
        Path(name).name for name, other in zip(ours, theirs, strict=True) if ours[name] != theirs[other]
    ]
    assert different == ["CHANGELOG.md"]
    assert headings(it.changelog)[2:5:2] == [
        "### botocore 1.21.3: minor version",
        "### botocore 1.21.0: minor version",
    ]


def test_other_paginators(
    it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They make no revision: those of the newest one are others."""
    it.update(monkeypatch, "--botocore", "1.20.10")
    assert json.loads(it.revisions[f"{day('1.20.10')}.json"])["paginators"] == pages()
    capsys.readouterr()
    it.update(monkeypatch, "--botocore", "1.21.1")
    out = capsys.readouterr().out
    assert "botocore 1.20.10 -> botocore 1.21.1 - Tiny Service" in out
    assert "ListThings limit_key: none -> MaxResults (changed)" in out
    assert json.loads(it.revisions[f"{day('1.20.10')}.json"])["paginators"] == LIMIT
    assert "ListThings limit_key: none -> MaxResults" in it.changelog
    assert_is_of(it, RELEASES[7])


def test_the_release_of_the_lock_itself(
    it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to do, also where no index has that release any more."""
    before = snapshot(it.root)
    assert it.update(monkeypatch, "--botocore", "1.20.0") == 0
    assert "1.20.0: its model is that of botocore 1.20.0; there is nothing to do" in capsys.readouterr().out
    assert snapshot(it.root) == before
    few = pack(it.root.parent / "few", [RELEASES[0], RELEASES[3]])
    monkeypatch.setattr(wheels, "pip", Pip(few))
    assert it.update(monkeypatch) == 0
    assert_is_of(it, RELEASES[3])


def test_nothing_is_fetched_in_vain(it: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No release is fetched twice, and that of the lock never; one more is enough where nothing changed."""
    pip = Pip(folder)
    monkeypatch.setattr(wheels, "pip", pip)
    it.update(monkeypatch)
    assert len(pip.fetched) == len(set(pip.fetched))
    assert "1.20.0" not in pip.fetched
    pip.fetched.clear()
    it.update(monkeypatch)
    assert pip.fetched == []


def test_paginators_that_are_missing(it: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release without a file of them has none."""
    few = pack(it.root.parent / "few", [RELEASES[1], release("1.22.0", SIZED)])
    monkeypatch.setattr(wheels, "pip", Pip(few))
    assert it.update(monkeypatch) == 0
    assert json.loads(it.revisions[f"{day('1.22.0')}.json"])["paginators"] == {"pagination": {}}
    assert json.loads((it.specs / "paginators-1.json").read_bytes()) == {"pagination": {}}
    assert generate(it.job, check=True) == ""


def test_other_line_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spec has the bytes of its release, also where nothing else changed in it."""
    old = release("1.20.0", BASE, pages())
    dos = evolve(old, service=(old.service or b"").replace(b"\n", b"\r\n"))
    it = repository(tmp_path / "repository", dos)
    new = release("1.21.0", BASE, LIMIT)
    monkeypatch.setattr(wheels, "pip", Pip(pack(tmp_path / "wheels", [new])))
    assert it.update(monkeypatch) == 0
    assert_is_of(it, new)


def test_code_that_is_no_longer_made(it: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated files of what is gone are deleted by the update."""
    stale = it.root / "datasync_sdk" / "models" / "old.py"
    stale.write_text("x = 1\n", encoding="utf-8")
    assert it.update(monkeypatch) == 0
    assert not stale.exists()


# --- pip itself -----------------------------------------------------------------------------------------


def test_the_wheels_that_pip_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All releases, and the files of one as they are in its wheel."""
    use_pip(monkeypatch, pip_settings(folder))
    (folder / "botocore-1.30.0.tar.gz").touch()  # Nobody asks what is in it: it would run to tell.
    assert sorted(wheels.versions(), key=numbers) == [packed.version for packed in RELEASES]
    packed = RELEASES[5]
    assert wheels.fetch("1.20.10", "datasync") == Release(
        botocore="1.20.10", date=day("1.20.10"), service=packed.service, paginators=packed.paginators
    )
    assert wheels.fetch("1.19.9", "datasync") is None
    assert not (folder / MARKER).exists()


def test_the_newest_of_several_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a wheel has several versions of a service, the newest counts, with its own paginators."""
    packed = release("1.2.3", BASE, pages())
    pack(tmp_path, [packed])
    with ZipFile(tmp_path / packed.name, "a") as wheel:
        for api, model in (("2021-01-01", SAID), ("2019-01-01", SIZED)):
            name = f"botocore/data/datasync/{api}/service-2.json"
            wheel.writestr(ZipInfo(name, (2024, 2, 3, 0, 0, 0)), dumped(model))
    monkeypatch.setattr(wheels, "pip", Pip(tmp_path))
    found = wheels.fetch("1.2.3", "datasync")
    assert found
    assert found.content == (SAID, {"pagination": {}})
    assert found.date == "2024-02-03"


def test_a_release_for_a_newer_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its model is read and not run: it does not matter for which Python its code is."""
    pack(tmp_path, [release("1.2.3", BASE, pages(), requires=">=3.99")])
    use_pip(monkeypatch, pip_settings(tmp_path))
    assert wheels.fetch(wheels.versions()[-1], "datasync") is not None


def test_the_command_line(first: Repository, folder: Path, tmp_path: Path) -> None:
    """`python -m codegen update` with pip itself; not a line of the wheels runs, and none is imported."""
    it = with_program(copy(first, tmp_path / "repository"))
    scratch = tmp_path / "temporary"
    scratch.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "codegen", "update", "--botocore", "1.20.10"],
        cwd=it.root,
        env={**kept, **pip_settings(folder), "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("botocore 1.20.0 -> 1.20.10\n")
    # The generator takes a function for names from the botocore that is installed, and that is all.
    assert [name for name in imported if name.startswith(("botocore.", "boto3"))] == []
    assert "codegen.update.wheels" in imported
    assert_is_of(it, RELEASES[5])
    assert same(it.revisions, {**expected_revisions(day("1.20.2")), **newest_with(pages())})
    assert not (folder / MARKER).exists()
    assert [*scratch.iterdir()] == []


def newest_with(paginators: Json) -> dict[str, Json]:
    """The file of the revision of 1.20.10, with paginators."""
    name = f"{day('1.20.10')}.json"
    return {name: {**expected_revisions()[name], "paginators": paginators}}


# --- All of history -------------------------------------------------------------------------------------


def empty(folder: Path) -> None:
    """There is no file."""
    for path in folder.iterdir():
        path.unlink()


def partial(folder: Path) -> None:
    """Some are gone, some are nobody's."""
    (folder / f"{day('1.20.2')}.json").unlink()
    (folder / f"{day('1.21.2')}.json").unlink()
    (folder / "old").mkdir()
    for name in ("notes.txt", ".2020-01-01.json.new", "old/2020-01-01.json"):
        (folder / name).write_text("{}", encoding="utf-8")


def wrong(folder: Path) -> None:
    """Those that are there have another content, and one has another botocore."""
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace('"Name"', '"Nom"').replace("1.20.2", "1.20.9")
        path.write_text(text, encoding="utf-8")


def stale(folder: Path) -> None:
    """One is of a date of no change."""
    text = (folder / f"{day('1.20.2')}.json").read_text(encoding="utf-8").replace('"Name"', '"Nom"')
    (folder / "2021-02-03.json").write_text(text, encoding="utf-8")


def unknown(folder: Path) -> None:
    """One names a botocore that nobody has, as where a release was taken back."""
    path = folder / f"{day('1.20.2')}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("1.20.2", "1.20.3"), encoding="utf-8")


def complete(_: Path) -> None:
    """All are there."""


STATES = [
    empty,
    partial,
    wrong,
    complete,
    stale,
    unknown,
]


@pytest.mark.parametrize("state", STATES)
def test_all_of_history(
    state: object, it: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever revisions are there, `--history` makes the same files, and deletes what else there is."""
    assert callable(state)
    it.update(monkeypatch)
    expected = snapshot(it.specs)
    state(it.specs / "revisions")
    assert it.update(monkeypatch, "--history") == 0, capsys.readouterr().err
    assert snapshot(it.specs) == expected
    assert generate(it.job, check=True) == ""


@pytest.mark.parametrize("state", [empty, partial])
def test_history_is_no_news(state: object, it: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of old revisions that were missing are no change of the next release."""
    assert callable(state)
    it.update(monkeypatch)
    before = it.changelog
    state(it.specs / "revisions")
    it.update(monkeypatch, "--history")
    assert it.changelog == before


def test_history_where_the_oldest_release_has_the_service(
    it: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that begins with the service has its first revision, too."""
    it.update(monkeypatch)
    expected = snapshot(it.specs)
    monkeypatch.setattr(wheels, "pip", Pip(pack(it.root.parent / "few", RELEASES[1:])))
    empty(it.specs / "revisions")
    it.update(monkeypatch, "--history")
    assert snapshot(it.specs) == expected


def test_history_from_the_beginning_brings_an_update(it: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--history`, what is new is taken, too, as without it."""
    other = copy(it, it.root.parent / "other")
    it.update(monkeypatch)
    other.update(monkeypatch, "--history")
    assert [*snapshot(it.root).values()] == [*snapshot(other.root).values()]


def test_history_right_after_an_update(it: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release of the lock is often the one that brought its revision."""
    it.update(monkeypatch, "--botocore", "1.21.2")
    expected = snapshot(it.root)
    assert it.update(monkeypatch, "--history", "--botocore", "1.21.2") == 0
    assert snapshot(it.root) == expected


def test_the_history_of_this_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its revisions come out of wheels as they are in the repository, be there hints or none."""
    past = load_all(SPECS / "revisions")
    packed = [release("1.12.50", None)]
    for revision in past:
        # Some differ by their documentation only, which their files have not.
        service = {**revision.service, "documentation": revision.botocore}
        packed.append(release(revision.botocore, service, dict(revision.paginators), date=revision.date))
    newest = {name: (SPECS / f"{name}.json").read_bytes() for name in ("service-2", "paginators-1")}
    packed[-1] = evolve(packed[-1], service=newest["service-2"], paginators=newest["paginators-1"])
    folder = pack(tmp_path / "wheels", [evolve(each, zipped=True) for each in packed])
    monkeypatch.setattr(wheels, "pip", Pip(folder))
    specs = tmp_path / "specs"
    shutil.copytree(SPECS, specs)
    files = {
        f"revisions/{path.name}": path.read_text(encoding="utf-8")
        for path in (SPECS / "revisions").glob("*.json")
    }
    job = own_job(tmp_path, specs)
    assert spec_files(plan(job, None, whole_history=True)) == files
    assert plan(job, None, whole_history=True).new == ()
    empty(specs / "revisions")
    assert files.items() <= spec_files(plan(job, None, whole_history=True)).items()


# --- Which releases changed something -------------------------------------------------------------------


class Index:
    """An index in memory, of releases whose model is a number, or which know nothing of the service."""

    def __init__(self, models: Sequence[int | None]) -> None:
        """Begin."""
        self.models = {f"1.{number // 10}.{number % 10}": model for number, model in enumerate(models)}
        self.fetched: list[str] = []

    def fetch(self, version: str, _: str) -> Release | None:
        """Stand in for `wheels.fetch`."""
        self.fetched.append(version)
        model = self.models[version]
        if model is None:
            return None
        return Release(
            botocore=version, date="", service=json.dumps({"model": model}).encode(), paginators=b"{}"
        )

    def releases(self) -> Releases:
        """The releases; here is the newest one."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wheels, "versions", lambda: tuple(reversed(self.models)))
            here = self.fetch([*self.models][-1], "")
            assert here
            self.fetched.clear()
            return Releases("datasync", here)

    def changed(self) -> list[str]:
        """The releases that are not as that before them."""
        versions = [*self.models]
        return [
            version for before, version in pairwise(versions) if self.models[before] != self.models[version]
        ]

    def found(self, releases: Releases, places: Sequence[int]) -> list[str]:
        """The releases that are found to have changed."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wheels, "fetch", self.fetch)
            found = [release.botocore for release in releases.changes(places)]
        assert len(self.fetched) == len(set(self.fetched))
        return found


@st.composite
def indexes(draw: st.DrawFn) -> Index:
    """Releases of which most are as that before them, and no model comes back."""
    steps = draw(st.lists(st.sampled_from([0, 0, 0, 0, 1]), min_size=1, max_size=40))
    models = [sum(steps[: index + 1]) for index in range(len(steps))]
    unborn = draw(st.integers(0, 5))
    return Index([*[None] * unborn, *models])


@given(indexes())
def test_changes_are_found(index: Index) -> None:
    """All of them, in order, by halving the way to each."""
    releases = index.releases()
    changed = index.changed()
    assert index.found(releases, (0, releases.newest)) == changed
    deep = math.ceil(math.log2(max(releases.newest, 1)))
    assert len(index.fetched) <= 1 + deep * len(changed)


@given(indexes(), st.data())
def test_changes_are_found_by_hints(index: Index, data: st.DataObject) -> None:
    """Hints never change what is found, be they wrong; where they are right nothing else is fetched."""
    releases = index.releases()
    changed = index.changed()
    hints = data.draw(st.lists(st.sampled_from([*index.models]), unique=True))
    assert index.found(releases, releases.around(hints, releases.newest)) == changed
    index.fetched.clear()
    releases = index.releases()
    places = releases.around(changed, releases.newest)
    assert index.found(releases, places) == changed
    assert len(index.fetched) <= min(len(places), 1 + 2 * len(changed))


@given(indexes(), st.data())
def test_changes_up_to_a_release(index: Index, data: st.DataObject) -> None:
    """What is beyond the end, or before the start, is not looked at."""
    releases = index.releases()
    end = data.draw(st.integers(0, releases.newest))
    start = data.draw(st.integers(0, end))
    versions = [*index.models]
    expected = [version for version in index.changed() if version in versions[start + 1 : end + 1]]
    assert index.found(releases, (start, end)) == expected
    assert set(index.fetched) <= set(versions[start : end + 1])
    assert releases.around(versions, end) == tuple(range(end + 1))


# --- The workflow ---------------------------------------------------------------------------------------


def test_the_workflow() -> None:
    """Its shell calls this command line with options that it has, and reads the lock as it is written."""
    yaml = pytest.importorskip("yaml")
    path = REPOSITORY / ".github" / "workflows" / "update.yml"
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["update"]
    steps = [step.get("uses", "").partition("@")[0] or step["run"] for step in job["steps"]]
    assert steps[:2] == ["actions/checkout", "actions/setup-python"]
    shell = "\n".join(steps)
    commands = re.findall(r"^ *python -m codegen (.*)$", shell, re.MULTILINE)
    parsed = [parser().parse_args(shlex.split(re.split(r"\s2?>", command)[0])) for command in commands]
    assert [options.run.__name__ for options in parsed] == ["run_update", "run_history"]
    assert shell.index("codegen update") < shell.index("git status --porcelain") < shell.index("git commit")
    (expression,) = re.findall(r"sed -n '(.*)' specs/datasync/lock.toml", shell)
    sed = shutil.which("sed")
    assert sed
    said = subprocess.run(
        [sed, "-n", expression, SPECS / "lock.toml"], capture_output=True, text=True, check=True
    )
    lock = tomllib.loads((SPECS / "lock.toml").read_text(encoding="utf-8"))
    assert said.stdout == f"version={lock['botocore']}\n"
    extras = re.findall(r"pip install -e '\.\[(.*)\]'", shell)[0].split(",")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(extras) <= project["optional-dependencies"].keys()
