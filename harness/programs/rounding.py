"""The rounding bound of each operation: how far its value and its derivatives may be from exact.

A bound takes a node's float64 value, its operands, the radius of each operand and the constant;
it gives the radius of the value, for each operand the local derivative with its radius, and
whether the node is decided: no kink and no edge of a domain lies within reach.

In what follows x is a float within error of the exact operand, and an engine's own operand is
within error of the exact one too: so both are looked for within 2 * error of x. Each bound covers
the usual ways to write its operation; docs/concepts/tolerance.md lists them.

Source: running error analysis, Higham, Accuracy and Stability of Numerical Algorithms (2002),
section 3.3; any-order sums, Jeannerod and Rump, SIAM J. Matrix Anal. Appl. 34 (2013) 338.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

U = 2.0**-53
"""Unit roundoff of float64."""
TINY = 2.3e-308
"""What flush-to-zero may take from any result: the smallest normal float64, rounded up."""
ETA = 13 * U
"""Relative error that any one operation may have, 1.44e-15: an error of 1e-15 shall accuse nobody,
and the float64 factor 1 + 1e-15 is 1 + 10 U. The other three are roundings: of the product with
that factor, and two of a quotient like g * (1 / x) or of a library's function within an ulp."""

Derivative = tuple[float, float]
"""A local derivative and its radius."""
Bound = tuple[float, list[Derivative], bool]
"""The radius of the value, the derivative by each operand, and whether all is decided."""
Rule = Callable[[float, Sequence[float], Sequence[float], float | None], Bound]
"""Value, operands, their radii and the constant to a bound."""


def eta_exp(x: float) -> float:
    """Relative error of exp: 1.6 ulp measured for XLA; e**x adds the error of e times |x|."""
    return ETA + abs(x) * U


def eta_pow(exponent: float, x: float) -> float:
    """Relative error of x**exponent, repeated multiplication and exp(p log x) included."""
    logarithm = abs(exponent * math.log(abs(x))) if x else 0.0
    return ETA + (abs(exponent) + 3 * logarithm) * U


def added(*signs: float) -> Rule:
    """The rule of a sum of two operands with those signs."""

    def rule(
        value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
    ) -> Bound:
        error = sum(errors)
        return error + ETA * (abs(value) + error), [(sign, 0.0) for sign in signs], True

    return rule


def negated(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """-x, or x * -1: exact either way."""
    return errors[0], [(-1.0, 0.0)], True


def multiplied(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """X * y."""
    (x, y), (ex, ey) = operands, errors
    error = abs(x) * ey + abs(y) * ex + 3 * ex * ey
    return error + ETA * (abs(value) + error) + TINY, [(y, ey), (x, ex)], True


def divided(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """X / y, or x * y**-1; the derivative by y as -x / y**2, -x * y**-2 or -out / y."""
    (x, y), (ex, ey) = operands, errors
    low = abs(y) - 2 * ey
    if low <= TINY:
        return math.inf, [(1.0 / y, math.inf), (-x / y / y, math.inf)], False
    most = abs(x) + 2 * ex
    error = (ex + most / low * ey) / low
    error += (eta_pow(-1, y) + ETA) * (abs(value) + error) + TINY
    by_x, by_y = 1.0 / y, -x / y / y
    spread_x = ey / (low * low)
    spread_x += eta_pow(-1, y) * (abs(by_x) + spread_x) + TINY
    spread_y = (ex + 2 * most / low * ey) / (low * low)
    spread_y += (eta_pow(-2, y) + 2 * ETA) * (abs(by_y) + spread_y) + TINY
    return error, [(by_x, spread_x), (by_y, spread_y)], True


def summed(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """A sum of any number of operands in any order."""
    # Who starts from 0 adds n times, and a gradient passes all of these additions.
    n, error, size = len(operands), sum(errors), sum(map(abs, operands))
    return error + n * ETA * (size + error), [(1.0, n * ETA)] * n, True


def averaged(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """A mean of any number of operands in any order."""
    # The factor 1 / n may be a power -1, and multiplying by it is an operation too.
    n, error, size = len(operands), sum(errors), sum(map(abs, operands))
    error += (n + 3) * ETA * (size + error)
    return error / n, [(1.0 / n, (n + 3) * ETA / n)] * n, True


def exponential(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """exp(x), its derivative reused or computed again."""
    (x,), (error,) = operands, errors
    if error > 300.0:
        return math.inf, [(value, math.inf)], False
    bound = value * math.exp(error) * math.expm1(error)
    bound += eta_exp(abs(x) + 2 * error) * (value + bound) + TINY
    return bound, [(value, bound)], True


def logarithm(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """log(x)."""
    (x,), (error,) = operands, errors
    low = x - 2 * error
    if low <= TINY:
        return math.inf, [(1 / x, math.inf)], False
    bound = -math.log1p(-error / (x - error))
    bound += ETA * (abs(value) + bound)
    return bound, [(1 / x, error / (low * low))], True


def rectified(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """relu(x)."""
    (x,), (error,) = operands, errors
    if x - 2 * error > 0.0:
        return error + ETA * (x + error), [(1.0, 0.0)], True
    if x + 2 * error < 0.0:
        return 0.0, [(0.0, 0.0)], True
    return error + ETA * (abs(x) + error), [(1.0 if x > 0.0 else 0.0, 1.0)], False


def absolute(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """|x|, or relu(x) + relu(-x)."""
    (x,), (error,) = operands, errors
    sign = math.copysign(1.0, x)
    decided = abs(x) > 2 * error
    return error + ETA * (value + error), [(sign, 0.0 if decided else 2.0)], decided


def extreme(larger: bool) -> Rule:
    """The rule of max(x, y), or of min(x, y): the derivative goes to the operand that is taken."""

    def rule(
        value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
    ) -> Bound:
        (x, y), (ex, ey) = operands, errors
        decided = abs(x - y) > 2 * (ex + ey)
        first = (x > y) is larger
        taken = ex if first else ey
        error = taken if decided else ex + ey
        spread = 0.0 if decided else 1.0
        error += ETA * (abs(value) + error)
        return error, [(float(first), spread), (float(not first), spread)], decided

    return rule


def raised(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """X ** p for a number p."""
    assert constant is not None, "a pow has an exponent"
    (x,), (error,), p = operands, errors, constant
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


def raised_to_node(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """X ** y for x > 0, both nodes: y x**(y-1) or y out / x, and out log x."""
    (x, y), (ex, ey) = operands, errors
    low = x - 2 * ex
    if low <= TINY:
        return math.inf, [(0.0, math.inf), (0.0, math.inf)], False
    log_x = math.log(x)
    off = (abs(log_x) + 2 * ex / low) * ey + (abs(y) + 2 * ey) * ex / low
    if off > 300.0:
        return math.inf, [(0.0, math.inf), (0.0, math.inf)], False
    eta = max(eta_pow(y, x), eta_pow(y - 1, x)) + 3 * ETA
    bound = value * math.exp(off) * math.expm1(off)
    bound += eta * (value + bound) + TINY
    by_x, by_y = y * value / x, value * log_x
    spread_x = ((abs(y) + 2 * ey) * (bound + (value + bound) * ex / low) + value * ey) / low
    spread_x += eta * (abs(by_x) + spread_x) + TINY
    spread_y = bound * abs(log_x) + (value + bound) * (ex / low + ETA * abs(log_x))
    spread_y += ETA * (abs(by_y) + spread_y) + TINY
    return bound, [(by_x, spread_x), (by_y, spread_y)], True


def rooted(
    value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
) -> Bound:
    """sqrt(x), or x ** 0.5."""
    return raised(value, operands, errors, 0.5)


def smooth(
    derivative: Callable[[float, float], float],
    curve: float,
    eta: Callable[[float], float],
) -> Rule:
    """The rule of a function of one operand that is bounded with its first two derivatives.

    Args:
        derivative: operand and value to the derivative.
        curve: what the second derivative never exceeds.
        eta: operand to the absolute error of the value in any usual form, input exact; the
            derivative, computed from such values, may be off by three times that.
    """

    def rule(
        value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
    ) -> Bound:
        (x,), (error,) = operands, errors
        slope = derivative(x, value)
        bound = (abs(slope) + 2 * error * curve) * error + eta(x)
        return bound, [(slope, curve * error + 3 * eta(x))], True

    return rule


def with_number(rule: Rule, place: int) -> Rule:
    """The rule of a binary operation one of whose operands is the constant, which is exact.

    Args:
        rule: that of the operation.
        place: which operand the constant is: 0 on the left, 1 on the right.
    """

    def one_operand(
        value: float, operands: Sequence[float], errors: Sequence[float], constant: float | None
    ) -> Bound:
        assert constant is not None, "the number is the constant"
        both, radii = [operands[0]] * 2, [errors[0]] * 2
        both[place], radii[place] = constant, 0.0
        bound, derivatives, decided = rule(value, both, radii, None)
        return bound, [derivatives[1 - place]], decided

    return one_operand
