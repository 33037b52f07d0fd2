"""What a check costs a submission that passes it, beside what it kills."""

from __future__ import annotations

import time

from harness.grading.audit.operators import Mutation
from harness.grading.audit.run import Grader, submission
from harness.judging.check import Assignment, programs_of, seed_of
from harness.records.known import AnswerKey

ROUNDS = 5
"""Runs of which the fastest counts: another process only ever makes one slower."""


def costs(
    assignments: tuple[Assignment, ...],
    key: AnswerKey,
    grader: Grader,
    seed: str,
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """For each check the seconds that the answer key takes for its programs, there and back.

    Args:
        assignments: whose checks are run.
        key: our own submission.
        grader: starts the worker.
        seed: decides the programs.
        rounds: of how many runs the fastest counts.
    """
    found: dict[str, float] = {}
    whole = Mutation("the answer key", "", "", "", key.source.text)
    for assignment in assignments:
        for check in assignment.active:
            programs = programs_of(check, seed_of(check, assignment, seed))
            spent = []
            for _ in range(rounds):
                # A training run is remembered by a student, so each round has one of its own.
                with grader.student(submission(whole), assignment) as student:
                    student.load()
                    start = time.perf_counter()
                    for _ in student.run_all(programs):
                        pass
                    spent.append(time.perf_counter() - start)
            found[check.name] = min(spent)
    return found
