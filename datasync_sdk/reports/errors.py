"""What can be wrong with a report."""

from __future__ import annotations

from datasync_sdk._runtime.errors import SdkError

__all__ = ["ReportError"]


class ReportError(SdkError, ValueError):
    """A task report is not there, not complete, or none; the message says which part, and what to do."""
