"""Manifests as text: comma-separated values, one file a line, checked as they are read.

    photos/picture1.png,111111
    "filename,with,commas.txt"
    filename""with""quotes.txt

The rules are the guidelines of AWS's user guide. What these say not to do is a problem here.
https://docs.aws.amazon.com/datasync/latest/userguide/transferring-with-manifest.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from attrs import frozen

from datasync_sdk.errors import ManifestError

__all__ = ["Line", "ManifestError", "ManifestProblem", "checked", "lines_and_problems", "lines_of", "path_of"]

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
LINE_BREAK: Final = re.compile(rb"\r\n|\r|\n")


@frozen(kw_only=True)
class ManifestProblem:
    """A rule that a manifest breaks."""

    line: int | None
    """Where, counted from 1: the first line, if a path with line breaks is wrong. None is the whole."""
    message: str
    """What is wrong, and what to do; without the line."""

    def __str__(self) -> str:
        return self.message if self.line is None else f"Line {self.line}: {self.message}"


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
    for found in lines_and_problems(chunks):
        if isinstance(found, ManifestProblem):
            raise ManifestError(str(found), found.line)
        yield found


def lines_and_problems(chunks: Iterable[bytes]) -> Iterator[Line | ManifestProblem]:
    """What a manifest lists, and in its place what is wrong with it: after a wrong line comes the next."""
    reader = _Reader(chunks)
    if reader.buffer.startswith(BOM):
        # Nobody says whether DataSync takes it for a part of the first path, and nobody needs it.
        yield ManifestProblem(
            line=1, message="it begins with a byte order mark. Save the file as UTF-8 without one."
        )
        reader.go_to(len(BOM))
    if reader.is_at_end():
        yield ManifestProblem(line=None, message="It is empty: it has to list at least one file.")
    while not reader.is_at_end():
        number = reader.number
        record = RECORD.match(reader.buffer, reader.position, reader.position + MOST + 1)
        if record is None or len(record[0]) > MOST:
            message, end = what_is_wrong(reader.buffer[reader.position : reader.position + MOST + 1])
            yield ManifestProblem(line=number, message=f"{message}.")
            reader.skip_line(reader.position + end)
        else:
            yield line_of(record, number)
            reader.go_to(record.end())


class _Reader:
    """Chunks, as a buffer in which there is more than any record has, unless it is the end."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._source = iter(chunks)
        self.buffer, self.position, self.number = b"", 0, 1
        self._fill()

    def is_at_end(self) -> bool:
        return self.position >= len(self.buffer)

    def go_to(self, position: int) -> None:
        """Go on elsewhere, and count the lines on the way."""
        text = self.buffer[self.position : position]
        self.number += text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
        self.position = position
        self._fill()

    def skip_line(self, position: int) -> None:
        """Go on behind the first line break from a position on, however far away it is."""
        self.go_to(position)
        while not self.is_at_end():
            found = LINE_BREAK.search(self.buffer, self.position)
            # A `\r` at the very end of what is there may be the half of a line break.
            if found is not None and (found.end() < len(self.buffer) or found[0] != b"\r"):
                self.go_to(found.end())
                return
            self.go_to(len(self.buffer) if found is None else found.start())
            if self.buffer[self.position :] == b"\r":
                self.go_to(len(self.buffer))

    def _fill(self) -> None:
        if len(self.buffer) - self.position > MOST:
            return
        pieces, size = [self.buffer[self.position :]], len(self.buffer) - self.position
        while size <= MOST:
            chunk = next(self._source, None)
            if chunk is None:
                break
            pieces.append(chunk)
            size += len(chunk)
        self.buffer, self.position = b"".join(pieces), 0


def line_of(record: re.Match[bytes], number: int) -> Line | ManifestProblem:
    """What a record lists, or what is wrong with it."""
    path, plain_path, version, plain_version = record.groups()
    try:
        if plain_path == b"" and version is plain_version is None:
            raise ManifestError("it is empty")  # noqa: TRY301  # the number of the line is added below
        listed = path_of(value_of(path, plain_path, "path"))
        if version is plain_version is None:
            return Line(number, listed, None)
        return Line(number, listed, value_of(version, plain_version, "version ID"))
    except ManifestError as error:
        return ManifestProblem(line=number, message=f"{error}.")


def value_of(quoted: bytes | None, plain: bytes, what: str) -> str:
    """The text of a field, which is in quotes or else plain."""
    if quoted is None and plain != plain.strip(b" \t"):
        raise ManifestError(f"spaces are around the {what}. Remove them, or put them in quotes with it")
    return checked((plain if quoted is None else quoted).replace(b'""', b'"'), what)


def checked(raw: bytes, what: str) -> str:
    """The text of a path or version ID.

    Raises:
        ManifestError: none can be so.
    """
    if not raw:
        raise ManifestError(f"the {what} is empty")
    if len(raw) > LONGEST:
        raise ManifestError(f"the {what} has {len(raw):,} bytes; it may have {LONGEST:,}")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ManifestError(f"the {what} is not UTF-8") from None
    if "\0" in text:
        raise ManifestError(f"the {what} has a NUL character, which none can have")
    return text


def path_of(listed: str) -> str:
    """A path without the slash in front, which means nothing: all are relative to the location.

    Raises:
        ManifestError: it is that of a folder; or begins with two slashes, of which nobody knows the meaning.
    """
    if listed.endswith("/"):
        raise ManifestError(
            f"{listed!r:.200} is a folder. List its files, or use an include filter instead of a manifest"
        )
    if listed.startswith("//"):
        raise ManifestError(f"{listed!r:.200} begins with two slashes. Leave them out: paths are relative")
    return listed.removeprefix("/")


def what_is_wrong(window: bytes) -> tuple[str, int]:
    """Why there is no record at the beginning of `window`, or one that is too long; and up to where that is.

    The window has a byte more than any record has, unless the manifest ends.
    """
    position = end = 0
    for what in ("path", "version ID"):
        field = ONE_FIELD.match(window, position)
        end = field.end() if field else position
        if end - position > BIGGEST:
            return too_long(what), end
        if window[end : end + 1] != b",":
            break
        position = end + 1
    else:
        return "it has more than two fields. If the path has commas, put it in quotes", position
    if window[position : position + 1] != b'"':
        return f'a quote within the {what} is not doubled ("")', end
    if IN_QUOTES.match(window, position) is None:
        if len(window) > MOST:
            return too_long(what), position
        return f"the {what} begins with a quote that is not closed", position
    return (
        f'something follows the quote that ends the {what}. Double the quotes ("") that are part of it',
        end,
    )


def too_long(what: str) -> str:
    """What is wrong with a field of which the end is not in sight."""
    return f"the {what} may have {LONGEST:,} bytes, and it has more, or a quote in it is not closed"
