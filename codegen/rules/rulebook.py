"""What rules say, as the data that packages carry: `rules.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from codegen import naming
from codegen.context import Context
from codegen.rules.documented import Default, Rule, Source
from codegen.rules.predicates import Combination, occurs


def rulebook(context: Context) -> str:
    """The text of `rules.json`; empty where a service has no rules."""
    facts = context.rules.documented
    if not facts.rules and not facts.defaults:
        return ""
    book = {
        "rules": {rule.id: rule_entry(context, rule) for rule in facts.rules},
        "defaults": [default_entry(context, default) for default in facts.defaults],
        "complete": sorted(naming.class_name(name) for name in facts.complete),
        "implied": sorted(naming.class_name(name) for name in facts.implied),
        "context": {name: [naming.class_name(cls) for cls in may] for name, may in facts.context.items()},
        "conditions": {rule.id: conditions(context, rule) for rule in facts.rules},
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def rule_entry(context: Context, rule: Rule) -> dict[str, Any]:
    """What a violation shows of a rule."""
    return {
        "severity": rule.severity,
        "since": rule.since,
        "message": rule.message,
        **source_entry(context, rule.id, rule.source),
        "of_trait": bool(rule.traits),
    }


def default_entry(context: Context, default: Default) -> dict[str, Any]:
    """What the service uses for a member."""
    shape, _, member = default.member.partition(".")
    entry: dict[str, Any] = {"rule": default.id, "cls": naming.class_name(shape), "member": member}
    for key in ("value", "same_as", "says"):
        if getattr(default, key) is not None:
            entry[key] = getattr(default, key)
    if default.when:
        entry["when"] = combination_entry(default.when)
    return {**entry, "since": default.since, **source_entry(context, default.id, default.source)}


def source_entry(context: Context, name: str, source: Source) -> dict[str, Any]:
    """The sentence of a rule, and where it stands."""
    return {
        "quote": source.quote,
        "documentation": address(context, source.place),
        "page": f"{context.rules.documented.addresses['page']}#{name.lower()}",
    }


def conditions(context: Context, rule: Rule) -> dict[str, Any]:
    """What a rule forbids and where, for those who make requests that break it or do not."""
    requests = [
        naming.class_name(request)
        for request in sorted(context.inputs)
        if any(occurs(context.spec, request, place.on) for place in rule.places)
    ]
    places = [
        {
            "on": naming.class_name(place.on),
            "forbid": [combination_entry(combination) for combination in place.forbid],
        }
        for place in rule.places
    ]
    return {"requests": requests, "places": places, "traits": list(rule.traits)}


def combination_entry(combination: Combination) -> dict[str, Any]:
    """A combination as it stands in `rules.toml`, with all its tests by name."""
    return {condition.path: dict(condition.tests) for condition in combination}


def address(context: Context, place: str) -> str:
    """The address of the documentation of an operation, a shape, a member or a trait."""
    addresses = context.rules.documented.addresses
    shape, _, member = place.partition(".")
    if shape.endswith("()"):
        return addresses["operation"].format(operation=shape.removesuffix("()"))
    # An old revision may not have what the documentation of today speaks of.
    known = context.spec.shapes.get(shape)
    if known and not any(each.name == member for each in known.members):
        shape, member = next(users(context, shape), (shape, ""))
    for kind, operations in (("request", context.inputs), ("response", context.outputs)):
        if shape in operations:
            return addresses[kind].format(operation=operations[shape].name, member=member)
    return addresses["structure" if member else "shape"].format(shape=shape, member=member)


def users(context: Context, shape: str) -> Iterator[tuple[str, str]]:
    """The members of requests whose values are of a shape."""
    for name in sorted(context.sent):
        for member in context.spec.shapes[name].members:
            if shape in (member.shape, context.spec.shapes[member.shape].element):
                yield name, member.name
