"""Verdicts to points: every check of an assignment on one submission, under its rubric.

All checks are judged in one worker, in the order of the table but for what a check needs, which
comes before it; so a verdict does not depend on which checks somebody wishes to see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from harness.judging import flags, stops
from harness.judging.agreement import agreed
from harness.judging.alone import shown_alone
from harness.judging.check import Assignment, Check
from harness.judging.credit import checked
from harness.judging.judge import Oracles, Student
from harness.judging.needs import in_order
from harness.judging.reconsider import reconsider
from harness.judging.sitting import Sitting
from harness.judging.words import convention, worded
from harness.records.observation import Fault
from harness.records.verdict import (
    BROKEN,
    RAISED,
    Convention,
    Finding,
    Grade,
    Problem,
    Status,
    Verdict,
)


def grade(assignment: Assignment, student: Student, oracles: Oracles, seed: str) -> Grade:
    """Judges every active check of an assignment and adds up the points."""
    sitting = Sitting(assignment, student, oracles, seed, {})
    for check in in_order(assignment.active):
        sitting.verdicts[check.name] = checked(sitting, check)
    reconsider(sitting)
    agreed(sitting)
    shown_alone(sitting)
    judged = tuple(sitting.verdicts[check.name] for check in assignment.active)
    judged += flags.raised(assignment, student, oracles, seed, judged)
    judged += stops.noted(assignment, student)
    graded = Grade(
        student.submission.name,
        student.submission.digest,
        assignment.name,
        seed,
        tuple(worded(v, assignment, student.dialect) for v in judged),
        0.0,
        0.0,
        _conventions(assignment, student, judged),
    )
    return counted(assignment, graded)


def counted(assignment: Assignment, graded: Grade) -> Grade:
    """A grade with the points that an assignment's rubric gives its verdicts; nothing is run.

    What was counted before, under whatever points, is counted alike.
    """
    if graded.unreadable:
        total = sum(worth(assignment, check) for check in assignment.active)
        hidden = any(check.hidden for check in assignment.active)
        verdicts = tuple(replace(v, out_of=total, hidden=hidden) for v in graded.verdicts)
        return replace(graded, verdicts=verdicts, points=0.0, out_of=total)
    checks = {check.name: check for check in assignment.active}
    earned = tuple(_earned(assignment, checks.get(v.check), v) for v in graded.verdicts)
    points, out_of = settle(assignment, earned)
    return replace(
        graded,
        verdicts=tuple(_counted(assignment, checks.get(v.check), v) for v in earned),
        points=points,
        out_of=out_of,
    )


def _earned(assignment: Assignment, check: Check | None, verdict: Verdict) -> Verdict:
    """A verdict with the points of the assignment's table."""
    if check is None:
        return verdict
    status = verdict.status
    if status is Status.CREDITED and assignment.strict:
        status = Status.SKIPPED
    points = check.points if status in (Status.PASSED, Status.CREDITED) else 0.0
    out_of = check.points
    if status is Status.INCONCLUSIVE:
        out_of = 0.0
    if status is Status.ABSENT:
        kind = verdict.problem.kind if isinstance(verdict.problem, Finding) else ""
        out_of = check.points if assignment.absent_costs and kind == "absent" else 0.0
    return replace(
        verdict,
        status=status,
        points=points,
        out_of=out_of,
        hidden=check.hidden,
        visibility=check.visibility,
    )


def settle(assignment: Assignment, verdicts: tuple[Verdict, ...]) -> tuple[float, float]:
    """The points of an assignment and the points there are: bonus, then cap, then total.

    Args:
        assignment: whose rules.
        verdicts: with the points of its table, not yet scaled to its total.
    """
    bonus = {check.name for check in assignment.checks if check.bonus}
    points = sum(verdict.points for verdict in verdicts)
    out_of = sum(verdict.out_of for verdict in verdicts if verdict.check not in bonus)
    if assignment.cap is not None:
        points = min(points, assignment.cap)
    return _scaled(assignment, points), _scaled(assignment, out_of)


def worth(assignment: Assignment, check: Check) -> float:
    """What a check adds to the points there are: scaled to the total, and nothing for a bonus."""
    counts = assignment.counts(check) and not check.bonus
    return _scaled(assignment, check.points) if counts else 0.0


def _counted(assignment: Assignment, check: Check | None, verdict: Verdict) -> Verdict:
    """A verdict as it counts: so that rows add up to the sum, but for a cap."""
    if check is None or (assignment.total is None and not check.bonus):
        return verdict
    out_of = 0.0 if check.bonus else _scaled(assignment, verdict.out_of)
    return replace(verdict, points=_scaled(assignment, verdict.points), out_of=out_of)


def _scaled(assignment: Assignment, points: float) -> float:
    if assignment.total is None:
        return points
    counted = [check for check in assignment.active if assignment.counts(check)]
    plain = sum(check.points for check in counted if not check.bonus)
    return points * assignment.total / plain if plain else points


FEEDBACK = ("none", "exercise", "sentence", "program")
"""How much a student is told: points alone, points by exercise, what is wrong, and by which
program it shows."""
NOT_TOLD = "not told"
"""The seed of a student's grade with hidden checks."""


def within_feedback(graded: Grade, feedback: str) -> Grade:
    """The part of a grade that a student is told; the points are the same in each.

    Of a hidden check the student is told how many programs failed; and no seed, because it says
    which programs they are.
    """
    if any(verdict.hidden for verdict in graded.verdicts):
        graded = replace(graded, seed=NOT_TOLD)
    if graded.unreadable:
        return graded
    if feedback in ("sentence", "program"):
        return replace(graded, verdicts=tuple(shown(v, feedback) for v in graded.verdicts))
    groups: dict[str, list[Verdict]] = {}
    for verdict in graded.verdicts:
        if verdict.status not in RAISED:
            name = verdict.exercise if feedback == "exercise" else "everything"
            groups.setdefault(name, []).append(verdict)
    rows = tuple(_sum(name, row) for name, row in groups.items())
    if feedback == "none":
        # One row is the whole: a cap holds for it.
        rows = tuple(
            replace(row, exercise="", points=graded.points, out_of=graded.out_of) for row in rows
        )
    return replace(graded, verdicts=rows)


STAGES = ("before_due", "after_due", "after_published")
"""When a student reads: a check that is visible after one of them is visible in the next."""


def visible(graded: Grade, stage: str) -> Grade:
    """A grade without the checks that a student may not see yet; the points are the same.

    Args:
        graded: the whole grade.
        stage: one of STAGES.
    """
    released = ("always", *STAGES[1 : STAGES.index(stage) + 1])
    verdicts = tuple(verdict for verdict in graded.verdicts if verdict.visibility in released)
    withheld = len(graded.verdicts) - len(verdicts)
    return replace(graded, verdicts=verdicts, withheld=withheld) if withheld else graded


def for_student(graded: Grade, feedback: str, stage: str, *, hides: bool = False) -> Grade:
    """A grade as a student may read it: what is visible, as deep as the feedback goes.

    Args:
        graded: the whole grade.
        feedback: one of FEEDBACK; where it sums checks up, what is hidden is in no sum.
        stage: one of STAGES.
        hides: whether who shows it hides a check by itself until it may be seen.
    """
    if not hides or feedback in ("none", "exercise"):
        graded = visible(graded, stage)
    return within_feedback(graded, feedback)


def with_one_seed(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Grades of one submission: where the seed of one is not told, it is told in none."""
    all_of = tuple(grades)
    if any(graded.seed == NOT_TOLD for graded in all_of):
        return tuple(replace(graded, seed=NOT_TOLD) for graded in all_of)
    return all_of


def once(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Grades of one submission, each note and each flag in the first of them alone."""
    known: set[Problem | None] = set()
    kept = []
    for graded in with_one_seed(grades):
        notes = [v for v in graded.verdicts if v.status in RAISED]
        old = {v.check for v in notes if v.problem in known}
        known |= {v.problem for v in notes}
        verdicts = tuple(v for v in graded.verdicts if v.check not in old)
        kept.append(replace(graded, verdicts=verdicts))
    return tuple(kept)


def only(graded: Grade, exercise: str) -> Grade:
    """A grade with one exercise or one check and their points; whole where none is named."""
    if not exercise or graded.unreadable:
        return graded
    graded = replace(graded, conventions=())
    own = tuple(v for v in graded.verdicts if exercise in (v.exercise, v.check))
    if own == graded.verdicts:
        return graded  # a cap may cut what its checks add up to
    won, out_of = sum(v.points for v in own), sum(v.out_of for v in own)
    return replace(graded, verdicts=own, points=won, out_of=out_of)


def shown(verdict: Verdict, feedback: str) -> Verdict:
    """The part of one verdict that a student is told by a sentence or by a program."""
    if verdict.hidden:
        verdict = replace(verdict, before=(), keeps_state=False, steady=True)
        return replace(verdict, problem=None, program=None, diagnosis=(), evidence=None)
    if feedback == "program":
        return verdict
    return replace(verdict, program=None, before=(), evidence=None)


def _sum(name: str, verdicts: list[Verdict]) -> Verdict:
    """Verdicts as one, without reasons."""
    broken = any(verdict.status in (*BROKEN, Status.CREDITED) for verdict in verdicts)
    won, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    status = Status.FAILED if broken else Status.PASSED
    return Verdict(name, verdicts[0].exercise, status, won, out_of)


def unreadable(
    assignment: Assignment, name: str, reason: str, seed: str, fault: Fault | None = None
) -> Grade:
    """The grade of a submission that could not be read: one failed verdict.

    Args:
        assignment: for which it was handed in.
        name: what it is called.
        reason: why it could not be read.
        seed: of the grade.
        fault: the syntax error that is the reason, if one is.
    """
    facts = [("reason", reason)]
    if fault is not None and fault.text and fault.column:
        facts += [("text", fault.text), ("column", str(fault.column))]
    finding = Finding("unreadable", tuple(facts))
    verdict = Verdict("readable", "", Status.FAILED, problem=finding)
    graded = Grade(name, "", assignment.name, seed, (verdict,), 0.0, 0.0, unreadable=reason)
    return counted(assignment, graded)


def _conventions(
    assignment: Assignment, student: Student, verdicts: tuple[Verdict, ...]
) -> tuple[Convention, ...]:
    """What a submission does where the assignment leaves it open.

    A probe is left out where a check has stopped with the exception that the probe is about.
    """
    if student.load() is not None:
        return ()
    missing = set(student.missing)
    raised = {v.problem.exception for v in verdicts if isinstance(v.problem, Fault)}
    probes = [
        probe
        for probe in assignment.probes
        if not missing & set(probe.names) and probe.unless not in raised
    ]
    observed = student.run_all(tuple(probe.program for probe in probes))
    return tuple(
        convention(probe, probe.read(actual), assignment)
        for probe, actual in zip(probes, observed, strict=True)
    )
