"""Rules -> the modules of the generated rule checks: one for each request that rules are about."""

from __future__ import annotations

from collections import defaultdict

from codegen import naming
from codegen.context import Context
from codegen.model import RulesModule
from codegen.rules.documented import Rule
from codegen.rules.expressions import literal
from codegen.rules.home import INDICES, Home, Variables
from codegen.rules.predicates import Combination, occurrences, occurs, roots
from codegen.rules.statements import Block
from codegen.spec import Member

NAMES = frozenset({"context", "f", "found", "r", "v", "value", *INDICES})
"""What the functions themselves use."""


def module_name(context: Context, request: str) -> str:
    """The module of a request's rules: that of its operation's method."""
    return naming.snake(context.inputs[request].name)


def is_ruled(context: Context, request: str) -> bool:
    """Whether any rule is about a request, or about what can be in it."""
    places = (place for rule in context.rules.documented.rules for place in rule.places)
    return any(occurs(context.spec, request, place.on) for place in places)


def build_rules(context: Context) -> tuple[RulesModule, ...]:
    """The modules of rule checks."""
    built = (build_module(Home(context, request)) for request in sorted(context.inputs))
    return tuple(module for module in built if module)


def build_module(home: Home) -> RulesModule | None:
    """The module; None where no rule is about the request."""
    check, preflight = (statements(home, with_context=needed) for needed in (False, True))
    if not check and not preflight:
        return None
    name = home.own_class(home.request)
    return RulesModule(
        name=module_name(home.context, home.request),
        request=name,
        imports=home.imports.lines(),
        forms=any("f." in line for line in (*check, *preflight)),
        regexes=tuple((name, literal(source)) for source, name in home.regexes.items()),
        blanks=tuple((name, shape) for shape, name in home.blanks.items()),
        check=check,
        check_parts=looks_inside(check),
        preflight=preflight,
        preflight_parts=looks_inside(preflight),
    )


def statements(home: Home, *, with_context: bool) -> tuple[str, ...]:
    """The statements of a function: for the combinations that need a context, or for all others."""
    found: dict[tuple[Member, ...], list[tuple[Rule, list[Combination]]]] = defaultdict(list)
    for rule in home.facts.rules:
        for place in rule.places:
            chosen = [c for c in place.forbid if needs_context(c, home) == with_context]
            for way in occurrences(home.context.spec, home.request, place.on) if chosen else ():
                found[way].append((rule, chosen))
    variables = Variables(dict.fromkeys([*NAMES, *home.facts.context], ""))
    lines: list[str] = []
    for way in sorted(found, key=lambda way: (home.is_listed(way), len(way))):
        block = Block(home, way, variables)
        for rule, chosen in found[way]:
            block.add(rule, chosen)
        lines += block.lines()
    return (*variables.statements.values(), *lines)


def needs_context(combination: Combination, home: Home) -> bool:
    """Whether a combination speaks of more than the request."""
    return any(root in home.facts.context for root in roots(combination))


def looks_inside(lines: tuple[str, ...]) -> bool:
    """Whether statements use the variable that parts of structures go through."""
    return any("(v := " in line for line in lines)
