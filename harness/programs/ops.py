"""The scalar operations that programs are made of: one entry each, and nothing elsewhere.

An entry says how an operation is written, its value, where it is well defined, its rounding bound,
and the function of PyTorch and JAX that computes it. To add an operation is to add its entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.programs import rounding
from harness.programs.rounding import ETA, Rule, eta_exp

LARGEST = 1e8
"""Generated values stay below it: far from overflow, yet past the reach of a clipped exp."""
SMALLEST = 1e-3
"""Operands stay this far from a pole or a kink."""
FAR = 8.0
"""Operands of tanh, sigmoid, sin and cos stay below it, so that their derivatives can be told."""


@dataclass(frozen=True)
class Op:
    """One operation; an operation with a number beside its node has a constant."""

    name: str
    arity: int
    """How many nodes it takes; 0 for any number of them."""
    spelling: str
    """Python text where a dialect has no other; {0} and {1} stand for the operands, {constant}
    for the number, {all} for any number of operands."""
    evaluate: Callable[..., float]
    """Operands, then the constant where there is one; plain float64."""
    domain: Callable[..., bool]
    """Whether generated operands, then the constant, are well inside the domain."""
    bound: Rule
    """How far its value and its derivatives may be from the exact ones."""
    array: str
    """What PyTorch and JAX call it: in torch, in jax.numpy or in jax.nn."""
    number: int | None = None
    """Which operand of that function the constant is, 0 or 1; None where there is no constant."""
    weight: int = 2
    """How often it is drawn, beside the others."""


def _everywhere(*operands: float) -> bool:
    return True


def _relu(x: float) -> float:
    return x if x > 0.0 else 0.0


def _power_is_tame(x: float, exponent: float) -> bool:
    if abs(x) < SMALLEST or (x < 0.0 and exponent != int(exponent)):
        return False
    return abs(exponent * math.log(abs(x))) < math.log(LARGEST)


def _node_power_is_tame(x: float, y: float) -> bool:
    return x > SMALLEST and _power_is_tame(x, y)


def _quotient_is_tame(x: float, y: float) -> bool:
    return abs(y) > SMALLEST


def _near(x: float) -> bool:
    return abs(x) < FAR


def _apart(x: float, y: float) -> bool:
    return abs(x - y) > SMALLEST


def _sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def _mean(*operands: float) -> float:
    return math.fsum(operands) / len(operands)


def _total(*operands: float) -> float:
    return math.fsum(operands)


_ADDED = (lambda x, y: x + y, _everywhere, rounding.added(1.0, 1.0))
_MULTIPLIED = (lambda x, y: x * y, _everywhere, rounding.multiplied)
_RECTIFIED = (_relu, lambda x: abs(x) > SMALLEST, rounding.rectified)
_DIVIDED = (lambda x, y: x / y, _quotient_is_tame, rounding.divided)
_SUBTRACTED = (lambda x, y: x - y, _everywhere, rounding.added(1.0, -1.0))
_TO_NODE = (math.pow, _node_power_is_tame, rounding.raised_to_node)
_SINE = rounding.smooth(lambda x, out: math.cos(x), 1.0, lambda x: ETA)
_COSINE = rounding.smooth(lambda x, out: -math.sin(x), 1.0, lambda x: ETA)
# (e^2x - 1) / (e^2x + 1), (e^x - e^-x) / (e^x + e^-x) and 2 sigmoid(2x) - 1 lose absolute digits.
_TANH = rounding.smooth(lambda x, out: 1 - out * out, 0.77, lambda x: 2 * eta_exp(2 * x) + 3 * ETA)
_SIGMOID = rounding.smooth(lambda x, out: out * (1 - out), 0.1, lambda x: eta_exp(x) + 3 * ETA)

BASE = (
    Op(
        "add",
        2,
        "{0} + {1}",
        lambda x, y: x + y,
        _everywhere,
        rounding.added(1.0, 1.0),
        "add",
        weight=5,
    ),
    Op(
        "mul",
        2,
        "{0} * {1}",
        lambda x, y: x * y,
        _everywhere,
        rounding.multiplied,
        "multiply",
        weight=5,
    ),
    Op("pow", 1, "{0} ** {constant}", math.pow, _power_is_tame, rounding.raised, "pow", 1, 3),
    Op(
        *("exp", 1, "{0}.exp()", math.exp),
        *(lambda x: -12.0 <= x < math.log(LARGEST), rounding.exponential, "exp"),
    ),
    Op("log", 1, "{0}.log()", math.log, lambda x: x > SMALLEST, rounding.logarithm, "log"),
    Op(
        "relu",
        1,
        "{0}.relu()",
        _relu,
        lambda x: abs(x) > SMALLEST,
        rounding.rectified,
        "relu",
        weight=3,
    ),
    Op("sub", 2, "{0} - {1}", *_SUBTRACTED, "subtract"),
    Op("neg", 1, "-{0}", lambda x: -x, _everywhere, rounding.negated, "negative"),
    Op("div", 2, "{0} / {1}", *_DIVIDED, "divide"),
    Op("tanh", 1, "{0}.tanh()", math.tanh, _near, _TANH, "tanh"),
    Op("sigmoid", 1, "{0}.sigmoid()", _sigmoid, _near, _SIGMOID, "sigmoid"),
    Op("sqrt", 1, "{0}.sqrt()", math.sqrt, lambda x: x > SMALLEST, rounding.rooted, "sqrt"),
    Op("sin", 1, "{0}.sin()", math.sin, _near, _SINE, "sin"),
    Op("cos", 1, "{0}.cos()", math.cos, _near, _COSINE, "cos"),
    Op("abs", 1, "abs({0})", abs, lambda x: abs(x) > SMALLEST, rounding.absolute, "abs"),
    Op("max", 2, "max({0}, {1})", max, _apart, rounding.extreme(larger=True), "maximum"),
    Op("min", 2, "min({0}, {1})", min, _apart, rounding.extreme(larger=False), "minimum"),
    Op("pow_node", 2, "{0} ** {1}", *_TO_NODE, "pow"),
)
"""Operations whose operands are nodes; a pow has a number for its exponent."""


def _beside_number(op: Op, place: int) -> Op:
    """A binary operation with a number in the place of one of its nodes."""
    name = f"{op.name}_number" if place else f"number_{op.name.removesuffix('_node')}"
    left, right = ("{0}", "{constant}") if place else ("{constant}", "{0}")

    def ordered(x: float, number: float) -> tuple[float, float]:
        return (x, number) if place else (number, x)

    return Op(
        name,
        1,
        op.spelling.format(left, right),
        lambda x, number: op.evaluate(*ordered(x, number)),
        lambda x, number: op.domain(*ordered(x, number)),
        rounding.with_number(op.bound, place),
        op.array,
        place,
    )


_TWO_SIDED = tuple(op for op in BASE if op.name in ("add", "mul", "sub", "div"))
_FROM_NUMBER = tuple(op for op in BASE if op.name == "pow_node")

OPS: dict[str, Op] = {
    op.name: op
    for op in (
        *BASE,
        *(_beside_number(op, place) for op in _TWO_SIDED for place in (1, 0)),
        *(_beside_number(op, 0) for op in _FROM_NUMBER),
        Op("sum", 0, "sum([{all}])", _total, _everywhere, rounding.summed, "sum"),
        Op("mean", 0, "mean([{all}])", _mean, _everywhere, rounding.averaged, "mean"),
    )
}
"""Every operation by its name; "mean" stands only in tapes, by which sums of arrays are bounded."""


def evaluate(op: str, operands: Sequence[float], constant: float | int | None) -> float:
    """The float64 value of one node.

    Raises:
        ValueError, OverflowError, ZeroDivisionError: where Python's own arithmetic does.
    """
    if op == "leaf":
        return float(constant or 0.0)
    entry = OPS[op]
    if entry.number is None:
        return float(entry.evaluate(*operands))
    assert constant is not None, f"{op} has a number beside its node"
    return float(entry.evaluate(*operands, constant))
