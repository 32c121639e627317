"""Tables: with colours in a terminal, and plain lines for everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final

import click

from datasync_sdk.cli.wording import plain

__all__ = ["write_table"]

COLOURS: Final = {
    **dict.fromkeys(("AVAILABLE", "ONLINE", "SUCCESS"), "green"),
    **dict.fromkeys(("UNAVAILABLE", "OFFLINE", "ERROR"), "red"),
    **dict.fromkeys(("QUEUED", "LAUNCHING", "CANCELLING", "CREATING"), "yellow"),
    **dict.fromkeys(("RUNNING", "PREPARING", "TRANSFERRING", "VERIFYING"), "cyan"),
}
"""Of statuses; those that are new have none."""


def write_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table. Lines are never cut or broken: an ARN can be copied, and `grep` finds it."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    if sys.stdout.isatty():
        write_coloured(titles, cells, widths)
        return
    for row in (titles, *cells):
        click.echo(aligned(row, widths).rstrip())


def aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of a row, each as wide as its column."""
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))


def write_coloured(titles: Sequence[str], cells: list[list[str]], widths: list[int]) -> None:
    """Write a table to a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    console.print(Text(aligned(titles, widths).rstrip(), style="bold"))
    for row in cells:
        line = Text()
        for cell, width in zip(row, widths, strict=True):
            line.append(cell, style=COLOURS.get(cell, ""))
            line.append(" " * (width - len(cell) + 2))
        line.rstrip()
        console.print(line)
