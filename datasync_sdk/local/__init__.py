"""DataSync on this machine: the same API, and real files.

    from datasync_sdk.local import LocalDataSync

    with LocalDataSync("data") as service:
        client = service.client()          # a typed client, without sockets
        source = client.create_location_nfs(...)
        ...

It implements all operations, keeps its state in SQLite below its root, and moves files between folders which
stand for the storage systems. `python -m datasync_sdk.local --root data` serves the same over HTTP, for
boto3, the AWS CLI and other languages. docs/local.md tells how to use it, docs/local-fidelity.md what it
does as AWS does it, what it approximates, and what it refuses.
"""

from __future__ import annotations

from datasync_sdk.local.clock import Clock, ManualClock, SystemClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.refusals import Refusal, RootError
from datasync_sdk.local.service import LocalDataSync

__all__ = [
    "Clock",
    "Faults",
    "LocalDataSync",
    "ManualClock",
    "Refusal",
    "RootError",
    "SystemClock",
]
