"""Tags of agents, locations, tasks and executions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from datasync_sdk import models as m
from datasync_sdk.local.refusals import Refusal, not_found
from datasync_sdk.local.resources.listing import page_of
from datasync_sdk.local.runs.history import is_old
from datasync_sdk.local.state import Handlers, Kind, State

__all__ = ["HANDLERS", "MOST_TAGS", "tags_of"]

MOST_TAGS: Final = 50
"""Of one resource."""

RESERVED: Final = "aws:"
"""How the keys of AWS's own tags begin, whatever the case."""


def tags_of(given: Iterable[m.TagListEntry] | None) -> dict[str, str | None]:
    """The tags of a request, by key; of two with the same key, the last.

    Raises:
        Refusal: there are too many, or a key is one of AWS's own.
    """
    tags = {tag.key: tag.value for tag in given or ()}
    for key in tags:
        if key.lower().startswith(RESERVED):
            raise Refusal(message=f"Tag key {key} is reserved: no key may begin with {RESERVED}")
    refuse_too_many(len(tags))
    return tags


def refuse_too_many(number: int) -> None:
    """Refuse to give a resource more tags than it can have.

    Raises:
        Refusal: they are more.
    """
    if number > MOST_TAGS:
        raise Refusal(
            message=f"A resource can have at most {MOST_TAGS} tags, and this one would have {number}.",
            error_code="TooManyTags",
        )


def tag_resource(state: State, request: m.TagResourceRequest) -> m.TagResourceResponse:
    """Give a resource tags, or other values to those that it has."""
    refuse_unknown(state, request.resource_arn)
    tags = tags_of(request.tags)
    refuse_too_many(len(state.store.tags(request.resource_arn).keys() | tags.keys()))
    state.store.tag(request.resource_arn, tags)
    return m.TagResourceResponse()


def untag_resource(state: State, request: m.UntagResourceRequest) -> m.UntagResourceResponse:
    """Take tags from a resource. Keys that it does not have are no error."""
    refuse_unknown(state, request.resource_arn)
    state.store.untag(request.resource_arn, request.keys)
    return m.UntagResourceResponse()


def list_tags(state: State, request: m.ListTagsForResourceRequest) -> m.ListTagsForResourceResponse:
    """The tags of a resource, by key."""
    refuse_unknown(state, request.resource_arn)
    tags = sorted(state.store.tags(request.resource_arn).items())
    page = page_of(state, request, tags, key=lambda tag: tag[0])
    entries = tuple(m.TagListEntry(key=key, value=value) for key, value in page.items)
    return m.ListTagsForResourceResponse(tags=entries, next_token=page.next_token)


def refuse_unknown(state: State, arn: str) -> None:
    """Refuse the ARN of nothing, and of an execution that the service remembers no more.

    Raises:
        Refusal: it is one.
    """
    found = state.store.get(arn)
    if found is None or (found.kind is Kind.EXECUTION and is_old(state, found)):
        raise not_found("Resource", arn)


HANDLERS: Handlers = {
    m.TagResourceRequest: tag_resource,
    m.UntagResourceRequest: untag_resource,
    m.ListTagsForResourceRequest: list_tags,
}
