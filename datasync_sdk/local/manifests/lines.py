"""Manifests as text: comma-separated values, one file a line, checked as they are read.

    photos/picture1.png,111111
    "filename,with,commas.txt"
    filename""with""quotes.txt

The rules are the guidelines of AWS's user guide. What these say not to do is an error here.
https://docs.aws.amazon.com/datasync/latest/userguide/transferring-with-manifest.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["Line", "ManifestError", "lines_of"]

LONGEST: Final = 1024
"""Bytes that "a file path, object path, or Amazon S3 object version ID" may have."""

BIGGEST: Final = 2 * LONGEST + 2
"""Bytes of a field in which each is a quote, and so is written twice, and those around it."""

MOST: Final = 2 * BIGGEST + 3
"""Bytes of a record: two fields, a comma, a line break of two."""

BOM: Final = b"\xef\xbb\xbf"

# Quotes within a field are doubled, whether there are quotes around it or not.
QUOTED: Final = rb'"([^"]*+(?:""[^"]*+)*+)"'
PLAIN: Final = rb'([^",\r\n]*+(?:""[^",\r\n]*+)*+)'
FIELD: Final = rb"(?:%b|%b)" % (QUOTED, PLAIN)

RECORD: Final = re.compile(rb"%b(?:,%b)?(?:\r\n|\r|\n|\Z)" % (FIELD, FIELD))
ONE_FIELD: Final = re.compile(FIELD)
IN_QUOTES: Final = re.compile(QUOTED)


class ManifestError(ValueError):
    """A manifest breaks a rule; the text says which, and in which line."""


class Line(NamedTuple):
    """What a line lists, or several lines if there are line breaks in the path."""

    number: int
    """Of the first of them, counted from 1."""
    path: str
    """Relative to the location, without a slash in front."""
    version_id: str | None


def lines_of(chunks: Iterable[bytes]) -> Iterator[Line]:
    """What a manifest lists, one by one; of a big manifest there is never much in memory.

    Whether it lists a path twice is not looked at here.

    Args:
        chunks: its content, cut anywhere.

    Raises:
        ManifestError: it breaks a rule.
    """
    source = iter(chunks)
    buffer = filled(b"", source)
    if buffer.startswith(BOM):
        # Nobody says whether DataSync takes it for a part of the first path, and nobody needs it.
        raise ManifestError("Line 1 begins with a byte order mark. Save the file as UTF-8 without one.")
    if not buffer:
        raise ManifestError("It is empty: it has to list at least one file.")
    number, position = 1, 0
    while position < len(buffer):
        record = RECORD.match(buffer, position)
        if record is None or len(record[0]) > MOST:
            raise ManifestError(f"Line {number}: {what_is_wrong(buffer, position)}.")
        yield line_of(record, number)
        text = record[0]
        number += text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
        position = record.end()
        if len(buffer) - position <= MOST:
            buffer, position = filled(buffer[position:], source), 0


def filled(rest: bytes, source: Iterator[bytes]) -> bytes:
    """What is left and what comes next: more than any record has, unless it is the end."""
    pieces, size = [rest], len(rest)
    while size <= MOST:
        chunk = next(source, None)
        if chunk is None:
            break
        pieces.append(chunk)
        size += len(chunk)
    return b"".join(pieces)


def line_of(record: re.Match[bytes], number: int) -> Line:
    """What a record lists."""
    path, plain_path, version, plain_version = record.groups()
    try:
        if plain_path == b"" and version is plain_version is None:
            raise ManifestError("it is empty")  # noqa: TRY301  # the number of the line is added below
        listed = value_of(path, plain_path, "path")
        if listed.endswith("/"):
            raise ManifestError(  # noqa: TRY301
                f"{listed!r:.200} is a folder. List its files, or use an include filter instead of a manifest"
            )
        if version is plain_version is None:
            return Line(number, listed.removeprefix("/"), None)
        return Line(number, listed.removeprefix("/"), value_of(version, plain_version, "version ID"))
    except ManifestError as error:
        raise ManifestError(f"Line {number}: {error}.") from None


def value_of(quoted: bytes | None, plain: bytes, what: str) -> str:
    """The text of a field, which is in quotes or else plain."""
    if quoted is None and plain != plain.strip(b" \t"):
        raise ManifestError(f"spaces are around the {what}. Remove them, or put them in quotes with it")
    raw = (plain if quoted is None else quoted).replace(b'""', b'"')
    if not raw:
        raise ManifestError(f"the {what} is empty")
    if len(raw) > LONGEST:
        raise ManifestError(f"the {what} has {len(raw):,} bytes; it may have {LONGEST:,}")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ManifestError(f"the {what} is not UTF-8") from None


def what_is_wrong(buffer: bytes, position: int) -> str:
    """Why there is no record at a position, or one that is too long."""
    for what in ("path", "version ID"):
        field = ONE_FIELD.match(buffer, position)
        end = field.end() if field else position
        if end - position > BIGGEST:
            return f"the {what} may have {LONGEST:,} bytes, and it has more, or a quote in it is not closed"
        if buffer[end : end + 1] != b",":
            break
        position = end + 1
    else:
        return "it has more than two fields. If the path has commas, put it in quotes"
    if buffer[position : position + 1] != b'"':
        return f'a quote within the {what} is not doubled ("")'
    if IN_QUOTES.match(buffer, position) is None:
        return f"the {what} begins with a quote that is not closed"
    return f'something follows the quote that ends the {what}. Double the quotes ("") that are part of it'
