"""What callers of the generated code can name, as the generator would make it of an API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import frozen

from codegen import naming, types
from codegen.context import Context
from codegen.imports import Imports
from codegen.model import Type
from codegen.spec import Member, Operation, Paginator, Shape

Limits: TypeAlias = tuple[tuple[float | None, float | None], ...]
"""The least and the most that a value may be or have; for lists and maps also that of what they hold, and of
the keys."""


@frozen(kw_only=True)
class Attribute:
    """What a caller can see of an attribute of a class."""

    type: str
    kinds: tuple[str, ...]
    """What it is, what it holds, and what that holds: an enum can have the name of a former structure."""
    limits: Limits
    required: bool
    sent: bool
    """Whether it is part of a request, and so is checked."""
    answered: bool
    """Whether callers read it from answers."""


@frozen(kw_only=True)
class Method:
    """A method of the client; for an iterator both are empty."""

    request: str = ""
    """The class that takes its arguments."""
    answer: str = ""


@frozen(kw_only=True)
class Surface:
    """What callers of the generated code can name."""

    methods: dict[str, Method]
    errors: frozenset[str]
    classes: frozenset[str]
    enums: frozenset[str]
    constants: frozenset[str]
    attributes: dict[str, Attribute]


def surface(context: Context, names: frozenset[str]) -> Surface:
    """What the generator makes of an API: all methods, and the classes of these shapes."""
    structures = [shape for name, shape in context.structures.items() if name in names]
    enums = [shape for name, shape in context.enums.items() if name in names]
    return Surface(
        methods=dict(methods(context)),
        errors=frozenset(naming.error_classes(context.errors).values()),
        classes=frozenset(naming.class_name(shape.name) for shape in structures),
        enums=frozenset(naming.class_name(shape.name) for shape in enums),
        constants=frozenset(
            f"{naming.class_name(shape.name)}.{constant}"
            for shape in enums
            for constant, _ in naming.constants(shape.enum)
        ),
        attributes=dict(attributes(context, structures)),
    )


def methods(context: Context) -> Iterator[tuple[str, Method]]:
    """Every method of the client."""
    for operation in context.spec.operations:
        request = naming.class_name(operation.input or "")
        answer = naming.class_name(operation.output) if operation.output else "None"
        yield naming.method(operation.name), Method(request=request, answer=answer)
    names = {operation.name for operation in context.spec.operations}
    operations = {operation.name: operation for operation in context.spec.operations}
    for paginator in context.spec.paginators:
        item = item_type(context, paginator, operations[paginator.operation])
        if item:
            yield naming.iterator(paginator.operation, names), Method(answer=f"Iterator[{item}]")


def item_type(context: Context, paginator: Paginator, operation: Operation) -> str | None:
    """What an iterator yields; None where there is none, as `methods.find_listing` says."""
    if operation.input is None or operation.output is None:
        return None
    items = follow(context, operation.output, paginator.result_keys)
    token = follow(context, operation.output, paginator.output_tokens)
    start = follow(context, operation.input, paginator.input_tokens)
    more = paginator.more_results
    if not items or not token or not start or "." in paginator.input_tokens[0]:
        return None
    if items.kind != "list" or items.element is None or {token.kind, start.kind} != {"str"}:
        return None
    if more and not follow(context, operation.output, (more,)):
        return None
    return types.annotation(items.element, Imports(), lambda type_: type_.name)


def follow(context: Context, top: str, expressions: tuple[str, ...]) -> Type | None:
    """The type of the member that the only path `A.B` leads to."""
    shape: Shape | None = context.spec.shapes[top]
    found: Type | None = None
    for part in expressions[0].split(".") if len(expressions) == 1 else ():
        member = next((it for it in shape.members if it.name == part), None) if shape else None
        if shape is None or member is None:
            return None
        found = context.type_of(shape, member)
        shape = context.spec.shapes[found.shape] if found.kind == "structure" else None
    return found


def attributes(context: Context, structures: Iterable[Shape]) -> Iterator[tuple[str, Attribute]]:
    """Every attribute. Members of the same shape mostly share a type, which is made once."""
    answered = {shape.name for shape in context.answered}
    made: dict[tuple[str, bool, bool, bool], tuple[str, tuple[str, ...], Limits]] = {}
    for shape in structures:
        sent = shape.name in context.sent
        for member in shape.members:
            answer = shape.name in context.outputs and not sent
            alike = (member.shape, member.json_value, member.streaming, answer)
            if alike not in made:
                made[alike] = typed(context, shape, member)
            text, kinds, limits = made[alike]
            name = f"{naming.class_name(shape.name)}.{naming.member(member.name)}"
            yield (
                name,
                Attribute(
                    type=text,
                    kinds=kinds,
                    limits=limits,
                    required=context.required(shape, member),
                    sent=sent,
                    answered=shape.name in answered,
                ),
            )


def typed(context: Context, shape: Shape, member: Member) -> tuple[str, tuple[str, ...], Limits]:
    """The type of an attribute as it is written in the class, its kinds, and what its values may be."""

    def name_of(type_: Type) -> str:
        return type_.name

    type_ = context.type_of(shape, member)
    kinds: list[str] = []
    limited: list[str] = []
    level: Type | None = type_
    while level:
        kinds.append(level.kind)
        limited += [level.shape, *([level.key] if level.key else [])]
        level = level.element
    shapes = [context.spec.shapes[name] for name in limited]
    limits = tuple((least(held), held.max) for held in shapes)
    return types.annotation(type_, Imports(), name_of), tuple(kinds), limits


def least(shape: Shape) -> float | None:
    """The least that a value may be or have; every length is at least nothing."""
    return None if shape.min == 0 and shape.type in ("string", "blob", "list", "map") else shape.min
