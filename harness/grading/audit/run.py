"""How many mutants does an assignment kill?

Every bug model of the answer key, and every mutant that mutate.py makes of it, is handed in like
a submission: to the locked worker, under the checks as they stand. What no check kills is either
equivalent, which the answer key must say with a reason, or a hole of the assignment.
"""

from __future__ import annotations

import ast
import hashlib
import statistics
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Protocol

from harness.grading.audit.operators import Mutation, mutations
from harness.judging.check import Assignment, Check, programs_of, seed_of
from harness.judging.judge import FATAL, Oracles, Student
from harness.judging.mutant import ENDLESS, Mutant, mutate
from harness.records.dialect import Dialect
from harness.records.errors import Disputed, UsageError
from harness.records.handed_in import Source, Submission
from harness.records.known import AnswerKey, Edit
from harness.records.observation import Fault, Observation
from harness.records.program import Expression, Program

BUG_MODEL = "bug model"
"""The operator of a mutant that is a known mistake."""
Progress = Callable[[int, int], None]
"""Told after each mutant: how many are done, and of how many."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


class Grader(Protocol):
    """What an audit asks of a grader; batch.py has the real one."""

    @property
    def oracles(self) -> Oracles:
        """The oracles that judge."""

    def student(
        self, submission: Submission, assignment: Assignment
    ) -> AbstractContextManager[Student]:
        """The submission as an engine in a locked worker."""


@dataclass(frozen=True)
class Kill:
    """A check that a mutant does not pass."""

    check: str
    program: int
    """The first program that shows it, counted from 1; 0 where the module could not be used."""
    fatal: bool = False
    """Whether the worker died of it; then no later check was run."""


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant."""

    mutant: Mutation
    fate: Fate
    kills: tuple[Kill, ...] = ()
    """In the order of the checks; the first alone unless the audit was thorough."""
    reason: str = ""
    """Why it is equivalent, as the answer key says; also where it was killed all the same."""

    @property
    def killed_by(self) -> tuple[str, ...]:
        """The checks that kill it."""
        return tuple(kill.check for kill in self.kills)

    @property
    def died_at(self) -> int | None:
        """At which program of the first check that kills it."""
        return self.kills[0].program if self.kills else None

    @property
    def hangs(self) -> bool:
        """Whether it cost a worker."""
        return any(kill.fatal for kill in self.kills)


@dataclass(frozen=True)
class Audit:
    """The mutants of an answer key, and what an assignment makes of them."""

    seed: str
    assignments: tuple[str, ...]
    checks: tuple[str, ...]
    thorough: bool
    """Whether every check was run on every mutant."""
    outcomes: tuple[Outcome, ...]
    unknown: tuple[str, ...] = ()
    """Names that are declared equivalent and that no mutant has."""

    def _of(self, fate: Fate) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.fate is fate)

    @property
    def killed(self) -> tuple[Outcome, ...]:
        """The mutants that some check kills."""
        return self._of(Fate.KILLED)

    @property
    def survived(self) -> tuple[Outcome, ...]:
        """The mutants that no check kills, and nobody has declared equivalent: the holes."""
        return self._of(Fate.SURVIVED)

    @property
    def equivalent(self) -> tuple[Outcome, ...]:
        """The mutants that no check kills, with the reason why none can."""
        return self._of(Fate.EQUIVALENT)

    @property
    def stale(self) -> tuple[Outcome, ...]:
        """The mutants that are declared equivalent, and are killed."""
        return tuple(outcome for outcome in self.killed if outcome.reason)

    @property
    def judged(self) -> int:
        """How many mutants there are but for the equivalent ones."""
        return len(self.killed) + len(self.survived)

    @property
    def died_at(self) -> float:
        """The median program, within the first check that kills, at which a mutant dies."""
        return _median(outcome.kills[0].program for outcome in self.killed)

    def kills(self, check: str) -> int:
        """How many mutants a check kills."""
        return sum(check in outcome.killed_by for outcome in self.killed)

    def only(self, check: str) -> int:
        """How many mutants a check kills that no other check does; known of a thorough audit."""
        return sum((check,) == outcome.killed_by for outcome in self.killed)

    def median(self, check: str) -> float:
        """The median program at which the mutants that a check kills die in it."""
        kills = (kill for outcome in self.killed for kill in outcome.kills)
        return _median(kill.program for kill in kills if kill.check == check)


# --- mutants ------------------------------------------------------------------------------


def joined(assignments: Iterable[Assignment]) -> AnswerKey:
    """The answer keys of several assignments as one: one module, and all that is known of it.

    Raises:
        UsageError: an assignment has none, or theirs are different modules.
    """
    keys: list[AnswerKey] = []
    for assignment in assignments:
        if assignment.answer_key is None:
            raise UsageError(f"{assignment.name} has no answer key, so nothing can be mutated")
        keys.append(assignment.answer_key)
    whole = max(keys, key=lambda key: len(key.source.text))
    if not all(whole.source.text.startswith(key.source.text) for key in keys):
        raise UsageError("these assignments have different answer keys: audit them one by one")
    models = dict.fromkeys(model for key in keys for model in key.models)
    equivalent = dict.fromkeys(pair for key in keys for pair in key.equivalent)
    return AnswerKey(whole.source, tuple(models), whole.traversals, tuple(equivalent))


def mutants(key: AnswerKey, beside: tuple[str, ...] = ()) -> tuple[Mutation, ...]:
    """The bug models of an answer key, then the mutants made of it that are no bug model.

    Args:
        key: what is mutated.
        beside: dotted parts that are left as they are, because no assignment is about them.
    """
    models: list[Mutation] = []
    counts: dict[str, int] = {}
    for model in key.models:
        counts[model.name] = counts.get(model.name, 0) + 1
        name = f"{model.name} ({counts[model.name]})" if counts[model.name] > 1 else model.name
        text = mutate(key.source.text, model.edits)
        models.append(Mutation(name, BUG_MODEL, model.exercise, _in_a_line(model.edits), text))
    known = {ast.unparse(ast.parse(model.text)) for model in models}
    drawn = [m for m in mutations(key.source.text) if m.text not in known]
    return (*models, *(m for m in drawn if not m.where.startswith(tuple(f"{p}." for p in beside))))


def _in_a_line(edits: tuple[Edit, ...]) -> str:
    """Edits in one line."""
    flat = [(" ".join(edit.old.split()), " ".join(edit.new.split())) for edit in edits]
    return "; ".join(f"{old} -> {new}" for old, new in flat)


def submission(mutant: Mutation) -> Submission:
    """A mutant as it would be handed in."""
    digest = hashlib.sha256(mutant.text.encode()).hexdigest()
    return Submission(mutant.name, (Source("key.py", mutant.text),), digest=digest)


# --- the audit ----------------------------------------------------------------------------


def audit(
    assignments: tuple[Assignment, ...],
    key: AnswerKey,
    grader: Grader,
    seed: str,
    *,
    thorough: bool = True,
    chosen: tuple[Mutation, ...] | None = None,
    progress: Progress = lambda done, of: None,
) -> Audit:
    """Hands in every mutant of an answer key and says which of them die, where.

    Args:
        assignments: whose checks are run.
        key: what is mutated; joined() makes one of several.
        grader: starts the workers, and has the oracles.
        seed: decides the programs.
        thorough: run every check on every mutant; else end at the first that kills.
        chosen: the mutants to hand in; by default every one.
        progress: told after each mutant.

    Raises:
        UsageError: two of the assignments have a check of the same name.
    """
    checks = tuple(check.name for assignment in assignments for check in assignment.active)
    if len(set(checks)) < len(checks):
        raise UsageError("these assignments have checks of the same name: audit them one by one")
    every = _every(assignments, key)
    todo = every if chosen is None else chosen
    declared = dict(key.equivalent)
    outcomes = []
    for done, mutant in enumerate(todo, 1):
        kills = tuple(_kills(mutant, assignments, grader, seed, thorough=thorough))
        outcomes.append(outcome(mutant, kills, declared))
        progress(done, len(todo))
    names = tuple(assignment.name for assignment in assignments)
    unknown = tuple(sorted(set(declared) - {mutant.name for mutant in every}))
    return Audit(seed, names, checks, thorough, tuple(outcomes), unknown)


def survivals(
    assignments: tuple[Assignment, ...],
    key: AnswerKey,
    grader: Grader,
    seeds: tuple[str, ...],
    *,
    chosen: tuple[Mutation, ...] | None = None,
    progress: Progress = lambda done, of: None,
) -> dict[str, int]:
    """For each mutant by name, under how many of the seeds no check kills it.

    Each mutant ends at the first check that kills it, and meets that check first from then on.
    """
    todo = _every(assignments, key) if chosen is None else chosen
    survived = dict.fromkeys((mutant.name for mutant in todo), 0)
    killers: dict[str, str] = {}
    for done, (seed, mutant) in enumerate(product(seeds, todo), 1):
        first = killers.get(mutant.name, "")
        kills = tuple(_kills(mutant, assignments, grader, seed, first, thorough=False))
        survived[mutant.name] += not kills
        if kills:
            killers[mutant.name] = kills[0].check
        progress(done, len(seeds) * len(todo))
    return survived


def outcome(mutant: Mutation, kills: tuple[Kill, ...], declared: dict[str, str]) -> Outcome:
    """What became of a mutant, given the checks that kill it and what is declared equivalent."""
    reason = declared.get(mutant.name, "")
    unharmed = Fate.EQUIVALENT if reason else Fate.SURVIVED
    return Outcome(mutant, Fate.KILLED if kills else unharmed, kills, reason)


def _every(assignments: tuple[Assignment, ...], key: AnswerKey) -> tuple[Mutation, ...]:
    """The mutants that some of the assignments is about."""
    beside = set.intersection(*(set(assignment.foundation) for assignment in assignments))
    return mutants(key, tuple(sorted(beside)))


def _kills(
    mutant: Mutation,
    assignments: tuple[Assignment, ...],
    grader: Grader,
    seed: str,
    first: str = "",
    *,
    thorough: bool,
) -> Iterator[Kill]:
    """The checks that kill a mutant, in their order, but for one that is run before the others.

    After a fault that costs a worker nothing more is run: what hangs would hang again.
    """
    for assignment in sorted(assignments, key=lambda a: first not in [c.name for c in a.active]):
        with grader.student(submission(mutant), assignment) as student:
            for check in sorted(assignment.active, key=lambda c: c.name != first):
                drawn = seed_of(check, assignment, seed)
                found = kill(check, student, grader.oracles, drawn)
                if found is not None:
                    yield found
                    if found.fatal or not thorough:
                        return


def kill(check: Check, student: Student, oracles: Oracles, seed: str) -> Kill | None:
    """The first program of a check that shows a problem; nothing is shrunk or explained."""
    refusal = student.load()
    if refusal is not None:
        return Kill(check.name, 0, refusal.kind in FATAL)
    if set(check.names) & set(student.missing):
        return Kill(check.name, 0)
    programs = programs_of(check, seed)
    oracles.prepare(tuple(p for p in programs if isinstance(p, Expression)))
    for at, (program, actual) in enumerate(
        zip(programs, student.run_all(programs), strict=True), 1
    ):
        try:
            problem = check.compare(program, actual, oracles)
        except Disputed:
            continue
        if problem is not None:
            return Kill(check.name, at, isinstance(problem, Fault) and problem.kind in FATAL)
    return None


# --- equivalence --------------------------------------------------------------------------


def same_observations(
    text: str, key_text: str, programs: tuple[Program, ...], dialect: Dialect
) -> bool:
    """Whether two modules record the same, bit for bit, on programs run one after another.

    A program that is too long for the answer key in this process tells nothing.
    """
    engine = Mutant("mutant", text, dialect)
    recorded = _recorded(key_text, programs, dialect)
    return all(
        expected is None or _spelled(engine.run(program)) == expected
        for program, expected in zip(programs, recorded, strict=True)
    )


@lru_cache(maxsize=4)
def _recorded(text: str, programs: tuple[Program, ...], dialect: Dialect) -> tuple[str | None, ...]:
    """What a module records on each program; None where it does not come to its end."""
    engine = Mutant("key", text, dialect)
    recorded = [engine.run(program) for program in programs]
    return tuple(None if answer.fault == ENDLESS else _spelled(answer) for answer in recorded)


def _spelled(observation: Observation) -> str:
    """An observation as text, which tells -0.0 from 0.0 and holds nan to be itself."""
    return repr(observation)


def _median(numbers: Iterable[int]) -> float:
    """The median; 0 of none."""
    values = list(numbers)
    return float(statistics.median(values)) if values else 0.0
