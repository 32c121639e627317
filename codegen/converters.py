"""The functions that make the value of an attribute from what a caller gives for it.

Each is a plain function with a name and full types, because that is the only kind of converter that mypy and
pyright both understand. They stand in modules that import no structure when they run: so they are there when
a class is made, even where classes refer to each other in a circle.
"""

from __future__ import annotations

from codegen import naming
from codegen.imports import Imports
from codegen.model import Converter, Type
from codegen.types import annotation, argument


def place(type_: Type, *, required: bool) -> tuple[str, str] | None:
    """The converter of an attribute: the module of models that has it, and its name.

    None for types that need none. `to_x` lets None pass by, `require_x` is for members that must be given.
    """
    verb = "require" if required else "to"
    if type_.kind == "enum":
        return "enums", f"{verb}_{naming.function(type_.name)}"
    if type_.element is None:
        return None
    return "converters", f"{verb}_{noun(type_)}"


def noun(type_: Type) -> str:
    """What the converter of a type makes: `tag_list_entry_tuple`, `str_map_tuple`."""
    if type_.element is None:
        return naming.function(type_.name) if type_.name else type_.kind
    sparse = "optional_" if type_.sparse else ""
    return f"{sparse}{noun(type_.element)}_{'tuple' if type_.kind == 'list' else 'map'}"


def build(type_: Type, names: Imports, *, required: bool) -> Converter | None:
    """The converter of an attribute; None for types that need none."""
    home = place(type_, required=required)
    if home is None:
        return None
    none = "" if required else " | None"
    return Converter(
        module=home[0],
        name=home[1],
        takes=argument(type_, names, plain_name) + none,
        returns=annotation(type_, names, plain_name) + none,
        body=body(type_, "value"),
    )


def body(type_: Type, value: str) -> str:
    """The expression that makes a value of a type; empty where it would be the value itself."""
    if type_.kind == "enum":
        return f"_enums.to_member({type_.name}, {value})"
    if type_.element is None:
        return ""
    make = "to_tuple" if type_.kind == "list" else "to_map"
    element = body(type_.element, "item")
    return f"_values.{make}({value}, lambda item: {element})" if element else f"_values.{make}({value})"


def plain_name(type_: Type) -> str:
    """A class by its own name."""
    return type_.name
