"""The functions that make the value of an attribute from what a caller gives for it.

Each is a plain function with a name and full types, because that is the only kind of converter that mypy and
pyright both understand. They stand in modules that import no structure when they run: so they are there when
a class is made, even where classes refer to each other in a circle.
"""

from __future__ import annotations

from codegen import naming
from codegen.imports import Imports
from codegen.model import Converter, Type
from codegen.types import RUNTIME, annotation, argument


def place(type_: Type, *, required: bool) -> tuple[str, str] | None:
    """The converter of an attribute: the module of models that has it, and its name.

    None for types that need none. `to_x` lets None pass by, `require_x` is for members that must be given.
    """
    verb = "require" if required else "to"
    if type_.kind == "enum":
        return "enums", f"{verb}_{naming.function(type_.name)}"
    if type_.element is None:
        return None
    if type_.element.element is not None:
        return "values", "freeze"
    element = type_.element
    noun = naming.function(element.name) if element.name else element.kind
    suffix = "tuple" if type_.kind == "list" else "map"
    return "converters", f"{verb}_{noun}_{suffix}"


def build(type_: Type, names: Imports, *, required: bool) -> Converter | None:
    """The converter of an attribute; None where it is one of the runtime's, or where there is none."""
    home = place(type_, required=required)
    if home is None or home[0] == "values":
        return None
    none = "" if required else " | None"
    return Converter(
        module=home[0],
        name=home[1],
        takes=argument(type_, names, plain_name) + none,
        returns=annotation(type_, names, plain_name) + none,
        body=body(type_, names),
    )


def body(type_: Type, names: Imports) -> str:
    """The expression that does it."""
    if type_.kind == "enum":
        return f"{names.helper(f'{RUNTIME}.enums', 'to_member')}({type_.name}, value)"
    element = type_.element
    if type_.kind == "list" and element and element.kind == "enum":
        return f"{names.helper(f'{RUNTIME}.values', 'to_member_tuple')}({element.name}, value)"
    make = "to_tuple" if type_.kind == "list" else "to_map"
    return f"{names.helper(f'{RUNTIME}.values', make)}(value)"


def plain_name(type_: Type) -> str:
    """A class by its own name."""
    return type_.name
