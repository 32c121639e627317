"""The rules as a page for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from codegen.context import Context
from codegen.model import Table
from codegen.rules.documented import Clear, Default, Rule, Source
from codegen.rules.predicates import Combination, Condition
from codegen.rules.rulebook import address
from codegen.spec import Spec
from datasync_sdk._runtime.forms import FORMS


def build_page(context: Context) -> tuple[Table, ...]:
    """The tables of the page: a table for each family of rules, and for what is no rule."""
    facts = context.rules.documented
    if not facts.rules:
        return ()
    rules = (
        Table(
            title=facts.families[family],
            about="",
            columns=("id", "rule", "severity", "since", "AWS says"),
            rows=tuple(rule_row(context, rule) for rule in members),
        )
        for family, members in families(facts.rules).items()
    )
    return (
        *rules,
        Table(
            title="Defaults",
            about="What is used where a request that makes something leaves a member out.",
            columns=("id", "member", "default", "since", "AWS says"),
            rows=without_anchors_twice(default_row(context, default) for default in facts.defaults),
        ),
        Table(
            title="Removing",
            about="What an empty structure, list or text removes. None leaves it as it is.",
            columns=("id", "members", "what it does", "since", "AWS says"),
            rows=tuple(clear_row(context, clear) for clear in facts.clears),
        ),
        Table(
            title="Not checked",
            about="Rules that the documentation has and nothing here checks, and why.",
            columns=("id", "why"),
            rows=tuple((anchor(name), cell(reason)) for name, reason in facts.left_out.items()),
        ),
    )


def families(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The rules by what their ids begin with."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[rule.id.rpartition("-")[0]].append(rule)
    return found


def rule_row(context: Context, rule: Rule) -> tuple[str, ...]:
    """The cells of a rule."""
    message = [cell(rule.message.replace("{value}", "the value"))] if rule.message else []
    lines = (f"<small>{cell(line)}</small>" for line in forbidden(rule, context.spec))
    text = "<br>".join([*message, *lines])
    return anchor(rule.id), text, rule.severity, rule.since, said(context, rule.source)


def forbidden(rule: Rule, spec: Spec) -> Iterator[str]:
    """What breaks a rule, in words and code."""
    for trait in rule.traits:
        yield limit(trait, spec)
    shown: dict[tuple[Combination, ...], list[str]] = defaultdict(list)
    for place in rule.places:
        shown[place.forbid].append(place.on)
    for forbid, structures in shown.items():
        yield f"Broken in {', '.join(f'`{name}`' for name in structures)} where"
        cases = [" and ".join(map(condition, combination)) for combination in forbid]
        yield from (f"{case}, or" for case in cases[:-1])
        yield f"{cases[-1]}."


def limit(trait: str, spec: Spec) -> str:
    """What a trait of the model allows."""
    name, _, kind = trait.partition(".")
    shape = spec.shapes[name]
    match kind:
        case "min":
            return f"Any `{name}` has at least {shape.min}."
        case "max":
            return f"Any `{name}` has at most {shape.max}."
        case "enum":
            return f"Any `{name}` is {', '.join(f'`{value}`' for value in shape.enum)}."
    return f'Any `{name}` matches its pattern in the model; looked at with `validate="strict"` only.'


def condition(of: Condition) -> str:
    """A condition, in words and code."""
    asked = [name for name, _ in of.tests]
    tests = [test(*each) for each in of.tests if not (each[0] == "given" and "value" in asked)]
    return f"`{of.path}` {' and '.join(tests)}"


def test(name: str, operand: Any) -> str:  # noqa: PLR0911  # one for each test
    """A test, in words and code."""
    match name:
        case "value":
            return f"is {' or '.join(f'`{value}`' for value in operand)}"
        case "not" | "is" | "is_not":
            word = {"not": "is not", "is": "is a", "is_not": "is none of"}[name]
            return f"{word} {', '.join(f'`{value}`' for value in operand)}"
        case "given":
            return "is given" if operand else "is left out"
        case "beyond":
            return f"has more than {', '.join(f'`{value}`' for value in operand)}"
        case "has" | "breaks":
            return f"{'is' if name == 'has' else 'is not'} {FORMS[operand].about}"
        case "matches" | "lacks":
            return f"{'has' if name == 'matches' else 'does not have'} `{operand}` in it"
        case "longer_than":
            return f"has more than {operand}" if operand else "is not empty"
        case "shorter_than":
            return f"has less than {operand}" if operand > 1 else "is empty or left out"
        case "not_multiple_of":
            return f"is not a multiple of {operand}"
    return f"is {'the same as' if name == 'same_as' else 'different from'} `{operand}`"


def default_row(context: Context, default: Default) -> tuple[str, ...]:
    """The cells of a default."""
    if default.same_as:
        value = f"that of `{default.same_as}`"
    elif default.says:
        value = default.says
    else:
        value = "the defaults of its members" if default.value == {} else f"`{default.value}`"
    when = f" where {' and '.join(map(condition, default.when))}" if default.when else ""
    source = said(context, default.source)
    return anchor(default.id), f"`{default.member}`", cell(value + when), default.since, source


def clear_row(context: Context, clear: Clear) -> tuple[str, ...]:
    """The cells of a way to remove something."""
    members = "<br>".join(f"`{member}`" for member in clear.members)
    return anchor(clear.id), members, cell(clear.says), clear.since, said(context, clear.source)


def without_anchors_twice(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows of which only the first with an id can be linked to."""
    seen: set[str] = set()
    made = []
    for first, *rest in rows:
        made.append((first if first not in seen else first.rpartition(">")[2], *rest))
        seen.add(first)
    return tuple(made)


def anchor(name: str) -> str:
    """An id, to which others can link."""
    return f'<a id="{name.lower()}"></a>{name}'


def said(context: Context, source: Source) -> str:
    """AWS's sentence, with a link to where it stands."""
    text = f"“{source.quote}”" if source.quote else f"`{source.place}` of the service model"
    return f"{cell(text)} [→]({address(context, source.place)})"


def cell(text: str) -> str:
    """A text as the cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
