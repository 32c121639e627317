"""The rules, defaults and ways to clear that `rules.toml` takes from a service's documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from codegen.errors import SpecError
from codegen.predicates import Combination, Scope, combination, combinations, named_like, walk
from codegen.predicates import value as typed_value
from codegen.spec import Node, Spec

RULE_KEYS = frozenset("id since severity on forbid also at trait message quote quoted_from rests_on".split())
DEFAULT_KEYS = frozenset("id since member value same_as says when quote quoted_from rests_on".split())
CLEAR_KEYS = frozenset("id since members says quote quoted_from rests_on".split())
DOCUMENTATION_KEYS = frozenset("request response structure operation shape page".split())
REQUESTS_KEYS = frozenset({"complete", "implied"})
SEVERITIES = ("error", "warning")
TRAITS = frozenset({"min", "max", "pattern", "enum"})
DATE = re.compile(r"\d{4}-\d\d-\d\d")
ID = re.compile(r"[A-Z][A-Z0-9]*-\d\d+")


@frozen(kw_only=True)
class Source:
    """Where a rule comes from."""

    place: str
    """The member, shape or operation whose documentation has the sentence; or the trait it rests on."""
    quote: str | None
    """The sentence; None where a trait of the model says it."""


@frozen(kw_only=True)
class Place:
    """A structure, and what is forbidden in it."""

    on: str
    forbid: tuple[Combination, ...]


@frozen(kw_only=True)
class Rule:
    """What a request must not be."""

    id: str
    since: str
    severity: str
    message: str
    """For a person; `{value}` stands for the value that is wrong."""
    source: Source
    places: tuple[Place, ...] = ()
    at: str | None = None
    """The member to name; that of the broken combination's first condition where there is none."""
    traits: tuple[str, ...] = ()
    """The traits of the model that check it, instead of places: `FilterList.max`."""


@frozen(kw_only=True)
class Default:
    """What the service uses where a member is left out."""

    id: str
    since: str
    member: str
    """As `Options.Mtime`."""
    source: Source
    value: Any = None
    same_as: str | None = None
    """Another member of the structure whose value it takes."""
    says: str | None = None
    """In words, where it is no value that could be sent."""
    when: Combination = ()
    """Under which conditions, from the request."""


@frozen(kw_only=True)
class Clear:
    """Members that remove something by being empty."""

    id: str
    since: str
    members: tuple[str, ...]
    says: str
    source: Source


@frozen(kw_only=True)
class Documented:
    """All that is known from documentation."""

    rules: tuple[Rule, ...] = ()
    defaults: tuple[Default, ...] = ()
    clears: tuple[Clear, ...] = ()
    left_out: Mapping[str, str] = field(factory=dict)
    context: Mapping[str, tuple[str, ...]] = field(factory=dict)
    complete: frozenset[str] = frozenset()
    """The requests in which a member that is left out has its default."""
    implied: frozenset[str] = frozenset()
    """The structures that have their defaults where they are left out as a whole."""
    addresses: Mapping[str, str] = field(factory=dict)
    """How to make the addresses of documentation."""
    families: Mapping[str, str] = field(factory=dict)
    """What ids begin with, and what such rules are about."""


def documented(top: Node, spec: Spec, until: str | None = None) -> Documented:
    """Read and check everything; with a date, without what is newer or speaks of what is not there."""
    context = dict(read_context(top, spec, lenient=until is not None))
    requests = top.node("requests") if "requests" in top.raw else Node({}, "")
    requests.known(REQUESTS_KEYS)
    complete = requests.optional("complete", str)
    found = Documented(
        rules=kept(top, "rule", until, lambda entry: rule(entry, spec, context)),
        defaults=kept(top, "default", until, lambda entry: default(entry, spec, context)),
        clears=kept(top, "clear", until, lambda entry: clear(entry, spec)),
        left_out=dict(texts_of(top, "left_out")),
        context=context,
        complete=frozenset(named_like(spec, complete, requests.at("complete")) if complete else ()),
        implied=frozenset(requests.texts("implied")) & spec.shapes.keys(),
        addresses=dict(texts_of(top, "documentation", DOCUMENTATION_KEYS)),
        families=dict(texts_of(top, "families")),
    )
    check_ids(found, top)
    return found


def kept(top: Node, key: str, until: str | None, read: Any) -> tuple[Any, ...]:
    """The entries of a list; without those that an old revision could not break, or had not heard of."""
    found = []
    for entry in top.nodes(key):
        try:
            made = read(entry)
        except SpecError:
            if until is None:
                raise
            continue
        if until is None or made.since <= until:
            found.append(made)
    return tuple(found)


def read_context(top: Node, spec: Spec, *, lenient: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a preflight knows, and what it may be."""
    section = top.node("context") if "context" in top.raw else Node({}, "")
    for name in section.raw:
        try:
            yield name, named_like(spec, section.require(name, str), section.at(name))
        except SpecError:
            if not lenient:
                raise


def rule(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Rule:
    """An entry of `[[rule]]`."""
    entry.known(RULE_KEYS)
    severity = entry.require("severity", str)
    if severity not in SEVERITIES:
        raise SpecError(entry.at("severity"), f"{severity!r} is none of {', '.join(SEVERITIES)}")
    traits = tuple(texts(entry, "trait"))
    if bool(traits) == ("forbid" in entry.raw):
        raise SpecError(entry.path, "needs either 'trait' or 'on' and 'forbid'")
    for name in traits:
        check_trait(name, spec, entry.at("trait"))
    made = Rule(
        id=read_id(entry),
        since=read_date(entry),
        severity=severity,
        message=entry.require("message", str)
        if "forbid" in entry.raw
        else entry.optional("message", str) or "",
        source=read_source(entry, spec, traits),
        places=() if traits else tuple(places(entry, spec, context)),
        at=entry.optional("at", str),
        traits=traits,
    )
    if made.at:
        for place in made.places:
            walk(spec, place.on, made.at, entry.at("at"))
    return made


def places(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Iterator[Place]:
    """Where a rule is about what; `also` has it in another form for other structures."""
    for node in (entry, *entry.nodes("also")):
        for on in texts(node, "on"):
            if on not in spec.shapes or spec.shapes[on].type != "structure":
                raise SpecError(node.at("on"), f"the spec has no structure {on!r}")
            scope = Scope(spec=spec, shape=on, context=context)
            yield Place(on=on, forbid=combinations(node, "forbid", scope))


def default(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Default:
    """An entry of `[[default]]`."""
    entry.known(DEFAULT_KEYS)
    name = entry.require("member", str)
    members = member_of(name, spec, entry.at("member"))
    if sum(key in entry.raw for key in ("value", "same_as", "says")) != 1:
        raise SpecError(entry.path, "needs one of 'value', 'same_as' and 'says'")
    same = entry.optional("same_as", str)
    if same:
        walk(spec, name.partition(".")[0], same, entry.at("same_as"))
    raw = entry.raw.get("value")
    if raw is not None and not isinstance(raw, dict):
        typed_value(raw, spec.shapes[members], entry.at("value"))
    values: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
    for inner in values:
        shape = walk(spec, members, inner, entry.at("value"))[0].shape
        typed_value(values[inner], spec.shapes[shape], entry.at("value"))
    return Default(
        id=read_id(entry),
        since=read_date(entry),
        member=name,
        source=read_source(entry, spec, ()),
        value=raw,
        same_as=same,
        says=entry.optional("says", str),
        when=read_when(entry, spec, context) if "when" in entry.raw else (),
    )


def read_when(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Combination:
    """The conditions of a default, which hold for a request that has all the members."""
    node = entry.node("when")
    for shape in spec.shapes.values():
        if shape.type == "structure" and node.raw.keys() <= {member.name for member in shape.members}:
            return combination(node, Scope(spec=spec, shape=shape.name, context=context))
    raise SpecError(node.path, "no structure has all of these members")


def clear(entry: Node, spec: Spec) -> Clear:
    """An entry of `[[clear]]`."""
    entry.known(CLEAR_KEYS)
    members = entry.texts("members")
    for name in members:
        member_of(name, spec, entry.at("members"))
    return Clear(
        id=read_id(entry),
        since=read_date(entry),
        members=members,
        says=entry.require("says", str),
        source=read_source(entry, spec, ()),
    )


def member_of(name: str, spec: Spec, at: str) -> str:
    """The shape of a member, named with the structure that it begins in."""
    shape, _, path = name.partition(".")
    if shape not in spec.shapes or not path:
        raise SpecError(at, f"the spec has no member {name!r}")
    return walk(spec, shape, path, at)[-1].shape


def read_source(entry: Node, spec: Spec, traits: tuple[str, ...]) -> Source:
    """The sentence or the trait that an entry rests on."""
    if "quote" in entry.raw:
        return Source(place=entry.require("quoted_from", str), quote=entry.require("quote", str))
    trait = entry.optional("rests_on", str) or (traits[0] if traits else None)
    if trait is None:
        raise SpecError(entry.path, "needs 'quote' and 'quoted_from', or the trait that it 'rests_on'")
    check_trait(trait, spec, entry.path)
    return Source(place=trait, quote=None)


def check_trait(name: str, spec: Spec, at: str) -> None:
    """Stop where a shape has no such trait."""
    shape_name, _, trait = name.partition(".")
    shape = spec.shapes.get(shape_name)
    if shape is None or trait not in TRAITS or getattr(shape, trait) in (None, ()):
        raise SpecError(at, f"the spec has no trait {name!r}")


def texts_of(top: Node, key: str, known: frozenset[str] | None = None) -> Iterator[tuple[str, str]]:
    """The texts of a section, by their names."""
    section = top.node(key) if key in top.raw else Node({}, "")
    if known:
        section.known(known)
    for name in section.raw:
        yield name, section.require(name, str)


def check_ids(found: Documented, top: Node) -> None:
    """Stop where an id is used for two things; a default and a rule may rest on the same sentence."""
    for key, ids in (
        ("rule", [rule.id for rule in found.rules]),
        ("left_out", [*{rule.id for rule in found.rules}, *found.left_out]),
    ):
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise SpecError(top.at(key), f"{twice[0]} is there twice")
    for rule in found.rules:
        if rule.id.rpartition("-")[0] not in found.families:
            raise SpecError(top.at("families"), f"does not say what rules as {rule.id} are about")


def read_id(entry: Node) -> str:
    """The id of an entry."""
    text = entry.require("id", str)
    if not ID.fullmatch(text):
        raise SpecError(entry.at("id"), f"{text!r} does not look like OPT-27")
    return text


def read_date(entry: Node) -> str:
    """The day on which the documentation first said it."""
    text = entry.require("since", str)
    if not DATE.fullmatch(text):
        raise SpecError(entry.at("since"), f"{text!r} does not look like 2024-10-30")
    return text


def texts(entry: Node, key: str) -> tuple[str, ...]:
    """A text or a list of texts."""
    raw = entry.raw.get(key)
    return (raw,) if isinstance(raw, str) else entry.texts(key)
