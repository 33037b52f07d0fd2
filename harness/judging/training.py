"""Judge a training run step by step and as a curve.

Step by step (teacher forcing): from the parameters that the student's run had before each step
the oracles compute predictions, loss, gradients and updated parameters, so rounding never piles
up and the first wrong quantity is named. As a curve: the oracles train by themselves from the
same start, and the tolerance grows as their own runs drift apart.
"""

from __future__ import annotations

from dataclasses import replace

from harness.judging import compare
from harness.judging.remembered import remembered
from harness.programs.training import forced, radius
from harness.records.engine import Answers
from harness.records.errors import Disputed
from harness.records.observation import Observation
from harness.records.program import Program, Training
from harness.records.verdict import Compare, Comparison, Finding, Problem

CURVE = 1e-9
"""Relative tolerance of a loss curve: right runs of the lecture's MLP, in any order of summation,
were measured to stay within 8e-13 of each other over 1,000 epochs and 8 learning rates."""
DRIFT = 100.0
"""How much further than the oracles from each other a student may be from them."""
HUGE = 1e60
"""Parameters beyond it are not judged: products of four of them come near overflow."""
DIVERGED = 1e-6
"""Relative drift of the oracles beyond which a curve is no evidence."""


def steps(by: str) -> Compare:
    """A comparison that finds the first epoch, and the first quantity in it, that are wrong.

    Args:
        by: by whose word gradients are 0 after zeroing: "the lecture".
    """

    def compare(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        assert isinstance(program, Training), "training is judged on a training program"
        if actual.fault is not None:
            return actual.fault
        for epoch in range(program.epochs):
            wrong = _zeroed(program, actual, epoch, by) or _epoch(
                program, actual, epoch, answers, by
            )
            if isinstance(wrong, Comparison):
                return replace(wrong, epoch=epoch)
            if wrong is not None:
                return wrong
        return None

    return remembered(compare)


@remembered
def curve(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first epoch whose loss leaves the oracles' curves.

    Raises:
        Disputed: the oracles' own runs drift so far apart that the curve is no evidence.
    """
    assert isinstance(program, Training), "training is judged on a training program"
    if actual.fault is not None:
        return actual.fault
    drift = 0.0
    for epoch in range(program.epochs):
        drift = max(drift, _drift(answers.expected(program), "loss", epoch))
        wrong = drifting(actual, answers, program, "loss", epoch, ["loss.value"], drift)
        if wrong is not None:
            return replace(wrong, epoch=epoch)
    return None


def drifting(
    actual: Observation,
    answers: Answers,
    program: Program,
    name: str,
    step: int,
    subjects: list[str],
    drift: float = 0.0,
    off: float = 0.0,
) -> Comparison | None:
    """The first number of a long run that is further from the oracles than runs drift apart.

    Args:
        actual: what the student's module did.
        answers: what the oracles say.
        program: the run.
        name: the quantity.
        step: the epoch, or -1 for what stands at the end.
        subjects: how the program spells each number.
        drift: by how much the oracles have parted before.
        off: how far a right number may be from the true one, where that is known.

    Raises:
        Disputed: the oracles' own runs part, or none of them was asked.
    """
    runs = answers.expected(program)
    if any(run.get(name, step) is None for run in runs):
        raise Disputed(f"no oracle was asked what {name} is at the end of a run")
    rows = [run.numbers(name, step) for run in runs]
    drift = max(drift, _drift(runs, name, step))
    size = max(map(abs, rows[0]))
    if not drift <= DIVERGED * size:
        raise Disputed(f"the oracles' runs part in {name} at epoch {step} by {drift!r}")
    radius = (max(CURVE * size / 2, DRIFT * drift / 2, off),) * len(subjects)
    every = range(len(subjects))
    return compare.first_wrong(
        name, step, actual, subjects, rows, radius, every, answers.by(program)
    )


def _drift(runs: tuple[Observation, ...], name: str, step: int) -> float:
    """How far the oracles are from each other."""
    rows = zip(*(run.numbers(name, step) for run in runs), strict=True)
    return max((max(row) - min(row) for row in rows), default=0.0)


def exploded(parameters: tuple[float, ...], subjects: tuple[str, ...]) -> Finding | None:
    """The first parameter that is too large to be judged: its square would overflow soon."""
    for parameter, subject in zip(parameters, subjects, strict=True):
        if not abs(parameter) < HUGE:
            return Finding("exploded", (("name", subject), ("value", repr(parameter))))
    return None


def _zeroed(program: Training, actual: Observation, epoch: int, by: str) -> Comparison | None:
    subjects = [*program.subjects("grad")]
    zeros, every = (0.0,) * len(subjects), range(len(subjects))
    return compare.first_wrong("zeroed", epoch, actual, subjects, [zeros], zeros, every, (by,))


def _epoch(
    program: Training, actual: Observation, epoch: int, answers: Answers, by: str
) -> Comparison | Finding | None:
    before = [compare.number_at(actual.get("before", epoch), i) for i in range(len(program.start))]
    if any(number is None for number, _ in before):
        i = next(i for i, (number, _) in enumerate(before) if number is None)
        kind, subject = before[i][1], program.subjects("after")[i]
        return Comparison("before", subject, epoch, (by,), program.start[i], None, kind, 0.0, False)
    start = tuple(float(number or 0.0) for number, _ in before)
    huge = exploded(start, program.subjects("after"))
    if huge is not None:
        return huge
    single = forced(program, start)
    expected = answers.expected(single)
    for traced in single.traced:
        rows = [answer.numbers(traced.quantity, 0) for answer in expected]
        wrong = compare.first_wrong(
            traced.quantity,
            epoch,
            actual,
            list(traced.subjects),
            rows,
            radius(single, traced),
            range(len(traced.nodes)),
            answers.by(single),
        )
        if wrong is not None:
            return wrong
    return None
