"""How far two right answers may differ, node by node: a running error bound.

For every node the bound gives a radius e such that each admissible float64 evaluation lies
within e of the exact real number; so two right implementations differ by at most 2 e, and 2 e
is the line beyond which a number is called wrong. Admissible means: the value of every operation
and every product of an upstream gradient with a derivative off by a relative 1e-15, fused
multiply-add, flush to zero, gradient sums in any order, p * x**(p-1) or p * out / x, g / x or
g * (1 / x), exp reused or recomputed or as e**x, integer powers by repeated multiplication, and
exp(p * log x). docs/concepts/tolerance.md has the argument.

Source: running error analysis, Higham, Accuracy and Stability of Numerical Algorithms (2002),
section 3.3; any-order sums, Jeannerod and Rump, SIAM J. Matrix Anal. Appl. 34 (2013) 338.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.programs import ops
from harness.programs.rounding import ETA, TINY, U
from harness.records.program import Expression

SLOP = 1.0 + 1e-9
"""Covers the rounding of the bound itself, and products of two etas: both are far below it."""
Edge = tuple[int, float, float]
"""An input, the local derivative by it, and the radius of that derivative."""


@dataclass(frozen=True)
class Radii:
    """The bound for one expression."""

    values: tuple[float, ...]
    """A float64 value for each node."""
    value_radius: tuple[float, ...]
    grads: tuple[tuple[int, tuple[float, ...], tuple[float, ...]], ...]
    """For each backward(): its step, a float64 gradient for each node, and its radius."""
    decided: bool
    """False where a kink or the edge of a domain lies inside a radius."""

    edges: tuple[tuple[Edge, ...], ...] = ()
    """For each node its edges."""

    def grad_radius(self, step: int) -> tuple[float, ...]:
        """The radius of each node's gradient after the backward() at that step."""
        return next(radius for at, _, radius in self.grads if at == step)


@lru_cache(maxsize=8192)
def radii(program: Expression) -> Radii:
    """Bounds every value, and every gradient of every backward(), of an expression.

    Where a node's own arithmetic stops, its value is nan and its radius has no end.
    """
    values = [float(leaf or 0.0) for leaf in program.leaves]  # a leaf is what it is
    errors = [0.0] * len(values)
    edges: list[tuple[Edge, ...]] = [()] * len(values)
    decided = True
    for node in program.nodes[len(values) :]:
        operands = [values[i] for i in node.inputs]
        radius = [errors[i] for i in node.inputs]
        try:
            value = ops.evaluate(node.op, operands, node.constant)
            error, derivatives, sure = ops.OPS[node.op].bound(
                value, operands, radius, node.constant
            )
        except (ArithmeticError, ValueError):
            value, error, sure = math.nan, math.inf, False
            derivatives = [(math.nan, math.inf)] * len(operands)
        decided &= sure and math.isfinite(error)
        values.append(value)
        errors.append(error * SLOP if error == error else math.inf)
        edges.append(tuple([(i, *d) for i, d in zip(node.inputs, derivatives, strict=True)]))
    grads = tuple((step, *_backward(edges, root)) for step, root in program.backwards)
    return Radii(tuple(values), tuple(errors), grads, decided, tuple(edges))


def added_to(
    program: Expression, root: int, start: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Each node's gradient and its radius where a backward() adds to what every node has.

    The root's becomes 1.0, as in the lecture; what an inner node had is handed on once more.

    Args:
        program: an expression.
        root: the node on which backward() is called.
        start: what each node has before, taken as exact.
    """
    return _backward(radii(program).edges, root, start)


def _backward(
    edges: Sequence[tuple[Edge, ...]], root: int, start: tuple[float, ...] = ()
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Each node's gradient of the root and its radius, in reverse topological order."""
    count = len(edges)
    grads, bounds, reached = list(start) or [0.0] * count, [0.0] * count, [False] * count
    grads[root], reached[root] = 1.0, True
    sizes, terms = [abs(grad) for grad in grads], [int(grad != 0.0) for grad in grads]
    for k in range(root, -1, -1):
        if terms[k] > 1:
            bounds[k] += (terms[k] - 1) * U * sizes[k]
        bounds[k] *= SLOP
        if not reached[k]:
            continue
        for i, derivative, spread in edges[k]:
            term = grads[k] * derivative
            if derivative == 0.0 and spread == 0.0:
                error = 0.0
            else:
                error = abs(grads[k]) * spread + bounds[k] * (abs(derivative) + 3 * spread)
                error += ETA * (abs(term) + error)
            if spread or abs(derivative) not in (0.0, 1.0):
                error += TINY
            error = error if error == error else math.inf
            grads[i] += term
            bounds[i] += error
            sizes[i] += abs(term) + error
            terms[i] += 1
            reached[i] = True
    return tuple(grads), tuple(bounds)
