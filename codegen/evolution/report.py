"""A diff for people, in the form that AWS users know from API change logs, and for programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codegen.evolution.diff import Delta, Diff, TraitChange
from codegen.evolution.trees import Sides, Tree, described, literal, note, shown, updated
from codegen.revisions import DATE

LINE = 110


def as_text(diff: Diff) -> str:
    """The report for a terminal."""
    lines = [title(diff)]
    for heading, parts in operations(diff):
        lines += ["", heading]
        for name, tree in parts:
            shape = literal(tree)
            fits = "\n" not in shape and len(name) + len(shape) < LINE
            lines += [f"{name} {shape}" if fits else f"{name}\n{shape}"]
    for heading, items in sections(diff):
        lines += ["", heading, *(f"- {item}" for item in items)]
    return "\n".join(lines)


def as_markdown(diff: Diff) -> str:
    """The report for a pull request."""
    lines = [f"## {title(diff)}"]
    for heading, parts in operations(diff):
        lines += ["", f"### {heading}"]
        for name, tree in parts:
            shape = literal(tree)
            lines += ["", name, "", "```python", shape, "```"]
    for heading, items in sections(diff):
        lines += ["", f"### {heading}", "", *(f"- {code(item)}" for item in items)]
    return "\n".join(lines)


def code(text: str) -> str:
    """A line in which a renderer of markdown finds nothing to render."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def title(diff: Diff) -> str:
    """`2024-05-15 - AWS DataSync - 2 updated api methods`."""
    label = diff.new.label if DATE.fullmatch(diff.new.label) else f"{diff.old.label} -> {diff.new.label}"
    name = diff.new.service.get("metadata", {}).get("serviceFullName", "")
    return f"{label} - {name} - {summary(diff)}"


def summary(diff: Diff) -> str:
    """How many operations came, changed and went."""
    if not diff.changes:
        return "documentation only" if diff.documentation_only else "no changes"
    counts = {
        "new": len(diff.operations.added),
        "updated": len(updated(diff)),
        "removed": len(diff.operations.removed),
    }
    told = " ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{told} api methods" if told else "no api method changed"


def operations(diff: Diff) -> Iterator[tuple[str, list[tuple[str, Tree]]]]:
    """A heading for each operation, with what there is to say of it."""
    for name in diff.operations.added:
        yield f"{name} (new)", list(new_operation(diff, name))
    for name, sides in updated(diff).items():
        yield f"{name} (updated)", list(updated_operation(sides))
    for name in diff.operations.removed:
        yield f"{name} (removed)", []


def new_operation(diff: Diff, name: str) -> Iterator[tuple[str, Tree]]:
    """What a new operation takes and gives."""
    for key, heading in (("input", "Request"), ("output", "Response")):
        reference = diff.new.operations[name].get(key)
        if reference:
            yield heading, described(diff.new, reference["shape"])


def updated_operation(sides: Sides) -> Iterator[tuple[str, Tree]]:
    """What changed in an operation."""
    if sides.request is not None:
        yield "Changes (request)", sides.request
    if sides.response is not None:
        yield "Changes (response)", sides.response
    if sides.traits:
        yield "Changes (operation)", {note(change) for change in sides.traits}


def sections(diff: Diff) -> Iterator[tuple[str, list[str]]]:
    """What is said below the operations."""
    if diff.constraints:
        traits = [line(change) for change in diff.constraints if not change.operation]
        yield from [("Constraints", traits)] if traits else []
    aside = [text for shape, text in sentences(diff) if shape and shape not in reached(diff)]
    if aside:
        yield "In shapes that no request and no answer has", aside
    service = [*map(line, diff.metadata), *paging(diff)]
    if service:
        yield "Service", service
    if diff.breaking:
        yield "Breaking for callers of the generated code", list(diff.breaking)
    if diff.version != "none":
        yield f"The SDK's next release must be a {diff.version} version.", []


def sentences(diff: Diff, mark: Callable[[str], str] = str) -> Iterator[tuple[str, str]]:
    """What came, went and became another thing, a sentence each, with the shape that it happened in.

    `mark` makes names stand out.
    """
    for kind, delta in (("operation", diff.operations), ("member", diff.members)):
        for name in delta.added:
            yield owner(kind, name), f"New {kind} {mark(name)}."
        for name in delta.removed:
            yield owner(kind, name), f"The {kind} {mark(name)} is gone."
    for shape, values in diff.enum_values.items():
        for value in values.added:
            yield owner("value", shape), f"New value {mark(f'{shape}.{value}')}."
        for value in values.removed:
            yield owner("value", shape), f"The value {mark(f'{shape}.{value}')} is gone."
    for name in diff.required.added:
        yield owner("member", name), f"{mark(name)} is required."
    for name in diff.required.removed:
        yield owner("member", name), f"{mark(name)} is no longer required."
    for change in diff.types_changed:
        text = f"{mark(change.where)}: {mark(str(change.old))} -> {mark(str(change.new))}."
        yield owner("type", change.where), text


def owner(kind: str, name: str) -> str:
    """The shape that a name is of; nothing for an operation."""
    return "" if kind == "operation" else name.partition(".")[0].removesuffix("()")


def paging(diff: Diff) -> Iterator[str]:
    """What changed in how pages are asked for."""
    yield from (f"{name} has pages" for name in diff.paginators.added)
    yield from (f"{name} has no pages any more" for name in diff.paginators.removed)
    yield from map(line, diff.paging)


def reached(diff: Diff) -> frozenset[str]:
    """The shapes of requests and answers, whose changes the trees show."""
    return frozenset().union(*(api.called for api in (diff.old, diff.new)))


def line(change: TraitChange) -> str:
    """A change of a trait, with both values in full."""
    place = f"{change.where} {change.trait}".strip()
    return f"{place}: {shown(change.old)} -> {shown(change.new)} ({change.effect})"


def as_json(diff: Diff) -> str:
    """The report for programs; docs/history.md says what it has."""
    return json.dumps(report(diff), indent=2, ensure_ascii=False)


def report(diff: Diff) -> dict[str, Any]:
    """All that changed. What a new shape holds is not listed beside the shape itself."""
    values = diff.enum_values.items()
    return {
        "from": diff.old.label,
        "to": diff.new.label,
        "operations": names(diff.operations),
        "shapes": names(diff.shapes),
        "members": names(diff.members),
        "enum_values": {
            "added": {name: list(delta.added) for name, delta in values if delta.added},
            "removed": {name: list(delta.removed) for name, delta in values if delta.removed},
        },
        "required": names(diff.required),
        "types_changed": [
            {"shape": change.where, "from": change.old, "to": change.new} for change in diff.types_changed
        ],
        "constraints": [trait(change) for change in diff.constraints],
        "metadata": [trait(change) for change in diff.metadata],
        "paginators": {**names(diff.paginators), "changed": [trait(change) for change in diff.paging]},
        "updated_operations": {name: as_sides(sides) for name, sides in updated(diff).items()},
        "breaking": list(diff.breaking),
        "version": diff.version,
        "documentation_only": diff.documentation_only,
    }


def names(delta: Delta) -> dict[str, list[str]]:
    """Names that came and went."""
    return {"added": list(delta.added), "removed": list(delta.removed)}


def trait(change: TraitChange) -> dict[str, Any]:
    """A change of a trait."""
    return {
        "shape": change.where,
        "trait": change.trait,
        "from": change.old,
        "to": change.new,
        "effect": change.effect,
    }


def as_sides(sides: Sides) -> dict[str, Any]:
    """What changed in an operation; its own traits are among the constraints."""
    return {"request": plain(sides.request), "response": plain(sides.response)}


def plain(tree: Tree | None) -> Any:
    """A tree as JSON has it: sets are sorted lists."""
    if isinstance(tree, dict):
        return {key: plain(inner) for key, inner in tree.items()}
    if isinstance(tree, set | list):
        return [plain(inner) for inner in (sorted(tree) if isinstance(tree, set) else tree)]
    return tree


FORMATS: Mapping[str, Callable[[Diff], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
