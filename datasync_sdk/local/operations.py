"""The operations of the service by name, as the service model and the generated code have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from attrs import field, frozen

from datasync_sdk import models
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.session import service_model
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.wire import Operation, operation_of, wire_of

MODEL: Final = service_model(SERVICE.package)
TARGET_PREFIX: Final = f"{MODEL['metadata']['targetPrefix']}."
"""What stands before the operation in the header X-Amz-Target: `FmrsService.`."""

NAMES: Final[Mapping[str, str]] = {
    name: operation["input"]["shape"] for name, operation in MODEL["operations"].items()
}
"""Every operation, as AWS writes it, and the name of its request class."""


@frozen(kw_only=True)
class Known:
    """One operation and the generated code for it."""

    name: str
    """As AWS writes it: `CreateTask`."""
    request: type[Request[Any]]
    generated: Operation = field(repr=False)

    def unstructure(self, response: Structure | None) -> dict[str, Any]:
        """The answer of a handler, in AWS's names.

        Raises:
            TypeError: the handler answered with something else than the operation's response.
        """
        expected = self.generated.response
        if expected is None or response.__class__ is not expected:
            raise TypeError(f"{self.name} was answered with a {type(response).__name__}")
        made: dict[str, Any] = wire_of(expected).unstructure(response)
        return made


@cache
def operation(name: str) -> Known:
    """An operation; the code for it is imported when it is first called. KeyError where there is none."""
    request: type[Request[Any]] = getattr(models, NAMES[name])
    return Known(name=name, request=request, generated=operation_of(request))


def checked_name(name: object) -> str | None:
    """The name of an operation, or None, which stands for all of them.

    Raises:
        ValueError: there is no such operation.
    """
    if name is None or (isinstance(name, str) and name in NAMES):
        return name
    from difflib import get_close_matches

    near = get_close_matches(str(name).replace("_", ""), NAMES, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise ValueError(f"there is no operation {str(name)[:60]!r}{hint}")
