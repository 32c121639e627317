"""Every rule, default and way to clear of this SDK stands and falls with the sentence that it quotes."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from html import unescape

import pytest
from attrs import evolve

from codegen import spec as spec_file
from codegen.errors import CodegenError
from codegen.pipeline import SPECS
from codegen.rules import file as rules_file
from codegen.spec import Spec
from tests.codegen.support import Json

RULES = SPECS / "rules.toml"
FACTS: Json = tomllib.loads(RULES.read_text(encoding="utf-8"))
QUOTED = [
    (kind, index, entry)
    for kind in ("rule", "default", "clear")
    for index, entry in enumerate(FACTS[kind])
    if "quote" in entry
]
IDS = [f"{kind} {entry['id']}" for kind, _, entry in QUOTED]


@cache
def spec() -> Spec:
    """The spec as it is."""
    return spec_file.load(SPECS / "service-2.json")


def changed(place: str, quote: str) -> Spec:
    """The spec with another sentence at a place, and all others as they are."""
    if place.endswith("()"):
        operations = tuple(
            evolve(each, documentation=without(each.documentation, quote))
            if f"{each.name}()" == place
            else each
            for each in spec().operations
        )
        return evolve(spec(), operations=operations)
    name, _, member = place.partition(".")
    shape = spec().shapes[name]
    if member:
        members = tuple(
            evolve(each, documentation=without(each.documentation, quote)) if each.name == member else each
            for each in shape.members
        )
        shape = evolve(shape, members=members)
    else:
        shape = evolve(shape, documentation=without(shape.documentation, quote))
    return evolve(spec(), shapes={**spec().shapes, name: shape})


def without(html: str | None, quote: str) -> str:
    """A text in which one letter of a sentence is another one."""
    text = " ".join(unescape(re.sub(r"<[^>]+>", "", html or "")).split())
    wanted = " ".join(quote.split())
    assert wanted in text
    return text.replace(wanted, f"{wanted[:-1]}~")


def test_all_sentences_are_there() -> None:
    """None is lost, and most entries have one."""
    assert rules_file.lost(RULES, spec()) == ()
    counted = Counter(kind for kind, _, _ in QUOTED)
    assert all(counted[kind] > len(FACTS[kind]) / 3 for kind in ("rule", "default", "clear"))


@pytest.mark.parametrize(("kind", "index", "entry"), QUOTED, ids=IDS)
def test_nothing_is_generated_when_a_sentence_changes(kind: str, index: int, entry: Json) -> None:
    """The error names the entry by its place and id; `lost` lists it with all others that quote the same."""
    new = changed(entry["quoted_from"], entry["quote"])
    name = f"{kind}[{index}] ({entry['id']})"
    found = {
        quotation.path.removeprefix(f"{RULES}: "): quotation for quotation in rules_file.lost(RULES, new)
    }
    assert (found[name].text, found[name].place) == (entry["quote"], entry["quoted_from"])
    assert {quotation.place for quotation in found.values()} == {entry["quoted_from"]}
    with pytest.raises(CodegenError) as caught:
        rules_file.load(RULES, new)
    first = next(iter(found))
    problem = f"the documentation of {found[first].place} no longer says {found[first].text!r}; it says "
    assert str(caught.value).startswith(f"{RULES}: {first}: {problem}")
    assert "\n" not in str(caught.value)


def test_a_place_that_is_gone_is_named() -> None:
    """A member whose documentation was quoted and that the spec no longer has."""
    shape = spec().shapes["Options"]
    members = tuple(member for member in shape.members if member.name != "ObjectTags")
    new = evolve(spec(), shapes={**spec().shapes, "Options": evolve(shape, members=members)})
    with pytest.raises(CodegenError, match="Options has no member 'ObjectTags'"):
        rules_file.load(RULES, new)
    assert {"Options.ObjectTags"} == {quotation.place for quotation in rules_file.lost(RULES, new)}
