"""From the description of a task, a location or an agent back to the request that creates one like it.

    from datasync_sdk.ensuring.recovering import to_create_request

    found = to_create_request(client.describe_task(task_arn=task), name="a copy")
    client.send(found.request)                  # a CreateTaskRequest
    for missing in found.missing:
        print(missing.member, missing.reason)   # Tags Describe does not tell tags: ListTagsForResource does

A description has the members of the request, or a URI that tells them; but no secrets, no tags, and of most
file systems no ARN: "An example for EFS is us-east-2.fs-abcd1234", which has no account
(https://docs.aws.amazon.com/datasync/latest/userguide/API_LocationListEntry.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, overload

from attrs import evolve, fields, frozen

from datasync_sdk import models as m
from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import ValidationError
from datasync_sdk._runtime.structures import Request
from datasync_sdk.ensuring.told import TAGS, UNTOLD, Untold, aws_path, create_class, names_of, told_members
from datasync_sdk.preflight import without_defaults

__all__ = ["Missing", "Recovered", "to_create_request"]

Q_co = TypeVar("Q_co", bound=Request[Any], covariant=True)


@frozen(kw_only=True)
class Missing:
    """What a description does not tell of the request that would create the same."""

    member: str
    """In AWS's names: `Password`, `Protocol.SMB.Password`."""
    reason: str
    """Why it is not told, and who tells it, if somebody does."""


@frozen(kw_only=True)
class Recovered(Generic[Q_co]):
    """A request that creates what was described, as far as it was told."""

    request: Q_co
    missing: tuple[Missing, ...]
    """What to add; all of it may be absent in a request as such."""


@overload
def to_create_request(
    described: m.DescribeTaskResponse, **replacements: Any
) -> Recovered[m.CreateTaskRequest]: ...
@overload
def to_create_request(
    described: m.DescribeAgentResponse, **replacements: Any
) -> Recovered[m.CreateAgentRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationAzureBlobResponse, **replacements: Any
) -> Recovered[m.CreateLocationAzureBlobRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationEfsResponse, **replacements: Any
) -> Recovered[m.CreateLocationEfsRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationFsxLustreResponse, **replacements: Any
) -> Recovered[m.CreateLocationFsxLustreRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationFsxOntapResponse, **replacements: Any
) -> Recovered[m.CreateLocationFsxOntapRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationFsxOpenZfsResponse, **replacements: Any
) -> Recovered[m.CreateLocationFsxOpenZfsRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationFsxWindowsResponse, **replacements: Any
) -> Recovered[m.CreateLocationFsxWindowsRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationHdfsResponse, **replacements: Any
) -> Recovered[m.CreateLocationHdfsRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationNfsResponse, **replacements: Any
) -> Recovered[m.CreateLocationNfsRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationObjectStorageResponse, **replacements: Any
) -> Recovered[m.CreateLocationObjectStorageRequest]: ...
@overload
def to_create_request(
    described: m.DescribeLocationS3Response, **replacements: Any
) -> Recovered[m.CreateLocationS3Request]: ...
@overload
def to_create_request(
    described: m.DescribeLocationSmbResponse, **replacements: Any
) -> Recovered[m.CreateLocationSmbRequest]: ...
def to_create_request(described: Any, **replacements: Any) -> Recovered[Any]:
    """The request that would create what is described, and what it cannot tell.

    The options of a task that have their defaults are left out, as the service tells all of them.

    Args:
        described: the answer of a Describe operation.
        replacements: members of the request, by their Python names: what is to differ, or cannot be
            recovered. A secret within a structure is given with the whole of it.

    Raises:
        ValidationError: a member that every such request needs was not told, and is not given; it names all.
        TypeError: this describes nothing that can be created, or there is no such member.
    """
    cls = create_class(described)
    names = names_of(cls)
    for name in replacements:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"; did you mean {near[0]}?" if near else f": it has {', '.join(names)}"
            raise TypeError(f"{cls.__name__} has no member {name}{hint}")
    untold = [*UNTOLD.get(type(described), ()), TAGS]
    members = {name: value for name, value in told_members(described).items() if value is not None}
    members |= replacements
    if lacking := tuple(_lacking(cls, members, untold)):
        raise ValidationError(cls.__name__, lacking)
    request = cls(**members)
    if isinstance(request, m.CreateTaskRequest) and "options" not in replacements:
        options = without_defaults(request, None).options
        request = evolve(request, options=None if options == m.Options() else options)
    missing = tuple(
        Missing(member=aws_path(cls, each.member), reason=each.reason)
        for each in untold
        if each.member.partition(".")[0] not in replacements and each.is_used(described)
    )
    return Recovered(request=request, missing=missing)


def _lacking(cls: Any, members: Mapping[str, Any], untold: Iterable[Untold]) -> Iterator[Violation]:
    """What is required, and not there."""
    reasons = {each.member: each.reason for each in untold}
    for name, aws_name in names_of(cls).items():
        if getattr(fields(cls), name).default is not None and members.get(name) is None:
            reason = reasons.get(name, "the description does not tell it")
            problem = f"cannot be recovered, for {reason}: give it as {name}=..."
            yield Violation("required", aws_name, problem)
