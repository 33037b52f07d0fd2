"""Hold the arrays of an expression against the oracles': every node's value, then its gradient."""

from __future__ import annotations

from dataclasses import replace

from harness.judging import compare
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import ArrayExpression, Program, Traced
from harness.records.verdict import Finding, Problem

SINGLE = 2.0**29
"""By how much the roundings of single precision are larger than those of double precision."""


def array_numbers(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first node whose value is wrong, inputs first; then by its gradient, outputs first.

    Engines differ in the precision of their arrays and in the shape of a single element, and many
    keep the gradients of leaves alone: none of that is wrong.
    """
    assert isinstance(program, ArrayExpression), "arrays are compared on their expressions"
    if actual.fault is not None:
        return actual.fault
    expected = answers.expected(program)
    leaves = program.names[: len(program.grids)]
    for traced in program.traced:
        node, _, kind = traced.quantity.rpartition(".")
        recorded = actual.get(traced.quantity)
        if recorded is None and kind == "grad" and node not in leaves:
            continue
        misshapen = _shape(traced, actual)
        if misshapen is not None:
            return misshapen
        rows = [answer.numbers(traced.quantity) for answer in expected]
        single = compare.number_at(actual.get(f"{traced.quantity}.single"), 0)[0] == 1
        wider = SINGLE if single else 1.0
        radius = tuple(r * wider for r in compare.traced_radius(program, traced))
        wrong = compare.first_wrong(
            *(traced.quantity, -1, actual, list(traced.subjects), rows, radius),
            *(compare.worst_first(recorded, rows[0]), answers.by(program)),
        )
        if wrong is not None:
            return replace(wrong, quantity=kind)
    return None


def _shape(traced: Traced, actual: Observation) -> Finding | None:
    """What is wrong with the shape of an array; a single element may have any."""
    recorded = actual.get(f"{traced.quantity}.shape")
    shape = tuple(int(n or 0) for n in recorded.values) if recorded is not None else ()
    wanted = traced.shape or ()
    if shape == wanted or (len(traced.nodes) == 1 and all(n == 1 for n in shape)):
        return None
    value, kind = compare.number_at(actual.get(traced.quantity), 0)
    if shape == () and value is None:
        return Finding("array_type", (("name", traced.quantity), ("type", kind)))
    facts = (("name", traced.quantity), ("shape", repr(shape)), ("expected", repr(wanted)))
    return compare.misshapen(shape, wanted, facts)
