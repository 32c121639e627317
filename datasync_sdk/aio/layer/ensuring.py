"""Locations and tasks that are to be there, as they are wanted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from datasync_sdk import models as m
from datasync_sdk._runtime.errors import SdkError, TransportError
from datasync_sdk._runtime.world.aio import gathered
from datasync_sdk.aio.layer.finding import AsyncFinding
from datasync_sdk.aio.layer.locations import AsyncLocations
from datasync_sdk.errors import LocationNotFound

if TYPE_CHECKING:
    from datasync_sdk.ensuring import Ensured, Secrets
    from datasync_sdk.locations import CreatesLocation, DescribedLocation

__all__ = ["AsyncEnsuring"]

logger = logging.getLogger("datasync_sdk")


class AsyncEnsuring(AsyncFinding, AsyncLocations):
    """The methods that create or update, and can be called again."""

    async def ensure_location(self, request: CreatesLocation, *, secrets: Secrets = "keep") -> Ensured:
        """Have a location that is as a request wants it: create it, or update what differs.

            source = await client.ensure_location(CreateLocationS3Request(s3_bucket_arn=..., s3_config=...))
            print(source.arn, source.action)

        It is looked for by its URI. Where one is there that no update can make as wanted, such as an EFS
        location in another subnet, another one is created. It can be called again, after a lost answer, too,
        and by several programs at once: what two of them made, the younger one deletes again.

        Args:
            request: the request that creates it. What it does not say may be as it is. Tags are for new ones.
            secrets: nobody can compare them: `"keep"` leaves those of a location that is there, and
                `"update"` sets those that are given.

        Raises:
            AmbiguousError: an update could make several so; the error has their ARNs.
            TypeError: this is no request that creates a location.
            ValidationError: the request breaks rules of the API; nothing was sent.
            ValueError: no location can have such a name.
            ServiceError: DataSync refused.
            TransportError: there was no answer, and nothing shows that it was carried out.
            CredentialsError: there are no usable credentials.
        """
        return await self._ensure(request, secrets, of_task=False)

    async def ensure_task(self, request: m.CreateTaskRequest) -> Ensured:
        """Have a task that is as a request wants it: create it, or update what differs.

            await client.ensure_task(CreateTaskRequest(name="nightly", source_location_arn=..., ...))

        It is looked for by its name, or by its locations where it is to have none. It can be called again,
        as `ensure_location` can.

        Args:
            request: the request that creates it. What it does not say may be as it is; what is empty in it,
                such as `TaskSchedule(schedule_expression="")`, is removed. Tags are for new ones.

        Raises:
            TypeError: this is no request that creates a task.
            UnchangeableError: there is a task of this name whose locations or mode are others.
            AmbiguousError: an update could make several so; the error has their ARNs.
            ValidationError: the request breaks rules of the API; nothing was sent.
            ServiceError: DataSync refused.
            TransportError: there was no answer, and nothing shows that it was carried out.
            CredentialsError: there are no usable credentials.
        """
        return await self._ensure(request, "keep", of_task=True)

    async def _ensure(self, request: Any, secrets: Secrets, *, of_task: bool) -> Ensured:
        from datasync_sdk.ensuring.choosing import Action, Ensured, candidates, check_class, chosen
        from datasync_sdk.ensuring.comparing import differences, update_request

        check_class(request, of_task=of_task)
        self._prepared(request)  # What cannot be sent is told whether there is something to send or not.
        found = candidates(request, await self._described_like(request))
        there = chosen(request, found)
        if there is None:
            return await self._create(request, {each.arn for each in found})
        same = tuple(each.arn for each in found if not each.found and each is not there)
        update: Any = update_request(request, there.described, secrets=secrets)
        if update is None:
            return Ensured(arn=there.arn, action=Action.UNCHANGED, changes=(), duplicates=same)
        await self.send(update)
        changes = differences(request, there.described, secrets=secrets)
        updated = tuple(each for each in changes if each.can_update)
        return Ensured(arn=there.arn, action=Action.UPDATED, changes=updated, duplicates=same)

    async def _create(self, request: Any, known: set[str]) -> Ensured:
        """Create it, and see whether somebody else has just done so, or we have without hearing of it."""
        from datasync_sdk.ensuring.choosing import Action, Ensured, arn_of, candidates, first_of

        arn: str | None = None
        lost: TransportError | None = None
        try:
            arn = arn_of(await self.send(request))
        except TransportError as error:
            lost = error
        like = candidates(request, await self._described_like(request))
        fresh = [each for each in like if not each.found and each.arn not in known]
        if arn is None and not fresh:
            assert lost is not None  # noqa: S101  # or there were an ARN
            raise lost
        first = first_of(fresh, arn)
        others = [each.arn for each in fresh if each.arn != first]
        if arn is not None and arn != first and await self._delete(request, arn):
            others.remove(arn)
        return Ensured(arn=first, action=Action.CREATED, changes=(), duplicates=tuple(others))

    async def _delete(self, request: Any, arn: str) -> bool:
        """Delete what we have made beside another; tells whether that was possible."""
        try:
            if isinstance(request, m.CreateTaskRequest):
                await self.delete_task(task_arn=arn)
            else:
                await self.delete_location(location_arn=arn)
        except SdkError as error:
            logger.warning("%s is the same as an older one, and could not be deleted: %s", arn, error)
            return False
        return True

    async def _described_like(self, request: Any) -> list[Any]:
        """What is there that the request may mean."""
        from datasync_sdk.locations import uri_of

        if not isinstance(request, m.CreateTaskRequest):
            uri = uri_of(request)
            listed = await self._locations_at(str(uri), ignore_trailing_slash=True)
            arns = [location.location_arn for location in listed if location.location_arn]
            self._location_types.update(dict.fromkeys(arns, uri.type))
            found = await gathered(self._location_if_there, arns)
            return [location for location in found if location is not None]
        if request.name is not None:
            return await self._tasks_like(request.name, None, None)
        return await self._tasks_like(None, request.source_location_arn, request.destination_location_arn)

    async def _location_if_there(self, arn: str) -> DescribedLocation | None:
        try:
            return await self.describe_location(arn)
        except LocationNotFound:
            return None  # Somebody has deleted it meanwhile.
