"""All that a client can do beside the operations themselves."""

from datasync_sdk.aio.layer.ensuring import AsyncEnsuring
from datasync_sdk.aio.layer.fleet import AsyncFleet
from datasync_sdk.aio.layer.preflight import AsyncPreflight
from datasync_sdk.aio.layer.reporting import AsyncReporting

__all__ = ["AsyncLayer"]


class AsyncLayer(AsyncEnsuring, AsyncFleet, AsyncReporting, AsyncPreflight):
    """The methods of a client that are no operations."""
