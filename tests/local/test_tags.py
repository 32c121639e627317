"""Tags of all four kinds of resources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.tags import tags_of
from datasync_sdk.local.state import State
from tests.local.states import ask, make_agent, make_bucket, make_execution, make_task, states

KEYS = st.text(alphabet="ab", min_size=1, max_size=2)
TAGS = st.builds(m.TagListEntry, key=KEYS, value=st.none() | st.text(alphabet="xy", max_size=2))


def tags_in(state: State, arn: str) -> dict[str, str | None]:
    found = ask(state, m.ListTagsForResourceRequest(resource_arn=arn)).tags
    assert [tag.key for tag in found] == sorted(tag.key for tag in found)
    return {tag.key: tag.value for tag in found}


def entries(numbers: range) -> list[m.TagListEntry]:
    return [m.TagListEntry(key=f"key {number:03}", value="x") for number in numbers]


@given(st.lists(st.lists(TAGS, max_size=4) | st.lists(KEYS, min_size=1, max_size=4), max_size=8))
def test_tags_are_a_dict_for_each_resource(steps: list[list[m.TagListEntry] | list[str]]) -> None:
    with states() as state:
        source = make_bucket(state, "source")
        task = make_task(state, source, make_bucket(state, "destination"))
        arns = [make_agent(state), source, task, make_execution(state, task)]
        expected: dict[str, str | None] = {}
        untouched = make_bucket(state, "untouched", tags=[m.TagListEntry(key="a", value="x")])
        for step in steps:
            tags = [item for item in step if isinstance(item, m.TagListEntry)]
            keys = [item for item in step if isinstance(item, str)]
            for arn in arns:
                if keys:
                    ask(state, m.UntagResourceRequest(resource_arn=arn, keys=keys))
                else:
                    ask(state, m.TagResourceRequest(resource_arn=arn, tags=tags))
            expected |= {tag.key: tag.value for tag in tags}
            for key in keys:
                expected.pop(key, None)
            assert [tags_in(state, arn) for arn in arns] == [expected] * 4
        assert tags_in(state, untouched) == {"a": "x"}


def test_a_tag_without_a_value_is_told_without() -> None:
    with states() as state:
        arn = make_bucket(state, tags=[m.TagListEntry(key="none"), m.TagListEntry(key="some", value="")])
        found = unstructure(ask(state, m.ListTagsForResourceRequest(resource_arn=arn)))["Tags"]
        assert found == [{"Key": "none"}, {"Key": "some", "Value": ""}]


def test_a_resource_has_fifty_tags_at_most() -> None:
    with states() as state:
        arn = make_bucket(state, tags=entries(range(50)))
        ask(state, m.TagResourceRequest(resource_arn=arn, tags=entries(range(10, 60 - 10))))
        with pytest.raises(Refusal, match="at most 50 tags, and this one would have 51"):
            ask(state, m.TagResourceRequest(resource_arn=arn, tags=entries(range(49, 51))))
        assert len(tags_in(state, arn)) == 50
        ask(state, m.UntagResourceRequest(resource_arn=arn, keys=["key 000"]))
        ask(state, m.TagResourceRequest(resource_arn=arn, tags=entries(range(50, 51))))
        assert len(tags_in(state, arn)) == 50
        with pytest.raises(Refusal, match="at most 50"):
            tags_of(entries(range(51)))


@pytest.mark.parametrize("key", ["aws:name", "AWS:name", "Aws:"])
def test_keys_of_aws_are_refused(key: str) -> None:
    tags = [m.TagListEntry(key=key, value="x")]
    with states() as state:
        with pytest.raises(Refusal, match="reserved"):
            make_bucket(state, tags=tags)
        assert ask(state, m.ListLocationsRequest()).locations == ()
        arn = make_bucket(state)
        with pytest.raises(Refusal, match="reserved"):
            ask(state, m.TagResourceRequest(resource_arn=arn, tags=tags))
        assert tags_in(state, arn) == {}
        make_bucket(state, tags=[m.TagListEntry(key="my:aws:name", value="x")])


def test_what_does_not_exist_has_no_tags() -> None:
    with states() as state:
        gone = make_bucket(state, tags=entries(range(3)))
        ask(state, m.DeleteLocationRequest(location_arn=gone))
        for request in (
            m.ListTagsForResourceRequest(resource_arn=gone),
            m.TagResourceRequest(resource_arn=gone, tags=entries(range(1))),
            m.UntagResourceRequest(resource_arn=gone, keys=["a"]),
        ):
            with pytest.raises(Refusal, match=f"{gone} is not found"):
                ask(state, request)


def test_tags_come_a_page_at_a_time() -> None:
    with states() as state:
        arn = make_bucket(state, tags=entries(range(50)))
        first = ask(state, m.ListTagsForResourceRequest(resource_arn=arn, max_results=30))
        # What is taken away and added meanwhile neither hides nor repeats anything else.
        ask(state, m.UntagResourceRequest(resource_arn=arn, keys=["key 003", "key 029", "key 040"]))
        ask(state, m.TagResourceRequest(resource_arn=arn, tags=[m.TagListEntry(key="key", value="x")]))
        second = ask(state, m.ListTagsForResourceRequest(resource_arn=arn, next_token=first.next_token))
        keys = [tag.key for tag in (*first.tags, *second.tags)]
        assert keys == [f"key {each:03}" for each in range(50) if each != 40]
        assert second.next_token is None


def test_tags_given_at_creation_are_optional() -> None:
    assert tags_of(None) == tags_of(()) == {}
    assert tags_of([m.TagListEntry(key="a", value="1"), m.TagListEntry(key="a", value="2")]) == {"a": "2"}
