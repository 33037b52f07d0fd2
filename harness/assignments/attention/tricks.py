"""Each function that the lecture builds attention from, alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from harness.assignments.attention.draw import ALONE, LARGE, laid
from harness.authoring import Array, Call, Draw


def kept(draw: Draw, way: int, line: str, **returned: Array) -> Call:
    """A call of one function that must leave its arguments as they are."""
    return draw.run(*laid(draw, way), line, **returned, **draw.inputs)


def keys(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
    """Each word times W2."""
    x, w = draw.array("X", n, context, features), draw.array("W2", features, reduced)
    return kept(draw, way, "keys = Keys(X, W2)", keys=x @ w)


def queries(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
    """The last word of each context times W1."""
    x, w = draw.array("X", n, context, features), draw.array("W1", features, reduced)
    return kept(draw, way, "q = queries(X, W1)", q=x[:, -1] @ w)


def scores(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
    """Each key times its sample's query."""
    keys, q = draw.array("keys", n, context, reduced), draw.array("q", n, reduced)
    products = (keys * q[:, None]).sum(2)
    return kept(draw, way, "Kq = scores(keys, q)", Kq=products)


BOTH = np.array(((1.0, -1.0, 1.0), (-1.0, 1.0, 1.0), (-1.0, -1.0, -1.0)))
SIGNS = dict(zip(LARGE, (np.ones((3, 3)), -np.ones((3, 3)), BOTH), strict=True))
"""Signs of the large scores. Where they differ within a row, so do the scores by more than exp can
take, and nothing but the largest will do to be taken off; beside the largest of another row, all
of the last vanish."""
SCORES = (*ALONE, *((3, 3, 1, 1, way) for way in LARGE))


def softmax(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
    """The softmax of scores, then of such as overflow exp, and of such as all vanish."""
    kq = draw.numbers(n, context)
    if way in LARGE:
        signs = SIGNS[way][:n, :context]
        kq = draw.numbers(n, context, low=1200.0, high=1900.0) * signs
    return kept(draw, way, "p = softmaxKq(Kq)", p=draw.given("Kq", kq).softmax(1))


def diagonal(p: Array) -> Array:
    """Each row on the diagonal of a matrix."""
    return p[:, None] * np.eye(p.shape[1])


def outer(p: Array) -> Array:
    """The outer product of each row with itself."""
    return p[:, None] * p[:, :, None]


def jacobian(p: Array) -> Array:
    """The diagonal matrix minus the outer product."""
    return diagonal(p) - outer(p)


def matrix(name: str, function: str, of: Callable[[Array], Array]) -> Callable[..., Call]:
    """A program for a function that makes a matrix of each sample's softmax."""

    def make(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
        drawn = draw.numbers(n, context, low=0.1, high=1.0)
        p = draw.given("p", np.round(drawn / drawn.sum(1, keepdims=True), 4))  # it sums to 1
        return kept(draw, way, f"{name} = {function}(p)", **{name: of(p)})

    return make


def moved(draw: Draw, n: int, context: int, features: int, reduced: int, way: int) -> Call:
    """X with its last two axes swapped, times D."""
    x, matrix = draw.array("X", n, context, features), draw.array("D", n, context, context)
    turned = x.transpose(0, 2, 1) @ matrix
    return kept(draw, way, "a = A(X, D)", a=turned)
