"""Programs of one operation at 0, 1 and -1, where a shortcut may drop a node or its gradient."""

from __future__ import annotations

from collections.abc import Iterator

from harness.programs.generate import Dice
from harness.programs.ops import OPS
from harness.records.program import Apply, Backward, Expression, Program

LANDMARKS = (0.0, 1.0, -1.0)
NUMBERS = (0, 1, -1)
"""Plain numbers beside a node; whole, so that nobody refuses them."""
EXPONENTS = {0.0: (1, 2, 3), 1.0: (2, -1, 0.5, 1, 0), -1.0: (2, 3, -1, 1, 0)}
"""By what each is raised: 0 neither to the 0, which is a convention, nor to a pole."""
ANY_BASE = (1, 0)
"""Exponents of any other base."""
NEUTRAL = {
    **dict.fromkeys(("add_number", "number_add", "sub_number"), 0),
    **dict.fromkeys(("mul_number", "number_mul", "div_number", "pow"), 1),
}
"""The number beside which an operation may give its operand back, as sum() wants of 0 + x."""


def programs_at(op: str, dice: Dice) -> Iterator[Program]:
    """The operation used twice on operands and numbers among 0, 1 and -1, and on such a product.

    Args:
        op: a name of ops.OPS.
        dice: decides the other operands.
    """
    rows = dict.fromkeys(_numbered(op, dice) if OPS[op].number is not None else _rows(op, dice))
    for operands, constant in rows:
        if _inside(op, operands, constant):
            yield _used(op, operands, constant)
    arity = OPS[op].arity or 3
    for value in LANDMARKS:
        if arity > 1 and _inside(op, (value,) * arity, None):
            node = Apply(op, (0,) * arity)
            yield Expression((value,), (node, Apply("add", (1, 0)), Backward(2)))
        others = tuple(_away(dice) for _ in range(arity - 1))
        constant = None if OPS[op].number is None else 2
        if _inside(op, (value, *others), constant):
            yield _inner(op, value, others, constant)


Row = tuple[tuple[float, ...], float | int | None]
"""Operands, and the number beside them where there is one."""


def _rows(op: str, dice: Dice) -> Iterator[Row]:
    """Each landmark in the place of each operand, and in all of them."""
    arity = OPS[op].arity or 3
    for value in LANDMARKS:
        for place in range(arity):
            yield tuple(value if i == place else _away(dice) for i in range(arity)), None
        yield (value,) * arity, None


def _numbered(op: str, dice: Dice) -> Iterator[Row]:
    """Each landmark beside a number, and each of some numbers beside other operands."""
    exponents = EXPONENTS if op == "pow" else dict.fromkeys(LANDMARKS, (3, 2.0))
    for value, numbers in exponents.items():
        for number in numbers:
            yield (value,), number
    for number in ANY_BASE if op == "pow" else NUMBERS:
        for sign in (1.0, -1.0):
            yield (sign * abs(_away(dice)),), number


def _used(op: str, operands: tuple[float, ...], constant: float | int | None) -> Program:
    """The operation twice, beside an operand; alone where it may give its operand back."""
    count = len(operands)
    node = Apply(op, tuple(range(count)), constant)
    if NEUTRAL.get(op) == constant:
        return Expression(operands, (node, Backward(count)))
    twice = (node, node, Apply("add", (count, count + 1)), Backward(count + 2))
    return Expression(operands, twice)


def _inner(
    op: str, value: float, others: tuple[float, ...], constant: float | int | None
) -> Program:
    """The operation on a product, or a sum, of exactly that value, which is used once more."""
    pair, below = ((value - 0.5, 0.5), "add") if op == "add" else ((value * 0.5, 2.0), "mul")
    inner = 2 + len(others)
    steps = (
        Apply(below, (0, 1)),
        Apply(op, (inner, *range(2, inner)), constant),
        Apply("add", (inner, inner + 1)),
        Backward(inner + 2),
    )
    return Expression((*pair, *others), steps)


def _away(dice: Dice) -> float:
    """An operand that is none of the landmarks."""
    return round(dice.real(1.2, 3.0) * dice.pick((1.0, -1.0)), 3)


def _inside(op: str, operands: tuple[float, ...], constant: float | int | None) -> bool:
    """Whether the operation is smooth there; so are whole powers of 0."""
    if op == "pow" and operands[0] == 0.0:
        return isinstance(constant, int) and constant > 0
    extra = () if constant is None else (constant,)
    return bool(OPS[op].domain(*operands, *extra))
