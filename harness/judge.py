"""One check, one student, the oracles: a verdict. This is where a verdict is made."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from harness.assignment import Check
from harness.errors import Disputed
from harness.model import (
    Answers,
    Comparison,
    Expression,
    Fault,
    Finding,
    Observation,
    Problem,
    Program,
    Status,
    Submission,
    Verdict,
)
from harness.shrink import smallest

FATAL = ("timeout", "budget", "output", "exited", "crashed", "malformed", "memory")
"""Faults that cost a worker; after the second, the rest of a check is not run."""


class Student(Protocol):
    """What a judge may ask of a student; sandbox.student has the real one."""

    submission: Submission

    def load(self) -> Fault | None:
        """The fault that makes every program useless, or None."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that the module does not have."""

    @property
    def stopped_at(self) -> Fault | None:
        """Where a part of the module stopped, though the rest was run."""

    def run(self, program: Program) -> Observation:
        """Runs one program."""

    @property
    def deaths(self) -> int:
        """How many workers a fault has cost."""

    @property
    def killed(self) -> int:
        """How many workers somebody else has killed."""

    def afresh(self) -> None:
        """Ends the worker, so that the next program meets a new one."""


class Oracles(Answers, Protocol):
    """Answers that can be asked for many programs at once."""

    def prepare(self, programs: tuple[Program, ...]) -> None:
        """Asks for many programs at once, where an oracle is faster so."""


def judge(check: Check, student: Student, oracles: Oracles, seed: str) -> Verdict:
    """Runs a check's programs on a student's module and says what came of them."""
    refusal = student.load()
    if refusal is not None:
        return _verdict(check, Status.FAULTED, refusal)
    missing = [name for name in check.names if name in student.missing]
    if missing:
        return _verdict(check, Status.FAILED, _missing(missing, student.stopped_at))
    programs = programs_of(check, seed)
    expressions = tuple(p for p in programs if isinstance(p, Expression))
    oracles.prepare(expressions)
    failures: list[tuple[Program, Problem]] = []
    tried = disputed = deaths = 0
    for program in programs:
        try:
            problem = problem_of(check, program, student, oracles)
        except Disputed:
            disputed += 1
            continue
        tried += 1
        if problem is not None:
            failures.append((program, problem))
            deaths += isinstance(problem, Fault) and problem.kind in FATAL
            if deaths == 2:
                break
    if failures:
        program, problem = failures[0]
        return _failed(check, student, oracles, program, problem, (tried, len(failures), disputed))
    if not tried:
        return _verdict(check, Status.INCONCLUSIVE, disputed=disputed)
    return _verdict(check, Status.PASSED, tried=tried, disputed=disputed)


@lru_cache(maxsize=256)
def programs_of(check: Check, seed: str) -> tuple[Program, ...]:
    """A check's programs, made once for all submissions that are judged by them."""
    return check.programs(seed)


def problem_of(
    check: Check, program: Program, student: Student, oracles: Answers
) -> Problem | None:
    """What a check finds wrong with one program, or None.

    Raises:
        Disputed: the oracles disagree on it.
    """
    return check.compare(program, student.run(program), oracles)


def _failed(
    check: Check,
    student: Student,
    oracles: Oracles,
    program: Program,
    problem: Problem,
    counts: tuple[int, int, int],
) -> Verdict:
    tried, failed, disputed = counts
    stubs = [name for name in check.stubs if name in student.submission.unwritten]
    status = Status.FAULTED if isinstance(problem, Fault) else Status.FAILED
    if stubs:
        status, problem = Status.FAILED, Finding("not_written", (("functions", ", ".join(stubs)),))
        return _verdict(check, status, problem, None, tried, failed, disputed)
    if isinstance(program, Expression) and not program.labels and not _is_fatal(problem):
        program, problem = _shrunk(check, student, oracles, program, problem)
    return _verdict(check, status, problem, program, tried, failed, disputed)


def _shrunk(
    check: Check, student: Student, oracles: Oracles, program: Expression, problem: Problem
) -> tuple[Expression, Problem]:
    problems: dict[Expression, Problem] = {program: problem}

    def first_failing(candidates: tuple[Expression, ...]) -> Expression | None:
        oracles.prepare(candidates)
        for candidate in candidates:
            try:
                found = problem_of(check, candidate, student, oracles)
            except Disputed:
                continue
            if found is not None and _kind(found) == _kind(problem):
                problems[candidate] = found
                return candidate
        return None

    small = smallest(program, first_failing)
    return small, problems[small]


def _kind(problem: Problem) -> tuple[object, ...]:
    """What must stay the same while a program shrinks."""
    match problem:
        case Comparison():
            return problem.quantity, problem.actual_type, problem.actual == 0.0
        case Finding():
            return (problem.kind,)
        case Fault():
            return problem.kind, problem.exception, problem.where, problem.line


def _is_fatal(problem: Problem) -> bool:
    return isinstance(problem, Fault) and problem.kind in FATAL


def _missing(names: list[str], stopped: Fault | None) -> Finding:
    outer = [name for name in names if name.rpartition(".")[0] not in names]
    facts = [("names", ", ".join(outer))]
    if stopped is not None:
        facts += [("where", stopped.where), ("line", str(stopped.line))]
        facts += [("exception", stopped.exception), ("message", stopped.message)]
    return Finding("missing", tuple(facts))


def _verdict(
    check: Check,
    status: Status,
    problem: Problem | None = None,
    program: Program | None = None,
    tried: int = 0,
    failed: int = 0,
    disputed: int = 0,
) -> Verdict:
    return Verdict(
        check.name,
        check.exercise,
        status,
        out_of=check.points,
        problem=problem,
        program=program,
        tried=tried,
        failed=failed,
        disputed=disputed,
    )
