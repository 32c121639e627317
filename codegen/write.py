"""Formats the rendered files and puts them on the disk.

Everything is formatted, and staged beside its final place, before the first file is moved there; and what is
moved or deleted is kept beside its place until the last one was. A full disk, a folder without permission
or an interruption leaves everything as it was, without a temporary file or a folder without files. Only a
kill that no program can catch, in the moment of the moves, leaves a mixture: each file whole, the old one or
the new one, and a second run completes the work.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from codegen.errors import CodegenError

Files = Mapping[PurePosixPath, str]

LINE_LENGTH = 110
# A package may be called `build`, and nobody's ignored files matter here.
EVERYTHING = ("--config", "exclude=[]", "--no-respect-gitignore")
FORMAT = ("format", "--isolated", "--quiet", "--no-cache", *EVERYTHING, "--line-length", str(LINE_LENGTH))


# Where the system has a folder in memory: on a slow disk, making and deleting 170 files takes longer than all
# the rest of the generator.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108  # names in it are random


def formatted(files: Files) -> dict[PurePosixPath, str]:
    """The files as the formatter wants them."""
    try:
        with tempfile.TemporaryDirectory(prefix="codegen-", dir=MEMORY) as name:
            folder = Path(name)
            for path, text in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")
            ruff(*FORMAT, name)
            return {path: (folder / path).read_text(encoding="utf-8") for path in files}
    except OSError as error:
        place = error.filename or "a temporary folder"
        raise CodegenError(f"{place}: cannot be written: {error.strerror}") from error


def ruff(*arguments: str) -> None:
    """Run the formatter that is installed with the generator."""
    command = [find_ruff(), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # the formatter
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["it gave no reason"]
        raise CodegenError(f"ruff could not format the generated code: {lines[0]}")


def find_ruff() -> str:
    """The formatter's program: starting it directly saves starting a Python."""
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]  # it has no types

        program: str = find_ruff_bin()
    except (ImportError, FileNotFoundError) as error:
        raise CodegenError(
            "ruff, which formats the code, is not installed: pip install 'datasync-sdk[codegen]'"
        ) from error
    return program


def write(files: Files, out: Path, owned: Iterable[PurePosixPath]) -> tuple[int, int]:
    """Write files below `out`, and delete what else is in the folders that are owned by the generator.

    Gives how many files changed and how many were deleted. Either all of it is done or nothing.
    """
    # In order, so that a package's own `__init__.py` comes first: it tells the next run whose folder it is.
    changed = [path for path, text in sorted(files.items()) if read(out / path) != text]
    stale = stale_files(files, out, owned)
    step = Step()
    try:
        for path in changed:
            step.stage(out / path, files[path])
        for path in changed:
            step.replace(out / path)
        for target in stale:
            step.delete(target)
    except BaseException as error:
        surely(step.undo)
        if isinstance(error, OSError):
            raise CodegenError(f"{error.filename}: cannot be written: {error.strerror}") from error
        raise
    surely(step.finish)
    for path in files:
        for left in (staged(out / path), kept(out / path)):  # by a run that was killed
            left.unlink(missing_ok=True)
    for target in stale:
        remove_empty(target.parent)
    return len(changed), len(stale)


def surely(work: Callable[[], None]) -> None:
    """Do what can be done again until it is done, whoever interrupts it."""
    while True:
        try:
            return work()
        except KeyboardInterrupt:
            continue


class Step:
    """Changes of many files as one: each keeps its old content in reach until all are made."""

    def __init__(self) -> None:
        """Begin."""
        self._made: list[Path] = []
        self._staged: list[Path] = []
        self._kept: list[Path] = []
        self._new: list[Path] = []

    def stage(self, target: Path, text: str) -> None:
        """Write a file beside its place."""
        make_folder(target.parent, self._made)
        self._staged.append(target)
        staged(target).write_text(text, encoding="utf-8", newline="\n")

    def replace(self, target: Path) -> None:
        """Put a staged file into its place."""
        self._keep(target)
        staged(target).replace(target)

    def delete(self, target: Path) -> None:
        """Delete a file."""
        self._keep(target)
        target.unlink(missing_ok=True)

    def _keep(self, target: Path) -> None:
        """Keep the old file under another name, without a moment in which it is gone."""
        if not target.exists():
            self._new.append(target)
            return
        kept(target).unlink(missing_ok=True)
        self._kept.append(target)
        try:
            kept(target).hardlink_to(target)
        except OSError:  # A file system without links.
            copy_whole(target, kept(target))

    def undo(self) -> None:
        """Put everything back."""
        for target in self._kept:
            with suppress(OSError):
                kept(target).replace(target)
            with suppress(OSError):
                kept(target).unlink(missing_ok=True)  # Renaming does nothing where both are one file still.
        for path in (*self._new, *map(staged, self._staged)):
            with suppress(OSError):
                path.unlink()
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()

    def finish(self) -> None:
        """Forget the old content."""
        for target in self._kept:
            with suppress(OSError):
                kept(target).unlink()


def staged(target: Path) -> Path:
    """Where the new content of a file waits."""
    return target.with_name(f".{target.name}.new")


def kept(target: Path) -> Path:
    """Where the old content of a file waits."""
    return target.with_name(f".{target.name}.old")


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file; what is at the target is whole, or nothing is there."""
    half = target.with_suffix(".half")
    try:
        shutil.copy2(source, half)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and note which were not there."""
    if not folder.is_dir():
        make_folder(folder.parent, made)
        made.append(folder)
        folder.mkdir()


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
    """Delete a folder that has nothing left but byte code, and those above it that are empty then."""
    rest = [entry for entry in folder.iterdir() if entry.name != "__pycache__"]
    if not rest:
        for entry in (folder / "__pycache__").glob("*"):
            entry.unlink()
        (folder / "__pycache__").rmdir() if (folder / "__pycache__").exists() else None
        folder.rmdir()
        remove_empty(folder.parent)


def read(path: Path) -> str | None:
    """The text of a file; None where there is none. What is no UTF-8 in it can equal no text."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error


def difference(files: Files, out: Path, owned: Iterable[PurePosixPath]) -> str:
    """What writing would change, as a unified diff; empty where nothing would."""
    parts = [diff(str(path), read(out / path), text) for path, text in sorted(files.items())]
    stale = stale_files(files, out, owned)
    parts += [diff(path.relative_to(out).as_posix(), read(path) or "", None) for path in stale]
    return "".join(parts)


def diff(name: str, old: str | None, new: str | None) -> str:
    """The difference of one file as git shows it; None stands for no file."""
    if old == new:
        return ""
    before = "/dev/null" if old is None else f"a/{name}"
    after = "/dev/null" if new is None else f"b/{name}"
    changes = [*difflib.unified_diff(printable(old or ""), printable(new or ""))][2:]
    return "".join([f"--- {before}\n", f"+++ {after}\n", *changes])


def printable(text: str) -> list[str]:
    """The lines of a file in a form that can be printed."""
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    found = [f"{line}\n" for line in shown.split("\n")]
    if found[-1] == "\n":
        return found[:-1]
    return [*found[:-1], f"{found[-1]}\\ No newline at end of file\n"]
