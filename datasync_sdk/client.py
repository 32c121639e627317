"""The client. Its methods are generated; what they share is in `_runtime/client.py`."""

from datasync_sdk._generated.operations import Operations
from datasync_sdk._generated.service import SERVICE


class Client(Operations):
    """A typed client for AWS DataSync.

    One method for each operation, named as in boto3, with keyword arguments and an attrs object for an
    answer; `iter_...` methods yield the items of listings across pages.

        with Client(region_name="eu-west-1") as client:
            for task in client.iter_tasks():
                print(task.name, task.status)
    """

    service = SERVICE
