"""What an error means, by what it says: from the class of a modelled error to that of its cause.

The generator writes what is known of causes beside the classes. It is looked at when a service has refused
something, and never before: a regular expression is compiled when a message is first held against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datasync_sdk._runtime.errors import ServiceError

LOOKED_AT = 1000
"""How many characters of a message are looked at: whatever a server sends, this ends soon."""


class Cause(NamedTuple):
    """One way to know a cause; all that is given must hold."""

    error: type[ServiceError]
    """The class for errors of this cause."""
    codes: frozenset[str] = frozenset()
    """What the members of the error that hold codes can say."""
    message: str = ""
    """A regular expression that is found in the message, in any case."""
    operations: frozenset[str] = frozenset()
    """The operations that can fail so; none given where any can."""

    def fits(self, operation: str, codes: frozenset[str], message: str) -> bool:
        """Whether an error of an operation is of this cause."""
        return (
            (not self.codes or not self.codes.isdisjoint(codes))
            and (not self.operations or operation in self.operations)
            and (not self.message or re.search(self.message, message, re.IGNORECASE) is not None)
        )


def refined(cls: type[ServiceError], operation: str, response: Mapping[str, Any]) -> type[ServiceError]:
    """The class for the first cause that fits an answer; the class itself where none does."""
    if not cls.causes:
        return cls
    told = response.get("Error") or {}
    message = str(told.get("Message") or response.get("message") or "")[:LOOKED_AT]
    said = (response.get(name) for name in cls.code_members)
    codes = frozenset(code for code in said if isinstance(code, str))
    fitting = (cause.error for cause in cls.causes if cause.fits(operation, codes, message))
    return next(fitting, cls)
