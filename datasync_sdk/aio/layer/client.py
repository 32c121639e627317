"""All that a client can do beside the operations themselves."""

from datasync_sdk.aio.layer.finding import AsyncFinding
from datasync_sdk.aio.layer.fleet import AsyncFleet
from datasync_sdk.aio.layer.locations import AsyncLocations
from datasync_sdk.aio.layer.preflight import AsyncPreflight
from datasync_sdk.aio.layer.starting import AsyncStarting

__all__ = ["AsyncLayer"]


class AsyncLayer(AsyncFleet, AsyncFinding, AsyncStarting, AsyncLocations, AsyncPreflight):
    """The methods of a client that are no operations."""
