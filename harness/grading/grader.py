"""Grade submissions: read, run, judge, with one set of oracles and one launcher of workers."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import TracebackType

from harness.grading.pointed import pointed
from harness.grading.untimed import Untimed, weakly
from harness.intake import stubs, submissions
from harness.judging import grade
from harness.judging.check import Assignment, Limits, find
from harness.oracles import load, recording
from harness.oracles.load import Oracles
from harness.oracles.recording import Recorded
from harness.programs import snippet
from harness.programs.found import NoDialect, dialect_of
from harness.programs.found_arrays import array_dialect_of
from harness.records.dialect import Dialect
from harness.records.errors import (
    OracleError,
    RecordingError,
    SubmissionError,
    UsageError,
)
from harness.records.handed_in import Submission
from harness.records.observation import Fault
from harness.records.verdict import Grade
from harness.sandbox.launch import Launcher
from harness.sandbox.level import LEVELS, Isolation, measure
from harness.sandbox.loads import Loading
from harness.sandbox.student import KILLED, SEARCH, Setup, Student

PUBLIC_SEED = "577"
"""The seed of a self-check; grading uses a secret one."""
LIMITS = Limits()
MOST_LOADINGS = 32
"""Submissions of which a grader knows how they load."""
LECTURE = ("scalar_autograd", "mlp_training")
"""The assignments that a check judges by default."""


class Grader:
    """Grades one submission after another; a context manager. Threads may share it.

    Args:
        asked: the oracles; by default what they said when their answers were recorded, and
            where nothing is recorded every one that is installed, loaded at the first need.
        launcher: starts the workers.
        min_isolation: the weakest isolation under which anything is run: S0, S1, S2 or S3.
        live: ask the oracles that are installed, whatever is recorded.
        recorded: the answers to go by, by assignment.
    """

    def __init__(
        self,
        asked: Oracles | None = None,
        launcher: Launcher | None = None,
        min_isolation: str = "S0",
        *,
        live: bool = False,
        recorded: Mapping[str, Recorded] | None = None,
    ) -> None:
        if min_isolation not in LEVELS:
            raise UsageError(
                f'there is no isolation "{min_isolation}"; there are {", ".join(LEVELS)}'
            )
        self._oracles = asked
        self._live = live or asked is not None
        self._given = recorded or {}
        self._recorded: dict[tuple[str, str], Recorded] = {}
        self._launcher = launcher or Launcher()
        self._least = min_isolation
        self._isolation: Isolation | None = None
        self._loadings: OrderedDict[tuple[str, Limits], Loading] = OrderedDict()
        self._dialects: OrderedDict[tuple[str, Limits], dict[str, str]] = OrderedDict()
        self._turn = Lock()

    def warm(self) -> None:
        """Starts what starts workers: it imports NumPy while programs are made here."""
        self._launcher.warm()

    @property
    def oracles(self) -> Oracles:
        """The oracles that judge.

        Raises:
            OracleError: there is none.
        """
        with self._turn:
            if self._oracles is None:
                self._oracles = load.load()
            return self._oracles

    def answers(self, assignment: Assignment, seed: str) -> tuple[Oracles | Recorded, str]:
        """By whose word an assignment is judged, and why not by recorded answers, if it is not.

        Raises:
            OracleError: nothing is recorded, and no oracle is installed.
        """
        if assignment.name in self._given:
            return self._given[assignment.name], ""
        if self._live or seed != PUBLIC_SEED:
            return self.oracles, ""
        key = (assignment.name, seed)
        if key not in self._recorded:
            path = recording.shipped(assignment, seed)
            try:
                self._recorded[key] = recording.read(path, assignment, seed)
            except RecordingError as problem:
                try:
                    return self.oracles, str(problem) if path.exists() else ""
                except OracleError as none:
                    raise OracleError(f"{problem}; {none}") from None
        return self._recorded[key], ""

    def go_by(self, recorded: Mapping[str, Recorded]) -> None:
        """Judges by these answers too, by assignment."""
        self._given = {**self._given, **recorded}

    @property
    def isolation(self) -> Isolation:
        """What a worker is refused here, found by attacking.

        Raises:
            UsageError: it is weaker than was asked for.
        """
        with self._turn:
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
        self, what: Path | str | Submission, assignment: Assignment | str, seed: str = PUBLIC_SEED
    ) -> Grade:
        """The grade of what is at a path, or was read; unreadable input has a grade too.

        Raises:
            UsageError: there is no such assignment.
            OracleError: there is no oracle.
        """
        assignment = find(assignment) if isinstance(assignment, str) else assignment
        self.warm()
        try:
            submission = what if isinstance(what, Submission) else submissions.read(Path(what))
        except SubmissionError as problem:
            assert not isinstance(what, Submission), "what was read is readable"
            return grade.unreadable(assignment, Path(what).name, str(problem), seed)
        answers, not_recorded = self.answers(assignment, seed)
        isolation = self.isolation
        try:
            assignment = self.fitted(assignment, submission)
        except NoDialect as problem:
            return grade.unreadable(assignment, submission.name, str(problem), seed)
        with self.student(submission, assignment) as student:
            student.start_clock()
            refusal = student.load()
            reason = _syntax_error(refusal)
            if reason:
                refused = grade.unreadable(assignment, submission.name, reason, seed, refusal)
                return replace(refused, digest=submission.digest)
            result = grade.grade(assignment, student, Untimed(answers, weakly(student.wait)), seed)
        return replace(
            result,
            verdicts=tuple(pointed(verdict, submission) for verdict in result.verdicts),
            oracles=answers.versions,
            missing_oracles=(*answers.missing, *([not_recorded] if not_recorded else [])),
            isolation=isolation.level,
            dialect=student.dialect,
            import_line=_import_line(submission, assignment, student.dialect),
        )

    def student(self, submission: Submission, assignment: Assignment) -> Student:
        """The submission as an engine, for whoever judges it in another way.

        What its first load finds out holds for the other assignments too.
        """
        setup = Setup(
            submission,
            assignment.limits,
            assignment.names,
            assignment.dialect,
            assignment.libraries,
            stubs.of(submission, assignment.idle),
        )
        loading = self._loading(submission, assignment.limits)
        return Student(setup, self._launcher, loading=loading)

    def fitted(self, assignment: Assignment, submission: Submission) -> Assignment:
        """The assignment as it is for one submission: under the dialect that is found of it.

        Raises:
            NoDialect: none is.
        """
        if assignment.fitted is None or not assignment.finds:
            return assignment
        arrays = assignment.dialect.arrays
        found = self.dialect(submission, assignment.limits, arrays=arrays)
        return assignment.fitted(assignment, found)

    def speaks(self, submission: Submission, assignment: Assignment) -> bool:
        """Whether a submission uses the names of an assignment, not an engine's of its own.

        A class of the same name alone says nothing: it must have the assignment's sort, or stand
        in the same place, and hold its numbers under the same names.
        """
        wanted = assignment.dialect
        texts = [source.text for source in submission.main]
        texts += [source.text for _, source in submission.siblings]
        last, text = wanted.node.rpartition(".")[2], "\n".join(texts)
        if last not in text:
            return False
        numbers = [re.findall(r"\w+", form)[-1] for form in (wanted.value, wanted.gradient)]
        words = (rf"^\s*class {last}\b", wanted.sort.rstrip("()"), *(rf"\.{n}\b" for n in numbers))
        if all(re.search(word, text, re.MULTILINE) for word in words):
            return True
        with self.student(submission, assignment) as student:
            if student.load() is not None:
                return True
            missing = student.missing
        if wanted.node in missing:
            return False
        try:
            found = self.dialect(submission, assignment.limits)
        except NoDialect as problem:
            return not problem.near
        same = (wanted.value, wanted.gradient, wanted.backward)
        if (found.value, found.gradient, found.backward) != same:
            return False
        sort = f"{wanted.node}.{wanted.sort.rstrip('()')}"
        return sort not in missing or (found.node == wanted.node and _has_more(missing, assignment))

    def dialect(
        self, submission: Submission, limits: Limits = LIMITS, *, arrays: bool = False
    ) -> Dialect:
        """Under which names a submission spells an engine, found by running it.

        Args:
            submission: whose.
            limits: of the worker that looks for it.
            arrays: look for an engine whose nodes hold arrays.

        Raises:
            NoDialect: it has none, or none whose gradients can be read; the message says why.
        """
        key = (submission.digest, limits)
        with self._turn:
            known = self._dialects.get(key) if submission.digest else None
        if known is None:
            loading, refusal, known = self._searched(submission, limits)
            if refusal == KILLED:  # by somebody else, short of memory
                loading, refusal, known = self._searched(submission, limits)
            with self._turn:
                self._dialects[key] = known
                while len(self._dialects) > MOST_LOADINGS:
                    self._dialects.popitem(last=False)
                if refusal is None and submission.digest:
                    self._loadings.setdefault(key, loading)
        return array_dialect_of(known) if arrays else dialect_of(known)

    def _searched(
        self, submission: Submission, limits: Limits
    ) -> tuple[Loading, Fault | None, dict[str, str]]:
        """What a search finds in a worker of its own: how the module loads, a fault, the facts."""
        loading = Loading()
        setup = Setup(submission, limits, (), SEARCH)
        with Student(setup, self._launcher, loading=loading) as search:
            refusal = search.load()
            facts = search.facts
        return loading, refusal, facts if refusal is None else {"fault": refusal.kind}

    def _loading(self, submission: Submission, limits: Limits) -> Loading:
        """What is known of how a submission loads; of the last few submissions."""
        if not submission.digest:
            return Loading()
        with self._turn:
            found = self._loadings.setdefault((submission.digest, limits), Loading())
            self._loadings.move_to_end((submission.digest, limits))
            while len(self._loadings) > MOST_LOADINGS:
                self._loadings.popitem(last=False)
            return found

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


def _import_line(submission: Submission, assignment: Assignment, dialect: Dialect) -> str:
    """The line above a program: the assignment's own where it has one and the names are its own."""
    line = snippet.import_line(submission, dialect)
    if assignment.imports is None or dialect != assignment.dialect or line.startswith("#"):
        return line
    return assignment.imports(submission)


def _has_more(missing: tuple[str, ...], assignment: Assignment) -> bool:
    """Whether a module has a function of an assignment beside its class."""
    node = assignment.dialect.node
    return any(name not in missing for name in assignment.names if not name.startswith(node))


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
