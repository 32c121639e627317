"""What all displays of progress have, and which one to take."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from datasync_sdk.cli.invocation import Invocation

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Progress

__all__ = ["Display", "display_for", "is_terminal"]


class Display(AbstractContextManager["Display"], Protocol):
    """Shows the progress of one execution, within a `with` block."""

    def show(self, progress: Progress) -> None:
        """Show how far it is."""
        ...

    def end(self, outcome: Outcome) -> None:
        """Show how it ended, after the block."""
        ...


def display_for(invocation: Invocation, task_execution_arn: str) -> Display:
    """The display for whoever looks at the output."""
    if invocation.as_json:
        from datasync_sdk.cli.displays.jsonlines import JsonLines

        return JsonLines(task_execution_arn)
    if is_terminal():
        from datasync_sdk.cli.displays.bar import Bar

        return Bar(task_execution_arn)
    from datasync_sdk.cli.displays.lines import Lines

    return Lines(task_execution_arn)


def is_terminal() -> bool:
    """Whether the output goes to a terminal that can move its cursor."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in {"", "dumb", "unknown"}
