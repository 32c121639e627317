"""Revisions -> when each thing came and went.

Things are named as in the model: `CreateTask()` is an operation, `Options` a structure or an enum,
`Options.Uid` a member, `TaskMode.BASIC` a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from codegen.errors import CodegenError
from codegen.facts import facts
from codegen.revisions import Revision
from codegen.spec import Json, Spec

Kind: TypeAlias = Literal["operation", "structure", "enum", "member", "value"]


@frozen(kw_only=True)
class Life:
    """From which revision on something was part of the API, and which one had it no longer."""

    name: str
    kind: Kind
    since: str
    until: str | None = None


@frozen(kw_only=True, slots=False)
class History:
    """What there was at which time."""

    revisions: Mapping[str, str]
    """The dates, from the oldest on, and the botocore that brought each."""
    lives: tuple[Life, ...]

    @cached_property
    def current(self) -> Mapping[str, str]:
        """What is part of the API, and the date that brought it."""
        return {life.name: life.since for life in self.lives if life.until is None}

    @cached_property
    def gone(self) -> tuple[Life, ...]:
        """What was part of the API and is no longer, in the order in which it went.

        What a class had that went with it is not listed beside it.
        """
        lost = {life.name: life for life in self.lives if life.until and life.name not in self.current}
        classes = {(life.name, life.until) for life in lost.values()}
        told = [life for life in lost.values() if (life.name.partition(".")[0], life.until) not in classes]
        told += [life for life in lost.values() if "." not in life.name]
        return tuple(sorted(told, key=lambda life: (life.until, life.name)))

    def new_in(self, name: str) -> str | None:
        """The date that brought something; None for what was there from the first day, or is unknown."""
        date = self.current.get(name)
        return None if date == next(iter(self.revisions), None) else date


NO_HISTORY = History(revisions={}, lives=())


def history(revisions: Iterable[Revision]) -> History:
    """When each thing came and went. What came back lives since it came back."""
    dates: dict[str, str] = {}
    alive: dict[str, Life] = {}
    ended: list[Life] = []
    for revision in revisions:
        dates[revision.date] = revision.botocore
        now = dict(things(revision.service))
        ended += [evolve(alive.pop(name), until=revision.date) for name in alive.keys() - now.keys()]
        for name in now.keys() - alive.keys():
            alive[name] = Life(name=name, kind=now[name], since=revision.date)
    return History(revisions=dates, lives=(*ended, *alive.values()))


def things(service: Json) -> Iterator[tuple[str, Kind]]:
    """What callers can name: operations, structures with their members, enums with their values."""
    for name in service["operations"]:
        yield f"{name}()", "operation"
    for name, shape in service["shapes"].items():
        if shape["type"] == "structure":
            yield name, "structure"
            for member, reference in shape["members"].items():
                yield f"{name}.{member}", "member"
                # The generator makes an enum of a member that lists its own values.
                yield from enum(f"{name}{member}", reference)
        elif shape["type"] == "string":
            yield from enum(name, shape)


def enum(name: str, shape: Json) -> Iterator[tuple[str, Kind]]:
    """An enum and its values; nothing for a shape that lists none."""
    values = shape.get("enum", ())
    if values:
        yield name, "enum"
    for value in values:
        yield f"{name}.{value}", "value"


def check_newest(revisions: tuple[Revision, ...], spec: Spec, place: Path) -> None:
    """Stop where the spec is not the API of the newest revision."""
    if not revisions or facts(revisions[-1].service, {}) != facts(spec.raw, {}):
        raise CodegenError(
            f"{place}: the newest revision is not the API of service-2.json;"
            " `python -m codegen update --history` brings what is missing"
        )
