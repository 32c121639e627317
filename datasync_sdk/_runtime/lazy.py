"""Names that are imported when they are first used (PEP 562).

Nothing is imported here that a bare interpreter has not loaded: `typing` alone would cost more than all the
rest of `import datasync_sdk`. Type checkers take a `TYPE_CHECKING` for true even where it is set by hand;
`bool()` instead of `False` keeps jedi from skipping the block.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = bool()  # noqa: UP018  # see above
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """A module `__getattr__` for `package`, whose names live in the submodules that `modules` says.

    A name for which it says nothing ("") is a submodule itself.
    """

    def get(name: str) -> Any:
        from importlib import import_module

        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = modules[name]
        if not home:
            return import_module(f"{package}.{name}")
        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
