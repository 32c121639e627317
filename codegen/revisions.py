"""The API at each of its revisions: `specs/<service>/revisions/YYYY-MM-DD.json`.

A revision is a release of botocore whose model of the service is not that of the release before it, be it
only by its documentation. Its file has the model without documentation, laid out so that what changed in the
API is what changes in the file.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from attrs import field, frozen

from codegen.errors import CodegenError
from codegen.spec import Json, Node, Spec, parse, read_json, without_texts

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DOCUMENTATION = frozenset({"documentation"})
KEYS = frozenset({"botocore", "paginators", "service"})


@frozen(kw_only=True)
class Revision:
    """The API as it was from a date on."""

    date: str
    botocore: str
    """The first release that has it."""
    service: Json = field(repr=False)
    paginators: Json = field(repr=False)


def load_all(folder: Path, until: str | None = None) -> tuple[Revision, ...]:
    """The revisions in a folder, from the oldest to that of a date, or to the newest."""
    return tuple(load(path) for path in sorted(folder.glob("*.json")) if until is None or path.stem <= until)


def spec_of(revision: Revision) -> Spec:
    """The spec of a revision."""
    return parse(revision.service, revision.paginators)


def load(path: Path) -> Revision:
    """One revision."""
    if not DATE.fullmatch(path.stem):
        raise CodegenError(f"{path}: is not named after a date, as revisions are: YYYY-MM-DD.json")
    node = Node(read_json(path), f"{path}: $")
    node.known(KEYS)
    return Revision(
        date=path.stem,
        botocore=node.require("botocore", str),
        service=node.require("service", dict),
        paginators=node.require("paginators", dict),
    )


def find(folder: Path, day: str) -> Revision:
    """The revision of a date, which must be one of a change."""
    if not is_day(day):
        raise CodegenError(f"{day}: is no date in the form YYYY-MM-DD")
    path = folder / f"{day}.json"
    if path.exists():
        return load(path)
    known = sorted(other.stem for other in folder.glob("*.json"))
    if not known:
        raise CodegenError(f"{folder}: has no revisions; `python -m codegen update --history` fetches them")
    before = [other for other in known if other < day]
    hint = f"on that day the API was that of {before[-1]}" if before else f"the first one is {known[0]}"
    raise CodegenError(f"{day}: no revision is of this date; {hint}")


def is_day(text: str) -> bool:
    """Whether a text is a date of the calendar, as revisions are named."""
    try:
        return bool(DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def text(revision: Revision) -> str:
    """The file of a revision."""
    content = {
        "botocore": revision.botocore,
        "paginators": revision.paginators,
        "service": without_texts(revision.service, DOCUMENTATION),
    }
    return f"{laid_out(content)}\n"


def laid_out(value: Any, margin: str = "") -> str:
    """JSON in which everything that holds only plain values has one line of its own.

    The layout depends on nothing but what is inside, so that a change leaves its neighbours as they are.
    """
    holds = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(inner, dict | list) for inner in holds):
        return json.dumps(value, ensure_ascii=False)
    deeper = f"{margin} "
    if isinstance(value, dict):
        lines = [
            f"{deeper}{json.dumps(key, ensure_ascii=False)}: {laid_out(inner, deeper)}"
            for key, inner in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    return "[\n" + ",\n".join(f"{deeper}{laid_out(inner, deeper)}" for inner in value) + f"\n{margin}]"
