"""The client. Its methods for operations are generated; those above them are in `aio/layer/`."""

from __future__ import annotations

from datasync_sdk._generated.layer.client import Layer
from datasync_sdk._generated.service import SERVICE


class Client(Layer):
    """A typed client for AWS DataSync.

    One method for each operation, named as in boto3, with keyword arguments and an attrs object for an
    answer; `iter_...` methods yield the items of listings across pages.

        with Client(region_name="eu-west-1") as client:
            for task in client.iter_tasks():
                print(task.name, task.status)
    """

    service = SERVICE
