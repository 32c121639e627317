"""Two models of an API -> what changed, and what that means to callers of the generated code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from codegen.evolution.api import Api
from codegen.evolution.breaking import breaking
from codegen.facts import Path, facts, texts
from codegen.revisions import DATE

Effect: TypeAlias = Literal["tightened", "relaxed", "changed"]
Version: TypeAlias = Literal["major", "minor", "patch", "none"]

Kind: TypeAlias = Literal["required", "value", "type", "trait", "paging", "service"]


HOLDS = ("member", "key", "value")
"""Where lists and maps name the shapes of what they hold."""


@frozen
class Change:
    """A fact that is another one now; None where there was none, or is none any more."""

    path: Path
    old: Any
    new: Any


@frozen(kw_only=True)
class Delta:
    """Names that came, and names that went."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@frozen(kw_only=True)
class TypeChange:
    """Another type of a shape, or another shape where one is referred to: `CreateTaskRequest.Tags`."""

    where: str
    old: str | None
    new: str | None


@frozen(kw_only=True)
class TraitChange:
    """Another trait of a shape (`TagKey`), a member (`Options.Uid`), an operation or the whole service."""

    where: str
    trait: str
    old: Any
    new: Any

    @property
    def operation(self) -> bool:
        """Whether the trait is that of an operation, and not of a shape."""
        return self.where.endswith("()")

    @property
    def effect(self) -> Effect:
        """Whether less is allowed than before, or more."""
        if self.trait not in LIMITS:
            return "changed"
        if self.old is None or self.new is None:
            return "tightened" if self.old is None else "relaxed"
        if self.trait == "pattern":
            return "changed"
        return "tightened" if (self.new > self.old) == (self.trait == "min") else "relaxed"


LIMITS = frozenset({"min", "max", "pattern"})


@frozen(kw_only=True, slots=False)
class Diff:
    """What changed between two APIs."""

    old: Api = field(repr=False)
    new: Api = field(repr=False)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every fact that changed, in the order of its path."""
        old, new = (facts(api.service, api.paginators) for api in differing(self.old, self.new))
        paths = (path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
        return tuple(Change(path, old.get(path), new.get(path)) for path in sorted(paths))

    @cached_property
    def operations(self) -> Delta:
        """Operations that came and went."""
        return delta(self.old.operations, self.new.operations)

    @cached_property
    def shapes(self) -> Delta:
        """Shapes that came and went."""
        return delta(self.old.shapes, self.new.shapes)

    @cached_property
    def whole_members(self) -> tuple[Path, ...]:
        """The paths of the members that came and went in shapes that are on both sides."""
        return tuple(
            ("shapes", name, "members", member)
            for name in sorted(self.old.shapes.keys() & self.new.shapes.keys())
            for member in sorted(members(self.old, name) ^ members(self.new, name))
        )

    @cached_property
    def inner(self) -> Mapping[Kind, tuple[Change, ...]]:
        """The changes inside of what is on both sides: operations, shapes, members and paginators."""
        whole: set[Path] = set(self.whole_members)
        for section, delta in (
            ("operations", self.operations),
            ("shapes", self.shapes),
            ("pagination", self.paginators),
        ):
            whole |= {(section, name) for name in (*delta.added, *delta.removed)}
        found: dict[Kind, list[Change]] = {}
        for change in self.changes:
            if not whole & {change.path[:2], change.path[:4]}:
                found.setdefault(kind(change.path), []).append(change)
        return {kind: tuple(changes) for kind, changes in found.items()}

    @cached_property
    def members(self) -> Delta:
        """Members that came and went in shapes that are on both sides."""
        return Delta(
            added=tuple(where(path) for path in self.whole_members if path[3] in members(self.new, path[1])),
            removed=tuple(
                where(path) for path in self.whole_members if path[3] in members(self.old, path[1])
            ),
        )

    @cached_property
    def enum_values(self) -> Mapping[str, Delta]:
        """The values that came and went, by the shape or member that lists them."""
        found: dict[str, list[Change]] = {}
        for change in self.inner.get("value", ()):
            found.setdefault(where(change.path[:-2]), []).append(change)
        return {name: came_and_went(changes, lambda c: c.path[-1]) for name, changes in found.items()}

    @cached_property
    def required(self) -> Delta:
        """Members that have become required, and those that are no longer."""
        return came_and_went(self.inner.get("required", ()), lambda c: f"{c.path[1]}.{c.path[3]}")

    @cached_property
    def types_changed(self) -> tuple[TypeChange, ...]:
        """Other types of shapes, and other shapes of members, elements, requests and answers."""
        return tuple(
            TypeChange(where=where(change.path[:-1]), old=change.old, new=change.new)
            for change in self.inner.get("type", ())
        )

    @cached_property
    def constraints(self) -> tuple[TraitChange, ...]:
        """Other traits of shapes, members and operations: what a value may be, and how it is sent."""
        return tuple(trait_change(change) for change in self.inner.get("trait", ()))

    @cached_property
    def metadata(self) -> tuple[TraitChange, ...]:
        """Other traits of the service as a whole."""
        return tuple(
            TraitChange(where="", trait=".".join(change.path), old=change.old, new=change.new)
            for change in self.inner.get("service", ())
        )

    @cached_property
    def paginators(self) -> Delta:
        """Operations that came to have pages, and those that have none any more."""
        return delta(*((api.paginators or {}).get("pagination", {}) for api in (self.old, self.new)))

    @cached_property
    def paging(self) -> tuple[TraitChange, ...]:
        """Operations whose pages are asked for in another way."""
        return tuple(
            TraitChange(where=change.path[1], trait=change.path[2], old=change.old, new=change.new)
            for change in self.inner.get("paging", ())
        )

    @cached_property
    def touched(self) -> frozenset[str]:
        """The shapes in which something changed, be it in a shape that they lead to."""
        users: dict[str, set[str]] = {}
        for name, shape in (*self.old.shapes.items(), *self.new.shapes.items()):
            held = [*shape.get("members", {}).values(), *(shape[key] for key in HOLDS if key in shape)]
            for reference in held:
                users.setdefault(reference["shape"], set()).add(name)
        found: set[str] = set()
        pending = {change.path[1] for change in self.changes if change.path[0] == "shapes"}
        while pending:
            found |= pending
            pending = {user for name in pending for user in users.get(name, ())} - found
        return frozenset(found)

    @cached_property
    def breaking(self) -> tuple[str, ...]:
        """What callers of the generated code must change, a sentence each."""
        return breaking(self.old, self.new, self.touched) if self.changes else ()

    @cached_property
    def documentation_only(self) -> bool:
        """Whether the API is the same, and only what is said about it is not."""
        if self.changes:
            return False
        if self.old.documented and self.new.documented:
            return texts(self.old.service) != texts(self.new.service)
        dates = {api.label for api in (self.old, self.new) if DATE.fullmatch(api.label)}
        return len(dates) > 1  # Revisions have no texts, but each differs from the one before it.

    @cached_property
    def version(self) -> Version:
        """Which part of its version number the next release of the generated code must raise."""
        if self.breaking:
            return "major"
        if self.changes:
            return "minor"
        return "patch" if self.documentation_only else "none"


def differing(old: Api, new: Api) -> tuple[Api, Api]:
    """Both sides without the shapes and operations that are the same; nearly all are, and have many facts."""
    same: dict[str, set[str]] = {}
    for section in ("shapes", "operations"):
        before, after = old.service.get(section, {}), new.service.get(section, {})
        same[section] = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    return without(old, same), without(new, same)


def without(api: Api, names: Mapping[str, set[str]]) -> Api:
    """An API without some entries of its sections."""
    left = {
        section: {
            name: entry for name, entry in api.service.get(section, {}).items() if name not in leave_out
        }
        for section, leave_out in names.items()
    }
    return evolve(api, service={**api.service, **left})


def delta(old: Iterable[str], new: Iterable[str]) -> Delta:
    """The names that are on one side only."""
    return Delta(
        added=tuple(sorted(set(new) - set(old))),
        removed=tuple(sorted(set(old) - set(new))),
    )


def came_and_went(changes: Iterable[Change], name: Callable[[Change], str]) -> Delta:
    """The names of facts that came, and of those that went."""
    both = [(change.old is None, name(change)) for change in changes]
    return Delta(
        added=tuple(sorted(name for came, name in both if came)),
        removed=tuple(sorted(name for came, name in both if not came)),
    )


def members(api: Api, shape: str) -> frozenset[str]:
    """The members of a structure; none where it is none."""
    return frozenset(api.shapes[shape].get("members", {}))


def where(path: Path) -> str:
    """How people speak of a place: `CreateTaskRequest.Tags`, `CreateTask().input`, `TagList.member`."""
    section, owner, *rest = path
    name = f"{owner}()" if section == "operations" else owner  # A shape can have the same name.
    return ".".join([name, *(part for index, part in enumerate(rest) if (index, part) != (0, "members"))])


def kind(path: Path) -> Kind:
    """What a fact speaks of; each kind is listed in one place of a diff."""
    match path:
        case ("shapes", _, "required", _):
            return "required"
        case ("shapes", _, "enum", _) | ("shapes", _, "members", _, "enum", _):
            return "value"
        case (
            ("shapes", _, "type")
            | ("shapes", _, "members", _, "shape")
            | ("shapes", _, "member" | "key" | "value", "shape")
            | ("operations", _, "input" | "output", "shape")
        ):
            return "type"
        case ("shapes" | "operations", *_):
            return "trait"
        case ("pagination", *_):
            return "paging"
    return "service"


def trait_change(change: Change) -> TraitChange:
    """A change of a fact that is a trait; each error of an operation is one."""
    match change.path:
        case ("shapes", _, "members", _, *_):
            depth = 4
        case ("shapes", _, "member" | "key" | "value", *_):
            depth = 3
        case _:
            depth = 2
    return TraitChange(
        where=where(change.path[:depth]),
        trait=".".join(change.path[depth:]),
        old=change.old,
        new=change.new,
    )
