"""Lists, a page at a time.

A token says after which item the next page begins, so nothing is shown twice or left out, whatever is made
and deleted meanwhile. It is sealed with a key of the service: nobody can read it, change it, or use it for
another list.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, Generic, TypeAlias, TypeVar

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.state import Kind, Resource, State

__all__ = ["MOST", "ListRequest", "Page", "page", "page_of"]

T = TypeVar("T")
K = TypeVar("K", str, int)

MOST: Final = 100
""""By default, a response shows a maximum of 100 agents": of other things as well, and never more."""

ListRequest: TypeAlias = (
    m.ListAgentsRequest
    | m.ListLocationsRequest
    | m.ListTagsForResourceRequest
    | m.ListTaskExecutionsRequest
    | m.ListTasksRequest
)

_SEAL: Final = 16
"""Bytes of a token that only the service can make."""


@frozen(kw_only=True)
class Page(Generic[T]):
    """Some items of a list."""

    items: tuple[T, ...]
    next_token: str | None
    """With which the next page is asked for; None after the last item."""


def page(
    state: State,
    request: ListRequest,
    kind: Kind,
    *,
    parent: str | None = None,
    keep: Callable[[Resource[Any]], bool] | None = None,
) -> Page[Resource[Any]]:
    """Resources of a kind, in the order in which they were made: those that `keep` is true of.

        found = page(state, request, Kind.TASK, keep=task_filter(request.filters))

    Raises:
        Refusal: the request has a token that is not of this list.
    """
    after = _open(state, request) or 0
    found = _resources(state, kind, parent, int(after))
    return _cut(state, request, filter(keep, found) if keep else found, lambda resource: resource.position)


def page_of(state: State, request: ListRequest, items: Iterable[T], key: Callable[[T], K]) -> Page[T]:
    """Some of these items, which are in the order of their keys; no two have the same.

    Raises:
        Refusal: the request has a token that is not of this list.
    """
    after: Any = _open(state, request)
    rest = items if after is None else (item for item in items if key(item) > after)
    return _cut(state, request, rest, key)


def _resources(state: State, kind: Kind, parent: str | None, after: int) -> Iterator[Resource[Any]]:
    while found := state.store.list(kind, parent=parent, after=after, limit=MOST):
        yield from found
        after = found[-1].position


def _cut(state: State, request: ListRequest, items: Iterable[T], key: Callable[[T], K]) -> Page[T]:
    # Nothing at all, which the model allows to ask for, would be a list without an end.
    size = request.max_results or MOST
    found = tuple(islice(items, size + 1))
    if len(found) <= size:
        return Page(items=found, next_token=None)
    shown = found[:size]
    return Page(items=shown, next_token=_seal(state, request, key(shown[-1])))


def _seal(state: State, request: ListRequest, after: str | int) -> str:
    secret = _secret(state)
    told = json.dumps(after).encode()
    seal = _sign(secret, request, told)
    return urlsafe_b64encode(seal + _veil(secret, seal, told)).decode()


def _open(state: State, request: ListRequest) -> str | int | None:
    """What a token says; None where there is none."""
    if request.next_token is None:
        return None
    secret = _secret(state)
    try:
        token = urlsafe_b64decode(request.next_token)
    except ValueError:
        token = b""
    seal, veiled = token[:_SEAL], token[_SEAL:]
    told = _veil(secret, seal, veiled)
    # The other way round as well: base64 has several texts for the same bytes.
    is_text = urlsafe_b64encode(token).decode() == request.next_token
    if not is_text or not hmac.compare_digest(seal, _sign(secret, request, told)):
        raise Refusal(
            message="NextToken is not one that this operation gave for this list. Repeat the members of the "
            "request that gave it, such as Filters; or begin anew, without a token.",
            error_code="InvalidNextToken",
        )
    after: str | int = json.loads(told)
    return after


def _secret(state: State) -> bytes:
    """The key of the service, which outlives it."""
    fact = "listing-key"
    known = state.store.fact(fact)
    if known is None:
        known = secrets.token_hex(32)
        state.store.tell(fact, known)
    return bytes.fromhex(known)


def _sign(secret: bytes, request: ListRequest, told: bytes) -> bytes:
    """What shows that the service said this about this list: all of the request but page and token."""
    members = unstructure(request)
    asked = {name: value for name, value in members.items() if name not in {"MaxResults", "NextToken"}}
    about = json.dumps([type(request).__name__, asked], sort_keys=True).encode()
    return hmac.new(secret, b"%d:%b%b" % (len(about), about, told), hashlib.sha256).digest()[:_SEAL]


def _veil(secret: bytes, seal: bytes, text: bytes) -> bytes:
    """Hide a text, or uncover it."""
    stream = hashlib.shake_256(secret + b"veil" + seal).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
