"""The modules of classes: which class stands where, and what its module and its wire code import."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from attrs import frozen

from codegen import converters, descriptions, naming, types, wire
from codegen.context import Context
from codegen.graph import closes_cycle
from codegen.imports import Imports
from codegen.model import Call, Field, ModelsModule, Structure, Type
from codegen.rules.checks import is_ruled, module_name
from codegen.spec import Member, Shape
from codegen.types import RUNTIME


@frozen(kw_only=True)
class Home:
    """A module while it is built."""

    name: str
    late: frozenset[str]
    """The modules that it has to import at its end, because they import it."""
    imports: Imports
    late_imports: Imports
    wire_imports: Imports
    wire_late_imports: Imports

    def among(self, module: str, imports: Imports, late_imports: Imports) -> Imports:
        """Where to note an import of another module."""
        return late_imports if module in self.late else imports


def build_modules(context: Context) -> tuple[ModelsModule, ...]:
    """All modules of classes, sorted by name."""
    members: dict[str, list[Shape]] = defaultdict(list)
    for shape in context.structures.values():
        members[context.module(shape.name)].append(shape)
    graph = {
        module: {other for shape in shapes for other in referred(context, shape)} - {module}
        for module, shapes in members.items()
    }
    late = closes_cycle(graph)
    return tuple(
        build_module(context, module, shapes, late[module]) for module, shapes in sorted(members.items())
    )


def referred(context: Context, shape: Shape) -> list[str]:
    """The modules of the structures that a structure refers to: its members' and its answer's."""
    leaves = (types.leaf(context.type_of(shape, member)) for member in shape.members)
    modules = [type_.module for type_ in leaves if type_.kind == "structure"]
    operation = context.inputs.get(shape.name)
    if operation and operation.output:
        modules.append(context.module(operation.output))
    return modules


def build_module(context: Context, module: str, shapes: list[Shape], late: frozenset[str]) -> ModelsModule:
    """One module of classes."""
    home = Home(
        name=module,
        late=late,
        imports=Imports(context.class_names),
        late_imports=Imports(context.class_names),
        wire_imports=Imports(),
        wire_late_imports=Imports(),
    )
    home.imports.own("attrs", "frozen")
    structures = tuple(build_structure(context, shape, home) for shape in shapes)
    calls = tuple(build_call(context, shape, home) for shape in shapes if shape.name in context.inputs)
    for structure in structures:
        note_wire_imports(context, structure, home)
    return ModelsModule(
        name=module,
        imports=home.imports.lines(),
        late_imports=home.late_imports.lines(),
        wire_imports=home.wire_imports.lines(),
        wire_late_imports=home.wire_late_imports.lines(),
        lookups=lookups(structures),
        structures=structures,
        calls=calls,
    )


def build_structure(context: Context, shape: Shape, home: Home) -> Structure:
    """A class."""
    taken: dict[str, str] = {}
    for member in shape.members:
        path = f"shapes.{shape.name}.members.{member.name}"
        naming.claim(taken, naming.member(member.name), member.name, path)
    return Structure(
        name=naming.class_name(shape.name),
        snake=naming.function(naming.class_name(shape.name)),
        base=base_class(context, shape, home),
        doc=descriptions.structure(context, shape),
        fields=tuple(build_field(context, shape, member, home) for member in shape.members),
        checked=shape.name in context.sent,
        union=shape.union,
    )


def base_class(context: Context, shape: Shape, home: Home) -> str:
    """`Structure`, or for a request `Request` of its answer's class."""
    runtime = f"{RUNTIME}.structures"
    operation = context.inputs.get(shape.name)
    if operation is None:
        return home.imports.helper(runtime, "Structure")
    base = home.imports.helper(runtime, "Request")
    if operation.output is None:
        return f"{base}[None]"
    response = naming.class_name(operation.output)
    module = context.module(operation.output)
    if module != home.name:
        imports = home.among(module, home.imports, home.late_imports)
        imports.own(f"{context.target.package}.models.{module}", response)
    return f'{base}["{response}"]'


def build_field(context: Context, shape: Shape, member: Member, home: Home) -> Field:
    """An attribute, with the statements of its wire code."""
    type_ = context.type_of(shape, member)
    name = naming.member(member.name)
    required = context.required(shape, member)
    text = types.annotation(type_, home.imports, importer(context, home))
    checked = shape.name in context.sent
    shapes = context.spec.shapes
    return Field(
        wire=member.name,
        name=name,
        type=type_,
        required=required,
        annotation=text if required else f"{text} | None",
        default=default(context, type_, home, required=required),
        argument=argument(type_, required=required),
        doc=descriptions.member(context, shape, member),
        summary=descriptions.member_summary(context, shape, member),
        read=wire.read(member.name, name, type_, required=required),
        write=wire.write(member.name, name, type_),
        check=wire.check(member.name, name, type_, shapes, required=required) if checked else (),
    )


def importer(context: Context, home: Home) -> Callable[[Type], str]:
    """A function that gives the name of a class and notes its import."""
    package = context.target.package

    def name_of(type_: Type) -> str:
        if type_.module != home.name:
            imports = home.among(type_.module, home.imports, home.late_imports)
            imports.own(f"{package}.models.{type_.module}", type_.name)
        return type_.name

    return name_of


def default(context: Context, type_: Type, home: Home, *, required: bool) -> str:
    """What stands behind the annotation of an attribute."""
    options = [] if required else ["default=None"]
    place = converters.place(type_, required=required)
    if place:
        module, name = place
        options.append(f"converter={home.imports.own(f'{context.target.package}.models.{module}', name)}")
    if context.hidden(type_):
        options.append("repr=False")
    if options == ["default=None"]:
        return " = None"
    return f" = {home.imports.helper('attrs', 'field')}({', '.join(options)})" if options else ""


def argument(type_: Type, *, required: bool) -> str:
    """The type of a method's argument; its classes are looked up in the package of models."""

    def name_of(inner: Type) -> str:
        return f"models.enums.{inner.name}" if inner.kind == "enum" else f"models.{inner.name}"

    text = types.argument(type_, Imports(), name_of)
    return text if required else f"{text} | None = None"


def build_call(context: Context, shape: Shape, home: Home) -> Call:
    """What `send` has to know of a request; its wire module imports the answer's class."""
    operation = context.inputs[shape.name]
    response = None
    if operation.output:
        response = naming.class_name(operation.output)
        module = context.module(operation.output)
        home.wire_imports.own(f"{context.target.package}.models.{module}", response)
    rules = ""
    if is_ruled(context, shape.name):
        module = module_name(context, shape.name)
        home.wire_imports.own(f"{context.target.package}._generated.rules", f"{module} as {module}_rules")
        rules = f", {module}_rules.RULES"
    return Call(
        operation=operation.name,
        method=naming.snake(operation.name),
        request=naming.class_name(shape.name),
        response=response,
        rules=rules,
    )


def note_wire_imports(context: Context, structure: Structure, home: Home) -> None:
    """Note what the wire code of a class uses."""
    package = context.target.package
    home.wire_imports.own(RUNTIME, "wire as w")
    home.wire_imports.own(f"{package}.models.{home.name}", structure.name)
    text = "\n".join(line for field in structure.fields for line in field.check)
    if re.search(r"\bc\.", text):
        home.wire_imports.own(f"{package}._generated", "constraints as c")
    for field in structure.fields:
        note_leaf(package, types.leaf(field.type), structure, home)


def note_leaf(package: str, type_: Type, structure: Structure, home: Home) -> None:
    """Note the enum, or the functions of the structure, that a member leads to."""
    if type_.kind == "enum":
        home.wire_imports.own(f"{package}.models.enums", type_.name)
    elif type_.kind == "structure":
        if structure.checked:
            home.wire_imports.own(f"{package}.models.{type_.module}", type_.name)
        if type_.module != home.name:
            imports = home.among(type_.module, home.wire_imports, home.wire_late_imports)
            for verb in ("structure", "unstructure", *(["check"] if structure.checked else ())):
                imports.own(
                    f"{package}._generated.wire.{type_.module}",
                    f"{verb}_{naming.function(type_.name)}",
                )


def lookups(structures: tuple[Structure, ...]) -> tuple[tuple[str, str], ...]:
    """The enums of a module's members."""
    leaves = (types.leaf(field.type) for structure in structures for field in structure.fields)
    names = {type_.name for type_ in leaves if type_.kind == "enum"}
    return tuple((naming.function(name), name) for name in sorted(names))
