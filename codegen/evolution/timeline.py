"""The history of an API for people: all revisions as a table, or the life of one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise

from attrs import evolve, frozen

from codegen.errors import CodegenError
from codegen.evolution.api import Api, of_revisions
from codegen.evolution.diff import Diff, Version
from codegen.evolution.report import line, summary, updated_operation
from codegen.evolution.trees import described, literal, sides
from codegen.history import Kind, things
from codegen.revisions import Revision


@frozen(kw_only=True)
class Entry:
    """A revision, as a line of the timeline."""

    date: str
    botocore: str
    counts: Counter[Kind]
    """How many there are of each kind of thing."""
    version: Version
    """Which part of its version number a release of the SDK had to raise for it."""
    summary: str


COLUMNS: dict[str, Kind] = {
    "operations": "operation",
    "structures": "structure",
    "members": "member",
    "enums": "enum",
    "values": "value",
}


def timeline(revisions: Iterable[Revision]) -> tuple[Entry, ...]:
    """A line for each revision."""
    every = tuple(revisions)
    apis = of_revisions(every)
    diffs = [None, *(Diff(old=old, new=new) for old, new in pairwise(apis))]
    return tuple(
        Entry(
            date=revision.date,
            botocore=revision.botocore,
            counts=Counter(kind for _, kind in things(revision.service)),
            version=diff.version if diff else "none",
            summary=summary(diff) if diff else "the first one",
        )
        for revision, diff in zip(every, diffs, strict=True)
    )


def table(entries: Iterable[Entry]) -> str:
    """The timeline, a line for each revision, and what a release of the SDK means for its callers."""
    rows = [("date", "botocore", *COLUMNS, "release", "changes")]
    rows += [
        (
            entry.date,
            entry.botocore,
            *(str(entry.counts[kind]) for kind in COLUMNS.values()),
            entry.version.replace("none", "-"),
            entry.summary,
        )
        for entry in entries
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(aligned, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def aligned(cell: str, width: int) -> str:
    """A cell of the table; numbers stand to the right."""
    return cell.rjust(width) if cell.isdigit() else cell.ljust(width)


def life(name: str, revisions: Sequence[Revision]) -> str:
    """What became of an operation, a shape, a member or a value: a line for each revision that changed it."""
    apis = of_revisions(revisions)
    botocore = {revision.date: revision.botocore for revision in revisions}
    find(name, apis)
    told = [(new.label, event) for old, new in pairwise([EMPTY, *apis]) for event in events(name, old, new)]
    rows = (f"{date}  {botocore[date]:<9} {event}" for date, event in told)
    return "\n".join(row.replace("\n", f"\n{MARGIN}") for row in rows)


MARGIN = " " * len("2024-05-15  1.34.106  ")
EMPTY = Api(label="", service={"operations": {}, "shapes": {}}, paginators={})


def find(name: str, apis: Iterable[Api]) -> None:
    """Stop where no revision has a thing of that name."""
    known: set[str] = set()
    for api in apis:
        known |= names(api)
    if name.removesuffix("()") not in known:
        near = get_close_matches(name, known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise CodegenError(f"{name}: no revision has a shape, member, value or operation of this name{hint}")


def names(api: Api) -> set[str]:
    """Everything whose life can be told."""
    found = {name.removesuffix("()") for name, _ in things(api.service)}
    return found | api.shapes.keys()


def events(name: str, old: Api, new: Api) -> Iterator[str]:
    """What happened to a thing in one revision."""
    name = name.removesuffix("()")
    was, now = name in names(old), name in names(new)
    if now and not was:
        yield f"added: {what(name, new)}" if what(name, new) else "added"
    if was and not now:
        yield "removed"
    if was and now:
        yield from changes(name, Diff(old=old, new=new))


def what(name: str, api: Api) -> str:
    """What a new thing is: the type of a member or shape, nothing for a value."""
    owner, _, inner = name.partition(".")
    if name in api.operations or owner not in api.shapes:
        return ""
    if not inner:
        return literal(described(api, name))
    member = api.shapes[owner].get("members", {}).get(inner)
    return literal(described(api, member["shape"])) if member else ""


def changes(name: str, diff: Diff) -> Iterator[str]:
    """What changed in a thing that is on both sides."""
    if name in diff.new.operations:
        changed = updated_operation(sides(diff, name)) if diff.changes else ()
        yield from (f"{heading.lower()} {literal(tree)}" for heading, tree in changed)
    yield from own_changes(name, diff)
    owner, _, inner = name.partition(".")
    if owner not in diff.new.shapes:  # An operation, or an enum that the generator makes of a member.
        return
    member = diff.new.shapes[owner].get("members", {}).get(inner)
    if member and "members" not in diff.new.shapes[member["shape"]]:
        yield from (f"{member['shape']}: {event}" for event in own_changes(member["shape"], diff))


def own_changes(name: str, diff: Diff) -> Iterator[str]:
    """What a diff says of a thing, and of what it has: members, values, elements."""
    told = [(other, "added") for other in diff.members.added]
    told += [(other, "removed") for other in diff.members.removed]
    for shape, values in diff.enum_values.items():
        enum = shape.replace(".", "")  # The generator makes one of a member that lists its own values.
        told += [(f"{enum}.{value}", "added") for value in values.added]
        told += [(f"{enum}.{value}", "removed") for value in values.removed]
    told += [(other, "now required") for other in diff.required.added]
    told += [(other, "no longer required") for other in diff.required.removed]
    told += [(change.where, f"{change.old} -> {change.new}") for change in diff.types_changed]
    told += [
        (change.where, line(evolve(change, where=""))) for change in diff.constraints if not change.operation
    ]
    for place, event in told:
        if place == name:
            yield event
        elif place.startswith(f"{name}."):
            yield f"{place.removeprefix(f'{name}.')} {event}"
