"""Whether rules, defaults and ways to clear contradict each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from codegen.errors import SpecError
from codegen.rules.documented import Documented, Rule
from codegen.spec import Node

ID = re.compile(r"[A-Z][A-Z0-9]*-\d\d+")
"""What ids look like: `OPT-27`."""


def check_ids(found: Documented, top: Node) -> None:
    """Stop where an id is used for two things; a default and a rule may rest on the same sentence."""
    checked = {rule.id for rule in found.rules} | {default.id for default in found.defaults}
    checked |= {clear.id for clear in found.clears}
    for key, ids in (
        ("rule", [rule.id for rule in found.rules]),
        ("clear", [clear.id for clear in found.clears]),
        ("left_out", [*checked, *found.left_out]),
    ):
        refuse_twice(ids, top.at(key))
    for name in found.left_out:
        if not ID.fullmatch(name):
            raise SpecError(top.at("left_out"), f"{name!r} does not look like OPT-27")
    for rule in found.rules:
        if rule.id.rpartition("-")[0] not in found.families:
            raise SpecError(top.at("families"), f"does not say what rules as {rule.id} are about")


def check_traits(rules: Iterable[Rule], top: Node) -> None:
    """Stop where a trait is checked by two rules: a violation names one of them."""
    refuse_twice([name for rule in rules for name in rule.traits], top.at("rule"))


def check_defaults(found: Documented, top: Node) -> None:
    """Stop where a default hides another one, or depends on itself."""
    values = [each for each in found.defaults if each.value is not None and not each.when]
    refuse_twice([each.member for each in values], top.at("default"))
    for each in found.defaults:
        seen: set[str] = set()
        pending = [each]
        while pending:
            needed = {
                f"{name}.{condition.path}" for condition in pending.pop().when for name in found.complete
            }
            if each.member in needed:
                raise SpecError(top.at("default"), f"{each.id} depends on its own member {each.member}")
            pending += [other for other in found.defaults if other.member in needed - seen]
            seen |= needed


def refuse_twice(names: Iterable[str], at: str) -> None:
    """Stop where a name is there twice."""
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise SpecError(at, f"{twice[0]} is there twice")
