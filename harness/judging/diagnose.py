"""Name a mistake by reproducing its exact wrong numbers.

Each bug model is run on the programs that a submission failed. The model whose numbers are the
student's on every one of them, and which is right wherever the student is right, is named;
several that no program tells apart are all named; where none fits, nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from harness.judging.check import Check, programs_of
from harness.judging.compare import traced_radius
from harness.judging.mutant import ENDLESS, Mutant, mutate, places
from harness.programs import generate, snippet
from harness.programs.ops import OPS
from harness.programs.tolerance import radii
from harness.records.dialect import Dialect
from harness.records.engine import Answers
from harness.records.errors import Disputed
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.observation import Fault, Observation, Quantity
from harness.records.program import Call, Expression, Program, Training
from harness.records.verdict import Comparison, Diagnosis, Finding, Problem

ALIKE = 1e-9
"""Relative difference between two runs of one mistake, written in different ways."""
SHARE = 0.01
"""A model explains a wrong number when it leaves less than this share of the error."""
APART = 8
"""Random graphs that are drawn to tell models apart."""
SMOOTH = ("add", "mul", "pow", "exp", "log")
"""What such a graph is made of, besides what the check is about."""


@dataclass(frozen=True)
class Trial:
    """What came of one program."""

    program: Program
    actual: Observation
    problem: Problem | None


@dataclass(frozen=True)
class Known:
    """What is known when a failure is diagnosed."""

    key: AnswerKey
    dialect: Dialect
    """In which the key is written."""
    passed: tuple[tuple[Check, str], ...] = ()
    """The checks that the submission has passed, each with the seed of its programs."""
    named: frozenset[str] = frozenset()
    """The mistakes that were named in other checks: where one of them explains this one too, no
    further mistake is looked for."""


class Runner(Protocol):
    """What can run programs."""

    def run(self, program: Program) -> Observation:
        """Runs one program."""


@dataclass(frozen=True)
class Variant:
    """A bug model as the text of a mutant; one model may have several, by order of traversal."""

    model: BugModel
    text: str
    dialect: Dialect
    key: str
    """The text of which it is a mutant."""
    edits: tuple[Edit, ...]

    def differs(self, program: Program, *, traversed: bool = True) -> bool:
        """Whether it may do something else on a program than the answer key.

        Args:
            program: what is run.
            traversed: count the order of traversal, not the mistake alone.
        """
        spoilt = places(self.key, self.edits if traversed else self.model.edits)
        return spoilt is None or not spoilt.isdisjoint(called(self.key, self.dialect, program))

    def explains(self, check: Check, trial: Trial, oracles: Answers) -> bool:
        """Whether it does on a program what the student's module does."""
        if not self.differs(trial.program, traversed=trial.problem is None):
            return trial.problem is None  # it does what the answer key does, which is right
        actual = observed(self.text, self.dialect, trial.program)
        # Where numbers are wrong, the order of the nodes is the student's own affair.
        orders = isinstance(trial.problem, Finding)
        if trial.problem is not None and not alike(
            trial.program, trial.actual, actual, orders=orders
        ):
            return False  # most models differ: this is found out faster than what they show
        try:
            problem = check.compare(trial.program, actual, oracles)
        except Disputed:
            return False
        if problem is None or trial.problem is None:
            return problem is None and trial.problem is None
        return same_problem(trial.problem, problem)

    def passes(self, check: Check, seed: str, oracles: Answers) -> bool:
        """Whether it passes a check, as the student's module does."""
        return _passes(self, check, seed, oracles)  # type: ignore[arg-type]  # hashed as an object


@lru_cache(maxsize=20_000)
def _passes(variant: Variant, check: Check, seed: str, oracles: Answers) -> bool:
    """The same, remembered: it is asked for each name that is given, and by a whole class."""
    for program in programs_of(check, seed):
        if not variant.differs(program):
            continue
        actual = observed(variant.text, variant.dialect, program)
        if actual.fault == ENDLESS:
            continue  # so long that even the answer key may not come to its end here
        try:
            if check.compare(program, actual, oracles) is not None:
                return False
        except Disputed:
            continue
    return True


def diagnose(
    check: Check,
    trials: tuple[Trial, ...],
    known: Known,
    student: Runner,
    oracles: Answers,
    seed: str,
) -> tuple[Diagnosis, ...]:
    """The known mistakes that explain every trial.

    Args:
        check: which check failed.
        trials: what came of its programs; the first may be a smaller one that fails alike.
        known: the answer key with its bug models, and what the submission does right.
        student: runs further programs, where these do not tell two models apart.
        oracles: by whose word a number is wrong.
        seed: decides the further programs.
    """
    key, dialect = known.key, known.dialect
    text = key.source.text
    judged = tuple(
        trial for trial in trials if observed(text, dialect, trial.program).fault is None
    )
    failed = [trial for trial in judged if trial.problem is not None]
    # Short ones rule out the most.
    failed.sort(key=lambda trial: len(snippet.source(trial.program, dialect)))
    if not any(_is_to_be_named(trial.problem) for trial in failed):
        return ()  # an exception explains itself
    passed = [trial for trial in judged if trial.problem is None]
    quick_first = sorted(known.passed, key=lambda done: _trains(*done))

    def explains_all(variant: Variant) -> bool:
        return all(variant.explains(check, trial, oracles) for trial in (*failed, *passed))

    def passes_all(variant: Variant) -> bool:
        return all(variant.passes(*done, oracles) for done in quick_first)

    # A training run takes longer than all that tells most models apart before it.
    tests = (explains_all, passes_all)[:: -1 if _trains(check, seed) else 1]
    rows = variants(key, dialect)
    again = tuple(v for row in rows for v in row if v.model.name in known.named)
    fitting: list[Variant] = []
    for row in (again, *rows):
        fitting = [variant for variant in row if all(fits(variant) for fits in tests)]
        if fitting:
            break
    for program in _further(check, seed):
        if len({variant.model.name for variant in fitting}) < 2:
            break
        runs = [observed(variant.text, dialect, program) for variant in fitting]
        if all(alike(program, runs[0], other, orders=True) for other in runs[1:]):
            continue
        actual = student.run(program)
        try:
            new = Trial(program, actual, check.compare(program, actual, oracles))
        except Disputed:
            continue
        # Where none is left, another mistake is in the program: it tells nothing of this one.
        fitting = [v for v in fitting if v.explains(check, new, oracles)] or fitting
    named = {v.model.name: Diagnosis(v.model.name, v.model.sentence, v.model.hint) for v in fitting}
    return tuple(named.values())


def _trains(check: Check, seed: str) -> bool:
    """Whether a check trains."""
    return any(isinstance(program, Training) for program in programs_of(check, seed))


def _is_to_be_named(problem: Problem | None) -> bool:
    """Whether a problem needs a name: an exception does where a None stands for something else."""
    if isinstance(problem, Fault):
        return problem.kind == "raised" and "NoneType" in problem.message
    return problem is not None


@lru_cache(maxsize=8)
def variants(key: AnswerKey, dialect: Dialect) -> tuple[tuple[Variant, ...], ...]:
    """Each bug model as it stands, then in each other order of traversal that leaves it as it is.

    A traversal matters to few mistakes, so the others are tried where no model fits as it stands.
    """
    text = key.source.text
    return tuple(
        tuple(
            Variant(model, mutate(text, edits), dialect, text, edits)
            for model in key.models
            if not _overlap(text, model.edits, traversal)
            for edits in [(*model.edits, *traversal)]
        )
        for traversal in ((), *key.traversals)
    )


def alike(program: Program, one: Observation, other: Observation, *, orders: bool) -> bool:
    """Whether two runs of a program recorded the same, but for rounding and for conventions."""
    if (one.fault is None) != (other.fault is None):
        return False
    if (
        one.fault is not None
        and other.fault is not None
        and not _same_fault(one.fault, other.fault)
    ):
        return False
    if [(q.name, q.step) for q in one.quantities] != [(q.name, q.step) for q in other.quantities]:
        return False
    pairs = zip(one.quantities, other.quantities, strict=True)
    return all(
        _alike_quantity(program, first, second)
        for first, second in pairs
        if orders or first.name != "order"
    )


def same_problem(student: Problem, model: Problem) -> bool:
    """Whether a model shows the problem that the student's module shows."""
    match student, model:
        case Comparison(), Comparison():
            if (student.quantity, student.subject, student.step, student.epoch) != (
                model.quantity,
                model.subject,
                model.step,
                model.epoch,
            ):
                return False
            return _same_number(student, model)
        case Finding(), Finding():
            return student.kind == model.kind
        case Fault(), Fault():
            return _same_fault(student, model)
    return False


def _same_number(student: Comparison, model: Comparison) -> bool:
    s, m = student.actual, model.actual
    if s is None or m is None or s == student.expected:
        return s == m and student.actual_type == model.actual_type
    if not (math.isfinite(s) and math.isfinite(m)):
        return repr(float(s)) == repr(float(m))
    return abs(s - m) <= SHARE * abs(s - student.expected)


def _same_fault(one: Fault, other: Fault) -> bool:
    nothing = ["NoneType" in fault.message for fault in (one, other)]
    if all(nothing):
        return one.message == other.message
    if any(nothing):  # what a None leads to depends on what a module asserts
        return one.kind == other.kind
    return (one.kind, one.exception) == (other.kind, other.exception)


def _alike_quantity(program: Program, one: Quantity, other: Quantity) -> bool:
    if len(one.values) != len(other.values) or (one.name == "order" and one.types != other.types):
        return False
    chosen: tuple[int, ...] | range = range(len(one.values))
    radius: tuple[float, ...] = (0.0,) * len(one.values)
    if isinstance(program, Expression) and one.name == "grad":
        chosen = program.settled(one.step)
        radius = radii(program).grad_radius(one.step)
    elif isinstance(program, Expression) and one.name == "value":
        radius = radii(program).value_radius
    elif isinstance(program, Call):
        for traced in program.traced:
            if traced.quantity == one.name and len(traced.nodes) == len(one.values):
                radius = traced_radius(program, traced)
    return all(_alike_number(one.values[i], other.values[i], radius[i]) for i in chosen)


def _alike_number(s: float | None, m: float | None, radius: float) -> bool:
    if s is None or m is None:
        return s is m
    if not (math.isfinite(s) and math.isfinite(m)):
        return repr(float(s)) == repr(float(m))
    return abs(s - m) <= 2.0 * radius + ALIKE * max(abs(s), abs(m))


def _further(check: Check, seed: str) -> Iterator[Program]:
    """Programs that the check did not ask: its own of other seeds, then small random graphs."""
    own = programs_of(check, f"{seed}/apart")
    yield from own
    drawn = [program for program in own if isinstance(program, Expression) and program.backwards]
    used = {node.op for program in drawn for node in program.nodes}
    allowed = tuple(op for op in OPS if op in used or op in SMOOTH)
    for k in range(APART if len(drawn) == len(own) else 0):
        yield generate.expression(f"{seed}/apart/{k}", allowed, (5, 12))


def _overlap(text: str, one: tuple[Edit, ...], other: tuple[Edit, ...]) -> bool:
    """Whether two sets of edits touch the same characters."""
    spans = [
        [(text.index(e.old), text.index(e.old) + len(e.old)) for e in es] for es in (one, other)
    ]
    return any(a < d and c < b for a, b in spans[0] for c, d in spans[1])


def observed(text: str, dialect: Dialect, program: Program) -> Observation:
    """What a mutant does on a program, remembered: a class asks the same again and again."""
    return _ran(text, dialect, program)[0]


def called(text: str, dialect: Dialect, program: Program) -> frozenset[int]:
    """The first lines of the functions of a mutant that a program calls."""
    return _ran(text, dialect, program)[1]


@lru_cache(maxsize=20_000)
def _ran(text: str, dialect: Dialect, program: Program) -> tuple[Observation, frozenset[int]]:
    mutant = Mutant("mutant", text, dialect)
    actual = mutant.run(program)
    return actual, frozenset(mutant.called)
