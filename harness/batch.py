"""Grade submissions: read, run, judge, with one set of oracles and one launcher of workers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType

from harness import dialect, grade, oracles, submissions
from harness.assignment import Assignment, find
from harness.errors import SubmissionError, UsageError
from harness.model import Fault, Grade, Submission
from harness.sandbox.launch import Launcher
from harness.sandbox.level import LEVELS, Isolation, measure
from harness.sandbox.student import Student

PUBLIC_SEED = "577"
"""The seed of a self-check; grading uses a secret one."""
LECTURE = ("scalar_autograd", "mlp_training")
"""The assignments that a check judges by default."""


class Grader:
    """Grades one submission after another; a context manager.

    Args:
        asked: the oracles; by default every one that is installed, loaded at the first need.
        launcher: starts the workers.
        min_isolation: the weakest isolation under which anything is run: S1, S2 or S3.
    """

    def __init__(
        self,
        asked: oracles.Oracles | None = None,
        launcher: Launcher | None = None,
        min_isolation: str = "S1",
    ) -> None:
        if min_isolation not in LEVELS:
            raise UsageError(f'there is no isolation "{min_isolation}"; there are S1, S2 and S3')
        self._oracles = asked
        self._launcher = launcher or Launcher()
        self._least = min_isolation
        self._isolation: Isolation | None = None

    @property
    def oracles(self) -> oracles.Oracles:
        """The oracles that judge.

        Raises:
            OracleError: there is none.
        """
        if self._oracles is None:
            self._oracles = oracles.load()
        return self._oracles

    @property
    def isolation(self) -> Isolation:
        """What a worker is refused here, found by attacking.

        Raises:
            UsageError: it is weaker than was asked for.
        """
        if self._isolation is None:
            self._isolation = measure(self._launcher)
        if not self._isolation.at_least(self._least):
            lost = ", ".join(f"{name} ({why})" for name, why in self._isolation.missing.items())
            raise UsageError(
                f"isolation here is {self._isolation.level}, and {self._least} is asked for; "
                f'missing: {lost or "none"}; see "adjudge doctor", or lower --min-isolation'
            )
        return self._isolation

    def grade(
        self, path: Path | str, assignment: Assignment | str, seed: str = PUBLIC_SEED
    ) -> Grade:
        """The grade of what is at a path; unreadable input is a grade too, with no points.

        Raises:
            UsageError: there is no such assignment.
            OracleError: there is no oracle.
        """
        assignment = find(assignment) if isinstance(assignment, str) else assignment
        try:
            submission = submissions.read(Path(path))
        except SubmissionError as problem:
            return grade.unreadable(assignment, Path(path).name, str(problem), seed)
        isolation = self.isolation
        with self.student(submission, assignment) as student:
            reason = _syntax_error(student.load())
            if reason:
                told = grade.unreadable(assignment, submission.name, reason, seed)
                return replace(told, digest=submission.digest)
            result = grade.grade(assignment, student, self.oracles, seed)
        return replace(
            result,
            oracles=self.oracles.versions,
            missing_oracles=self.oracles.missing,
            isolation=isolation.level,
            import_line=dialect.import_line(submission),
        )

    def student(self, submission: Submission, assignment: Assignment) -> Student:
        """The submission as an engine, for whoever judges it in another way."""
        return Student(submission, self._launcher, assignment.limits, assignment.names)

    def close(self) -> None:
        """Ends the workers."""
        self._launcher.close()

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _syntax_error(fault: Fault | None) -> str:
    """Why a module is no Python, or nothing; the worker is the one that tried."""
    if fault is None or fault.kind != "syntax":
        return ""
    return f"{fault.where}: line {fault.line} is not Python ({fault.message})"


def grade_submission(
    path: Path | str, assignment: Assignment | str = LECTURE[0], seed: str = PUBLIC_SEED
) -> Grade:
    """Grades one submission for one assignment.

    Args:
        path: a .py file, a notebook or a folder.
        assignment: its name, or the assignment itself.
        seed: decides every program; the same seed gives the same grade.

    Raises:
        UsageError: there is no such assignment.
        OracleError: neither PyTorch nor JAX can be asked.
    """
    with Grader() as grader:
        return grader.grade(path, assignment, seed)
