"""A typed SDK for AWS DataSync.

    from datasync_sdk import Client
    from datasync_sdk.models import Options

    client = Client(region_name="eu-west-1")
    for task in client.iter_tasks():
        print(task.task_arn, task.status)

Importing this package imports nothing else: each name is loaded when it is first used.
"""

from datasync_sdk._runtime.lazy import lazy_names

# False, but not for type checkers; written so that jedi looks into the block, too. `typing` itself would
# cost more than the rest of this import.
TYPE_CHECKING = bool()  # noqa: UP018  # see above
if TYPE_CHECKING:
    from datasync_sdk import ensuring as ensuring
    from datasync_sdk import errors as errors
    from datasync_sdk import events as events
    from datasync_sdk import execution as execution
    from datasync_sdk import filters as filters
    from datasync_sdk import history as history
    from datasync_sdk import locations as locations
    from datasync_sdk import manifests as manifests
    from datasync_sdk import models as models
    from datasync_sdk import objects as objects
    from datasync_sdk import reports as reports
    from datasync_sdk import schedule as schedule
    from datasync_sdk._runtime.convert import converter as converter
    from datasync_sdk._runtime.wire import structure as structure
    from datasync_sdk._runtime.wire import unstructure as unstructure
    from datasync_sdk.aio.client import AsyncClient as AsyncClient
    from datasync_sdk.client import Client as Client
    from datasync_sdk.defaults import effective as effective
    from datasync_sdk.defaults import effective_options as effective_options
    from datasync_sdk.defaults import merged_options as merged_options
    from datasync_sdk.errors import DataSyncError as DataSyncError
    from datasync_sdk.errors import ValidationError as ValidationError

__all__ = [
    "AsyncClient",
    "Client",
    "DataSyncError",
    "ValidationError",
    "converter",
    "effective",
    "effective_options",
    "ensuring",
    "errors",
    "events",
    "execution",
    "filters",
    "history",
    "locations",
    "manifests",
    "merged_options",
    "models",
    "objects",
    "reports",
    "schedule",
    "structure",
    "unstructure",
]

if not TYPE_CHECKING:  # A checker must see that a misspelt name is none.
    __getattr__ = lazy_names(
        __name__,
        {
            "AsyncClient": "aio.client",
            "Client": "client",
            "DataSyncError": "errors",
            "ValidationError": "errors",
            "converter": "_runtime.convert",
            "structure": "_runtime.wire",
            "unstructure": "_runtime.wire",
            "effective": "defaults",
            "effective_options": "defaults",
            "ensuring": "",
            "events": "",
            "execution": "",
            "locations": "",
            "manifests": "",
            "objects": "",
            "reports": "",
            "errors": "",
            "filters": "",
            "history": "",
            "merged_options": "defaults",
            "models": "",
            "schedule": "",
        },
    )


def __dir__() -> list[str]:
    return __all__
