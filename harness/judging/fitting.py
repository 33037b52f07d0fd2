"""Whether right parts work inside a student's module, and what the module shows without them."""

from __future__ import annotations

from dataclasses import replace

from harness.judging.check import Check, programs_of
from harness.judging.judge import FATAL, Student
from harness.judging.sitting import Sitting
from harness.programs.replacement import REPLACEMENT
from harness.records.observation import Fault
from harness.records.program import Program
from harness.records.verdict import BROKEN, Finding, Problem, Status, Verdict


def as_handed_in(
    sitting: Sitting, check: Check, verdict: Verdict, parts: tuple[str, ...]
) -> Verdict:
    """The verdict on a check that fails with right parts too, by what the module itself shows.

    The numbers that a student reads are those of the module as handed in: of the same program
    where it fails alike, else of one that does, else of any that fails.
    """
    seed = sitting.seed_of(check)
    programs = (*([verdict.program] if verdict.program else []), *programs_of(check, seed))
    alike: tuple[Program, Problem] | None = None
    failing: tuple[Program, Problem] | None = None
    other = sitting.with_right(parts)
    for program in programs:
        problem = sitting.problem(check, program, sitting.student.run(program))
        if problem is None:
            continue
        if _is_fatal(problem):
            break
        if program == verdict.program and _alike(problem, verdict.problem):
            return replace(verdict, problem=problem)
        failing = failing or (program, problem)
        if _alike(problem, sitting.problem(check, program, other.run(program))):
            alike = program, problem
            break
    chosen = alike or failing
    if chosen is None:
        return replace(verdict, replaced=parts)
    program, problem = chosen
    status = Status.FAULTED if isinstance(problem, Fault) else Status.FAILED
    named = verdict.diagnosis if alike else ()
    return replace(
        verdict, status=status, program=program, problem=problem, diagnosis=named, evidence=None
    )


def _alike(one: Problem | None, other: Problem | None) -> bool:
    """Whether two problems are one: the same number, or a finding of one kind."""
    if isinstance(one, Finding) and isinstance(other, Finding):
        return one.kind == other.kind
    return one == other


def spoils(sitting: Sitting, check: Check, other: Student) -> bool:
    """Whether a program that the submission passes fails with right parts: they do not fit."""
    programs = programs_of(check, sitting.seed_of(check))
    rows = zip(programs, sitting.student.run_all(programs), other.run_all(programs), strict=True)
    for program, actual, mixed in rows:
        if _is_fatal(actual.fault) or _is_fatal(mixed.fault):
            return False  # whatever follows would hang again
        failing = sitting.problem(check, program, mixed) is not None
        if failing and sitting.problem(check, program, actual) is None:
            return True
    return False


def _is_fatal(problem: Problem | None) -> bool:
    return isinstance(problem, Fault) and problem.kind in FATAL


def fits(
    sitting: Sitting, check: Check, other: Student, verdict: Verdict, parts: tuple[str, ...]
) -> bool:
    """Whether right parts work inside the student's module, so that a failure is the student's.

    A module that keeps its graph in its own way does not notice what our functions build; then
    the checks that are about the replaced parts fail too, though those parts are ours. What the
    failing check is about is right in them as well: it may be what they fail of.
    """
    misfit = isinstance(verdict.problem, Fault) and verdict.problem.where == REPLACEMENT
    if misfit or other.load() is not None:
        return False
    about = [c for c in sitting.assignment.active if set(c.own) & set(parts)]
    blamed = {
        c.exercise
        for c in about
        if c.name in sitting.verdicts and sitting.verdicts[c.name].status in BROKEN
    }
    right = sitting.with_right(tuple(dict.fromkeys((*parts, *check.own))))
    return all(
        any(
            sitting.judge(c, right, brief=True).status not in BROKEN
            for c in about
            if c.exercise == exercise
        )
        for exercise in blamed
    )
