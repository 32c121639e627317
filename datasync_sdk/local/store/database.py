"""The file of the store: one connection, one lock, transactions that are kept as a whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from datasync_sdk.local.refusals import Refusal


class Database:
    """A file of SQLite, for all threads of this process."""

    def __init__(self, path: Path, tables: str) -> None:
        """Open the file of this path, or make it, and make those tables that it lacks.

        Raises:
            sqlite3.Error: it cannot be opened, or is something else.
        """
        self.lock = threading.RLock()
        self._depth = 0
        self._afterwards: list[Callable[[], None]] = []
        self._opened: sqlite3.Connection | None = _connect(path, tables)

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            raise Refusal(message="This service is closed. Open it anew.", error_code="ServiceClosed")
        return self._opened

    def close(self) -> None:
        """Close the file. Nothing is lost without this. Who uses it then is refused."""
        with self.lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def abandon(self) -> None:
        """Close it in a process that was forked, and leave the file to the other one."""
        # A thread that is only in the other process may hold the lock for ever.
        self.lock = threading.RLock()
        # SQLite wants that a connection is not even closed here.
        _ABANDONED.append(self._opened)
        self._opened = None

    def damage(self) -> str | None:
        """What SQLite finds wrong with the file; None for nothing."""
        found = [row[0] for row in self._rows("PRAGMA quick_check(1)")]
        return None if found == ["ok"] else "; ".join(map(str, found))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept together, or not at all. It may be nested."""
        with self.lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                if self._depth == 1:
                    self._roll_back()
                raise
            finally:
                self._depth -= 1
            self._carry_out()

    def afterwards(self, effect: Callable[[], None]) -> None:
        """Have something done once the transaction is kept, before anybody else gets the lock; if ever.

        What is in memory is changed in this way, so that it is never ahead of what is in the file.
        """
        with self.lock:
            self._afterwards.append(effect)
            self._carry_out()

    def _carry_out(self) -> None:
        if self._depth == 0:
            effects, self._afterwards = self._afterwards, []
            for effect in effects:
                effect()

    def _roll_back(self) -> None:
        self._afterwards.clear()
        # SQLite does it by itself after some errors, such as that of a full disk.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> int:
        with self.transaction():
            return self._connection.execute(sql, values).rowcount


_ABANDONED: Final[list[sqlite3.Connection | None]] = []
"""Connections of the process that this one was forked from."""


def _connect(path: Path, tables: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        # After a kill, what was committed is there: the log is the kernel's then. Only a power cut could lose
        # the last moments, and would leave the rest whole.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(tables)
    except BaseException:
        connection.close()
        raise
    return connection
