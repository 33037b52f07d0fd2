"""What a verdict keeps of its program for whoever draws it: numbers, and no more than are shown."""

from __future__ import annotations

from dataclasses import replace

from harness.judging.compare import number_at
from harness.judging.diagnose import Trial
from harness.records.dialect import Dialect
from harness.records.engine import Answers
from harness.records.observation import Number, Observation, Quantity
from harness.records.program import Call, Expression, Training
from harness.records.verdict import Comparison, Evidence, Finding

MOST_KEPT = 64
"""Numbers of a quantity that are kept for a page; no shown program has more nodes."""


def kept(trial: Trial, dialect: Dialect, oracles: Answers) -> Evidence:
    """What a page draws of a program, without the quantities that no page shows.

    Where the comparison did not need the oracles' answers, they are not asked for them.
    """
    program, problem = trial.program, trial.problem
    asked = problem is None or isinstance(problem, Comparison)
    if isinstance(problem, Finding) and isinstance(program, Call):
        asked = bool(program.traced)  # an array of another shape stands beside the right one
    if isinstance(problem, Comparison):
        asked = set(problem.oracles) <= set(oracles.by(program))
    if isinstance(program, Training) and program.detailed:
        asked = False  # each of its steps was judged as a program of its own
    by = oracles.by(program) if asked else ()
    expected = tuple(_drawn(trial, answer) for answer in oracles.expected(program)) if asked else ()
    spelling = replace(dialect, prelude="")  # nothing on a page is run
    return Evidence(program, by, _drawn(trial, trial.actual), expected, problem, spelling)


def always(trials: tuple[Trial, ...], dialect: Dialect, oracles: Answers) -> Evidence | None:
    """What is drawn of a check whatever comes of it: a plot."""
    program = trials[0].program
    curves = [s for s in trials if isinstance(s.program, Training) and not s.program.detailed]
    if len(curves) == len(trials):
        return kept(max(curves, key=_epochs), dialect, oracles)
    if len(trials) == 1 and isinstance(program, Expression) and program.sweep:
        return kept(trials[0], dialect, oracles)
    return None


def _epochs(trial: Trial) -> int:
    return trial.program.epochs if isinstance(trial.program, Training) else 0


def _drawn(trial: Trial, observed: Observation) -> Observation:
    """The quantities that a page shows: one gradient of each node, the loss of each epoch."""
    program, problem = trial.program, trial.problem
    if isinstance(program, Training):
        quantities = tuple(q for q in observed.quantities if q.name == "loss")
    elif isinstance(program, Expression) and program.sweep:
        quantities = _swept(program, observed)
    elif isinstance(program, Expression):
        wrong = problem.step if isinstance(problem, Comparison) else -1
        last = program.backwards[-1][0] if program.backwards else -1
        step = last if wrong < 0 else wrong
        quantities = tuple(
            q for q in observed.quantities if q.name in ("value", "order") or q.step == step >= 0
        )
    else:
        quantities = observed.quantities
    small = tuple(q for q in quantities if len(q.values) <= MOST_KEPT)
    return replace(observed, quantities=small)


def _swept(program: Expression, observed: Observation) -> tuple[Quantity, ...]:
    """The gradient of each leaf after the backward() of its own graph, as one quantity."""
    values: list[Number] = [None] * len(program.leaves)
    types = ["float"] * len(program.leaves)
    for leaf, (step, _) in zip(program.sweep, program.backwards, strict=True):
        values[leaf], types[leaf] = number_at(observed.get("grad", step), leaf)
    if all(value is None for value in values):
        return ()
    return (Quantity("grad", program.backwards[-1][0], tuple(values), tuple(types)),)
