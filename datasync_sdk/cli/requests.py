"""Requests as people write them in JSON, in AWS's names: read with all that is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from types import NoneType
from typing import Any, ClassVar, Final, Literal, get_args, get_origin

from datasync_sdk import models as m
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.caller import Caller
from datasync_sdk._runtime.checks import Found, Path, report
from datasync_sdk._runtime.diagnose import cached_hints
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.rules import blank
from datasync_sdk._runtime.session import Wanted
from datasync_sdk._runtime.structures import Request, Structure, attributes
from datasync_sdk._runtime.values import to_bytes, to_utc
from datasync_sdk._runtime.wire import operation_of, wire_of
from datasync_sdk.errors import ConfigurationError

__all__ = ["UNKNOWN", "Checker", "fitting_operation", "operations", "read_json_object", "read_request"]

UNKNOWN: Final = "unknown"
"""The rule of members that the API does not have."""
SHOWN: Final = 12
"""How many operations a message lists."""


class Checker(Caller):
    """Checks requests as a client does, without one: nobody needs a Region to see what is wrong."""

    service = SERVICE
    _handed_in_by: ClassVar[str] = ""

    def __init__(self, *, is_strict: bool, ignored_rules: Iterable[str]) -> None:
        """A checker.

        Args:
            is_strict: look at the patterns of texts, too.
            ignored_rules: ids of rules that are not to be looked at.

        Raises:
            ConfigurationError: there is no such rule.
        """
        validate: bool | Literal["strict"] = "strict" if is_strict else True
        self._set_up(Wanted(), None, validate=validate, ignored_rules=ignored_rules, settle_seconds=0)


def operations() -> dict[str, type[Request[Any]]]:
    """The request classes, by the names of their operations."""
    made: dict[str, type[Request[Any]]] = {}
    for name in m.__all__:
        cls = getattr(m, name)
        if isinstance(cls, type) and issubclass(cls, Request):
            made[operation_of(cls).name] = cls
    return made


def fitting_operation(data: Mapping[str, Any]) -> str:
    """The one operation whose request can look like this, by the names of its members.

    Raises:
        ConfigurationError: there is none, or there are several.
    """
    known = operations()
    found = [name for name, cls in known.items() if fits(data, cls)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(found[:SHOWN]) + (", ..." if len(found) > SHOWN else "")
        told = f"{len(found)} operations have such requests ({listed})"
        raise ConfigurationError(f"{told}: say which one it is for, as --operation {found[0]}")
    nearest = max(known, key=lambda name: nearness(data, known[name]))
    raise ConfigurationError(
        f"no operation has such a request: say which one it is for, as --operation {nearest}"
    )


def nearness(data: Mapping[str, Any], cls: type[Request[Any]]) -> tuple[int, int]:
    """How much of a request an operation knows, and of how much it is."""
    names = wire_of(cls).names
    return len(data.keys() & set(names)), -len(names)


def fits(data: Mapping[str, Any], cls: type[Request[Any]]) -> bool:
    """Whether a request has all members that it must have, and no others than it can have."""
    names = wire_of(cls).names
    needed = (name for name, each in zip(names, cls.__attrs_attrs__, strict=True) if is_required(each))  # type: ignore[attr-defined]  # an attrs class
    return data.keys() <= set(names) and all(data.get(name) is not None for name in needed)


def is_required(attribute: Any) -> bool:
    """Whether an attribute must be there."""
    import attrs

    return attribute.default is attrs.NOTHING


def read_json_object(text: str) -> dict[str, Any]:
    """A JSON object, in which no name stands twice.

    Raises:
        ConfigurationError: it is none; the message has the place.
    """
    try:
        data = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ConfigurationError(f"the request is no JSON: {error.msg} at {place}") from error
    except RecursionError as error:
        raise ConfigurationError(
            "the request is no JSON that anybody can read: it is nested too deep"
        ) from error
    if not isinstance(data, dict):
        raise ConfigurationError(f"the request must be a JSON object, not {type(data).__name__}")
    return data


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ConfigurationError(f"the request has {twice!r:.60} twice in the same object: one would be lost")
    return made


def read_request(data: Mapping[str, Any], cls: type[Request[Any]], found: Found) -> Request[Any]:
    """A request with all that is said, whatever it is; `check` tells what is missing or of a wrong form.

    Args:
        data: the request in AWS's names.
        cls: its class.
        found: takes a violation for each member that the API does not have.
    """
    made: Request[Any] = made_of(data, cls, (), found)
    return made


def made_of(data: Mapping[str, Any], cls: type[Any], at: Path, found: Found) -> Any:
    """A structure."""
    made = blank(cls)
    hashable: Any = cls
    hints, names = cached_hints(hashable), wire_of(cls).names
    for name, attribute in zip(names, attributes(made), strict=True):
        value = value_of(data.get(name), hints[attribute.name], (at, name), found)
        object.__setattr__(made, attribute.name, value)  # It is frozen for those who have it.
    for name in data:
        if name not in names:
            report(found, UNKNOWN, (at, name), f"there is no such member{hint(name, names)}")
    return made


def hint(name: str, names: Iterable[str]) -> str:
    """What may be meant by a name that is none."""
    by_letters = {each.lower(): each for each in names}
    near = get_close_matches(name.replace("_", "").replace("-", "").lower(), by_letters, n=3)
    return f"; did you mean {' or '.join(by_letters[each] for each in near)}?" if near else ""


def value_of(value: Any, kind: Any, at: Path, found: Found) -> Any:
    """A value of the type that a member has; one of another form stays as it is."""
    kinds = [each for each in get_args(kind) if each is not NoneType]
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            return value
        return tuple(value_of(item, kinds[0], (at, index), found) for index, item in enumerate(value))
    if len(kinds) == 1:  # Of `X | None`.
        return value_of(value, kinds[0], at, found)
    if not isinstance(kind, type):
        return value
    if issubclass(kind, Structure):
        return made_of(value, kind, at, found) if isinstance(value, Mapping) else value
    return plain_value(value, kind)


def plain_value(value: Any, kind: type) -> Any:
    """An enum's member, a time or bytes of a text."""
    converters: dict[type, Callable[[Any], object]] = {OpenEnum: kind, datetime: to_utc, bytes: to_bytes}
    convert = next((each for base, each in converters.items() if issubclass(kind, base)), None)
    if convert is None or not isinstance(value, str):
        return value
    try:
        return convert(value)
    except (ValueError, OverflowError, OSError):
        return value
