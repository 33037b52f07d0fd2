"""Exercise 2.A: graphs to be sorted, the lecture's own example first."""

from __future__ import annotations

from itertools import count

from harness.assignments.lecture6.gradients import twins
from harness.assignments.lecture6.parts import DRAWN, SMOOTH, built
from harness.judging import compare
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Expression, Program, Sort
from harness.records.verdict import Problem

DEEP = 1200
"""Nodes of a chain that is longer than Python's own limit of recursion, 1,000."""
LECTURE = Expression(
    leaves=(2.0, 3.0, 1.0),
    steps=(
        Apply("pow", (0,), 2),
        Apply("add", (3, 2)),
        Apply("log", (4,)),
        Apply("exp", (1,)),
        Apply("mul", (5, 6)),
        Apply("pow", (1,), 2),
        Apply("mul", (8, 0)),
        Apply("add", (7, 9)),
    ),
    labels=(
        "z2:x",
        "z3:y",
        "z1:1",
        "z4:x^2",
        "z5:x^2 + 1",
        "z6:log(x^2 + 1)",
        "z7:exp(y)",
        "z8:log(x^2 + 1) * exp(y)",
        "z9:y^2",
        "z10:y^2 * x",
        "z11:log(x^2 + 1) * exp(y) + y^2 * x",
    ),
)
"""f(x, y) = log(x^2 + 1) exp(y) + y^2 x at (2, 3)."""
LECTURE_ORDER = (0, 3, 2, 4, 5, 1, 6, 7, 8, 9, 10)
"""The order printed in exercise 2.A: z2 z4 z1 z5 z6 z3 z7 z8 z9 z10 z11."""


def lecture_order(seed: str) -> tuple[Program, ...]:
    """The lecture's example, sorted from its output."""
    return (with_calls(LECTURE, Sort(10)),)


def lecture_gradient(seed: str) -> tuple[Program, ...]:
    """The lecture's example with a backward() from its output."""
    return (with_calls(LECTURE, Backward(10)),)


def with_calls(program: Expression, *calls: Backward | Sort) -> Expression:
    """A graph followed by calls."""
    return Expression(program.leaves, program.steps + calls, program.labels)


def random_orders(seed: str) -> tuple[Program, ...]:
    """Each graph is sorted from its output, from an inner node, and from its output again.

    The last one has nodes that share their labels.
    """
    sizes = [(5, 9)] * 2 + [(12, 24)] * 3 + [(30, 60)] * (DRAWN - 5)
    programs = []
    for i, size in enumerate(sizes):
        program = _connected(f"{seed}/{i}", size)
        graph, ((_, root),) = built(program), program.backwards
        inner = generate.Dice(f"{seed}/{i}/inner").pick(sorted(graph.reachable(root)))
        programs.append(with_calls(graph, Sort(root), Sort(inner), Sort(root)))
    return (*programs, twins(generate.Dice(f"{seed}/twins"), Sort(4), Sort(2), Sort(4)))


def _connected(seed: str, size: tuple[int, int]) -> Expression:
    """A graph without ** 0, which is the number 1 whatever it is made of."""
    drawn = (generate.expression(f"{seed}/{k}", SMOOTH, size) for k in count())
    return next(p for p in drawn if not any(n.op == "pow" and not n.constant for n in p.nodes))


def sharing(seed: str) -> tuple[Program, ...]:
    """Each node adds the one before to itself: 2**40 paths from the last node to the leaf."""
    doubled = tuple(Apply("add", (k, k)) for k in range(40))
    return (Expression((1.0,), (*doubled, Sort(40))),)


def deep(seed: str) -> tuple[Program, ...]:
    """Chains of 300 nodes, which recursion can sort, and of 1,200, which it cannot."""
    return chain(300), chain(DEEP)


def chain(length: int) -> Expression:
    """Nodes each of which adds one of two leaves to the node before it."""
    first, rest = Apply("add", (0, 1)), range(2, length + 1)
    steps = (first, *(Apply("add", (k, k % 2)) for k in rest))
    return Expression((0.5, -0.25), (*steps, Sort(length + 1)))


def deep_orders(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """A recursion limit is a convention where the chain is longer than Python's own limit."""
    assert isinstance(program, Expression), "orders are compared on expressions"
    recursed = actual.fault is not None and actual.fault.exception == "RecursionError"
    if recursed and len(program.nodes) > DEEP:
        return None
    return compare.orders(program, actual, answers)
