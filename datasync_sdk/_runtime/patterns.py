r"""Java and ECMAScript regular expressions, translated for Python's :mod:`re`.

The ``pattern`` trait of service models is declared to be ECMA 262, but many patterns use what only
Java understands: ``\p{Print}``, ``[a-z&&[^b]]``, ``(?i)`` in the middle, ``\z``.  Both are read
here.  Where the two disagree:

* ``\w``, ``\d``, ``\s``, ``\b`` and ``(?i)`` know ASCII only, as in Java;
* ``$`` is the end of the text and nothing else, ``.`` stops at ``\n``, ``\r``, U+2028 and U+2029,
  ``\v`` is the vertical tab and ``\y`` (no meaning in either) the letter, as in ECMAScript;
* brackets within a character class nest, as in Java, unless that leaves the class without an end:
  then they are characters, as in ECMAScript (``[(\[]`` written ``[([]``).

Character sets are worked out as ranges of code points and written out again in one canonical form,
so nothing inside brackets is left to Python's own, slightly different reading.  Unicode categories
are those of :mod:`unicodedata`, hence of the running Python's version of Unicode.
"""

from __future__ import annotations

import re

_Ranges = tuple[tuple[int, int], ...]
_Set = tuple[_Ranges, bool]  # the ranges, and whether the set is all but those

_LAST = 0x10FFFF
_HEX = "[0-9a-fA-F]"
_SPECIAL = "\\.^$*+?{}[]()|"

# Sets that need no Unicode data, as pairs of characters: first and last of each range.
_FIXED = {
    r"\d": "09", r"\s": "\t\r  ", r"\w": "09AZ__az",
    r"\h": "\t\t  \xa0\xa0\u1680\u1680\u180e\u180e\u2000\u200a\u202f\u202f\u205f\u205f\u3000\u3000",
    "Lower": "az", "Upper": "AZ", "Alpha": "AZaz", "Digit": "09", "Alnum": "09AZaz",
    "Punct": "!/:@[`{~", "Graph": "!~", "Print": " ~", "Blank": "\t\t  ", "Cntrl": "\0\x1f\x7f\x7f",
    "XDigit": "09AFaf", "Space": "\t\r  ", "ASCII": "\0\x7f", "L1": "\0\xff", "all": "\0\U0010ffff",
}  # fmt: skip

# Long names: the categories they are made of.  ``alphabetic`` takes in all marks, some too many:
# the standard library does not know which of them count as letters.
_NAMED = {
    "alphabetic": "L M Nl", "whitespace": "Z", "letter": "L", "mark": "M", "number": "N",
    "digit": "Nd", "punctuation": "P", "symbol": "S", "separator": "Z", "control": "Cc",
    "other": "C", "lc": "Lu Ll Lt", "ld": "L Nd",
}  # fmt: skip

# What else belongs to them: letters in circles and squares, and controls that leave white space.
_FURTHER = {
    "alphabetic": "\u24b6\u24e9\U0001f130\U0001f149\U0001f150\U0001f169\U0001f170\U0001f189",
    "whitespace": "\t\r\x85\x85",
}

_CONTROLS = {"n": 0x0A, "t": 0x09, "r": 0x0D, "f": 0x0C, "v": 0x0B, "a": 0x07, "e": 0x1B, "b": 0x08}

# Escapes outside brackets that stand for a place or a sequence.  ``\b`` brings the ASCII flag along
# instead of setting it for all, which keeps the result independent of how it is compiled.
_PLACES = {
    "A": r"\A",
    "z": r"\Z",
    "Z": r"(?=(?:\r\n|[\n\r\x85\u2028\u2029])?\Z)",
    "b": r"(?a:\b)",
    "B": r"(?a:\B)",
    "R": r"(?:\r\n|[\n-\r\x85\u2028\u2029])",
}

_NEWLINE = r"\n\r\u2028\u2029"
_BOUNDED = r"\{\d+(?:,\d*)?\}"

_categories: dict[str, _Ranges] = {}


class PatternError(ValueError):
    """A pattern uses something that cannot be said in Python's regular expressions."""


class _UnclosedClassError(PatternError):
    """A character class has no end, at least when its brackets are taken to nest."""


class Pattern:
    """A service model's pattern, translated and compiled when first asked."""

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str) -> None:
        """Keep the pattern as the model has it; no work is done yet, and no error raised."""
        self.source = source
        self._compiled: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        """Show the pattern as the model has it."""
        return f"Pattern({self.source!r})"

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches."""
        if self._compiled is None:
            self._compiled = _compile(self.source)
        return self._compiled.fullmatch(text) is not None


def translate(pattern: str) -> str:
    """Return a Python regular expression equivalent to a Java or ECMAScript one."""
    return _compile(pattern).pattern


def _compile(pattern: str) -> re.Pattern[str]:
    text = _Translator(pattern).translate()
    try:
        return re.compile(text)
    except (re.error, OverflowError) as error:  # such as look-behind of variable width
        raise PatternError(f"pattern {pattern!r}: {error}") from error


def _pairs(text: str) -> _Ranges:
    return tuple((ord(low), ord(high)) for low, high in zip(text[::2], text[1::2], strict=True))


def _union(*parts: _Ranges) -> _Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pair for part in parts for pair in part):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(ranges: _Ranges) -> _Ranges:
    lows = [0, *(high + 1 for _, high in ranges)]
    highs = [*(low - 1 for low, _ in ranges), _LAST]
    return tuple((low, high) for low, high in zip(lows, highs, strict=True) if low <= high)


def _plain(members: _Set) -> _Ranges:
    ranges, negated = members
    return _complement(ranges) if negated else ranges


def _category(name: str) -> _Ranges | None:
    """Return the characters of a general category; the first call sorts all of Unicode."""
    if not _categories:
        import unicodedata
        from itertools import groupby

        runs: dict[str, list[tuple[int, int]]] = {}
        start = 0
        for key, group in groupby(map(unicodedata.category, map(chr, range(_LAST + 1)))):
            end = start + sum(1 for _ in group)
            for each in (key, key[0]):
                runs.setdefault(each, []).append((start, end - 1))
            start = end
        # At once: another thread must find either nothing there or everything.
        _categories.update({key: _union(tuple(found)) for key, found in runs.items()})
    return _categories.get(name)


def _property(name: str) -> _Ranges | None:
    r"""Return what ``\p{name}`` stands for, if known: Java's ASCII classes go first."""
    if name in _FIXED:
        return _pairs(_FIXED[name])
    name = re.sub(r"^(?:Is|gc=|General_Category=)", "", name)
    ranges = _category(name)
    if ranges is None and (key := name.replace("_", "").lower()) in _NAMED:
        found = (_category(each) or () for each in _NAMED[key].split())
        return _union(_pairs(_FURTHER.get(key, "")), *found)
    return ranges


def _char(code: int, special: str) -> str:
    char = chr(code)
    if char in special:
        return "\\" + char
    if char.isascii() and char.isprintable():
        return char
    return ascii(char)[1:-1]


def _class_text(members: _Set) -> str:
    ranges, negated = members
    if not ranges:
        return "(?s:.)" if negated else "(?!)"
    return f"[{'^' if negated else ''}{''.join(_range_text(*pair) for pair in ranges)}]"


def _range_text(low: int, high: int) -> str:
    ends = [_char(code, "\\[]^-") for code in sorted({low, high})]
    return ("-" if high - low > 1 else "").join(ends)


def _case(flags: frozenset[str]) -> str:
    return "(?ai:" if "i" in flags else "(?-i:"


class _Translator:
    """A recursive descent over one pattern; every method takes what it returns the text for."""

    def __init__(self, source: str) -> None:
        self.source = source
        # As a whole, ``/^...$/`` can match nothing: it is a literal of another language.
        self.rest = source[1:-1] if source.startswith("/^") and source.endswith("$/") else source
        self.groups = 0

    def translate(self) -> str:
        text = self.alternatives(frozenset())
        if self.rest:
            raise self.refusal("unbalanced parenthesis")
        return text

    def refusal(self, construct: str) -> PatternError:
        return PatternError(f"pattern {self.source!r}: {construct}")

    def take(self, regex: str, flags: re.RegexFlag = re.DOTALL) -> re.Match[str] | None:
        match = re.match(regex, self.rest, flags)
        self.rest = self.rest[match.end() :] if match else self.rest
        return match

    def alternatives(self, outer: frozenset[str]) -> str:
        branches, flags = [], outer
        while True:
            branch, flags = self.branch(outer, flags)
            branches.append(branch)
            if not self.take(r"\|"):
                return "|".join(branches)

    def branch(self, outer: frozenset[str], flags: frozenset[str]) -> tuple[str, frozenset[str]]:
        """Read up to ``|`` or the end; flags set on the way hold in the next branches as well."""
        # Python wants flags at the start or in a group: the rest of the branch becomes that group.
        ends, parts = "", []
        if ("i" in flags) != ("i" in outer):
            ends, parts = ")", [_case(flags)]
        while self.rest and self.rest[0] not in "|)":
            if match := self.take(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)"):
                before, flags = flags, self.flags(flags, match[1], match[2] or "")
                if ("i" in flags) != ("i" in before):
                    ends += ")"
                    parts.append(_case(flags))
            else:
                parts.append(self.term(flags))
        return "".join(parts) + ends, flags

    def flags(self, flags: frozenset[str], on: str, off: str) -> frozenset[str]:
        if unknown := set(on + off) - set("ims"):
            raise self.refusal(f"unsupported flag {min(unknown)!r}")
        return (flags | set(on)) - set(off)

    def term(self, flags: frozenset[str]) -> str:
        atom = self.atom(flags)
        quantifier = self.take(rf"(?:[*+?]|{_BOUNDED})[?+]?")
        # Java takes a count after a count to repeat the nothing in between.
        while quantifier and self.take(rf"{_BOUNDED}[?+]?"):
            pass
        if quantifier and atom in ("^", r"\A", r"\Z"):  # Python would not have these repeated
            return "" if re.match(r"[*?]|\{0+\b", quantifier[0]) else atom
        return atom + (quantifier[0] if quantifier else "")

    def atom(self, flags: frozenset[str]) -> str:
        if self.rest[0] == "(":
            return self.group(flags)
        if self.rest[0] == "[":
            return self.bracketed()
        if self.rest[0] == "\\":
            return self.escaped()
        char = self.rest[0]
        if char in "*+?":
            raise self.refusal(f"nothing to repeat before {char!r}")
        self.rest = self.rest[1:]
        multiline = "m" in flags
        places = {
            ".": "(?s:.)" if "s" in flags else f"[^{_NEWLINE}]",
            "^": f"(?<![^{_NEWLINE}])" if multiline else "^",
            "$": f"(?![^{_NEWLINE}])" if multiline else r"\Z",
        }
        return places.get(char) or _char(ord(char), _SPECIAL)

    def group(self, flags: frozenset[str]) -> str:
        start = "("
        if match := self.take(r"\((?:\?(?:[:=!>]|<[=!]))"):
            start = match[0]
        elif match := self.take(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:"):
            flags, before = self.flags(flags, match[1], match[2] or ""), flags
            start = "(?:" if ("i" in flags) == ("i" in before) else _case(flags)
        elif match := self.take(r"\((?:\?<([a-zA-Z][a-zA-Z0-9_]*)>|(?!\?))"):
            self.groups += 1
            start = f"(?P<{match[1]}>" if match[1] else "("
        else:
            raise self.refusal(f"unsupported group {self.rest[:4]!r}")
        text = self.alternatives(flags)
        if not self.take(r"\)"):
            raise self.refusal("missing )")
        return f"{start}{text})"

    def escaped(self) -> str:
        """Translate an escape that is not within brackets."""
        if match := self.take(r"\\Q(.*?)(?:\\E|\Z)"):
            return "".join(_char(ord(char), _SPECIAL) for char in match[1])
        if match := self.take(r"\\k<(\w+)>"):
            return f"(?P={match[1]})"
        if match := self.take(rf"\\([{''.join(_PLACES)}])"):
            return _PLACES[match[1]]
        if match := self.take(r"\\[1-9]"):
            number = match[0][1:]
            # As many digits as there are groups for; parentheses keep further ones apart.
            while self.rest[:1].isdecimal() and int(number + self.rest[0]) <= self.groups:
                number, self.rest = number + self.rest[0], self.rest[1:]
            return rf"(?:\{number})"
        found = self.escape()
        if isinstance(found, int):
            return _char(found, _SPECIAL)
        return _class_text(found)

    def escape(self) -> int | _Set:
        """Take an escape that stands for a character, or for a set of them."""
        code = self.numeric()
        if code is not None:
            return code
        if match := self.take(r"\\[dDhHsSwW]"):
            return _pairs(_FIXED[match[0].lower()]), match[0][1].isupper()
        if match := self.take(r"\\([pP])(?:\{\s*([^{}]*?)\s*\}|([CLMNPSZ]))"):
            ranges = _property(match[2] or match[3] or "")
            if ranges is None:
                raise self.refusal(f"unknown property {match[0]}")
            return ranges, match[1] == "P"
        match = self.take(r"\\(.)")
        if not match or match[1] in "123456789EGNPQRXckpux":
            raise self.refusal(f"unsupported escape {match[0] if match else 'at the end'}")
        return _CONTROLS.get(match[1], ord(match[1]))

    def numeric(self) -> int | None:
        """Take a character given by its number, two surrogates being one character."""
        if match := self.take(rf"\\u(d[89ab]{_HEX}{{2}})\\u(d[c-f]{_HEX}{{2}})", re.IGNORECASE):
            high, low = int(match[1], 16), int(match[2], 16)
            return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF)
        if match := self.take(rf"\\(?:[xu]\{{({_HEX}+)\}}|u({_HEX}{{4}})|x({_HEX}{{2}}))"):
            code = int(match[1] or match[2] or match[3], 16)
            if code > _LAST:
                raise self.refusal(f"no such character {match[0]}")
            return code
        if match := self.take(r"\\0([0-3][0-7]{2}|[0-7]{0,2})"):
            return int(match[1] or "0", 8)
        if match := self.take(r"\\c([A-Za-z])"):
            return ord(match[1].upper()) - 0x40
        return None

    def bracketed(self) -> str:
        before = self.rest
        try:
            return _class_text(self.character_class(nesting=True))
        except _UnclosedClassError:
            self.rest = before
            return _class_text(self.character_class(nesting=False))

    def character_class(self, *, nesting: bool) -> _Set:
        start = self.take(r"\[(\^?)")
        operands: list[list[_Ranges]] = [[]]
        first = nesting  # Java takes a bracket that would close an empty class for a character
        while first or not self.take(r"\]"):
            if not self.rest:
                raise _UnclosedClassError(f"pattern {self.source!r}: missing ]")
            if nesting and self.take("&&"):
                operands.append([])
            else:
                operands[-1].append(self.member(nesting=nesting))
            first = False
        # What is in all operands; Java pays no attention to empty ones.
        outside = [_complement(_union(*operand)) for operand in operands if operand or not nesting]
        return _complement(_union(*outside)), bool(start and start[1])

    def member(self, *, nesting: bool) -> _Ranges:
        """Take a character, a range or a set from a class."""
        if nesting and self.rest[0] == "[":
            return _plain(self.character_class(nesting=True))
        low = self.single()
        if not isinstance(low, int):
            return _plain(low)
        if not self.take(r"-(?!&&)(?=[^\[\]])" if nesting else r"-(?=[^\]])"):
            return ((low, low),)
        high = self.single()
        if not isinstance(high, int):  # ``[+-\d]``: no range, but three members
            return _union(((low, low), (0x2D, 0x2D)), _plain(high))
        if high < low:
            raise self.refusal(f"range out of order: {chr(low)!r} to {chr(high)!r}")
        return ((low, high),)

    def single(self) -> int | _Set:
        if self.rest[0] == "\\":
            return self.escape()
        char, self.rest = self.rest[0], self.rest[1:]
        return ord(char)
