"""From structures to the dicts that boto3 takes, and back.

The code that does it is generated, a module for each module of models; this file finds it. A class in
`<package>.models.<name>` has its wire code in `<package>._generated.wire.<name>`, which is imported when
it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias, TypeVar

from datasync_sdk._runtime.checks import Found, Path, check_member, check_structure, check_union
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.fill import twin
from datasync_sdk._runtime.rules import Checks
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.values import FrozenMap, to_bytes, to_items, to_utc

# What generated wire code uses, by the one name under which it imports this module.
__all__ = [
    "Data",
    "Found",
    "FrozenMap",
    "Made",
    "Operation",
    "Operations",
    "Path",
    "Value",
    "Wire",
    "Wires",
    "check_member",
    "check_structure",
    "check_union",
    "to_bytes",
    "to_items",
    "to_utc",
    "twin",
]

S = TypeVar("S", bound=Structure)

# The types that generated wire code is written in.
Value: TypeAlias = Any
Data: TypeAlias = Mapping[str, Any]
Made: TypeAlias = dict[str, Any]


class Wire(NamedTuple):
    """The generated functions of one class."""

    structure: Callable[[Mapping[str, Any]], Any]
    unstructure: Callable[[Any], dict[str, Any]]
    names: tuple[str, ...]
    """The members in AWS's names, in the order of the attributes."""
    check: Callable[[Any, Any, Any, bool], None] | None = None
    """None for classes that are no part of a request."""


class Operation(NamedTuple):
    """What `send` needs to know of a request."""

    name: str
    """As AWS writes it: `CreateTask`."""
    method: str
    """As boto3 writes it: `create_task`."""
    wire: Wire
    response: type[Structure] | None
    """The class of the answer; None where the service answers with nothing."""
    rules: Checks | None = None
    """What the documentation asks of the request; None where it asks nothing."""


Wires: TypeAlias = dict[type, Wire]
Operations: TypeAlias = dict[type, Operation]

_wires: Wires = {}
_operations: Operations = {}
_python_names: dict[type, frozenset[str]] = {}


def wire_of(cls: type) -> Wire:
    """The wire code of a class; TypeError where it has none."""
    wire = _wires.get(cls)
    if wire is None:
        load(cls)
        wire = _wires[cls]
    return wire


def operation_of(cls: type[Structure]) -> Operation:
    """The operation of a generated request class; TypeError for every other class."""
    operation = _operations.get(cls)
    if operation is None:
        load(cls)
        operation = _operations.get(cls)
        if operation is None:
            raise TypeError(f"{cls.__name__} is not the request of an operation")
    return operation


def has_wire(cls: object) -> bool:
    """Whether a class is a structure of an API, and so a matter of generated code."""
    return isinstance(cls, type) and issubclass(cls, Structure)


def load(cls: type) -> None:
    """Import the wire code of the module that a class comes from."""
    if not has_wire(cls):
        name = getattr(cls, "__name__", repr(cls))
        raise TypeError(f"{name} is not a structure of an API; use datasync_sdk.converter for it")
    package, models, name = cls.__module__.rpartition(".models.")
    module = import_if_there(f"{package}._generated.wire.{name}") if models else None
    if module:
        _wires.update(module.WIRE)
        _operations.update(module.OPERATIONS)
    if cls not in _wires:
        raise TypeError(f"{cls.__name__} is not a generated class; give its generated parent")


def import_if_there(name: str) -> Any:
    """A module; None where it, or a package that it would be in, does not exist."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            return None
        raise


def structure(mapping: Mapping[str, Any], cls: type[S]) -> S:
    """Make an object of `cls` from a mapping in AWS's names, such as boto3 returns.

    Unknown members are ignored, unknown enum values kept. Lists become tuples, timestamps aware UTC
    datetimes.

    Raises:
        StructureError: a member that is always there is missing, or a structure, list, map, enum or
            timestamp has another form; the message has the path. Plain texts and numbers are taken as
            they are.
        TypeError: `cls` is not a structure of an API.
    """
    if not isinstance(cls, type):
        raise TypeError(f"{cls!s:.80} is not a structure of an API; give the mapping first, then the class")
    wire = _wires.get(cls) or wire_of(cls)
    if issubclass(cls, Request) or has_python_names(mapping, cls, wire):
        from datasync_sdk._runtime.diagnose import fitting_error

        if unfit := fitting_error(mapping, cls):
            raise unfit
    return structure_answer(mapping, cls, wire)


def structure_answer(mapping: Mapping[str, Any], cls: type[S], wire: Wire) -> S:
    """What `structure` gives, without its look at the names: those of an answer are AWS's."""
    try:
        result: S = wire.structure(mapping)
    except Exception as error:
        from datasync_sdk._runtime.diagnose import structure_error

        raise structure_error(mapping, cls, error) from error
    return result


def has_python_names(mapping: object, cls: type, wire: Wire) -> bool:
    """Whether a mapping has Python's names: they would be ignored as unknown, and their values lost."""
    names = _python_names.get(cls)
    if names is None:
        attributes = {a.name for a in cls.__attrs_attrs__}  # type: ignore[attr-defined]  # an attrs class
        names = _python_names[cls] = frozenset(attributes.difference(wire.names))
    return isinstance(mapping, Mapping) and not names.isdisjoint(mapping)


def unstructure(value: Structure) -> dict[str, Any]:
    """Make the dict that boto3 takes, in AWS's names, without the members that are None.

    It refuses nothing: a value of a wrong type is handed on as it is. Finding those is the check's work.

    Raises:
        TypeError: `value` is not a structure of an API.
    """
    wire = _wires.get(value.__class__) or wire_of(value.__class__)
    try:
        return wire.unstructure(value)
    except (AttributeError, TypeError):
        made: dict[str, Any] = unstructure_anything(value)
        return made


def unstructure_anything(value: Any) -> Any:
    """What `unstructure` gives, slowly, for objects that hold values of other types than their class says."""
    if has_wire(value.__class__):
        values = [getattr(value, attribute.name) for attribute in value.__attrs_attrs__]
        named = zip(wire_of(value.__class__).names, values, strict=True)
        return {name: unstructure_anything(held) for name, held in named if held is not None}
    if isinstance(value, OpenEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [unstructure_anything(item) for item in value]
    if isinstance(value, Mapping):
        return {key: unstructure_anything(item) for key, item in value.items()}
    return value
