"""The import lines of one generated module."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection

from attrs import define, field


@define
class Imports:
    """Collects what a module imports, and says by which name the module knows it."""

    taken: Collection[str] = ()
    """The service's own names. A helper with such a name is imported with an underscore before it."""
    _names: dict[str, dict[str, str]] = field(factory=lambda: defaultdict(dict), init=False)

    def own(self, module: str, name: str) -> str:
        """Import one of the service's names, as it is."""
        self._names[module][name] = name
        return name

    def helper(self, module: str, name: str) -> str:
        """Import something else, by a name that the service has not taken."""
        local = f"_{name}" if name in self.taken else name
        self._names[module][name] = local
        return local

    def lines(self) -> tuple[str, ...]:
        """The statements, in isort's order, with an empty line between groups."""
        groups: dict[int, list[str]] = defaultdict(list)
        for module, names in sorted(self._names.items()):
            listed = ", ".join(statement(*pair) for pair in sorted(names.items(), key=order))
            groups[group(module)].append(f"from {module} import {listed}")
        separated: list[str] = []
        for _, statements in sorted(groups.items()):
            separated += ["", *statements] if separated else statements
        return tuple(separated)


def statement(name: str, local: str) -> str:
    """`name`, or `name as local`."""
    return name if name == local else f"{name} as {local}"


def order(pair: tuple[str, str]) -> tuple[int, str]:
    """Isort's order: constants, classes, the rest."""
    name = pair[0]
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def group(module: str) -> int:
    """The standard library first, then packages, then the SDK's own modules."""
    top = module.split(".", maxsplit=1)[0]
    if top in sys.stdlib_module_names:
        return 0
    return 1 if top in ("attrs", "botocore") else 2
