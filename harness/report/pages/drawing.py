"""Where the nodes and arrows of a graph stand: inputs above outputs, layer by layer.

Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11 (1981) 109: layers, an order within each by
barycentre, and points on the way for arrows that cross a layer.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx

from harness.records.program import Expression

BOX = 186.0
"""Width of a node in pixels."""
GAP = 26.0
LAYER = 58.0
"""Pixels between layers."""
LINE = 17.0
"""Height of a line of text in pixels."""
PASS = 30.0
"""Width that an arrow takes in a layer that it crosses."""
MARGIN = 14.0
SWEEPS = 8


@dataclass(frozen=True)
class Place:
    """A node's box: the middle of its upper edge, and its height."""

    x: float
    y: float
    height: float

    @property
    def left(self) -> float:
        """The left edge."""
        return self.x - BOX / 2


@dataclass(frozen=True)
class Arrow:
    """From an input to the node that uses it, as SVG paths."""

    node: int
    input: int
    forward: str
    backward: str


@dataclass(frozen=True)
class Layout:
    """A drawing's size, the place of each node, and the arrows."""

    width: float
    height: float
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]


def layout(program: Expression, lines: tuple[int, ...]) -> Layout:
    """Places the nodes of an expression.

    Args:
        program: whose nodes.
        lines: how many lines of text each node's box has.
    """
    layers, ways = _layers(program)
    for k in range(SWEEPS):
        _sort(layers, ways, downwards=k % 2 == 0)
    widths = [sum(_width(box) for box in layer) + GAP * (len(layer) - 1) for layer in layers]
    width = max(widths) + 2 * MARGIN
    points: dict[Hashable, tuple[float, float, float]] = {}
    y = MARGIN + 10.0
    for layer, own in zip(layers, widths, strict=True):
        x = (width - own) / 2
        tallest = max(_height(box, lines) for box in layer)
        for box in layer:
            points[box] = (x + _width(box) / 2, y, _height(box, lines) or tallest)
            x += _width(box) + GAP
        y += tallest + LAYER
    places = tuple(Place(*points[i]) for i in range(len(program.nodes)))
    arrows = tuple(_arrow(program, node, at, way, points) for node, at, way in ways)
    return Layout(width, y - LAYER + MARGIN, places, arrows)


Way = tuple[int, int, tuple[Hashable, ...]]
"""A node, which of its inputs, and what the arrow passes from the input to the node."""


def _layers(program: Expression) -> tuple[list[list[Hashable]], list[Way]]:
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(len(program.nodes)))
    graph.add_edges_from((i, n) for n, node in enumerate(program.nodes) for i in node.inputs)
    depth = {
        n: k for k, generation in enumerate(nx.topological_generations(graph)) for n in generation
    }
    for n in sorted(depth, key=lambda n: -depth[n]):
        above = [depth[m] for m in graph.successors(n)]
        if above:
            depth[n] = min(above) - 1
    layers: list[list[Hashable]] = [[] for _ in range(max(depth.values()) + 1)]
    for n in sorted(depth):
        layers[depth[n]].append(n)
    ways: list[Way] = []
    for n, node in enumerate(program.nodes):
        for at, i in enumerate(node.inputs):
            passed: list[Hashable] = [(n, at, k) for k in range(depth[i] + 1, depth[n])]
            for k, dummy in enumerate(passed):
                layers[depth[i] + 1 + k].append(dummy)
            ways.append((n, at, (i, *passed, n)))
    return layers, ways


def _sort(layers: list[list[Hashable]], ways: list[Way], *, downwards: bool) -> None:
    """Puts each thing of a layer below, or above, the middle of what it is joined to."""
    near: dict[Hashable, list[Hashable]] = {}
    for _, _, way in ways:
        for upper, lower in pairwise(way):
            here, there = (lower, upper) if downwards else (upper, lower)
            near.setdefault(here, []).append(there)
    for layer in layers if downwards else reversed(layers):
        place = {box: k / len(row) for row in layers for k, box in enumerate(row)}
        layer.sort(key=lambda box: _middle([place[n] for n in near.get(box, [])], place[box]))


def _middle(places: list[float], own: float) -> float:
    return sum(places) / len(places) if places else own


def _width(box: Hashable) -> float:
    return BOX if isinstance(box, int) else PASS


def _height(box: Hashable, lines: tuple[int, ...]) -> float:
    return LINE * lines[box] + 14.0 if isinstance(box, int) else 0.0


def _arrow(
    program: Expression,
    node: int,
    at: int,
    way: tuple[Hashable, ...],
    points: dict[Hashable, tuple[float, float, float]],
) -> Arrow:
    count = len(program.nodes[node].inputs)
    spread = (at - (count - 1) / 2) * 56.0  # x * x has two arrows, and both are evidence
    same = program.nodes[node].inputs.count(program.nodes[node].inputs[at]) > 1
    x, y, height = points[way[0]]
    start = (x + (spread if same else 0.0), y + height)
    through = [points[passed] for passed in way[1:-1]]
    end = (points[node][0] + spread, points[node][1])
    stops = [start]
    for x, y, height in through:
        stops += [(x, y), (x, y + height)]
    stops.append(end)
    left = [(x - 5.0, y) for x, y in stops]
    right = [(x + 5.0, y) for x, y in stops]
    return Arrow(node, program.nodes[node].inputs[at], _path(left), _path(right[::-1]))


def _path(stops: list[tuple[float, float]]) -> str:
    """A smooth curve through stops that leaves and enters each of them vertically."""
    x, y = stops[0]
    parts = [f"M{x:.1f} {y:.1f}"]
    for a, b in stops[1:]:
        bend = (y + b) / 2
        parts.append(f"C{x:.1f} {bend:.1f} {a:.1f} {bend:.1f} {a:.1f} {b:.1f}")
        x, y = a, b
    return " ".join(parts)
