"""Answers of DataSync as documents: JSON for programs, in AWS's names, and lines for people."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import click

from datasync_sdk._runtime.structures import Structure, attributes
from datasync_sdk._runtime.wire import has_wire, wire_of
from datasync_sdk.cli.sizes import size
from datasync_sdk.cli.wording import duration, moment, plain, timestamp

__all__ = ["document", "lines", "write_json", "write_json_line"]

HIDDEN: Final = "*****"
"""What stands for a secret."""


def document(value: Any) -> Any:  # noqa: PLR0911  # one for each type
    """A value as JSON has it: AWS's names, times in ISO 8601, without secrets and what is not set."""
    match value:
        case Structure() if has_wire(type(value)):
            return {name: shown for name, shown in members(value) if shown is not None}
        case datetime():
            return timestamp(value)
        case bytes():
            return b64encode(value).decode("ascii")
        case Mapping():
            return {str(key): document(item) for key, item in value.items()}
        case tuple() | list():
            return [document(item) for item in value]
        case str():
            return str(value)
        case _:
            return value


def members(structure: Structure) -> Iterator[tuple[str, Any]]:
    """The members of a structure, by AWS's names."""
    for name, attribute in zip(wire_of(type(structure)).names, attributes(structure), strict=True):
        value = getattr(structure, attribute.name)
        yield name, HIDDEN if value is not None and not attribute.repr else document(value)


def write_json(value: Any) -> None:
    """Write a document, for programs and for those who look at what programs get."""
    click.echo(json.dumps(document(value), indent=2))


def write_json_line(value: Any) -> None:
    """Write a document as one line, at once: somebody waits for it at the other end of a pipe."""
    click.echo(json.dumps(document(value)))


def lines(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A document of an answer as lines for people."""
    width = max((len(name) for name, item in value.items() if not is_nested(item)), default=0)
    for name, item in value.items():
        if is_nested(item):
            yield f"{indent}{plain(name)}"
            for each in item if isinstance(item, list) else [item]:
                yield from item_lines(each, f"{indent}  ")
        else:
            yield f"{indent}{plain(name):{width}}  {told(name, item)}"


def item_lines(item: Any, indent: str) -> Iterator[str]:
    """An element of a list, or a nested structure, as lines."""
    if isinstance(item, Mapping):
        yield from lines(item, indent)
    else:
        yield f"{indent}{told('', item)}"


def is_nested(item: Any) -> bool:
    """Whether a value takes lines of its own."""
    return isinstance(item, list | Mapping) and bool(item)


def told(name: str, item: Any) -> str:  # noqa: PLR0911  # one for each unit
    """A plain value for people, by what its name says of its unit."""
    match item:
        case bool():
            return "yes" if item else "no"
        case int() if "Bytes" in name:
            return "unlimited" if item < 0 else f"{item:,} ({size(item)})"
        case int() if name.endswith("Duration"):
            return duration(timedelta(milliseconds=item))
        case int() if name.startswith(("Estimated", "Files", "Folders")):
            return f"{item:,}"
        case str() if name.endswith("Time") and item.endswith("Z"):
            return moment(datetime.fromisoformat(item))
        case list() | Mapping():
            return "none"
        case _:
            return plain(str(item))
