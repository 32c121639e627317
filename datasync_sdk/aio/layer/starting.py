"""Start an execution, or find one that runs.

What a method needs is imported in it, here and in the other files: importing a client makes none of the
model's classes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from datasync_sdk import models as m
from datasync_sdk._generated.operations_async import AsyncOperations
from datasync_sdk._runtime.errors import SdkError, ServiceError, TransportError
from datasync_sdk._runtime.world.aio import gathered
from datasync_sdk.errors import ExecutionNotFound

if TYPE_CHECKING:
    from datasync_sdk.aio.layer.execution import AsyncTaskExecution

__all__ = ["AsyncStarting"]

logger = logging.getLogger("datasync_sdk")


class AsyncStarting(AsyncOperations):
    """The methods that give handles of executions."""

    async def start(
        self,
        task_arn: str,
        *,
        cancel_on_exit: bool = False,
        override_options: m.Options | None = None,
        includes: Iterable[m.FilterRule] | None = None,
        excludes: Iterable[m.FilterRule] | None = None,
        manifest_config: m.ManifestConfig | None = None,
        task_report_config: m.TaskReportConfig | None = None,
        tags: Iterable[m.TagListEntry] | None = None,
    ) -> AsyncTaskExecution:
        """Start an execution of a task, and give a handle of it.

            execution = await client.start(task_arn, override_options=Options(bytes_per_second=10**7))
            outcome = await execution.wait()

        DataSync has no way to tell a repeated start from a second one: where the answer is lost, the
        execution may run all the same. `start_or_attach` finds it.

        Args:
            task_arn: the ARN of the task.
            cancel_on_exit: cancel the execution where a `with` block around the handle is left by an
                exception, Ctrl-C or SIGTERM; never otherwise. Before the block begins there is nothing that
                cancels: what is interrupted in this very call may run, as after a lost answer.
            override_options: what is to be other than the task says, for this execution only; as all of
                the following, which are those of `start_task_execution`.
            includes: what to transfer.
            excludes: what not to transfer.
            manifest_config: a list of what to transfer.
            task_report_config: the report to write.
            tags: the tags of the execution.

        Raises:
            ValidationError: the arguments break rules of the API; nothing was sent.
            TaskNotFound: there is no such task.
            TaskAlreadyRunning: the task runs, and has no queue.
            ServiceError: DataSync refused for another reason.
            TransportError: there was no answer; the execution may run.
            CredentialsError: there are no usable credentials.
        """
        started = await self.start_task_execution(
            task_arn=task_arn,
            override_options=override_options,
            includes=includes,
            excludes=excludes,
            manifest_config=manifest_config,
            task_report_config=task_report_config,
            tags=tags,
        )
        return self._handle(started.task_execution_arn, cancel_on_exit=cancel_on_exit)

    def execution(self, task_execution_arn: str, *, cancel_on_exit: bool = False) -> AsyncTaskExecution:
        """A handle of an execution that somebody started. Nothing is asked yet.

        Args:
            task_execution_arn: the ARN of the execution.
            cancel_on_exit: as in `start`.

        Raises:
            ValidationError: this is not the ARN of an execution.
        """
        return self._handle(task_execution_arn, cancel_on_exit=cancel_on_exit, has_worked=False)

    def _handle(
        self, arn: str, *, cancel_on_exit: bool = False, has_worked: bool = True
    ) -> AsyncTaskExecution:
        from datasync_sdk.aio.layer.execution import AsyncTaskExecution

        return AsyncTaskExecution(self, arn, cancel_on_exit=cancel_on_exit, has_worked=has_worked)

    async def start_or_attach(self, task_arn: str, *, cancel_on_exit: bool = False) -> AsyncTaskExecution:
        """A handle of the execution of a task that runs or waits; where there is none, start one.

        Several processes can call it at once, and a process that died can call it again: where two have
        started one in the same moment, the one that waits behind the other is cancelled by the process that
        started it. It takes no overrides: what runs was started with its own.

        Args:
            task_arn: the ARN of the task.
            cancel_on_exit: as in `start`; also for an execution that somebody else started.

        Raises:
            TaskNotFound: there is no such task.
            ServiceError: DataSync refused for another reason.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
        """
        if running := await self._running(task_arn, cancel_on_exit=cancel_on_exit):
            return running
        try:
            started = await self.start(task_arn, cancel_on_exit=cancel_on_exit)
        except (ServiceError, TransportError):
            # Somebody else may have started it between both calls, or the answer to our own start was lost.
            if running := await self._running(task_arn, cancel_on_exit=cancel_on_exit):
                return running
            raise
        try:
            return await self._first(started, cancel_on_exit=cancel_on_exit)
        except SdkError as error:
            logger.info("%s: whether it is the only one is not known: %s", started.arn, error)
            return started

    async def _first(self, ours: AsyncTaskExecution, *, cancel_on_exit: bool) -> AsyncTaskExecution:
        """The first execution of a task, of those that go on; ours is cancelled where it waits behind it.

        A Start whose answer was lost leaves one behind, too, where botocore sent it again.
        """
        from datasync_sdk.execution.outcome import ENDED

        listed = [
            entry.task_execution_arn
            async for entry in self.iter_task_executions(task_arn=ours.task_arn)
            if entry.task_execution_arn and entry.status not in ENDED
        ]
        others = [self._handle(arn, cancel_on_exit=cancel_on_exit) for arn in listed if arn != ours.arn]
        if not others:
            return ours
        await gathered(lambda execution: execution.refresh(), [ours, *others])
        waits = ours.last is not None and ours.last.status == m.TaskExecutionStatus.QUEUED
        first = min([ours, *others], key=order)
        if not waits or first.has_ended or first is ours:
            return ours
        await ours.cancel()
        return first

    async def _running(self, task_arn: str, *, cancel_on_exit: bool) -> AsyncTaskExecution | None:
        """The execution of a task that DataSync speaks of, where that has not ended."""
        task = await self.describe_task(task_arn=task_arn)
        if not task.current_task_execution_arn:
            return None
        execution = self._handle(task.current_task_execution_arn, cancel_on_exit=cancel_on_exit)
        try:
            await execution.refresh()
        except ExecutionNotFound:
            return None  # The most recent one is told for ever, and can be described for 30 days.
        return None if execution.has_ended else execution


def order(execution: AsyncTaskExecution) -> tuple[bool, str, str]:
    """By what executions of a task are sorted: those that go on, by their start, the same for everybody."""
    started = execution.last.start_time if execution.last else None
    return execution.has_ended, str(started or ""), execution.arn
