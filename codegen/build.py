"""Spec and rules -> model: what modules there are, and what stands in them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from codegen import converters, descriptions, naming, types, wire
from codegen.context import Context, Target
from codegen.errors import SpecError
from codegen.imports import Imports
from codegen.methods import build_operations
from codegen.model import (
    Constraint,
    Converter,
    Enum,
    Error,
    ErrorProperty,
    Field,
    Package,
    Structure,
    Type,
)
from codegen.modules import build_modules
from codegen.rules import Rules
from codegen.spec import Shape, Spec
from codegen.types import RUNTIME
from datasync_sdk._runtime.errors import GENERAL_ERRORS


def build(spec: Spec, rules: Rules, target: Target) -> Package:
    """Decide everything that the templates will place."""
    context = Context(spec=with_own_requests(spec), rules=rules, target=target)
    check_names(context)
    modules = build_modules(context)
    structures = {structure.name: structure for module in modules for structure in module.structures}
    fields = [field for structure in structures.values() for field in structure.fields]
    collections, collection_imports, collection_types = build_collection_converters(context, fields)
    enums, enum_imports = build_enums(context, fields)
    errors = build_errors(context)
    return Package(
        name=target.package,
        service=target.service,
        service_id=spec.service_id,
        full_name=spec.full_name,
        source=target.source,
        command=target.command,
        standalone=target.standalone,
        models=modules,
        model_names=model_names(context),
        enums=enums,
        enum_imports=enum_imports,
        converters=collections,
        converter_imports=collection_imports,
        converter_types=collection_types,
        constraints=build_constraints(context, structures.values()),
        operations=build_operations(context, structures),
        errors=errors,
        error_bases=tuple(sorted({error.base for error in errors})),
        botocore_model=botocore_model(spec),
    )


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


def free_name(operation: str, shapes: Mapping[str, Shape]) -> str:
    """A name for a request that the model does not have."""
    for suffix in ("Request", "Input"):
        if f"{operation}{suffix}" not in shapes:
            return f"{operation}{suffix}"
    raise SpecError(f"operations.{operation}", "needs an input of its own, and its names are taken")


def check_names(context: Context) -> None:
    """Stop where two things would have one name."""
    classes: dict[str, str] = {}
    functions: dict[str, str] = {}
    methods: dict[str, str] = {}
    for name in [*context.structures, *context.enums]:
        naming.claim(classes, naming.class_name(name), name, f"shapes.{name}")
        naming.claim(functions, naming.function(naming.class_name(name)), name, f"shapes.{name}")
    for name in context.enums:
        naming.claim(classes, f"{naming.class_name(name)}Like", f"{name} or str", f"shapes.{name}")
    for operation in context.spec.operations:
        path = f"operations.{operation.name}"
        naming.claim(methods, naming.method(operation.name), operation.name, path)


def model_names(context: Context) -> tuple[tuple[str, str], ...]:
    """Every public class of models, with its module."""
    homes = {naming.class_name(name): context.module(name) for name in context.structures}
    homes |= {naming.class_name(name): "enums" for name in context.enums}
    return tuple(sorted(homes.items()))


def build_collection_converters(
    context: Context, fields: Iterable[Field]
) -> tuple[tuple[Converter, ...], tuple[str, ...], tuple[str, ...]]:
    """The converters for lists and maps, with the imports that run and those for type checkers."""
    names, classes = Imports(context.class_names), Imports()
    found: dict[str, Converter] = {}
    for field in fields:
        converter = (
            converters.build(field.type, names, required=field.required) if field.type.element else None
        )
        if converter and converter.module == "converters":
            found[converter.name] = converter
            leaf = types.leaf(field.type)
            if leaf.name:
                classes.own(f"{context.target.package}.models.{leaf.module}", leaf.name)
                if leaf.kind == "enum":
                    classes.own(f"{context.target.package}.models.enums", f"{leaf.name}Like")
    if classes.lines():
        names.own("typing", "TYPE_CHECKING")
    return tuple(found[name] for name in sorted(found)), names.lines(), classes.lines()


def build_enums(context: Context, fields: Iterable[Field]) -> tuple[tuple[Enum, ...], tuple[str, ...]]:
    """The enums, sorted by name, and the imports of their module."""
    names = Imports(context.class_names)
    names.own("typing", "Literal")
    names.own("typing", "TypeAlias")
    names.own(f"{RUNTIME}.enums", "OpenEnum")
    functions: dict[str, dict[str, Converter]] = defaultdict(dict)
    for field in fields:
        if types.leaf(field.type).kind == "enum":
            converter = converters.build(field.type, names, required=field.required)
            if converter and converter.module == "enums":
                functions[types.leaf(field.type).name][converter.name] = converter
    enums = []
    for shape_name in sorted(context.enums):
        name = naming.class_name(shape_name)
        members = naming.constants(f"shapes.{shape_name}.enum", context.enums[shape_name].enum)
        enums.append(
            Enum(
                name=name,
                snake=naming.function(name),
                doc=descriptions.enum(context, context.enums[shape_name]),
                members=tuple((constant, quoted(value)) for constant, value in members),
                like=quoted(f"{name} | Literal[{', '.join(repr(value) for _, value in members)}]"),
                converters=tuple(functions[name][key] for key in sorted(functions[name])),
            )
        )
    return tuple(enums), names.lines()


def quoted(text: str) -> str:
    """A Python literal with double quotes, as the formatter would make it."""
    return json.dumps(text, ensure_ascii=False)


def build_constraints(context: Context, structures: Iterable[Structure]) -> tuple[Constraint, ...]:
    """The constants for the shapes that are checked."""
    constraints: dict[str, Constraint] = {}
    for structure in structures:
        for field in structure.fields if structure.checked else ():
            for type_ in levels(field.type):
                shape = context.spec.shapes[type_.shape]
                sensitive = context.sensitive(type_.shape)
                constraint = wire.constraint(shape, type_.kind, sensitive=sensitive)
                if constraint:
                    constraints[constraint.shape] = constraint
    return tuple(constraints[name] for name in sorted(constraints))


def levels(type_: Type) -> list[Type]:
    """A type, and what it holds, and what that holds."""
    return [type_, *(levels(type_.element) if type_.element else ())]


def build_errors(context: Context) -> tuple[Error, ...]:
    """An exception class for each modelled error."""
    errors: dict[str, Error] = {}
    for shape in context.structures.values():
        if shape.exception:
            error = build_error(context, shape)
            if error.name in errors:
                error = evolve(error, name=f"{error.name}_")
            errors[error.name] = error
    return tuple(errors[name] for name in sorted(errors))


def build_error(context: Context, shape: Shape) -> Error:
    """An exception class; what botocore gives every error (code and message) needs no property."""
    code = shape.error_code or shape.name
    properties = tuple(
        ErrorProperty(
            name=naming.safe(naming.member(member.name), frozenset({"code", "operation", "response"})),
            wire=member.name,
            annotation="str" if context.type_of(shape, member).kind == "str" else "Any",
            doc=descriptions.member(context, member),
        )
        for member in shape.members
        if member.name.lower() != "message"
    )
    return Error(
        name=naming.error_class(shape.name),
        base=error_base(code),
        code=code,
        doc=descriptions.error(context, shape),
        retryable=shape.retryable or shape.fault,
        properties=properties,
    )


def error_base(code: str) -> str:
    """The runtime's class for a code that many services share."""
    return next((cls.__name__ for cls in GENERAL_ERRORS if code in cls.codes), "ServiceError")


def botocore_model(spec: Spec) -> str:
    """The spec as botocore is to load it: without documentation, in the protocol that all of them know."""
    model = without_documentation(spec.raw)
    model["metadata"] |= {"protocol": spec.protocol, "protocols": [spec.protocol]}
    return json.dumps(model, separators=(",", ":"), ensure_ascii=False) + "\n"


def without_documentation(node: Any) -> Any:
    """A copy of a model without its texts. A *member* called `documentation` is no text but an object."""
    if isinstance(node, Mapping):
        return {
            key: without_documentation(value)
            for key, value in node.items()
            if key not in ("documentation", "deprecatedMessage") or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [without_documentation(item) for item in node]
    return node
