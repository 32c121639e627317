"""Since when something is part of an API, and what is no longer. The data is generated."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from attrs import fields, frozen

from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.wire import wire_of

Kind: TypeAlias = Literal["operation", "structure", "enum", "member", "value"]
Dated: TypeAlias = type[Structure] | type[OpenEnum] | OpenEnum
"""What has a date: a class of models, or a value of an enum."""


@frozen(order=True)
class Revision:
    """A change of the API."""

    date: date
    """The day on which botocore brought it."""
    botocore: str
    """The first release of botocore that has it."""

    def __str__(self) -> str:
        return f"API {self.date} (botocore {self.botocore})"


@frozen(kw_only=True)
class Removed:
    """Something that was part of the API and is no longer."""

    name: str
    """In AWS's names: `AddStorageSystem`, `DiscoveryJobStatus`, `PosixPermissions.BEST_EFFORT`."""
    kind: Kind
    since: Revision
    """The revision that had brought it."""
    until: Revision
    """The revision that took it away."""


class History:
    """When each name of a package came, and when others went."""

    def __init__(
        self,
        package: str,
        revisions: Mapping[str, str],
        new: Mapping[str, tuple[str, ...]],
        gone: Mapping[str, tuple[tuple[Kind, str, str], ...]],
    ) -> None:
        """Take the generated data: names by the date on which they came or went."""
        self._package = package
        self._revisions = revisions
        self._new = new
        self._gone = gone

    def revisions(self) -> tuple[Revision, ...]:
        """Every revision of the API, from the oldest to that which this package was generated from."""
        return tuple(map(self._revision, self._revisions))

    def removed(self) -> tuple[Removed, ...]:
        """What was part of the API and is no longer, in the order in which it went."""
        return tuple(
            Removed(
                name=name.removesuffix("()"),
                kind=kind,
                since=self._revision(since),
                until=self._revision(until),
            )
            for until, lives in self._gone.items()
            for kind, name, since in lives
        )

    def since(self, thing: Dated, member: str | None = None) -> Revision:
        """The revision that brought something, and the first botocore that has it.

            since(models.TaskMode)
            since(models.TaskExecutionStatus.CANCELLING)
            since(models.DescribeTaskExecutionResponse, "task_mode")

        Args:
            thing: a class of models, or a value of an enum.
            member: with the class of a structure: the name of an attribute.

        Raises:
            ValueError: the class has no such attribute, or the SDK does not know the value.
            TypeError: `thing` is neither.
        """
        return self.find(self._name(thing, member))

    def find(self, name: str) -> Revision:
        """The revision that brought what AWS calls so; what is not noted was there from the first day on."""
        return self._revision(self._dates.get(name) or next(iter(self._revisions)))

    @cached_property
    def _dates(self) -> Mapping[str, str]:
        return {name: date for date, names in self._new.items() for name in names}

    def _revision(self, day: str) -> Revision:
        return Revision(date.fromisoformat(day), self._revisions[day])

    def _name(self, thing: object, member: str | None) -> str:
        """What AWS calls a thing."""
        cls = thing if isinstance(thing, type) else type(thing)
        if cls.__module__.startswith(f"{self._package}.models."):
            if issubclass(cls, Structure) and cls is thing and isinstance(member, str | None):
                return cls.__name__ if member is None else member_name(cls, member)
            if issubclass(cls, OpenEnum) and member is None:
                return cls.__name__ if cls is thing else value_name(cls(str(thing)))
        given = f"{thing!r} and {member!r}" if member else repr(thing)
        raise TypeError(
            f"since takes a class of {self._package}.models, the class of a structure and the name of an"
            f" attribute, or a value of an enum; not {given}"
        )


def member_name(cls: type[Structure], attribute: str) -> str:
    """What AWS calls the member that an attribute stands for."""
    names = dict(zip((field.name for field in fields(cls)), wire_of(cls).names, strict=True))  # type: ignore[arg-type]  # it is one
    if attribute not in names:
        near = difflib.get_close_matches(attribute, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{cls.__name__} has no attribute {attribute!r}{hint}")
    return f"{cls.__name__}.{names[attribute]}"


def value_name(value: OpenEnum) -> str:
    """What AWS calls a value of an enum."""
    if not value.is_known:
        raise ValueError(f"{value!r}: nobody knows since when; this version of the SDK has no such value")
    return f"{type(value).__name__}.{value.value}"
