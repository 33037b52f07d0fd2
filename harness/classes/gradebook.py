"""Grade a class on any executor, into a store: nothing is lost, nothing is graded twice.

Submissions travel as text and grades come back as records, so an executor may be a pool of
processes on this machine or a cluster. Each process has one grader, and with it one zygote.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from functools import cached_property, lru_cache
from multiprocessing import connection, parent_process
from threading import Lock, Thread
from typing import Any

from harness.classes.collect import Class
from harness.classes.store import Store
from harness.grading.grader import PUBLIC_SEED, Grader
from harness.intake import submissions
from harness.judging import grade, rubric
from harness.judging.check import Assignment
from harness.oracles import recording
from harness.records.errors import AdjudgeError, SubmissionError
from harness.records.handed_in import Submission
from harness.records.people import UNKNOWN, Handing, Person, RunProgress
from harness.records.verdict import Grade, Status
from harness.records.version import version
from harness.sandbox.compiled import recall
from harness.sandbox.start import process_pool

MOST_TRIES = 3
"""How often a submission is graded anew because the process that graded it was lost."""


@dataclass(frozen=True)
class Plan:
    """By what a class is graded; it travels with every submission."""

    assignments: tuple[str, ...]
    seed: str
    answers: tuple[bytes, ...]
    """A recording for each assignment."""
    min_isolation: str = "S3"
    rubric: str = ""
    """The text of a TOML file, or nothing; of it what decides verdicts."""
    thorough: int = 1
    """How many draws of programs each check has."""

    @cached_property
    def digest(self) -> str:
        """What stands for it: two plans with one digest give the same verdicts."""
        rules = [rubric.run_digest(assignment) for assignment in self.ruled()]
        total = hashlib.sha256(repr((self.assignments, self.seed, rules, self.thorough)).encode())
        for answers in self.answers:
            total.update(answers)
        return total.hexdigest()[:16]

    @property
    def stamp(self) -> str:
        """What stands for it and for the version that goes by it."""
        return f"{self.digest}/{version()}"

    def ruled(self) -> tuple[Assignment, ...]:
        """The assignments under the rubric."""
        return _ruled(self.assignments, self.rubric, self.thorough)


@lru_cache(maxsize=8)
def _ruled(names: tuple[str, ...], text: str, thorough: int) -> tuple[Assignment, ...]:
    """Assignments, made once in each process."""
    return rubric.ruled(names, text, thorough=thorough, graded=True)


@dataclass(frozen=True)
class Job:
    """One submission to grade."""

    key: str
    submission: Submission | None
    reason: str = ""
    """Why there is no submission to grade: it cannot be read."""

    def stamp(self, plan: Plan) -> str:
        """From what its grades are made."""
        digest = self.submission.digest if self.submission else self.reason
        return f"{digest}/{plan.stamp}"


def grade_job(plan: Plan, job: Job) -> tuple[Grade, ...]:
    """The grades of one submission, one for each assignment; runs wherever the executor runs."""
    assignments = plan.ruled()
    if job.submission is None:
        return tuple(grade.unreadable(a, job.key, job.reason, plan.seed) for a in assignments)
    with _turn:
        grader = _grader(plan)
        return grade.once(grader.grade(job.submission, a, plan.seed) for a in assignments)


def jobs_of(handed_in: Class, only: frozenset[str] = frozenset()) -> Iterator[Job]:
    """Each submission of a class, read when it is its turn.

    Why one cannot be read is told from the class's folder on: the same class gives the same
    results wherever it stands, and no student reads the instructor's paths.
    """
    above = os.path.join(handed_in.where, "")
    for entry in handed_in.entries:
        key = entry.person.key
        if only and key not in only:
            continue
        try:
            yield Job(key, submissions.of(entry.files, entry.person.name or key))
        except SubmissionError as problem:
            yield Job(key, None, str(problem).replace(above, ""))
    for closed in handed_in.unreadable:
        if not only or closed.person.key in only:
            yield Job(closed.person.key, None, closed.reason.replace(above, ""))


def people_of(handed_in: Class) -> list[tuple[Person, Handing]]:
    """Everybody in a class, and when they handed in; the absent are in it too."""
    handed = [(entry.person, entry.handing) for entry in handed_in.entries]
    handed += [(closed.person, closed.handing) for closed in handed_in.unreadable]
    return handed + [(person, UNKNOWN) for person in handed_in.absent]


@dataclass(frozen=True)
class Crew:
    """Who grades."""

    executor: Callable[[], Executor]
    """Makes the executor, and makes it anew where it breaks."""
    room: Callable[[Any], int]
    """How many submissions are out at a time on an executor, so that it is never idle and memory
    does not grow with the class."""


def run(
    plan: Plan,
    jobs: Iterable[Job],
    store: Store,
    crew: Crew,
    tell: Callable[[RunProgress], None],
) -> dict[str, str]:
    """Grades what the store does not have yet.

    Args:
        plan: by what.
        jobs: the submissions, read as they are needed.
        store: where each grade goes as soon as it is made.
        crew: who grades.
        tell: is called after each submission.

    Returns:
        The keys that could not be graded, and why: our failure, and no mark.

    Raises:
        AdjudgeError: nothing can be graded, such as by a machine that isolates too little.
    """
    known = store.stamps()
    start, waiting = time.monotonic(), iter(jobs)
    done = skipped = failed = flagged = 0
    tries: dict[str, int] = {}
    lost: dict[str, str] = {}
    again: list[Job] = []
    out: dict[Future[tuple[Grade, ...]], Job] = {}
    executor = crew.executor()
    try:
        while True:
            while len(out) < crew.room(executor):
                job = again.pop() if again else next(waiting, None)
                if job is None:
                    break
                stamp = job.stamp(plan)
                if all(known.get((job.key, name)) == stamp for name in plan.assignments):
                    done, skipped = done + 1, skipped + 1
                    continue
                out[_sent(executor, plan, job)] = job
            if not out:
                return lost
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                job = out.pop(future)
                try:
                    grades = future.result()
                except BrokenExecutor:
                    again += out.values()
                    out.clear()
                    tries[job.key] = tries.get(job.key, 0) + 1
                    if tries[job.key] < MOST_TRIES:
                        again.append(job)
                    else:
                        lost[job.key] = f"the process that graded it ended {MOST_TRIES} times"
                    executor.shutdown(wait=False)
                    executor = crew.executor()
                    break
                except AdjudgeError:
                    raise
                except Exception as ours:
                    lost[job.key] = f"{type(ours).__name__}: {ours}"
                    continue
                store.put(job.key, job.stamp(plan), grades, job.submission)
                done += 1
                failed += not all(graded.passed for graded in grades)
                verdicts = [verdict for graded in grades for verdict in graded.verdicts]
                flagged += any(verdict.status is Status.FLAGGED for verdict in verdicts)
                seconds = time.monotonic() - start
                tell(RunProgress(done, skipped, failed, flagged, seconds))
    finally:
        for future in out:
            future.cancel()
        executor.shutdown(wait=False)


def _sent(executor: Executor, plan: Plan, job: Job) -> Future[tuple[Grade, ...]]:
    """A job on its way; where the executor is found broken, the future says so."""
    try:
        return executor.submit(grade_job, plan, job)
    except BrokenExecutor as broken:
        future: Future[tuple[Grade, ...]] = Future()
        future.set_exception(broken)
        return future


def processes(count: int) -> Executor:
    """A pool of processes on this machine."""
    return process_pool(count, _follow)


_graders: dict[str, Grader] = {}
_turn = Lock()
"""Held while grading: a cluster may run a process with several threads, and it has one grader."""


def _grader(plan: Plan) -> Grader:
    """The one grader of this process."""
    if plan.digest not in _graders:
        for old in _graders.values():
            old.close()
        _graders.clear()
        if plan.seed == PUBLIC_SEED:
            recall()
        recorded = {
            assignment.name: recording.parse(raw, "the answers of this run", assignment, plan.seed)
            for assignment, raw in zip(plan.ruled(), plan.answers, strict=True)
        }
        made = Grader(min_isolation=plan.min_isolation, recorded=recorded)
        _graders[plan.digest] = made
        atexit.register(made.close)
    return _graders[plan.digest]


def _follow() -> None:
    """Leaves Ctrl-C to the process that leads the run, and ends when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leader = parent_process()
    assert leader is not None, "a pool has a parent"

    def watch() -> None:
        connection.wait([leader.sentinel])
        os._exit(1)  # nobody is left to take a result

    Thread(target=watch, daemon=True).start()
