"""Every structure of the API on its way to a dict and back, and as a value of Python."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast, get_args

import attrs
import pytest
from attrs import define, field, frozen
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import converter, models, structure, unstructure
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import FrozenMap
from datasync_sdk._runtime.wire import wire_of
from datasync_sdk.models import DescribeTaskResponse, Options, TagListEntry, TaskStatus, VerifyMode
from tests.sdk.strategies import (
    ENUMS,
    SDK,
    STRUCTURES,
    Api,
    Member,
    class_of,
    exactly,
    instances,
    is_enum,
    is_list,
    is_map,
    is_structure,
    members_of,
    parts_of,
    plain,
    wire_mappings,
)

EXAMPLES = 12
PLAIN = frozenset({dict, list, str, int, float, bool, bytes, datetime})
SECRET = "open-sesame-ZmVlbCBmcmVl"  # made up  # made up

structures = pytest.mark.parametrize("name", STRUCTURES)
few = settings(max_examples=EXAMPLES)


@define
class Laws:
    """What holds for every structure of a package."""

    api: Api
    generic: Converter = field(init=False)
    """What cattrs alone makes of the classes."""

    def __attrs_post_init__(self) -> None:
        self.generic = self.make_generic()

    def wire_names(self, cls: type[Any]) -> None:
        """The wire names are the model's, in the order of the attributes."""
        names = tuple(self.api.shapes[cls.__name__]["members"])
        assert wire_of(cls).names == names
        assert [field.name for field in attrs.fields(cls)] == [
            member.attribute for member in self.api.members_of(cls)
        ]

    def round_trip(self, value: Any) -> None:
        """An object comes back equal, part by part of the same type, with times in UTC."""
        again = structure(unstructure(value), type(value))
        assert again == value
        assert hash(again) == hash(value)
        assert exactly(again) == exactly(in_utc(value))
        self.assert_types(again)

    def unstructured_is_plain(self, value: Any) -> None:
        """What goes to boto3 is what the model says, of builtin types, and has no None."""
        made = unstructure(value)
        assert exactly(made) == exactly(self.api.plain(value))
        assert {type(part) for part in parts_of(made)} <= PLAIN

    def equals_cattrs(self, mapping: Mapping[str, Any], cls: type[Any]) -> None:
        """The generated functions do what cattrs does with renamed members, in both directions."""
        value = structure(mapping, cls)
        assert exactly(value) == exactly(self.generic.structure(mapping, cls))
        assert exactly(unstructure(value)) == exactly(self.generic.unstructure(value))
        assert exactly(converter.structure(mapping, cls)) == exactly(value)
        assert exactly(converter.unstructure(value)) == exactly(unstructure(value))

    def unknown_is_ignored_or_kept(self, mapping: Mapping[str, Any], cls: type[Any]) -> None:
        """Unknown members are ignored at every level; unknown enum values come through twice."""
        value = structure(mapping, cls)
        self.assert_types(value)
        expected = self.without_extra(mapping, cls)
        assert unstructure(value) == in_utc(expected)
        assert exactly(structure(unstructure(value), cls)) == exactly(value)
        self.assert_enums(value, expected)

    def none_is_absence(self, cls: type[Any]) -> None:
        """A member that is None in a mapping is as one that is not there."""
        needed = self.api.plain(self.smallest(cls))
        absent = {member.name: None for member in self.api.members_of(cls) if not member.required}
        assert exactly(structure({**absent, **needed}, cls)) == exactly(structure(needed, cls))

    def copies(self, value: Any) -> None:
        """Pickles, copies and evolved objects are equal, hash alike and have parts of the same types."""
        copies = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, 6)]
        copies += [copy.copy(value), copy.deepcopy(value), attrs.evolve(value)]
        copies.append(structure(unstructure(in_utc(value)), type(value)))
        for again in copies[:-1]:
            assert exactly(again) == exactly(value)
        for again in copies:
            assert again == value
            assert hash(again) == hash(value)
            assert {value: 1}[again] == 1

    def evolve_changes_one_member(self, value: Any) -> None:
        """An object with another value of one member is unequal, and only that member differs."""
        for member in self.api.members_of(type(value)):
            other = attrs.evolve(value, **{member.attribute: self.example(member)})
            if getattr(other, member.attribute) == getattr(value, member.attribute):
                assert other == value
            else:
                assert other != value
                assert value == attrs.evolve(other, **{member.attribute: getattr(value, member.attribute)})

    def frozen(self, cls: type[Any]) -> None:
        """Nothing can be assigned, added or deleted, however the object was made."""
        made = self.smallest(cls)
        read = structure(self.api.plain(made), cls)
        assert read == made
        for value in (read, made):
            assert type(value) is cls
            assert not hasattr(value, "__dict__")
            for attribute in (*(member.attribute for member in self.api.members_of(cls)), "added"):
                with pytest.raises(AttributeError):
                    setattr(value, attribute, None)
            for member in self.api.members_of(cls):
                with pytest.raises(AttributeError):
                    delattr(value, member.attribute)
        assert read == made

    def repr_hides_secrets(self, cls: type[Any]) -> None:
        """`repr` shows every member except the sensitive ones, at any depth."""
        full = self.filled(cls, ())
        shown = repr(full)
        assert SECRET not in shown
        assert shown.startswith(f"{cls.__name__}(")
        for member in self.api.members_of(cls):
            assert (f"{member.attribute}=" in shown) == (member.shape not in self.api.sensitive)

    def without_extra(self, mapping: Mapping[str, Any], cls: type[Any]) -> dict[str, Any]:
        """A mapping without the members that the model does not have."""
        return {
            member.name: self.reduced(mapping[member.name], member.hint)
            for member in self.api.members_of(cls)
            if member.name in mapping
        }

    def reduced(self, value: Any, hint: Any) -> Any:
        """A member of such a mapping, lists as lists and maps as dicts."""
        if is_structure(hint):
            return self.without_extra(value, hint)
        if is_list(hint):
            return [self.reduced(item, get_args(hint)[0]) for item in value]
        if is_map(hint):
            return {key: self.reduced(item, get_args(hint)[1]) for key, item in value.items()}
        return value

    def assert_types(self, value: Structure) -> None:
        """Every attribute has exactly the type of its hint."""
        for member in self.api.members_of(type(value)):
            item = getattr(value, member.attribute)
            if item is not None or member.required:
                self.assert_type(item, member.hint)

    def assert_type(self, value: Any, hint: Any) -> None:
        """A value is of a type, down to the last part."""
        if is_list(hint):
            assert type(value) is tuple
            for item in value:
                self.assert_type(item, get_args(hint)[0])
            return
        if is_map(hint):
            assert type(value) is FrozenMap
            for key, item in value.items():
                assert type(key) is str
                self.assert_type(item, get_args(hint)[1])
            return
        assert type(value) is hint
        if is_structure(hint):
            self.assert_types(value)
        elif hint is datetime:
            assert value.tzinfo is UTC

    def assert_enums(self, value: Any, data: Any) -> None:
        """Enum members stand for strings: equal to them, and known exactly if the model lists them."""
        if isinstance(value, Structure):
            for member in self.api.members_of(type(value)):
                self.assert_enums(getattr(value, member.attribute), data.get(member.name))
        elif isinstance(value, tuple):
            for item, source in zip(value, data, strict=True):
                self.assert_enums(item, source)
        elif isinstance(value, FrozenMap):
            for key, item in value.items():
                self.assert_enums(item, data[key])
        elif isinstance(value, OpenEnum):
            assert value == data
            assert type(data) is str
            assert value.is_known == (data in self.api.shapes[type(value).__name__]["enum"])

    def smallest(self, cls: type[Any]) -> Any:
        """An object with nothing in it that can be left out."""
        return cls(**{m.attribute: self.example(m) for m in self.api.members_of(cls) if m.required})

    def example(self, member: Member) -> Any:
        """Some value for a member."""
        return self.example_of(member.hint, member.shape)

    def example_of(self, hint: Any, shape: str) -> Any:
        """Some value of a type."""
        if is_enum(hint):
            return hint(self.api.shapes[shape]["enum"][0])
        if is_list(hint):
            return ()
        if is_structure(hint):
            return self.smallest(hint)
        if is_map(hint):
            return {}
        values: dict[Any, Any] = {str: "text", int: 7, float: 7.5, bool: True, bytes: b"bytes"}
        return values.get(hint, datetime(2020, 2, 3, tzinfo=UTC))

    def filled(self, cls: type[Any], above: tuple[type[Any], ...]) -> Any:
        """An object with a value in every member, and the secret in every sensitive one."""
        assert cls not in above
        return cls(
            **{
                member.attribute: self.filling(member.hint, member.shape, (*above, cls))
                for member in self.api.members_of(cls)
            }
        )

    def filling(self, hint: Any, shape: str, above: tuple[type[Any], ...]) -> Any:
        """A value of a type, with secrets in it."""
        if shape in self.api.sensitive:
            return SECRET.encode() if hint is bytes else SECRET
        if is_structure(hint):
            return self.filled(hint, above)
        if is_list(hint):
            return (self.filling(get_args(hint)[0], self.api.shapes[shape]["member"]["shape"], above),)
        if is_map(hint):
            return {"key": self.filling(get_args(hint)[1], self.api.shapes[shape]["value"]["shape"], above)}
        return self.example_of(hint, shape)

    def make_generic(self) -> Converter:
        """What cattrs alone makes of these classes: names from the model, and nothing generated."""
        generic = Converter(unstruct_collection_overrides={tuple: list, Mapping: dict})
        generic.register_structure_hook_factory(
            is_map, lambda hint: frozen_map_of(generic, get_args(hint)[1])
        )
        generic.register_structure_hook_func(is_enum, lambda value, cls: cls(value))
        generic.register_unstructure_hook(OpenEnum, lambda member: member.value)
        generic.register_structure_hook(datetime, lambda value, _: value.astimezone(UTC))
        generic.register_unstructure_hook(datetime, lambda value: value)
        generic.register_structure_hook(bytes, lambda value, _: value)
        generic.register_unstructure_hook(bytes, lambda value: value)
        generic.register_structure_hook_factory(
            is_structure, lambda cls: make_dict_structure_fn(resolved(cls), generic, **self.renamed(cls))
        )
        generic.register_unstructure_hook_factory(is_structure, self.unstructure_factory(generic))
        return generic

    def unstructure_factory(self, generic: Converter) -> Callable[[type[Any]], Callable[[Any], Any]]:
        """What makes the functions that leave out members which are None."""
        return lambda cls: make_dict_unstructure_fn(
            resolved(cls), generic, _cattrs_omit_if_default=True, **self.renamed(cls)
        )

    def renamed(self, cls: type[Any]) -> dict[str, Any]:
        """AWS's names for the attributes of a class."""
        return {member.attribute: override(rename=member.name) for member in self.api.members_of(cls)}


LAWS = Laws(SDK)


def test_everything_is_exported() -> None:
    """The classes are the structures of the model, and the enums its enums, no more and no less."""
    assert sorted(models.__all__) == sorted((*STRUCTURES, *ENUMS))
    assert len(STRUCTURES) == 156
    assert len(ENUMS) == 44


@structures
def test_wire_names(name: str) -> None:
    """The wire names are the model's, in the order of the attributes."""
    LAWS.wire_names(class_of(name))


@structures
@few
@given(data=st.data())
def test_round_trip(name: str, data: st.DataObject) -> None:
    """An object comes back equal, part by part of the same type, with times in UTC."""
    LAWS.round_trip(data.draw(instances(class_of(name), unknown_enums=True)))


@structures
@few
@given(data=st.data())
def test_unstructured_is_plain(name: str, data: st.DataObject) -> None:
    """What goes to boto3 is what the model says, of builtin types, and has no None."""
    LAWS.unstructured_is_plain(data.draw(instances(class_of(name), unknown_enums=True)))


@structures
@few
@given(data=st.data())
def test_generated_code_equals_cattrs(name: str, data: st.DataObject) -> None:
    """The generated functions do what cattrs does with renamed members, in both directions."""
    mapping = data.draw(wire_mappings(class_of(name), extra=True, unknown_enums=True))
    LAWS.equals_cattrs(mapping, class_of(name))


@structures
@few
@given(data=st.data())
def test_unknown_is_ignored_or_kept(name: str, data: st.DataObject) -> None:
    """Unknown members are ignored at every level; unknown enum values come through twice."""
    mapping = data.draw(wire_mappings(class_of(name), extra=True, unknown_enums=True))
    LAWS.unknown_is_ignored_or_kept(mapping, class_of(name))


@structures
def test_none_in_an_answer_is_absence(name: str) -> None:
    """A member that is None in a mapping is as one that is not there."""
    LAWS.none_is_absence(class_of(name))


@structures
@few
@given(data=st.data())
def test_copies(name: str, data: st.DataObject) -> None:
    """Pickles, copies and evolved objects are equal, hash alike and have parts of the same types."""
    LAWS.copies(data.draw(instances(class_of(name), unknown_enums=True)))


@structures
@few
@given(data=st.data())
def test_evolve_changes_one_member(name: str, data: st.DataObject) -> None:
    """An object with another value of one member is unequal, and only that member differs."""
    LAWS.evolve_changes_one_member(data.draw(instances(class_of(name))))


@structures
def test_frozen(name: str) -> None:
    """Nothing can be assigned, added or deleted, however the object was made."""
    LAWS.frozen(class_of(name))


@structures
def test_repr_hides_secrets(name: str) -> None:
    """`repr` shows every member except the sensitive ones, at any depth."""
    LAWS.repr_hides_secrets(class_of(name))


def test_secrets_are_in_the_objects() -> None:
    """The test above looks at objects that do hold secrets, of all sensitive shapes."""
    holders = {
        member.shape
        for name in STRUCTURES
        for member in members_of(class_of(name))
        if member.shape in SDK.sensitive and SECRET in str(plain(LAWS.filled(class_of(name), ())))
    }
    assert holders == SDK.sensitive
    assert len(SDK.sensitive) == 6


@frozen
class Record:
    """A class of somebody who stores what DataSync says."""

    task: DescribeTaskResponse
    tags: list[TagListEntry]
    options: dict[str, Options]
    history: tuple[TaskStatus, ...]
    mode: VerifyMode | None
    at: datetime
    digest: bytes
    last: Options | None = None


@few
@given(
    record=st.builds(
        Record,
        task=instances(DescribeTaskResponse, unknown_enums=True),
        tags=st.lists(instances(TagListEntry), max_size=3),
        options=st.dictionaries(st.text(max_size=5), instances(Options), max_size=2),
        history=st.lists(st.text(max_size=9).map(TaskStatus), max_size=3).map(tuple),
        mode=st.one_of(st.none(), st.sampled_from(VerifyMode)),
        at=st.datetimes(timezones=st.just(UTC)),
        digest=st.binary(),
        last=st.one_of(st.none(), instances(Options, unknown_enums=True)),
    )
)
def test_models_in_other_classes(record: Record) -> None:
    """The public converter reads and writes classes that hold models, lists and dicts of them."""
    made = converter.unstructure(record)
    assert made["mode"] == record.mode
    assert {type(part) for part in parts_of(made)} <= PLAIN | {tuple, type(None)}
    assert made["task"] == unstructure(record.task)
    assert made["tags"] == [unstructure(tag) for tag in record.tags]
    assert made["options"] == {key: unstructure(item) for key, item in record.options.items()}
    assert list(made["history"]) == [status.value for status in record.history]
    again = converter.structure(made, Record)
    assert again == record
    assert all(type(status) is TaskStatus for status in again.history)


def test_converter_reads_json_times() -> None:
    """The converter makes datetimes of what JSON can hold, also outside of models."""
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    for form in (moment.timestamp(), moment.isoformat(), "2024-05-06T07:08:09Z"):
        assert converter.structure(form, datetime) == moment


def in_utc(value: Any) -> Any:
    """The same with all times in UTC."""
    if isinstance(value, Structure):
        changes = {
            field.name: in_utc(getattr(value, field.name))
            for field in attrs.fields(type(value))  # type: ignore[arg-type]
        }
        return attrs.evolve(cast("Any", value), **changes)
    if isinstance(value, list | tuple):
        return type(value)(in_utc(item) for item in value)
    if isinstance(value, dict):
        return {key: in_utc(item) for key, item in value.items()}
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def resolved(cls: type[Any]) -> type[Any]:
    """A class whose annotations are types."""
    return attrs.resolve_types(cls)


def frozen_map_of(generic: Converter, held: Any) -> Callable[[Mapping[str, Any], Any], FrozenMap[Any]]:
    """What makes the mappings of an attribute."""
    return lambda value, _: FrozenMap({key: generic.structure(item, held) for key, item in value.items()})
