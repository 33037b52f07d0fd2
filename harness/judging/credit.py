"""One mistake costs once: judge a failing check with right parts in the place of wrong ones.

Where it passes then, it is credited, and the parts that had to be replaced are named. Where it
still fails, the mistake is its own. Only the text of the replaced parts goes into the worker, and
what a check is about is never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.judging import stops
from harness.judging.check import Assignment, Check
from harness.judging.diagnose import Known
from harness.judging.judge import Oracles, Student, judge, problem_of
from harness.programs.replacement import REPLACEMENT, functions
from harness.records.errors import Disputed
from harness.records.observation import Fault
from harness.records.verdict import BROKEN, WRONG, Finding, Status, Verdict


@dataclass(frozen=True)
class Sitting:
    """One submission before one assignment."""

    assignment: Assignment
    student: Student
    oracles: Oracles
    seed: str
    verdicts: dict[str, Verdict]
    """Those made so far, by check."""

    def seed_of(self, check: Check) -> str:
        """What decides the programs of a check."""
        return f"{self.seed}/{self.assignment.name}/{check.name}"

    @property
    def known(self) -> Known | None:
        """By which mistakes can be named; None without an answer key."""
        key = self.assignment.answer_key
        passed = [
            (check, self.seed_of(check))
            for check in self.assignment.active
            if check.name in self.verdicts and self.verdicts[check.name].status is Status.PASSED
        ]
        if key is None:
            return None
        return Known(key, key.dialect or self.assignment.dialect, tuple(passed))

    def judge(self, check: Check, student: Student | None = None, *, brief: bool) -> Verdict:
        """The verdict on a check, of the student or of another in its place."""
        seed = self.seed_of(check)
        known = None if brief else self.known
        return judge(check, student or self.student, self.oracles, seed, known, brief=brief)

    def with_right(self, parts: tuple[str, ...]) -> Student:
        """The student with some parts replaced by those of the answer key."""
        assert self.assignment.answer_key is not None, "parts are those of an answer key"
        return self.student.replaced(self.assignment.answer_key.source, parts)

    def wrong_parts(self, check: Check) -> tuple[str, ...]:
        """What may spoil a check that is not about it: the foundation, and what failed so far."""
        if self.assignment.fitted is None and (
            self.assignment.answer_key is None or self.student.dialect != self.assignment.dialect
        ):
            return ()  # a part that is written in other names fits nowhere
        wrong = [*self.assignment.foundation]
        for other in self.assignment.active:
            verdict = self.verdicts.get(other.name)
            if verdict is not None and verdict.status in WRONG:
                wrong += other.own
        return tuple(part for part in dict.fromkeys(wrong) if part not in check.own)


def checked(sitting: Sitting, check: Check) -> Verdict:
    """The verdict on a check with its points, by itself where others have failed before it."""
    if check.absent:
        out_of = check.points if sitting.assignment.counts(check) else 0.0
        finding = Finding(check.absent, (("name", check.name),))
        return Verdict(check.name, check.exercise, Status.ABSENT, out_of=out_of, problem=finding)
    if check.loads and sitting.student.load() is None:
        return stops.verdict(sitting.assignment, check, sitting.student)
    if sitting.student.load() is not None:
        return sitting.judge(check, brief=True)
    earlier = sitting.verdicts
    needs = [earlier[name] for name in check.needs if name in earlier]
    parts, blocked = sitting.wrong_parts(check), _roots(needs)
    if any(_ran_out_of_time(verdict) for verdict in needs):
        alone = _alone(sitting, check, parts, hangs=True)
        skipped = Verdict(check.name, check.exercise, Status.SKIPPED, out_of=check.points)
        return alone or replace(skipped, blocked_by=blocked)
    verdict = sitting.judge(check, brief=bool(parts or blocked))
    if verdict.status is Status.PASSED:
        return replace(verdict, points=check.points)
    if verdict.status is Status.INCONCLUSIVE:
        # Nobody loses points where the oracles disagree: the check leaves the sum on both sides.
        return replace(verdict, out_of=0.0)
    if _is_somebodys(sitting, check, verdict, parts):
        alone = _alone(sitting, check, parts, hangs=False)
        if alone is not None:
            credited = alone.status in (Status.CREDITED, Status.SKIPPED)
            return replace(alone, evidence=verdict.evidence) if credited else alone
    if blocked and not _is_own(verdict):
        return replace(verdict, status=Status.SKIPPED, problem=None, blocked_by=blocked)
    return sitting.judge(check, brief=False) if parts or blocked else verdict


def _is_somebodys(sitting: Sitting, check: Check, verdict: Verdict, parts: tuple[str, ...]) -> bool:
    """Whether something that the student wrote is left to judge when the parts are replaced."""
    left = set(check.stubs) - functions(parts, sitting.student.dialect) - sitting.student.unwritten
    if _is_own(verdict):
        left -= sitting.assignment.given
    if check.names and not check.stubs:
        holders = {name.rpartition(".")[0] for name in check.names}
        left = set(check.names) - holders - set(parts)
    return bool(left or not (check.stubs or check.names)) and _is_there(sitting, check)


def _is_there(sitting: Sitting, check: Check) -> bool:
    """Whether a module has most of what a check calls, the foundation aside."""
    foundation = sitting.assignment.foundation
    called = {name for name in check.names if not name.startswith(foundation)}
    return 2 * len(called & {*sitting.student.missing}) < len(called) or not called


def _alone(
    sitting: Sitting, check: Check, parts: tuple[str, ...], *, hangs: bool
) -> Verdict | None:
    """The verdict on a failing check with right parts in the place of wrong ones.

    None where our parts do not fit the student's, or tell nothing new. What hangs is not run
    again as it stands.
    """
    if not parts:
        return None
    if sitting.assignment.fitted is not None:
        return None if hangs else _sparing(sitting, check, parts)
    wrong = tuple(part for part in parts if part not in sitting.assignment.foundation)
    if wrong and wrong != parts:  # the foundation is suspected of everything, and seldom wrong
        verdict = sitting.judge(check, sitting.with_right(wrong), brief=True)
        if verdict.status is Status.PASSED:
            blamed = wrong if hangs else _necessary(sitting, check, wrong)
            return _credited(sitting, check, replace(verdict, replaced=blamed))
    other = sitting.with_right(parts)
    verdict = sitting.judge(check, other, brief=False)
    if verdict.status is Status.PASSED:
        blamed = parts if hangs else _necessary(sitting, check, parts)
        return _credited(sitting, check, replace(verdict, replaced=blamed))
    if verdict.status not in BROKEN or _is_own(verdict):
        return None
    if not _fit(sitting, other, verdict, parts):
        return None if hangs else _sparing(sitting, check, parts)
    stands = not hangs and _stands(sitting, check, verdict)
    return verdict if stands else replace(verdict, replaced=parts)


def _credited(sitting: Sitting, check: Check, verdict: Verdict) -> Verdict:
    """The verdict on a check that passes but for the mistakes of others."""
    return replace(verdict, status=Status.CREDITED, points=check.points)


def _stands(sitting: Sitting, check: Check, verdict: Verdict) -> bool:
    """Whether the submission as it stands shows the same problem by the same program."""
    if verdict.program is None:
        return False
    try:
        problem = problem_of(check, verdict.program, sitting.student, sitting.oracles)
    except Disputed:
        return False
    return problem == verdict.problem


def _fit(sitting: Sitting, other: Student, verdict: Verdict, parts: tuple[str, ...]) -> bool:
    """Whether right parts work inside the student's module, so that a failure is the student's.

    A module that keeps its graph in its own way does not notice what our functions build; then
    the checks that are about the replaced parts fail too, though those parts are ours.
    """
    misfit = isinstance(verdict.problem, Fault) and verdict.problem.where == REPLACEMENT
    if misfit or other.load() is not None:
        return False
    controls = [check for check in sitting.assignment.active if set(check.own) & set(parts)]
    return all(sitting.judge(c, other, brief=True).status not in BROKEN for c in controls)


def _sparing(sitting: Sitting, check: Check, parts: tuple[str, ...]) -> Verdict | None:
    """The verdict on a check by programs that make no use of the wrong parts, if there are any."""
    seed = sitting.seed_of(check)
    programs = check.sparing(seed, parts) if check.sparing is not None else ()
    if not programs:
        return None
    spared = replace(check, programs=lambda seed: programs)
    verdict = sitting.judge(spared, brief=False)
    if verdict.status is Status.PASSED:
        return _credited(sitting, check, replace(verdict, spared=parts))
    return verdict if verdict.status in BROKEN else None


def _necessary(sitting: Sitting, check: Check, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the parts without whose replacement the check fails; all where none is by itself."""
    if len(parts) == 1:
        return parts
    needed = []
    for part in parts:
        rest = tuple(other for other in parts if other != part)
        if sitting.judge(check, sitting.with_right(rest), brief=True).status in BROKEN:
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
    stopped = isinstance(verdict.problem, Fault) and verdict.problem.kind in (
        "timeout",
        "waited",
        "budget",
    )
    return stopped or (verdict.status is Status.SKIPPED and not verdict.tried)
