"""Exercise 2.B: each operation alone over its whole range, then random graphs and sessions."""

from __future__ import annotations

from collections.abc import Callable

from harness.assignments.lecture6.parts import DRAWN, SMOOTH, built, numbers
from harness.programs import generate
from harness.records.program import Apply, Backward, Expression, Program


def values(seed: str) -> tuple[Program, ...]:
    """Random graphs without a backward()."""
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    drawn = [generate.expression(f"{seed}/{i}", SMOOTH, size) for i, size in enumerate(sizes)]
    return tuple(built(program) for program in drawn)


def values_of(
    lone: Callable[[str], tuple[Expression, ...]],
) -> Callable[[str], tuple[Program, ...]]:
    """The graphs of one operation over its whole range, without their calls."""

    def programs(seed: str) -> tuple[Program, ...]:
        return tuple(dict.fromkeys(built(program) for program in lone(seed)))

    return programs


def lone_add(seed: str) -> tuple[Expression, ...]:
    """+ alone, with a repeated operand, in a chain."""
    dice = generate.Dice(seed)
    return tuple(
        Expression(numbers(dice, 3), (*graph, Backward(2 + len(graph))))
        for graph in (
            (Apply("add", (0, 1)),),
            (Apply("add", (0, 0)),),
            (Apply("add", (0, 1)), Apply("add", (3, 0))),
            (Apply("add", (0, 1)), Apply("add", (3, 3))),
            (Apply("add", (0, 1)), Apply("add", (1, 2)), Apply("add", (3, 4))),
        )
    )


def lone_mul(seed: str) -> tuple[Expression, ...]:
    """* alone, with a repeated operand, in a chain."""
    dice = generate.Dice(seed)
    return tuple(
        Expression(numbers(dice, 3), (*graph, Backward(2 + len(graph))))
        for graph in (
            (Apply("mul", (0, 1)),),
            (Apply("mul", (0, 0)),),
            (Apply("mul", (0, 1)), Apply("mul", (3, 2))),
            (Apply("mul", (0, 1)), Apply("mul", (3, 0))),
            (Apply("mul", (0, 1)), Apply("mul", (1, 2)), Apply("add", (3, 4))),
        )
    )


def lone_pow(seed: str) -> tuple[Expression, ...]:
    """** with whole, negative and broken exponents."""
    dice = generate.Dice(seed)
    positive = tuple(_pow_at(dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 0.5, 1.5, -0.5, 1, 0))
    negative = tuple(_pow_at(-dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 1))
    return tuple(program for pair in (*positive, *negative) for program in pair)


def _pow_at(x: float, exponent: float) -> tuple[Expression, ...]:
    return unary("pow", round(x, 3), exponent)


def lone_exp(seed: str) -> tuple[Expression, ...]:
    """Exp from very small to large values."""
    dice = generate.Dice(seed)
    ranges = ((0.1, 2.0), (-2.0, -0.1), (-9.0, -4.0), (4.0, 9.0), (11.0, 17.0))
    return tuple(p for r in ranges for p in unary("exp", round(dice.real(*r), 3)))


def lone_log(seed: str) -> tuple[Expression, ...]:
    """Log from near 0 to large values."""
    dice = generate.Dice(seed)
    ranges = ((1.2, 4.0), (0.2, 0.8), (0.002, 0.02), (200.0, 900.0), (1e5, 1e7))
    return tuple(p for r in ranges for p in unary("log", round(dice.real(*r), 4)))


def unary(op: str, x: float, exponent: float | None = None) -> tuple[Expression, ...]:
    """An operation alone, used twice, and with a gradient of 2 coming from above."""
    node = Apply(op, (0,), exponent)
    return (
        Expression((x,), (node, Backward(1))),
        Expression((x,), (node, node, Apply("add", (1, 2)), Backward(3))),
        Expression((x,), (node, Apply("add", (1, 1)), Backward(2))),
    )


def random_gradients(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    """Random graphs with a backward() from the output."""
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    return tuple(generate.expression(f"{seed}/{i}", allowed, s) for i, s in enumerate(sizes))


def sessions(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    """Several graphs, one after another, on the same leaves."""
    return tuple(generate.session(f"{seed}/{i}", allowed) for i in range(DRAWN))
