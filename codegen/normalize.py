"""A spec in which every operation has a request of its own, and every list of values an enum of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import evolve

from codegen.errors import SpecError
from codegen.spec import Shape, Spec


def normalized(spec: Spec) -> Spec:
    """The spec as it is built from."""
    return with_own_requests(with_member_enums(spec))


def with_own_requests(spec: Spec) -> Spec:
    """Give every operation an input of its own: `send` finds the operation by the request's class."""
    uses = Counter(operation.input for operation in spec.operations)
    shapes = dict(spec.shapes)
    operations = []
    for operation in spec.operations:
        own = operation.input
        if own is None or uses[own] > 1:
            old = shapes[own] if own else Shape(name="", type="structure")
            own = free_name(operation.name, shapes)
            shapes[own] = evolve(old, name=own)
        operations.append(evolve(operation, input=own))
    return evolve(spec, operations=tuple(operations), shapes=shapes)


def with_member_enums(spec: Spec) -> Spec:
    """Give every member that lists its own values a shape with them: `ExportApiRequestOutputType`."""
    shapes = dict(spec.shapes)
    for shape in spec.shapes.values():
        if not any(member.enum for member in shape.members):
            continue
        members = []
        for member in shape.members:
            own = f"{shape.name}{member.name}" if member.enum else member.shape
            if member.enum and own in spec.shapes:
                raise SpecError(f"shapes.{shape.name}.members.{member.name}.enum", f"{own!r} is taken")
            if member.enum:
                shapes[own] = evolve(spec.shapes[member.shape], name=own, enum=member.enum)
            members.append(evolve(member, shape=own))
        shapes[shape.name] = evolve(shape, members=tuple(members))
    return evolve(spec, shapes=shapes)


def free_name(operation: str, shapes: Mapping[str, Shape]) -> str:
    """A name for a request that the model does not have."""
    for suffix in ("Request", "Input"):
        if f"{operation}{suffix}" not in shapes:
            return f"{operation}{suffix}"
    raise SpecError(f"operations.{operation}", "needs an input of its own, and its names are taken")
