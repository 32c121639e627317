"""Which paths a transfer is about: filters, as `datasync_sdk.filters` reads them, asked for a whole tree."""

from __future__ import annotations

import re
from enum import Enum

from datasync_sdk import filters
from datasync_sdk import models as m

__all__ = ["Selected", "Selection", "is_reserved"]

# The names among these that DataSync never transfers; `filters.selected` says the same of paths.
RESERVED = frozenset({".aws-datasync", ".awssync", ".zfs", ".snapshot"})

# What stands before the first wildcard of a pattern.
PREFIX = re.compile(r"(?:\\.?|[^\\*|])*", re.DOTALL)
PATTERN = re.compile(r"(?:\\.?|[^\\|])+", re.DOTALL)


class Selected(Enum):
    """What filters say of a path."""

    YES = "yes"
    NO = "no"
    """And of nothing below, if it is a folder."""
    PERHAPS_BELOW = "perhaps below"
    """The folder is not selected, but something below may be."""


def is_reserved(name: str) -> bool:
    """Whether DataSync uses a name for itself, or never transfers it: it goes for all that is below, too."""
    return name in RESERVED or name.endswith(".snapshot")


class Selection:
    """The filters of a job."""

    def __init__(self, includes: tuple[m.FilterRule, ...], excludes: tuple[m.FilterRule, ...]) -> None:
        self._includes = includes
        self._excludes = excludes
        self._prefixes = [
            _prefix(pattern) for rule in includes for pattern in PATTERN.findall(rule.value or "")
        ]
        self.has_includes = bool(self._prefixes)
        self.is_everything = not self._prefixes and not any(rule.value for rule in excludes)
        """Only reserved names are left out."""

    def of(self, path: str, is_folder: bool) -> Selected:
        """What the filters say of a path; whoever asks has asked of the folders above."""
        if filters.selected(path, is_folder, includes=self._includes, excludes=self._excludes):
            return Selected.YES
        if not is_folder or not self._prefixes:
            return Selected.NO
        excluded = not filters.selected(path, is_folder, excludes=self._excludes)
        if excluded or not self._may_be_above(path):
            return Selected.NO
        return Selected.PERHAPS_BELOW

    def _may_be_above(self, path: str) -> bool:
        inside = f"/{path}/"
        return any(
            prefix.startswith(inside) or (ends_open and inside.startswith(prefix))
            for prefix, ends_open in self._prefixes
        )


def _prefix(pattern: str) -> tuple[str, bool]:
    """What all that a pattern matches begins with, and whether a wildcard follows."""
    found = PREFIX.match(pattern)
    literal = found[0] if found else ""
    return re.sub(r"\\(.?)", r"\1", literal, flags=re.DOTALL), len(literal) < len(pattern)
