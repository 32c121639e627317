"""Folders of botocore's wheels, and repositories of a tiny service that are updated from them.

The service is called datasync, as `own_job` asks for it, and is none of it: it keeps things.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from attrs import evolve, field, frozen

from codegen import revisions
from codegen.__main__ import main
from codegen.jobs import own_job
from codegen.lock import lock_text
from codegen.pipeline import REPOSITORY, Job, generate
from codegen.revisions import Revision
from tests.codegen.support import Json, enum, listing, operation, spec, structure

SERVICE, API_VERSION = "datasync", "2020-01-01"
FOLDER = f"botocore/data/{SERVICE}/{API_VERSION}"
MARKER = "botocore-ran"
Snapshot: TypeAlias = dict[str, bytes | None]


# --- The service ----------------------------------------------------------------------------------------


ARN = "<p>The ARN of the <b>thing</b>. It is unique.</p>"


def keeper(
    *members: str, says: str = "<p>What is kept.</p>", arn: str = ARN, colors: Iterable[str] = ("RED", "BLUE")
) -> Json:
    """A service that keeps things with some members; `says` and `arn` are documentation."""
    thing = structure({name: {"shape": "String", "documentation": f"Its {name}."} for name in members})
    thing["members"]["Color"] = {"shape": "Color"}
    return spec(
        shapes={
            "CreateThingRequest": structure({"Thing": "Thing"}),
            "CreateThingResponse": structure({"ThingArn": {"shape": "String", "documentation": arn}}),
            "ListThingsRequest": structure({"NextToken": "String", "MaxResults": "Integer"}),
            "ListThingsResponse": structure({"Things": "Things", "NextToken": "String"}),
            "Thing": {**thing, "documentation": says},
            "Things": listing("Thing"),
            "Color": enum(*colors),
            "LostException": structure({"message": "String"}, exception=True),
        },
        operations={
            "CreateThing": operation("CreateThingRequest", "CreateThingResponse"),
            "ListThings": operation(
                "ListThingsRequest", "ListThingsResponse", errors=[{"shape": "LostException"}]
            ),
        },
    )


def bare(value: Any) -> Any:
    """The same without documentation."""
    if isinstance(value, dict):
        return {
            key: bare(inner)
            for key, inner in value.items()
            if key != "documentation" or not isinstance(inner, str)
        }
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def pages(**more: str) -> Json:
    """How the things are asked for page by page."""
    return {
        "pagination": {
            "ListThings": {
                "input_token": "NextToken",
                "output_token": "NextToken",
                "result_key": "Things",
                **more,
            }
        }
    }


# --- Wheels ---------------------------------------------------------------------------------------------


def dumped(value: Json) -> bytes:
    """A file as botocore writes it: characters as they are."""
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode()


@frozen(kw_only=True)
class Packed:
    """What a wheel of botocore holds."""

    version: str
    date: str = "2024-01-01"
    service: bytes | None = field(default=None, repr=False)
    """None where this botocore does not know the service yet."""
    paginators: bytes | None = field(default=None, repr=False)
    zipped: bool = False
    """Whether its files are packed once more, each for itself."""
    requires: str = ">=3.8"

    @property
    def name(self) -> str:
        """The name of the wheel."""
        return f"botocore-{self.version}-py3-none-any.whl"

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the service."""
        found = {"service-2.json": self.service, "paginators-1.json": self.paginators}
        plain = {f"{FOLDER}/{name}": data for name, data in found.items() if data is not None}
        zipped = {f"{name}.gz": gzip.compress(data) for name, data in plain.items()}
        return zipped if self.zipped else plain


def release(
    version: str, model: Json | None, paginators: Json | None = None, **options: str | bool
) -> Packed:
    """A release of botocore with a model; by default its date grows with its version."""
    known = {
        "service": None if model is None else dumped(model),
        "paginators": None if paginators is None else dumped(paginators),
    }
    return Packed(version=version, **{"date": day(version), **known, **options})


def day(version: str) -> str:
    """A date for a version: that of 1.2.30 is the 30th day of the second quarter."""
    _, minor, patch = map(int, version.split("."))
    return date.fromordinal(date(2020, 1, 1).toordinal() + 91 * (minor % 40) + patch).isoformat()


def pack(folder: Path, releases: Iterable[Packed]) -> Path:
    """Write wheels into a folder. Their code, were it to run, would leave a mark there and fail."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = f"open({str(folder / MARKER)!r}, 'w').close()\nraise SystemExit('botocore was run')\n".encode()
    for each in releases:
        info = f"botocore-{each.version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: botocore\nVersion: {each.version}\n"
        files = {
            "botocore/__init__.py": mark,
            "botocore/session.py": mark,
            "setup.py": mark,
            "sitecustomize.py": mark,
            **each.files,
            f"botocore/data/{SERVICE}x/{API_VERSION}/service-2.json": b"not this one",
            f"{FOLDER}/endpoint-rule-set-1.json": b"not this one",
            f"{FOLDER}/service-2.json.orig": b"not this one",
            f"vendored/{FOLDER[:-10]}2099-01-01/service-2.json": b"not this one",
            f"{info}/METADATA": f"{metadata}Requires-Python: {each.requires}\n".encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"]).encode()
        year, month, day_ = map(int, each.date.split("-"))
        with zipfile.ZipFile(folder / each.name, "w", zipfile.ZIP_DEFLATED) as wheel:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, (year, month, day_, 18, 30, 0))
                wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return folder


def pip_settings(folder: Path) -> dict[str, str]:
    """The environment in which pip finds the wheels of a folder, and nothing else."""
    return {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }


def use_pip(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    """Let pip itself have some settings, and no others."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@frozen
class Pip:
    """Answers as pip does from a folder, without the second that pip takes to start."""

    folder: Path
    fetched: list[str] = field(factory=list)
    """The wheels that were asked for."""

    def __call__(self, folder: str, requirement: str) -> subprocess.CompletedProcess[str]:
        """Download a wheel, or say which ones there are."""
        wheels = {path.name.split("-")[1]: path for path in self.folder.glob("*.whl")}
        version = requirement.partition("==")[2]
        if version == "0":
            listed = ", ".join(sorted(wheels)) or "none"
            told = f"ERROR: Could not find a version that satisfies it (from versions: {listed})\n"
            return subprocess.CompletedProcess([], 1, "", told)
        self.fetched.append(version)
        shutil.copy(wheels[version], folder)
        return subprocess.CompletedProcess([], 0, "", "")


# --- Repositories ---------------------------------------------------------------------------------------

RULES = """\
[[always]]
reason = "Create makes a thing."
[always.members]
"CreateThingResponse.ThingArn" = "The ARN of the thing."
"""
CAUSES = """\
[[cause]]
name = "ThingForgotten"
under = "LostException"
documentation = "Nobody knows any more where the thing is."
advice = "Make another one."
[[cause.recognized]]
message = "^forgotten"
operations = ["List*"]
seen = "a guess"
"""
CHANGELOG = """\
# Changelog

What changed.

## Unreleased

- Something by hand.

## 0.1.0

### API 2019-01-01 (botocore 1.2.3): minor version

- The first one.
"""


@frozen
class Repository:
    """A repository of which an update is made."""

    root: Path

    @property
    def specs(self) -> Path:
        """The folder of the service."""
        return self.root / "specs" / SERVICE

    @property
    def job(self) -> Job:
        """What is generated in it."""
        return own_job(self.root, self.specs)

    @property
    def changelog(self) -> str:
        """The change log."""
        return (self.root / "CHANGELOG.md").read_text(encoding="utf-8")

    @property
    def revisions(self) -> dict[str, str]:
        """The files of the API's revisions."""
        paths = sorted((self.specs / "revisions").iterdir())
        return {path.name: path.read_text(encoding="utf-8") for path in paths}

    def update(self, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
        """Run the command line in it; gives the exit code."""
        with monkeypatch.context() as patch:
            patch.setattr("codegen.__main__.own_job", lambda: self.job)
            return main(["update", *arguments])


def found(folder: Path) -> Repository:
    """A repository of the keeper as some botocore had it, in a new folder."""
    return repository(folder, release("1.20.0", keeper("Name"), pages()))


def repository(root: Path, first: Packed, rules: str = RULES, causes: str = CAUSES) -> Repository:
    """A repository of a service as a release has it."""
    it = Repository(root)
    (it.specs / "revisions").mkdir(parents=True)
    files = {"service-2.json": first.service or b"", "paginators-1.json": first.paginators or b""}
    for name, data in files.items():
        (it.specs / name).write_bytes(data)
    (it.specs / "lock.toml").write_text(lock_text(first.version, API_VERSION, files), encoding="utf-8")
    (it.specs / "rules.toml").write_text(rules, encoding="utf-8")
    (it.specs / "causes.toml").write_text(causes, encoding="utf-8")
    (root / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    service, paginators = (json.loads(data) for data in files.values())
    revision = Revision(date=first.date, botocore=first.version, service=service, paginators=paginators)
    text = revisions.text(revision)
    (it.specs / "revisions" / f"{first.date}.json").write_text(text, encoding="utf-8")
    generate(it.job)
    return it


def copy(it: Repository, root: Path) -> Repository:
    """The same repository in another folder."""
    shutil.copytree(it.root, root)
    return evolve(it, root=root)


def with_program(it: Repository) -> Repository:
    """The repository with the program that updates it, as `python -m codegen` finds it there."""
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "codegen", it.root / "codegen", ignore=leave_out)
    package = it.root / "datasync_sdk"
    shutil.copytree(REPOSITORY / "datasync_sdk" / "_runtime", package / "_runtime", ignore=leave_out)
    shutil.copy(REPOSITORY / "datasync_sdk" / "__init__.py", package)
    return it


def snapshot(*folders: Path, but: Callable[[Path], bool] = lambda _: False) -> Snapshot:
    """Every folder, and every file with its content."""
    return {
        str(path): path.read_bytes() if path.is_file() else None
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if not but(path)
    }
