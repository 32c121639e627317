"""How frozen objects are filled quickly: the one clever place in this package.

A frozen attrs class assigns its attributes through `object.__setattr__`, which costs more than all the
rest of reading an answer. A twin is a class with the same slots and no guard: an object of it is filled
with plain assignments, then its `__class__` becomes the frozen class. Python allows that exactly when
both classes have the same layout, and raises TypeError where they do not, so it cannot go wrong quietly.

`python -m benchmarks.wire` prints what it is worth: an answer of DescribeTaskExecution is read in
little more than a third of the time that its `__init__` methods take.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def twin(cls: type) -> Callable[[], Any]:
    """A class with the layout of `cls` whose objects can be assigned to.

    Set every slot, then `object.__class__ = cls`.
    """
    name = f"Mutable{cls.__name__}"
    bases = cls.__bases__
    return type(name, bases, {"__slots__": cls.__slots__, "__module__": cls.__module__})  # type: ignore[attr-defined]  # attrs makes them
