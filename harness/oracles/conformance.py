"""What any engine must reproduce in closed form: a contract that ships with the package.

A new oracle tests itself with one call, violations(engine), before it is believed. The numbers
follow from calculus, not from another engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.judging.compare import agrees
from harness.programs.tolerance import radii
from harness.records.engine import Engine
from harness.records.program import Apply, Backward, Expression, Sort


@dataclass(frozen=True)
class Case:
    """One program and what must come of it."""

    name: str
    program: Expression
    values: dict[int, float]
    grads: dict[int, float]


def _case(
    name: str,
    leaves: tuple[float, ...],
    applied: tuple[Apply, ...],
    values: dict[int, float],
    grads: dict[int, float],
) -> Case:
    root = len(leaves) + len(applied) - 1
    return Case(name, Expression(leaves, (*applied, Backward(root))), values, grads)


E3, LOG5 = math.exp(3.0), math.log(5.0)
CASES = (
    _case("add", (2.0, 3.0), (Apply("add", (0, 1)),), {2: 5.0}, {0: 1.0, 1: 1.0, 2: 1.0}),
    _case("mul", (2.0, 3.0), (Apply("mul", (0, 1)),), {2: 6.0}, {0: 3.0, 1: 2.0}),
    _case("square", (3.0,), (Apply("mul", (0, 0)),), {1: 9.0}, {0: 6.0}),
    _case("double", (3.0,), (Apply("add", (0, 0)),), {1: 6.0}, {0: 2.0}),
    _case("cube", (-2.0,), (Apply("pow", (0,), 3),), {1: -8.0}, {0: 12.0}),
    _case("inverse", (-2.0,), (Apply("pow", (0,), -1),), {1: -0.5}, {0: -0.25}),
    _case("root", (4.0,), (Apply("pow", (0,), 0.5),), {1: 2.0}, {0: 0.25}),
    _case("power zero", (4.0,), (Apply("pow", (0,), 0),), {1: 1.0}, {0: 0.0}),
    _case("exp", (0.0,), (Apply("exp", (0,)),), {1: 1.0}, {0: 1.0}),
    _case("log", (4.0,), (Apply("log", (0,)),), {1: math.log(4.0)}, {0: 0.25}),
    _case("relu right", (2.0,), (Apply("relu", (0,)),), {1: 2.0}, {0: 1.0}),
    _case("relu left", (-2.0,), (Apply("relu", (0,)),), {1: 0.0}, {0: 0.0}),
    _case(
        "dead branch",
        (2.0, 3.0),
        (Apply("mul", (1, 1)), Apply("exp", (0,))),
        {2: 9.0},
        {1: 0.0, 2: 0.0, 0: math.exp(2.0)},
    ),
    _case(
        "the lecture",
        (2.0, 3.0, 1.0),
        (
            Apply("pow", (0,), 2),
            Apply("add", (3, 2)),
            Apply("log", (4,)),
            Apply("exp", (1,)),
            Apply("mul", (5, 6)),
            Apply("pow", (1,), 2),
            Apply("mul", (8, 0)),
            Apply("add", (7, 9)),
        ),
        {10: LOG5 * E3 + 18.0},
        {0: 0.8 * E3 + 9.0, 1: LOG5 * E3 + 12.0, 6: LOG5, 5: E3},
    ),
)
DIAMOND = Expression(
    (2.0, 3.0),
    (Apply("mul", (0, 1)), Apply("add", (2, 0)), Apply("mul", (2, 3)), Apply("exp", (0,)), Sort(4)),
)
DIAMOND_EDGES = (2, 0, 2, 1, 3, 0, 3, 2, 4, 2, 4, 3, 5, 0)


def violations(engine: Engine) -> list[str]:
    """What an engine gets wrong, a sentence each; an empty list means that it conforms."""
    found = []
    for case in CASES:
        observed = engine.run(case.program)
        step, _ = case.program.backwards[0]
        bound = radii(case.program)
        for name, at, wanted, radius in (
            ("value", -1, case.values, bound.value_radius),
            ("grad", step, case.grads, bound.grad_radius(step)),
        ):
            numbers = observed.numbers(name, at)
            for node, number in wanted.items():
                if not agrees(numbers[node], number, radius[node]):
                    subject = f"{case.program.names[node]}.{name}"
                    found.append(f"{case.name}: {subject} is {numbers[node]!r}, not {number!r}")
    edges = engine.run(DIAMOND).get("edges")
    if edges is None or edges.values != DIAMOND_EDGES:
        found.append("diamond: the relation between nodes is not recorded as node, input pairs")
    return found
