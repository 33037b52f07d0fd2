"""Verdicts to points: every check of an assignment on one submission; one mistake costs once.

All checks are judged, in the order of the table, in one worker; so a check's verdict does not
depend on which checks somebody wishes to see. A check that fails is judged again with right
parts in the place of those that failed before it: where it passes then, it is credited.
"""

from __future__ import annotations

from dataclasses import replace

from harness import flags
from harness.assignment import Assignment, Check
from harness.dialect import REPLACEMENT, functions
from harness.errors import Disputed
from harness.judge import Oracles, Student, judge, problem_of
from harness.model import Convention, Fault, Finding, Grade, Source, Status, Verdict

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


FEEDBACK = ("none", "exercise", "sentence", "program")
"""How much a student is told: points alone, points by exercise, what is wrong, and by which
program it shows."""


def told(graded: Grade, feedback: str) -> Grade:
    """The part of a grade that a student is told; the points are the same in each."""
    if feedback == "program" or graded.unreadable:
        return graded
    if feedback == "sentence":
        return replace(graded, verdicts=tuple(replace(v, program=None) for v in graded.verdicts))
    groups: dict[str, list[Verdict]] = {}
    for verdict in graded.verdicts:
        if verdict.status is not Status.FLAGGED:
            name = verdict.exercise if feedback == "exercise" else "everything"
            groups.setdefault(name, []).append(verdict)
    return replace(graded, verdicts=tuple(_sum(name, row) for name, row in groups.items()))


def _sum(name: str, verdicts: list[Verdict]) -> Verdict:
    """Verdicts as one, without reasons."""
    broken = any(verdict.status in (*BROKEN, Status.CREDITED) for verdict in verdicts)
    won, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    status = Status.FAILED if broken else Status.PASSED
    return Verdict(name, verdicts[0].exercise, status, won, out_of)


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
    text = f"{seed}/{assignment.name}/{check.name}"
    key = assignment.answer_key
    parts = _wrong_parts(assignment, check, earlier)
    if any(_ran_out_of_time(verdict) for verdict in needs):
        alone = _alone(assignment, check, parts, student, oracles, text, hangs=True)
        skipped = Verdict(check.name, check.exercise, Status.SKIPPED, out_of=check.points)
        return alone or replace(skipped, blocked_by=_roots(needs))
    blocked = _roots(needs)
    verdict = judge(check, student, oracles, text, key, brief=bool(parts or blocked))
    if verdict.status is Status.PASSED:
        return replace(verdict, points=check.points)
    if verdict.status is Status.INCONCLUSIVE:
        # Nobody loses points where the oracles disagree: the check leaves the sum on both sides.
        return replace(verdict, out_of=0.0)
    if student.load() is not None:
        return verdict
    if _is_somebodys(assignment, check, verdict, parts, student):
        alone = _alone(assignment, check, parts, student, oracles, text, hangs=False)
        if alone is not None:
            return alone
    if blocked and not _is_own(verdict):
        return replace(verdict, status=Status.SKIPPED, problem=None, blocked_by=blocked)
    return judge(check, student, oracles, text, key) if parts or blocked else verdict


def _is_somebodys(
    assignment: Assignment,
    check: Check,
    verdict: Verdict,
    parts: tuple[str, ...],
    student: Student,
) -> bool:
    """Whether something that the student wrote is left to judge when the parts are replaced."""
    left = set(check.stubs) - functions(parts) - student.unwritten
    if _is_own(verdict):
        left -= assignment.given
    return bool(left or not check.stubs)


def _wrong_parts(
    assignment: Assignment, check: Check, earlier: dict[str, Verdict]
) -> tuple[str, ...]:
    """What may spoil a check though it is not about it: the foundation, and what failed so far."""
    if assignment.answer_key is None:
        return ()
    wrong = [*assignment.foundation]
    for other in assignment.active:
        if other.name in earlier and earlier[other.name].status in (Status.FAILED, Status.FAULTED):
            wrong += other.own
    return tuple(part for part in dict.fromkeys(wrong) if part not in check.own)


def _alone(
    assignment: Assignment,
    check: Check,
    parts: tuple[str, ...],
    student: Student,
    oracles: Oracles,
    seed: str,
    *,
    hangs: bool,
) -> Verdict | None:
    """The verdict on a failing check with right parts in the place of wrong ones.

    None where our parts do not fit the student's, or tell nothing new. What hangs is not run
    again as it stands.
    """
    key = assignment.answer_key
    if key is None or not parts:
        return None
    other = student.replaced(key.source, parts)
    verdict = judge(check, other, oracles, seed, key)
    if verdict.status is Status.PASSED:
        status = Status.SKIPPED if assignment.strict else Status.CREDITED
        blamed = parts
        if not hangs:
            blamed = _necessary(check, parts, key.source, student, oracles, seed)
        points = 0.0 if assignment.strict else check.points
        return replace(verdict, status=status, points=points, replaced=blamed)
    misfit = isinstance(verdict.problem, Fault) and verdict.problem.where == REPLACEMENT
    if verdict.status not in BROKEN or misfit or _is_own(verdict) or other.load() is not None:
        return None
    if verdict.program is not None and not hangs:
        try:
            stands = problem_of(check, verdict.program, student, oracles)
        except Disputed:
            stands = None
        if stands == verdict.problem:
            return verdict
    return replace(verdict, replaced=parts)


def _necessary(
    check: Check,
    parts: tuple[str, ...],
    key: Source,
    student: Student,
    oracles: Oracles,
    seed: str,
) -> tuple[str, ...]:
    """Those of the parts without whose replacement the check fails; all where none is by itself."""
    if len(parts) == 1:
        return parts
    needed = []
    for part in parts:
        rest = tuple(other for other in parts if other != part)
        verdict = judge(check, student.replaced(key, rest), oracles, seed, brief=True)
        if verdict.status in BROKEN:
            needed.append(part)
    return tuple(needed) or parts


def _is_own(verdict: Verdict) -> bool:
    """Whether the problem is that something is not there, which no other check explains."""
    own = ("missing", "not_written")
    return isinstance(verdict.problem, Finding) and verdict.problem.kind in own


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
