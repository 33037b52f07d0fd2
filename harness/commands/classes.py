"""The commands for a class: grade it, look at it, compare two runs, hand in the gradebook."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.classes import gradebook
from harness.classes.roster import Class, class_of
from harness.classes.seeds import seed_of
from harness.classes.store import Store
from harness.commands import options
from harness.grading.grader import LECTURE, answers_for
from harness.judging import rubric
from harness.judging.check import find
from harness.judging.grade import within_feedback
from harness.judging.toml_file import text_of
from harness.records.errors import AdjudgeError, UsageError
from harness.records.names import spelled
from harness.records.people import Adjustment, Result
from harness.report.exports import export
from harness.report.tables import class_table, terminal
from harness.report.words import wording

CLUSTER = 64
"""Submissions that are out at a time on a cluster."""
FOR_STUDENTS = ("gradescope", "prairielearn")
"""The formats that students read; what a rubric hides is not in them."""


@dataclass(frozen=True)
class Request:
    """What `adjudge grade` is asked for."""

    folder: Annotated[Path, typer.Argument(help="a folder or an archive of submissions")]
    results: Annotated[Path, typer.Option("--results", "-o", help="the file to write")]
    roster: Annotated[Path | None, typer.Option(help="a CSV of the class")] = None
    assignment: options.Names = None
    seed_file: options.SeedFile = None
    only: Annotated[
        list[str] | None, typer.Option(help="grade only this student; may be repeated")
    ] = None
    adjustments: Annotated[
        Path | None, typer.Option(help="a CSV of changes by hand: key, points, reason, by")
    ] = None
    rubric_file: options.RubricFile = None
    strict: options.Strict = False
    thorough: Annotated[int, typer.Option(min=1, help="draw that many times the programs")] = 1
    jobs: options.Jobs = 0
    scheduler: Annotated[
        str, typer.Option(help="the address of a Dask scheduler, such as tcp://host:8786")
    ] = ""
    min_isolation: Annotated[str, typer.Option(help="refuse to run under less: S1, S2 or S3")] = (
        "S3"
    )

    @property
    def crew(self) -> gradebook.Crew:
        """Who grades."""
        if self.scheduler:
            return gradebook.Crew(lambda: gradebook.cluster(self.scheduler), CLUSTER)
        count = self.jobs or os.cpu_count() or 1
        return gradebook.Crew(lambda: gradebook.processes(count), 2 * count)

    @property
    def plan(self) -> gradebook.Plan:
        """By what they grade; a slip in the rubric is refused before anything is run."""
        names, seed = tuple(self.assignment or LECTURE), seed_of(self.seed_file)
        text = text_of(self.rubric_file) if self.rubric_file is not None else ""
        assignments = rubric.ruled(
            names, text, str(self.rubric_file), strict=self.strict, thorough=self.thorough
        )
        answers = tuple(answers_for(assignment, seed) for assignment in assignments)
        least, strict, thorough = self.min_isolation, self.strict, self.thorough
        return gradebook.Plan(names, seed, answers, least, strict, text, thorough)


@options.of(Request)
def grade(request: Request) -> None:
    """Grade a class; run it again to go on where it stopped.

    Exit code 0: all are graded; 2: bad usage; 3: some could not be graded by our failure; 130:
    stopped by Ctrl-C, with what was graded so far.
    """
    console = Console(highlight=False)
    handed_in = class_of(request.folder, request.roster)
    wanted = _keys(request.only or (), handed_in)
    plan, start = request.plan, time.monotonic()
    with Store(request.results, writes=True) as store:
        store.enrol(gradebook.people_of(handed_in), only=bool(wanted))
        if request.adjustments is not None:
            store.adjust(adjustments_in(request.adjustments))
        for name, value in facts(handed_in, plan).items():
            store.note(name, value)
        store.note("partial", True)
        total = len(wanted) or len(handed_in.entries) + len(handed_in.unreadable)
        jobs = _unchanged(request.folder, gradebook.jobs_of(handed_in, wanted))
        with class_table.Progress(console, total) as progress:
            try:
                lost = gradebook.run(plan, jobs, store, request.crew, progress.tell)
            except KeyboardInterrupt:
                console.print("stopped; the same command goes on from here")
                raise typer.Exit(130) from None
        store.note("partial", False)
        store.note("lost", [f"{key} ({why})" for key, why in sorted(lost.items())])
        seconds = time.monotonic() - start
        store.note("seconds", seconds)
        class_table.show(store, console, seconds)
    raise typer.Exit(3 if lost else 0)


def show(
    results: options.Results,
    student: Annotated[str, typer.Argument(help="the student's key, or a part of the name")],
) -> None:
    """Show everything about one student, the graphs of the failures drawn in text."""
    from harness.report.pages import graph_text  # a run of a class starts without what draws

    with Store(results) as store:
        found = _one(store, student)
    console = Console(highlight=False)
    name = wording.printable(found.person.name or found.person.key)
    console.print(f"{name}: {wording.points(found.points)}/{wording.points(found.out_of)}")
    for change in found.adjustments:
        told = f"{change.points:+g} by {change.by}: {change.reason}"
        console.print(wording.printable(told), markup=False)
    for graded in found.grades:
        titles = {check.name: check.title for check in find(graded.assignment).checks}
        terminal.show(graded, console, titles=titles, graph=graph_text.tree)
    terminal.summary(found.grades, console)


def compare(
    old: Annotated[Path, typer.Argument(help="a file of results")],
    new: Annotated[Path, typer.Argument(help="another one")],
) -> None:
    """Show who changed from one run to another, by which check, and why."""
    with Store(old) as before, Store(new) as after:
        class_table.compare(before, after, Console(highlight=False))


def export_results(
    results: options.Results,
    form: Annotated[str, typer.Option("--format", help=", ".join(export.FORMATS))],
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="the file or folder to write")
    ] = None,
    column: Annotated[
        str, typer.Option(help="the gradebook's name of the assignment")
    ] = "Autodiff",
) -> None:
    """Write the results as a gradebook or another program reads them."""
    if form not in export.FORMATS:
        raise UsageError(f'there is no format "{form}"; there are {", ".join(export.FORMATS)}')
    with Store(results) as store:
        if store.fact("partial"):
            sys.stderr.write("these results are partial: the run was stopped before its end\n")
        told = store.results()
        if form in FOR_STUDENTS:
            told = tuple(as_told(result, store.fact("feedback")) for result in told)
    names = {graded.assignment for result in told for graded in result.grades}
    titles = {check.name: check.title for name in sorted(names) for check in find(name).checks}
    made = export.FORMATS[form](told, titles, column)
    if isinstance(made, str):
        _write(made, to)
    elif to is None:
        raise UsageError(f"{form} is a file for each student: give a folder with --to")
    else:
        to.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            _write(text, to / name)


def as_told(result: Result, feedback: object) -> Result:
    """What a student is told of a result."""
    depths = feedback if isinstance(feedback, dict) else {}
    grades = tuple(
        within_feedback(g, str(depths.get(g.assignment, "program"))) for g in result.grades
    )
    return replace(result, grades=grades)


def adjustments_in(file: Path) -> list[Adjustment]:
    """The changes by hand that a CSV holds.

    Raises:
        UsageError: a column is missing, or a line makes no sense.
    """
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file}: cannot be read ({problem})") from None
    made = []
    for number, row in enumerate(rows, start=2):
        try:
            points, told = float(row["points"]), (row["key"], row["reason"], row["by"])
        except KeyError as missing:
            raise UsageError(f"{file}: has no column {missing}") from None
        except (TypeError, ValueError):
            raise UsageError(f"{file}, line {number}: points is no number") from None
        if not (abs(points) < 1e6 and all(told)):
            raise UsageError(f"{file}, line {number}: key, points, reason and by must be given")
        made.append(Adjustment(told[0], points, told[1], told[2]))
    return made


def facts(handed_in: Class, plan: gradebook.Plan) -> dict[str, object]:
    """What a store keeps about a run besides the grades."""
    return {
        "layout": handed_in.layout,
        "assignments": list(plan.assignments),
        "seed": plan.seed,
        "rubric": [rubric.digest(assignment) for assignment in plan.ruled()],
        "feedback": {assignment.name: assignment.feedback for assignment in plan.ruled()},
        "absent": [person.key for person in handed_in.absent],
        "unknown": [one.origin for one in handed_in.unknown],
        "passed over": list(handed_in.passed_over),
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
                f"{archive}: was changed while it was graded; the same command goes on from here"
            )
        yield job


def _keys(wanted: Iterable[str], handed_in: Class) -> frozenset[str]:
    """The keys that are wanted; each is given as it is shown, or as the file is called."""
    keys = {person.key for person, _ in gradebook.people_of(handed_in)}
    found = frozenset(key if key in keys else spelled(key) for key in wanted)
    for key in sorted(found - keys):
        raise UsageError(f'nobody in this class has the key "{key}"')
    return found


def _one(store: Store, student: str) -> Result:
    called = {student, spelled(student)}
    found = [r for r in store.each() if called & {r.person.key, r.person.name}]
    found = found or [r for r in store.each() if student.lower() in r.person.name.lower()]
    if len(found) != 1:
        told = "nobody" if not found else ", ".join(sorted(r.person.key for r in found))
        raise UsageError(f'"{student}" is {told} in these results')
    return found[0]


def _write(text: str, to: Path | None) -> None:
    if to is None:
        sys.stdout.write(text)
        return
    try:
        to.write_bytes(text.encode())
    except OSError as problem:
        raise AdjudgeError(f"{to}: cannot be written ({problem.strerror})") from None
