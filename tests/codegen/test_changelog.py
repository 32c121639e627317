"""The entries of API changes in the change log, among what people write there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.evolution.api import Api
from codegen.evolution.diff import Diff
from codegen.update.changelog import entry, with_entries
from tests.codegen.support import Json
from tests.codegen.wheels import CHANGELOG, keeper, pages

NONE: Json = {"pagination": {}}


def told(diff: Diff) -> list[str]:
    """The lines of an entry."""
    return [line.removeprefix("- ") for line in entry(diff, "1.2.3").splitlines() if line.startswith("- ")]


def diff(old: Json, new: Json, date: str = "2024-05-06", how: tuple[Json, Json] = (NONE, NONE)) -> Diff:
    """What changed between two models; `how` is how pages are asked for."""
    sides = [
        Api(label=label, service=service, paginators=paginators, documented=True)
        for label, service, paginators in zip(("2024-01-01", date), (old, new), how, strict=True)
    ]
    return Diff(old=sides[0], new=sides[1])


PLAIN = diff(keeper("Name"), keeper("Name", "Size"), "2024-05-06"), "1.34.1"
DOCUMENTATION = diff(keeper("Name"), keeper("Name", says="Other."), "2024-06-07"), "1.34.10"
PLAIN_ENTRY = """\
### API 2024-05-06 (botocore 1.34.1): minor version

- New member `Thing.Size`."""
DOCUMENTATION_ENTRY = """\
### API 2024-06-07 (botocore 1.34.10): patch version

- Documentation only."""
BOTH = f"{DOCUMENTATION_ENTRY}\n\n{PLAIN_ENTRY}"

TEXTS = {
    "among others": (
        CHANGELOG,
        f"# Changelog\n\nWhat changed.\n\n## Unreleased\n\n- Something by hand.\n\n{BOTH}\n\n## 0.1.0\n",
    ),
    "no file": ("", f"# Changelog\n\n## Unreleased\n\n{BOTH}\n"),
    "no section": (
        "# Changes\n\nText.\n\n## 1.0\n\n- One.\n",
        f"# Changes\n\nText.\n\n## Unreleased\n\n{BOTH}\n\n## 1.0\n\n- One.\n",
    ),
    "no release": ("# Changes\n\nText.\n", f"# Changes\n\nText.\n\n## Unreleased\n\n{BOTH}\n"),
    "an empty section": (
        "# C\n\n## Unreleased\n\n## 1.0\n\n- One.\n",
        f"# C\n\n## Unreleased\n\n{BOTH}\n\n## 1.0\n\n- One.\n",
    ),
    "an empty section at the end": ("# C\n\n## Unreleased\n", f"# C\n\n## Unreleased\n\n{BOTH}\n"),
    "by hand below headings": (
        "# C\n\n## Unreleased\n\n- One.\n\n### Fixed\n\n- Two.\n\n## 1.0\n",
        f"# C\n\n## Unreleased\n\n- One.\n\n{BOTH}\n\n### Fixed\n\n- Two.\n\n## 1.0\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS.keys())
def test_entries(text: str, expected: str) -> None:
    """They stand below what people wrote of the next release, the newest first."""
    assert with_entries(text, [PLAIN, DOCUMENTATION]).startswith(expected)


def test_earlier_entries_follow() -> None:
    """Two updates one after the other are as one."""
    once = with_entries(with_entries(CHANGELOG, [PLAIN]), [DOCUMENTATION])
    assert once == with_entries(CHANGELOG, [PLAIN, DOCUMENTATION])


@pytest.mark.parametrize(
    "text",
    ["# C\n\n## Unreleased\n## 1.0\n\n- One.\n", "# C\n\n## Unreleased\n### Fixed\n\n- One.\n\n## 1.0\n"],
)
def test_headings_without_an_empty_line_between(text: str) -> None:
    """Markdown needs none."""
    new = with_entries(text, [PLAIN])
    assert new.index("## Unreleased") < new.index("### API") < new.index("- One.")


def test_a_section_without_a_line_after_it() -> None:
    """The file may end with the heading."""
    assert with_entries("# C\n\n## Unreleased", [PLAIN]).count("## Unreleased") == 1


LINES = st.sampled_from(
    ["- One.", "Text.", "### Added", "### API 2020-01-01 (botocore 1.2.3): minor version", "", "#### Deep"]
)
BLOCKS = st.lists(LINES, max_size=6)


@given(BLOCKS, BLOCKS, st.lists(BLOCKS, max_size=2), st.booleans())
def test_what_people_wrote_stays(
    preamble: Sequence[str], section: Sequence[str], releases: Sequence[Sequence[str]], there: bool
) -> None:
    """Every line is there, in the same order, with the entries in one place, before the first release."""
    parts = ["# Changelog", "", *preamble, ""]
    parts += ["## Unreleased", "", *section, ""] if there else []
    for number, lines in enumerate(releases):
        parts += [f"## {9 - number}.0", "", *lines, ""]
    text = "\n".join(parts)
    new = with_entries(text, [PLAIN])
    assert new.count(PLAIN_ENTRY) == 1
    place = new.index(PLAIN_ENTRY)
    assert new.index("## Unreleased") < place
    assert all(place < new.index(f"## {9 - number}.0") for number in range(len(releases)))
    rest = new.replace(PLAIN_ENTRY, "")
    rest = rest if there else rest.replace("## Unreleased", "")
    assert [line for line in rest.splitlines() if line] == [line for line in text.splitlines() if line]
    if releases:
        first = text.index("\n## 9.0")
        assert new.endswith(text[first:])
    assert f"\n\n{PLAIN_ENTRY}\n" in new


CHANGES = {
    "a member": (
        keeper("Name"),
        keeper("Size"),
        ["New member `Thing.Size`.", "The member `Thing.Name` is gone."],
    ),
    "a value": (
        keeper("Name", colors=["RED"]),
        keeper("Name", colors=["BLUE"]),
        ["New value `Color.BLUE`.", "The value `Color.RED` is gone."],
    ),
    "documentation": (keeper("Name"), keeper("Name", arn="Other."), ["Documentation only."]),
}


@pytest.mark.parametrize(("old", "new", "lines"), CHANGES.values(), ids=CHANGES.keys())
def test_what_is_told(old: Json, new: Json, lines: Sequence[str]) -> None:
    """A line for each thing that a user may look for."""
    said = [*told(diff(old, new))]
    assert said[: len(lines)] == lines
    assert all(line.startswith("**Breaking:** ") for line in said[len(lines) :])


def test_more_of_what_is_told() -> None:
    """Operations, required members, types and limits."""
    new = keeper("Name")
    new["operations"]["GetThing"] = {**new["operations"]["CreateThing"], "name": "GetThing"}
    new["shapes"]["Thing"]["required"] = ["Name"]
    new["shapes"]["Thing"]["members"]["Color"] = {"shape": "Integer"}
    new["shapes"]["String"]["max"] = 4
    assert [*told(diff(keeper("Name"), new))][:4] == [
        "New operation `GetThing`.",
        "`Thing.Name` is required.",
        "`Thing.Color`: `Color` -> `Integer`.",
        "`String max: none -> 4 (tightened)`.",
    ]
    back = [*told(diff(new, keeper("Name")))]
    assert back[:2] == ["The operation `GetThing` is gone.", "`Thing.Name` is no longer required."]
    assert "**Breaking:** " in back[-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (NONE, pages()),
        (pages(), pages(limit_key="MaxResults")),
        (pages(), NONE),
    ],
)
def test_other_paginators_are_told(old: Json, new: Json) -> None:
    """An operation that has pages since is worth a line."""
    same = keeper("Name")
    change = diff(same, same, "botocore 1.2.4", (old, new))
    assert entry(change, "1.2.4").startswith("### botocore 1.2.4: ")
    assert any("ListThings" in line or "iter_things" in line for line in told(change))
