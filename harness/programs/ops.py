"""The scalar operations that programs are made of: name, arity, spelling, value and domain.

Two n-ary operations, "sum" and "mean", stand only in the tapes by which tolerance.py bounds
the MLP; they are never generated and never shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 1e8
"""Generated values stay below it: far from overflow, yet past the reach of a clipped exp."""
SMALLEST = 1e-3
"""Operands of log, pow and relu stay this far from the pole or the kink at 0."""


@dataclass(frozen=True)
class Op:
    """One operation of the lecture's ag module."""

    name: str
    arity: int
    spelling: str
    """Python text; {0} and {1} stand for the operands, {constant} for the exponent."""
    evaluate: Callable[..., float]
    """Operands, then the exponent for pow; plain float64."""
    domain: Callable[..., bool]
    """Whether generated operands are well inside the domain."""


def _relu(x: float) -> float:
    return x if x > 0.0 else 0.0


def _power_is_tame(x: float, exponent: float) -> bool:
    if abs(x) < SMALLEST or (x < 0.0 and exponent != int(exponent)):
        return False
    return abs(exponent * math.log(abs(x))) < math.log(LARGEST)


OPS: dict[str, Op] = {
    op.name: op
    for op in (
        Op("add", 2, "{0} + {1}", lambda x, y: x + y, lambda x, y: True),
        Op("mul", 2, "{0} * {1}", lambda x, y: x * y, lambda x, y: True),
        Op("pow", 1, "{0} ** {constant}", math.pow, _power_is_tame),
        Op("exp", 1, "ag.exp({0})", math.exp, lambda x: -12.0 <= x < math.log(LARGEST)),
        Op("log", 1, "ag.log({0})", math.log, lambda x: x > SMALLEST),
        Op("relu", 1, "ag.relu({0})", _relu, lambda x: abs(x) > SMALLEST),
    )
}


def evaluate(op: str, operands: tuple[float, ...], constant: float | int | None) -> float:
    """The float64 value of one node.

    Raises:
        ValueError, OverflowError, ZeroDivisionError: where Python's own arithmetic does.
    """
    match op:
        case "leaf":
            return float(constant or 0.0)
        case "sum":
            return math.fsum(operands)
        case "mean":
            return math.fsum(operands) / len(operands)
        case "pow":
            assert constant is not None, "a pow has an exponent"
            return OPS[op].evaluate(operands[0], constant)
    return OPS[op].evaluate(*operands)
