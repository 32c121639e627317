"""Look at a request with the eyes of one who knows the task and its locations."""

from __future__ import annotations

from typing import Any

from datasync_sdk._generated.operations_async import AsyncOperations
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import ConfigurationError, ServiceError, ValidationError
from datasync_sdk._runtime.structures import Request

__all__ = ["AsyncPreflight"]


class AsyncPreflight(AsyncOperations):
    """The method that asks before it judges."""

    async def preflight(self, request: Request[Any]) -> tuple[Violation, ...]:
        """What is wrong with a request that only those know who look at the task and its locations.

        As `check`, and with the rules that need the mode of the task, its options merged with those of the
        request, the types of its locations, their storage classes and so on. These are read with Describe
        calls, for requests that create, update or start a task, update or cancel an execution, or update a
        location; nothing is changed. What may not be read, or is not there, becomes a violation of the rule
        `could-not-check`, whose severity is `warning`.

            request = StartTaskExecutionRequest(task_arn=task, override_options=options)
            found = await client.preflight(request)
            errors = [violation for violation in found if violation.severity == "error"]

        Raises:
            ConfigurationError: the client is closed.
            StructureError: an answer lacks a member that is always there.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
            TypeError: `request` is not the request of an operation.
        """
        found = self.check(request)
        if any(violation.rule in {"required", "type"} for violation in found):
            return found  # There is nothing whole to look at.
        from datasync_sdk.preflight import steps

        asking = steps(request)
        try:
            asked = next(asking)
            while True:
                asked = asking.send(await self._ask(asked))
        except StopIteration as end:
            return (*found, *self._completed(end.value))

    async def _ask(self, request: Request[Any]) -> Any:
        await self._connected()  # What keeps the client from that is no answer of the service.
        try:
            return await self.send(request)
        except (ServiceError, ValidationError, ConfigurationError) as error:
            if self._closed:
                raise
            return error
