"""The middle of the bound: what float64 arithmetic gives, with a radius that is proven.

Every right answer lies within two radii of it, so a number can be called wrong without asking
an oracle: that is how the smallest failing program is found among hundreds. It is quoted only
where no oracle can be asked about a program, and then by its own name.
"""

from __future__ import annotations

from harness.programs.tolerance import radii
from harness.records.observation import Observation, Quantity
from harness.records.program import Call, Expression, Program, Training

NAME = "calculus"


class Calculus:
    """Answers for programs without an oracle, as an oracle's would be held against a student's."""

    def prepare(self, programs: tuple[Program, ...]) -> None:
        """Does nothing: each program is answered when it is asked."""

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """The one observation of a program."""
        return (observe(program),)

    def by(self, program: Program) -> tuple[str, ...]:
        """By whose word."""
        return (NAME,)


def observe(program: Program) -> Observation:
    """Values, gradients and edges of an expression; the traced quantities of a call or an epoch."""
    match program:
        case Expression():
            return _expression(program)
        case Call():
            bound = radii(program.tape)
            rows = {step: grads for step, grads, _ in bound.grads} | {-1: bound.values}
            return program.from_tape(rows)
        case Training():
            return _epoch(program)


def _expression(program: Expression) -> Observation:
    bound = radii(program)
    quantities = [Quantity("value", -1, bound.values)]
    if program.sorts:
        pairs = sorted({(k, i) for k, node in enumerate(program.nodes) for i in node.inputs})
        quantities.append(Quantity("edges", -1, tuple(n for pair in pairs for n in pair)))
    quantities += [Quantity("grad", step, grads) for step, grads, _ in bound.grads]
    return Observation(tuple(quantities))


def _epoch(program: Training) -> Observation:
    assert program.epochs == 1, "only one epoch at a time has a bound"
    bound = radii(program.tape)
    _, grads, _ = bound.grads[0]
    return program.from_tape(0, program.start, bound.values, grads)
