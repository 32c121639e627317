"""Executions of tasks: how far they are, how they end, how to wait for them.

    execution = client.start(task_arn)
    outcome = execution.wait(on_progress=lambda progress: print(progress.phase, progress.fraction))
    outcome.raise_for_status()

`TaskExecution` is the handle that a `Client` gives; that of an `AsyncClient` is
`datasync_sdk.aio.AsyncTaskExecution`.

https://docs.aws.amazon.com/datasync/latest/userguide/run-task.html
"""

from datasync_sdk._runtime.lazy import lazy_names

TYPE_CHECKING = bool()  # noqa: UP018  # as in `datasync_sdk`
if TYPE_CHECKING:
    from datasync_sdk._generated.layer.execution import TaskExecution as TaskExecution
    from datasync_sdk.execution.outcome import Durations as Durations
    from datasync_sdk.execution.outcome import Failed as Failed
    from datasync_sdk.execution.outcome import Outcome as Outcome
    from datasync_sdk.execution.outcome import Verdict as Verdict
    from datasync_sdk.execution.polling import Poll as Poll
    from datasync_sdk.execution.progress import Confidence as Confidence
    from datasync_sdk.execution.progress import Count as Count
    from datasync_sdk.execution.progress import Phase as Phase
    from datasync_sdk.execution.progress import Progress as Progress

__all__ = [
    "Confidence",
    "Count",
    "Durations",
    "Failed",
    "Outcome",
    "Phase",
    "Poll",
    "Progress",
    "TaskExecution",
    "Verdict",
]

if not TYPE_CHECKING:
    _get = lazy_names(
        __name__,
        {
            **dict.fromkeys(("Durations", "Failed", "Outcome", "Verdict"), "outcome"),
            **dict.fromkeys(("Confidence", "Count", "Phase", "Progress"), "progress"),
            "Poll": "polling",
        },
    )

    def __getattr__(name: str) -> object:
        if name == "TaskExecution":  # The generated twin of the asynchronous one.
            from datasync_sdk._generated.layer.execution import TaskExecution

            return TaskExecution
        return _get(name)


def __dir__() -> list[str]:
    return __all__
