"""The methods of the client: one for each operation, and iterators over listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from codegen import descriptions, naming
from codegen.context import Context
from codegen.imports import Imports
from codegen.model import Argument, Field, Iterator, Operation, OperationsModule, Structure
from codegen.spec import Operation as SpecOperation
from codegen.spec import Paginator
from codegen.types import RUNTIME

PAGE_SIZE = "page_size", "How many items to ask for at a time; the service's default if it is None."
START_TOKEN = "start_token", "The token of the page to start with; the first page if it is None."


def build_operations(
    context: Context, structures: Mapping[str, Structure]
) -> tuple[OperationsModule, ...]:
    """The modules of methods, sorted by name: one for each noun that operations are about."""
    modules: dict[str, list[SpecOperation]] = defaultdict(list)
    for operation in context.spec.operations:
        modules[naming.operation_module(operation.name, context.rules.modules)].append(operation)
    return tuple(
        build_module(context, name, operations, structures)
        for name, operations in sorted(modules.items())
    )


def build_module(
    context: Context,
    name: str,
    operations: list[SpecOperation],
    structures: Mapping[str, Structure],
) -> OperationsModule:
    """One module of methods."""
    methods = tuple(build_operation(context, operation, structures) for operation in operations)
    found = (build_iterator(context, operation, structures) for operation in operations)
    iterators = tuple(iterator for iterator in found if iterator)
    return OperationsModule(
        name=name,
        class_name=f"{name.title().replace('_', '')}Operations",
        imports=imports(methods, iterators),
        operations=methods,
        iterators=iterators,
    )


def imports(operations: tuple[Operation, ...], iterators: tuple[Iterator, ...]) -> tuple[str, ...]:
    """What only a type checker needs of the modules that annotations speak of."""
    names = Imports()
    text = " ".join(
        argument.declaration for method in (*operations, *iterators) for argument in method.arguments
    )
    for module, helpers in (
        ("collections.abc", ("Iterable", "Mapping")),
        ("datetime", ("datetime",)),
        (f"{RUNTIME}.values", ("JsonValue", "StreamingInput")),
    ):
        for helper in helpers:
            if f" {helper}" in text or f"[{helper}" in text:
                names.helper(module, helper)
    if iterators:
        names.helper("collections.abc", "Iterator")
    return names.lines()


def build_operation(
    context: Context, operation: SpecOperation, structures: Mapping[str, Structure]
) -> Operation:
    """The method for an operation."""
    request = structures[naming.class_name(operation.input or "")]
    ordered = sorted(request.fields, key=lambda field: not field.required)
    return Operation(
        method=naming.method(operation.name),
        request=request.name,
        response=naming.class_name(operation.output) if operation.output else None,
        arguments=tuple(build_argument(field) for field in ordered),
        doc=descriptions.operation(context, operation, [(f.name, f.summary) for f in ordered]),
    )


def build_argument(field: Field, name: str | None = None) -> Argument:
    """A keyword argument that becomes a member of the request."""
    name = name or field.name
    return Argument(name=name, declaration=f"{name}: {field.argument}", passes=field.name)


def build_iterator(
    context: Context, operation: SpecOperation, structures: Mapping[str, Structure]
) -> Iterator | None:
    """The iterator over a listing; None where the operation is none, or pages in a way of its own."""
    paginator = next((p for p in context.spec.paginators if p.operation == operation.name), None)
    if paginator is None or operation.output is None:
        return None
    if any(len(names) != 1 for names in (paginator.input_tokens, paginator.output_tokens, paginator.result_keys)):
        return None
    request = structures[naming.class_name(operation.input or "")]
    items = resolve(paginator.result_keys[0], operation.output, structures)
    token = resolve(paginator.output_tokens[0], operation.output, structures)
    token_member = resolve(paginator.input_tokens[0], request.name, structures)
    if not items or not token or not token_member or items[1].type.kind != "list":
        return None
    element = items[1].type.element
    if element is None or token[1].type.kind != "str" or token_member[1].type.kind != "str":
        return None
    return make_iterator(context, operation, paginator, request, items, token[0], token_member[0])


def make_iterator(
    context: Context,
    operation: SpecOperation,
    paginator: Paginator,
    request: Structure,
    items: tuple[str, Field],
    token: str,
    token_member: str,
) -> Iterator:
    """The iterator, once it is clear that there is one."""
    element = items[1].type.element
    assert element
    kept = [f for f in request.fields if f.wire not in (*paginator.input_tokens, paginator.limit_key)]
    kept.sort(key=lambda field: not field.required)
    limit = next((f for f in request.fields if f.wire == paginator.limit_key), None)
    paging = [build_argument(limit, PAGE_SIZE[0])] if limit else []
    start = next(f for f in request.fields if f.name == token_member)
    described = [(f.name, f.summary) for f in kept] + ([PAGE_SIZE] if limit else []) + [START_TOKEN]
    names = {other.name for other in context.spec.operations}
    return Iterator(
        method=naming.iterator(operation.name, names),
        request=request.name,
        item=f"models.{element.name}" if element.name else element.kind,
        items=items[0],
        token=token,
        token_member=token_member,
        arguments=(*map(build_argument, kept), *paging, build_argument(start, START_TOKEN[0])),
        doc=descriptions.iterator(context, operation, described),
    )


def resolve(
    expression: str, shape: str, structures: Mapping[str, Structure]
) -> tuple[str, Field] | None:
    """The attributes that `A.B` leads over, and the last one; None where it is more than a path."""
    names = []
    current: Structure | None = structures[naming.class_name(shape)]
    found: Field | None = None
    for part in expression.split("."):
        if current is None:
            return None
        found = next((field for field in current.fields if field.wire == part), None)
        if found is None:
            return None
        names.append(found.name)
        current = structures.get(found.type.name) if found.type.kind == "structure" else None
    return (".".join(names), found) if found else None
