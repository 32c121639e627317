"""Which of many executions may run at the same time, and when to look at those that do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

__all__ = ["Berths", "whole_number"]


class Berths:
    """Places for executions: so many in all, and so many for each agent; one for each task.

    One agent runs one execution at a time, and so does a task: what is started beside it waits in a queue at
    AWS, where nobody can put anything before it any more.
    """

    def __init__(self, max_concurrent: int, per_agent: int) -> None:
        """Begin with all of them free."""
        self._free = max_concurrent
        self._per_agent = per_agent
        self._tasks: set[str] = set()
        self._agents: Counter[str] = Counter()

    @property
    def are_free(self) -> bool:
        """Whether there is any place at all."""
        return self._free > 0

    def take(self, task: str, agents: Iterable[str]) -> bool:
        """Take a place for an execution, where there is one; tells whether there was."""
        wanted = set(agents)
        if not self.are_free or task in self._tasks:
            return False
        if any(self._agents[agent] >= self._per_agent for agent in wanted):
            return False
        self._free -= 1
        self._tasks.add(task)
        self._agents.update(wanted)
        return True

    def give_back(self, task: str, agents: Iterable[str]) -> None:
        """Give back the place of an execution that has ended."""
        self._free += 1
        self._tasks.discard(task)
        self._agents.subtract(set(agents))


def whole_number(value: object, name: str, *, at_least: int) -> int:
    """A whole number that is not too small.

    Raises:
        TypeError: it is none.
        ValueError: it is too small.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, not {value!r:.60}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, not {value}")
    return value
