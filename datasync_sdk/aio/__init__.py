"""What the SDK does in an event loop.

    from datasync_sdk import AsyncClient

    async with AsyncClient(region_name="eu-west-1") as client:
        execution = await client.start(task_arn)
        outcome = await execution.wait()

It needs `pip install 'datasync-sdk[async]'`.
"""

from datasync_sdk._runtime.lazy import lazy_names

TYPE_CHECKING = bool()  # noqa: UP018  # as in `datasync_sdk`
if TYPE_CHECKING:
    from datasync_sdk.aio.client import AsyncClient as AsyncClient
    from datasync_sdk.aio.layer.execution import AsyncTaskExecution as AsyncTaskExecution

__all__ = ["AsyncClient", "AsyncTaskExecution"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"AsyncClient": "client", "AsyncTaskExecution": "layer.execution"})


def __dir__() -> list[str]:
    return __all__
