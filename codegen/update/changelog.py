"""The entry of an API change in CHANGELOG.md: a line for each thing that a user may look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codegen.evolution.diff import Diff
from codegen.evolution.report import code, line
from codegen.evolution.revisions import DATE

UNRELEASED = "\n## Unreleased\n"
HEADING = "# Changelog\n"


def with_entries(text: str, entries: Iterable[tuple[Diff, str]]) -> str:
    """A change log with entries for revisions, each with its botocore; the newest is the first.

    They follow what people wrote of the next release, each below a heading of its own.
    """
    new = "\n\n".join(entry(diff, botocore) for diff, botocore in reversed([*entries]))
    text = text or HEADING
    if UNRELEASED not in text:
        before, heading, releases = text.partition("\n## ")
        text = f"{before.rstrip()}\n{UNRELEASED}{heading}{releases}"
    before, unreleased, after = text.partition(UNRELEASED)
    section, heading, releases = after.partition("\n## ")
    by_hand, entry_heading, earlier = section.partition("\n### ")
    parts = [by_hand.strip("\n"), new, f"{entry_heading}{earlier}".strip("\n")]
    body = "\n\n".join(filter(None, parts))
    return f"{before}{unreleased}\n{body}\n{heading}{releases}"


def entry(diff: Diff, botocore: str) -> str:
    """What changed in a revision."""
    api = f"API {diff.new.label} (botocore {botocore})" if DATE.fullmatch(diff.new.label) else diff.new.label
    lines = [f"### {api}: {diff.version} version", ""]
    return "\n".join([*lines, *(f"- {text}" for text in told(diff))])


def told(diff: Diff) -> Iterator[str]:
    """What changed, a line each."""
    if diff.documentation_only:
        yield "Documentation only."
    for kind, delta in (("operation", diff.operations), ("member", diff.members)):
        yield from (f"New {kind} {code(name)}." for name in delta.added)
        yield from (f"The {kind} {code(name)} is gone." for name in delta.removed)
    for shape, values in diff.enum_values.items():
        yield from (f"New value {code(f'{shape}.{value}')}." for value in values.added)
        yield from (f"The value {code(f'{shape}.{value}')} is gone." for value in values.removed)
    yield from (f"{code(name)} is required." for name in diff.required.added)
    yield from (f"{code(name)} is no longer required." for name in diff.required.removed)
    for change in diff.types_changed:
        yield f"{code(change.where)}: {code(str(change.old))} -> {code(str(change.new))}."
    yield from (f"{code(line(trait))}." for trait in (*diff.constraints, *diff.metadata, *diff.paging))
    yield from (f"**Breaking:** {code(text)}." for text in diff.breaking)
