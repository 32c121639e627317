"""Find tasks, locations and executions by what people know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasync_sdk import models as m
from datasync_sdk._runtime.world.aio import gathered
from datasync_sdk.aio.layer.starting import AsyncStarting
from datasync_sdk.errors import AmbiguousError, ConfigurationError, ExecutionNotFound, TaskNotFound

if TYPE_CHECKING:
    from datasync_sdk.aio.layer.execution import AsyncTaskExecution

__all__ = ["AsyncFinding"]


class AsyncFinding(AsyncStarting):
    """The methods that find one thing, and refuse to guess among several."""

    async def find_task(
        self, *, name: str | None = None, source: str | None = None, destination: str | None = None
    ) -> m.DescribeTaskResponse | None:
        """The one task of this name, or between these locations; None where there is none.

            task = await client.find_task(name="nightly")
            task = await client.find_task(source="nfs://fileserver/invoices/", destination=bucket_arn)

        Nothing keeps two tasks from having the same name, or the same locations.

        Args:
            name: its name, exactly.
            source: its source: the ARN of a location, or a `LocationUri`, with or without a slash at the end.
            destination: its destination, likewise.

        Raises:
            ConfigurationError: nothing is said of the task.
            AmbiguousError: there are several; the error has their ARNs.
            ValueError: a location is given by what is neither an ARN nor a URI.
            ServiceError: DataSync refused.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        if name is None and source is None and destination is None:
            raise ConfigurationError("find_task: say the name of the task, its source or its destination")
        found = await self._tasks_like(name, source, destination)
        if len(found) > 1:
            raise AmbiguousError("find_task", "tasks", [task.task_arn for task in found])
        return found[0] if found else None

    async def _tasks_like(
        self, name: str | None, source: str | None, destination: str | None
    ) -> list[m.DescribeTaskResponse]:
        """The tasks of which all is true that is said."""
        sources = await self._arns_at(source)
        destinations = await self._arns_at(destination)
        if frozenset() in {sources, destinations}:
            return []
        listed = [
            task.task_arn async for task in self.iter_tasks() if task.task_arn and name in {None, task.name}
        ]
        described = [task for task in await gathered(self._task_if_there, listed) if task is not None]
        return [
            task
            for task in described
            if name in {None, task.name}
            and (sources is None or task.source_location_arn in sources)
            and (destinations is None or task.destination_location_arn in destinations)
        ]

    async def _task_if_there(self, arn: str) -> m.DescribeTaskResponse | None:
        try:
            return await self.describe_task(task_arn=arn)
        except TaskNotFound:
            return None  # Somebody has deleted it meanwhile.

    async def find_location(
        self, uri: str, *, ignore_trailing_slash: bool = True
    ) -> m.LocationListEntry | None:
        """The one location of this URI; None where there is none.

            location = await client.find_location("s3://archive/2024/")

        Several locations can have the same URI, as with another agent or role.

        Args:
            uri: its `LocationUri`.
            ignore_trailing_slash: take `s3://archive/2024` for `s3://archive/2024/`: DataSync writes the
                slash, whatever the location was made with.

        Raises:
            AmbiguousError: there are several; the error has their ARNs.
            ValueError: this is not the URI of a location.
            ServiceError: DataSync refused.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        found = await self._locations_at(uri, ignore_trailing_slash=ignore_trailing_slash)
        if len(found) > 1:
            raise AmbiguousError("find_location", "locations", [str(each.location_arn) for each in found])
        return found[0] if found else None

    async def _locations_at(self, uri: str, *, ignore_trailing_slash: bool) -> list[m.LocationListEntry]:
        from datasync_sdk.location_uris import LocationUri, is_at

        wanted = LocationUri.parse(uri)
        return [
            location
            async for location in self.iter_locations()
            if location.location_uri
            and is_at(location.location_uri, wanted, ignore_trailing_slash=ignore_trailing_slash)
        ]

    async def _arns_at(self, place: str | None) -> frozenset[str] | None:
        """The ARNs that somebody may mean; None where nothing is said."""
        if place is None:
            return None
        if place.startswith("arn:"):
            return frozenset({place})
        found = await self._locations_at(place, ignore_trailing_slash=True)
        return frozenset(location.location_arn for location in found if location.location_arn)

    async def latest_execution(self, task_arn: str) -> AsyncTaskExecution | None:
        """The execution of a task that was started last; None where DataSync knows none any more.

        The listing of executions has neither times nor an order that anybody promises, so each of the last
        30 days is looked at. What is found has been looked at: its `last` says how it is.

        Args:
            task_arn: the ARN of the task.

        Raises:
            TaskNotFound: there is no such task.
            ServiceError: DataSync refused for another reason.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        listed = [
            execution.task_execution_arn
            async for execution in self.iter_task_executions(task_arn=task_arn)
            if execution.task_execution_arn
        ]
        handles = [self._handle(arn) for arn in listed]
        seen = await gathered(self._refreshed, handles)
        started = [
            (handle.last.start_time, handle.arn, handle)
            for handle in seen
            if handle is not None and handle.last is not None and handle.last.start_time is not None
        ]
        return max(started, key=lambda each: each[:2])[2] if started else None

    async def _refreshed(self, execution: AsyncTaskExecution) -> AsyncTaskExecution | None:
        try:
            await execution.refresh()
        except ExecutionNotFound:
            return None  # It became too old meanwhile.
        return execution
