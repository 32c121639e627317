"""AWS's documentation, which is HTML, as plain text for Python docstrings.

`paragraphs` turns a fragment into text, `summary` takes its first sentence, and `docstring` wraps
it into lines that are safe between triple quotes. No markup makes them fail and no words get lost:
what is not a known tag is text, as people write placeholders such as `<region>` without escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from html.parser import HTMLParser
from textwrap import dedent, wrap

LISTS = ("ul", "ol", "dl")
NOTES = {tag: f"{tag.title()}: " for tag in ("note", "important", "caution", "warning")}

# Lower case only, as AWS writes its tags: `<N>` and `<B>` are placeholders.
_INLINE = "a|b|big|br|code|em|filename|i|kbd|link|replaceable|samp|small|span|strong|su[bp]|tt|u"
_BLOCKS = (
    "blockquote|center|d[dltv]|div|fullname|h[1-6r]|li|[ou]l|p|para|pre|table|tbody|t[dhr]|thead"
    "|xhtml|zonbook|" + "|".join(NOTES)
)
_TAG = f"(?:{_INLINE}|{_BLOCKS})"
_ATTRIBUTE = r"""\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?"""
_LITERAL_LESS_THAN = re.compile(rf"<(?!{_TAG}(?:{_ATTRIBUTE})*\s*/?>|/{_TAG}\s*>)")
_IS_INLINE = re.compile(_INLINE).fullmatch
_PUNCTUATION = re.compile(r"\s*[.,;:!?)]+(?=\s|$)")
_SENTENCE_END = re.compile(r"""[.!?][)"'”]*(?=\s+["'“(`]*[A-Z0-9])""")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[a-z]\.[a-z]|[A-Z](?:\.[A-Z])+|eg|ie|vs|cf|approx)\.$")
_MARKER = re.compile(r"\A *(?:- |\d{1,2}\. )*")
_DASH = re.compile(r"(?<= )(\S{1,30}) (?=- )")
_UNSAFE = re.compile(r'\\|(?<="")"|"\Z|[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]')


@cache  # A text is asked for in several places, and AWS repeats its texts.
def paragraphs(html: str | None) -> str:
    """Give the text of an HTML fragment: a line a paragraph or list item, blank lines between."""
    if not html or ("<" not in html and "&" not in html):
        return " ".join((html or "").split())
    if html.startswith("&lt;p&gt;"):  # Some models have escaped the whole fragment.
        html = unescape(html)
    reader = _Reader()
    # Left alone, the parser drops what it cannot read, and not the same in each Python release.
    reader.feed(_LITERAL_LESS_THAN.sub("&lt;", html))
    return reader.text()


def summary(text: str) -> str:
    """Give the first sentence of clean text."""
    line = _MARKER.sub("", text.lstrip().split("\n", 1)[0].rstrip())
    for end in _SENTENCE_END.finditer(line):
        if not _ABBREVIATION.search(line[: end.start() + 1]):
            return line[: end.end()]
    return line


def docstring(text: str, *, indent: int, width: int = 100) -> tuple[str, ...]:
    """Wrap clean text into the lines between a docstring's quotes, which follow `indent` spaces."""
    room = max(1, width - indent)
    source = "\n".join(line.rstrip() for line in text.strip("\n").rstrip().split("\n"))
    first, *others = lines = _UNSAFE.sub(_escape, source).split("\n")
    # The quotes share a line with the text, so they are wrapped with it.
    wrapped = _wrap('"""' + first, _hang(lines, 0), room)
    if len(wrapped) == 1 and not others and len(wrapped[0]) + 3 > room:
        wrapped = _wrap(f'"""{first}"""', _hang(lines, 0), room)
        wrapped[-1] = wrapped[-1][:-3]
    wrapped[0] = wrapped[0][3:]
    for number, line in enumerate(others, 1):
        wrapped += _wrap(line, _hang(lines, number), room)
    return tuple(wrapped) if source else ()


def _escape(match: re.Match[str]) -> str:
    return "\\" + match[0] if match[0] in '\\"' else ascii(match[0])[1:-1]


def _hang(lines: list[str], number: int) -> int:
    """Give the indent of a line's continuation: under an item's text, or further than a term."""
    line = lines[number]
    start = len(line) - len(_MARKER.sub("", line))
    neighbours = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
    return start + 2 if any(neighbours) and not line[:start].strip() else start


def _wrap(line: str, hang: int, room: int) -> list[str]:
    if len(line) <= room:
        return [line]
    # A line that begins with a dash would read as a list item.
    line, indent = _DASH.sub("\\1\0", line), " " * hang
    parts = wrap(line, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [part.replace("\0", " ").rstrip() for part in parts]


@dataclass(slots=True)
class _List:
    ordered: bool = False
    base: int = 0  # The indent of markers.
    body: int = 0  # The indent of an item's further paragraphs.
    count: int = 0


class _Reader(HTMLParser):
    """Collects the inline text of one block at a time and writes it out where the block ends."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.inline = ""
        self.open: list[tuple[str, int, str]] = []  # Tag, where its text begins, address.
        self.addresses = ""  # Those of links inside code; they are written after the code.
        self.lists = [_List()]
        self.marker: str | None = None  # Of the list item that begins with the next text.
        self.term = self.note = ""  # What else goes before the next text.
        self.in_term = self.in_pre = self.after_tag = self.after_item = self.after_break = False

    def text(self) -> str:
        """Give the text of all that was fed."""
        self.close()
        self.handle_endtag("dl")  # It writes a term, too, that still waits for its definition.
        return "\n".join(self.lines)

    def handle_data(self, data: str) -> None:
        """Take text; a blank between a tag and punctuation is an accident of the markup."""
        if self.after_tag and not self.in_pre and _PUNCTUATION.match(data):
            self.inline, data = self.inline.rstrip(), data.lstrip()
        self.inline += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an inline element, or end a block and begin another."""
        self.after_tag = False
        if tag == "a" or (tag == "code" and not self.in_pre):
            self.open.append((tag, len(self.inline), (dict(attrs).get("href") or "").strip()))
        elif tag == "br" and self.in_pre:
            self.inline += "\n"
        elif tag == "br":
            self.after_break |= self._flush()
        elif not _IS_INLINE(tag):
            self._flush()
            self._begin_block(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an inline element, or end a block."""
        self.after_tag = bool(_IS_INLINE(tag))
        if self.after_tag:
            self._close(tag)
        else:
            self.inline = self.inline if tag != "fullname" else ""
            self._flush()
            self._after_block(tag)

    def _close(self, tag: str) -> None:
        """Close the innermost such element, and those within it that were left open."""
        name = "" if any(tag == name for name, _, _ in self.open) else tag
        while name != tag:
            name, start, address = self.open.pop()
            before, text = self.inline[:start], self.inline[start:]
            text = self._quote(text, before) if name == "code" else self._cite(text, address)
            self.inline = before + text

    def _quote(self, text: str, before: str) -> str:
        """Put code into double backticks, blanks at its ends outside of them."""
        code = " ".join(text.split())
        addresses, self.addresses = self.addresses, ""
        if not code:
            return text + addresses
        if not ("``" in code or code.startswith("`") or code.endswith("`")):
            code = f"``{code}``"
        space = " " if text[0].isspace() and not before.endswith("(") else ""
        return f"{space}{code}{addresses}{' ' if text[-1].isspace() else ''}"

    def _cite(self, text: str, address: str) -> str:
        """Put a link's address after its text, if it says more than the text."""
        label = text.strip()
        same = label.strip("`").rstrip("/") == address.rstrip("/")
        if same or not address.startswith(("https://", "http://")):
            return text
        if any(name == "code" for name, _, _ in self.open):
            self.addresses += f" ({address})"
            return text
        return text.replace(label, f"{label} ({address})") if label else f"{text}{address}"

    def _begin_block(self, tag: str) -> None:
        self.in_pre, self.after_break = tag == "pre", False
        if tag in LISTS:
            if self.term or self.note:
                self._write("")
            base = 2 * len(self.lists) - 2
            self.lists.append(_List(tag == "ol", base, base))
            self.marker = None
        elif tag in ("li", "dt", "dd"):
            self._begin_item(tag)
        elif tag in NOTES:
            self.note = NOTES[tag]

    def _begin_item(self, tag: str) -> None:
        parent = self.lists[-1]
        parent.count += 1
        self.marker = "" if tag != "li" else f"{parent.count}. " if parent.ordered else "- "
        parent.body = parent.base + (len(self.marker) or 2)
        self.in_term = tag == "dt"

    def _after_block(self, tag: str) -> None:
        self.in_pre = self.in_term = self.after_break = False
        if tag in NOTES:
            self.note = ""
        elif tag in (*LISTS, "li", "dd"):
            if self.term:
                self._write("")
            self.marker = None
            self.lists[-1].body = self.lists[-1].base
            if tag in LISTS and len(self.lists) > 1:
                self.lists.pop()

    def _flush(self) -> bool:
        """Write out the text that was collected, if any; tell whether there was."""
        while self.open:
            self._close(self.open[-1][0])
        raw, self.inline = self.inline, ""
        text = " ".join(raw.split())
        if text and self.in_pre:
            self._write_pre(raw)
        elif text and self.in_term:
            self.term = f"{self.term}, {text}" if self.term else text
        elif text:
            self._write(text)
        return bool(text)

    def _write(self, text: str) -> None:
        """Write a paragraph, with the marker and the labels that wait for it."""
        begins = self.marker is not None
        indent = self.lists[-1].base if begins else self.lists[-1].body
        term = self.term and f"{self.term.removesuffix(':')}: "
        note = "" if text.startswith(self.note.strip()) else self.note
        if self.lines and not self.after_break and not (begins and self.after_item):
            self.lines.append("")
        self.lines.append(" " * indent + f"{self.marker or ''}{term}{note}{text}".rstrip())
        self.after_item = begins or (self.after_break and self.after_item)
        self.marker, self.term, self.note = None, "", ""

    def _write_pre(self, raw: str) -> None:
        if self.marker or self.term or self.note:
            self._write("")
        lines = dedent("\n".join(raw.expandtabs().splitlines())).strip("\n").split("\n")
        indent = " " * (self.lists[-1].body + 4)
        self.lines += [""] * bool(self.lines) + [f"{indent}{line}".rstrip() for line in lines]
        self.marker, self.after_item = None, False
