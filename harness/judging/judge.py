"""One check, one student, the oracles: a verdict. This is where a verdict is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice, pairwise
from typing import Protocol, TypeVar

from harness.judging import evidence, spelling
from harness.judging.calculus import Calculus
from harness.judging.check import Check, programs_of
from harness.judging.diagnose import Known, Trial, diagnose
from harness.programs import shrink
from harness.programs.shrink import CHUNK, smallest
from harness.records.dialect import Dialect
from harness.records.engine import Answers
from harness.records.errors import Disputed
from harness.records.handed_in import Source, Submission
from harness.records.observation import OVER_TIME, Fault, Observation, Stop
from harness.records.program import ArrayExpression, Call, Expression, Program, Training
from harness.records.verdict import Comparison, Finding, Problem, Status, Verdict

P = TypeVar("P", bound=Program)
FEW = (1, 8)
"""Where the first failure ends a check, the programs up to these run before the others do."""
CALCULUS = Calculus()
"""Who says which smaller programs fail; the oracles are asked for the smallest."""
FATAL = (
    *OVER_TIME,
    "budget",
    "output",
    "exited",
    "crashed",
    "broken",
    "malformed",
    "memory",
)
"""Faults that cost a worker; after the second, the rest of a check is not run."""


class Student(Protocol):
    """What a judge may ask of a student; sandbox.student has the real one."""

    submission: Submission
    dialect: Dialect
    """How the module spells a program."""

    def load(self) -> Fault | None:
        """The fault that makes every program useless, or None."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that the module does not have."""

    @property
    def present(self) -> tuple[str, ...]:
        """The dotted names that the module defines, where it lacks some that are wanted."""

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The statements of the module that stopped while it was loaded, as far as listed."""

    @property
    def stopped(self) -> int:
        """How many did."""

    @property
    def unwritten(self) -> frozenset[str]:
        """The functions that still are the starter's stubs."""

    def run(self, program: Program) -> Observation:
        """Runs one program."""

    def run_all(self, programs: tuple[Program, ...]) -> Iterator[Observation]:
        """Runs programs in their order."""

    def replaced(self, key: Source, parts: tuple[str, ...]) -> Student:
        """The same submission with some of its parts replaced by those of the answer key."""

    @property
    def breaks(self) -> dict[tuple[Check, str], bool]:
        """Which checks the module as handed in fails, each with its seed.

        Whoever judges the submission finds here what others have found.
        """

    @property
    def deaths(self) -> int:
        """How many workers a fault has cost."""

    @property
    def killed(self) -> int:
        """How many workers somebody else has killed."""

    def afresh(self) -> None:
        """Ends the worker, so that the next program meets a new one."""

    def alone(self, programs: tuple[Program, ...]) -> Observation:
        """What comes of the last of some programs where nothing ran before them."""


class Oracles(Answers, Protocol):
    """Answers that can be asked for many programs at once."""

    def prepare(self, programs: tuple[Program, ...]) -> None:
        """Asks for many programs at once, where an oracle is faster so."""


def judge(
    check: Check,
    student: Student,
    oracles: Oracles,
    seed: str,
    known: Known | None = None,
    *,
    brief: bool = False,
) -> Verdict:
    """Runs a check's programs on a student's module and says what came of them.

    Args:
        check: what is judged.
        student: whose module runs.
        oracles: by whose word.
        seed: decides the programs.
        known: by which mistakes can be named; without it none is.
        brief: end at the first failure and explain nothing.
    """
    refusal = student.load()
    if refusal is not None:
        return _verdict(check, Status.FAULTED, refusal)
    missing = tuple(name for name in check.names if name in student.missing)
    if missing:
        return _verdict(check, Status.FAILED, _missing(missing, student))
    trials, disputed = _trials(check, student, oracles, seed, brief=brief)
    if not trials:
        return _verdict(check, Status.INCONCLUSIVE, disputed=disputed)
    failures = tuple(trial for trial in trials if trial.problem is not None)
    counts = (len(trials), len(failures), disputed)
    if not failures:
        passed = _verdict(check, Status.PASSED, None, None, *counts)
        return replace(passed, evidence=evidence.always(trials, student.dialect, oracles))
    stubs = [name for name in check.stubs if name in student.unwritten]
    if stubs:
        unwritten = Finding("not_written", (("functions", ", ".join(stubs)),))
        return _verdict(check, Status.FAILED, unwritten, None, *counts)
    if brief:
        failed = _verdict(check, Status.FAILED, failures[0].problem, None, *counts)
        return replace(failed, evidence=evidence.always(trials, student.dialect, oracles))
    small = _smallest(check, student, oracles, failures[0])
    status = Status.FAULTED if isinstance(small.problem, Fault) else Status.FAILED
    verdict = _verdict(check, status, small.problem, small.program, *counts)
    verdict = replace(verdict, evidence=evidence.kept(small, student.dialect, oracles))
    if known is None:
        return verdict
    return replace(
        verdict, diagnosis=diagnose(check, (small, *trials), known, student, oracles, seed)
    )


def _trials(
    check: Check, student: Student, oracles: Oracles, seed: str, *, brief: bool
) -> tuple[tuple[Trial, ...], int]:
    """What came of each program, and how many are set aside because the oracles disagree.

    After the second fault that costs a worker the rest is not run; in brief, after any problem.
    """
    programs = programs_of(check, seed)
    oracles.prepare(tuple(p for p in programs if not isinstance(p, Training)))
    trials: list[Trial] = []
    disputed = deaths = 0
    # What travels together runs to its end: where one failure is enough, a few go ahead.
    ends = (0, *FEW, len(programs)) if brief else (0, len(programs))
    observed = chain.from_iterable(student.run_all(programs[a:b]) for a, b in pairwise(ends))
    for program, actual in zip(programs, observed, strict=False):
        try:
            problem = check.compare(program, actual, oracles)
        except Disputed:
            disputed += 1
            continue
        trials.append(Trial(program, actual, problem))
        deaths += isinstance(problem, Fault) and problem.kind in FATAL
        if deaths == 2 or (brief and problem is not None):
            break
    return tuple(trials), disputed


def _smallest(check: Check, student: Student, oracles: Oracles, failure: Trial) -> Trial:
    """The smallest program that shows the same problem."""
    program, problem = failure.program, failure.problem
    assert problem is not None, "a failure has a problem"
    if _is_fatal(problem):
        return failure
    smaller: list[tuple[Program, Observation]] = []

    def first_failing(candidates: tuple[P, ...]) -> P | None:
        for candidate, actual in zip(candidates, student.run_all(candidates), strict=True):
            try:
                found = check.compare(candidate, actual, CALCULUS)
            except Disputed:  # so small that nothing is left to compare
                continue
            if found is not None and _kind(found) == _kind(problem):
                smaller.append((candidate, actual))
                return candidate
        return None

    is_graph = isinstance(program, ArrayExpression)
    if isinstance(program, Expression) and not program.labels:
        smallest(program, first_failing, shrink.smaller)
    elif is_graph and check.smaller is not None:
        smallest(program, first_failing, check.smaller)
    elif isinstance(program, Call) and check.smaller is not None:
        candidates = iter(check.smaller(program))
        while not smaller and (chunk := tuple(islice(candidates, CHUNK))):
            first_failing(chunk)
    for candidate, actual in reversed(smaller):
        try:
            found = check.compare(candidate, actual, oracles)
        except Disputed:
            continue
        if found is not None and _kind(found) == _kind(problem):
            return Trial(candidate, actual, found)
    return failure


def _kind(problem: Problem) -> tuple[object, ...]:
    """What must stay the same while a program shrinks."""
    match problem:
        case Comparison():
            return problem.quantity, problem.actual_type, problem.actual == 0.0
        case Finding():
            # Axes of length 1 that were not there before would hide what is wrong with a shape.
            shape = dict(problem.facts).get("expected", "")
            return problem.kind, re.findall(r"\d+", shape).count("1")
        case Fault():
            return problem.kind, problem.exception, problem.where, problem.line


def _is_fatal(problem: Problem) -> bool:
    return isinstance(problem, Fault) and problem.kind in FATAL


def _missing(names: tuple[str, ...], student: Student) -> Finding:
    """That names are missing; the statement that would have defined one, or what was meant."""
    outer = [name for name in dict.fromkeys(names) if name.rpartition(".")[0] not in names]
    facts = [("names", ", ".join(outer))]
    wanted = {part for name in outer for part in name.split(".")}
    for stop in student.stops:
        # A cell that is not Python could have defined anything.
        if wanted & set(stop.binds) or (not stop.binds and stop.fault.kind == "syntax"):
            fault = stop.fault
            facts += [("where", fault.where), ("line", str(fault.line))]
            facts += [("exception", fault.exception), ("message", fault.message)]
            break
    else:
        meant = spelling.meant(outer, student.missing, student.present)
        facts += [("meant", meant)] if meant else []
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
