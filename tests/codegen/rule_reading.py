"""A plain reading of rules: which ones a request breaks, slowly and by no generated code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from keyword import iskeyword
from typing import Any, TypeGuard

from attrs import fields, frozen
from botocore import xform_name

from tests.codegen.support import Json

BY_DEFAULT = {"value", "not"}


@frozen
class Reading:
    """A model, and the rules about it as `rules.toml` has them."""

    model: Json
    facts: Json

    def broken(self, request: Any, context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
        """The rules that a request breaks, and where: by itself, or by what a context says of it."""
        found = set()
        for rule in self.facts["rule"]:
            for place in (rule, *rule.get("also", ())):
                for on in [place["on"]] if isinstance(place["on"], str) else place["on"]:
                    for way, structure in self.occurrences(type(request).__name__, request, on):
                        asked = Asked(self, request, on, structure, context or {})
                        for combination in place["forbid"]:
                            at = rule.get("at") or next(iter(combination))
                            needs = any(map(self.needs_context, combination.items()))
                            if needs == (context is not None) and asked.all_hold(combination):
                                found.add((rule["id"], ".".join([*way, at])))
        return sorted(found)

    def needs_context(self, condition: tuple[str, Any]) -> bool:
        """Whether a condition speaks of more than the request."""
        path, tests = condition
        others = [tests.get(name, "") for name in ("same_as", "differs_from")] if is_table(tests) else []
        return any(each.split(".")[0] in self.facts.get("context", {}) for each in (path, *others))

    def members(self, shape: str) -> dict[str, str]:
        """The members of a structure, and their shapes."""
        members = self.model["shapes"].get(shape, {}).get("members", {})
        return {name: member["shape"] for name, member in members.items()}

    def occurrences(
        self, shape: str, value: Any, on: str, above: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], Any]]:
        """The structures of a shape that are in a value, and the way to each."""
        if shape == on:
            yield (), value
        for name, inner in self.members(shape).items():
            part = getattr(value, attribute(name))
            parts = [(name, part)]
            if self.model["shapes"][inner]["type"] == "list":
                inner = self.model["shapes"][inner]["member"]["shape"]  # noqa: PLW2901  # what it holds
                elements = part if isinstance(part, tuple) else ()
                parts = [(f"{name}[{index}]", element) for index, element in enumerate(elements)]
            for step, each in parts:
                if inner not in (shape, *above) and type(each).__name__ == inner:
                    for way, found in self.occurrences(inner, each, on, (*above, shape)):
                        yield (step, *way), found


@frozen
class Asked:
    """One structure in a request, of which conditions are asked."""

    reading: Reading
    request: Any
    shape: str
    structure: Any
    context: Mapping[str, Any]

    @property
    def is_complete(self) -> bool:
        """Whether what the request leaves out has its default."""
        pattern = self.reading.facts.get("requests", {}).get("complete", "")
        return re.fullmatch(pattern.replace("*", ".*"), type(self.request).__name__) is not None

    def all_hold(self, combination: Json) -> bool:
        """Whether all conditions hold."""
        return all(self.holds(path, tests) for path, tests in combination.items())

    def holds(self, path: str, said: Any) -> bool:
        """Whether a condition holds; what is not known does not."""
        tests = said if is_table(said) else {"value": said}
        root = path.partition(".")[0]
        if root in self.reading.facts.get("context", {}) and self.context.get(root) is None:
            return False
        value, known = self.value(path)
        if value is None and known and tests.keys() <= BY_DEFAULT:
            value, known = self.default(path)
        return all(self.passes(name, operand, value, known) for name, operand in tests.items())

    def value(self, path: str) -> tuple[Any, bool]:
        """What is at a path, and whether that says all that there is to know."""
        root, _, rest = path.partition(".")
        if root in self.reading.facts.get("context", {}):
            there = self.context.get(root)
            for name in rest.split(".") if rest else []:
                there = getattr(there, attribute(name), None)
            return there, False
        part = self.part(path.split(".")[:-1])
        there = None if part is None else getattr(part, attribute(path.rsplit(".", maxsplit=1)[-1]))
        return there, self.is_complete

    def part(self, names: list[str]) -> Any:
        """The structure at the end of a way; None where something on it is missing, or no structure."""
        shape, here = self.shape, self.structure
        for name in names:
            shape = self.reading.members(shape)[name]
            here = getattr(here, attribute(name))
            if type(here).__name__ != shape:
                return None
        return here

    def default(self, path: str) -> tuple[Any, bool]:
        """What is used where nothing is given, and whether that is known."""
        *above, member = path.split(".")
        owner = self.shape
        for depth, name in enumerate(above, 1):
            owner = self.reading.members(owner)[name]
            implied = owner in self.reading.facts.get("requests", {}).get("implied", [])
            if self.part(above[:depth]) is None and not implied:
                return None, True
        entries = self.reading.facts.get("default", [])
        entries = [
            e for e in entries if e["member"] == f"{owner}.{member}" and isinstance(e.get("value"), str | int)
        ]
        name = type(self.request).__name__
        whole = Asked(self.reading, self.request, name, self.request, {})
        for entry in entries:
            when = entry.get("when", {})
            if when.keys() <= self.reading.members(name).keys() and whole.all_hold(when):
                return entry["value"], True
        return None, not entries

    def passes(self, name: str, operand: Any, value: Any, known: bool) -> bool:  # noqa: C901, PLR0911, PLR0912  # a case for each test
        """Whether a value passes a test."""
        operands = operand if isinstance(operand, list) else [operand]
        root = operand.split(".")[0] if isinstance(operand, str) else ""
        match name:
            case "value":
                return value in operands
            case "not":
                return value not in operands and (value is not None or known)
            case "given":
                return (value is not None) == operand
            case "matches":
                return is_text(value) and re.search(operand, text_of(value)) is not None
            case "lacks":
                return is_text(value) and re.search(operand, text_of(value)) is None
            case "has":
                return isinstance(value, str) and is_ip_address(value)
            case "breaks":
                return isinstance(value, str) and not is_ip_address(value)
            case "not_multiple_of":
                return isinstance(value, int) and value % operand != 0
            case "longer_than":
                return len(value or ()) > operand
            case "shorter_than":
                return len(value or ()) < operand
            case "beyond":
                return bool({f.name for f in given(value)} - {attribute(each) for each in operand})
            case "is":
                return value is not None and type(value).__name__ in operand
            case "is_not":
                return value is not None and type(value).__name__ not in operand
        if value is None or (
            root in self.reading.facts.get("context", {}) and self.context.get(root) is None
        ):
            return False
        other = self.value(operand)[0]
        if name == "differs_from" and isinstance(value, tuple):
            return sorted(value) != sorted(other or ())
        return bool((value == other) == (name == "same_as"))


def attribute(member: str) -> str:
    """The attribute for a member."""
    name = str(xform_name(member))
    return f"{name}_" if iskeyword(name) else name


def is_table(said: object) -> TypeGuard[Json]:
    """Whether a condition is a table of tests."""
    return isinstance(said, dict)


def is_text(value: object) -> bool:
    """Whether something can be found in a value."""
    return isinstance(value, str | bytes)


def text_of(value: str | bytes) -> str:
    """A text, or bytes as one."""
    return value if isinstance(value, str) else value.decode("latin-1")


def is_ip_address(text: str) -> bool:
    """Whether a text is the address of a host."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def given(structure: Any) -> list[Any]:
    """The attributes of a structure that are not None."""
    if structure is None:
        return []
    return [each for each in fields(type(structure)) if getattr(structure, each.name) is not None]
