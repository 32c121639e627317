"""The items of a listing, across its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve

from datasync_sdk._runtime.errors import PaginationError
from datasync_sdk._runtime.structures import Request

R = TypeVar("R")
T = TypeVar("T")


def iterate(
    send: Callable[[Request[R]], R],
    request: Request[R],
    items: Callable[[R], Iterable[T] | None],
    token: Callable[[R], str | None],
    token_member: str,
    more: Callable[[R], bool | None] | None = None,
) -> Iterator[T]:
    """Yield the items of each page, and ask for a page only when the one before it is used up.

    An empty page with a token is followed, unless `more` says that nothing comes after it. A token that
    comes a second time stops with an error: the pages after it would be the same, for ever.
    """
    seen: set[str | None] = set()
    while True:
        page = send(request)
        seen.add(getattr(request, token_member))
        yield from items(page) or ()
        following = token(page)
        if not following or (more and not more(page)):
            return
        if following in seen:
            raise PaginationError(
                f"{type(request).__name__}: the service gave the same page token twice; "
                "stopped instead of listing the same items for ever"
            )
        request = evolve(request, **{token_member: following})  # type: ignore[misc]  # no base is attrs
