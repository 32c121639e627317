"""The methods of the client: one for each operation, and iterators over listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import frozen

from codegen import descriptions, naming, types
from codegen.context import Context
from codegen.imports import Imports
from codegen.model import Argument, Field, Iterator, Operation, OperationsModule, Structure, Type
from codegen.spec import Operation as SpecOperation
from codegen.types import RUNTIME

PAGE_SIZE = "page_size", "How many items to ask for at a time; the service's default if it is None."
START_TOKEN = "start_token", "The token of the page to start with; the first page if it is None."


def build_operations(context: Context, structures: Mapping[str, Structure]) -> tuple[OperationsModule, ...]:
    """The modules of methods, sorted by name: one for each noun that operations are about."""
    modules: dict[str, list[SpecOperation]] = defaultdict(list)
    for operation in context.spec.operations:
        modules[naming.operation_module(operation.name, context.rules.modules)].append(operation)
    return tuple(
        build_module(context, name, operations, structures) for name, operations in sorted(modules.items())
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
        imports=imports(context, methods, iterators, is_async=False),
        async_imports=imports(context, methods, iterators, is_async=True),
        operations=methods,
        iterators=iterators,
    )


def imports(
    context: Context,
    operations: tuple[Operation, ...],
    iterators: tuple[Iterator, ...],
    *,
    is_async: bool,
) -> tuple[str, ...]:
    """The modules that methods use, and those that their annotations speak of."""
    names = Imports()
    names.own(context.target.package, "models")
    if is_async:
        names.own(f"{RUNTIME}.aio.client", "AsyncBaseClient")
    else:
        names.own(f"{RUNTIME}.client", "BaseClient")
    arguments = [argument for operation in operations for argument in operation.arguments]
    arguments += [argument for iterator in iterators for argument in iterator.arguments]
    declared = [argument.declaration for argument in arguments]
    text = " ".join([*declared, *(f" {iterator.item}" for iterator in iterators)])
    for module, helpers in (
        ("collections.abc", ("Iterable", "Mapping")),
        ("datetime", ("datetime",)),
        (f"{RUNTIME}.values", ("JsonValue", "StreamingInput")),
    ):
        for helper in helpers:
            if f" {helper}" in text or f"[{helper}" in text:
                names.helper(module, helper)
    if iterators:
        names.helper("collections.abc", "AsyncIterator" if is_async else "Iterator")
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


@frozen(kw_only=True)
class Listing:
    """How an operation lists: the members that its paginator speaks of."""

    items: str
    element: Type
    token: str
    more: str | None
    start: Field
    limit: Field | None


def build_iterator(
    context: Context, operation: SpecOperation, structures: Mapping[str, Structure]
) -> Iterator | None:
    """The iterator over a listing; None where the operation is none, or pages in a way of its own."""
    request = structures[naming.class_name(operation.input or "")]
    listing = find_listing(context, operation, request, structures)
    if listing is None:
        return None
    paging = [field.wire for field in (listing.start, listing.limit) if field]
    kept = [field for field in request.fields if field.wire not in paging]
    kept.sort(key=lambda field: not field.required)
    arguments = [build_argument(field) for field in kept]
    described = [(field.name, field.summary) for field in kept]
    for field, (usual, text) in ((listing.limit, PAGE_SIZE), (listing.start, START_TOKEN)):
        if field:
            name = field.name if any(usual == other.name for other in kept) else usual
            arguments.append(build_argument(field, name))
            described.append((name, text))
    return Iterator(
        method=naming.iterator(operation.name, {other.name for other in context.spec.operations}),
        request=request.name,
        item=types.annotation(listing.element, Imports(), models_name),
        items=listing.items,
        token=listing.token,
        more=listing.more,
        token_member=listing.start.name,
        arguments=tuple(arguments),
        doc=descriptions.iterator(context, operation, described),
    )


def models_name(type_: Type) -> str:
    """A class as it is found in the package of models."""
    return f"models.{type_.name}"


def find_listing(
    context: Context,
    operation: SpecOperation,
    request: Structure,
    structures: Mapping[str, Structure],
) -> Listing | None:
    """How an operation lists, if it does so by one text token and one list of items."""
    paginator = next((p for p in context.spec.paginators if p.operation == operation.name), None)
    if paginator is None or operation.output is None:
        return None
    answer = structures[naming.class_name(operation.output)]
    items = resolve(paginator.result_keys, answer, structures)
    token = resolve(paginator.output_tokens, answer, structures)
    start = resolve(paginator.input_tokens, request, structures)
    more = resolve((paginator.more_results,), answer, structures) if paginator.more_results else None
    if not items or not token or not start or start[1] not in request.fields:
        return None
    element = items[1].type.element
    if items[1].type.kind != "list" or element is None or {token[1].type.kind, start[1].type.kind} != {"str"}:
        return None
    if paginator.more_results and not more:
        return None
    limit = next((field for field in request.fields if field.wire == paginator.limit_key), None)
    return Listing(
        items=items[0],
        element=element,
        token=token[0],
        more=more[0] if more else None,
        start=start[1],
        limit=limit,
    )


def resolve(
    expressions: tuple[str, ...], top: Structure, structures: Mapping[str, Structure]
) -> tuple[str, Field] | None:
    """The expression on a `page` for the only path `A.B`, and the member that it leads to.

    None where there are several paths, or where one is more than a path.
    """
    value, guards = "page", []
    current: Structure | None = top
    found: Field | None = None
    for part in expressions[0].split(".") if len(expressions) == 1 else ():
        found = next((field for field in current.fields if field.wire == part), None) if current else None
        if found is None:
            return None
        value = f"{value}.{found.name}"
        guards += [] if found.required else [value]
        current = structures.get(found.type.name) if found.type.kind == "structure" else None
    if found is None:
        return None
    conditions = " and ".join(guard for guard in guards if guard != value)
    return (f"{value} if {conditions} else None" if conditions else value), found
