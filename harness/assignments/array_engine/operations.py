"""Programs of one operation on arrays: alone, used twice, inside, with unlike gradients above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod

from harness.programs.array_graphs import Mismatched, Unfit, built, rounded, shape_of
from harness.programs.generate import Dice
from harness.programs.grid_ops import GRID_OPS, broadcasts
from harness.programs.ops import OPS
from harness.records.program import Apply, ArrayExpression, Grid, Program

Shape = tuple[int, ...]
TRIES = 30
"""Draws of the numbers of one program, until all lie inside the domain."""
RANGES = ((-2.5, 2.5), (0.3, 2.5))
"""From which numbers are drawn: with either sign where the domain allows it."""
AWAY = 0.2
"""Numbers stay this far from 0."""
SHAPES: tuple[Shape, ...] = ((2, 3), (1, 1), (3,))
PRODUCTS = (((2, 3), (3, 4)), ((1, 3), (3, 1)), ((2, 1), (1, 2)))
NUMBERS = (3, -1.5)
EXPONENTS = (2, 3, -1, 0.5, 1)
UNLIKE: tuple[tuple[Shape, Shape], ...] = (
    *(((2, 3), (3,)), ((2, 3), (1, 3)), ((2, 3), (2, 1))),
    *(((2, 1), (1, 3)), ((2, 3), (1, 1)), ((1,), (2, 3)), ((3,), (2, 1))),
)
"""Shapes that meet by element: an axis of length 1 or one that is not there is repeated."""
MEETING = ("sub", "div")
"""Operations beside + and * whose operands may be of unlike shapes."""


def grid(dice: Dice, shape: Shape, low: float = -2.5, high: float = 2.5) -> Grid:
    """An array of random numbers that are not near 0, and few digits long."""
    numbers: list[float] = []
    while len(numbers) < prod(shape):
        number = rounded(dice.real(low, high))
        if abs(number) >= AWAY:
            numbers.append(number)
    return Grid(shape, tuple(numbers))


@lru_cache(maxsize=128)
def programs_of(op: str, seed: str) -> tuple[Program, ...]:
    """Every program of one operation, the simplest first.

    Args:
        op: a name of GRID_OPS or of BY_ELEMENT.
        seed: decides the numbers.
    """
    dice = Dice(f"{seed}/{op}")
    return tuple(dict.fromkeys(p for p in _plans(op, dice) if p is not None))


@lru_cache(maxsize=16)
def unlike(seed: str) -> tuple[Program, ...]:
    """Arrays of unlike shapes that meet by element, in either order."""
    dice = Dice(f"{seed}/broadcast")
    plans = [program for op in ("add", "mul") for program in _meetings(op, dice)]
    return tuple(dict.fromkeys(program for program in plans if program is not None))


def _meetings(op: str, dice: Dice) -> Iterator[ArrayExpression | None]:
    for shapes in UNLIKE:
        for pair in (shapes, shapes[::-1]):
            yield drawn(dice, pair, (Apply(op, (0, 1)),))
            yield _weighted(dice, pair, (Apply(op, (0, 1)),))


def _plans(op: str, dice: Dice) -> Iterator[ArrayExpression | None]:
    numbers: tuple[float | int | None, ...] = (None,)
    if op in OPS and OPS[op].number is not None:
        numbers = EXPONENTS if op == "pow" else NUMBERS
    for at, constant in enumerate(numbers):
        for shapes in _operands(op)[: None if at == 0 else 1]:
            yield from _uses(op, shapes, constant, dice)
    if op in MEETING:
        yield from _meetings(op, dice)


def _operands(op: str) -> tuple[tuple[Shape, ...], ...]:
    """The shapes of an operation's operands."""
    if op == "matmul":
        return PRODUCTS
    if op in GRID_OPS:
        return ((2, 3),), ((3, 2),), ((1, 1),)
    arity = OPS[op].arity
    return tuple((shape,) * arity for shape in SHAPES)


def _uses(
    op: str, shapes: tuple[Shape, ...], constant: float | int | None, dice: Dice
) -> Iterator[ArrayExpression | None]:
    """The operation on those shapes: alone, weighted, twice, on one operand, on an inner node."""
    count = len(shapes)
    places = tuple(range(count))
    node = Apply(op, places, constant)
    yield drawn(dice, shapes, (node,))
    twice = (node, node, Apply("add", (count, count + 1)))
    if op == "add":  # what is first judged makes no use of any other
        yield drawn(dice, shapes, twice)
        yield drawn(dice, shapes[:1], (Apply(op, (0, 0)),))
        yield drawn(dice, shapes, (node, Apply(op, (count, 0))))
        return
    yield _weighted(dice, shapes, (node,))
    yield _weighted(dice, shapes, twice)
    same = (shapes[0][0],) * 2 if op == "matmul" else shapes[0]
    if count == 2:
        yield _weighted(dice, (same,), (Apply(op, (0, 0), constant),))
    inner = len(shapes) + 1
    moved = Apply(op, (inner, *range(2, inner)), constant)
    below = "add" if op == "mul" else "mul"
    yield _weighted(dice, (shapes[0], *shapes), (Apply(below, (0, 1)), moved))
    # The first operand is used once more beside the result: its gradient comes from two sides.
    beside = (node, Apply("mul", (0, 0)), Apply("add", (count, count + 1)))
    both = drawn(dice, shapes, beside)
    yield both if both is not None and not broadcasts(both) else None


def _weighted(
    dice: Dice, shapes: Sequence[Shape], applied: tuple[Apply, ...]
) -> ArrayExpression | None:
    """The same under a product with an array of its own, so that unlike gradients come from above.

    A single element, whose shape is an engine's own, is multiplied by itself.
    """
    try:
        shape = shape_of(shapes, applied)
    except Mismatched:
        return None
    root = len(shapes) + len(applied) - 1
    if prod(shape) == 1:
        return drawn(dice, shapes, (*applied, Apply("mul", (root, root))))
    moved = tuple(Apply(n.op, _behind(n.inputs, len(shapes)), n.constant) for n in applied)
    return drawn(dice, (*shapes, shape), (*moved, Apply("mul", (root + 1, len(shapes)))))


def _behind(inputs: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Places of nodes where one more leaf stands behind the first so many."""
    return tuple(i + (i >= count) for i in inputs)


def drawn(
    dice: Dice, shapes: Sequence[Shape], applied: tuple[Apply, ...]
) -> ArrayExpression | None:
    """A program with random leaves of some shapes; None where no numbers fit."""
    for low, high in RANGES:
        for _ in range(TRIES):
            try:
                return built([grid(dice, shape, low, high) for shape in shapes], applied)
            except Mismatched:
                return None
            except Unfit:
                continue
    return None
