"""What a new model does to the rules: the quotations that no longer stand in it, beside what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from codegen.rules.file import Quotation, documentation, plain
from codegen.spec import Spec

SENTENCE = re.compile(r"(?<=[.!?:])\s+")
LONGEST = 300
"""How much of a documentation without a similar sentence to show."""


def side_by_side(lost: Iterable[Quotation], spec: Spec) -> str:
    """The old sentence of each quotation, and the new one that is most like it."""
    lines = []
    for quotation in lost:
        lines += [
            f"- {quotation.place} ({quotation.path})",
            f"    was: {plain(quotation.text)}",
            f"    now: {instead(quotation, spec)}",
        ]
    return "\n".join(lines)


def instead(quotation: Quotation, spec: Spec) -> str:
    """What the documentation says in place of a quotation."""
    says = documentation(quotation.place, spec)
    if says is None:
        return "(the API no longer has it)"
    text = plain(says)
    near = get_close_matches(plain(quotation.text), SENTENCE.split(text), n=1, cutoff=0.4)
    if near:
        return near[0]
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    return shown or "(nothing is said of it any more)"
