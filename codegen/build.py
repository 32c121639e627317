"""Spec and rules -> model: what modules there are, and what stands in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from codegen import converters, descriptions, naming, types, wire
from codegen.causes.build import build_cause_tables, build_causes
from codegen.causes.page import build_causes_page
from codegen.context import Context, Target
from codegen.errors import SpecError
from codegen.history import History
from codegen.imports import Imports
from codegen.methods import build_operations
from codegen.model import (
    Constant,
    Constraint,
    Converter,
    Enum,
    Error,
    ErrorProperty,
    Field,
    Package,
    Past,
    Structure,
    Type,
)
from codegen.modules import build_modules
from codegen.normalize import normalized
from codegen.rules.checks import build_rules
from codegen.rules.file import Rules
from codegen.rules.page import build_page
from codegen.rules.rulebook import rulebook
from codegen.spec import Shape, Spec, without_texts
from codegen.types import RUNTIME
from datasync_sdk._runtime.errors import GENERAL_ERRORS, ServiceError
from datasync_sdk._runtime.errors import __all__ as runtime_errors

TEXTS = frozenset({"documentation", "deprecatedMessage"})
# What the exceptions of the runtime have already, and the decorator that their classes use.
ERROR_NAMES = frozenset(dir(ServiceError("", {}))) | {"property"}


def build(spec: Spec, rules: Rules, history: History, target: Target) -> Package:
    """Decide everything that the templates will place."""
    context = Context(spec=normalized(spec), rules=rules, history=history, target=target)
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
        full_name=spec.full_name.replace("\\", "").replace('"', "'"),  # It stands in docstrings.
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
        general_errors=tuple(sorted(set(runtime_errors) - {error.name for error in errors})),
        causes=build_causes(context),
        cause_tables=build_cause_tables(context),
        causes_page=() if target.standalone else build_causes_page(context),
        plain_json=spec.protocol == "json" and not any(needs_parser(context, s) for s in context.answered),
        regional=rules.regional_endpoints,
        rules=build_rules(context),
        rulebook=rulebook(context),
        rules_page=() if target.standalone else build_page(context),
        history=build_history(context),
        botocore_model=botocore_model(spec),
    )


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
    for paginator in context.spec.paginators:
        name = naming.iterator(paginator.operation, {other.name for other in context.spec.operations})
        naming.claim(
            methods, name, f"the items of {paginator.operation}", f"pagination.{paginator.operation}"
        )


def model_names(context: Context) -> tuple[tuple[str, str], ...]:
    """Every public class of models, with its module."""
    homes = {naming.class_name(name): context.module(name) for name in context.structures}
    homes |= {naming.class_name(name): "enums" for name in context.enums}
    return tuple(sorted(homes.items()))


def build_converters(
    context: Context, fields: Iterable[Field], module: str, names: Imports, classes: Imports
) -> dict[str, Converter]:
    """The converters of a module, by name; its imports that run are noted, and those for type checkers."""
    found: dict[str, Converter] = {}
    package = context.target.package
    for field in fields:
        home = converters.place(field.type, required=field.required)
        if home is None or home[0] != module:
            continue
        converter = converters.build(field.type, names, required=field.required)
        assert converter
        if found.setdefault(converter.name, converter) != converter:
            path = f"shapes.{field.type.shape}"
            raise SpecError(path, f"needs another converter {converter.name!r} than a shape before it")
        leaf = types.leaf(field.type)
        if leaf.kind == "structure":
            classes.own(f"{package}.models.{leaf.module}", leaf.name)
        for text, helper in (("_enums.", "enums as _enums"), ("_values.", "values as _values")):
            if text in converter.body:
                names.own(RUNTIME, helper)
        if leaf.kind == "enum" and module != "enums":
            names.own(f"{package}.models.enums", leaf.name)
            classes.own(f"{package}.models.enums", f"{leaf.name}Like")
    return found


def build_collection_converters(
    context: Context, fields: Iterable[Field]
) -> tuple[tuple[Converter, ...], tuple[str, ...], tuple[str, ...]]:
    """The converters for lists and maps, with the imports that run and those for type checkers."""
    names, classes = Imports(context.class_names), Imports()
    found = build_converters(context, fields, "converters", names, classes)
    if classes.lines():
        names.own("typing", "TYPE_CHECKING")
    return tuple(found[name] for name in sorted(found)), names.lines(), classes.lines()


def build_enums(context: Context, fields: Iterable[Field]) -> tuple[tuple[Enum, ...], tuple[str, ...]]:
    """The enums, sorted by name, and the imports of their module."""
    names = Imports(context.class_names)
    functions = build_converters(context, fields, "enums", names, Imports())
    enums = []
    for shape_name in sorted(context.enums):
        shape = context.enums[shape_name]
        name = naming.class_name(shape_name)
        own = [functions.get(f"{verb}_{naming.function(name)}") for verb in ("require", "to")]
        enums.append(
            Enum(
                name=name,
                snake=naming.function(name),
                doc=descriptions.enum(context, shape),
                members=build_constants(context, shape),
                like=f"{name} | Literal[{', '.join(map(quoted, sorted(set(shape.enum))))}]",
                converters=tuple(converter for converter in own if converter),
            )
        )
    if enums:
        names.own("typing", "Literal")
        names.own("typing", "TypeAlias")
        names.own(f"{RUNTIME}.enums", "OpenEnum")
    return tuple(enums), names.lines()


def build_constants(context: Context, shape: Shape) -> tuple[Constant, ...]:
    """The members of an enum."""
    return tuple(
        Constant(name=name, value=quoted(value), doc=descriptions.constant(context, shape, value))
        for name, value in naming.constants(shape.enum)
    )


def quoted(text: str) -> str:
    """A Python literal with double quotes, as the formatter would make it."""
    return json.dumps(text, ensure_ascii=False)


def build_constraints(context: Context, structures: Iterable[Structure]) -> tuple[Constraint, ...]:
    """The constants for the shapes that are checked."""
    constraints: dict[str, Constraint] = {}
    for structure in structures:
        for field in structure.fields if structure.checked else ():
            for type_ in levels(field.type):
                constraint = wire.constraint(type_, context.spec.shapes, context.secret, context.trait_rules)
                if constraint:
                    constraints[constraint.shape] = constraint
    return tuple(constraints[name] for name in sorted(constraints))


def levels(type_: Type) -> list[Type]:
    """A type, and what it holds, and what that holds."""
    return [type_, *(levels(type_.element) if type_.element else ())]


def build_errors(context: Context) -> tuple[Error, ...]:
    """An exception class for each modelled error."""
    names = naming.error_classes(context.errors)
    errors = (build_error(context, context.structures[shape], name) for shape, name in names.items())
    return tuple(sorted(errors, key=lambda error: error.name))


def build_error(context: Context, shape: Shape, name: str) -> Error:
    """An exception class; what botocore gives every error (code and message) needs no property."""
    code = shape.error_code or shape.name
    properties = tuple(
        ErrorProperty(
            name=naming.safe(naming.member(member.name), ERROR_NAMES),
            wire=member.name,
            annotation="str" if context.type_of(shape, member).kind == "str" else "Any",
            doc=descriptions.member(context, shape, member),
        )
        for member in shape.members
        if member.name.lower() != "message"
    )
    return Error(
        name=name,
        base=error_base(code),
        code=quoted(code),
        doc=descriptions.error(context, shape),
        retryable=shape.retryable or shape.fault,
        properties=properties,
    )


def error_base(code: str) -> str:
    """The runtime's class for a code that many services share."""
    return next((cls.__name__ for cls in GENERAL_ERRORS if code in cls.codes), "ServiceError")


def needs_parser(context: Context, shape: Shape) -> bool:
    """Whether AWS's JSON for a shape differs from what botocore makes of it, timestamps and bytes aside.

    Members can have other names there, numbers can be texts such as "NaN", and unions say what they are
    that nobody knows.
    """
    raw = context.spec.raw["shapes"].get(shape.name, {}).get("members", {})
    renamed = any(member.get("locationName", name) != name for name, member in raw.items())
    return (
        renamed or shape.union or shape.event_stream or shape.streaming or shape.type in ("float", "double")
    )


def build_history(context: Context) -> Past | None:
    """When each name of the package came, and when others went; None where nobody knows."""
    history = context.history
    if not history.revisions:
        return None
    new: dict[str, list[str]] = defaultdict(list)
    for name, date in sorted(history.current.items()):
        if history.new_in(name):
            new[date].append(public_name(name))
    gone: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for life in history.gone:
        gone[life.until or ""].append((life.kind, public_name(life.name), life.since))
    return Past(
        revisions=tuple(history.revisions.items()),
        new=tuple((date, tuple(names)) for date, names in sorted(new.items())),
        gone=tuple((date, tuple(lives)) for date, lives in sorted(gone.items())),
    )


def public_name(name: str) -> str:
    """A thing of the model by the name of its class, as programs meet it."""
    shape, dot, rest = name.partition(".")
    return name if shape.endswith("()") else f"{naming.class_name(shape)}{dot}{rest}"


def botocore_model(spec: Spec) -> str:
    """The spec as botocore is to load it: without documentation, in the protocol that all of them know."""
    model = without_texts(spec.raw, TEXTS)
    model["metadata"] |= {"protocol": spec.protocol, "protocols": [spec.protocol]}
    return json.dumps(model, separators=(",", ":"), ensure_ascii=False) + "\n"
