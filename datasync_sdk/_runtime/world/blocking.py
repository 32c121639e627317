"""Blocking programs: see the package."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


def called(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a function of the caller's."""
    function(*args, **kwargs)


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that blocks; who blocks himself needs no thread for it."""
    return function(*args, **kwargs)


def gathered(function: Callable[[S], T], items: Iterable[S], *, at_most: int = 8) -> list[T]:
    """What a function gives for each item, in their order, with so many calls under way at once, in threads.

    The first exception is raised when those that are under way have ended; the others do not begin.
    """
    listed = list(items)
    if len(listed) <= 1:
        return [function(item) for item in listed]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(at_most, len(listed))) as pool:
        futures = [pool.submit(function, item) for item in listed]
        try:
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
