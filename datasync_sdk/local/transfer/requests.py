"""Keeps several requests to buckets under way, while one thread does all else.

Whatever waits for an answer is a step: a generator that yields when its request is on its way, and goes on
when the answer is needed. Other threads make requests and nothing else: all that is counted, told, held to a
limit or asked of the watch is so in the one thread of the transfer, and so is all that happens in folders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, TypeVar

__all__ = ["Requests", "Step", "Window"]

T = TypeVar("T")
Step: TypeAlias = Generator[None, None, T]
"""Something that yields while it waits, and returns what comes of it."""


class Requests:
    """The threads that make requests."""

    def __init__(self, most: int) -> None:
        """Make room for so many requests at a time."""
        self.most = most
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="datasync-request")
        self._windows: list[Window] = []

    def ask(self, request: Callable[[], T]) -> Step[T]:
        """Make a request, and yield once while it is under way. Raises what it raises."""
        answer = self.begin(request)
        yield
        return answer()

    def begin(self, request: Callable[[], T]) -> Callable[[], T]:
        """Make a request; what is given waits for the answer, and raises what the request raises."""
        return self._threads.submit(request).result

    def window(self) -> Window:
        """Room for steps that are under way at the same time."""
        window = Window(self.most)
        self._windows.append(window)
        return window

    def close(self) -> None:
        """Give up all steps, and wait for the requests that are under way: nothing happens any more."""
        for window in self._windows:
            window.close()
        self._threads.shutdown(cancel_futures=True)


class Window:
    """Steps under way. They go on in the order in which they began."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._steps: deque[Step[None]] = deque()

    def begin(self, step: Step[None]) -> None:
        """Begin one more, and go on with others as long as there are too many. Raises what steps raise."""
        self._go_on(step)
        while len(self._steps) >= self._most:
            self._go_on(self._steps.popleft())

    def finish(self) -> None:
        """Bring all to their ends. Raises what steps raise."""
        while self._steps:
            self._go_on(self._steps.popleft())

    def close(self) -> None:
        """Give up all steps."""
        for step in self._steps:
            step.close()
        self._steps.clear()

    def _go_on(self, step: Step[None]) -> None:
        for _ in step:
            self._steps.append(step)
            break
