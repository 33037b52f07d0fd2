"""One submission before one assignment: what was found so far, and what may be wrong by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from harness.judging.check import Assignment, Check, seed_of
from harness.judging.diagnose import Known
from harness.judging.judge import CALCULUS, Oracles, Student, judge
from harness.records.errors import Disputed
from harness.records.observation import Fault, Observation
from harness.records.program import Program
from harness.records.verdict import BROKEN, WRONG, Problem, Status, Verdict


@dataclass
class Sitting:
    """One submission before one assignment."""

    assignment: Assignment
    student: Student
    oracles: Oracles
    seed: str
    verdicts: dict[str, Verdict]
    """Those made so far, by check."""

    def seed_of(self, check: Check, assignment: Assignment | None = None) -> str:
        """What decides the programs of a check."""
        return seed_of(check, assignment or self.assignment, self.seed)

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
        named = frozenset(d.name for v in self.verdicts.values() for d in v.diagnosis)
        return Known(key, key.dialect or self.assignment.dialect, tuple(passed), named)

    @cached_property
    def foundation(self) -> tuple[str, ...]:
        """The foundation, where a check that is about it fails.

        Where that is not known from judging the foundation itself, calculus is judge enough.
        """
        beneath = self.assignment.rests_on
        if beneath is None or not self.assignment.foundation:
            return self.assignment.foundation
        for check in beneath.active:
            seed = self.seed_of(check, beneath)
            broken = self.student.breaks.get((check, seed))
            if broken is None:
                verdict = judge(check, self.student, CALCULUS, seed, brief=True)
                broken = verdict.status in BROKEN
            if broken:
                return self.assignment.foundation
        return ()

    def judge(self, check: Check, student: Student | None = None, *, brief: bool) -> Verdict:
        """The verdict on a check, of the student or of another in its place."""
        seed = self.seed_of(check)
        known = None if brief else self.known
        verdict = judge(check, student or self.student, self.oracles, seed, known, brief=brief)
        if student is None and _tells(verdict):
            self.student.breaks[check, seed] = verdict.status in BROKEN
        return verdict

    def problem(self, check: Check, program: Program, actual: Observation) -> Problem | None:
        """What a check finds wrong with what came of a program; None where the oracles disagree."""
        try:
            return check.compare(program, actual, self.oracles)
        except Disputed:
            return None

    def with_right(self, parts: tuple[str, ...]) -> Student:
        """The student with some parts, and those of their groups, replaced by the answer key's."""
        assert self.assignment.answer_key is not None, "parts are those of an answer key"
        together = dict.fromkeys(each for part in parts for each in self._group(part))
        return self.student.replaced(self.assignment.answer_key.source, tuple(together))

    def _group(self, part: str) -> tuple[str, ...]:
        """A part with those that are replaced together with it."""
        return next((group for group in self.assignment.groups if part in group), (part,))

    def wrong_parts(self, check: Check, *, suspects: bool = False) -> tuple[str, ...]:
        """What may spoil a check that is not about it: the foundation, and what failed so far.

        Args:
            check: which check.
            suspects: count what may be wrong where a check fails, besides what it is about.
        """
        if self.assignment.fitted is None and (
            self.assignment.answer_key is None or self.student.dialect != self.assignment.dialect
        ):
            return ()  # a part that is written in other names fits nowhere
        wrong = [*self.foundation]
        for other in self.assignment.active:
            verdict = self.verdicts.get(other.name)
            if verdict is not None and verdict.status in WRONG:
                wrong += (*other.own, *other.suspects) if suspects else other.own
        return tuple(p for p in dict.fromkeys(wrong) if not {*self._group(p)} & {*check.own})


def _tells(verdict: Verdict) -> bool:
    """Whether a verdict says something of the check, and not of how long others took before it."""
    return not (isinstance(verdict.problem, Fault) and verdict.problem.kind == "budget")
