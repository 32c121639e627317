"""Hypothesis strategies for every structure of a package, from its type hints and the service model.

What a value may be comes from the class (`typing.get_type_hints`), how long or large it may be from the
shape of the member in the model. Nothing here uses the generated wire code.

An `Api` is a package and the model that it was generated from. The functions of this module are those of
the SDK itself, with `specs/datasync/service-2.json`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen
from botocore import xform_name
from hypothesis import strategies as st

from datasync_sdk import models
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import FrozenMap

ROOT = Path(__file__).parents[2]
MODEL: dict[str, Any] = json.loads((ROOT / "specs/datasync/service-2.json").read_text("utf-8"))
RULES: dict[str, Any] = tomllib.loads((ROOT / "specs/datasync/rules.toml").read_text("utf-8"))

F = TypeVar("F", bound=Callable[..., Any])
Strategy: TypeAlias = st.SearchStrategy[Any]
ShapeLimits: TypeAlias = tuple[int, int | None]

LARGEST = 2**63 - 1
SPARE = 6
"""How much longer than the shortest allowed value the usual value is at most."""

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001  # zones follow
UTC_TIMES = TIMES.map(lambda moment: moment.replace(tzinfo=UTC))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
AWARE_TIMES = st.one_of(UTC_TIMES, st.builds(lambda moment, zone: moment.replace(tzinfo=zone), TIMES, ZONES))

UNKNOWN_WORDS = st.one_of(st.sampled_from(["", "NEW_VALUE", "none", "Grüße"]), st.text(max_size=9))


@frozen
class Member:
    """A member of a structure, as its class and as the model see it."""

    attribute: str
    name: str
    """In AWS's words."""
    shape: str
    hint: Any
    """The type without None."""
    required: bool
    """Whether the class cannot be made without it."""
    token: bool
    """Whether botocore fills it in where it is not there."""


def once(function: F) -> F:
    """A function that computes each answer once; `cache` with the types that it takes away."""
    return cast("F", cache(function))


def without_none(hint: Any) -> Any:
    """`X` of `X | None`."""
    rest = [argument for argument in get_args(hint) if argument is not type(None)]
    return rest[0] if type(None) in get_args(hint) else hint


def is_enum(hint: Any) -> bool:
    """Whether a type is an enum of the API."""
    return isinstance(hint, type) and issubclass(hint, OpenEnum)


def is_structure(hint: Any) -> bool:
    """Whether a type is a structure of the API."""
    return isinstance(hint, type) and issubclass(hint, Structure)


def is_list(hint: Any) -> bool:
    """Whether a type is a tuple of many."""
    return get_origin(hint) is tuple


def is_map(hint: Any) -> bool:
    """Whether a type is a mapping."""
    return get_origin(hint) is Mapping


@once
def words(cls: type[OpenEnum], unknown: bool) -> Strategy:
    """Members of an enum and their strings."""
    known = st.sampled_from([form for member in cls for form in (member, str(member.value))])
    return st.one_of(known, UNKNOWN_WORDS, UNKNOWN_WORDS.map(cls)) if unknown else known


@frozen(eq=False, slots=False)
class Api:
    """A generated package and the model that it was generated from."""

    models: ModuleType
    model: Mapping[str, Any]

    @cached_property
    def shapes(self) -> dict[str, dict[str, Any]]:
        """The shapes of the model."""
        return dict(self.model["shapes"])

    @cached_property
    def operations(self) -> dict[str, dict[str, Any]]:
        """The operations of the model."""
        return dict(self.model["operations"])

    @cached_property
    def structures(self) -> tuple[str, ...]:
        """The names of the structures."""
        return tuple(sorted(name for name, shape in self.shapes.items() if shape["type"] == "structure"))

    @cached_property
    def enums(self) -> tuple[str, ...]:
        """The names of the enums."""
        return tuple(sorted(name for name, shape in self.shapes.items() if "enum" in shape))

    @cached_property
    def requests(self) -> tuple[str, ...]:
        """The names of the requests."""
        return tuple(sorted(operation["input"]["shape"] for operation in self.operations.values()))

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The shapes that hold secrets: those that the model marks, and those of the rules."""
        marked = {name for name, shape in self.shapes.items() if shape.get("sensitive")}
        return frozenset(marked | {entry["shape"] for entry in RULES["sensitive"]} & self.shapes.keys())

    def class_of(self, name: str) -> type[Any]:
        """The class or enum of that name."""
        found: type[Any] = getattr(self.models, name)
        return found

    @once
    def members_of(self, cls: type[Any]) -> tuple[Member, ...]:
        """The members of a structure, in the order of the model."""
        shape = self.shapes[cls.__name__]
        hints = get_type_hints(cls)
        fields = {field.name: field for field in attrs.fields(cls)}
        found = []
        for name, member in shape["members"].items():
            field = fields.pop(xform_name(name))
            found.append(
                Member(
                    attribute=field.name,
                    name=name,
                    shape=member["shape"],
                    hint=without_none(hints[field.name]),
                    required=field.default is attrs.NOTHING,
                    token=member.get("idempotencyToken", False),
                )
            )
        assert not fields, f"{cls.__name__} has attributes that the model lacks: {sorted(fields)}"
        return tuple(found)

    def limits_of(self, shape: str) -> ShapeLimits:
        """The least and the largest length, or value, of a shape."""
        return self.shapes[shape].get("min", 0), self.shapes[shape].get("max")

    def sizes(self, shape: str, valid: bool) -> dict[str, Any]:
        """The arguments `min_size` and `max_size` for a value of a shape."""
        least, most = self.limits_of(shape)
        if not valid:
            return {"min_size": 0, "max_size": least + SPARE}
        return {"min_size": least, "max_size": least + SPARE if most is None else min(most, least + SPARE)}

    @once
    def texts(self, shape: str, valid: bool) -> Strategy:
        """Texts; valid ones are now and then as long as they may be."""
        most = self.limits_of(shape)[1]
        usual = st.text(**self.sizes(shape, valid))
        if not valid or most is None or most > 128:
            return usual
        return st.one_of(usual, usual, st.just("ä" * most))

    @once
    def numbers(self, shape: str, valid: bool) -> Strategy:
        """Integers of 64 bits."""
        if not valid:
            return st.integers(-LARGEST - 1, LARGEST)
        least, most = self.shapes[shape].get("min", -LARGEST - 1), self.shapes[shape].get("max", LARGEST)
        return st.one_of(st.integers(least, most), st.sampled_from([least, most]))

    @once
    def fractions(self, shape: str, valid: bool) -> Strategy:
        """Numbers that may have a fraction."""
        limits = self.shapes[shape] if valid else {}
        return st.floats(limits.get("min"), limits.get("max"), allow_nan=False, allow_infinity=False)

    @once
    def values(self, hint: Any, shape: str, valid: bool, unknown: bool) -> Strategy:
        """Values for an attribute of type `hint`."""
        if is_enum(hint):
            return words(hint, unknown)
        if is_structure(hint):
            return self.instances(hint, valid=valid, unknown_enums=unknown)
        if is_list(hint):
            element = self.values(get_args(hint)[0], self.shapes[shape]["member"]["shape"], valid, unknown)
            size = self.sizes(shape, valid)
            elements = st.lists(element, min_size=size["min_size"], max_size=min(size["max_size"], 3))
            return st.one_of(elements, elements.map(tuple))
        if is_map(hint):
            held = self.values(get_args(hint)[1], self.shapes[shape]["value"]["shape"], valid, unknown)
            keys = self.texts(self.shapes[shape]["key"]["shape"], valid)
            return st.dictionaries(keys, held, min_size=self.limits_of(shape)[0], max_size=2)
        return {
            str: self.texts(shape, valid),
            int: self.numbers(shape, valid),
            float: self.fractions(shape, valid),
            bool: st.booleans(),
            bytes: st.binary(**self.sizes(shape, valid)),
            datetime: AWARE_TIMES,
        }[hint]

    @once
    def instances(self, cls: type[Any], *, valid: bool = False, unknown_enums: bool = False) -> Strategy:
        """Well-typed objects of a class.

        With `valid` they obey min, max and enum, too, but not patterns; with `unknown_enums` some enum
        members hold values that the SDK does not know.
        """
        return st.builds(
            cls,
            **{
                member.attribute: given if member.required else st.one_of(st.none(), given, given)
                for member in self.members_of(cls)
                for given in [self.values(member.hint, member.shape, valid, unknown_enums)]
            },
        )

    @once
    def wire_values(self, hint: Any, shape: str, extra: bool, unknown: bool) -> Strategy:
        """Values for a member of type `hint`, as botocore's parser returns them."""
        if is_enum(hint):
            known = st.sampled_from(self.shapes[shape]["enum"])
            return st.one_of(known, UNKNOWN_WORDS) if unknown else known
        if is_structure(hint):
            return self.wire_mappings(hint, extra=extra, unknown_enums=unknown)
        if is_list(hint):
            element = self.shapes[shape]["member"]["shape"]
            return st.lists(self.wire_values(get_args(hint)[0], element, extra, unknown), max_size=3)
        if is_map(hint):
            held = self.wire_values(get_args(hint)[1], self.shapes[shape]["value"]["shape"], extra, unknown)
            return st.dictionaries(self.texts(self.shapes[shape]["key"]["shape"], False), held, max_size=2)
        return self.values(hint, shape, valid=False, unknown=False)

    @once
    def wire_mappings(self, cls: type[Any], *, extra: bool = False, unknown_enums: bool = False) -> Strategy:
        """Mappings in AWS's names, as botocore's parser returns them.

        With `extra` they hold members that the model does not have, with `unknown_enums` values.
        """
        optional: dict[str, Strategy] = {}
        required: dict[str, Strategy] = {}
        for member in self.members_of(cls):
            given = self.wire_values(member.hint, member.shape, extra, unknown_enums)
            (required if member.required else optional)[member.name] = given
        if extra:
            optional["ResponseMetadata"] = st.just({"RequestId": "0", "HTTPHeaders": {}})
            optional["AddedLater"] = st.sampled_from([1, "text", None, [1], {"A": {"B": b"c"}}])
        return st.fixed_dictionaries(required, optional=optional)

    def plain(self, value: Any) -> Any:
        """What a value is in AWS's names, found from the model alone; what is no structure stays."""
        if isinstance(value, Structure):
            pairs = [
                (member.name, getattr(value, member.attribute)) for member in self.members_of(type(value))
            ]
            return {name: self.plain(item) for name, item in pairs if item is not None}
        if isinstance(value, tuple):
            return [self.plain(item) for item in value]
        if isinstance(value, FrozenMap):
            return {key: self.plain(item) for key, item in value.items()}
        return str(value.value) if isinstance(value, OpenEnum) else value


SDK = Api(models, MODEL)
"""The SDK itself, of which the rest of this module's names speak."""

SHAPES, OPERATIONS = SDK.shapes, SDK.operations
STRUCTURES, ENUMS, REQUESTS = SDK.structures, SDK.enums, SDK.requests
class_of, members_of, limits_of = SDK.class_of, SDK.members_of, SDK.limits_of
values, instances, wire_mappings = SDK.values, SDK.instances, SDK.wire_mappings
plain = SDK.plain


def exactly(value: Any) -> Any:
    """A value with the types of all its parts, so that `==` compares these, too."""
    if isinstance(value, Structure):
        parts = {field.name: exactly(getattr(value, field.name)) for field in attrs.fields(type(value))}  # type: ignore[arg-type]
        return type(value), parts
    if isinstance(value, list | tuple):
        return type(value), [exactly(item) for item in value]
    if isinstance(value, dict):
        return type(value), {key: exactly(item) for key, item in value.items()}
    if isinstance(value, OpenEnum):
        return type(value), value.name, value.value, value.is_known
    if isinstance(value, datetime):
        return type(value), value.isoformat(), str(value.tzinfo)
    return type(value), value


def parts_of(value: Any) -> Iterator[Any]:
    """A value and everything in it."""
    yield value
    inner: Any = ()
    if isinstance(value, Structure):
        inner = [getattr(value, field.name) for field in attrs.fields(type(value))]  # type: ignore[arg-type]
    elif isinstance(value, list | tuple):
        inner = value
    elif isinstance(value, dict):
        inner = value.values()
    for part in inner:
        yield from parts_of(part)
