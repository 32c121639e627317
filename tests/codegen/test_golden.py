"""The package of a made-up service with one of each case, as it is expected, file by file.

`python -m tests.codegen.refresh_golden` writes it again after a change that is meant.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
from pathlib import Path

from codegen.pipeline import REPOSITORY, generate
from tests.codegen.refresh_golden import EXPECTED, PACKAGE, golden_job

HOW = "if this is meant, run `python -m tests.codegen.refresh_golden` and review what it changes"


def files(folder: Path) -> dict[str, str]:
    """The text of every file below a folder, but for byte code."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_package_is_as_expected(tmp_path: Path) -> None:
    """Regenerating gives the golden files, those and no others, byte for byte."""
    difference = generate(golden_job(), check=True)
    assert not difference, f"{HOW}:\n{difference}"
    generate(golden_job(tmp_path))
    made, expected = files(tmp_path), files(EXPECTED)
    assert made.keys() == expected.keys(), HOW
    assert made == expected, HOW


def test_the_package_compiles(tmp_path: Path) -> None:
    """Every module is Python."""
    generate(golden_job(tmp_path))
    assert compileall.compile_dir(tmp_path / PACKAGE, quiet=1)


def test_the_package_type_checks(tmp_path: Path) -> None:
    """`mypy --strict` has nothing to say about it."""
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "-p", PACKAGE],
        cwd=REPOSITORY,
        env={**os.environ, "MYPYPATH": str(EXPECTED)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
