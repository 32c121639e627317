"""Progress in a terminal: one line that changes."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from datasync_sdk.cli.displays import texts
from datasync_sdk.cli.displays.display import Display

if TYPE_CHECKING:
    from datasync_sdk.execution.outcome import Outcome
    from datasync_sdk.execution.progress import Progress

__all__ = ["Bar"]

STYLES: Final = {"success": "green", "completed with failures": "yellow", "failed": "red"}
"""Of outcomes, by their verdicts."""

PARTS: Final = (texts.bytes_text, texts.left_text, texts.rate_text, texts.files_text)
"""What stands behind the bar where there is room; the first is the last to go."""
ORDER: Final = (texts.files_text, texts.bytes_text, texts.rate_text, texts.left_text)
"""In which it stands there."""

NARROWEST, WIDEST = 8, 40
"""Of the bar itself, in columns."""


class Bar(Display):
    """A line with a bar. It moves while nobody knows how much there is to do."""

    def __init__(self, task_execution_arn: str) -> None:
        """Begin with an empty line."""
        self._arn = task_execution_arn
        self._console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._line = Line()
        self._live = Live(self._line, console=self._console, transient=True, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._console.print(self._arn, soft_wrap=True)
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, progress: Progress) -> None:
        """Change the line."""
        self._line.progress = progress
        self._live.refresh()

    def end(self, outcome: Outcome) -> None:
        """Write how it ended, in place of the line."""
        style = STYLES.get(outcome.verdict, "")
        for number, line in enumerate(texts.outcome_lines(outcome)):
            self._console.print(Text(line, style="" if number else style), soft_wrap=True)


class Line:
    """The line, as wide as the terminal is when it is drawn."""

    def __init__(self) -> None:
        """Begin with no progress."""
        self.progress: Progress | None = None
        self._spinner = Spinner("line")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Draw it."""
        if self.progress is None:
            yield self._spinner.render(monotonic())
            return
        grid = Table.grid(padding=(0, 1))
        cells = list(row(self.progress, options.max_width))
        for _ in cells:
            grid.add_column(no_wrap=True)
        grid.add_row(*cells)
        yield grid


def row(progress: Progress, width: int) -> Iterator[RenderableType]:
    """What stands in the line: the phase, and what there is room for."""
    phase, percent = texts.phase_text(progress), texts.percent_text(progress)
    yield Text(phase, no_wrap=True, overflow="ellipsis")
    # The last column stays free: in some terminals a line ends before it.
    room = width - len(phase) - 1
    if len(percent) + 1 > room:
        percent = ""
    if percent:
        room -= len(percent) + 1
    has_bar = room > NARROWEST
    if has_bar:
        room -= NARROWEST + 1
    shown = fitting(progress, room)
    if has_bar:
        yield bar(progress, min(WIDEST, NARROWEST + room - sum(len(text) + 1 for text in shown)))
    for text in filter(None, (percent, *shown)):
        yield Text(text, no_wrap=True)


def bar(progress: Progress, width: int) -> ProgressBar:
    """The bar itself."""
    is_unknown = progress.fraction is None
    return ProgressBar(
        total=None if is_unknown else 1.0, completed=progress.fraction or 0.0, pulse=is_unknown, width=width
    )


def fitting(progress: Progress, room: int) -> list[str]:
    """The texts behind the bar that there is room for, in their order."""
    chosen = {}
    for part in PARTS:
        text = part(progress)
        if text and len(text) + 1 <= room:
            chosen[part] = text
            room -= len(text) + 1
    return [chosen[part] for part in ORDER if part in chosen]
