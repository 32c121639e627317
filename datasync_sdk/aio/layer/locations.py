"""Describe locations, of whatever type."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from datasync_sdk import models as m
from datasync_sdk._generated.operations_async import AsyncOperations
from datasync_sdk.errors import AccessDeniedError, ConfigurationError, InvalidRequestError

if TYPE_CHECKING:
    from datasync_sdk.locations import DescribedLocation, LocationType

__all__ = ["AsyncLocations"]


class AsyncLocations(AsyncOperations):
    """The method that describes any location."""

    async def describe_location(self, location_arn: str) -> DescribedLocation:
        """What DataSync knows of a location, whatever its type is.

            match await client.describe_location(arn):
                case DescribeLocationS3Response(s3_storage_class=storage_class):
                    print(storage_class)
                case DescribeLocationNfsResponse(on_prem_config=config):
                    print(config)

        DataSync has an operation for each type, and an ARN does not say of what type its location is: the
        listing does. This client remembers it.

        Args:
            location_arn: the ARN of the location.

        Raises:
            LocationNotFound: there is no such location.
            ConfigurationError: it is of a type that this version of the SDK does not know.
            ServiceError: DataSync refused for another reason.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        from datasync_sdk.locations import DESCRIBE_BY_TYPE

        kind = self._location_types.get(location_arn) or await self._find_type(location_arn)
        if kind is None:
            return await self._describe_by_trying(location_arn)
        if kind not in DESCRIBE_BY_TYPE:
            raise ConfigurationError(
                f"{location_arn} is of type {kind.value!r:.60}, which this version of the SDK does not know: "
                "a newer one may know how to describe it"
            )
        return await self.send(DESCRIBE_BY_TYPE[kind](location_arn=location_arn))

    @cached_property
    def _location_types(self) -> dict[str, LocationType]:
        return {}

    async def _find_type(self, location_arn: str) -> LocationType | None:
        """The type of a location by the listing; None where that does not have it, or must not be read."""
        from datasync_sdk.location_uris import LocationUri

        try:
            # To its end: whoever asks for one location asks for the others, too.
            async for location in self.iter_locations():
                if location.location_arn and location.location_uri:
                    with suppress(ValueError):  # One that cannot be understood is in nobody's way.
                        kind = LocationUri.parse(location.location_uri).type
                        self._location_types[location.location_arn] = kind
        except AccessDeniedError:
            return None
        return self._location_types.get(location_arn)

    async def _describe_by_trying(self, location_arn: str) -> DescribedLocation:
        """Ask for each type in turn; DataSync refuses the wrong ones."""
        from datasync_sdk.locations import DESCRIBE_BY_TYPE

        first: InvalidRequestError | None = None
        for describe in dict.fromkeys(DESCRIBE_BY_TYPE.values()):
            try:
                return await self.send(describe(location_arn=location_arn))
            except InvalidRequestError as error:
                first = first or error
        assert first is not None  # noqa: S101  # there are types
        raise first

    async def _agents_of(self, location_arn: str) -> Sequence[str]:
        """The agents that reach a location; none for those of AWS."""
        described = await self.describe_location(location_arn)
        match described:
            case m.DescribeLocationNfsResponse(on_prem_config=config):
                return (config.agent_arns if config else None) or ()
            case _:
                return getattr(described, "agent_arns", None) or ()
