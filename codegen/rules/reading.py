"""The rules, defaults and ways to clear that `rules.toml` takes from a service's documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from typing import Any

from codegen.errors import SpecError
from codegen.normalize import normalized
from codegen.revisions import is_day
from codegen.rules.consistent import ID, check_defaults, check_ids, check_traits
from codegen.rules.documented import Clear, Default, Documented, Place, Rule, Source
from codegen.rules.predicates import (
    Combination,
    Scope,
    combination,
    combinations,
    named_like,
    occurs,
    walk,
)
from codegen.rules.predicates import value as typed_value
from codegen.spec import Node, Shape, Spec
from datasync_sdk._runtime.effective import PASSES

RULE_KEYS = frozenset("id since severity on forbid also at trait message quote quoted_from rests_on".split())
DEFAULT_KEYS = frozenset("id since member value same_as says when quote quoted_from rests_on".split())
CLEAR_KEYS = frozenset("id since members says quote quoted_from rests_on".split())
ALSO_KEYS = frozenset({"on", "forbid"})
ADDRESSES = {
    "request": {"operation", "member"},
    "response": {"operation", "member"},
    "structure": {"shape", "member"},
    "operation": {"operation"},
    "shape": {"shape"},
    "page": set(),
}
"""The keys of `[documentation]`, and what can stand in braces in each."""
REQUESTS_KEYS = frozenset({"complete", "implied"})
SEVERITIES = ("error", "warning")
TRAITS = frozenset({"min", "max", "pattern", "enum"})
NAME = re.compile(r"[a-z][a-z0-9_]+")
BRACES = re.compile(r"\{(\w*)\}")


def read_documented(top: Node, spec: Spec, until: str | None = None) -> Documented:
    """Read and check everything; with a date, without what is newer or speaks of what is not there."""
    spec = normalized(spec)
    context = dict(read_context(top, spec, lenient=until is not None))
    requests = top.node("requests") if "requests" in top.raw else Node({}, "")
    requests.known(REQUESTS_KEYS)
    complete = requests.optional("complete", str)
    found = Documented(
        rules=kept(top, "rule", until, lambda entry: rule(entry, spec, context)),
        defaults=kept(top, "default", until, lambda entry: default(entry, spec)),
        clears=kept(top, "clear", until, lambda entry: clear(entry, spec)),
        left_out=dict(texts_of(top, "left_out")),
        context=context,
        complete=frozenset(named_like(spec, complete, requests.at("complete")) if complete else ()),
        implied=frozenset(read_implied(requests, spec, lenient=until is not None)),
        addresses=dict(read_addresses(top)),
        families=dict(texts_of(top, "families")),
    )
    check_ids(found, top)
    check_traits(found.rules, top)
    check_defaults(found, top)
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
        if not NAME.fullmatch(name) or iskeyword(name) or name in {"context", "found", "value"}:
            raise SpecError(section.at(name), "cannot be the name of a variable")
        try:
            yield name, named_like(spec, section.require(name, str), section.at(name))
        except SpecError:
            if not lenient:
                raise


def read_implied(requests: Node, spec: Spec, *, lenient: bool) -> Iterator[str]:
    """The structures that have their defaults where they are left out."""
    for name in requests.texts("implied"):
        if name in spec.shapes and spec.shapes[name].type == "structure":
            yield name
        elif not lenient:
            raise SpecError(requests.at("implied"), f"the spec has no structure {name!r}")


def read_addresses(top: Node) -> Iterator[tuple[str, str]]:
    """How to make the addresses of documentation; whoever has rules needs all of them."""
    section = top.node("documentation") if "documentation" in top.raw else Node({}, top.at("documentation"))
    section.known(frozenset(ADDRESSES))
    ruled = any(key in top.raw for key in ("rule", "default", "clear"))
    for key in ADDRESSES if ruled else section.raw:
        address = text(section, key)
        unknown = sorted(set(BRACES.findall(address)) - ADDRESSES[key])
        if unknown:
            raise SpecError(section.at(key), f"nothing fills in {{{unknown[0]}}}")
        yield key, address


def rule(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Rule:
    """An entry of `[[rule]]`."""
    entry.known(RULE_KEYS)
    severity = entry.require("severity", str)
    if severity not in SEVERITIES:
        raise SpecError(entry.at("severity"), f"{severity!r} is none of {', '.join(SEVERITIES)}")
    traits = texts(entry, "trait")
    about_places = [key for key in ("on", "forbid", "also", "at") if key in entry.raw]
    if bool(traits) == bool(about_places):
        raise SpecError(entry.path, "needs either 'trait' or 'on' and 'forbid'")
    for name in traits:
        check_trait(name, spec, entry.at("trait"))
        shape = name.partition(".")[0]
        if shape not in values_of_requests(spec):
            raise SpecError(entry.at("trait"), f"no request has a value of the shape {shape}")
    message = entry.optional("message", str) if traits else text(entry, "message")
    if not set(BRACES.findall(message or "")) <= (set() if traits else {"value"}):
        raise SpecError(entry.at("message"), "nothing but {value} is filled in, and that not for a 'trait'")
    return Rule(
        id=read_id(entry),
        since=read_date(entry),
        severity=severity,
        message=message or "",
        source=read_source(entry, spec, traits),
        places=() if traits else tuple(places(entry, spec, context)),
        at=entry.optional("at", str),
        traits=traits,
    )


def places(entry: Node, spec: Spec, context: Mapping[str, tuple[str, ...]]) -> Iterator[Place]:
    """Where a rule is about what; `also` has it in another form for other structures."""
    others = tuple(entry.nodes("also"))
    for node in others:
        node.known(ALSO_KEYS)
    at = entry.optional("at", str)
    for node in (entry, *others):
        names = texts(node, "on")
        if not names:
            raise SpecError(node.path, "'on' is missing")
        for on in names:
            if on not in spec.shapes or spec.shapes[on].type != "structure":
                raise SpecError(node.at("on"), f"the spec has no structure {on!r}")
            if not is_in_request(on, spec):
                raise SpecError(node.at("on"), f"no request has a {on}, but in maps or lists of lists")
            forbid = combinations(node, "forbid", Scope(spec=spec, shape=on, context=context))
            if at is not None:
                walk(spec, on, at, entry.at("at"))
            elif any(combination[0].path.partition(".")[0] in context for combination in forbid):
                raise SpecError(node.at("forbid"), "begins with the context, so 'at' must say what to name")
            yield Place(on=on, forbid=forbid)


def default(entry: Node, spec: Spec) -> Default:
    """An entry of `[[default]]`."""
    entry.known(DEFAULT_KEYS)
    name = entry.require("member", str)
    shape = spec.shapes[member_of(name, spec, entry.at("member"))]
    owner, _, member = name.partition(".")
    if not is_in_request(owner, spec):
        raise SpecError(entry.at("member"), f"no request has a {owner}, but in maps or lists of lists")
    if "." in member:
        raise SpecError(entry.at("member"), "is more than a structure and its member")
    if member in spec.shapes[owner].required:
        raise SpecError(entry.at("member"), "is required, so nothing is used instead of it")
    if sum(key in entry.raw for key in ("value", "same_as", "says")) != 1:
        raise SpecError(entry.path, "needs one of 'value', 'same_as' and 'says'")
    same = entry.optional("same_as", str)
    others = {it.name: spec.shapes[it.shape] for it in spec.shapes[owner].members if it.name != member}
    if same is not None:
        other = others.get(same)
        if other is None or (other.type, set(other.enum)) != (shape.type, set(shape.enum)):
            raise SpecError(entry.at("same_as"), f"{owner} has no other member {same!r} with such values")
    if "value" in entry.raw:
        check_value(entry.raw["value"], shape, spec, entry.at("value"))
    return Default(
        id=read_id(entry),
        since=read_date(entry),
        member=name,
        source=read_source(entry, spec, ()),
        value=entry.raw.get("value"),
        same_as=same,
        says=text(entry, "says") if "says" in entry.raw else None,
        when=read_when(entry, spec) if "when" in entry.raw else (),
    )


def check_value(raw: Any, shape: Shape, spec: Spec, at: str) -> None:
    """Stop where a default is none that could be sent; that of a structure has those of members."""
    if shape.type != "structure" or not isinstance(raw, dict):
        typed_value(raw, shape, at)
        return
    for inner in raw:
        typed_value(raw[inner], spec.shapes[walk(spec, shape.name, inner, at)[0].shape], at)


def read_when(entry: Node, spec: Spec) -> Combination:
    """The conditions of a default, which hold for a request that has all the members."""
    node = entry.node("when")
    for request in inputs(spec):
        if node.raw.keys() <= {member.name for member in spec.shapes[request].members}:
            found = combination(node, Scope(spec=spec, shape=request, context={}))
            if not {name for condition in found for name, _ in condition.tests} <= PASSES.keys():
                raise SpecError(node.path, f"a default can depend on {', '.join(sorted(PASSES))} only")
            return found
    raise SpecError(node.path, "no request has all of these members")


def clear(entry: Node, spec: Spec) -> Clear:
    """An entry of `[[clear]]`."""
    entry.known(CLEAR_KEYS)
    members = entry.texts("members")
    if not members:
        raise SpecError(entry.path, "'members' is missing")
    for name in members:
        member_of(name, spec, entry.at("members"))
    return Clear(
        id=read_id(entry),
        since=read_date(entry),
        members=members,
        says=text(entry, "says"),
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
    if "quote" in entry.raw or "quoted_from" in entry.raw:
        if "rests_on" in entry.raw:
            raise SpecError(entry.path, "rests on a trait or on a quotation, not on both")
        return Source(place=text(entry, "quoted_from"), quote=text(entry, "quote"))
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


def inputs(spec: Spec) -> Iterator[str]:
    """The names of requests."""
    return (operation.input for operation in spec.operations if operation.input)


def is_in_request(structure: str, spec: Spec) -> bool:
    """Whether rules can be asked of a structure: checks do not look into maps and lists of lists."""
    return any(occurs(spec, name, structure) for name in inputs(spec))


def values_of_requests(spec: Spec) -> set[str]:
    """The shapes of what is in requests, but for those of keys, of which violations name no rule."""
    found: set[str] = set()
    pending = list(inputs(spec))
    while pending:
        shape = spec.shapes[pending.pop()]
        if shape.name not in found:
            found.add(shape.name)
            pending += [member.shape for member in shape.members]
            pending += [shape.element] if shape.element else []
    return found


def texts_of(top: Node, key: str) -> Iterator[tuple[str, str]]:
    """The texts of a section, by their names."""
    section = top.node(key) if key in top.raw else Node({}, "")
    for name in section.raw:
        yield name, text(section, name)


def read_id(entry: Node) -> str:
    """The id of an entry."""
    name = entry.require("id", str)
    if not ID.fullmatch(name):
        raise SpecError(entry.at("id"), f"{name!r} does not look like OPT-27")
    return name


def read_date(entry: Node) -> str:
    """The day on which the documentation first said it."""
    day = entry.require("since", str)
    if not is_day(day):
        raise SpecError(entry.at("since"), f"{day!r} does not look like 2024-10-30")
    return day


def text(entry: Node, key: str) -> str:
    """A text that must be there and say something."""
    said = entry.require(key, str)
    if not said.strip():
        raise SpecError(entry.at(key), "is empty")
    return said


def texts(entry: Node, key: str) -> tuple[str, ...]:
    """A text or a list of texts."""
    raw = entry.raw.get(key)
    return (raw,) if isinstance(raw, str) else entry.texts(key)
