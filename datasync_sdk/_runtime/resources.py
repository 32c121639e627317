"""The data files of generated packages."""

from __future__ import annotations

import json
from pkgutil import get_data
from typing import Any


def read_json(package: str, name: str) -> dict[str, Any]:
    """The JSON object in a file of a package."""
    text = get_data(package, name)
    assert text, f"{package} lacks its {name}"  # noqa: S101  # the package would be broken
    read: dict[str, Any] = json.loads(text)
    return read
