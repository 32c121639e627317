"""The root of a service: kept for one service, for as long as that has it open; of one account and Region."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from weakref import WeakSet

from datasync_sdk.local.refusals import RootError
from datasync_sdk.local.state import Names
from datasync_sdk.local.store.store import OWN, VERSION, Kind, Store


@contextmanager
def open_root(root: Path, names: Names) -> Iterator[Store]:
    """The store of a root, which no other service can open meanwhile.

    Raises:
        RootError: the root cannot be used, and why.
    """
    with closing(Claim(root)) as claim:
        state = root / OWN / "state.sqlite"
        with legible(state):
            store = Store(state)
        claim.on_fork(store.abandon)
        with closing(store):
            with legible(state):
                refuse_others(root, store, names)
                check(store)
            yield store


@contextmanager
def legible(state: Path) -> Iterator[None]:
    """A state that cannot be read is a RootError."""
    try:
        yield
    except (sqlite3.Error, ValueError, LookupError, AttributeError, TypeError) as error:
        raise RootError(
            f"{state.parent.parent} cannot be the root of a service: its state {state}: {error}. If no other "
            "program has that open, it is damaged: bring back a copy of it, or remove it and begin anew"
        ) from error


def check(store: Store) -> None:
    """Read all that is there: what cannot be read is better told now than in the middle of a call."""
    if problems := store.damage():
        raise ValueError(problems)
    for kind in Kind:
        store.list(kind)


def refuse_others(root: Path, store: Store, names: Names) -> None:
    """Refuse the root of another account, Region or release; a new one is of this.

    Raises:
        RootError: it is.
    """
    with store.transaction():
        facts = {"version": str(VERSION), "region": names.region, "account": names.account}
        for name, value in facts.items():
            known = store.fact(name)
            if known is None:
                store.tell(name, value)
            elif known != value:
                raise RootError(f"the service in {root} has {name} {known}, not {value}; use another root")


class Claim:
    """A root that is made, if need be, and that no other service can open until this is closed.

    The kernel releases it when the process ends, however that is. A process that is forked does not have it.
    """

    def __init__(self, root: Path) -> None:
        """Claim a root.

        Raises:
            RootError: another service has it, or it cannot be made.
        """
        self._lock: int | None = locked(root)
        self._lost: list[Callable[[], None]] = []
        _CLAIMS.add(self)

    def close(self) -> None:
        """Let others have it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def on_fork(self, act: Callable[[], None]) -> None:
        """Have a function called in each process that is forked from this one."""
        self._lost.append(act)

    def lose(self) -> None:
        """What happens in a process that was forked: it must not hold the root when the first one ends."""
        self.close()
        for act in self._lost:
            act()


_CLAIMS: Final[WeakSet[Claim]] = WeakSet()


def _forked() -> None:
    for claim in list(_CLAIMS):
        claim.lose()


os.register_at_fork(after_in_child=_forked)


def locked(root: Path) -> int:
    """Lock a root; gives the descriptor that holds the lock."""
    try:
        (root / OWN).mkdir(parents=True, exist_ok=True)
        lock = os.open(root / OWN / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except (FileExistsError, NotADirectoryError) as error:
        raise RootError(
            f"{root} cannot be the root of a service: it is no folder, or is below something that is none; "
            "name a folder, or where one can be made"
        ) from error
    except OSError as error:
        raise RootError(f"{root} cannot be the root of a service: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise RootError(f"another service has {root} open; close it, or use another root") from None
    except OSError as error:
        os.close(lock)
        raise RootError(f"{root} cannot be the root of a service: {error.strerror}") from error
    return lock
