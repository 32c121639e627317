"""The bases of generated structures. They hold no data and no behaviour, only static types."""

from __future__ import annotations

from typing import Generic, TypeVar

R_co = TypeVar("R_co", covariant=True)


class Structure:
    """A structure of a service's API. Subclasses are frozen attrs classes with slots.

    The slot for weak references is here, because Python swaps the classes of objects (see `fill.py`)
    only where such a slot comes from a common base.
    """

    __slots__ = ("__weakref__",)


class Request(Structure, Generic[R_co]):
    """The input of one operation; its type parameter is the type of the operation's answer."""

    __slots__ = ()
