"""Tasks, locations and agents as somebody wants them: what differs, what an update changes, how to clone one.

    from datasync_sdk.ensuring import differences, to_create_request

    for difference in differences(wanted, client.describe_task(task_arn=task)):
        print(difference)             # Options.VerifyMode: is NONE, and should be POINT_IN_TIME_CONSISTENT
    copy = to_create_request(client.describe_task(task_arn=task), name="a copy")
    print(copy.request, copy.missing)

`client.ensure_task` and `client.ensure_location` build on it.
"""

from datasync_sdk._runtime.lazy import lazy_names

TYPE_CHECKING = bool()  # noqa: UP018  # as in `datasync_sdk`
if TYPE_CHECKING:
    from datasync_sdk.ensuring.choosing import Action as Action
    from datasync_sdk.ensuring.choosing import Ensured as Ensured
    from datasync_sdk.ensuring.comparing import differences as differences
    from datasync_sdk.ensuring.comparing import unchangeable as unchangeable
    from datasync_sdk.ensuring.comparing import update_request as update_request
    from datasync_sdk.ensuring.members import Difference as Difference
    from datasync_sdk.ensuring.members import Secrets as Secrets
    from datasync_sdk.ensuring.recovering import Missing as Missing
    from datasync_sdk.ensuring.recovering import Recovered as Recovered
    from datasync_sdk.ensuring.recovering import to_create_request as to_create_request

__all__ = [
    "Action",
    "Difference",
    "Ensured",
    "Missing",
    "Recovered",
    "Secrets",
    "differences",
    "to_create_request",
    "unchangeable",
    "update_request",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            **dict.fromkeys(("Action", "Ensured"), "choosing"),
            **dict.fromkeys(("differences", "unchangeable", "update_request"), "comparing"),
            **dict.fromkeys(("Difference", "Secrets"), "members"),
            **dict.fromkeys(("Missing", "Recovered", "to_create_request"), "recovering"),
        },
    )


def __dir__() -> list[str]:
    return __all__
