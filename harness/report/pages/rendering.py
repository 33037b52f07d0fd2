"""A figure as SVG inside a page, or as PNG; the same figure gives the same bytes."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from harness.report.pages.chart import FONT, Bar, Figure, Label, Line, Mark, Part

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

COLOURS = {
    "ink": "#1c2024",
    "soft": "#555d66",
    "line": "#d9dcd8",
    "series-1": "#b3261e",
    "series-2": "#1f5f8b",
    "series-3": "#7a5200",
}
"""The names of the style's colours, and what they are in light; PNG has only those."""
SHARP = 1.4
"""Pixels of a PNG for each point."""
FINE = 2
"""How much larger a PNG is drawn, so that its lines are smooth."""
PALETTE = 64
"""Colours of a PNG."""
KEPT = 64
"""Figures that are kept: where many make no mistake in it, many have the same."""


# --- SVG ----------------------------------------------------------------------------------


@lru_cache(maxsize=KEPT)
def svg(figure: Figure) -> str:
    """A figure as an SVG element for a page, in the page's colours, that follow light and dark."""
    size = f'width="{figure.width:g}" height="{figure.height:g}"'
    view = f'viewBox="0 0 {figure.width:g} {figure.height:g}" font-size="{FONT:g}"'
    parts = "\n".join(map(_element, figure.parts))
    return f'<svg aria-hidden="true" focusable="false" {size} {view}>\n{parts}\n</svg>'


def _element(part: Part) -> str:
    colour = f"var(--{part.colour})"
    match part:
        case Line():
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in part.points)
            dashes = " ".join(f"{length:g}" for length in part.dashes)
            dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
            drawn = f'fill="none" stroke="{colour}" stroke-width="{part.width:g}"{dashed}'
            return f'<path d="{path}" {drawn}/>'
        case Mark():
            fill = colour if part.filled else "none"
            drawn = f'fill="{fill}" stroke="{colour}" stroke-width="1.3"'
            if part.shape == "circle":
                place = f'cx="{part.x:.1f}" cy="{part.y:.1f}" r="{part.size / 2:.1f}"'
                return f"<circle {place} {drawn}/>"
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in _corners(part)) + "Z"
            return f'<path d="{path}" {drawn}/>'
        case Bar():
            place = f'x="{part.x:.1f}" y="{part.y:.1f}"'
            size = f'width="{part.width:.1f}" height="{part.height:.1f}"'
            return f'<rect {place} {size} fill="{colour}"/>'
        case Label():
            turn = f' transform="rotate(-90 {part.x:.1f} {part.y:.1f})"' if part.turned else ""
            place = f'x="{part.x:.1f}" y="{part.y:.1f}" text-anchor="{part.anchor}"{turn}'
            return f'<text {place} fill="{colour}">{escape(part.text)}</text>'


def _corners(mark: Mark) -> list[tuple[float, float]]:
    half = mark.size / 2
    if mark.shape == "square":
        shape = ((-half, -half), (half, -half), (half, half), (-half, half))
        return [(mark.x + a, mark.y + b) for a, b in shape]
    return [(mark.x + a, mark.y + b) for a, b in ((0, -half), (half, half), (-half, half))]


# --- PNG ----------------------------------------------------------------------------------


@lru_cache(maxsize=KEPT)
def png(figure: Figure) -> bytes:
    """A figure as a PNG on white."""
    from PIL import Image, ImageDraw

    size = (round(SHARP * figure.width), round(SHARP * figure.height))
    large = Image.new("RGB", (FINE * size[0], FINE * size[1]), "white")
    pen = ImageDraw.Draw(large)
    for part in figure.parts:
        if not isinstance(part, Label):
            _draw(pen, part, SHARP * FINE)
    picture = large.reduce(FINE)
    pen = ImageDraw.Draw(picture)
    for part in figure.parts:
        if isinstance(part, Label):
            _write(picture, pen, part)
    out = io.BytesIO()
    few = picture.quantize(PALETTE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "png", compress_level=3)
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, part: Line | Mark | Bar, scale: float) -> None:
    colour = COLOURS[part.colour]
    match part:
        case Line():
            width = max(1, round(scale * part.width))
            points = [(scale * x, scale * y) for x, y in part.points]
            for run in _dashed(points, [scale * length for length in part.dashes]):
                pen.line(run, colour, width, joint="curve" if len(run) > 2 else None)
        case Mark():
            x, y, half = scale * part.x, scale * part.y, scale * part.size / 2
            fill, width = colour if part.filled else None, max(1, round(1.3 * scale))
            if part.shape == "circle":
                pen.ellipse((x - half, y - half, x + half, y + half), fill, colour, width)
            else:
                corners = [(scale * a, scale * b) for a, b in _corners(part)]
                pen.polygon(corners, fill, colour, width)
        case Bar():
            x, y = scale * part.x, scale * part.y
            pen.rectangle((x, y, x + scale * part.width, y + scale * part.height), colour)


def _dashed(
    points: list[tuple[float, float]], dashes: list[float]
) -> list[list[tuple[float, float]]]:
    """The runs of a line that are drawn."""
    if not dashes:
        return [points]
    runs, run = list[list[tuple[float, float]]](), [points[0]]
    k, left = 0, dashes[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length, gone = math.hypot(to_x - x, to_y - y), 0.0
        while length - gone > left:
            gone += left
            at = (x + (to_x - x) * gone / length, y + (to_y - y) * gone / length)
            if k % 2 == 0:
                runs.append([*run, at])
            run, k = [at], k + 1
            left = dashes[k % len(dashes)]
        left -= length - gone
        run.append((to_x, to_y))
    return [*runs, run] if k % 2 == 0 else runs


def _write(picture: Image.Image, pen: ImageDraw.ImageDraw, label: Label) -> None:
    from PIL import Image, ImageDraw

    font, colour = _font(), COLOURS[label.colour]
    long = font.getlength(label.text)
    back = {"start": 0.0, "middle": long / 2, "end": long}[label.anchor]
    x, y = SHARP * label.x, SHARP * label.y
    if not label.turned:
        pen.text((x - back, y), label.text, colour, font, anchor="ls")
        return
    size = (math.ceil(long) + 2, math.ceil(2 * SHARP * FONT))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).text((1, 1.5 * SHARP * FONT), label.text, 255, font, anchor="ls")
    mask = mask.rotate(90, expand=True)
    at = (round(x - 1.5 * SHARP * FONT), round(y + back - size[0]))
    picture.paste(colour, (*at, at[0] + mask.width, at[1] + mask.height), mask)


@lru_cache(maxsize=1)
def _font() -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(SHARP * FONT)
