"""The timeline as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen.errors import CodegenError
from codegen.evolution.timeline import COLUMNS, Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE, BREAKING, TEXT = "#2a6f97", "#c1121f", "#333333"

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # Text stays text: it can be searched, and the file is small.
    "svg.hashsalt": "history",  # The same timeline gives the same file.
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": TEXT,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
}


def plot(entries: Sequence[Entry], title: str, path: Path) -> str:
    """Draw how many there were of each kind of thing, and say what was done.

    Revisions that broke callers of the generated code are marked.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise CodegenError(
            "matplotlib, which draws, is not installed: pip install 'datasync-sdk[plot]'"
        ) from error
    mpl.use("svg")
    from matplotlib import pyplot as plt

    with mpl.rc_context(STYLE):
        figure, axes = plt.subplots(len(COLUMNS), sharex=True, figsize=(9, 8), layout="constrained")
        figure.suptitle(f"{title}: {len(entries)} revisions of its API", x=0.01, ha="left", fontsize=13)
        for label, one in zip(COLUMNS, axes, strict=True):
            draw(one, label, entries)
        axes[-1].set_xlabel("dashed: breaks callers of the generated code", color=BREAKING)
        try:
            figure.savefig(path, format="svg", metadata={"Date": None, "Title": title})
        except OSError as error:
            raise CodegenError(f"{path}: cannot be written: {error.strerror}") from error
        finally:
            plt.close(figure)
    return f"{path}: {len(entries)} revisions"


def draw(axes: Axes, label: str, entries: Sequence[Entry]) -> None:
    """One kind of thing over time."""
    days: list[Any] = [date.fromisoformat(entry.date) for entry in entries]
    counts = [entry.counts[COLUMNS[label]] for entry in entries]
    axes.step(days, counts, where="post", color=LINE, linewidth=1.8)
    axes.plot(days[-1], counts[-1], "o", color=LINE, markersize=4)
    axes.annotate(str(counts[-1]), (days[-1], counts[-1]), xytext=(6, -3), textcoords="offset points")
    for day, entry in zip(days, entries, strict=True):
        if entry.version == "major":
            axes.axvline(day, color=BREAKING, linestyle="--", linewidth=1, gid=f"breaking-{entry.date}")
    axes.set_title(label, loc="left", fontsize=10)
    axes.set_ylim(0, max(counts) * 1.15)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e5e5e5", linewidth=0.8)
