"""Since when something is part of the API of AWS DataSync, and what is no longer.

    from datasync_sdk import history, models

    history.since(models.TaskMode)        # Revision(date=datetime.date(2024, 10, 30), botocore='1.35.52')
    history.since(models.TaskExecutionStatus.CANCELLING)
    history.since(models.DescribeTaskExecutionResponse, "task_mode")
    history.removed()                     # PosixPermissions.BEST_EFFORT, the operations of Discovery, ...

It rests on the service models in every release of botocore; the dates are those of the releases.
"""

from datasync_sdk._generated.history import HISTORY
from datasync_sdk._runtime.history import Removed, Revision

__all__ = ["Removed", "Revision", "removed", "revisions", "since"]

since = HISTORY.since
removed = HISTORY.removed
revisions = HISTORY.revisions
