"""The bases of generated structures. They hold no data and no behaviour, only static types."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

R_co = TypeVar("R_co", covariant=True)


class Structure:
    """A structure of a service's API. Subclasses are frozen attrs classes with slots.

    The slot for weak references is here, because Python swaps the classes of objects (see `fill.py`)
    only where such a slot comes from a common base.
    """

    __slots__ = ("__weakref__",)

    def __repr__(self) -> str:
        """What is set, as one would write it; members that are None or secret are left out."""
        shown = ((a.name, getattr(self, a.name)) for a in attributes(self) if a.repr)
        members = ", ".join(f"{name}={value!r}" for name, value in shown if value is not None)
        return f"{type(self).__name__}({members})"


class Request(Structure, Generic[R_co]):
    """The input of one operation; its type parameter is the type of the operation's answer."""

    __slots__ = ()


def attributes(structure: Structure) -> tuple[Any, ...]:
    """The attributes of a structure, as attrs knows them."""
    found: tuple[Any, ...] = getattr(type(structure), "__attrs_attrs__", ())
    return found
