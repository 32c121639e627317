"""The items of a listing, across its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Generic, TypeVar

from attrs import evolve

from datasync_sdk._runtime.errors import PaginationError
from datasync_sdk._runtime.structures import Request

R = TypeVar("R")
T = TypeVar("T")


class Pages(Generic[R, T]):
    """Where a listing is: the request for the page that comes next, and what is read from a page.

    An empty page with a token is followed, unless `more` says that nothing comes after it. A token that
    comes a second time stops with an error: the pages after it would be the same, for ever.
    """

    def __init__(
        self,
        request: Request[R],
        items: Callable[[R], Iterable[T] | None],
        token: Callable[[R], str | None],
        token_member: str,
        more: Callable[[R], bool | None] | None = None,
    ) -> None:
        """Begin at the page that a request asks for.

        Args:
            request: that request.
            items: what a page lists.
            token: the token of the page after it; none after the last.
            token_member: the member of the request that takes it.
            more: whether anything comes after a page, where a service says so beside the token.
        """
        self.request: Request[R] | None = request
        """What to send next; None after the last page."""
        self._items = items
        self._token = token
        self._token_member = token_member
        self._more = more
        self._seen: set[str | None] = set()

    def items(self, page: R) -> Iterable[T]:
        """What a page lists."""
        return self._items(page) or ()

    def turn(self, page: R) -> None:
        """Go on to the page after this one.

        Raises:
            PaginationError: its token came before.
        """
        request, self.request = self.request, None
        self._seen.add(getattr(request, self._token_member))
        following = self._token(page)
        if not following or (self._more and not self._more(page)):
            return
        if following in self._seen:
            raise PaginationError(
                f"{type(request).__name__}: the service gave the same page token twice; "
                "stopped instead of listing the same items for ever"
            )
        self.request = evolve(request, **{self._token_member: following})  # type: ignore[misc]  # no base is attrs


def iterate(send: Callable[[Request[R]], R], pages: Pages[R, T]) -> Iterator[T]:
    """Yield the items of each page, and ask for a page only when the one before it is used up."""
    while pages.request is not None:
        page = send(pages.request)
        yield from pages.items(page)
        pages.turn(page)


async def iterate_async(send: Callable[[Request[R]], Awaitable[R]], pages: Pages[R, T]) -> AsyncIterator[T]:
    """As `iterate`, for an asynchronous `send`."""
    while pages.request is not None:
        page = await send(pages.request)
        for item in pages.items(page):
            yield item
        pages.turn(page)
