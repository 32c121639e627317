"""The SDK's log, told on stderr."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from datasync_sdk.cli.invocation import Invocation
from datasync_sdk.cli.telling import tell

__all__ = ["logged"]

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""What is told of the log, by how often `--verbose` was said."""


class Handler(logging.Handler):
    """Tells the SDK's log on stderr, as much as `--verbose` asks for."""

    def __init__(self, invocation: Invocation) -> None:
        """A handler for one use of the command."""
        super().__init__()
        self._invocation = invocation

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one thing, if it is to be told."""
        if record.levelno < LEVELS[min(self._invocation.verbosity, len(LEVELS) - 1)]:
            return
        kind = "warning" if record.levelno >= logging.WARNING else "note"
        tell(self._invocation, kind, record.getMessage(), logger=record.name)


@contextmanager
def logged(invocation: Invocation) -> Iterator[None]:
    """Tell the SDK's log while the block lasts. botocore's is never told: it has secrets."""
    logger = logging.getLogger("datasync_sdk")
    handler = Handler(invocation)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
