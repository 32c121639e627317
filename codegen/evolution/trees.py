"""What changed in an operation's request and answer, as a tree of members: the form of AWS's API change logs.

    {"Options": {"Uid": {"BOTH"}, "TaskQueueing": "ENABLED | DISABLED"}}

Lists and maps are looked through: what is said of them is said of what they hold. A set has the values of an
enum that came, and, marked, those that went; a text is the type of a new member, or what changed in one.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from attrs import frozen

from codegen.evolution.api import Api
from codegen.evolution.diff import Diff, TraitChange
from codegen.facts import walk

Tree: TypeAlias = "str | set[str] | list[Tree] | dict[str, Tree]"

Around: TypeAlias = frozenset[tuple[str, str]]
"""The shapes on both sides that were met on the way."""

WIDTH = 100

ITSELF = "(itself)"
"""Under this key stands what changed in a structure or enum, beside what changed inside of it."""
LISTED = frozenset({"members", "enum", "required", "type", "member", "key", "value"})
"""The keys of a shape that are followed or listed; the others are its traits."""


@frozen(kw_only=True)
class Sides:
    """What changed in one operation; None where nothing did."""

    request: Tree | None
    response: Tree | None
    traits: tuple[TraitChange, ...]
    """Its errors, and how it is called."""

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return self.request is not None or self.response is not None or bool(self.traits)


def updated(diff: Diff) -> dict[str, Sides]:
    """The operations on both sides that changed, by name."""
    both = sorted(diff.old.operations.keys() & diff.new.operations.keys())
    found = {name: sides(diff, name) for name in both} if diff.changes else {}
    return {name: changed for name, changed in found.items() if changed.changed}


def sides(diff: Diff, operation: str) -> Sides:
    """What changed in an operation."""
    return Sides(
        request=side(diff, operation, "input"),
        response=side(diff, operation, "output"),
        traits=tuple(change for change in diff.constraints if change.where == f"{operation}()"),
    )


def side(diff: Diff, operation: str, key: str) -> Tree | None:
    """What changed in a request or an answer."""
    old, new = (api.operations[operation].get(key, {}).get("shape") for api in (diff.old, diff.new))
    if old is None and new is None:
        return None
    if old is None or new is None:
        return described(diff.new, new) if new else "removed"
    return changed(diff, old, new, frozenset())


def changed(diff: Diff, old: str, new: str, around: Around) -> Tree | None:
    """What changed between two shapes, and in what they hold; nothing new is said of what is around them."""
    if (old, new) in around or (old == new and new not in diff.touched):
        return None
    before, after = diff.old.shapes[old], diff.new.shapes[new]
    inside: Tree | None = None
    if before["type"] == after["type"]:
        inside = changed_inside(diff, before, after, around | {(old, new)})
    notes = [f"{old} -> {new}"] if old != new else []
    notes += [f"{before['type']} -> {after['type']}"] if before["type"] != after["type"] else []
    return joined([*notes, *trait_notes(before, after)], inside)


def changed_inside(diff: Diff, before: Any, after: Any, around: Around) -> Tree | None:
    """What changed in the members, values or elements of a shape."""
    if after["type"] == "structure":
        return changed_members(diff, before, after, around) or None
    if after["type"] == "list":
        return changed_reference(diff, before["member"], after["member"], around)
    if after["type"] == "map":
        keys, values = (
            changed_reference(diff, before[part], after[part], around) for part in ("key", "value")
        )
        return {"(keys)": keys, **({"(values)": values} if values else {})} if keys else values
    return changed_values(before, after) or None


def changed_reference(diff: Diff, before: Any, after: Any, around: Around) -> Tree | None:
    """What changed in a member, an element, a key or a value, and in its shape."""
    tree = joined(trait_notes(before, after), changed(diff, before["shape"], after["shape"], around))
    values = changed_values(before, after)  # A member can list its own.
    if not values:
        return tree
    return values if tree is None else joined([f"values {literal(values)}"], tree)


def changed_values(before: Any, after: Any) -> set[str]:
    """The values of an enum that came and went."""
    old, new = set(before.get("enum", ())), set(after.get("enum", ()))
    return (new - old) | {f"{value} (removed)" for value in old - new}


def changed_members(diff: Diff, before: Any, after: Any, around: Around) -> dict[str, Tree]:
    """What changed in the members of a structure: those that came and went, and those that are others now."""
    found: dict[str, Tree] = {}
    old, new = before.get("members", {}), after.get("members", {})
    for name, member in new.items():
        needed = name in after.get("required", ())
        if name not in old:
            found[f"{name} (required)" if needed else name] = described(diff.new, member["shape"])
            continue
        notes: list[str] = []
        if needed != (name in before.get("required", ())):
            notes = ["now required" if needed else "no longer required"]
        tree = joined(notes, changed_reference(diff, old[name], member, around))
        if tree:
            found[name] = tree
    return found | {name: "removed" for name in old if name not in new}


def trait_notes(before: Any, after: Any) -> list[str]:
    """What changed in the traits of a shape or a member."""
    old, new = ({key: item for key, item in side.items() if key not in LISTED} for side in (before, after))
    was, now = (dict(walk(side, ("shapes",))) for side in (old, new))
    changes = [
        TraitChange(where="", trait=".".join(path[1:]), old=was.get(path), new=now.get(path))
        for path in sorted(was.keys() | now.keys())
        if path[1:] != ("shape",) and was.get(path) != now.get(path)
    ]
    return [note(change) for change in changes]


def note(change: TraitChange) -> str:
    """A change of a trait in few words; patterns are too long for them."""
    effect = f" ({change.effect})" if change.effect != "changed" else ""
    if change.trait == "pattern":
        return f"pattern changed{effect}"
    kind, _, error = change.trait.partition(".")
    if kind == "errors" and change.operation and "." not in error:
        return f"new error {error}" if change.new else f"no error {error} any more"
    if change.old is None and change.new is True:  # not 1, which equals it
        return f"now {change.trait}"
    if change.old is True and change.new is None:
        return f"no longer {change.trait}"
    return f"{change.trait} {shown(change.old)} -> {shown(change.new)}{effect}"


def shown(value: Any) -> str:
    """The value of a trait."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def joined(notes: list[str], inside: Tree | None) -> Tree | None:
    """What changed in a thing itself, with what changed inside of it."""
    if not notes:
        return inside
    text = "; ".join(notes)
    if inside is None:
        return text
    if isinstance(inside, str):
        return f"{text}; {inside}"
    if isinstance(inside, dict):
        return {ITSELF: "; ".join(filter(None, (text, str(inside.get(ITSELF, ""))))), **without_self(inside)}
    return {ITSELF: text, "(values)": inside}


def without_self(tree: dict[str, Tree]) -> dict[str, Tree]:
    """A tree without what is said of the thing itself."""
    return {key: inner for key, inner in tree.items() if key != ITSELF}


def described(api: Api, shape: str, around: frozenset[str] = frozenset()) -> Tree:
    """The type of a new thing: `string`, `BASIC | ENHANCED`, or the members of a structure with theirs."""
    if shape in around:
        return shape
    raw = api.shapes[shape]
    around |= {shape}
    if raw["type"] == "structure":
        members = raw.get("members", {})
        return {name: described(api, member["shape"], around) for name, member in members.items()}
    if raw["type"] == "list":
        return [described(api, raw["member"]["shape"], around)]
    if raw["type"] == "map":
        return {"string": described(api, raw["value"]["shape"], around)}
    return " | ".join(raw.get("enum", ())) or str(raw["type"])


def literal(tree: Tree, margin: str = "") -> str:
    """A tree as Python would write it, on as many lines as it needs."""
    if isinstance(tree, str):
        return repr(tree)
    if isinstance(tree, dict):
        begin, end = "{}"
        items = [entry(repr(key), inner, margin) for key, inner in tree.items()]
    else:
        begin, end = "[]" if isinstance(tree, list) else "{}"
        items = [literal(item, f"{margin} ") for item in (tree if isinstance(tree, list) else sorted(tree))]
    line = f"{begin}{', '.join(items)}{end}"
    if len(margin) + len(line) <= WIDTH and "\n" not in line:
        return line
    return begin + f",\n{margin} ".join(items) + end


def entry(key: str, tree: Tree, margin: str) -> str:
    """An entry of a dictionary; what follows in other lines stands below its beginning."""
    space = " " * (len(key) + 3)
    return f"{key}: {literal(tree, margin + space)}"
