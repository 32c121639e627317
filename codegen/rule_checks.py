"""Rules -> the statements of the generated rule checks, a request at a time.

A rule on a structure is tested wherever that structure stands in a request. Three things make a condition
more than a comparison: a member that is left out has its default where a request is complete, nothing is
known of it where the request only changes something, and what a preflight could not read is not known either.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from attrs import field, frozen

from codegen import naming
from codegen.context import Context
from codegen.documented import Default, Documented, Rule
from codegen.errors import SpecError
from codegen.imports import Imports
from codegen.model import RulesModule
from codegen.predicates import ON_PATHS, Combination, Condition, occurrences, walk
from codegen.spec import Member, Shape

INDICES = "ijk"
BY_DEFAULT = frozenset({"value", "not"})
"""The tests that a member which is left out can pass by its default."""


def module_name(context: Context, request: str) -> str:
    """The module of a request's rules: that of its operation's method."""
    return naming.snake(context.inputs[request].name)


def is_ruled(context: Context, request: str) -> bool:
    """Whether any rule is about a request, or about what can be in it."""
    return any(
        True
        for rule in context.rules.documented.rules
        for place in rule.places
        for _ in occurrences(context.spec, request, place.on)
    )


def build_rules(context: Context) -> tuple[RulesModule, ...]:
    """The modules of rule checks: one for each request that has rules."""
    built = (RequestRules(context, request).module() for request in sorted(context.inputs))
    return tuple(module for module in built if module)


@frozen(slots=False)
class RequestRules:
    """The rules of one request class, while its module is built."""

    context: Context
    request: str
    imports: Imports = field(factory=Imports, init=False)
    regexes: dict[str, str] = field(factory=dict, init=False)
    """Regular expressions and the names of their constants."""
    blanks: dict[str, str] = field(factory=dict, init=False)
    """Structures of which an empty one is needed, and the names of these."""

    @property
    def facts(self) -> Documented:
        """What `rules.toml` says."""
        return self.context.rules.documented

    def module(self) -> RulesModule | None:
        """The module; None where no rule is about the request."""
        check, preflight = (self.function(with_context=needed) for needed in (False, True))
        if not check and not preflight:
            return None
        name = self.own_class(self.request)
        return RulesModule(
            name=module_name(self.context, self.request),
            request=name,
            imports=self.imports.lines(),
            forms=any("f." in line for line in (*check, *preflight)),
            regexes=tuple((name, json.dumps(source)) for source, name in self.regexes.items()),
            blanks=tuple((name, shape) for shape, name in self.blanks.items()),
            check=check,
            check_parts=looks_inside(check),
            preflight=preflight,
            preflight_parts=looks_inside(preflight),
        )

    def function(self, *, with_context: bool) -> tuple[str, ...]:
        """The statements of a function: for the combinations that need a context, or for all others."""
        found: dict[tuple[Member, ...], list[tuple[Rule, list[Combination]]]] = defaultdict(list)
        for rule in self.facts.rules:
            for place in rule.places:
                chosen = [c for c in place.forbid if self.needs_context(c) == with_context]
                for way in occurrences(self.context.spec, self.request, place.on) if chosen else ():
                    found[way].append((rule, chosen))
        variables: dict[str, str] = {}
        lines: list[str] = []
        for way in sorted(found, key=lambda way: (self.is_listed(way), len(way))):
            block = Block(self, way, variables)
            for rule, chosen in found[way]:
                block.add(rule, chosen)
            lines += block.lines()
        return (*variables.values(), *lines)

    def needs_context(self, combination: Combination) -> bool:
        """Whether a combination speaks of more than the request."""
        return any(root in self.facts.context for root in roots(combination))

    def is_listed(self, way: tuple[Member, ...]) -> bool:
        """Whether a way goes through a list."""
        return any(self.shape(member).type == "list" for member in way)

    def shape(self, member: Member) -> Shape:
        """The shape of a member."""
        return self.context.spec.shapes[member.shape]

    def held(self, member: Member) -> str:
        """The structure that a member is, or that is in the list that it is."""
        shape = self.shape(member)
        return shape.element if shape.type == "list" and shape.element else shape.name

    def own_class(self, shape: str) -> str:
        """The class of a structure, which is then imported."""
        package = self.context.target.package
        return self.imports.own(f"{package}.models.{self.context.module(shape)}", naming.class_name(shape))

    def regex(self, source: str, rule: str) -> str:
        """The constant for a regular expression, named after the first rule that has it."""
        name = rule.replace("-", "_")
        others = sum(taken.startswith(name) for taken in self.regexes.values())
        return self.regexes.setdefault(source, f"{name}_{others + 1}" if others else name)

    def blank(self, shape: str) -> str:
        """The constant for a structure without anything in it."""
        name = self.own_class(shape)
        return self.blanks.setdefault(name, f"NO_{naming.function(name).upper()}")


def looks_inside(lines: tuple[str, ...]) -> bool:
    """Whether statements use the variable that parts of structures go through."""
    return any("(v := " in line for line in lines)


def roots(combination: Combination) -> Iterator[str]:
    """The names with which the paths of a combination begin."""
    for condition in combination:
        yield condition.path.partition(".")[0]
        for name, operand in condition.tests:
            if name in ON_PATHS:
                yield operand.partition(".")[0]


@frozen(slots=False)
class Block:
    """The statements about one structure in a request."""

    rules: RequestRules
    way: tuple[Member, ...]
    """How to get to the structure from the request."""
    outer: dict[str, str]
    """The variables of the function, and the statement that makes each."""
    inner: dict[str, str] = field(factory=dict, init=False)
    """Those that are made anew for each element of a list."""
    statements: list[str] = field(factory=list, init=False)
    loops: list[str] = field(factory=list, init=False)
    """The beginnings of the loops around the statements."""

    @property
    def root(self) -> str:
        """The shape of the structure."""
        return self.rules.held(self.way[-1]) if self.way else self.rules.request

    @cached_property
    def base(self) -> str:
        """The variable of the structure; getting there opens a loop for each list on the way."""
        here = "value"
        for member in self.way:
            if self.rules.shape(member).type != "list":
                here = self.part(here, member)
                continue
            cls = self.rules.own_class(self.rules.held(member))
            elements, here = f"{here}.{naming.member(member.name)}", naming.function(cls)
            index = INDICES[len(self.loops) // 2]
            self.loops.append(f"for {index}, {here} in enumerate(r.items({elements})):")
            self.loops.append(f"if {here}.__class__ is {cls}:")
        return here

    def add(self, rule: Rule, combinations: list[Combination]) -> None:
        """Add the statements for a rule: one for each member that it names."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for combination in combinations:
            grouped[rule.at or combination[0].path].append(self.condition(combination, rule.id))
        for at, tests in grouped.items():
            test = tests[0] if len(tests) == 1 else " or ".join(f"({test})" for test in tests)
            arguments = ["found", f'"{rule.id}"', self.place(at), *self.shown(at, rule)]
            self.statements.extend([f"if {test}:", f"    r.broken({', '.join(arguments)})"])

    def shown(self, at: str, rule: Rule) -> list[str]:
        """The value that a message shows, if it does; stops where that is a secret."""
        if "{value}" not in rule.message:
            return []
        if walk(self.rules.context.spec, self.root, at, rule.id)[-1].shape in self.rules.context.secret:
            raise SpecError(f"rule {rule.id}", f"its message would show {at}, which is secret")
        return [self.value(at)]

    def lines(self) -> tuple[str, ...]:
        """All statements, in the loops around them."""
        lines = tuple(self.statements)
        if self.way and self.rules.shape(self.way[-1]).type != "list":
            # What a structure must have is only asked of one that is there.
            lines = (f"if {self.base} is not {self.rules.blank(self.root)}:", *indented(lines))
        lines = (*self.inner.values(), *lines)
        for beginning in reversed(self.loops):
            lines = (beginning, *indented(lines))
        return lines

    def part(self, here: str, member: Member) -> str:
        """The variable for a structure in another one; an empty one stands for one that is missing."""
        attribute = naming.member(member.name)
        name = attribute if here == "value" else f"{here}_{attribute}"
        cls, blank = self.rules.own_class(member.shape), self.rules.blank(member.shape)
        variables = self.inner if self.loops else self.outer
        variables[name] = f"{name} = v if (v := {here}.{attribute}).__class__ is {cls} else {blank}"
        return name

    def place(self, at: str) -> str:
        """The path of a member, as an expression."""
        steps, depth = [], 0
        for member in self.way:
            steps.append(member.name)
            if self.rules.shape(member).type == "list":
                steps[-1] += f"[{{{INDICES[depth]}}}]"
                depth += 1
        path = ".".join([*steps, at])
        return f'f"{path}"' if depth else f'"{path}"'

    def value(self, path: str) -> str:
        """The expression for what is at a path."""
        root, _, rest = path.partition(".")
        if root in self.rules.facts.context:
            names = [f'"{naming.member(name)}"' for name in rest.split(".")] if rest else []
            return f"r.look({', '.join([root, *names])})" if names else root
        members = walk(self.rules.context.spec, self.root, path, path)
        here = self.base
        for member in members[:-1]:
            here = self.part(here, member)
        return f"{here}.{naming.member(members[-1].name)}"

    def condition(self, combination: Combination, rule: str) -> str:
        """The expression that is true where all conditions hold, and all that they speak of is known."""
        needed = sorted({root for root in roots(combination) if root in self.rules.facts.context})
        self.outer.update({root: f'{root} = context.get("{root}")' for root in needed})
        tests = [f"{root} is not None" for root in needed]
        return " and ".join([*tests, *(self.test(condition, rule) for condition in combination)])

    def test(self, condition: Condition, rule: str) -> str:
        """The expression for one condition."""
        value = self.value(condition.path)
        asked = {name for name, _ in condition.tests}
        complete = self.is_complete(condition)
        defaults = self.defaults(condition.path) if complete and asked <= BY_DEFAULT else []
        if defaults:
            value = self.effective(value, defaults, rule)
        # Where a request only changes something, nothing is known of a member that it leaves out.
        known = not complete or (bool(defaults) and all(default.when for default in defaults))
        tests = [test for test in condition.tests if not (test[0] == "given" and "value" in asked)]
        return " and ".join(self.comparison(value, *test, known=known, rule=rule) for test in tests)

    def effective(self, value: str, defaults: list[Default], rule: str) -> str:
        """The variable for what the service will use: what is given, or else the default."""
        name = value.removeprefix("value.").replace(".", "_")
        otherwise = "None"
        for default in reversed(defaults):
            when = " and ".join(self.request.test(condition, rule) for condition in default.when)
            otherwise = (
                f"{literal(default.value)} if {when} else {otherwise}" if when else literal(default.value)
            )
        otherwise = f"({otherwise})" if " if " in otherwise else otherwise
        self.outer[name] = f"{name} = {otherwise} if {value} is None else {value}"
        return name

    @property
    def request(self) -> Block:
        """The request as a whole, of which the conditions of defaults speak."""
        return Block(self.rules, (), self.outer)

    def is_complete(self, condition: Condition) -> bool:
        """Whether a member that is left out has its default, or none."""
        in_context = condition.path.partition(".")[0] in self.rules.facts.context
        return self.rules.request in self.rules.facts.complete and not in_context

    def comparison(self, value: str, name: str, operand: Any, *, known: bool, rule: str) -> str:  # noqa: C901, PLR0911  # a case for each test
        """The expression for one test; with `known`, it is false where nothing is known of the value."""
        match name:
            case "value":
                return equal(value, operand)
            case "not":
                return f"{f'{value} is not None and ' if known else ''}{unequal(value, operand)}"
            case "given":
                return f"{value} is not None" if operand else f"{value} is None"
            case "matches" | "lacks":
                return f"{self.rules.regex(operand, rule)}.{name}({value})"
            case "has" | "breaks":
                return f"f.{operand.upper()}.{name}({value})"
            case "beyond":
                return f"r.beyond({value}, {texts(map(naming.member, operand))})"
            case "same_as":
                return f"{value} is not None and {value} == {self.value(operand)}"
            case "differs_from":
                return f"r.differs({value}, {self.value(operand)})"
            case "is" | "is_not":
                relation = "in" if name == "is" else "not in"
                return f"r.kind({value}) {relation} ({texts(map(naming.class_name, operand))},)"
            case "longer_than" | "shorter_than":
                return f"r.size({value}) {'>' if name == 'longer_than' else '<'} {operand}"
        return f"r.indivisible({value}, {operand})"

    def defaults(self, path: str) -> list[Default]:
        """The defaults of a member that are values, where all that it is in is there or implied."""
        if self.rules.is_listed(self.way):
            return []
        *above, member = [*self.way, *walk(self.rules.context.spec, self.root, path, path)]
        if any(part.shape not in self.rules.facts.implied for part in above):
            return []
        name = f"{above[-1].shape if above else self.rules.request}.{member.name}"
        return [d for d in self.rules.facts.defaults if d.member == name and isinstance(d.value, str | int)]


def literal(value: object) -> str:
    """A Python literal."""
    return json.dumps(value) if isinstance(value, str) else repr(value)


def equal(value: str, values: tuple[object, ...]) -> str:
    """A comparison with one value or several."""
    if len(values) == 1:
        return f"{value} == {literal(values[0])}"
    return f"{value} in ({', '.join(map(literal, values))})"


def unequal(value: str, values: tuple[object, ...]) -> str:
    """The opposite."""
    if len(values) == 1:
        return f"{value} != {literal(values[0])}"
    return f"{value} not in ({', '.join(map(literal, values))})"


def indented(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Statements inside another one."""
    return tuple(f"    {line}" for line in lines)


def texts(values: Iterable[str]) -> str:
    """Texts as literals, with commas."""
    return ", ".join(map(literal, values))
