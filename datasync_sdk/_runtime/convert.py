"""The public cattrs converter: generated wire code as hooks, so that models fit into other classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cattrs import Converter

from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.values import to_utc
from datasync_sdk._runtime.wire import has_wire, structure, unstructure


def make_converter() -> Converter:
    """A converter that knows every generated class, and bytes and datetimes as boto3 has them."""
    converter = Converter()
    converter.register_structure_hook_func(has_wire, structure)
    converter.register_unstructure_hook_func(has_wire, unstructure)
    converter.register_structure_hook_func(is_open_enum, structure_enum)
    # By class, not by predicate: cattrs asks its hook for str first, and enum members are strings.
    converter.register_unstructure_hook(OpenEnum, lambda member: member.value)
    converter.register_structure_hook(datetime, lambda value, _: to_utc(value))
    converter.register_structure_hook(bytes, lambda value, _: bytes(memoryview(value)))  # No int.
    return converter


def is_open_enum(cls: Any) -> bool:
    """Whether a class is a generated enum."""
    return isinstance(cls, type) and issubclass(cls, OpenEnum)


def structure_enum(value: Any, cls: type[OpenEnum]) -> OpenEnum:
    """The member of an enum, or the pseudo-member for a value that is not known."""
    return cls(value)


converter = make_converter()
