"""What a service's documentation says of requests, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from codegen.rules.predicates import Combination


@frozen(kw_only=True)
class Source:
    """Where a rule comes from."""

    place: str
    """The member, shape or operation whose documentation has the sentence; or the trait it rests on."""
    quote: str | None
    """The sentence; None where a trait of the model says it."""


@frozen(kw_only=True)
class Place:
    """A structure, and what is forbidden in it."""

    on: str
    forbid: tuple[Combination, ...]


@frozen(kw_only=True)
class Rule:
    """What a request must not be."""

    id: str
    since: str
    severity: str
    message: str
    """For a person; `{value}` stands for the value that is wrong."""
    source: Source
    places: tuple[Place, ...] = ()
    at: str | None = None
    """The member to name; that of the broken combination's first condition where there is none."""
    traits: tuple[str, ...] = ()
    """The traits of the model that check it, instead of places: `FilterList.max`."""


@frozen(kw_only=True)
class Default:
    """What the service uses where a member is left out."""

    id: str
    since: str
    member: str
    """As `Options.Mtime`."""
    source: Source
    value: Any = None
    same_as: str | None = None
    """Another member of the structure whose value it takes."""
    says: str | None = None
    """In words, where it is no value that could be sent."""
    when: Combination = ()
    """Under which conditions, from the request."""


@frozen(kw_only=True)
class Clear:
    """Members that remove something by being empty."""

    id: str
    since: str
    members: tuple[str, ...]
    says: str
    source: Source


@frozen(kw_only=True)
class Documented:
    """All that is known from documentation."""

    rules: tuple[Rule, ...] = ()
    defaults: tuple[Default, ...] = ()
    clears: tuple[Clear, ...] = ()
    left_out: Mapping[str, str] = field(factory=dict)
    context: Mapping[str, tuple[str, ...]] = field(factory=dict)
    complete: frozenset[str] = frozenset()
    """The requests in which a member that is left out has its default."""
    implied: frozenset[str] = frozenset()
    """The structures that have their defaults where they are left out as a whole."""
    addresses: Mapping[str, str] = field(factory=dict)
    """How to make the addresses of documentation."""
    families: Mapping[str, str] = field(factory=dict)
    """What ids begin with, and what such rules are about."""
