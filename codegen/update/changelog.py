"""The entry of an API change in CHANGELOG.md: a line for each thing that a user may look for."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.evolution.diff import Diff
from codegen.evolution.report import code, line, paging, sentences
from codegen.revisions import DATE

UNRELEASED = "\n## Unreleased\n"
HEADING = "# Changelog\n"


def with_entries(text: str, entries: Iterable[tuple[Diff, str]]) -> str:
    """A change log with entries for revisions, each with its botocore; the newest is the first.

    They follow what people wrote of the next release, each below a heading of its own.
    """
    found = [entry(diff, botocore) for diff, botocore in reversed([*entries])]
    new = "\n\n".join(each for each in found if f"\n{each}\n" not in text)
    text = text or HEADING
    text = text if text.endswith("\n") else f"{text}\n"
    if UNRELEASED not in text:
        before, heading, releases = text.partition("\n## ")
        text = f"{before.rstrip()}\n{UNRELEASED}{heading}{releases}"
    before, unreleased, after = text.partition(UNRELEASED)
    section, heading, releases = f"\n{after}".partition("\n## ")
    by_hand, entry_heading, earlier = section.partition("\n### ")
    parts = [by_hand.strip("\n"), new, f"{entry_heading}{earlier}".strip("\n")]
    body = "\n\n".join(filter(None, parts))
    return f"{before}{unreleased}\n{body}\n{heading}{releases}"


def entry(diff: Diff, botocore: str) -> str:
    """What changed in a revision."""
    api = f"API {diff.new.label} (botocore {botocore})" if DATE.fullmatch(diff.new.label) else diff.new.label
    lines = [f"### {api}: {diff.version} version", ""]
    texts = [text for _, text in sentences(diff, code)]
    texts += [f"{code(line(trait))}." for trait in (*diff.constraints, *diff.metadata)]
    texts += [f"{text}." for text in paging(diff)]
    texts += [f"**Breaking:** {code(text)}." for text in diff.breaking]
    return "\n".join([*lines, *(f"- {text}" for text in texts or ["Documentation only."])])
