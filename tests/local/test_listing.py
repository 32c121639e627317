"""Lists: whole, in order, whatever happens between two pages; and what filters let through."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.list_filters import location_filter, task_filter, type_name
from datasync_sdk.local.resources.listing import page
from datasync_sdk.local.state import Kind, Resource, State
from datasync_sdk.models.enums import LocationFilterName, Operator
from tests.local.states import START, ask, make_agent, make_bucket, make_execution, make_task, states

S3 = m.LocationFilter(name="LocationType", operator="Equals", values=["S3"])


def pages(state: State, size: int, between: Callable[[], None] = lambda: None) -> list[str]:
    """The locations that one sees who walks through the pages."""
    seen: list[str] = []
    token = None
    for _ in range(1000):
        found = ask(state, m.ListLocationsRequest(max_results=size, next_token=token))
        assert len(found.locations) <= size
        seen.extend(each.location_arn for each in found.locations)
        token = found.next_token
        if token is None:
            return seen
        assert re.fullmatch("[a-zA-Z0-9=_-]+", token)
        between()
    raise AssertionError("the list has no end")


@given(
    st.integers(0, 12),
    st.integers(1, 5),
    st.lists(st.tuples(st.integers(0, 3), st.lists(st.integers(0, 30), max_size=3)), max_size=6),
)
def test_what_stays_is_seen_once_and_in_order(
    number: int, size: int, changes: list[tuple[int, list[int]]]
) -> None:
    with states() as state:
        there = [make_bucket(state) for _ in range(number)]
        first, stays = list(there), set(there)
        todo = iter(changes)

        def between() -> None:
            more, gone = next(todo, (0, []))
            there.extend(make_bucket(state) for _ in range(more))
            for index in gone:
                if index < len(there):
                    arn = there.pop(index)
                    ask(state, m.DeleteLocationRequest(location_arn=arn))
                    stays.discard(arn)

        seen = pages(state, size, between)
        assert len(seen) == len(set(seen))
        assert [arn for arn in seen if arn in stays] == [arn for arn in first if arn in stays]
        assert pages(state, size) == there


def test_a_page_has_a_hundred_things_unless_told_otherwise() -> None:
    with states() as state:
        for _ in range(102):
            make_bucket(state)
        for size in (None, 0, 100):
            found = ask(state, m.ListLocationsRequest(max_results=size))
            assert len(found.locations) == 100
            rest = ask(state, m.ListLocationsRequest(max_results=size, next_token=found.next_token))
            assert len(rest.locations) == 2
            assert rest.next_token is None


def test_there_is_no_token_after_the_last_item() -> None:
    with states() as state:
        assert ask(state, m.ListLocationsRequest(max_results=1)).next_token is None
        make_bucket(state)
        assert ask(state, m.ListLocationsRequest(max_results=1)).next_token is None
        make_bucket(state)
        assert ask(state, m.ListLocationsRequest(max_results=1)).next_token is not None


def test_tokens_survive_a_restart_and_another_page_size(tmp_path: Path) -> None:
    with states(tmp_path) as state:
        made = [make_bucket(state) for _ in range(5)]
        token = ask(state, m.ListLocationsRequest(max_results=2)).next_token
    with states(tmp_path) as state:
        found = ask(state, m.ListLocationsRequest(max_results=50, next_token=token))
        assert [each.location_arn for each in found.locations] == made[2:]


def test_tokens_tell_nothing_and_differ_between_services() -> None:
    tokens = []
    for _ in range(2):
        with states() as state:
            agents = [make_agent(state, number) for number in range(2)]
            token = ask(state, m.ListAgentsRequest(max_results=1)).next_token
            shown = min(agents).encode()
            assert shown[-10:] not in urlsafe_b64decode(token)
            tokens.append(token)
    assert tokens[0] != tokens[1]


@given(st.data())
def test_other_tokens_are_refused(data: st.DataObject) -> None:
    with states() as state:
        for number in range(3):
            make_bucket(state)
            make_agent(state, number)
        own = ask(state, m.ListLocationsRequest(max_results=1)).next_token
        raw = urlsafe_b64decode(own)
        place = data.draw(st.integers(0, len(raw) - 1))
        flipped = bytearray(raw)
        flipped[place] ^= data.draw(st.integers(1, 255))
        filtered = m.ListLocationsRequest(max_results=1, filters=[S3])
        others = [
            urlsafe_b64encode(flipped).decode(),
            urlsafe_b64encode(raw[:place]).decode() or "A",
            own + data.draw(st.sampled_from(["A", "=", "AAAA", "_"])),
            own[:-1],
            data.draw(st.from_regex("[a-zA-Z0-9=_-]{1,60}", fullmatch=True)),
            ask(state, m.ListAgentsRequest(max_results=1)).next_token,
            ask(state, filtered).next_token,
        ]
        for other in others:
            with pytest.raises(Refusal, match="NextToken is not one"):
                ask(state, m.ListLocationsRequest(max_results=1, next_token=other))
        with pytest.raises(Refusal, match="NextToken is not one"):
            ask(state, m.ListLocationsRequest(max_results=1, next_token=own, filters=[S3]))
        with pytest.raises(Refusal, match="NextToken is not one"):
            ask(state, m.ListAgentsRequest(next_token=own))


def test_executions_are_those_of_their_task() -> None:
    with states() as state:
        ends = make_bucket(state), make_bucket(state)
        task = make_task(state, *ends)
        other = make_task(state, *ends)
        make_execution(state, task)
        ours = m.ListTaskExecutionsRequest(task_arn=task)
        found = page(state, ours, Kind.EXECUTION, parent=task)
        assert [each.parent for each in found.items] == [task]
        theirs = m.ListTaskExecutionsRequest(task_arn=other)
        assert page(state, theirs, Kind.EXECUTION, parent=other).items == ()
        assert len(page(state, m.ListTasksRequest(), Kind.TASK).items) == 2


# Filters, against what a naive reader takes from the user guide.

URIS = {
    "nfs://nas/export/": "NFS",
    "smb://nas/share/": "SMB",
    "hdfs://node:8020/user/": "HDFS",
    "object-storage://host/bucket/": "OBJECT_STORAGE",
    "s3://bucket/": "S3",
    "s3://bucket/prefix/": "S3",
    "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/ap/": "S3",
    "s3://arn:aws:s3-outposts:us-east-1:123456789012:outpost/op/accesspoint/ap/": "OUTPOST_S3",
    "fsxw://us-east-1.fs-1/": "FSX_WINDOWS",
    "fsxl://us-east-1.fs-1/": "FSX_LUSTRE",
    "fsxz://us-east-1.fs-1/fsx/": "FSX_OPENZFS_NFS",
    "fsxn-nfs://us-east-1.fs-1.svm-1/": "FSX_ONTAP_NFS",
    "fsxn-smb://us-east-1.fs-1.svm-1/": "FSX_ONTAP_SMB",
    "efs://us-east-1.fs-1/": "EFS",
    "azure-blob://account.blob.core.windows.net/box/": "AZURE_BLOB",
}

TEXT_READERS: dict[str, Callable[[str, list[str]], bool]] = {
    "Equals": lambda text, values: text == values[0],
    "NotEquals": lambda text, values: text != values[0],
    "In": lambda text, values: any(text == value for value in values),
    "Contains": lambda text, values: text.find(values[0]) >= 0,
    "NotContains": lambda text, values: text.find(values[0]) < 0,
    "BeginsWith": lambda text, values: text[: len(values[0])] == values[0],
}

TIME_READERS: dict[str, Callable[[int, int], bool]] = {
    "Equals": lambda made, given: made == given,
    "NotEquals": lambda made, given: made != given,
    "LessThan": lambda made, given: made < given,
    "LessThanOrEqual": lambda made, given: made <= given,
    "GreaterThan": lambda made, given: made > given,
    "GreaterThanOrEqual": lambda made, given: made >= given,
}


def location(uri: str, seconds: float = 0) -> Resource[m.DescribeLocationNfsResponse]:
    made = START + timedelta(seconds=seconds)
    described = m.DescribeLocationNfsResponse(location_arn="arn", location_uri=uri, creation_time=made)
    return Resource(arn="arn", kind=Kind.LOCATION, described=described)


def task(source: str, destination: str) -> Resource[m.DescribeTaskResponse]:
    described = m.DescribeTaskResponse(
        task_arn="arn", source_location_arn=source, destination_location_arn=destination, creation_time=START
    )
    return Resource(arn="arn", kind=Kind.TASK, described=described)


@pytest.mark.parametrize(("uri", "name"), URIS.items())
def test_types_have_the_names_of_the_user_guide(uri: str, name: str) -> None:
    assert type_name(uri) == name


TYPE_VALUES = st.sampled_from(sorted(set(URIS.values())))
URI_VALUES = st.sampled_from(sorted(URIS)) | st.sampled_from(
    ["s3", "s3://bucket", "://", "nas", "fs-1/", "S3"]
)


@st.composite
def text_filters(draw: st.DrawFn) -> m.LocationFilter:
    name = draw(st.sampled_from(["LocationType", "LocationUri"]))
    values = TYPE_VALUES if name == "LocationType" else URI_VALUES
    operator = draw(st.sampled_from(sorted(TEXT_READERS)))
    most = 4 if operator == "In" else 1
    return m.LocationFilter(
        name=name, operator=operator, values=draw(st.lists(values, min_size=1, max_size=most))
    )


@given(st.lists(text_filters(), max_size=3))
def test_texts_are_filtered_as_a_naive_reader_would(filters: list[m.LocationFilter]) -> None:
    keep = location_filter(filters)
    for uri, name in URIS.items():
        expected = all(
            TEXT_READERS[str(each.operator)](name if each.name == "LocationType" else uri, list(each.values))
            for each in filters
        )
        assert keep(location(uri)) == expected


@given(st.sampled_from(sorted(TIME_READERS)), st.integers(-3, 3), st.floats(-3, 3), st.sampled_from(" T"))
def test_times_are_filtered_by_whole_seconds(operator: str, given_: int, made: float, between: str) -> None:
    moment = START.replace(microsecond=0) + timedelta(seconds=given_)
    value = moment.strftime(f"%Y-%m-%d{between}%H:%M:%S")
    each = m.LocationFilter(name="CreationTime", operator=operator, values=[value])
    found = location("s3://bucket/", made)
    assert found.described.creation_time is not None
    seconds = int(found.described.creation_time.timestamp())
    assert location_filter([each])(found) == TIME_READERS[operator](seconds, int(moment.timestamp()))


@given(
    st.sampled_from(sorted(TEXT_READERS)),
    st.lists(st.sampled_from(["a", "b", "ab", "abc"]), min_size=1, max_size=1),
    st.sampled_from(["a", "b", "ab", "abc"]),
    st.sampled_from(["a", "b", "ab", "abc"]),
)
def test_tasks_are_filtered_by_either_location(
    operator: str, values: list[str], source: str, destination: str
) -> None:
    each = m.TaskFilter(name="LocationId", operator=operator, values=values)
    ends = [TEXT_READERS[operator](end, values) for end in (source, destination)]
    expected = all(ends) if operator.startswith("Not") else any(ends)
    assert task_filter([each])(task(source, destination)) == expected


def test_tasks_are_filtered_by_their_time() -> None:
    for operator, expected in {"GreaterThanOrEqual": True, "LessThan": False}.items():
        each = m.TaskFilter(name="CreationTime", operator=operator, values=["2026-01-02 03:04:05"])
        assert task_filter([each])(task("a", "b")) == expected


def test_the_example_of_the_user_guide_works() -> None:
    filters = [
        S3,
        m.LocationFilter(name="LocationUri", operator="BeginsWith", values=["s3://DOC-EXAMPLE-BUCKET"]),
        m.LocationFilter(name="CreationTime", operator="GreaterThanOrEqual", values=["2019-12-15 17:15:20"]),
    ]
    with states() as state:
        assert isinstance(state.clock, ManualClock)
        wanted = [make_bucket(state, bucket) for bucket in ("DOC-EXAMPLE-BUCKET", "DOC-EXAMPLE-BUCKET2")]
        make_bucket(state, "other")
        found = ask(state, m.ListLocationsRequest(filters=filters, max_results=1))
        rest = ask(state, m.ListLocationsRequest(filters=filters, next_token=found.next_token))
        seen = [each.location_arn for each in (*found.locations, *rest.locations)]
        assert seen == wanted
        assert rest.next_token is None


def is_sensible(name: str, operator: str) -> bool:
    return operator in (TIME_READERS if name == "CreationTime" else TEXT_READERS)


@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("name", list(LocationFilterName))
def test_operators_without_sense_are_refused(name: str, operator: str) -> None:
    value = {"CreationTime": "2026-01-02 03:04:05", "LocationType": "S3"}.get(name, "s3://bucket/")
    each = m.LocationFilter(name=name, operator=operator, values=[value])  # type: ignore[arg-type]
    if is_sensible(name, operator):
        assert isinstance(location_filter([each])(location("s3://bucket/")), bool)
    else:
        with pytest.raises(Refusal, match=f"Invalid filter {name}: operator {operator}"):
            location_filter([each])


@pytest.mark.parametrize(
    ("name", "operator", "values", "message"),
    [
        ("CreationTime", "Equals", ["yesterday"], "is no time such as"),
        ("CreationTime", "Equals", ["2026-01-02"], "is no time such as"),
        ("CreationTime", "Equals", ["2026-02-30 00:00:00"], "is no time such as"),
        ("CreationTime", "Equals", ["2026-W01-1"], "is no time such as"),
        ("CreationTime", "Equals", [], "takes one value"),
        ("CreationTime", "LessThan", ["2026-01-02 03:04:05", "2026-01-02 03:04:06"], "takes one value"),
        ("LocationUri", "Equals", [], "takes one value"),
        ("LocationUri", "BeginsWith", ["a", "b"], "takes one value"),
        ("LocationUri", "In", [], "needs a value"),
        ("LocationType", "Equals", ["s3"], "is none of AZURE_BLOB, EFS"),
        ("LocationType", "In", ["S3", "FSX"], "'FSX' is none of"),
    ],
)
def test_filters_without_sense_are_refused(name: Any, operator: Any, values: list[str], message: str) -> None:
    request = m.ListLocationsRequest(filters=[m.LocationFilter(name=name, operator=operator, values=values)])
    with states() as state, pytest.raises(Refusal, match=f"Invalid filter {name}.*{message}"):
        ask(state, request)


def test_parts_of_type_names_can_be_looked_for() -> None:
    each = m.LocationFilter(name="LocationType", operator="BeginsWith", values=["FSX_ONTAP"])
    kept = [uri for uri in URIS if location_filter([each])(location(uri))]
    assert kept == ["fsxn-nfs://us-east-1.fs-1.svm-1/", "fsxn-smb://us-east-1.fs-1.svm-1/"]


def test_times_with_a_zone_are_in_utc() -> None:
    each = m.LocationFilter(name="CreationTime", operator="Equals", values=["2026-01-02T03:04:05Z"])
    assert location_filter([each])(location("s3://bucket/"))
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == START.replace(microsecond=0)
