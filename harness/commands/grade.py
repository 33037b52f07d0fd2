"""The commands that grade a class, and count it again by another rubric."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.classes import book, cluster, gradebook
from harness.classes.by_hand import changes_in
from harness.classes.collect import Class, class_of
from harness.classes.seeds import seed_of
from harness.classes.store import Store
from harness.classes.who import Who
from harness.commands import options
from harness.grading.answers import answers_for
from harness.grading.grader import LECTURE
from harness.judging import rubric
from harness.judging.class_rules import class_rules
from harness.records.errors import UsageError
from harness.report.tables import class_table


@dataclass(frozen=True)
class Request:
    """What `adjudge grade` is asked for."""

    folder: Annotated[Path, typer.Argument(help="a folder or an archive of submissions")]
    results: Annotated[Path, typer.Option("--results", "-o", help="the file to write")]
    roster: Annotated[Path | None, typer.Option(help="a CSV of the class")] = None
    groups: Annotated[
        Path | None, typer.Option(help="a CSV of who works together: group_name, login_id")
    ] = None
    assignment: options.Names = None
    seed_file: options.SeedFile = None
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="grade only this student; may be repeated"),
    ] = None
    adjustments: options.Changes = None
    rubric_file: options.RubricFile = None
    strict: options.Strict = False
    thorough: Annotated[int, typer.Option(min=1, help="draw that many times the programs")] = 1
    jobs: options.Jobs = 0
    scheduler: Annotated[
        str, typer.Option(help="the address of a Dask scheduler, such as tcp://host:8786")
    ] = ""
    min_isolation: Annotated[str, typer.Option(help="refuse to run under less: S0, S1, S2, S3")] = (
        "S3"
    )

    @property
    def crew(self) -> gradebook.Crew:
        """Who grades."""
        if self.scheduler:
            return gradebook.Crew(lambda: cluster.connected(self.scheduler), cluster.Cluster.room)
        count = self.jobs or os.cpu_count() or 1
        return gradebook.Crew(lambda: gradebook.processes(count), lambda _: 2 * count)

    def plan(self, text: str) -> gradebook.Plan:
        """By what they grade, under the text of a rubric."""
        names, seed = tuple(self.assignment or LECTURE), seed_of(self.seed_file)
        where = str(self.rubric_file)
        class_rules(text, where)
        assignments = rubric.ruled(names, text, where, thorough=self.thorough, graded=True)
        answers = tuple(answers_for(assignment, seed) for assignment in assignments)
        return gradebook.Plan(names, seed, answers, self.min_isolation, text, self.thorough)


@options.of(Request)
def grade(request: Request) -> None:
    """Grade a class; if it is interrupted, run it again to resume.

    Exit code 0: all are graded; 2: bad usage; 3: some could not be graded, by
    our failure; 130: stopped by Ctrl-C, with what was graded so far.
    """
    console = Console(highlight=False)
    handed_in = class_of(request.folder, request.roster, request.groups)
    people = gradebook.people_of(handed_in)
    who = Who(person for person, _ in people)
    wanted = frozenset(who.one(asked).key for asked in request.only or ())
    text = rubric.read(request.rubric_file)
    plan, start = request.plan(text), time.monotonic()
    name = request.rubric_file.name if request.rubric_file else ""
    rules = book.made_by(plan) | book.counted_by(text, name, strict=request.strict)
    changes = None
    if request.adjustments is not None:
        changes = changes_in(request.adjustments, who, plan.ruled())
    with Store(request.results, writes=True) as store:
        if wanted:
            book.same(store, rules)
        store.enrol(people, only=bool(wanted))
        if changes is not None:
            store.adjust(changes)
        for fact, value in (rules | facts(handed_in)).items():
            store.note(fact, value)
        store.note("partial", True)
        total = len(wanted) or len(handed_in.entries) + len(handed_in.unreadable)
        jobs = _unchanged(request.folder, gradebook.jobs_of(handed_in, wanted))
        with class_table.Progress(console, total) as progress:
            try:
                lost = gradebook.run(plan, jobs, store, request.crew, progress.tell)
            except KeyboardInterrupt:
                console.print("stopped; run the same command again to resume")
                raise typer.Exit(130) from None
        store.note("partial", False)
        store.note("lost", [f"{key} ({why})" for key, why in sorted(lost.items())])
        seconds = time.monotonic() - start
        store.note("seconds", seconds)
        store.note("when", datetime.now(UTC).isoformat(sep=" ", timespec="seconds"))
        class_table.show(book.Book(store, without=book.UNDRAWN), console, seconds)
    raise typer.Exit(3 if lost else 0)


def regrade(
    results: options.Results,
    rubric_file: options.RubricFile = None,
    adjustments: options.Changes = None,
    strict: options.Strict = False,
) -> None:
    """Count a class again by another rubric or other changes by hand; nothing is run.

    Points, bonus, cap, total, credit, hidden, visibility, feedback and
    lateness are counted anew. What decides which programs are run (limits,
    libraries, a check switched on or off) is refused. Without --rubric the
    assignment's own points hold; without --adjustments known changes stay.
    """
    if not results.is_file():
        raise UsageError(f"{results}: there are no results")
    text = rubric.read(rubric_file)
    with Store(results, writes=True) as store:
        now = book.Book(store)
        changes = None
        if adjustments is not None:
            changes = changes_in(adjustments, now.who, now.assignments)
        book.recount(store, text, str(rubric_file or "no rubric"), strict=strict)
        if changes is not None:
            store.adjust(changes)
        class_table.sums(book.Book(store, without=book.UNDRAWN), Console(highlight=False))


def facts(handed_in: Class) -> dict[str, object]:
    """What a store keeps about a class besides grades."""
    return {
        "layout": handed_in.layout,
        "possible": dict(handed_in.possible),
        "absent": [person.key for person in handed_in.absent],
        "unknown": [stranger.origin for stranger in handed_in.unknown],
        "passed over": list(handed_in.passed_over),
        "origins": {entry.person.key: entry.origin for entry in handed_in.entries}
        | {closed.person.key: closed.origin for closed in handed_in.unreadable},
        "duplicates": [
            [double.person.key, double.taken, list(double.others)]
            for double in handed_in.duplicates
        ],
    }


def _unchanged(archive: Path, jobs: Iterator[gradebook.Job]) -> Iterator[gradebook.Job]:
    """The jobs, as long as the archive they are read from is the one that was opened.

    Raises:
        UsageError: it is another one now, of which half would look like damaged submissions.
    """

    def state() -> tuple[int, int, int]:
        found = archive.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns

    before = state()
    for job in jobs:
        if archive.is_file() and state() != before:
            raise UsageError(
                f"{archive}: was changed while it was graded; run the same command again to resume"
            )
        yield job
