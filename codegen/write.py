"""Formats the rendered files and puts them on the disk: all of them, or none.

Everything is formatted and written beside its final place first; only then are the files moved there,
so that a full disk, a folder without permission or an interruption leaves the old files whole.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from codegen.errors import CodegenError

Files = Mapping[PurePosixPath, str]

LINE_LENGTH = 110
FORMAT = ("format", "--isolated", "--quiet", "--line-length", str(LINE_LENGTH))


def formatted(files: Files) -> dict[PurePosixPath, str]:
    """The files as the formatter wants them."""
    with tempfile.TemporaryDirectory(prefix="codegen-") as name:
        folder = Path(name)
        for path, text in files.items():
            place(folder / path, text)
        ruff(*FORMAT, str(folder))
        return {path: (folder / path).read_text(encoding="utf-8") for path in files}


def place(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ruff(*arguments: str) -> None:
    """Run the formatter that is installed with the generator."""
    command = [sys.executable, "-m", "ruff", *arguments, "--no-cache"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["it gave no reason"]
        raise CodegenError(f"ruff could not format the generated code: {lines[0]}")


def write(files: Files, out: Path, owned: Iterable[PurePosixPath]) -> tuple[int, int]:
    """Write files below `out`, and delete what else is in the folders that are owned by the generator.

    Gives how many files changed and how many were deleted.
    """
    changed = [path for path, text in files.items() if read(out / path) != text]
    stale = stale_files(files, out, owned)
    staged: list[tuple[Path, Path]] = []
    try:
        for path in changed:
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.new")
            staged.append((temporary, target))
            temporary.write_text(files[path], encoding="utf-8")
        for temporary, target in staged:
            temporary.replace(target)
        for target in stale:
            target.unlink()
            remove_empty(target.parent)
    except OSError as error:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        raise CodegenError(f"{error.filename}: cannot be written: {error.strerror}") from error
    return len(changed), len(stale)


def stale_files(files: Files, out: Path, owned: Iterable[PurePosixPath]) -> list[Path]:
    """The files in owned folders that the generator no longer makes."""
    return sorted(
        Path(folder) / name
        for top in owned
        for folder, folders, names in os.walk(out / top)
        if not folder.endswith("__pycache__")
        for name in names
        if PurePosixPath((Path(folder) / name).relative_to(out).as_posix()) not in files
    )


def remove_empty(folder: Path) -> None:
    """Delete a folder that has nothing left but byte code."""
    rest = [entry for entry in folder.iterdir() if entry.name != "__pycache__"]
    if not rest:
        for entry in (folder / "__pycache__").glob("*"):
            entry.unlink()
        (folder / "__pycache__").rmdir() if (folder / "__pycache__").exists() else None
        folder.rmdir()


def read(path: Path) -> str | None:
    """The text of a file; None where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error


def difference(files: Files, out: Path, owned: Iterable[PurePosixPath]) -> str:
    """What writing would change, as a unified diff; empty where nothing would."""
    parts = [diff(str(path), read(out / path) or "", text) for path, text in sorted(files.items())]
    parts += [
        diff(str(path.relative_to(out)), path.read_text(encoding="utf-8"), "")
        for path in stale_files(files, out, owned)
    ]
    return "".join(parts)


def diff(name: str, old: str, new: str) -> str:
    """The difference of one file."""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(lines)
