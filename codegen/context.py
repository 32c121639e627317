"""The spec, the rules, and the questions that are asked of both more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from attrs import evolve, frozen

from codegen import naming, types
from codegen.causes.file import Causes
from codegen.history import History
from codegen.model import Type
from codegen.rules.file import Rules
from codegen.spec import Member, Operation, Shape, Spec


@frozen(kw_only=True)
class Target:
    """What to call the package, and what to say in its headers."""

    package: str
    service: str
    source: str
    command: str
    standalone: bool


@frozen(kw_only=True, slots=False)
class Context:
    """The spec and all that is asked of it more than once."""

    spec: Spec
    rules: Rules
    history: History
    target: Target

    @cached_property
    def structures(self) -> dict[str, Shape]:
        """The shapes that become classes."""
        return {
            name: shape
            for name, shape in self.spec.shapes.items()
            if shape.type == "structure" and not shape.document and not shape.event_stream
        }

    @cached_property
    def enums(self) -> dict[str, Shape]:
        """The shapes that become enums."""
        shapes = self.spec.shapes.items()
        return {name: shape for name, shape in shapes if shape.enum and shape.type == "string"}

    @cached_property
    def inputs(self) -> dict[str, Operation]:
        """The operation of each request."""
        return {op.input: op for op in self.spec.operations if op.input}

    @cached_property
    def outputs(self) -> dict[str, Operation]:
        """An operation for each answer."""
        return {op.output: op for op in reversed(self.spec.operations) if op.output}

    @cached_property
    def errors(self) -> list[str]:
        """The names of the structures that are errors."""
        return [name for name, shape in self.structures.items() if shape.exception]

    @property
    def causes(self) -> Causes:
        """What errors mean."""
        return self.rules.causes

    @cached_property
    def sent(self) -> frozenset[str]:
        """The names of the shapes that are part of a request."""
        return self.reached_from(self.inputs)

    @cached_property
    def answered(self) -> list[Shape]:
        """The shapes that are part of an answer or an error."""
        return [self.spec.shapes[name] for name in sorted(self.reached_from([*self.outputs, *self.errors]))]

    def reached_from(self, names: Iterable[str]) -> frozenset[str]:
        """The names of shapes, of what they hold, and so on."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name in found:
                continue
            found.add(name)
            shape = self.spec.shapes[name]
            pending += [member.shape for member in shape.members]
            pending += [shape.element] if shape.element else []
        return frozenset(found)

    @cached_property
    def class_names(self) -> frozenset[str]:
        """Every name that the service takes in a module of models."""
        enums = {naming.class_name(name) for name in self.enums}
        structures = {naming.class_name(name) for name in self.structures}
        return frozenset(structures | enums | {f"{name}Like" for name in enums})

    @cached_property
    def enum_users(self) -> dict[str, Member]:
        """The first documented member of each enum's type."""
        users: dict[str, Member] = {}
        for shape in self.structures.values():
            for member in shape.members:
                if member.documentation and member.shape in self.enums:
                    users.setdefault(member.shape, member)
        return users

    def module(self, shape: str) -> str:
        """The models module of a structure."""
        name = naming.module(shape, self.rules.modules)
        return f"{name}_" if name in self.class_names else name

    def type_of(self, shape: Shape, member: Member) -> Type:
        """The type of a member."""
        answer = shape.name in self.outputs and shape.name not in self.sent
        return self.placed(types.member_type(self.spec, member, answer=answer))

    def placed(self, type_: Type) -> Type:
        """A type whose structures have their modules."""
        if type_.element:
            return evolve(type_, element=self.placed(type_.element), secret_keys=type_.key in self.secret)
        if type_.kind == "structure":
            return evolve(type_, module=self.module(type_.shape))
        if type_.kind == "enum" and type_.shape in self.trait_rules:
            return evolve(type_, rule=self.trait_rules[type_.shape].get("enum", ""))
        return type_

    def required(self, shape: Shape, member: Member) -> bool:
        """Whether a structure cannot be without a member.

        A member of a request with an idempotency token is filled in by botocore; a member of an answer
        is only relied on where the rules say why.
        """
        if f"{shape.name}.{member.name}" in self.rules.always:
            return True
        return shape.name in self.sent and member.name in shape.required and not member.idempotency_token

    @cached_property
    def trait_rules(self) -> dict[str, dict[str, str]]:
        """The ids of the rules that traits of shapes check, by shape and trait."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for rule in self.rules.documented.rules:
            for name in rule.traits:
                shape, _, trait = name.partition(".")
                found[shape][trait] = rule.id
        return found

    @cached_property
    def secret(self) -> frozenset[str]:
        """The shapes whose values are secret: those that are marked, and what secret lists and maps hold."""
        marked = {name for name, shape in self.spec.shapes.items() if shape.sensitive} | self.rules.sensitive
        pending = list(marked)
        while pending:
            shape = self.spec.shapes[pending.pop()]
            held = {name for name in (shape.element, shape.key) if name} - marked
            marked |= held
            pending += held
        return frozenset(marked)

    def hidden(self, type_: Type) -> bool:
        """Whether an object must not show a member of a type: something at some level of it is secret."""
        inner = type_.element is not None and self.hidden(type_.element)
        return inner or type_.shape in self.secret or type_.key in self.secret
