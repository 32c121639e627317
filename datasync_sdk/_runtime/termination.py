"""SIGTERM as an exception, for those that have something to undo when their process is told to end.

Python ends at once by default: no `finally` and no `__exit__` runs. While somebody listens here, SIGTERM
raises SystemExit instead, in the main thread, with the exit status that shells give such a process.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Any, Final

STATUS: Final = 128 + signal.SIGTERM


class Termination:
    """Listens to SIGTERM while somebody wants to know. Only the main thread can begin to listen.

    A handler of the program's own is called first, and decides what becomes of the program; that the signal
    came is kept all the same. A program that ignores SIGTERM, or whose handler is not Python's, is left
    alone. While a listener undoes something, another SIGTERM waits until that is over: many a supervisor
    sends two. A child process that is forked meanwhile does not listen.
    """

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: list[Listener] = []
        self._theirs: Any = None
        self._is_late = False
        """Whether SIGTERM has come while something was undone."""

    def listen(self) -> Listener:
        """Begin to listen; call `stop` of what this gives when it is over."""
        listener = Listener(self)
        if threading.current_thread() is not threading.main_thread():
            return listener
        if not self._listeners:
            theirs = signal.getsignal(signal.SIGTERM)
            if theirs is None or theirs == signal.SIG_IGN:
                return listener
            if theirs != self._handle:  # It still is where the last one has stopped in another thread.
                self._theirs = theirs
                signal.signal(signal.SIGTERM, self._handle)
        self._listeners.append(listener)
        return listener

    def stop(self, listener: Listener) -> None:
        """Stop listening; the last one puts back what was there before the first."""
        if listener not in self._listeners:
            return
        self._listeners.remove(listener)
        if not self._listeners and threading.current_thread() is threading.main_thread():
            self._put_back()
        if self._is_late and not any(each.is_undoing for each in self._listeners):
            self._is_late = False
            self._tell_them(signal.SIGTERM, None)

    def forget(self) -> None:
        """Listen no more, in a child process: what there is to undo is its parent's."""
        if self._listeners:
            self._listeners.clear()
            self._put_back()

    def _put_back(self) -> None:
        # A handler that somebody else has set meanwhile stays.
        if signal.getsignal(signal.SIGTERM) == self._handle:
            signal.signal(signal.SIGTERM, self._theirs)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        for listener in self._listeners:
            listener.is_told = True
        if any(listener.is_undoing for listener in self._listeners):
            self._is_late = True
        else:
            self._tell_them(number, frame)

    def _tell_them(self, number: int, frame: FrameType | None) -> None:
        if callable(self._theirs):
            self._theirs(number, frame)
        else:
            raise SystemExit(STATUS)


class Listener:
    """One that listens.

    Attributes:
        is_told: whether SIGTERM has come meanwhile.
        is_undoing: whether it undoes something, which SIGTERM is not to stop; set by whoever listens.
    """

    def __init__(self, termination: Termination) -> None:
        """Begin with nothing heard."""
        self.is_told = False
        self.is_undoing = False
        self._termination = termination
        self._process = os.getpid()

    @property
    def is_here(self) -> bool:
        """Whether this is the process in which it began to listen, and no child of that."""
        return self._process == os.getpid()

    def stop(self) -> None:
        """Stop listening. It may be called again. In another than the main thread it puts nothing back.

        Where SIGTERM has come while something was undone, this is where it has its effect.
        """
        self._termination.stop(self)


TERMINATION: Final = Termination()
"""A process has one SIGTERM."""

if hasattr(os, "register_at_fork"):  # Not on Windows.
    os.register_at_fork(after_in_child=TERMINATION.forget)
