"""Programs of one operation: alone, inside, used twice, under others, and at 0, 1 and -1."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from harness.assignments.engine.landmarks import programs_at
from harness.programs.generate import Dice
from harness.programs.ops import OPS, SMALLEST, evaluate
from harness.records.program import Apply, Backward, Expression, Program

TRIES = 200
"""Draws of operands before an operation counts as one without operands of that kind."""
NUMBERS = (3, -1.5, 2.0)
"""Plain numbers beside a node; those that are not whole are left out where they are refused."""
EXPONENTS = (2, 3, -1, 0.5, -2, 1.5)
SURROUNDED = 2
"""Operands that are put into every place of a graph; others stand alone and under a product."""
SIGNS = ((1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0))
RANGES = ((0.6, 3.0), (0.05, 0.5), (3.0, 7.5))
"""How large operands are, drawn with either sign: what lies outside a domain is left out."""


@lru_cache(maxsize=128)
def programs_of(op: str, seed: str) -> tuple[Program, ...]:
    """Every program of one operation, the simplest first.

    Args:
        op: a name of ops.OPS.
        seed: decides the operands.
    """
    dice = Dice(f"{seed}/{op}")
    programs: list[Program] = []
    for constant in _constants(op):
        for place, operands in enumerate(_operands(op, constant, dice)):
            programs += _alone(op, operands, constant)
            if place < (SURROUNDED if constant is None else 1):
                programs += _inner(op, operands, constant, dice)
    programs += programs_at(op, Dice(f"{seed}/{op}/landmarks"))
    return tuple(dict.fromkeys(programs))


def _constants(op: str) -> tuple[float | int | None, ...]:
    if OPS[op].number is None:
        return (None,)
    return EXPONENTS if op == "pow" else NUMBERS


def _operands(op: str, constant: float | None, dice: Dice) -> Iterator[tuple[float, ...]]:
    """Operands of every sign and size that lie in the domain; fewer beside each of many numbers."""
    arity = OPS[op].arity or 3
    pairs = [(signs, r) for r in RANGES for signs in SIGNS]
    for signs, (low, high) in pairs if constant is None else pairs[:2]:
        if arity == 1 and signs[1] < 0:
            continue
        for _ in range(TRIES):
            drawn = tuple(round(dice.real(low, high) * signs[i % 2], 3) for i in range(arity))
            if _inside(op, drawn, constant):
                yield drawn
                break


def _inside(op: str, operands: tuple[float, ...], constant: float | None) -> bool:
    extra = () if constant is None else (constant,)
    return bool(OPS[op].domain(*operands, *extra))


def _alone(op: str, operands: tuple[float, ...], constant: float | None) -> Iterator[Program]:
    """An operation alone, on one operand twice, used twice, and with a gradient from above."""
    count = len(operands)
    node = Apply(op, tuple(range(count)), constant)
    yield Expression(operands, (node, Backward(count)))
    above = "add" if op == "add" else "mul"  # what is first judged makes no use of any other
    yield Expression(operands, (node, Apply(above, (count, count)), Backward(count + 1)))
    if count == 2 and _inside(op, (operands[0],) * 2, constant):
        yield Expression(operands[:1], (Apply(op, (0, 0), constant), Backward(1)))


def _inner(
    op: str, operands: tuple[float, ...], constant: float | None, dice: Dice
) -> Iterator[Program]:
    """The operation used twice, and on a product and a sum with the values of its operands."""
    count = len(operands)
    node = Apply(op, tuple(range(count)), constant)
    yield Expression(operands, (node, node, Apply("add", (count, count + 1)), Backward(count + 2)))
    for made, place in (("mul", 0), ("add", count - 1))[op == "add" :]:
        other = round(dice.real(0.5, 1.5), 3)
        wanted = operands[place]
        first = round(wanted / other, 3) if made == "mul" else round(wanted - other, 3)
        value = evaluate(made, (first, other), None)
        inputs = [value if i == place else x for i, x in enumerate(operands)]
        if abs(value) < SMALLEST or not _inside(op, tuple(inputs), constant):
            continue
        leaves = (first, other, *(x for i, x in enumerate(operands) if i != place))
        inner = len(leaves)
        rest = iter(range(2, inner))
        nodes = tuple(inner if i == place else next(rest) for i in range(count))
        steps = (Apply(made, (0, 1)), Apply(op, nodes, constant), Backward(inner + 1))
        yield Expression(leaves, steps)
        # The inner node is used once more above: its gradient comes from two sides.
        both = (*steps[:2], Apply("add", (inner, inner + 1)), Backward(inner + 2))
        yield Expression(leaves, both)
