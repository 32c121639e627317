"""The causes of errors as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import naming
from codegen.causes.file import Cause, Operations, Recognition
from codegen.context import Context
from codegen.model import Table
from codegen.rules.page import anchor, cell

COLUMNS = ("class", "what it means", "what to do", "recognized by", "seen")


def build_causes_page(context: Context) -> tuple[Table, ...]:
    """A table for each modelled error that has causes."""
    return tuple(
        Table(
            title=name,
            about="",
            columns=COLUMNS,
            rows=tuple(row(context, cause) for cause in context.causes.known if cause in causes),
        )
        for shape, name in naming.error_classes(context.errors).items()
        if (causes := context.causes.of(shape))
    )


def row(context: Context, cause: Cause) -> tuple[str, ...]:
    """The cells of a cause."""
    inner = cause.under in context.causes.parents and cause.under not in context.errors
    name = f"{anchor(cause.name)}<br><small>under {cause.under}</small>" if inner else anchor(cause.name)
    advice = cell(cause.advice)
    if cause.settles.written:
        advice += f"<br><small>May go away by itself: {listed(cause.settles)}.</small>"
    ways = (cell("; ".join(recognized(each))) for each in cause.recognized)
    seen = dict.fromkeys(cell(each.seen) for each in cause.recognized)
    return name, cell(cause.documentation), advice, "<br>".join(ways), "<br>".join(seen)


def recognized(way: Recognition) -> Iterator[str]:
    """What must hold for one way to know a cause."""
    if way.error_codes:
        yield f"the code {' or '.join(f'`{code}`' for code in way.error_codes)}"
    if way.message:
        yield f"the message `{way.message}`"
    if way.operations.written:
        yield f"of {listed(way.operations)}"


def listed(operations: Operations) -> str:
    """The names of operations, as short as they were written."""
    return ", ".join(f"`{name}`" for name in operations.written)
