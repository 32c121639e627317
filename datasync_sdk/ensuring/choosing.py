"""What `ensure_location` and `ensure_task` answer, and how they choose among what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, get_args

from attrs import frozen

from datasync_sdk import models as m
from datasync_sdk.ensuring.comparing import Difference, differences, unchangeable
from datasync_sdk.errors import AmbiguousError, UnchangeableError
from datasync_sdk.locations import CreatesLocation

__all__ = [
    "Action",
    "Candidate",
    "Ensured",
    "arn_of",
    "candidates",
    "check_class",
    "chosen",
    "first_of",
    "oldest",
]


LOCATIONS: Final = get_args(CreatesLocation)


def check_class(request: object, *, of_task: bool) -> None:
    """See that a request creates what it is to create.

    Raises:
        TypeError: it does not, or is no request.
    """
    if isinstance(request, m.CreateTaskRequest if of_task else LOCATIONS):
        return
    given = f"the class {request.__name__}" if isinstance(request, type) else f"a {type(request).__name__}"
    if of_task:
        raise TypeError(f"ensure_task takes a CreateTaskRequest, not {given}")
    raise TypeError(
        f"ensure_location takes a CreateLocation...Request, such as CreateLocationS3Request, not {given}"
    )


class Action(StrEnum):
    """What was done so that something is there as it is wanted."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    """Nothing: it was so already."""


@frozen(kw_only=True)
class Ensured:
    """Something that is there as it is wanted."""

    arn: str
    action: Action
    changes: tuple[Difference, ...]
    """What an update changed; `actual` is what it was before. Empty for what was created or unchanged."""
    duplicates: tuple[str, ...]
    """The ARNs of others that are the same, and that nobody needs, as far as can be seen. A Create whose
    answer was lost leaves them behind."""


@frozen(kw_only=True)
class Candidate:
    """Something that is there, and how it compares to what is wanted."""

    described: Any
    found: tuple[Difference, ...]
    """What differs, secrets aside, which nobody can compare."""
    fixed: tuple[Difference, ...]
    """What no update can change of that."""

    @property
    def arn(self) -> str:
        """Its ARN."""
        return arn_of(self.described)


def candidates(wanted: Any, described: Iterable[Any]) -> list[Candidate]:
    """What is there, compared to what is wanted; the oldest first."""
    return [
        Candidate(described=each, found=differences(wanted, each), fixed=unchangeable(wanted, each))
        for each in oldest(described)
    ]


def chosen(wanted: Any, found: Sequence[Candidate]) -> Candidate | None:
    """The one to take, or to update; None where one has to be created.

    The oldest of those that are as wanted; or else the one that an update makes so.

    Raises:
        AmbiguousError: an update could make several so.
        UnchangeableError: there is a task of this name, and no update makes it so.
    """
    equal = [each for each in found if not each.found]
    if equal:
        return equal[0]
    fitting = [each for each in found if not each.fixed]
    if len(fitting) > 1:
        raise AmbiguousError(type(wanted).__name__, "things to update", [each.arn for each in fitting])
    if fitting:
        return fitting[0]
    if found and isinstance(wanted, m.CreateTaskRequest) and wanted.name is not None:
        raise UnchangeableError(found[0].arn, found[0].fixed)
    return None


def first_of(fresh: Sequence[Candidate], ours: str | None) -> str:
    """Which of several that were made in the same moment is to stay, by its ARN.

    That is the oldest: whoever has made a younger one sees it, so all agree, and nobody deletes what another
    has been given. Of two that are equally old nobody can say who saw what: then ours stays, too.

    Args:
        fresh: those that were not there before; the oldest first. Ours may not be listed yet.
        ours: what we have made; None where its answer was lost.
    """
    if ours is None:
        return fresh[0].arn
    mine = next((each.described.creation_time for each in fresh if each.arn == ours), None)
    if mine is None or fresh[0].described.creation_time is None or fresh[0].described.creation_time >= mine:
        return ours
    return fresh[0].arn


def oldest(described: Iterable[Any]) -> list[Any]:
    """Descriptions in the order of their creation; the same for everybody who asks."""
    return sorted(described, key=lambda each: (str(each.creation_time or ""), arn_of(each)))


def arn_of(described: Any) -> str:
    """The ARN of what is described, or was created."""
    is_task = isinstance(described, m.DescribeTaskResponse | m.CreateTaskResponse)
    arn: str = described.task_arn if is_task else described.location_arn
    return arn
