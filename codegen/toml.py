"""The files of data that people write."""

from __future__ import annotations

import tomllib
from pathlib import Path

from codegen.errors import CodegenError
from codegen.spec import Node


def read_toml(path: Path, keys: frozenset[str]) -> Node:
    """A TOML file, of which only these top-level keys are known."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CodegenError(f"{path}: is not valid TOML: {error}") from error
    top = Node(raw, f"{path}: $")
    top.known(keys)
    return top
