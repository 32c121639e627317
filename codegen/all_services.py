"""Generates, compiles, imports and uses a package for every service of the installed botocore.

    python -m codegen.all_services [NAME ...]

It prints a table of what was refused and why; nothing should be. Each service is generated in a process of
its own kind: first the generator, then `python` on what it wrote, so that an import that fails is seen as a
user would see it.
"""

from __future__ import annotations

import argparse
import compileall
import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import botocore
from attrs import frozen

from codegen.errors import CodegenError
from codegen.jobs import service_job
from codegen.pipeline import REPOSITORY, generate

DATA = Path(botocore.__file__).parent / "data"


@frozen
class Outcome:
    """What became of one service."""

    service: str
    files: int
    refused: str
    """Why it could not be generated, compiled, imported or used; empty where it could."""


def services() -> Iterator[tuple[str, Path]]:
    """Every service with the folder of its newest API version."""
    for folder in sorted(DATA.iterdir()):
        versions = sorted(path.parent for path in folder.glob("*/service-2.json*"))
        if versions:
            yield folder.name, versions[-1]


def try_service(service: str, source: Path, scratch: Path) -> Outcome:
    """Generate, compile and import one service."""
    package = f"sdk_{service.replace('-', '_')}"
    spec = unpack(source, scratch / "specs" / service)
    out = scratch / "out"
    try:
        generate(service_job(spec, package, out, service))
    except CodegenError as error:
        return Outcome(service, 0, str(error))
    folder = out / package
    files = sum(1 for _ in folder.rglob("*.py"))
    if not compileall.compile_dir(folder, quiet=2):
        return Outcome(service, files, "does not compile")
    return Outcome(service, files, use_everything(package, out))


def unpack(source: Path, target: Path) -> Path:
    """The spec and paginators of a service as plain files."""
    target.mkdir(parents=True)
    for name in ("service-2.json", "paginators-1.json"):
        plain, packed = source / name, source / f"{name}.gz"
        if plain.exists():
            (target / name).write_bytes(plain.read_bytes())
        elif packed.exists():
            (target / name).write_bytes(gzip.decompress(packed.read_bytes()))
    return target / "service-2.json"


def use_everything(package: str, out: Path) -> str:
    """Import and use all of a package in a new process; the last line of its error where it fails."""
    path = os.pathsep.join([str(out), str(REPOSITORY)])
    result = subprocess.run(  # noqa: S603  # our own interpreter on our own code
        [sys.executable, "-m", "codegen.smoke", package],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    lines = result.stderr.strip().splitlines() or ["the import failed"]
    return lines[-1] if result.returncode else ""


def main() -> int:
    """Try all services, or those that are named; 1 where one was refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="services, as boto3 names them")
    names = parser.parse_args().names
    chosen = [(name, path) for name, path in services() if not names or name in names]
    with (
        tempfile.TemporaryDirectory(prefix="all-services-") as folder,
        ProcessPoolExecutor() as pool,
    ):
        scratch = Path(folder)
        waiting = [pool.submit(try_service, name, path, scratch) for name, path in chosen]
        outcomes = [future.result() for future in waiting]
    refused = [outcome for outcome in outcomes if outcome.refused]
    print(f"{'service':<40} why it was refused")
    for outcome in refused:
        print(f"{outcome.service:<40} {outcome.refused}")
    print(f"{len(outcomes)} services, {sum(o.files for o in outcomes)} files, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
