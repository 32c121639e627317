"""Pieces of Python: literals and comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterable


def literal(value: object) -> str:
    """A Python literal."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def equal(value: str, values: tuple[object, ...]) -> str:
    """A comparison with one value or several."""
    if len(values) == 1:
        return f"{value} == {literal(values[0])}"
    return f"{value} in ({', '.join(map(literal, values))})"


def unequal(value: str, values: tuple[object, ...]) -> str:
    """The opposite."""
    if len(values) == 1:
        return f"{value} != {literal(values[0])}"
    return f"{value} not in ({', '.join(map(literal, values))})"


def texts(values: Iterable[str]) -> str:
    """Texts as literals, with commas."""
    return ", ".join(map(literal, values))
