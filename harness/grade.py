"""Verdicts to points: every check of an assignment on one submission, and what blocks what.

All checks are judged, in the order of the table, in one worker; so a check's verdict does not
depend on which checks somebody wishes to see.
"""

from __future__ import annotations

from dataclasses import replace

from harness import flags
from harness.assignment import Assignment, Check
from harness.judge import Oracles, Student, judge
from harness.model import Convention, Fault, Finding, Grade, Status, Verdict

BROKEN = (Status.FAILED, Status.FAULTED, Status.SKIPPED)


def grade(assignment: Assignment, student: Student, oracles: Oracles, seed: str) -> Grade:
    """Judges every active check of an assignment and adds up the points."""
    verdicts: dict[str, Verdict] = {}
    for check in assignment.active:
        verdicts[check.name] = _checked(assignment, check, verdicts, student, oracles, seed)
    judged = tuple(verdicts.values())
    judged += flags.raised(assignment, student, oracles, seed, judged)
    return Grade(
        student.submission.name,
        student.submission.digest,
        assignment.name,
        seed,
        judged,
        sum(verdict.points for verdict in judged),
        sum(verdict.out_of for verdict in judged),
        _conventions(assignment, student),
    )


def unreadable(assignment: Assignment, name: str, reason: str, seed: str) -> Grade:
    """The grade of a submission that could not be read: one failed verdict."""
    total = sum(check.points for check in assignment.active)
    finding = Finding("unreadable", (("reason", reason),))
    verdict = Verdict("readable", "", Status.FAILED, out_of=total, problem=finding)
    return Grade(name, "", assignment.name, seed, (verdict,), 0.0, total, unreadable=reason)


def _checked(
    assignment: Assignment,
    check: Check,
    earlier: dict[str, Verdict],
    student: Student,
    oracles: Oracles,
    seed: str,
) -> Verdict:
    needs = [earlier[name] for name in check.needs if name in earlier]
    broken = _roots(needs)
    if any(_ran_out_of_time(verdict) for verdict in needs):
        return Verdict(
            check.name, check.exercise, Status.SKIPPED, out_of=check.points, blocked_by=broken
        )
    verdict = judge(check, student, oracles, f"{seed}/{assignment.name}/{check.name}")
    own = isinstance(verdict.problem, Finding) and verdict.problem.kind in (
        "missing",
        "not_written",
    )
    if verdict.status in BROKEN and broken and not own and student.load() is None:
        return replace(
            verdict, status=Status.SKIPPED, problem=None, program=None, blocked_by=broken
        )
    if verdict.status is Status.PASSED:
        return replace(verdict, points=check.points)
    if verdict.status is Status.INCONCLUSIVE:
        # Nobody loses points where the oracles disagree: the check leaves the sum on both sides.
        return replace(verdict, out_of=0.0)
    return verdict


def _roots(needs: list[Verdict]) -> tuple[str, ...]:
    """The checks to mend first: where a need was itself blocked, what blocks it."""
    named = [
        verdict.blocked_by if verdict.status is Status.SKIPPED else (verdict.check,)
        for verdict in needs
        if verdict.status in BROKEN
    ]
    return tuple(dict.fromkeys(name for names in named for name in names))


def _ran_out_of_time(verdict: Verdict) -> bool:
    stopped = isinstance(verdict.problem, Fault) and verdict.problem.kind in ("timeout", "budget")
    return stopped or (verdict.status is Status.SKIPPED and not verdict.tried)


def _conventions(assignment: Assignment, student: Student) -> tuple[Convention, ...]:
    if student.load() is not None:
        return ()
    missing = set(student.missing)
    return tuple(
        Convention(probe.name, probe.read(student.run(probe.program)))
        for probe in assignment.probes
        if not missing & set(probe.names)
    )
