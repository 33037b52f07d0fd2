"""The lecture's plots and a class's, as figures that harness.report.pages.rendering writes."""

from __future__ import annotations

import math

from harness.report.pages.chart import (
    FONT,
    Axes,
    Bar,
    Figure,
    Label,
    Line,
    Mark,
    Part,
    Scale,
    linear,
    logarithmic,
    widest,
)
from harness.report.words import wording

Curve = tuple[str, tuple[float, ...]]
"""A name and its numbers."""

LARGEST = 1e100
"""What is beyond it is not drawn: differences of it would overflow."""
WIDTH = 518.0
TOP, RIGHT, BELOW = 8.0, 12.0, 44.0
"""Room around axes; what is on the left depends on the numbers that stand there."""
GAP = 14.0
"""Room between two axes."""
DASHED, DOTTED = (7.0, 3.0), (2.0, 3.0)
STYLES = (("series-2", DASHED, "square"), ("series-3", DOTTED, "triangle"))
"""How the curves beside the student's are drawn."""
Legend = tuple[str, str, tuple[float, ...], str]
"""A name, its colour, its dashes, its mark."""


def sweep(xs: tuple[float, ...], yours: tuple[float, ...], manual: tuple[float, ...]) -> Figure:
    """The lecture's plot of exercise 2.C: the gradient of relu(x)**3, the student's and ours."""
    drawn, height = _drawn(yours), 274.0
    across = linear(xs, whole=True, most=10)
    up = linear([v for v in (*drawn, *_drawn(manual)) if v == v])
    left = widest(up)
    axes = Axes(left, TOP, WIDTH - left - RIGHT, height - TOP - BELOW, across, up)
    apart = [k for k in range(len(xs)) if yours[k] != manual[k]]
    names = wording.say("sweep_manual"), wording.say("sweep_yours")
    parts = [
        *axes.frame(titles=(wording.say("sweep_x"), wording.say("sweep_y"))),
        *axes.curve(xs, manual, "series-2", 3.5, DASHED),
        *axes.marks(xs, manual, "square", "series-2", 7.0),
        *axes.curve(xs, drawn, "series-1"),
        *axes.marks(xs, drawn, "circle", "series-1", 5.0, filled=True),
        *axes.marks([xs[k] for k in apart], [drawn[k] for k in apart], "circle", "series-1", 12.6),
        *_legend(
            left + 10,
            [
                (names[0], "series-2", DASHED, "square"),
                (names[1], "series-1", (), "circle"),
            ],
        ),
    ]
    return Figure(WIDTH, height, tuple(parts))


def loss(yours: tuple[float, ...], others: tuple[Curve, ...], first: int | None) -> Figure:
    """A loss curve beside the oracles', with the first diverging epoch, and the difference below.

    Args:
        yours: the student's loss after each epoch.
        others: each oracle's.
        first: the epoch from which they differ, counted from 0.
    """
    below = [
        _positive(tuple(abs(a - b) for a, b in zip(yours, numbers, strict=False)))
        for _, numbers in others
    ]
    epochs = max((len(row) for row in (yours, *(numbers for _, numbers in others))), default=1)
    across = linear([0.0, float(max(1, epochs - 1))], whole=True, most=10)
    up = _losses([yours, *(numbers for _, numbers in others)])
    apart = [v for row in below for v in row if v == v]
    down = logarithmic(apart) if apart else Scale(-1.0, 1.0, ((0.0, "0"),))
    left, height = widest(up, down), 389.0
    room = height - TOP - BELOW - GAP
    width = WIDTH - left - RIGHT
    upper = Axes(left, TOP, width, room * 2 / 3, across, up)
    lower = Axes(left, TOP + room * 2 / 3 + GAP, width, room / 3, across, down)
    parts = upper.frame(titles=("", wording.say("loss_axis")), numbered=False)
    titles = wording.say("loss_epoch"), wording.say("loss_difference")
    parts += lower.frame(titles=titles)
    legend: list[Legend] = []
    for k, (name, numbers) in enumerate(others):
        colour, dashes, shape = STYLES[k % len(STYLES)]
        at = [*map(float, range(len(numbers)))]
        every = max(1, len(numbers) // 8)
        marked = slice((k * every // 2) % max(1, len(numbers)), None, every)
        thick = max(1.0, 3.0 - k)
        parts += upper.curve(at, _on(upper, numbers), colour, thick, dashes)
        parts += upper.marks(at[marked], _on(upper, numbers)[marked], shape, colour)
        parts += lower.curve(at[: len(below[k])], below[k], colour, thick, dashes)
        legend.append((name, colour, dashes, shape))
    parts += upper.curve([*map(float, range(len(yours)))], _on(upper, yours), "series-1", 1.8)
    legend.append((wording.say("loss_yours"), "series-1", (), ""))
    if not apart:
        parts += lower.curve([across.low, across.high], [0.0, 0.0], "series-1", 1.8)
    if first is not None:
        parts += _first(upper, lower, float(first))
    longest = max(len(name) for name, *_ in legend)
    parts += _legend(WIDTH - RIGHT - 40 - 0.6 * FONT * longest, legend)
    return Figure(WIDTH, height, tuple(parts))


def distribution(tenths: list[int]) -> Figure:
    """How many students have how much of the points, in bars with their counts."""
    count, height = len(tenths), 230.0
    edges = [100 * k / count for k in range(count + 1)]
    across = Scale(-2.0, 102.0, tuple((edge, f"{edge:g}") for edge in edges))
    most = max(*tenths, 1)
    ticks = linear([0.0, float(most)], whole=True).ticks
    up = Scale(0.0, 1.12 * most, tuple(tick for tick in ticks if 0.0 <= tick[0] <= 1.12 * most))
    left = widest(up)
    axes = Axes(left, TOP, WIDTH - left - RIGHT, height - TOP - BELOW, across, up)
    titles = wording.say("class_axis_share"), wording.say("class_axis_students")
    parts = axes.frame(titles=titles)
    for k, number in enumerate(tenths):
        if number:
            start, end = axes.x(edges[k] + 4 / count), axes.x(edges[k + 1] - 4 / count)
            top, bottom = axes.y(float(number)), axes.y(0.0)
            parts.append(Bar(start, top, end - start, bottom - top, "series-2"))
            middle = (start + end) / 2
            parts.append(Label(middle, top - 3, str(number), anchor="middle"))
    return Figure(WIDTH, height, tuple(parts))


def _first(upper: Axes, lower: Axes, epoch: float) -> list[Part]:
    """A line through both axes at the epoch from which the losses differ, with its words."""
    parts: list[Part] = []
    for axes in (upper, lower):
        ends = ((axes.x(epoch), axes.top), (axes.x(epoch), axes.top + axes.height))
        parts.append(Line(ends, "ink", 1.2, DOTTED))
    place = upper.x(epoch) + 6, upper.top + upper.height - 6
    return [*parts, Label(*place, wording.say("loss_first"))]


def _legend(left: float, rows: list[Legend]) -> list[Part]:
    """What each curve is, one below the other."""
    parts: list[Part] = []
    for k, (name, colour, dashes, shape) in enumerate(rows):
        y = TOP + 12 + 1.4 * FONT * k
        parts.append(Line(((left, y), (left + 26, y)), colour, 2.0, dashes))
        if shape:
            parts.append(Mark(left + 13, y, shape, colour, filled=shape == "circle"))
        parts.append(Label(left + 32, y + 0.35 * FONT, name))
    return parts


def _drawn(numbers: tuple[float, ...]) -> list[float]:
    """What can be drawn, with a gap for the rest."""
    return [v if abs(v) <= LARGEST else math.nan for v in numbers]


def _positive(numbers: tuple[float, ...]) -> list[float]:
    """What a logarithmic axis can show, with a gap for the rest."""
    return [v if 0.0 < v <= LARGEST else math.nan for v in numbers]


def _on(axes: Axes, numbers: tuple[float, ...]) -> list[float]:
    """What those axes can show, with a gap for the rest."""
    return _positive(numbers) if axes.up.logarithmic else _drawn(numbers)


def _losses(curves: list[tuple[float, ...]]) -> Scale:
    """A logarithmic scale where the losses differ much, else a linear one."""
    positive = [v for curve in curves for v in _positive(curve) if v == v]
    if positive and max(positive) > 50.0 * min(positive):
        return logarithmic(positive)
    return linear([v for curve in curves for v in _drawn(curve) if v == v])
