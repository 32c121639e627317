"""`lock.toml`: which botocore the specs come from, and their checksums."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from codegen.errors import CodegenError

HEADER = """\
# Which botocore the files beside this one come from; both are its own bytes (service-2.json unpacked).
"""


def check_lock(path: Path) -> str:
    """Stop where a spec is not the file that the lock speaks of; else give the botocore that it is of."""
    try:
        lock = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, expected in lock["sha256"].items():
            actual = hashlib.sha256((path.parent / name).read_bytes()).hexdigest()
            if actual != expected:
                raise CodegenError(
                    f"{path.parent / name}: is not the file of botocore {lock['botocore']} that"
                    f" {path.name} names; restore all of the folder"
                )
        return str(lock["botocore"])
    except OSError as error:
        raise CodegenError(f"{error.filename}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError) as error:
        raise CodegenError(f"{path}: is not a lock file: {error}") from error


def lock_text(botocore: str, api_version: str, files: Mapping[str, bytes]) -> str:
    """The lock for files of a botocore."""
    sums = (f'"{name}" = "{hashlib.sha256(data).hexdigest()}"\n' for name, data in sorted(files.items()))
    return f'{HEADER}botocore = "{botocore}"\napi_version = "{api_version}"\n\n[sha256]\n{"".join(sums)}'
