"""Exercise 2.C: relu on both sides of its kink, and the lecture's plot."""

from __future__ import annotations

from harness.assignments.lecture6.gradients import unary, within
from harness.assignments.lecture6.parts import ALL, DRAWN, built
from harness.judging import compare
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Expression, Program
from harness.records.verdict import Comparison, Problem

KINK = Expression((0.0,), (Apply("relu", (0,)), Backward(1)))
"""At exactly 0 every subgradient in [0, 1] is right."""


def values(seed: str) -> tuple[Program, ...]:
    """Relu of single numbers, 0 among them, then in random graphs."""
    dice = generate.Dice(seed)
    points = (
        dice.real(0.1, 3.0),
        -dice.real(0.1, 3.0),
        0.0,
        dice.real(1e4, 1e6),
        dice.real(0, 0.01),
    )
    alone = tuple(Expression((round(x, 5),), (Apply("relu", (0,)),)) for x in points)
    drawn = (generate.expression(f"{seed}/{i}", ALL, (20, 40)) for i in range(5))
    return (*alone, *(built(program) for program in drawn))


def alone(seed: str) -> tuple[Program, ...]:
    """Relu on either side of its kink, near and far, then at 0 itself."""
    dice = generate.Dice(seed)
    ranges = ((0.6, 3.0), (0.01, 0.4), (20.0, 900.0), (-0.4, -0.01), (-3.0, -0.6), (-900.0, -20.0))
    points = tuple(round(dice.real(*r), 3) for r in ranges)
    drawn = tuple(p for x in points for p in unary("relu", x))
    # Near the kink, and at 1 and -1, inside a graph as well.
    inner = tuple(p for x in (points[0], points[4], 1.0, -1.0) for p in within("relu", x))
    return (*drawn, *inner, KINK)


def gradients(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first wrong gradient; at the kink every subgradient is right."""
    if program != KINK or actual.fault is not None:
        return compare.gradients(program, actual, answers)
    number, kind = compare.number_at(actual.get("grad", 1), 0)
    if number is not None and 0.0 <= number <= 1.0:
        return None
    by = ("every subgradient",)
    return Comparison("grad", "x1.grad", 1, by, 0.0, number, kind, 1.0, agrees=False)


def sweep(seed: str) -> tuple[Program, ...]:
    """The lecture's plot: relu(x)**3 for x in -5..4, a backward() for each."""
    xs = tuple(float(i - 5) for i in range(10))
    relus = tuple(Apply("relu", (i,)) for i in range(10))
    cubes = tuple(Apply("pow", (10 + i,), 3) for i in range(10))
    return (Expression(xs, (*relus, *cubes, *(Backward(20 + i) for i in range(10)))),)


def random(seed: str, allowed: tuple[str, ...] = ALL) -> tuple[Program, ...]:
    """Random graphs and sessions with relu among the operations."""
    half = range(DRAWN // 2)
    single = tuple(generate.expression(f"{seed}/{i}", allowed) for i in half)
    return single + tuple(generate.session(f"{seed}/s{i}", allowed) for i in half)
