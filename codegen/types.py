"""Types of members: as annotations of attributes, and as types of arguments."""

from __future__ import annotations

from collections.abc import Callable

from codegen import naming
from codegen.imports import Imports
from codegen.model import Type
from codegen.spec import Member, Shape, Spec

RUNTIME = "datasync_sdk._runtime"

KINDS = {
    "string": "str",
    "integer": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "boolean": "bool",
    "timestamp": "datetime",
    "blob": "bytes",
}
BUILTINS = frozenset({"str", "int", "float", "bool", "bytes"})
HANDED_OVER = {
    "json": "JsonValue",
    "upload": "StreamingInput",
    "download": "StreamingBody",
    "events": "EventStream",
}


def member_type(spec: Spec, member: Member, *, answer: bool) -> Type:
    """The type of a member; `answer` says whether it stands at the top of an operation's answer."""
    shape = spec.shapes[member.shape]
    if member.json_value:
        return Type(kind="json", shape=shape.name)
    if member.streaming or shape.streaming:
        return Type(kind="download" if answer else "upload", shape=shape.name)
    return shape_type(spec, shape)


def shape_type(spec: Spec, shape: Shape) -> Type:
    """The type for a shape."""
    if shape.document:
        return Type(kind="json", shape=shape.name)
    if shape.event_stream:
        return Type(kind="events", shape=shape.name)
    if shape.type == "structure":
        name = naming.class_name(shape.name)
        return Type(kind="structure", shape=shape.name, name=name)
    if shape.element is not None:
        element = shape_type(spec, spec.shapes[shape.element])
        return Type(
            kind=shape.type, shape=shape.name, element=element, key=shape.key or "", sparse=shape.sparse
        )
    if shape.enum and shape.type == "string":
        return Type(kind="enum", shape=shape.name, name=naming.class_name(shape.name), module="enums")
    return Type(kind=KINDS[shape.type], shape=shape.name)


def leaf(type_: Type) -> Type:
    """The innermost type of a list or map."""
    return leaf(type_.element) if type_.element else type_


def annotation(type_: Type, names: Imports, cls: Callable[[Type], str]) -> str:
    """The type of an attribute. `cls` gives the name of an enum's or structure's class."""
    if type_.element:
        inner = annotation(type_.element, names, cls) + (" | None" if type_.sparse else "")
        if type_.kind == "list":
            return f"tuple[{inner}, ...]"
        return f"{names.helper('collections.abc', 'Mapping')}[str, {inner}]"
    return plain(type_, names) or cls(type_)


def argument(type_: Type, names: Imports, cls: Callable[[Type], str]) -> str:
    """The type of what a caller may give: enum members or their strings, any iterable for a list.

    A list of texts must be a list or tuple: a text alone is an iterable of texts, too.
    """
    if type_.kind == "list" and type_.element:
        inner = argument(type_.element, names, cls) + (" | None" if type_.sparse else "")
        if inner in ("str", "bytes"):
            return f"list[{inner}] | tuple[{inner}, ...]"
        return f"{names.helper('collections.abc', 'Iterable')}[{inner}]"
    if type_.kind == "map" and type_.element:
        inner = argument(type_.element, names, cls) + (" | None" if type_.sparse else "")
        return f"{names.helper('collections.abc', 'Mapping')}[str, {inner}]"
    if type_.kind == "enum":
        return f"{cls(type_)}Like"
    return plain(type_, names) or cls(type_)


def plain(type_: Type, names: Imports) -> str | None:
    """The annotation of everything that is no class of models."""
    if type_.kind in BUILTINS:
        return type_.kind
    if type_.kind == "datetime":
        return names.helper("datetime", "datetime")
    if type_.kind in HANDED_OVER:
        return names.helper(f"{RUNTIME}.values", HANDED_OVER[type_.kind])
    return None
