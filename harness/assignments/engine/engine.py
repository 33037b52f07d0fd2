"""scalar_engine: any scalar engine, under its own names, by the operations that it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.assignments.engine import graphs, words
from harness.assignments.engine.conventions import PROBES
from harness.assignments.engine.dialects import FULL, JUDGED, MICROGRAD
from harness.assignments.engine.fitted import base_of, fitted
from harness.assignments.engine.operations import programs_of
from harness.assignments.lecture6.dialect import AG
from harness.judging import compare
from harness.judging.check import Assignment, Check
from harness.programs.ops import OPS
from harness.records.engine import Answers
from harness.records.observation import Observation, Quantity
from harness.records.program import Expression, Program
from harness.records.verdict import Finding, Problem

BASE = ("add", "mul")


def numbers(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first wrong value, then the first wrong gradient."""
    wrong = compare.values(program, actual, answers)
    return wrong or compare.gradients(program, actual, answers)


def either_order(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """What is wrong with an order that may be listed from either end, leaves included or not."""
    assert isinstance(program, Expression), "orders are compared on expressions"
    problem = compare.orders(program, actual, answers)
    if not isinstance(problem, Finding):
        return problem
    for turned in (False, True):
        seen = tuple(_completed(program, q, turned) for q in actual.quantities)
        if compare.orders(program, Observation(seen), answers) is None:
            return None
    return problem


def _completed(program: Expression, told: Quantity, turned: bool) -> Quantity:
    """An order from its inputs on, with the leaves in front that it leaves out.

    Nodes that the program did not make stand for constants, or inside of one operation.
    """
    if told.name != "order":
        return told
    listed = tuple(place for place in told.values[:: -1 if turned else 1] if place != -1)
    root = next(root for step, root in program.sorts if step == told.step)
    leaves = sorted(i for i in program.reachable(root) if i < len(program.leaves))
    return replace(told, values=(*(i for i in leaves if i not in listed), *listed))


def _operation(name: str) -> Check:
    op = OPS[name]
    spelled = op.spelling.format("x", "y", constant="number", all="x, y, z")
    needs = tuple(base for base in BASE if base != name) if name not in BASE else ()
    if name == "mul":
        needs = ("add",)
    if base_of(name) in JUDGED:
        needs = tuple(dict.fromkeys((*needs, base_of(name))))
    exercise = "numbers" if op.number is not None and name != "pow" else "operations"
    title = f"{spelled} has the right value and gradients"
    return Check(
        name, exercise, 2, title, lambda seed: programs_of(name, seed), numbers, own=(name,),
        needs=needs,
    )  # fmt: skip


Draw = Callable[[tuple[str, ...], str], tuple[Expression, ...]]


def _drawn(draw: Draw) -> Callable[[str], tuple[Program, ...]]:
    """Programs of every family."""
    return lambda seed: tuple(p for family in graphs.FAMILIES for p in draw(family, seed))


assignment = Assignment(
    name="scalar_engine",
    title="a scalar engine under its own names: values, gradients, graphs",
    checks=(
        *(_operation(name) for name in JUDGED),
        Check(
            "random",
            "graphs",
            10,
            "every node of a random graph has the right value and gradient",
            _drawn(graphs.random_of),
            numbers,
            needs=JUDGED,
        ),
        Check(
            "sessions",
            "graphs",
            10,
            "one graph after another on the same leaves, zeroed in between",
            _drawn(graphs.session_of),
            numbers,
            needs=(*JUDGED, "random"),
        ),
        Check(
            "depth",
            "graphs",
            2,
            "a chain of 300 nodes is walked backward",
            lambda seed: (graphs.chain(300),),
            numbers,
            needs=("add",),
        ),
        Check(
            "order",
            "graphs",
            4,
            "random graphs are sorted, in any valid order from either end",
            _drawn(graphs.orders),
            either_order,
        ),
    ),
    probes=PROBES,
    words=words.ENGINE,
    dialect=FULL,
    finds=True,
    dialects=(AG, MICROGRAD),
    fitted=fitted,
)
