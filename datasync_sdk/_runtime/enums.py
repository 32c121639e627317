"""Enums that stay open: a value that nobody knew yet is kept, not refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self, TypeVar, overload


class OpenEnum(StrEnum):
    """A string enum whose class takes any string.

    A value that is not a member becomes a pseudo-member: it equals its string, hashes like it, survives
    pickling and a round trip, and says `is_known == False`. Services add values, and a program that
    watches a task must not end because of a new word.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        text = str.__str__(value)  # Of another enum's member, too, which may have a `__str__` of its own.
        unknown = str.__new__(cls, text)
        unknown._name_ = unknown._value_ = text
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this value was part of the API when the SDK was generated."""
        return self._value_ in type(self)._value2member_map_

    def __repr__(self) -> str:
        if self.is_known:
            return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"
        return f"<{type(self).__name__} (unknown): {self._value_!r}>"


E = TypeVar("E", bound=OpenEnum)


@overload
def to_member(cls: type[E], value: None) -> None: ...
@overload
def to_member(cls: type[E], value: str) -> E: ...
def to_member(cls: type[E], value: Any) -> Any:
    """The member for a string; what is neither is left for the check to report, with its path."""
    if value.__class__ is not cls and isinstance(value, str):
        return cls(value)
    return value
