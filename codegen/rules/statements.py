"""Rules -> statements about one structure in a request.

Three things make a condition more than a comparison: a member that is left out has its default where a
request is complete, nothing is known of it where the request only changes something, and what a preflight
could not read is not known either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from attrs import field, frozen

from codegen import naming
from codegen.errors import SpecError
from codegen.rules.documented import Default, Rule
from codegen.rules.expressions import equal, literal, texts, unequal
from codegen.rules.home import INDICES, Home, Variables
from codegen.rules.predicates import Combination, Condition, roots, walk
from codegen.spec import Member
from codegen.wire import indented

BY_DEFAULT = frozenset({"value", "not"})
"""The tests that a member which is left out can pass by its default."""


@frozen
class Subject:
    """A value that is tested."""

    value: str
    """The expression for it."""
    is_text: bool
    """Whether it is a text, and never bytes."""
    unknown: bool
    """Whether nothing is known of the member where it is left out."""
    rule: str
    """The id of the rule that tests it."""


@frozen(slots=False)
class Block:
    """The statements about one structure in a request."""

    home: Home
    way: tuple[Member, ...]
    """How to get to the structure from the request."""
    variables: Variables
    """Those of the function."""
    inner: dict[str, str] = field(factory=dict, init=False)
    """The statements that make variables anew for each element of a list."""
    statements: list[str] = field(factory=list, init=False)
    around: list[str] = field(factory=list, init=False)
    """The loops around the statements, and what stands before the loops in them."""

    @property
    def root(self) -> str:
        """The shape of the structure."""
        return self.home.held(self.way[-1]) if self.way else self.home.request

    @cached_property
    def base(self) -> str:
        """The variable of the structure; getting there opens a loop for each list on the way."""
        here, depth = "value", 0
        for member in self.way:
            if self.home.shape(member).type != "list":
                here = self.part(here, member)
                continue
            cls = self.home.own_class(self.home.held(member))
            elements = f"{here}.{naming.member(member.name)}"
            here = self.variables.name(naming.function(cls), f"an element of the class {cls}")
            self.around.extend(self.inner.values())
            self.inner.clear()
            elements = f"v if (v := {elements}).__class__ is tuple else ()"
            self.around.append(f"for {INDICES[depth]}, {here} in enumerate({elements}):")
            self.around.append(f"if {here}.__class__ is {cls}:")
            depth += 1
        return here

    def keep(self, name: str, value: str) -> None:
        """Give a value a name: once in the function, or for each element where the block is about a list."""
        statements = self.inner if self.around else self.variables.statements
        statements.setdefault(name, f"{name} = {value}")

    def add(self, rule: Rule, combinations: list[Combination]) -> None:
        """Add the statements for a rule: one for each member that it names."""
        assert self.base  # The loops are there even where all conditions are about a context.
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
        context = self.home.context
        *above, member = walk(context.spec, self.root, at, rule.id)
        owner = context.spec.shapes[above[-1].shape if above else self.root]
        if context.hidden(context.type_of(owner, member)):
            raise SpecError(f"rule {rule.id}", f"its message would show {at}, which is secret")
        return [self.value(at)]

    def lines(self) -> tuple[str, ...]:
        """All statements, in the loops around them."""
        lines = tuple(self.statements)
        if self.way and self.home.shape(self.way[-1]).type != "list":
            # What a structure must have is only asked of one that is there.
            lines = (f"if {self.base} is not {self.home.blank(self.root)}:", *indented(lines))
        lines = (*self.inner.values(), *lines)
        for line in reversed(self.around):
            lines = (line, *(indented(lines) if line.endswith(":") else lines))
        return lines

    def part(self, here: str, member: Member) -> str:
        """The variable for a structure in another one; an empty one stands for one that is missing."""
        attribute = naming.member(member.name)
        cls, blank = self.home.own_class(member.shape), self.home.blank(member.shape)
        value = f"v if (v := {here}.{attribute}).__class__ is {cls} else {blank}"
        name = self.variables.name(attribute if here == "value" else f"{here}_{attribute}", value)
        self.keep(name, value)
        return name

    def place(self, at: str) -> str:
        """The path of a member, as an expression."""
        steps, depth = [], 0
        for member in self.way:
            steps.append(member.name)
            if self.home.shape(member).type == "list":
                steps[-1] += f"[{{{INDICES[depth]}}}]"
                depth += 1
        path = ".".join([*steps, at])
        return f'f"{path}"' if depth else f'"{path}"'

    def value(self, path: str) -> str:
        """The expression for what is at a path."""
        root, _, rest = path.partition(".")
        if root in self.home.facts.context:
            names = [f'"{naming.member(name)}"' for name in rest.split(".")] if rest else []
            return f"r.look({', '.join([root, *names])})" if names else root
        members = walk(self.home.context.spec, self.root, path, path)
        here = self.base
        for member in members[:-1]:
            here = self.part(here, member)
        return f"{here}.{naming.member(members[-1].name)}"

    def condition(self, combination: Combination, rule: str) -> str:
        """The expression that is true where all conditions hold, and all that they speak of is known."""
        needed = sorted({root for root in roots(combination) if root in self.home.facts.context})
        self.variables.statements.update({root: f'{root} = context.get("{root}")' for root in needed})
        tests = [f"{root} is not None" for root in needed]
        return " and ".join([*tests, *(self.test(condition, rule) for condition in combination)])

    def test(self, condition: Condition, rule: str) -> str:
        """The expression for one condition."""
        value = self.value(condition.path)
        asked = {name for name, _ in condition.tests}
        complete = self.is_complete(condition)
        defaults = self.defaults(condition) if complete and asked <= BY_DEFAULT else []
        if defaults:
            value = self.effective(condition.path, value, defaults, rule)
        # Where a request only changes something, nothing is known of a member that it leaves out.
        unknown = not complete or (bool(defaults) and all(default.when for default in defaults))
        subject = Subject(value, self.is_text(condition.path), unknown, rule)
        tests = [test for test in condition.tests if not (test[0] == "given" and "value" in asked)]
        return " and ".join(self.comparison(subject, *test) for test in tests)

    def is_text(self, path: str) -> bool:
        """Whether a member of the request is a text, and nothing else."""
        if path.partition(".")[0] in self.home.facts.context:
            return False
        return self.home.shape(walk(self.home.context.spec, self.root, path, path)[-1]).type == "string"

    def effective(self, path: str, value: str, defaults: list[Default], rule: str) -> str:
        """The variable for what the service will use: what is given, or else the default."""
        otherwise = "None"
        for default in reversed(defaults):
            if not self.can_ask(default):
                continue
            when = " and ".join(self.request.test(condition, rule) for condition in default.when)
            otherwise = (
                f"{literal(default.value)} if {when} else {otherwise}" if when else literal(default.value)
            )
        otherwise = f"({otherwise})" if " if " in otherwise else otherwise
        missing = [*self.needed_parts(path), f"{value} is None"]
        expression = f"{otherwise} if {' and '.join(missing)} else {value}"
        name = self.variables.name(value.removeprefix("value.").replace(".", "_"), expression)
        self.keep(name, expression)
        return name

    def can_ask(self, default: Default) -> bool:
        """Whether the request has all the members that a default depends on."""
        members = {member.name for member in self.home.context.spec.shapes[self.home.request].members}
        return all(condition.path in members for condition in default.when)

    def needed_parts(self, path: str) -> Iterator[str]:
        """The conditions under which members along a path have defaults: the parts are there, or implied."""
        here = self.base
        for member in walk(self.home.context.spec, self.root, path, path)[:-1]:
            here = self.part(here, member)
            if member.shape not in self.home.facts.implied:
                yield f"{here} is not {self.home.blank(member.shape)}"

    @property
    def request(self) -> Block:
        """The request as a whole, of which the conditions of defaults speak."""
        return Block(self.home, (), self.variables)

    def is_complete(self, condition: Condition) -> bool:
        """Whether a member that is left out has its default, or none."""
        in_context = condition.path.partition(".")[0] in self.home.facts.context
        return self.home.request in self.home.facts.complete and not in_context

    def comparison(self, subject: Subject, name: str, operand: Any) -> str:  # noqa: C901, PLR0911  # one a test
        """The expression for one test."""
        value = subject.value
        match name:
            case "value":
                return equal(value, operand)
            case "not":
                return f"{f'{value} is not None and ' if subject.unknown else ''}{unequal(value, operand)}"
            case "given":
                return f"{value} is not None" if operand else f"{value} is None"
            case "matches" | "lacks":
                return self.searching(subject, name, operand)
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
            case "longer_than":
                return f"r.size({value}) > {operand}" if operand else value
            case "shorter_than":
                return f"r.size({value}) < {operand}" if operand > 1 else f"not {value}"
        return f"r.indivisible({value}, {operand})"

    def searching(self, subject: Subject, name: str, source: str) -> str:
        """The expression for a test on what is in a text; most look for a plain one, which is quicker."""
        plain = source.removeprefix("^")
        if not subject.is_text or re.escape(plain).replace("\\-", "-") != plain:
            return f"{self.home.regex(source, subject.rule)}.{name}({subject.value})"
        text = f"isinstance(v := {subject.value}, str)"
        word = "" if name == "matches" else "not "
        if source.startswith("^"):
            return f"{text} and {word}v.startswith({literal(plain)})"
        return f"{text} and {literal(plain)} {word}in v"

    def defaults(self, condition: Condition) -> list[Default]:
        """The defaults of a member that are values; none where a condition holds for none of them."""
        *above, member = walk(self.home.context.spec, self.root, condition.path, condition.path)
        name = f"{above[-1].shape if above else self.root}.{member.name}"
        found = [d for d in self.home.facts.defaults if d.member == name and isinstance(d.value, str | int)]
        tests = dict(condition.tests)
        needed = tests.keys() != {"value"} or any(default.value in tests["value"] for default in found)
        return found if needed else []
