"""What any engine must reproduce in closed form: a contract that ships with the package.

A new oracle tests itself with one call, violations(engine), before it is believed. The numbers
follow from calculus, not from another engine: expressions by each operation and all together, a
call and a training run by the functions of a tape that no engine has a line for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.judging.calculus import NAME, observe
from harness.judging.compare import agrees, dispute
from harness.programs.ops import OPS
from harness.programs.tolerance import radii
from harness.records.engine import Engine
from harness.records.observation import Observation
from harness.records.program import (
    Apply,
    Backward,
    Call,
    Expression,
    Program,
    Sort,
    Traced,
    Training,
)


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


CALL = Call(
    "conformance",
    (),
    ("a, b = 2.0, 3.0", "y = [a * b, a * b + a]"),
    Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2), Apply("add", (2, 0)), Backward(3))),
    (
        Traced("y", ("y[0]", "y[1]"), (2, 3)),
        Traced("first", ("da",), (0,), 1),
        Traced("second", ("db", "da"), (1, 0), 3),
    ),
)
"""A call whose quantities are values, the gradients of an inner node, and those of the last."""
CALLED = {"y": (6.0, 8.0), "first": (3.0,), "second": (2.0, 4.0)}
UNTRACED = Call("conformance", (), ("pass",), Expression((), ()), ())
"""A call of which nothing is asked."""
TRAINING = Training(
    "conformance",
    (),
    ("w, b, x, t = 0.5, -0.25, 2.0, 2.0",),
    ("loss = (w * x + b - t) ** 2",),
    (0.5, -0.25),
    0.05,
    2,
    Expression(
        (0.5, -0.25, 2.0, -2.0),
        (
            *(Apply("mul", (0, 2)), Apply("add", (4, 1)), Apply("add", (5, 3))),
            *(Apply("pow", (6,), 2), Backward(7)),
        ),
    ),
    (
        Traced("prediction", ("w * x + b",), (5,)),
        Traced("loss", ("loss",), (7,)),
        Traced("grad", ("dw", "db"), (0, 1), 4),
        Traced("after", ("w", "b"), (0, 1), 4),
    ),
)
"""Two steps of gradient descent of a line to one point."""
TRAINED = (
    {"prediction": (0.75,), "loss": (1.5625,), "grad": (-5.0, -2.5), "after": (0.75, -0.125)},
    {"prediction": (1.375,), "loss": (0.390625,), "grad": (-2.5, -1.25), "after": (0.875, -0.0625)},
)
SHARE = 1e-12
"""Relative error of a number of a call or a run, which take a few operations each."""


def violations(engine: Engine, operations: Iterable[str] = tuple(OPS)) -> list[str]:
    """What an engine gets wrong, a sentence each; an empty list means that it conforms.

    Args:
        engine: an oracle.
        operations: those that it is asked for; an oracle that is believed has all.
    """
    asked = {*operations}
    cases = [case for case in CASES if {n.op for n in case.program.nodes} <= asked | {"leaf"}]
    found = [wrong for case in cases for wrong in _of_a_case(engine, case)]
    programs = {op: _applied(op) for op in operations}
    for op, program in programs.items():
        reason = dispute(program, (engine.run(program), observe(program)), (engine.name, NAME))
        if reason is not None:
            found.append(f"{op}: {reason}")
    edges = engine.run(DIAMOND).get("edges")
    if edges is None or edges.values != DIAMOND_EDGES:
        found.append("diamond: the relation between nodes is not recorded as node, input pairs")
    called, trained = engine.run(CALL), engine.run(TRAINING)
    wanted = [("call", called, name, -1, row) for name, row in CALLED.items()]
    wanted += [
        ("training", trained, name, epoch, row)
        for epoch, rows in enumerate(TRAINED)
        for name, row in rows.items()
    ]
    found += [wrong for each in wanted if (wrong := _of_a_row(*each))]
    if engine.run(UNTRACED).quantities:
        found.append("call: it records something of a call of which nothing is asked")
    return found + _together(engine, (*(case.program for case in cases), CALL, TRAINING))


def _of_a_case(engine: Engine, case: Case) -> Iterator[str]:
    observed, bound = engine.run(case.program), radii(case.program)
    step, _ = case.program.backwards[0]
    for name, at, wanted, radius in (
        ("value", -1, case.values, bound.value_radius),
        ("grad", step, case.grads, bound.grad_radius(step)),
    ):
        numbers = observed.numbers(name, at)
        for node, number in wanted.items():
            if not agrees(numbers[node], number, radius[node]):
                subject = f"{case.program.names[node]}.{name}"
                yield f"{case.name}: {subject} is {numbers[node]!r}, not {number!r}"


def _applied(op: str) -> Expression:
    """An operation on tame operands, times one of them."""
    arity = OPS[op].arity
    inputs = tuple(range(arity)) if arity else (0, 1, 0)
    constant = 2.5 if OPS[op].number is not None else None
    return Expression((1.5, 0.75), (Apply(op, inputs, constant), Apply("mul", (2, 0)), Backward(3)))


def _of_a_row(
    what: str, seen: Observation, name: str, step: int, wanted: tuple[float, ...]
) -> str | None:
    """How a row of numbers differs from what it must be, in one sentence, or None."""
    quantity = seen.get(name, step)
    if quantity is None:
        return f'{what}: it records no "{name}" at step {step}'
    row = seen.numbers(name, step)
    near = (abs(a - b) <= SHARE * abs(b) for a, b in zip(row, wanted, strict=False))
    return (
        None if len(row) == len(wanted) and all(near) else f"{what}: {name} is {row}, not {wanted}"
    )


def _together(engine: Engine, programs: tuple[Program, ...]) -> list[str]:
    """What an engine says otherwise where it is asked for many programs at once."""
    run_all = getattr(engine, "run_all", None)
    if run_all is None:
        return []
    together = run_all(programs)
    if len(together) != len(programs):
        return [f"run_all: it answers {len(together)} of {len(programs)} programs"]
    pairs = zip(programs, together, strict=True)
    reasons = (dispute(p, (engine.run(p), seen), ("run", "run_all")) for p, seen in pairs)
    return [f"run_all: {reason}" for reason in reasons if reason is not None]
