"""Texts and bytes: those that a shape allows, those that it does not, and those that a rule asks for.

A demand is a test of `_judge.PASSES` with what it compares with. Texts for demands are searched for:
candidates are drawn, from several sources that are each good for some, until one fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias

from hypothesis import strategies as st

from datasync_sdk._runtime.patterns import Pattern, translate
from datasync_sdk.testing._judge import passes
from datasync_sdk.testing._model import SHAPES, limits

Demands: TypeAlias = tuple[tuple[str, Any], ...]
Manner: TypeAlias = Literal["valid", "any", "breaking"]
"""Texts that match their pattern; that may; and that do not, while their length is right."""
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Texts: TypeAlias = st.SearchStrategy[str]
Candidates: TypeAlias = Callable[[Draw, int], str]
"""What draws a text that may do; it is told how many did not."""

TRIES = 40
"""How many candidates are looked at."""
STRETCHED = 4096
"""Up to which length texts are now and then as long as they may be."""
ANY_LETTER = r"\p{L}"
"""Patterns with it allow nearly all of Unicode, and are slow to draw from: plain texts will do."""

REGIONS = "(?:us-east-1|eu-west-1|ap-southeast-2|us-gov-west-1)"
TYPICAL = {
    "[a-z\\-0-9]+": REGIONS,
    "[a-z\\-0-9]*": REGIONS,
    "[0-9]{12}": "(?:111222333444|123456789012)",
    "[0-9a-z]{17}": "0[0-9a-f]{3}0{13}",
    "[0-9a-f]{17}": "0[0-9a-f]{3}0{13}",
    "[a-f0-9]{17}": "0[0-9a-f]{3}0{13}",
    "[0-9a-f]{8,40}": "0[0-9a-f]{3}0{13}",
    "([^:\\*]*)": "(?:[a-z/]{1,9}|/aws/datasync)",
}
"""Parts of AWS's patterns, and what stands there in practice: fewer choices, and nicer to read."""

HOURS = st.sampled_from(["0", "7", "23", "8-17", "*/6", "0,12", "*"])
DAYS = st.sampled_from(
    ["* * ?", "? * MON-FRI", "? * 2", "1 * ?", "L * ?", "15W 1/3 ?", "? JAN-JUN 6#1", "* * *"]
)
YEARS = st.sampled_from(["*", "2030", "2030-2040", "2030/2"])
MINUTES = st.integers(0, 59)
CRONS = st.builds("cron({} {} {} {})".format, MINUTES, HOURS, DAYS, YEARS)
MANY = st.integers(2, 9999)
RATES = st.one_of(
    st.sampled_from(["rate(1 hour)", "rate(1 day)"]),
    st.builds("rate({} {})".format, MANY, st.sampled_from(["hours", "days"])),
)
HAVING: dict[str, Texts] = {
    "ip_address": st.ip_addresses().map(str),
    "schedule": st.one_of(RATES, CRONS, st.just("")),
    "rate": RATES,
    "hourly": st.one_of(RATES, CRONS),
    "year": CRONS,
}
"""Texts that have a form."""
BREAKING: dict[str, Texts] = {
    "schedule": st.one_of(
        st.sampled_from(["daily", "@daily", "cron()", "0 8 * * ? *", "cron(0 8 * *)", "RATE(1 day)"]),
        st.builds("cron({} 8 ? * {} *)".format, st.integers(60, 99), st.sampled_from(["MON", "FRI"])),
        st.text("abcrteon(1 *?)", min_size=1),
    ),
    "rate": st.one_of(
        st.sampled_from(["rate()", "rate(1)", "rate(1 week)", "rate(day)", "rate(1 days)"]),
        st.builds("rate({} {})".format, MANY, st.sampled_from(["hour", "day", "minute", "weeks"])),
    ),
    "hourly": st.one_of(
        st.integers(2, 59).map("rate({} minutes)".format),
        st.sampled_from(["rate(1 minute)"]),
        st.builds(
            "cron({} {} {} {})".format, st.sampled_from(["0,30", "*", "*/5", "1-3"]), HOURS, DAYS, YEARS
        ),
    ),
    "year": st.builds("cron({} {} {})".format, MINUTES, HOURS, DAYS),
}
"""Texts that break a form, and no other one."""

OWN: dict[str, Texts] = {
    "ScheduleExpressionCron": HAVING["schedule"],
    "ServerIpAddress": st.ip_addresses().map(str),
}
"""Texts of shapes whose patterns say too little, or are too hard to draw from."""
EXAMPLES = {
    "S3BucketArn": (
        "arn:aws:s3:::bucket",
        "arn:aws:s3:eu-west-1:111222333444:accesspoint/files",
        "arn:aws:s3-outposts:eu-west-1:111222333444:outpost/op-1/accesspoint/files",
        # A Region of that name satisfies the pattern; there is no other way to break just S3-02.
        "arn:aws:s3:s3-outposts:111222333444:accesspoint/files",
    ),
    "TaggableResourceArn": (
        "arn:aws:datasync:eu-west-1:111222333444:task/task-00000000000000000",
        "arn:aws:datasync:eu-west-1:111222333444:system/storage-system-00000000-0000-0000-0000-000000000000",
    ),
}
"""Texts that are hard to come by, for shapes with several kinds of them."""

JUNK = (*"_@ /\\:!-a0\u00e9", "", "\n", "..", "arn:")


def fits(shape: str, text: str | bytes, manner: Manner) -> bool:
    """Whether a text is as long as it may be, and matches its pattern or does not."""
    least, most = limits(shape)
    if len(text) < least or (most is not None and len(text) > most):
        return False
    pattern = pattern_of(shape)
    if manner == "any" or pattern is None or isinstance(text, bytes):
        return manner != "breaking"
    return pattern.matches(text) == (manner == "valid")


@cache
def pattern_of(shape: str) -> Pattern | None:
    """The pattern of a shape."""
    source = SHAPES[shape].get("pattern")
    return Pattern(source) if source else None


@cache
def texts(shape: str) -> Texts:
    """The texts that a shape allows."""
    usual = st.one_of(*sources(shape)).filter(lambda text: fits(shape, text, "valid"))
    most = limits(shape)[1]
    if most is None or most > STRETCHED or shape in OWN:
        return usual
    return rarely(usual, usual.map(lambda text: stretched(shape, text, most)))


def rarely(usual: st.SearchStrategy[Any], rare: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of the second kind in one of sixteen times."""
    return st.integers(0, 15).flatmap(lambda number: rare if number == 15 else usual)  # noqa: PLR2004  # the last


def sources(shape: str) -> list[Texts]:
    """Strategies for the texts of a shape, the simplest one first."""
    if shape in OWN:
        return [OWN[shape]]
    least, most = limits(shape)
    pattern = SHAPES[shape].get("pattern")
    if not pattern or ANY_LETTER in pattern:
        return [st.text(min_size=least, max_size=least + 40 if most is None else min(most, least + 40))]
    typical = pattern
    for part, replacement in TYPICAL.items():
        typical = typical.replace(part, replacement)
    patterns = [translate(each) for each in dict.fromkeys([typical, pattern])]
    found = [st.sampled_from(EXAMPLES[shape])] if shape in EXAMPLES else []
    return found + [st.from_regex(re.compile(each), fullmatch=True) for each in patterns]


def stretched(shape: str, text: str, length: int) -> str:
    """A text that is as long as it may be, by repeating one of its characters; as it was, if none can be."""
    for place in {len(text) - 1, len(text) // 2, 0}:
        more = text[place : place + 1] * (length - len(text))
        longer = text[:place] + more + text[place:]
        if more and fits(shape, longer, "valid"):
            return longer
    return text


@cache
def blobs(shape: str, at_least: int = 0) -> st.SearchStrategy[bytes]:
    """The bytes that a shape allows."""
    least, most = limits(shape)
    least = max(least, at_least)
    usual = st.binary(min_size=least, max_size=least + 12)
    return usual if most is None else rarely(usual, st.just(b"\0" * most))


@cache
def demanded(shape: str, demands: Demands, manner: Manner) -> st.SearchStrategy[str | None]:
    """Texts that pass tests; None where the search did not find one."""
    candidates = candidates_for(shape, demands, manner)

    @st.composite
    def search(draw: Draw) -> str | None:
        for attempt in range(TRIES):
            # So that even the simplest choices, which are all the same, come to look at everything.
            number: int = (draw(st.integers(0, len(candidates) - 1)) + attempt) % len(candidates)
            text = candidates[number](draw, attempt)
            if fits(shape, text, manner) and meets(text, demands):
                return text
        return None

    return search()


def meets(value: Any, demands: Demands) -> bool:
    """Whether a value passes all of some tests."""
    return all(passes(name, value, operand) for name, operand in demands)


def candidates_for(shape: str, demands: Demands, manner: Manner) -> list[Candidates]:
    """Where to look for a text."""
    plain: list[Texts] = [texts(shape)]
    if fitting := [
        text for text in EXAMPLES.get(shape, ()) if fits(shape, text, manner) and meets(text, demands)
    ]:
        plain.insert(0, st.sampled_from(fitting))
    parts: list[Texts] = []
    for name, operand in demands:
        if name == "matches":
            parts.append(st.from_regex(operand, fullmatch=True, alphabet=st.characters(max_codepoint=0xFF)))
        elif name in {"has", "breaks"} and operand in (forms := HAVING if name == "has" else BREAKING):
            plain = [forms[operand]]
    found = [spliced(plain[0], parts)] if parts else []
    found += [as_it_is(text) for text in plain + parts]
    if manner != "valid":
        found += [spoiled(text) for text in plain + parts]
    return found


def as_it_is(text: Texts) -> Candidates:
    """What a strategy gives."""
    return lambda draw, _: str(draw(text))


def spliced(text: Texts, parts: list[Texts]) -> Candidates:
    """Texts with other ones in them."""

    def splice_all(draw: Draw, attempt: int) -> str:
        found: str = draw(text)
        for number, part in enumerate(parts):
            found = splice(draw, found, draw(part), attempt + ENDS * number)
        return found

    return splice_all


def spoiled(text: Texts) -> Candidates:
    """Texts with something in them that is wrong there, as a rule."""

    def spoil(draw: Draw, attempt: int) -> str:
        junk = JUNK[(draw(st.integers(0, len(JUNK) - 1)) + attempt) % len(JUNK)]
        return splice(draw, draw(text), junk, attempt)

    return spoil


ENDS = 12
"""In how many parts a text is cut to put another one in its place."""


def splice(draw: Draw, text: str, part: str, attempt: int) -> str:
    """A text with another one in it, instead of what was between two places."""
    start = (draw(st.integers(0, ENDS)) + attempt) % (ENDS + 1)
    end = min(start + (draw(st.integers(0, ENDS)) + attempt // 2) % (ENDS + 1), ENDS)
    return text[: len(text) * start // ENDS] + part + text[len(text) * end // ENDS :]


@cache
def demanded_blobs(shape: str, demands: Demands) -> st.SearchStrategy[bytes | None]:
    """Bytes that pass tests; None where they happen not to."""
    found = [st.from_regex(operand.encode("latin-1")) for name, operand in demands if name == "matches"]
    found.append(blobs(shape, dict(demands).get("longer_than", -1) + 1))
    return st.one_of(*found).map(
        lambda value: value if fits(shape, value, "valid") and meets(value, demands) else None
    )
