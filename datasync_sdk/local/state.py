"""What all handlers share: the service, seen from inside."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk.local.clock import Clock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.places.folders import Folders
from datasync_sdk.local.refusals import not_found
from datasync_sdk.local.runs.agenda import Agenda
from datasync_sdk.local.runs.queue import Queue
from datasync_sdk.local.store.store import Kind, Resource, Store

S = TypeVar("S", bound=Structure)


def _region(_: object, __: object, value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9-]+", value):
        raise ValueError(f"region_name must be a Region, such as eu-west-1, not {value!r:.60}")


def _account(_: object, __: object, value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError(f"account_id must be a text of 12 digits, not {value!r:.60}")


@frozen(kw_only=True)
class Names:
    """Makes the ARNs of one account in one Region.

    Raises:
        ValueError: no ARN can have such a Region or account.
    """

    region: str = field(validator=_region)
    account: str = field(validator=_account)

    def arn(self, path: str) -> str:
        """The ARN of `location/loc-...` and so on."""
        return f"arn:aws:datasync:{self.region}:{self.account}:{path}"

    def new(self, folder: str, prefix: str) -> str:
        """A new ARN: `new("location", "loc")`."""
        return self.arn(f"{folder}/{new_id(prefix)}")


def new_id(prefix: str) -> str:
    """A new id, such as `exec-08ef1e88ec491019b`. Real ones have 17 digits, of which the first is 0."""
    return f"{prefix}-0{secrets.token_hex(8)}"


@frozen(kw_only=True, eq=False)
class State:
    """The parts of a service that its handlers work on."""

    names: Names
    store: Store
    clock: Clock
    folders: Folders
    faults: Faults
    queue: Queue
    agenda: Agenda
    work: Path
    """Where executions write down what they need while they run."""

    def find(self, arn: str, shape: type[S], what: str) -> Resource[S]:
        """The resource of an ARN, which must be described by `shape`.

        Raises:
            Refusal: there is none; `what` is its name in the message.
        """
        found = self.store.find(arn, shape)
        if found is None:
            raise not_found(what, arn)
        return found


Handler: TypeAlias = Callable[[State, Any], Structure]
"""Takes the state and a request; gives the answer, or raises a Refusal."""

Handlers: TypeAlias = dict[type[Request[Any]], Handler]

__all__ = ["Handler", "Handlers", "Kind", "Names", "Resource", "State", "new_id"]
