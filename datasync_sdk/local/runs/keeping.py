"""Writes down twice a second what an execution has done: a `kill -9` takes no more from its counters."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from datasync_sdk import models as m
from datasync_sdk.local.runs.history import find_execution
from datasync_sdk.local.runs.phases import to_json
from datasync_sdk.local.runs.progress import as_it_runs, in_phase, phases_of
from datasync_sdk.local.runs.queue import Run
from datasync_sdk.local.state import State

__all__ = ["keep", "keeping"]

log = logging.getLogger("datasync_sdk.local")

SECONDS: Final = 0.5
"""Of the real time, whatever the clock of the service is: what is kept is not what is told."""


@contextmanager
def keeping(state: State, run: Run) -> Iterator[None]:
    """Keep what an execution has done while this is open."""
    is_over = threading.Event()
    thread = threading.Thread(target=_keep_on, args=(state, run, is_over), name="keeper", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # There can be no more threads. It goes without.
        yield
        return
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def keep(state: State, run: Run, phase: m.TaskExecutionStatus | None = None) -> None:
    """Keep what an execution has done until now, and the phase that it enters, if it does."""
    with state.store.transaction():
        execution = find_execution(state, run.arn)
        described = as_it_runs(execution.described, run.live, state.clock.now())
        kept = to_json(phases_of(described, run.live))
        state.store.replace(execution.changed(in_phase(described, phase), phases=kept))


def _keep_on(state: State, run: Run, is_over: threading.Event) -> None:
    while not is_over.wait(SECONDS):
        try:
            keep(state, run)
        except Exception:
            # Nobody waits for it, and the disk may have room again in a second.
            log.exception("What %s has done could not be kept", run.arn)
