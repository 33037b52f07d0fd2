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
from dataclasses import dataclass
from functools import lru_cache

from harness.programs import ops
from harness.records.program import Apply, Expression

U = 2.0**-53
"""Unit roundoff of float64."""
TINY = 2.3e-308
"""What flush-to-zero may take from any result: the smallest normal float64, rounded up."""
SLOP = 1.0 + 1e-9
"""Covers the rounding of the bound itself, and products of two etas: both are far below it."""
ETA = 13 * U
"""Relative error that any one operation may have, 1.44e-15: an error of 1e-15 shall accuse nobody,
and the float64 factor 1 + 1e-15 is 1 + 10 U. The other three are roundings: of the product with
that factor, and two of a quotient like g * (1 / x) or of a library's function within an ulp."""

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

    def grad_radius(self, step: int) -> tuple[float, ...]:
        """The radius of each node's gradient after the backward() at that step."""
        return next(radius for at, _, radius in self.grads if at == step)


def eta_exp(x: float) -> float:
    """Relative error of exp: 1.6 ulp measured for XLA; e**x adds the error of e times |x|."""
    return ETA + abs(x) * U


def eta_pow(exponent: float, x: float) -> float:
    """Relative error of x**exponent, repeated multiplication and exp(p log x) included."""
    logarithm = abs(exponent * math.log(abs(x))) if x else 0.0
    return ETA + (abs(exponent) + 3 * logarithm) * U


@lru_cache(maxsize=8192)
def radii(program: Expression) -> Radii:
    """Bounds every value, and every gradient of every backward(), of an expression."""
    values: list[float] = []
    errors: list[float] = []
    edges: list[tuple[Edge, ...]] = []
    decided = True
    for node in program.nodes:
        operands = tuple(values[i] for i in node.inputs)
        value = ops.evaluate(node.op, operands, node.constant)
        error, derivatives, sure = _forward(node, value, operands, [errors[i] for i in node.inputs])
        decided &= sure and math.isfinite(error)
        values.append(value)
        errors.append(error * SLOP if error == error else math.inf)
        edges.append(tuple((i, *d) for i, d in zip(node.inputs, derivatives, strict=True)))
    grads = tuple((step, *_backward(edges, root)) for step, root in program.backwards)
    return Radii(tuple(values), tuple(errors), grads, decided)


def _forward(
    node: Apply, value: float, operands: tuple[float, ...], errors: list[float]
) -> tuple[float, list[tuple[float, float]], bool]:
    """The radius of a node's value, each (derivative, radius), and whether all is decided."""
    match node.op:
        case "leaf":
            return 0.0, [], True
        case "add":
            error = sum(errors)
            return error + ETA * (abs(value) + error), [(1.0, 0.0)] * 2, True
        case "mul":
            (x, y), (ex, ey) = operands, errors
            error = abs(x) * ey + abs(y) * ex + 3 * ex * ey
            return error + ETA * (abs(value) + error) + TINY, [(y, ey), (x, ex)], True
        case "sum":
            # Who starts from 0 adds n times, and a gradient passes all of these additions.
            n, error, size = len(operands), sum(errors), sum(map(abs, operands))
            return error + n * ETA * (size + error), [(1.0, n * ETA)] * n, True
        case "mean":
            # The factor 1 / n may be a power -1, and multiplying by it is an operation too.
            n, error, size = len(operands), sum(errors), sum(map(abs, operands))
            error += (n + 3) * ETA * (size + error)
            return error / n, [(1.0 / n, (n + 3) * ETA / n)] * n, True
        case "exp":
            return _exp(value, operands[0], errors[0])
        case "log":
            return _log(value, operands[0], errors[0])
        case "relu":
            return _relu(operands[0], errors[0])
    assert node.op == "pow", f"no bound is known for the operation {node.op}"
    assert node.constant is not None, "a pow has an exponent"
    return _pow(value, operands[0], errors[0], node.constant)


# In what follows x is a float within error of the exact operand, and an engine's own operand is
# within error of the exact one too: so both are looked for within 2 * error of x.


def _exp(value: float, x: float, error: float) -> tuple[float, list[tuple[float, float]], bool]:
    if error > 300.0:
        return math.inf, [(value, math.inf)], False
    bound = value * math.exp(error) * math.expm1(error)
    bound += eta_exp(abs(x) + 2 * error) * (value + bound) + TINY
    return bound, [(value, bound)], True


def _log(value: float, x: float, error: float) -> tuple[float, list[tuple[float, float]], bool]:
    low = x - 2 * error
    if low <= TINY:
        return math.inf, [(1 / x, math.inf)], False
    bound = -math.log1p(-error / (x - error))
    bound += ETA * (abs(value) + bound)
    return bound, [(1 / x, error / (low * low))], True


def _relu(x: float, error: float) -> tuple[float, list[tuple[float, float]], bool]:
    if x - 2 * error > 0.0:
        return error + ETA * (x + error), [(1.0, 0.0)], True
    if x + 2 * error < 0.0:
        return 0.0, [(0.0, 0.0)], True
    return error + ETA * (abs(x) + error), [(1.0 if x > 0.0 else 0.0, 1.0)], False


def _pow(
    value: float, x: float, error: float, p: float
) -> tuple[float, list[tuple[float, float]], bool]:
    if p == 0:
        return ETA, [(0.0, 0.0)], True
    low, high = abs(x) - 2 * error, abs(x) + 2 * error
    whole = p == int(p)
    if (low <= TINY and not (whole and p >= 1)) or (x < 0.0 and not whole):
        return math.inf, [(0.0, math.inf)], False
    bound = abs(p) * (high if p >= 1 else low) ** (p - 1) * error
    bound += eta_pow(p, x) * (abs(value) + bound) + TINY
    derivative = p * x ** (p - 1)
    spread = abs(p * (p - 1)) * (high if p >= 2 else low) ** (p - 2) * error if p != 1 else 0.0
    # p * out / x inherits no more than p * x**(p-1): out was computed from that very x.
    eta = max(eta_pow(p - 1, x), eta_pow(p, x)) + 2 * U
    spread += eta * (abs(derivative) + spread) + TINY
    return bound, [(derivative, spread)], True


def _backward(
    edges: list[tuple[Edge, ...]], root: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Each node's gradient of the root and its radius, in reverse topological order."""
    count = len(edges)
    grads, bounds, sizes, terms = [0.0] * count, [0.0] * count, [0.0] * count, [0] * count
    grads[root], terms[root] = 1.0, 1
    for k in range(root, -1, -1):
        if terms[k] > 1:
            bounds[k] += (terms[k] - 1) * U * sizes[k]
        bounds[k] *= SLOP
        if not terms[k]:
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
    return tuple(grads), tuple(bounds)
