"""`lock.toml`: which botocore the specs come from, and their checksums."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from codegen.errors import CodegenError


def check_lock(path: Path) -> None:
    """Stop where a spec is not the file that the lock speaks of."""
    try:
        lock = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, expected in lock["sha256"].items():
            actual = hashlib.sha256((path.parent / name).read_bytes()).hexdigest()
            if actual != expected:
                raise CodegenError(
                    f"{path.parent / name}: is not the file of botocore {lock['botocore']} that"
                    f" {path.name} names; restore it, or update both"
                )
    except OSError as error:
        raise CodegenError(f"{error.filename}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError) as error:
        raise CodegenError(f"{path}: is not a lock file: {error}") from error
