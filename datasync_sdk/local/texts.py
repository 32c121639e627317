r"""Texts with names of files in them, which may have bytes that are no UTF-8.

Python keeps such bytes as halves of surrogate pairs (PEP 383), which cannot be written as UTF-8: JSON has no
place for them, many readers refuse a document because of one, and so do terminals. They are told as `\xff`.
"""

from __future__ import annotations

import json
import re
from typing import Final

__all__ = ["encoded", "on_one_line", "readable"]

NO_CHARACTER: Final = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """A text that can be written as UTF-8."""
    return text if text.isascii() else NO_CHARACTER.sub(_escaped, text)


def on_one_line(text: str) -> str:
    """A text with escapes for what cannot be printed, such as line breaks in names."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in readable(text))


def encoded(value: object, encoder: json.JSONEncoder) -> bytes:
    """A value as JSON, in UTF-8; the encoder must leave characters as they are."""
    text = encoder.encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # In JSON a backslash is written twice.
        return NO_CHARACTER.sub(lambda found: "\\" + _escaped(found), text).encode()


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    is_byte = 0xDC80 <= code <= 0xDCFF  # noqa: PLR2004  # PEP 383
    return rf"\x{code - 0xDC00:02x}" if is_byte else rf"\u{code:04x}"
