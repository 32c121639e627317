"""What the service remembers: SQLite under its root, whole after a restart and after a kill.

A resource is kept as the answer that describes it, in AWS's own names, beside what the service has to know
and never tells. So there is one truth for what Describe says, and a change to a resource is `evolve`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from attrs import evolve, field, frozen

from datasync_sdk import models as m
from datasync_sdk import structure, unstructure
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.local.store.database import Database

S = TypeVar("S", bound=Structure)
D = TypeVar("D", bound=Structure)

OWN: Final = ".datasync"
"""The folder below the root that is the service's own."""

VERSION: Final = 1
"""Of the tables. A root with another one was written by another release, and is refused."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS resources (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    parent TEXT,
    shape TEXT NOT NULL,
    described TEXT NOT NULL,
    hidden TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_kind ON resources (kind, parent, position);
CREATE TABLE IF NOT EXISTS tags (
    arn TEXT NOT NULL REFERENCES resources (arn) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (arn, key)
);
CREATE TABLE IF NOT EXISTS mounts (uri TEXT PRIMARY KEY, target TEXT NOT NULL);
"""


class Kind(Enum):
    """What there is."""

    AGENT = "agent"
    LOCATION = "location"
    TASK = "task"
    EXECUTION = "execution"


@frozen(kw_only=True)
class Resource(Generic[D]):
    """An agent, location, task or execution."""

    arn: str
    kind: Kind
    described: D
    """What Describe answers."""
    parent: str | None = None
    """The task of an execution."""
    hidden: Mapping[str, Any] = field(factory=dict)
    """What the service has to know besides: values that JSON can hold, and no secrets."""
    position: int = 0
    """Where it stands among all resources, in the order in which they were made."""

    def changed(self, described: D, **hidden: Any) -> Resource[D]:
        """The same resource, described in another way."""
        return evolve(self, described=described, hidden={**self.hidden, **hidden})


class Store(Database):
    """The resources, their tags, and where locations are mounted. One lock guards all of it."""

    def __init__(self, path: Path) -> None:
        """Open the store of this path, or make it.

        Raises:
            sqlite3.Error: it cannot be opened, or is something else.
        """
        super().__init__(path, _TABLES)

    def fact(self, name: str) -> str | None:
        """A fact about the service itself; None where it was never told."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return rows[0][0] if rows else None

    def tell(self, name: str, value: str) -> None:
        """Remember a fact about the service itself."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def add(self, resource: Resource[Any], tags: Mapping[str, str | None]) -> None:
        """Keep a new resource, with its tags."""
        with self.transaction():
            self._write(
                "INSERT INTO resources (arn, kind, parent, shape, described, hidden)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                resource.arn,
                resource.kind.value,
                resource.parent,
                type(resource.described).__name__,
                to_json(unstructure(resource.described)),
                to_json(resource.hidden),
            )
            self.tag(resource.arn, tags)

    def replace(self, resource: Resource[Any]) -> None:
        """Keep what has become of a resource."""
        self._write(
            "UPDATE resources SET described = ?, hidden = ? WHERE arn = ?",
            to_json(unstructure(resource.described)),
            to_json(resource.hidden),
            resource.arn,
        )

    def delete(self, arn: str) -> None:
        """Forget a resource, what it is the parent of, and their tags."""
        self._write("DELETE FROM resources WHERE arn = ? OR parent = ?", arn, arn)

    def find(self, arn: str, shape: type[S]) -> Resource[S] | None:
        """The resource of an ARN; None where there is none that is described by this class."""
        rows = self._rows(f"{_SELECT} WHERE arn = ? AND shape = ?", arn, shape.__name__)
        return _resource(rows[0]) if rows else None

    def get(self, arn: str) -> Resource[Any] | None:
        """The resource of an ARN, whatever it is; None where there is none."""
        rows = self._rows(f"{_SELECT} WHERE arn = ?", arn)
        return _resource(rows[0]) if rows else None

    def list(
        self, kind: Kind, *, parent: str | None = None, after: int = 0, limit: int = -1
    ) -> list[Resource[Any]]:
        """Resources in the order in which they were made: those after a position, and so many at most."""
        rows = self._rows(
            f"{_SELECT} WHERE kind = ? AND (? IS NULL OR parent = ?) AND position > ?"
            " ORDER BY position LIMIT ?",
            kind.value,
            parent,
            parent,
            after,
            limit,
        )
        return [_resource(row) for row in rows]

    def count(self, kind: Kind) -> int:
        """How many there are of a kind."""
        number: int = self._rows("SELECT count(*) FROM resources WHERE kind = ?", kind.value)[0][0]
        return number

    def tags(self, arn: str) -> dict[str, str | None]:
        """The tags of a resource, by key."""
        return dict(self._rows("SELECT key, value FROM tags WHERE arn = ? ORDER BY key", arn))

    def tag(self, arn: str, tags: Mapping[str, str | None]) -> None:
        """Add tags to a resource, or give those that it has other values."""
        with self.transaction():
            for key, value in tags.items():
                self._write("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)", arn, key, value)

    def untag(self, arn: str, keys: tuple[str, ...]) -> None:
        """Take tags from a resource."""
        with self.transaction():
            for key in keys:
                self._write("DELETE FROM tags WHERE arn = ? AND key = ?", arn, key)

    def mounts(self) -> dict[str, str]:
        """What is mounted: by the beginning of a LocationUri, the folder or bucket."""
        return dict(self._rows("SELECT uri, target FROM mounts ORDER BY uri"))

    def mount(self, uri: str, target: str) -> None:
        """Remember where locations whose LocationUri begins with `uri` are."""
        self._write("INSERT OR REPLACE INTO mounts VALUES (?, ?)", uri, target)

    def unmount(self, uri: str) -> bool:
        """Forget it; tell whether there was anything to forget."""
        return self._write("DELETE FROM mounts WHERE uri = ?", uri) > 0


_SELECT = "SELECT position, arn, kind, parent, shape, described, hidden FROM resources"


def _resource(row: tuple[Any, ...]) -> Resource[Any]:
    position, arn, kind, parent, shape, described, hidden = row
    return Resource(
        position=position,
        arn=arn,
        kind=Kind(kind),
        parent=parent,
        described=structure(json.loads(described), getattr(m, shape)),
        hidden=json.loads(hidden),
    )


def to_json(value: Mapping[str, Any]) -> str:
    """The JSON of what boto3 takes or gives: times are numbers and bytes are base64, as on the wire."""
    # In ASCII: names of files may have bytes that are no UTF-8, which as escapes SQLite takes.
    return json.dumps(value, default=_plain)


def _plain(value: object) -> float | str:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"JSON cannot hold a {type(value).__name__}")
