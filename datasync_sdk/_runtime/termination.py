"""SIGTERM as an exception, for those that have something to undo when their process is told to end.

Python ends at once by default: no `finally` and no `__exit__` runs. While somebody listens here, SIGTERM
raises SystemExit instead, in the main thread, with the exit status that shells give such a process.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Final

STATUS: Final = 128 + signal.SIGTERM


class Termination:
    """Listens to SIGTERM while somebody wants to know. Only the main thread can begin to listen.

    A handler of the program's own is called first, and decides what becomes of the program; that the signal
    came is kept all the same. A program that ignores SIGTERM, or whose handler is not Python's, is left
    alone.
    """

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: list[Listener] = []
        self._theirs: Any = None

    def listen(self) -> Listener:
        """Begin to listen; call `stop` of what this gives when it is over."""
        listener = Listener(self)
        if threading.current_thread() is not threading.main_thread():
            return listener
        if not self._listeners:
            theirs = signal.getsignal(signal.SIGTERM)
            if theirs is None or theirs == signal.SIG_IGN:
                return listener
            self._theirs = theirs
            signal.signal(signal.SIGTERM, self._handle)
        self._listeners.append(listener)
        return listener

    def stop(self, listener: Listener) -> None:
        """Stop listening; the last one puts back what was there before the first."""
        if listener not in self._listeners:
            return
        self._listeners.remove(listener)
        # A handler that somebody else has set meanwhile stays.
        if not self._listeners and signal.getsignal(signal.SIGTERM) == self._handle:
            signal.signal(signal.SIGTERM, self._theirs)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        for listener in self._listeners:
            listener.is_told = True
        if callable(self._theirs):
            self._theirs(number, frame)
        else:
            raise SystemExit(STATUS)


class Listener:
    """One that listens.

    Attributes:
        is_told: whether SIGTERM has come meanwhile.
    """

    def __init__(self, termination: Termination) -> None:
        """Begin with nothing heard."""
        self.is_told = False
        self._termination = termination

    def stop(self) -> None:
        """Stop listening. It may be called again, but only in the main thread."""
        self._termination.stop(self)


TERMINATION: Final = Termination()
"""A process has one SIGTERM."""
