"""What ARNs of DataSync are of."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["kind_of", "told"]

_ARN: Final = re.compile(r"arn:[^:]+:datasync:[^:]*:[^:]*:(agent|location|task)/[^/]+(?:/(execution)/[^/]+)?")


def kind_of(arn: str) -> str | None:
    """Of what an ARN is: agent, location, task or execution; None where it is of none of them."""
    found = _ARN.fullmatch(arn)
    return found and (found[2] or found[1])


def told(arn: str) -> str:
    """Of what an ARN is, for a message to somebody who gave a wrong one."""
    kind = kind_of(arn)
    if kind is None:
        return "no ARN of DataSync"
    return f"the ARN of {'an' if kind[0] in 'ae' else 'a'} {kind}"
