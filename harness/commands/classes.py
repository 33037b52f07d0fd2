"""The commands for a class: grade it, look at it, compare two runs, hand in the gradebook."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.classes import gradebook
from harness.classes.roster import Class, class_of
from harness.classes.store import Store
from harness.grading.grader import LECTURE, PUBLIC_SEED, answers_for
from harness.judging import rubric
from harness.judging.check import find
from harness.judging.grade import within_feedback
from harness.records.errors import AdjudgeError, UsageError
from harness.records.names import spelled
from harness.records.people import Adjustment, Result
from harness.report.exports import export
from harness.report.tables import class_table, terminal
from harness.report.words import wording

Results = Annotated[Path, typer.Argument(help="a file of results, as `adjudge grade` writes it")]
SEED_VARIABLE = "ADJUDGE_SEED"
FOR_STUDENTS = ("gradescope", "prairielearn")
"""The formats that students read; what a rubric hides is not in them."""


def grade(
    folder: Annotated[Path, typer.Argument(help="a folder or an archive of submissions")],
    results: Annotated[Path, typer.Option("--results", "-o", help="the file to write")],
    roster: Annotated[Path | None, typer.Option(help="a CSV of the class")] = None,
    assignment: Annotated[
        list[str] | None,
        typer.Option(help="which assignment; may be repeated; by default the whole lecture"),
    ] = None,
    seed_file: Annotated[
        Path | None, typer.Option(help="a file that holds the secret seed")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="grade only this student; may be repeated")
    ] = None,
    adjustments: Annotated[
        Path | None, typer.Option(help="a CSV of changes by hand: key, points, reason, by")
    ] = None,
    rubric_file: Annotated[
        Path | None, typer.Option("--rubric", help="a TOML file with points, limits and rules")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="count only what passes as the submission stands")
    ] = False,
    thorough: Annotated[int, typer.Option(min=1, help="draw that many times the programs")] = 1,
    jobs: Annotated[int, typer.Option(help="processes; by default one for each core")] = 0,
    scheduler: Annotated[
        str, typer.Option(help="the address of a Dask scheduler, such as tcp://host:8786")
    ] = "",
    min_isolation: Annotated[
        str, typer.Option(help="refuse to run under less: S1, S2 or S3")
    ] = "S3",
) -> None:
    """Grade a class; run it again to go on where it stopped.

    Exit code 0: all are graded; 2: bad usage; 3: some could not be graded by our failure; 130:
    stopped by Ctrl-C, with what was graded so far.
    """
    console = Console(highlight=False)
    chosen = tuple(assignment or LECTURE)
    seed = seed_of(seed_file)
    handed_in = class_of(folder, roster)
    wanted = _keys(only or (), handed_in)
    text = rubric.text_of(rubric_file) if rubric_file is not None else ""
    for name in chosen if text else ():
        rubric.loads(text, str(rubric_file), find(name))  # a slip is told before anything is run
    assignments = gradebook.ruled(chosen, text, strict=strict, thorough=thorough)
    answers = tuple(answers_for(one, seed) for one in assignments)
    plan = gradebook.Plan(chosen, seed, answers, min_isolation, strict, text, thorough)
    count = jobs or os.cpu_count() or 1
    start = time.monotonic()
    with Store(results, writes=True) as store:
        store.enrol(gradebook.people_of(handed_in), only=bool(wanted))
        if adjustments is not None:
            store.adjust(adjustments_in(adjustments))
        for name, value in facts(handed_in, plan).items():
            store.note(name, value)
        store.note("partial", True)
        total = len(wanted) or len(handed_in.entries) + len(handed_in.unreadable)

        def pool() -> Executor:
            return gradebook.cluster(scheduler) if scheduler else gradebook.processes(count)

        with class_table.Progress(console, total) as shown:
            try:
                lost = gradebook.run(
                    plan,
                    _unchanged(folder, gradebook.jobs_of(handed_in, wanted)),
                    total,
                    store,
                    pool,
                    shown.tell,
                    in_flight=2 * count if not scheduler else 64,
                )
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
    results: Results,
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
    results: Results,
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


def seed_of(file: Path | None) -> str:
    """The secret seed from a file or the environment, else the public one.

    Raises:
        UsageError: the file cannot be read or is empty.
    """
    if file is None:
        return os.environ.get(SEED_VARIABLE, "").strip() or PUBLIC_SEED
    try:
        seed = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file}: no seed can be read ({problem})") from None
    if not seed:
        raise UsageError(f"{file}: holds no seed")
    return seed


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
        "rubric": [rubric.digest(assignment) for assignment in plan.made()],
        "feedback": {assignment.name: assignment.feedback for assignment in plan.made()},
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
