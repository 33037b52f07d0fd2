"""The lecture's plots by matplotlib, as SVG inside a page or as PNG.

The same data gives the same bytes. Colours are names of the page's
style, so that a plot follows light and dark.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from harness.report.words import wording

Curve = tuple[str, tuple[float, ...]]
"""A name and its numbers."""

COLOURS = {
    "ink": "#1c2024",
    "soft": "#555d66",
    "line": "#d9dcd8",
    "series-1": "#b3261e",
    "series-2": "#1f5f8b",
    "series-3": "#7a5200",
}
"""The names of the style's colours, and what they are in light; PNG has only those."""
LARGEST = 1e100
"""What is beyond it is not drawn: differences of it would overflow."""
STYLES = (("series-1", "-", "o"), ("series-2", "--", "s"), ("series-3", ":", "^"))
SETTINGS: dict[Any, Any] = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "text.parse_math": False,
    "svg.hashsalt": "adjudge",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 11.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": COLOURS["soft"],
    "axes.labelcolor": COLOURS["ink"],
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["soft"],
    "ytick.color": COLOURS["soft"],
    "grid.color": COLOURS["line"],
    "axes.grid": True,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "axes.formatter.useoffset": False,
}


def sweep(xs: tuple[float, ...], yours: tuple[float, ...], manual: tuple[float, ...]) -> Figure:
    """The lecture's plot of exercise 2.C: the gradient of relu(x)**3, the student's and ours."""
    with _settings():
        figure = Figure(figsize=(7.2, 3.8), layout="constrained")
        axes = figure.subplots()
        axes.plot(
            xs,
            manual,
            "--",
            color=COLOURS["series-2"],
            linewidth=3.5,
            marker="s",
            markersize=7,
            fillstyle="none",
            label=wording.say("sweep_manual"),
        )
        axes.plot(
            xs,
            _drawn(yours),
            color=COLOURS["series-1"],
            marker="o",
            markersize=5,
            label=wording.say("sweep_yours"),
        )
        apart = [k for k in range(len(xs)) if yours[k] != manual[k]]
        axes.scatter(
            [xs[k] for k in apart],
            [_drawn(yours)[k] for k in apart],
            s=160,
            facecolors="none",
            edgecolors=COLOURS["series-1"],
            linewidths=1.5,
        )
        axes.set_xlabel(wording.say("sweep_x"))
        axes.set_ylabel(wording.say("sweep_y"))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="upper left")
    return figure


def loss(yours: tuple[float, ...], others: tuple[Curve, ...], first: int | None) -> Figure:
    """A loss curve beside the oracles', with the first diverging epoch, and the difference below.

    Args:
        yours: the student's loss after each epoch.
        others: each oracle's.
        first: the epoch from which they differ, counted from 0.
    """
    with _settings():
        figure = Figure(figsize=(7.2, 5.4), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
        below: list[list[float]] = []
        for k, (name, numbers) in enumerate(others):
            colour, dashes, mark = STYLES[1 + k % (len(STYLES) - 1)]
            every = max(1, len(numbers) // 8)
            start = (k * every // 2) % max(1, len(numbers))
            upper.plot(
                _drawn(numbers),
                dashes,
                color=COLOURS[colour],
                marker=mark,
                markersize=6,
                fillstyle="none",
                markevery=(start, every),
                linewidth=3.0 - k,
                label=name,
            )
            apart = tuple(abs(a - b) for a, b in zip(yours, numbers, strict=False))
            below.append(_positive(apart))
            lower.plot(below[-1], dashes, color=COLOURS[colour], linewidth=3.0 - k, label=name)
        upper.plot(
            _drawn(yours),
            color=COLOURS["series-1"],
            linewidth=1.8,
            label=wording.say("loss_yours"),
        )
        _scale(upper, [yours, *(numbers for _, numbers in others)])
        _scale_difference(lower, [v for curve in below for v in curve if v == v])
        for axes in (upper, lower):
            if first is not None:
                axes.axvline(first, color=COLOURS["ink"], linestyle=(0, (2, 3)), linewidth=1.2)
        if first is not None:
            upper.annotate(
                wording.say("loss_first"),
                (first, 1.0),
                (6, -4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="top",
                color=COLOURS["ink"],
            )
        upper.set_ylabel(wording.say("loss_axis"))
        lower.set_ylabel(wording.say("loss_difference"))
        lower.set_xlabel(wording.say("loss_epoch"))
        lower.xaxis.set_major_locator(MaxNLocator(integer=True))
        upper.legend(loc="upper right")
    return figure


def distribution(tenths: list[int]) -> Figure:
    """How many students have how much of the points, in bars with their counts."""
    with _settings():
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        axes = figure.subplots()
        middles = [(k + 0.5) * 100 / len(tenths) for k in range(len(tenths))]
        bars = axes.bar(middles, tenths, width=92 / len(tenths), color=COLOURS["series-2"])
        axes.bar_label(bars, [str(count) if count else "" for count in tenths])
        axes.set_xticks([100 * k / len(tenths) for k in range(len(tenths) + 1)])
        axes.set_xlabel(wording.say("class_axis_share"))
        axes.set_ylabel(wording.say("class_axis_students"))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False, axis="x")
        axes.margins(y=0.12)
    return figure


def svg(figure: Figure, prefix: str) -> str:
    """A figure as an SVG element for a page, in the page's colours.

    Args:
        figure: what to write.
        prefix: stands before each of its ids, so that two figures of a page have none in common.
    """
    out = io.StringIO()
    with _settings():
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]  # by matplotlib
            out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    for name, colour in COLOURS.items():
        text = text.replace(colour, f"var(--{name})")
    return text.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1).strip()


def png(figure: Figure) -> bytes:
    """A figure as a PNG on white."""
    out = io.BytesIO()
    with _settings():
        figure.set_facecolor("white")
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]  # by matplotlib
    return out.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """Ours, whatever a user's matplotlibrc says."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def _drawn(numbers: tuple[float, ...]) -> list[float]:
    """What can be drawn, with a gap for the rest."""
    return [v if abs(v) <= LARGEST else math.nan for v in numbers]


def _positive(numbers: tuple[float, ...]) -> list[float]:
    """What a logarithmic axis can show, with a gap for the rest."""
    return [v if 0.0 < v <= LARGEST else math.nan for v in numbers]


def _scale(axes: Axes, curves: list[tuple[float, ...]]) -> None:
    numbers = [v for curve in curves for v in _positive(curve) if v == v]
    if numbers and max(numbers) > 50.0 * min(numbers):
        _logarithmic(axes)


def _scale_difference(axes: Axes, numbers: list[float]) -> None:
    if numbers:
        _logarithmic(axes)
    else:
        axes.set_ylim(-1.0, 1.0)
        axes.set_yticks([0.0])
        axes.axhline(0.0, color=COLOURS["series-1"], linewidth=1.8)


def _logarithmic(axes: Axes) -> None:
    """A logarithmic axis with few ticks, written as Python writes numbers."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
