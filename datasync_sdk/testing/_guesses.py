"""A source of choices that is quick, and always the same: it tells in milliseconds what can be done.

It stands in for texts by guesses, and for everything else by plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar

from attrs import field, frozen

from datasync_sdk.testing._model import SHAPES, Tree, element, kind, limits, members
from datasync_sdk.testing._texts import Demands, Manner, meets

T = TypeVar("T")


@frozen(eq=False)
class Guess:
    """A text or bytes, of which nothing is known before it is asked."""

    random: Random
    answers: dict[tuple[str, str], bool] = field(factory=dict)

    def answer(self, test: str, operand: str) -> bool:
        """Whether it passes a test."""
        return self.answers.setdefault((test, operand), self.random.random() < 0.5)  # noqa: PLR2004  # a coin

    def __len__(self) -> int:
        return 1


@frozen(eq=False)
class Guesses:
    """A source that is quick: what it gives for texts is no text, and numbers and lists are the plainest."""

    random: Random

    def pick(self, options: Sequence[T]) -> T:
        """One of several things."""
        return self.random.choice(options)

    def value(self, shape: str, demands: Demands, manner: Manner) -> Any:  # noqa: ARG002  # a guess has no pattern
        """A value of a shape that passes tests; None where there is none."""
        match kind(shape):
            case "string" | "blob" | "timestamp":
                return self.text(demands)
            case "structure":
                value: Any = self.answer(shape)
            case "list":
                tests = dict(demands)
                least = max(limits(shape)[0], tests.get("longer_than", -1) + 1)
                value = [self.value(element(shape), (), "valid") for _ in range(least or self.pick([0, 1]))]
            case "enum":
                value = self.pick([each for each in SHAPES[shape]["enum"] if meets(each, demands)] or [None])
            case "boolean":
                value = self.pick([False, True])
            case _:
                value = self.number(shape, dict(demands))
        return value if value is None or meets(value, demands) else None

    def text(self, demands: Demands) -> Guess:
        """A text that passes tests, whatever others it passes."""
        opposite = {"lacks": "matches", "breaks": "has"}
        known = {(opposite.get(name, name), operand): name not in opposite for name, operand in demands}
        return Guess(self.random, known)

    def number(self, shape: str, tests: dict[str, Any]) -> int:
        """A number."""
        least, most = SHAPES[shape].get("min", 0), SHAPES[shape].get("max", 2**20)
        divisor = tests.get("multiple_of", 1)
        return int(self.pick(tests.get("value", [self.random.randint(least, most) // divisor * divisor])))

    def outside(self, shape: str, trait: str, demands: Demands) -> Any:  # noqa: ARG002  # nor has it limits
        """A value that breaks one trait of its shape."""
        if kind(shape) == "list" and trait == "max":
            return [self.value(element(shape), (), "valid")] * ((limits(shape)[1] or 0) + 1)
        return [] if kind(shape) == "list" else Guess(self.random)

    def answer(self, shape: str) -> Tree:
        """A structure."""
        chosen = (each for each in members(shape).values() if each.required or self.random.random() < 0.3)  # noqa: PLR2004
        return {each.name: self.value(each.shape, (), "valid") for each in chosen}
