"""Open enums, points in time, frozen mappings, and what is said of data of a wrong form."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, get_args

import pytest
from botocore.utils import parse_timestamp as theirs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasync_sdk import converter, models, structure, unstructure
from datasync_sdk._runtime.components import timestamp_or_theirs
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.values import FrozenMap, parse_timestamp, to_map, to_utc
from datasync_sdk.errors import DataSyncError, StructureError
from datasync_sdk.models import (
    CreateTaskRequest,
    DescribeAgentResponse,
    DescribeTaskResponse,
    ListTagsForResourceResponse,
    Options,
    TagListEntry,
    TagResourceResponse,
    TaskMode,
    VerifyMode,
)
from tests.sdk.strategies import (
    AWARE_TIMES,
    ENUMS,
    ROOT,
    SHAPES,
    STRUCTURES,
    Member,
    class_of,
    is_enum,
    is_list,
    is_structure,
    members_of,
    wire_mappings,
)

enums = pytest.mark.parametrize("name", ENUMS)
structures = pytest.mark.parametrize("name", STRUCTURES)
ARNS = {"TaskArn": "t", "SourceLocationArn": "s", "DestinationLocationArn": "d"}


class Old(str, Enum):  # noqa: UP042  # the old kind is what is meant  # the old kind is what is meant
    """An enum of the kind that people wrote before `StrEnum`: its `str()` is not its value."""

    KNOWN = "NONE"
    LATER = "NEW_VALUE"


@enums
def test_members_are_the_model(name: str) -> None:
    """The members are the model's values, each found by value, and text in every way."""
    cls: Any = class_of(name)
    assert issubclass(cls, OpenEnum)
    assert sorted(member.value for member in cls) == sorted(SHAPES[name]["enum"])
    for word in SHAPES[name]["enum"]:
        member = cls(word)
        assert member is cls(member)
        assert member in list(cls)
        assert member.is_known
        assert member == word
        assert {member: 1}[word] == {word: 1}[member] == 1
        assert str(member) == f"{member}" == word
        assert repr(member) == f"<{name}.{member.name}: {word!r}>"
        assert json.dumps(member) == json.dumps(word)
        assert getattr(cls, member.name) is member
        assert_copies(member)


@enums
@settings(max_examples=20)
@given(text=st.text())
@example(text="")
@example(text="NEW_VALUE")
@example(text="name")
@example(text="__class__")
def test_open_for_any_text(name: str, text: str) -> None:
    """Any text becomes a member that equals it and hashes like it; the class stays as it was."""
    cls: Any = class_of(name)
    before = list(cls.__members__.values())
    member = cls(text)
    assert type(member) is cls
    assert member == text
    assert hash(member) == hash(text)
    assert {member: 1}[text] == 1
    assert str(member) == f"{member}" == member.value == text
    assert type(member.value) is str
    assert member.is_known == (text in SHAPES[name]["enum"])
    assert cls(member) == member
    assert cls(text) == member
    assert member != cls(f"{text}.")
    assert list(cls.__members__.values()) == before
    assert ("unknown" in repr(member)) == (not member.is_known)
    assert repr(text) in repr(member)
    assert_copies(member)


@enums
@pytest.mark.parametrize("value", [None, 1, 1.5, b"NONE", ["NONE"], {"NONE": 1}, object()])
def test_not_open_for_other_types(name: str, value: object) -> None:
    """What is no text becomes no member."""
    with pytest.raises(ValueError, match=f"is not a valid {name}"):
        class_of(name)(value)


@enums
def test_from_other_enums(name: str) -> None:
    """Members of another enum stand for their value, known here or not, also if their `str()` differs."""
    cls: Any = class_of(name)
    for other in (*Old, VerifyMode.NONE, VerifyMode("LATER")):
        member = cls(other)
        assert type(member) is cls
        assert member == other.value
        assert member.value == str(member) == other.value
        assert type(member.value) is str
        assert member.is_known == (other.value in SHAPES[name]["enum"])


def test_attributes_take_strings_of_other_enums() -> None:
    """An attribute makes the member from any kind of text, and the value reaches AWS as plain text."""
    for given_value in ("NONE", VerifyMode.NONE, Old.KNOWN):
        assert Options(verify_mode=given_value).verify_mode is VerifyMode.NONE  # type: ignore[arg-type]
    later = Options(verify_mode=Old.LATER)  # type: ignore[arg-type]
    assert unstructure(later) == {"VerifyMode": "NEW_VALUE"}
    assert type(unstructure(later)["VerifyMode"]) is str


def test_unknown_members_cross_processes() -> None:
    """A pickle of an unknown member is read by a program that has not seen that value."""
    member = TaskMode("FROM_ANOTHER_TIME")
    code = (
        "import pickle, sys; m = pickle.loads(sys.stdin.buffer.read());"
        "print(type(m).__name__, m.value, m.is_known)"
    )
    done = subprocess.run(  # our own interpreter and our own code
        [sys.executable, "-c", code],
        input=pickle.dumps(member),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.decode().split() == ["TaskMode", "FROM_ANOTHER_TIME", "False"]


def test_converter_writes_enums_as_text() -> None:
    """The public converter makes plain text of members, known or not, alone and in containers."""
    for member in (VerifyMode.NONE, VerifyMode("LATER")):
        assert type(converter.unstructure(member)) is str
        assert type(converter.unstructure([member], list[VerifyMode])[0]) is str
        assert type(converter.unstructure({"k": member}, dict[str, VerifyMode])["k"]) is str
        assert converter.structure(converter.unstructure(member), VerifyMode) == member


@pytest.mark.parametrize("value", [5, "text", None, True])
def test_converter_takes_only_bytes_for_bytes(value: Any) -> None:
    """The public converter makes bytes of bytes alone: an int is no length of zeros."""
    assert converter.structure(bytearray(b"x"), bytes) == b"x"
    with pytest.raises((TypeError, ValueError)):
        converter.structure(value, bytes)


def assert_copies(member: Any) -> None:
    """Pickles and copies are the same value of the same class."""
    copies = [pickle.loads(pickle.dumps(member, protocol)) for protocol in range(2, 6)]
    for again in (*copies, copy.copy(member), copy.deepcopy(member)):
        assert type(again) is type(member)
        assert again == member
        assert (again.name, again.value, again.is_known) == (
            member.name,
            member.value,
            member.is_known,
        )


MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001  # zones follow  # zones follow
ISO = st.one_of(
    st.builds(
        lambda moment, how, zone: moment.isoformat(timespec=how) + zone,
        MOMENTS,
        st.sampled_from(["seconds", "milliseconds", "microseconds"]),
        st.sampled_from(["Z", "+00:00", "+05:45", "-03:30", "+0200", ""]),
    ),
    MOMENTS.map(lambda moment: moment.strftime("%Y%m%dT%H%M%SZ")),
    MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")),
    MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%d")),
    MOMENTS.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}789Z"),
)
HTTP = st.one_of(
    MOMENTS.map(lambda moment: format_datetime(moment.replace(tzinfo=UTC), usegmt=True)),
    MOMENTS.map(lambda moment: format_datetime(moment.replace(tzinfo=UTC))),
    MOMENTS.map(lambda moment: f"{moment:%a %b} {moment.day:2} {moment:%H:%M:%S %Y}"),
)
SECONDS = st.one_of(
    st.integers(-(10**10), 10**11),
    st.floats(-1e10, 1e11),
    st.floats(0, 4e9).map(lambda second: round(second, 3)),
)


def utc(moment: datetime) -> datetime:
    """A time that botocore read: what has no zone is meant in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@settings(max_examples=400)
@given(value=st.one_of(SECONDS, SECONDS.map(str), ISO, HTTP))
@example(value=0)
@example(value="1.7e9")
@example(value="2024-02-29T23:59:59.999999Z")
@example(value="Wed, 02 Oct 2002 13:00:00 GMT")
@example(value="20240229")
def test_times_are_read_as_by_botocore(value: float | str) -> None:
    """Numbers, numbers as text, ISO 8601 and HTTP dates become what botocore makes of them, in UTC."""
    expected = utc(theirs(value))
    for parse in (parse_timestamp, to_utc, timestamp_or_theirs):
        found = parse(value)
        assert found == expected
        assert found.tzinfo is UTC
        assert type(found) is datetime


@given(moment=AWARE_TIMES)
def test_datetimes_become_utc(moment: datetime) -> None:
    """An aware datetime is the same point in time in UTC; one without zone is UTC already."""

    class Own(datetime):
        """A datetime of another library."""

    for given_moment in (moment, Own.fromisoformat(moment.isoformat())):
        for parse in (to_utc, parse_timestamp):
            found = parse(given_moment)
            assert found == moment
            assert found.tzinfo is UTC
            assert type(found) is datetime
    naive = moment.replace(tzinfo=None)
    assert to_utc(naive) == parse_timestamp(naive) == naive.replace(tzinfo=UTC)
    already = moment.astimezone(UTC)
    assert to_utc(already) is already


WRONG_TIMES: list[Any] = [
    None,
    [],
    {},
    b"2024",
    "",
    "yesterday",
    "nan",
    "inf",
    "1e400",
    "2024-13-01T00:00:00Z",
    "2024-02-30",
    float("nan"),
    float("inf"),
    10**400,
    1e12,
    -1e12,
    1e15,
    1e17,
    -1e17,
    1e18,
    1e20,
    2**63,
]


@pytest.mark.parametrize("value", WRONG_TIMES, ids=lambda value: str(value)[:20])
def test_no_point_in_time(value: Any) -> None:
    """What is no point in time is an error that names the member, whatever it is and however large."""
    if value is not None:
        with pytest.raises(StructureError) as caught:
            structure({"AgentArn": "a", "CreationTime": value}, DescribeAgentResponse)
        start = "DescribeAgentResponse.CreationTime is no point in time: "
        assert str(caught.value).startswith(start)
    with pytest.raises((TypeError, ValueError, OverflowError, OSError)):
        parse_timestamp(value)


@given(second=st.one_of(st.floats(), st.integers(-(10**25), 10**25)))
def test_any_number_is_a_time_or_an_error(second: float) -> None:
    """No number makes anything but a point in time or a `StructureError`."""
    data = {"AgentArn": "a", "CreationTime": second}
    try:
        found = structure(data, DescribeAgentResponse).creation_time
    except StructureError:
        with pytest.raises((TypeError, ValueError, OverflowError, OSError)):
            datetime.fromtimestamp(second, UTC)
    else:
        assert found == datetime.fromtimestamp(second, UTC)


maps = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers()))


@given(entries=maps, others=maps)
def test_frozen_map_is_a_value(entries: dict[str, Any], others: dict[str, Any]) -> None:
    """It equals the dict, hashes by content in any order, and survives pickling and copying."""
    made = to_map(entries)
    assert type(made) is FrozenMap
    assert to_map(made) is made
    assert to_map(MappingProxyType(entries)) == made == entries
    assert dict(made) == entries
    assert json.loads(json.dumps(made)) == entries
    turned = FrozenMap(reversed(list(entries.items())))
    assert made == turned
    assert hash(made) == hash(turned)
    assert {made: 1}[turned] == 1
    assert (made == FrozenMap(others)) == (entries == others)
    copies = [pickle.loads(pickle.dumps(made, protocol)) for protocol in range(2, 6)]
    for again in (*copies, copy.copy(made), copy.deepcopy(made)):
        assert type(again) is FrozenMap
        assert again == made
        assert hash(again) == hash(made)


CHANGES = {
    "setitem": lambda m: m.__setitem__("a", 2),
    "delitem": lambda m: m.__delitem__("a"),
    "update": lambda m: m.update(a=2),
    "update_mapping": lambda m: m.update({"b": 2}),
    "setdefault": lambda m: m.setdefault("b", 2),
    "pop": lambda m: m.pop("a"),
    "pop_default": lambda m: m.pop("b", None),
    "popitem": lambda m: m.popitem(),
    "clear": lambda m: m.clear(),
    "ior": lambda m: m.__ior__({"b": 2}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_frozen_map_cannot_change(change: str) -> None:
    """Every method of dict that changes it is refused, with advice."""
    made = FrozenMap({"a": 1})
    with pytest.raises(TypeError, match="evolve the structure"):
        CHANGES[change](made)
    assert made == {"a": 1}
    with pytest.raises(AttributeError):
        made.added = 1  # type: ignore[attr-defined]


def test_every_changing_method_is_listed() -> None:
    """The methods in which a dict and a read-only view of it differ are those tested above."""
    reading = set(dir(MappingProxyType({}))) | {"__getattribute__", "__init__", "fromkeys"}
    changing = {name for name in dir(dict) if name not in reading}
    tested = {f"__{change}__" for change in CHANGES} | set(CHANGES)
    assert changing <= tested, changing - tested


nested = st.recursive(
    st.one_of(st.integers(), st.text(max_size=3), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@structures
def test_missing_members_are_named(name: str) -> None:
    """A mapping without a member that is always there is an error that names class and member."""
    cls: Any = class_of(name)
    needed = {m.name: wire_example(m.hint, m.shape) for m in members_of(cls) if m.required}
    assert type(structure(needed, cls)) is cls
    for absent in needed:
        for data in (
            {key: value for key, value in needed.items() if key != absent},
            {**needed, absent: None},
        ):
            with pytest.raises(StructureError) as caught:
                structure(data, cls)
            assert str(caught.value).startswith(f"{name}.{absent} is missing")
            assert isinstance(caught.value, DataSyncError)
            assert isinstance(caught.value, ValueError)


@structures
@pytest.mark.parametrize("data", [None, 5, "text", "", b"", [], [{}], (), 1.5], ids=repr)
def test_not_a_mapping(name: str, data: Any) -> None:
    """What is no mapping is an error that names the class."""
    with pytest.raises(StructureError, match=rf"^{name} must be a mapping, not "):
        structure(data, class_of(name))


@structures
def test_wrong_containers_are_named(name: str) -> None:
    """A scalar, text or mapping for a list, and a list for a structure, are errors with the path."""
    cls: Any = class_of(name)
    whole = {m.name: wire_example(m.hint, m.shape) for m in members_of(cls)}
    assert type(structure(whole, cls)) is cls
    for member in members_of(cls):
        for wrong, place in wrong_containers(member):
            with pytest.raises(StructureError) as caught:
                structure({**whole, member.name: wrong}, cls)
            assert str(caught.value).startswith(f"{name}.{member.name}{place} must be a "), wrong


def wrong_containers(member: Member) -> list[tuple[Any, str]]:
    """Values that cannot be read for a member, and where in it they are wrong."""
    if is_list(member.hint):
        wrong: list[tuple[Any, str]] = [(item, "") for item in (5, "text", "", b"", {}, {"a": 1}, True)]
        if is_structure(get_args(member.hint)[0]):
            good = wire_example(get_args(member.hint)[0], SHAPES[member.shape]["member"]["shape"])
            wrong += [([5], "[0]"), ([good, "text"], "[1]"), ([good, good, None], "[2]")]
        return wrong
    if is_structure(member.hint):
        scalars: tuple[Any, ...] = (5, "text", "", [], [{}])
        return [(item, "") for item in scalars]
    if is_enum(member.hint):
        return [(item, "") for item in (5, ["NONE"], {"a": 1}, b"NONE", True)]
    return []


def test_deep_paths() -> None:
    """The path of a problem goes through lists and structures."""
    listed = {**ARNS, "Excludes": [{}, {"Value": "*"}, {"FilterType": ["x"]}]}
    with pytest.raises(StructureError) as caught:
        structure(listed, DescribeTaskResponse)
    assert str(caught.value) == "DescribeTaskResponse.Excludes[2].FilterType must be a str, not list"
    deep = {**ARNS, "ManifestConfig": {"Source": {"S3": {"ManifestObjectPath": "p"}}}}
    with pytest.raises(StructureError) as caught:
        structure(deep, DescribeTaskResponse)
    assert str(caught.value) == (
        "DescribeTaskResponse.ManifestConfig.Source.S3.BucketAccessRoleArn is missing;"
        " it is required, or always there"
    )


@pytest.mark.parametrize("cls", [dict, int, Member, VerifyMode, models, None, "Options"], ids=str)
def test_structure_of_other_classes(cls: Any) -> None:
    """Only classes of the API can be read, and only their objects written, without the converter."""
    with pytest.raises(TypeError, match="is not a structure of an API"):
        structure({}, cls)
    with pytest.raises(TypeError, match="is not a structure of an API"):
        unstructure(cls)


def test_subclass_of_a_model() -> None:
    """A class of a user that inherits from a model is refused, wherever its module is."""
    for module in (__name__, "shop.models.tasks", "datasync_sdk.models.options"):
        own = type("Own", (Options,), {"__module__": module, "__slots__": ()})
        with pytest.raises(TypeError):
            structure({}, own)
        with pytest.raises(TypeError):
            unstructure(own())


def test_other_mappings() -> None:
    """Any mapping can be read; what is in it is taken as it is."""
    data = MappingProxyType({**ARNS, "Options": MappingProxyType({"VerifyMode": "NONE"})})
    found = structure(data, DescribeTaskResponse)
    assert found.options == Options(verify_mode="NONE")
    assert structure({}, TagResourceResponse) == TagResourceResponse()
    tags = ({"Key": "k", "Value": "v"} for _ in range(2))
    assert structure({"Tags": tags}, ListTagsForResourceResponse).tags == (
        TagListEntry(key="k", value="v"),
        TagListEntry(key="k", value="v"),
    )


@given(data=wire_mappings(CreateTaskRequest, extra=True, unknown_enums=True))
def test_input_is_left_alone(data: dict[str, Any]) -> None:
    """Reading does not change the mapping, and the object does not share its lists."""
    before = copy.deepcopy(data)
    value = structure(data, CreateTaskRequest)
    made = unstructure(value)
    assert data == before
    for tag in data.get("Tags", []):
        tag["Key"] = "changed"
    data.get("Tags", []).clear()
    assert unstructure(value) == made
    made.get("Tags", []).clear()
    assert structure(unstructure(value), CreateTaskRequest) == value


def wire_example(hint: Any, shape: str) -> Any:
    """Some value for a member of a mapping in AWS's names."""
    if is_enum(hint):
        return SHAPES[shape]["enum"][0]
    if is_structure(hint):
        return {m.name: wire_example(m.hint, m.shape) for m in members_of(hint) if m.required}
    if is_list(hint):
        return [wire_example(get_args(hint)[0], SHAPES[shape]["member"]["shape"])]
    simple: dict[Any, Any] = {str: "text", int: 7, bool: True, bytes: b"bytes"}
    return simple.get(hint, datetime(2020, 2, 3, tzinfo=UTC) + timedelta(seconds=1))
