"""What a plot is made of, and axes that say where a number stands.

A figure is a tuple of lines, marks, bars and words in points from its upper left corner;
harness.report.pages.rendering writes it. Colours are names of the page's style.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FONT = 11.0
"""Size of words, in points; a digit is about 0.6 of it wide."""
TICK = 4.0
"""Length of a tick."""
FLAT = 1e-9
"""A range that is a smaller part of its numbers than this is drawn as one number."""
TINY = 1e-290
"""A smaller range than this is drawn as one number."""
WHOLE = (1.0, 2.0, 5.0, 10.0)
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Between ticks lies one of these times a power of ten; of WHOLE where they are whole numbers."""


@dataclass(frozen=True)
class Line:
    """Straight lines from point to point."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    """Lengths that are drawn and left out in turn; none for a whole line."""


@dataclass(frozen=True)
class Mark:
    """A small shape at a point."""

    x: float
    y: float
    shape: str
    """circle, square or triangle."""
    colour: str
    size: float = 6.0
    filled: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Label:
    """Text at a point of its base line."""

    x: float
    y: float
    text: str
    colour: str = "ink"
    anchor: str = "start"
    """start, middle or end: which part of the text stands at the point."""
    turned: bool = False
    """Whether it runs from below to above."""


Part = Line | Mark | Bar | Label


@dataclass(frozen=True)
class Figure:
    """A whole plot."""

    width: float
    height: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Scale:
    """From numbers to points along an axis, with the ticks."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    """Where each stands, and what is written there."""
    logarithmic: bool = False

    def share(self, number: float) -> float:
        """Which part of the axis lies before a number."""
        at = math.log10(number) if self.logarithmic else number
        return (at - self.low) / (self.high - self.low)


def linear(numbers: Iterable[float], *, whole: bool = False, most: int = 6) -> Scale:
    """A scale on which numbers stand, with some room at both ends.

    Args:
        numbers: finite ones.
        whole: whether ticks stand at whole numbers alone.
        most: about how many ticks there are.
    """
    known = [*numbers] or [0.0, 1.0]
    low, high = min(known), max(known)
    largest = max(abs(low), abs(high))
    if high - low <= max(TINY, FLAT * largest):
        room = 0.5 * largest if largest > TINY else 1.0
    else:
        room = 0.05 * (high - low)
    low, high = low - room, high + room
    rough = (high - low) / most
    step = max(1.0, _step(rough, WHOLE)) if whole else _step(rough, STEPS)
    first, last = math.ceil(low / step), math.floor(high / step)
    digits = max(1, math.ceil(math.log10(max(abs(first), abs(last), 1))) + 2)
    return Scale(
        low, high, tuple((k * step, f"{k * step:.{digits}g}") for k in range(first, last + 1))
    )


def logarithmic(numbers: Iterable[float], most: int = 5) -> Scale:
    """A logarithmic scale of whole powers of ten on which positive numbers stand."""
    exponents = [math.log10(number) for number in numbers]
    low, high = math.floor(min(exponents)), math.ceil(max(exponents))
    high = max(high, low + 1)
    every = math.ceil((high - low) / most)
    ticks = tuple((float(k), _power(k)) for k in range(low, high + 1, every))
    return Scale(float(low), float(high), ticks, logarithmic=True)


def _step(rough: float, steps: tuple[float, ...]) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in steps if step * power >= rough * (1 - FLAT))


def _power(k: int) -> str:
    return f"{10.0**k:g}" if abs(k) <= 4 else f"1e{k:+03d}"


@dataclass(frozen=True)
class Axes:
    """A rectangle of a figure in which numbers have their places."""

    left: float
    top: float
    width: float
    height: float
    across: Scale
    up: Scale

    def x(self, number: float) -> float:
        """Where a number stands from left to right."""
        return self.left + self.width * self.across.share(number)

    def y(self, number: float) -> float:
        """Where a number stands from above to below."""
        return self.top + self.height * (1.0 - self.up.share(number))

    def frame(self, *, titles: tuple[str, str], numbered: bool = True) -> list[Part]:
        """The grid, the two axes with their ticks, and what each axis is.

        Args:
            titles: of the horizontal axis and of the vertical one.
            numbered: whether the ticks of the horizontal axis have their numbers.
        """
        parts: list[Part] = []
        right, bottom = self.left + self.width, self.top + self.height
        for tick, text in self.across.ticks:
            at = self.left + self.width * (tick - self.across.low) / self._span(self.across)
            parts.append(Line(((at, self.top), (at, bottom)), "line"))
            parts.append(Line(((at, bottom), (at, bottom + TICK)), "soft"))
            if numbered:
                parts.append(Label(at, bottom + TICK + FONT, text, "soft", "middle"))
        for tick, text in self.up.ticks:
            at = bottom - self.height * (tick - self.up.low) / self._span(self.up)
            parts.append(Line(((self.left, at), (right, at)), "line"))
            parts.append(Line(((self.left - TICK, at), (self.left, at)), "soft"))
            parts.append(Label(self.left - TICK - 3, at + 0.35 * FONT, text, "soft", "end"))
        parts.append(Line(((self.left, self.top), (self.left, bottom), (right, bottom)), "soft"))
        middle = (self.left + self.width / 2, self.top + self.height / 2)
        if titles[0]:
            below = bottom + TICK + 2.6 * FONT
            parts.append(Label(middle[0], below, titles[0], anchor="middle"))
        parts.append(Label(FONT, middle[1], titles[1], anchor="middle", turned=True))
        return parts

    @staticmethod
    def _span(scale: Scale) -> float:
        return scale.high - scale.low

    def curve(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float = 2.0,
        dashes: tuple[float, ...] = (),
    ) -> list[Part]:
        """Lines through points, with a gap where a number is none."""
        parts: list[Part] = []
        run: list[tuple[float, float]] = []
        for x, y in (*zip(xs, ys, strict=True), (0.0, math.nan)):
            if y == y:
                run.append((self.x(x), self.y(y)))
                continue
            if len(run) > 1:
                parts.append(Line(tuple(run), colour, width, dashes))
            elif run:
                parts.append(Mark(*run[0], "circle", colour, width, filled=True))
            run = []
        return parts

    def marks(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        shape: str,
        colour: str,
        size: float = 6.0,
        *,
        filled: bool = False,
    ) -> list[Part]:
        """A shape at each point whose number is one."""
        return [
            Mark(self.x(x), self.y(y), shape, colour, size, filled)
            for x, y in zip(xs, ys, strict=True)
            if y == y
        ]


def widest(*scales: Scale) -> float:
    """How much room the numbers of vertical axes take beside them, with the title."""
    longest = max((len(text) for scale in scales for _, text in scale.ticks), default=1)
    return 2.2 * FONT + 0.6 * FONT * longest + TICK
