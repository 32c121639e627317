"""Run many tasks."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Final

from datasync_sdk import models as m
from datasync_sdk._runtime.errors import SdkError, ServiceError, TransportError
from datasync_sdk._runtime.world.aio import gathered
from datasync_sdk.aio.layer.locations import AsyncLocations
from datasync_sdk.aio.layer.starting import AsyncStarting

if TYPE_CHECKING:
    from datasync_sdk.aio.layer.execution import AsyncTaskExecution
    from datasync_sdk.aio.layer.jobs import AsyncJob
    from datasync_sdk.execution.berths import Berths
    from datasync_sdk.execution.fleet import FleetResult
    from datasync_sdk.execution.polling import Poll

__all__ = ["AsyncFleet"]

logger = logging.getLogger("datasync_sdk")

AT_ONCE: Final = 8
"""Calls that are under way at the same time. botocore keeps 10 connections."""


class AsyncFleet(AsyncStarting, AsyncLocations):
    """The method that runs many tasks."""

    async def run_all(
        self,
        requests: Iterable[m.StartTaskExecutionRequest | str],
        *,
        max_concurrent: int = 10,
        per_agent: int = 1,
        retries: int = 0,
        poll: Poll | None = None,
    ) -> AsyncIterator[FleetResult[AsyncTaskExecution]]:
        """Run many tasks, some at a time, and give what became of each as soon as it ends.

            async for result in client.run_all(task_arns, max_concurrent=20, retries=1):
                print(result.request.task_arn, result.outcome or result.error)

        A task that runs already is not started again: its execution is taken for the one that was asked for,
        so that a program that died can be run again. A request that fails keeps no other from being run.
        Whoever stops iterating leaves what runs as it is, and starts nothing more.

        Args:
            requests: what to run: requests, or ARNs of tasks. Of the same task, one runs after the other.
            max_concurrent: how many executions run at the same time, in all. DataSync runs 120 of Enhanced
                mode in an account.
            per_agent: how many use the same agent at the same time. An agent runs one; more wait at AWS.
            retries: how often to run a task again that did not end in success, unless it was cancelled.
            poll: how often to look at each of them; see `Poll`.

        Raises:
            TypeError: a request is none, or a number is none.
            ValueError: a number is negative, or nothing could ever run.
        """
        from datasync_sdk.aio.layer.jobs import AsyncJob, may_try_again
        from datasync_sdk.execution.berths import Berths, whole_number
        from datasync_sdk.execution.fleet import as_requests
        from datasync_sdk.execution.polling import DEFAULT_POLL

        waiting = [AsyncJob(request=request, poll=poll or DEFAULT_POLL) for request in as_requests(requests)]
        berths = Berths(
            whole_number(max_concurrent, "max_concurrent", at_least=1),
            whole_number(per_agent, "per_agent", at_least=1),
        )
        whole_number(retries, "retries", at_least=0)
        running: list[AsyncJob] = []
        agents: dict[str, frozenset[str]] = {}
        while waiting or running:
            await self._begin(waiting, running, berths, agents)
            now = self._monotonic()
            await gathered(self._look_at, [job for job in running if job.due <= now], at_most=AT_ONCE)
            over = [job for job in running if job.is_over]
            for job in over:
                running.remove(job)
                berths.give_back(job.request.task_arn, job.agents)
                if may_try_again(job, retries):
                    job.due = -inf if job.execution else self._monotonic() + job.pace.next()
                    waiting.append(job)
                else:
                    yield job.result()
            if not over:  # Or else there is a place for what waits.
                dues = [job.due for job in (*running, *waiting) if job.due > -inf]
                await self._sleep(max(0.0, min(dues) - self._monotonic()))

    async def _begin(
        self,
        waiting: list[AsyncJob],
        running: list[AsyncJob],
        berths: Berths,
        agents: dict[str, frozenset[str]],
    ) -> None:
        """Start what has a place."""
        begun: list[AsyncJob] = []
        now = self._monotonic()
        for job in list(waiting):
            if not berths.are_free:
                break
            if not job.is_known:
                # What has a place does not wait until it is known who else may have one.
                await self._start_all(begun, running)
                begun = []
                unknown = (other for other in waiting if not other.is_known)
                await self._learn(list(islice(unknown, AT_ONCE)), agents)
            if job.due <= now and berths.take(job.request.task_arn, job.agents):
                waiting.remove(job)
                begun.append(job)
        await self._start_all(begun, running)

    async def _start_all(self, begun: list[AsyncJob], running: list[AsyncJob]) -> None:
        await gathered(self._start_job, begun, at_most=AT_ONCE)
        running.extend(begun)

    async def _learn(self, jobs: list[AsyncJob], agents: dict[str, frozenset[str]]) -> None:
        """Find the agents of tasks, by those of their locations, each of which is looked at once."""
        places = await gathered(self._places_of, jobs, at_most=AT_ONCE)
        unknown = list(dict.fromkeys(arn for pair in places for arn in pair if arn not in agents))
        if not self._location_types.keys() >= set(unknown):
            first = unknown.pop()
            agents[first] = await self._agents_at(first)  # It lists the types of all.
        found = await gathered(self._agents_at, unknown, at_most=AT_ONCE)
        agents.update(zip(unknown, found, strict=True))
        for job, pair in zip(jobs, places, strict=True):
            job.agents = frozenset().union(*(agents[arn] for arn in pair))
            job.is_known = True

    async def _places_of(self, job: AsyncJob) -> tuple[str, ...]:
        """The locations of a task. What keeps us from it will keep it from starting, and is told then."""
        try:
            task = await self.describe_task(task_arn=job.request.task_arn)
        except SdkError as error:
            logger.info("%s: its agents are not known: %s", job.request.task_arn, error)
            return ()
        return task.source_location_arn, task.destination_location_arn

    async def _agents_at(self, location_arn: str) -> frozenset[str]:
        """The agents of a location."""
        try:
            return frozenset(await self._agents_of(location_arn))
        except SdkError as error:
            logger.info("%s: its agents are not known: %s", location_arn, error)
            return frozenset()

    async def _start_job(self, job: AsyncJob) -> None:
        """Start an execution, or take the one that runs."""
        has_run = job.execution is not None
        job.error, job.execution = None, None
        job.attempts += 1
        try:
            # Also after a start that failed: it may have been carried out all the same.
            if not has_run:
                job.execution = await self._running(job.request.task_arn, cancel_on_exit=False)
                job.was_running = job.attempts == 1 and job.execution is not None
            if job.execution is None:
                job.execution = await self._started(job.request)
            job.pace = job.new_pace()
        except SdkError as error:
            job.error = error
            job.pace.bears(error, self._monotonic())  # After throttling, the next pause is longer.
        job.due = self._monotonic()

    async def _started(self, request: m.StartTaskExecutionRequest) -> AsyncTaskExecution:
        """Start an execution; where the answer is lost, or somebody was quicker, take the one that runs."""
        try:
            started = await self.send(request)
        except (ServiceError, TransportError):
            if running := await self._running(request.task_arn, cancel_on_exit=False):
                return running
            raise
        return self._handle(started.task_execution_arn)

    async def _look_at(self, job: AsyncJob) -> None:
        """Look at an execution once."""
        if job.execution is None:
            return
        try:
            await job.execution._look(job.pace)
        except SdkError as error:
            job.error = error
        job.due = self._monotonic() + job.pace.next()
