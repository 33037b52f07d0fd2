"""Whether an audit means something: the answer key passes every check, and every check looks.

A check that fails the answer key kills every mutant, and one that compares nothing kills none; the
counts of an audit would tell of neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.grading.audit.operators import Mutation
from harness.grading.audit.run import Grader, kill, submission
from harness.judging.check import Assignment, Check, programs_of, seed_of
from harness.judging.judge import Oracles, Student
from harness.records.errors import UsageError
from harness.records.known import AnswerKey
from harness.records.observation import Observation


def hold(assignments: tuple[Assignment, ...], key: AnswerKey, grader: Grader, seed: str) -> None:
    """Hands in the answer key itself.

    Raises:
        UsageError: it does not pass every check, or a check compares nothing; every one is named.
    """
    found = tuple(_unsound(assignments, key, grader, seed))
    if found:
        raise UsageError("; ".join(found))


def _unsound(
    assignments: tuple[Assignment, ...], key: AnswerKey, grader: Grader, seed: str
) -> Iterator[str]:
    """What is wrong with the checks, or with the key."""
    whole = Mutation("the answer key", "", "", "", key.source.text)
    for assignment in assignments:
        with grader.student(submission(whole), assignment) as student:
            for check in assignment.active:
                drawn = seed_of(check, assignment, seed)
                found = kill(check, student, grader.oracles, drawn)
                if found is not None:
                    at = f" at program {found.program}" if found.program else ""
                    yield f'the answer key fails the check "{check.name}"{at}'
                elif not check.loads and not _looks(check, student, grader.oracles, drawn):
                    yield (
                        f'the check "{check.name}" compares nothing: it passes the answer key with '
                        "every number changed"
                    )


def _looks(check: Check, student: Student, oracles: Oracles, seed: str) -> bool:
    """Whether a check finds fault with the numbers of some program when all are others."""
    for program in programs_of(check, seed):
        try:
            if check.compare(program, _changed(student.run(program)), oracles) is not None:
                return True
        except Exception:  # it fell over what it looked at
            return True
    return False


def _changed(seen: Observation) -> Observation:
    """An observation with more and more added to its numbers, so that differences change too."""
    return replace(
        seen,
        quantities=tuple(
            replace(q, values=tuple(None if v is None else v + 1000.0 * k + 1.0 for v in q.values))
            for k, q in enumerate(seen.quantities)
        ),
    )
