"""The exit statuses of the command."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BROKEN_PIPE",
    "COMPLETED_WITH_FAILURES",
    "ERROR",
    "INTERRUPTED",
    "SUCCESS",
    "TERMINATED",
    "TIMED_OUT",
    "USAGE",
    "VERDICTS",
]

SUCCESS: Final = 0
"""What was asked for is done; the execution that was watched ended in success."""
ERROR: Final = 1
"""It is not done: the execution failed or was cancelled, DataSync refused, a request has errors."""
COMPLETED_WITH_FAILURES: Final = 2
"""The execution went to its end, and some items failed. Nothing else has this status."""
USAGE: Final = 64
"""The command line makes no sense (EX_USAGE of sysexits.h)."""
TIMED_OUT: Final = 124
"""`--timeout` has passed, and the execution goes on; as of `timeout`."""
INTERRUPTED: Final = 130
"""Ctrl-C, as shells tell it."""
BROKEN_PIPE: Final = 141
"""Whoever read the output wants no more of it, as shells tell it."""
TERMINATED: Final = 143
"""SIGTERM, as shells tell it."""

VERDICTS: Final = {
    "success": SUCCESS,
    "completed with failures": COMPLETED_WITH_FAILURES,
    "failed": ERROR,
}
"""The status for each verdict on an execution, by the words of `datasync_sdk.execution.Verdict`."""
