"""A name must be true with every check, those that fail included.

A mistake is named when a check is judged, by the programs of that check and of those that passed
before it. When all are judged, each name is held against the other checks: a bug model that does
not do there what the submission does, with right parts in the place of what others found wrong, is
not the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.judging.check import Check, programs_of
from harness.judging.credit import ways
from harness.judging.diagnose import Trial, Variant, observed, same_problem, variants
from harness.judging.judge import FATAL, Student
from harness.judging.sitting import Sitting
from harness.records.errors import Disputed
from harness.records.observation import Fault, Observation
from harness.records.program import Expression, Program
from harness.records.verdict import BROKEN, WRONG, Comparison, Finding, Status, Verdict

MOST_GRAPHS = 48
"""Graphs of one check by which a name that another has given is held against it."""


def agreed(sitting: Sitting) -> None:
    """Takes back each name that another check contradicts."""
    named = [
        (check, verdict)
        for check in sitting.assignment.active
        if (verdict := sitting.verdicts.get(check.name)) is not None
        and verdict.status in WRONG
        and verdict.diagnosis
    ]
    known = sitting.known
    if known is None or not named:
        return
    rows = variants(known.key, known.dialect)
    for check, verdict in named:
        elsewhere = _Elsewhere(sitting, check, verdict)
        kept = tuple(
            mistake
            for mistake in verdict.diagnosis
            # One variant that fits everywhere is enough; most fit as they stand.
            if any(
                elsewhere.bears_out(v) for row in rows for v in row if v.model.name == mistake.name
            )
        )
        sitting.verdicts[check.name] = replace(verdict, diagnosis=kept)


class _Elsewhere:
    """What a submission does in the checks that a name given in one of them must be true of."""

    def __init__(self, sitting: Sitting, check: Check, verdict: Verdict) -> None:
        self._sitting = sitting
        self._others = tuple(_others(sitting, check, verdict))
        parts = tuple(p for p in sitting.wrong_parts(check) if p not in sitting.foundation)
        # The parts of an engine in its own dialect are operations, which no text can replace.
        replaceable = bool(parts) and sitting.assignment.fitted is None
        right = ways(sitting, check, parts)[-1] if replaceable else ()
        self._student = sitting.with_right(right) if right else sitting.student
        self._trials: dict[str, tuple[Trial, ...]] = {}

    def bears_out(self, variant: Variant) -> bool:
        """Whether a bug model does in every other check what the submission does there."""
        return all(self._bears_out(variant, other) for other in self._others)

    def _bears_out(self, variant: Variant, other: Check) -> bool:
        sitting, status = self._sitting, self._sitting.verdicts[other.name].status
        if status is Status.PASSED:
            return variant.passes(other, sitting.seed_of(other), sitting.oracles)
        if status not in (*BROKEN, Status.CREDITED):
            return True
        if other.name not in self._trials:
            self._trials[other.name] = tuple(_trials(sitting, other, self._student))
        return all(_agrees(variant, other, trial, sitting) for trial in self._trials[other.name])


def _others(sitting: Sitting, check: Check, verdict: Verdict) -> Iterator[Check]:
    """The checks that say something of what was named in one of them.

    A name of a value, or of an order, says nothing of the gradient beside it; and which functions
    a function calls is a module's own affair, so only graphs are looked at.
    """
    for other in sitting.assignment.active:
        if other.name not in sitting.verdicts or other.name == check.name:
            continue
        if not _is_a_gradient(verdict) and other.compare != check.compare:
            continue
        if _graphs(sitting, other):
            yield other


def _graphs(sitting: Sitting, check: Check) -> tuple[Program, ...]:
    """The graphs among the programs of a check, of very many some from beginning to end."""
    programs = programs_of(check, sitting.seed_of(check))
    graphs = tuple(program for program in programs if isinstance(program, Expression))
    return graphs[:: -(-len(graphs) // MOST_GRAPHS) or 1]


def _is_a_gradient(verdict: Verdict) -> bool:
    return isinstance(verdict.problem, Comparison) and verdict.problem.quantity == "grad"


def _trials(sitting: Sitting, check: Check, student: Student) -> Iterator[Trial]:
    """What comes of the graphs of a check, as long as none costs a worker.

    Where something is missing or not written, that bears nothing out.
    """
    if set(check.names) & set(student.missing) or set(check.stubs) & student.unwritten:
        return
    programs = _graphs(sitting, check)
    for program, actual in zip(programs, student.run_all(programs), strict=False):
        if isinstance(actual.fault, Fault) and actual.fault.kind in FATAL:
            return
        try:
            yield Trial(program, actual, check.compare(program, actual, sitting.oracles))
        except Disputed:
            continue


def _agrees(model: Variant, other: Check, trial: Trial, sitting: Sitting) -> bool:
    """Whether a model does what the student's did; of an order, whether it is wrong alike.

    How deep a chain a module can sort depends on how it walks, whatever its mistake is.
    """
    if trial.actual.fault is not None:
        return True
    if not model.differs(trial.program):
        return trial.problem is None
    actual = observed(model.text, model.dialect, trial.program)
    if actual.fault is not None:
        return True
    if isinstance(trial.problem, Finding):
        try:
            problem = other.compare(trial.program, actual, sitting.oracles)
        except Disputed:
            return False
        alike = problem is not None and same_problem(trial.problem, problem)
        return alike and _lengths(actual) == _lengths(trial.actual)
    return model.explains(other, trial, sitting.oracles)


def _lengths(observed: Observation) -> list[int]:
    """How many nodes each recorded order lists; which first is a module's own affair."""
    return [len(q.values) for q in observed.quantities if q.name == "order"]
