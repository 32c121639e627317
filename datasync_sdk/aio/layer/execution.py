"""The handle of an execution: look, wait, cancel, throttle."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from datasync_sdk import models as m
from datasync_sdk._generated.operations_async import AsyncOperations
from datasync_sdk._runtime.errors import SdkError, ServiceError, ThrottlingError
from datasync_sdk._runtime.termination import TERMINATION, Listener
from datasync_sdk._runtime.world.aio import called
from datasync_sdk.execution.outcome import Outcome, outcome_of
from datasync_sdk.execution.polling import DEFAULT_POLL, Pace, Poll
from datasync_sdk.execution.progress import Progress
from datasync_sdk.execution.state import ExecutionState, timed_out, timeout_seconds

__all__ = ["AsyncTaskExecution"]

logger = logging.getLogger("datasync_sdk")

UNLIMITED: Final = -1
PAUSES: Final = (1.0, 3.0)
"""Seconds between tries to cancel when a program ends, which has no other chance, and does not wait long."""


class AsyncTaskExecution(ExecutionState):
    """An execution of a task: a handle to look at it, wait for it, and change it.

        execution = await client.start(task_arn)
        outcome = await execution.wait(timeout=3600)

    The execution is DataSync's: nothing that happens to this object, or to the process that has it, changes
    it, unless that was asked for:

        async with await client.start(task_arn, cancel_on_exit=True) as execution:
            await execution.wait()

    cancels it where an exception, Ctrl-C or SIGTERM ends the block early; leaving the block as usual does
    not, even where the execution still runs.
    """

    def __init__(
        self, client: AsyncOperations, arn: str, *, cancel_on_exit: bool = False, has_worked: bool = False
    ) -> None:
        """A handle of an execution; `client.start` and `client.execution` make them.

        Args:
            client: what to ask.
            arn: the ARN of the execution.
            cancel_on_exit: cancel it where a `with` block around it is left by an exception or SIGTERM.
            has_worked: whether DataSync has answered this client before: see `wait`.

        Raises:
            ValidationError: this is not the ARN of an execution.
        """
        super().__init__(arn)
        self._client = client
        self._cancel_on_exit = cancel_on_exit
        self._has_worked = has_worked
        self._listeners: list[Listener] = []

    async def refresh(self) -> m.DescribeTaskExecutionResponse:
        """Look at it once, and keep the answer in `last`, and what it shows in `progress`.

        Raises:
            ExecutionNotFound: there is no such execution. DataSync forgets them after 30 days.
            ServiceError: DataSync answered with another error.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        answer = await self._client.describe_task_execution(task_execution_arn=self.arn)
        self._has_worked = True
        self._saw(answer, self._client._monotonic())
        return answer

    async def wait(
        self,
        *,
        timeout: timedelta | float | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        poll: Poll | None = None,
    ) -> Outcome:
        """Wait until it has ended, however it did, and tell how.

            outcome = await execution.wait(on_progress=lambda progress: print(progress.fraction))
            outcome.raise_for_status()

        It looks at once, and then in growing intervals. Only SUCCESS and ERROR are ends: a status that is
        not known is that of an execution that runs. Throttling, errors inside DataSync, lost connections and
        credentials that have ended are borne for a while (`poll.patience`); those that never worked are not.
        It never cancels anything: whoever stops waiting leaves the execution as it is.

        Args:
            timeout: for how long to wait, in seconds or as a timedelta; None stands for as long as it takes.
                A call that is under way is not cut short: `Config(read_timeout=, retries=)` limits it.
            on_progress: called after each look.
            poll: how often to look; by default after 1 second, 1.5, 2.25 ... and every 30 at last, each time
                a fifth less at random.

        Raises:
            WaitTimeout: it has not ended in this time; the error has what was seen last.
            ServiceError: DataSync answered with an error that waiting does not help against.
            TransportError: there was no answer for as long as `poll.patience`.
            CredentialsError: there were no usable credentials for so long.
            TypeError: `timeout` is no time.
            ValueError: `timeout` is negative.
        """
        async for progress in self.watch(timeout=timeout, poll=poll):
            if on_progress is not None:
                await called(on_progress, progress)
        assert self.last is not None  # noqa: S101  # `watch` ends only when it has seen the end
        return outcome_of(self.last)

    async def watch(
        self, *, timeout: timedelta | float | None = None, poll: Poll | None = None
    ) -> AsyncIterator[Progress]:
        """Look at it until it has ended: the progress of each look, the last one is that of the end.

            async for progress in execution.watch():
                print(progress.phase, progress.fraction)
            print(execution.outcome)

        Arguments and errors are those of `wait`.
        """
        now = self._client._monotonic
        seconds = timeout_seconds(timeout)
        deadline = None if seconds is None else now() + seconds
        pace = Pace(poll or DEFAULT_POLL, has_worked=self._has_worked)
        while not self.has_ended:
            if await self._look(pace) and self.progress is not None:
                yield self.progress
            if self.has_ended:
                return
            pause = pace.next()
            if deadline is not None and seconds is not None:
                left = deadline - now()
                if left <= 0:
                    raise timed_out(self, seconds)
                pause = min(pause, left)
            await self._client._sleep(pause)
        if self.progress is not None:
            yield self.progress

    async def _look(self, pace: Pace) -> bool:
        """Look once; tells whether there was an answer. Errors that can pass are borne."""
        was_failing = pace.is_failing
        try:
            await self.refresh()
        except SdkError as error:
            if not pace.bears(error, self._client._monotonic()):
                raise
            # Nobody is to wonder for minutes why nothing moves; that one is throttled is a matter of course.
            is_news = not was_failing and not isinstance(error, ThrottlingError)
            level = logging.WARNING if is_news else logging.INFO
            logger.log(level, "%s: no answer while waiting for it: %s", self.arn, error)
            return False
        if was_failing:
            logger.info("%s: there are answers again", self.arn)
        pace.answered()
        return True

    async def cancel(self) -> bool:
        """Cancel it; tells whether there was anything to cancel. `wait` then waits for its end.

        Files that move at this moment stay partial at the destination; the next full execution repairs them.

        Raises:
            ExecutionNotFound: there is no such execution.
            ServiceError: DataSync answered with another error.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        try:
            await self._client.cancel_task_execution(task_execution_arn=self.arn)
        except ServiceError:
            # DataSync refuses to cancel what has ended, or is being cancelled.
            answer = await self.refresh()
            if not self.has_ended and answer.status != m.TaskExecutionStatus.CANCELLING:
                raise
            return False
        return True

    async def throttle(self, bytes_per_second: int | None) -> None:
        """Limit its bandwidth, while it waits or runs. DataSync obeys within 60 seconds.

        Args:
            bytes_per_second: at most so many bytes a second; None stands for no limit.

        Raises:
            ValidationError: that is no limit; nothing was sent.
            ServiceError: DataSync refused, as for an execution that has ended.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        limit = UNLIMITED if bytes_per_second is None else bytes_per_second
        await self._client.update_task_execution(
            task_execution_arn=self.arn, options=m.Options(bytes_per_second=limit)
        )

    async def __aenter__(self) -> Self:
        if self._cancel_on_exit:
            self._listeners.append(TERMINATION.listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._listeners:
            return
        listener = self._listeners.pop()
        try:
            if listener.is_here and (error is not None or listener.is_told):
                listener.is_undoing = True
                await self._cancel_quietly()
        finally:
            listener.stop()

    async def _cancel_quietly(self) -> None:
        """Cancel it. What keeps that from working is told in the log: the first error is the one to raise."""
        for pause in (*PAUSES, None):
            try:
                await self.cancel()
            except SdkError as error:
                if pause is None or not error.retryable:
                    logger.exception("%s could not be cancelled, and may still run", self.arn)
                    return
            else:
                return
            await self._client._sleep(pause)
