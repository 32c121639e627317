"""Releases of botocore, as pip finds them: from PyPI, a mirror, or a folder of wheels.

Wheels are read and never imported: no code of another botocore runs. pip's own settings say where it looks
(`PIP_INDEX_URL`, `PIP_FIND_LINKS`, a proxy), and it compares the checksums that an index gives.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from functools import cached_property
from pathlib import Path

from attrs import field, frozen

from codegen.errors import CodegenError
from codegen.spec import GZIP, Json, Spec, json_object, parse

LISTED = re.compile(r"\(from versions: (.+?)\)")
REASON = re.compile(r"^ERROR: (.+)$", re.MULTILINE)
FINAL = re.compile(r"\d+(\.\d+)*")
NOT_OURS = frozenset(
    {"PIP_CONSTRAINT", "PIP_JSON", "PIP_LOG", "PIP_PRE", "PIP_QUIET", "PIP_REQUIRE_HASHES", "PIP_VERBOSE"}
)
ZIP_EPOCH = 1980
"""The year of a file in an archive that says nothing of its time."""


@frozen(kw_only=True, slots=False)
class Release:
    """What a release of botocore says of a service."""

    botocore: str
    date: str
    """The day on which the wheel was packed, which is that of the release."""
    service: bytes = field(repr=False)
    """`service-2.json`, unpacked."""
    paginators: bytes = field(repr=False)
    """`paginators-1.json`."""

    @cached_property
    def content(self) -> tuple[Json, Json]:
        """Both files as objects."""
        beginning = f"botocore {self.botocore}"
        return (
            json_object(self.service, f"{beginning}: its service-2.json"),
            json_object(self.paginators, f"{beginning}: its paginators-1.json"),
        )

    @cached_property
    def spec(self) -> Spec:
        """The model as the generator reads it."""
        return parse(*self.content)


def versions() -> tuple[str, ...]:
    """Every final release that there is a wheel of.

    pip says so where it is asked for a release that does not exist; `pip index`, which is meant for this,
    is an experiment, and older ones list what has no wheel, too.
    """
    with tempfile.TemporaryDirectory(prefix="codegen-") as folder:
        result = pip(folder, "botocore==0")
    listed = LISTED.search(result.stderr)
    found = listed[1].split(", ") if listed else []
    final = tuple(version for version in found if FINAL.fullmatch(version))
    if not final:
        why = reason(result).removesuffix("==0")
        raise CodegenError(f"no release of botocore can be found; is the network there? {why}")
    return final


def fetch(version: str, service: str) -> Release | None:
    """What a release says of a service; None where it does not have it."""
    with tempfile.TemporaryDirectory(prefix="codegen-") as folder:
        result = pip(folder, f"botocore=={version}")
        wheels = list(Path(folder).glob("*.whl"))
        if result.returncode or len(wheels) != 1:
            raise CodegenError(f"botocore {version} cannot be fetched: {reason(result)}")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                return read(wheel, version, service)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise CodegenError(
                f"botocore {version}: the wheel {wheels[0].name} is damaged: {error}"
            ) from error


def read(wheel: zipfile.ZipFile, version: str, service: str) -> Release | None:
    """The newest model of a service in a wheel; None where it has none."""
    names = re.compile(rf"botocore/data/{re.escape(service)}/([^/]+)/(service-2|paginators-1)\.json(?:\.gz)?")
    found: dict[tuple[str, str], zipfile.ZipInfo] = {}
    for info in wheel.infolist():
        match = names.fullmatch(info.filename)
        if match:
            found[match[1], match[2]] = info
    if not found:
        return None
    newest = max(api for api, _ in found)
    if (newest, "service-2") not in found:
        raise CodegenError(f"botocore {version}: the wheel has no service-2.json of {service} {newest}")
    model = found[newest, "service-2"]
    if model.date_time[0] == ZIP_EPOCH:
        raise CodegenError(f"botocore {version}: the wheel does not say of which day it is")
    pages = found.get((newest, "paginators-1"))
    return Release(
        botocore=version,
        date="{}-{:02}-{:02}".format(*model.date_time),
        service=unpacked(wheel.read(model)),
        paginators=unpacked(wheel.read(pages)) if pages else b'{"pagination": {}}\n',
    )


def unpacked(data: bytes) -> bytes:
    """The text of a file, which newer releases pack."""
    return gzip.decompress(data) if data.startswith(GZIP) else data


def pip(folder: str, requirement: str) -> subprocess.CompletedProcess[str]:
    """Let pip download a wheel into a folder; never a source archive, which would run code.

    pip's own temporary files go there, too. Settings by which it says something else, or takes other
    packages into account, are not ours.
    """
    options = ("--only-binary=:all:", "--ignore-requires-python", "--no-deps", "--quiet")
    told = ("--disable-pip-version-check", "--no-input", "--dest", folder, requirement)
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment["TMPDIR"] = folder
    return subprocess.run(  # noqa: S603  # pip itself
        (sys.executable, "-m", "pip", "download", *options, *told),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def reason(result: subprocess.CompletedProcess[str]) -> str:
    """Why pip failed, in its own last words."""
    if "No module named pip" in result.stderr:
        return "pip is not installed here: python -m ensurepip"
    told = REASON.findall(result.stderr) or result.stderr.strip().splitlines() or ["it gave no reason"]
    return f"pip says: {told[-1]}"
