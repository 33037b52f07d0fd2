"""Exercise 2.B: each operation alone over its whole range, then random graphs and sessions."""

from __future__ import annotations

from collections.abc import Callable

from harness.assignments.lecture6.parts import DRAWN, SMOOTH, built, numbers
from harness.judging import compare
from harness.judging.alone import LEFT_OVER
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Call, Expression, Program, Sort, Zero
from harness.records.verdict import Problem


def values(seed: str) -> tuple[Program, ...]:
    """Random graphs without a backward()."""
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    drawn = [generate.expression(f"{seed}/{i}", SMOOTH, size) for i, size in enumerate(sizes)]
    return tuple(built(program) for program in drawn)


def values_of(
    op: str, lone: Callable[[str], tuple[Expression, ...]]
) -> Callable[[str], tuple[Program, ...]]:
    """The graphs of one operation over its whole range without their calls, with + at most."""

    def programs(seed: str) -> tuple[Program, ...]:
        graphs = dict.fromkeys(built(program) for program in lone(seed))
        return tuple(g for g in graphs if {node.op for node in g.nodes} <= {"leaf", "add", op})

    return programs


_PAIRS = (
    ((0, 1),),
    ((0, 0),),
    ((0, 1), (3, 2)),
    ((0, 1), (3, 0)),
    ((0, 1), (3, 3)),
    ((0, 1), (2, 3)),
    ((0, 1), (0, 2), (3, 4)),
    ((1, 0), (2, 0), (3, 4)),
    ((0, 1), (3, 2), (3, 4)),
    ((0, 1), (2, 3), (4, 3)),
)
"""Graphs of a binary operation on three leaves: its operands are leaves and inner nodes, each on
either side, once, twice in one node and once in each of two."""


def _pairs(op: str, dice: generate.Dice) -> tuple[Expression, ...]:
    """The graphs of a binary operation, then one node where its operands are special numbers."""
    graphs = [
        Expression(numbers(dice, 3), (*(Apply(op, pair) for pair in graph), Backward(2 + n)))
        for n, graph in ((len(graph), graph) for graph in _PAIRS)
    ]
    a, b = numbers(dice, 2)
    special = ((0.0, a), (b, 0.0), (0.0, 0.0), (1.0, a), (b, 1.0), (-1.0, a), (b, -1.0), (a, a))
    for pair in (*special, (a, -a), (1.0, 1.0)):
        # Who gives an operand back in the place of a node is seen where that is used beside it.
        graphs.append(Expression(pair, (Apply(op, (0, 1)), Backward(2))))
        beside = (Apply(op, (0, 1)), Apply("add", (2, 0)), Apply("add", (3, 1)))
        graphs.append(Expression(pair, (*beside, Backward(4))))
    return tuple(graphs)


def lone_add(seed: str) -> tuple[Expression, ...]:
    """+ alone: repeated and inner operands, used twice, and 0, 1, -1 and equal numbers."""
    return _pairs("add", generate.Dice(seed))


def lone_mul(seed: str) -> tuple[Expression, ...]:
    """* alone, likewise, and under a +."""
    dice = generate.Dice(seed)
    graphs = _pairs("mul", dice)
    joined = (Apply("mul", (0, 1)), Apply("mul", (0, 2)), Apply("add", (3, 4)))
    chain = (Apply("mul", (0, 1)), Apply("mul", (1, 2)), Apply("add", (3, 4)))
    return (
        *graphs[:4],
        *(Expression(numbers(dice, 3), (*steps, Backward(5))) for steps in (joined, chain)),
        *graphs[4:],
    )


def lone_pow(seed: str) -> tuple[Expression, ...]:
    """** with whole, negative and broken exponents, and at 0, 1 and -1."""
    dice = generate.Dice(seed)
    positive = [(dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 0.5, 1.5, -0.5, 1, 0)]
    negative = [(-dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 1)]
    drawn = tuple(g for x, p in (*positive, *negative) for g in unary("pow", round(x, 3), p))
    inner = tuple(g for x, p in positive for g in within("pow", round(x, 3), p))
    special = ((0.0, (2, 3, 1)), (1.0, (2, -1, 0.5, 1, 0)), (-1.0, (2, 3, -1, 1)))
    stated = tuple(g for x, ps in special for p in ps for g in _everywhere("pow", x, p))
    return (*drawn, *inner, *stated)


def lone_exp(seed: str) -> tuple[Expression, ...]:
    """Exp from very small to large values, and at 0, 1 and -1."""
    dice = generate.Dice(seed)
    ranges = ((0.1, 2.0), (-2.0, -0.1), (-9.0, -4.0), (4.0, 9.0), (11.0, 17.0))
    return _spread("exp", tuple(round(dice.real(*r), 3) for r in ranges), (0.0, 1.0, -1.0))


def lone_log(seed: str) -> tuple[Expression, ...]:
    """Log from near 0 to large values, and at 1."""
    dice = generate.Dice(seed)
    ranges = ((1.2, 4.0), (0.2, 0.8), (0.002, 0.02), (200.0, 900.0), (1e5, 1e7))
    return _spread("log", tuple(round(dice.real(*r), 4) for r in ranges), (1.0,))


def _spread(
    op: str, drawn: tuple[float, ...], special: tuple[float, ...]
) -> tuple[Expression, ...]:
    """A function at drawn points, inside a graph at the first two of them, then at stated ones."""
    alone = tuple(g for x in drawn for g in unary(op, x))
    inner = tuple(g for x in drawn[:2] for g in within(op, x))
    return (*alone, *inner, *(g for x in special for g in _everywhere(op, x)))


def _everywhere(op: str, x: float, exponent: float | None = None) -> tuple[Expression, ...]:
    return (*unary(op, x, exponent), *within(op, x, exponent))


def unary(op: str, x: float, exponent: float | None = None) -> tuple[Expression, ...]:
    """An operation alone, used twice, and with a gradient of 2 coming from above."""
    node = Apply(op, (0,), exponent)
    return (
        Expression((x,), (node, Backward(1))),
        Expression((x,), (node, node, Apply("add", (1, 2)), Backward(3))),
        Expression((x,), (node, Apply("add", (1, 1)), Backward(2))),
    )


def within(op: str, x: float, exponent: float | None = None) -> tuple[Expression, ...]:
    """An operation of an inner node, which is used again, and beside its own operand.

    In the last, two graphs are built before the gradients of either are asked for.
    """
    inner, other = Apply(op, (3,), exponent), Apply(op, (0,), exponent)
    product = Apply("mul", (0, 1))
    return (
        Expression((2.0, x / 2.0, 1.5), (product, inner, Apply("mul", (4, 2)), Backward(5))),
        Expression(
            (2.0, x / 2.0, 1.5), (product, inner, inner, *_sums((4, 3), (6, 5)), Backward(7))
        ),
        Expression((x,), (other, Apply("mul", (1, 0)), Backward(2))),
        Expression((x, x), (other, Apply(op, (1,), exponent), Backward(2), Backward(3))),
    )


def _sums(*pairs: tuple[int, int]) -> tuple[Apply, ...]:
    return tuple(Apply("add", pair) for pair in pairs)


def random_gradients(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    """Random graphs with a backward() from the output."""
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    return tuple(generate.expression(f"{seed}/{i}", allowed, s) for i, s in enumerate(sizes))


def sessions(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    """Several graphs, one after another, on the same leaves."""
    drawn = tuple(generate.session(f"{seed}/{i}", allowed) for i in range(DRAWN))
    stated = lives(generate.Dice(f"{seed}/lives"))
    known = {*allowed, "leaf"}
    spared = tuple(p for p in stated if {node.op for node in p.nodes} <= known)
    return (*drawn, *spared, NEWBORN)


def lives(dice: generate.Dice) -> tuple[Expression, ...]:
    """What nodes may have been through before backward() is called on one of them."""
    chain = (Apply("mul", (0, 0)), Apply("mul", (2, 1)))
    product, total = Apply("mul", (0, 1)), Apply("add", (0, 1))
    return (
        # walked from the output, then from an inner node that has a gradient by then
        Expression(numbers(dice, 2), (*chain, Backward(3), Zero((0, 1)), Backward(2))),
        # walked twice, everything zeroed in between
        Expression(numbers(dice, 2), (*chain, Backward(3), Zero((0, 1, 2, 3)), Backward(3))),
        # built one after the other, and only then walked
        Expression(
            numbers(dice, 2),
            (product, total, Backward(2), Zero((0, 1, 2)), Backward(3), Zero((0, 1)), Backward(2)),
        ),
        # a leaf by itself, before it is used and after
        Expression(numbers(dice, 1), (Backward(0), Zero((0,)), Apply("mul", (0, 0)), Backward(1))),
        # a graph that grows after it was walked
        Expression(
            numbers(dice, 2),
            (product, Backward(2), Zero((0, 1, 2)), Apply("add", (2, 0)), Backward(3)),
        ),
        twins(dice, Backward(4)),
    )


def twins(dice: generate.Dice, *calls: Backward | Sort) -> Expression:
    """A small graph whose nodes share their labels, which are no more than words."""
    steps = (Apply("mul", (0, 1)), Apply("mul", (0, 1)), Apply("add", (2, 3)), *calls)
    return Expression(numbers(dice, 2), steps, ("w", "w", "h", "h", "h"))


NEWBORN = Call(
    function="newborn",
    arguments=((LEFT_OVER, (0.0,) * 12),),
    lines=(
        "import gc",
        "grads = []",
        "for i in range(12):",
        "    leaf = ag.Scalar(1.0)",
        "    grads += [leaf.grad]",
        "    leaf.backward()",
        "    leaf = None",
        "    gc.collect(0)  # it is gone, and the next may take its place in memory",
        f'record("{LEFT_OVER}", -1, *grads)',
    ),
    tape=Expression((), ()),
    traced=(),
)
"""Nodes that are made where others have died: each starts without a gradient."""


def lived(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first wrong gradient, of a graph or of a node that was made when others had died."""
    if program != NEWBORN:
        return compare.gradients(program, actual, answers)
    if actual.fault is not None:
        return actual.fault
    zeros = NEWBORN.argument(LEFT_OVER)
    subjects = [f"grads[{i}]" for i in range(len(zeros))]
    return compare.stated(actual, LEFT_OVER, subjects, zeros, "the lecture")
