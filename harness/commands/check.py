"""The command that checks one submission: parsing and printing only."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.commands import options
from harness.commands.app import FAILED, PASSED
from harness.commands.progress import waiting
from harness.commands.rubric import ruled
from harness.grading.grader import LECTURE, PUBLIC_SEED, Grader
from harness.intake import submissions as handed_in
from harness.judging import declared
from harness.judging.check import Assignment, find, with_exercise
from harness.judging.grade import FEEDBACK, STAGES, for_student, once, only
from harness.oracles import recording
from harness.programs.found import NoDialect
from harness.records.dialect import Dialect
from harness.records.errors import RecordingError, SubmissionError, UsageError
from harness.records.handed_in import Submission
from harness.records.names import spelled
from harness.records.verdict import BROKEN, Grade, Status
from harness.report.tables import terminal
from harness.report.words import dialects, listing, wording
from harness.sandbox.compiled import kept

SHAPES = ("text", "json", "sarif", "lines")
"""What --format may be."""

ENGINES = "scalar_engine"
ARRAYS = "array_engine"
"""The assignment for engines under other names than the lecture's."""
NETWORKS = "scalar_network"
"""The one for networks on them."""


def check(
    path: Annotated[
        Path,
        typer.Argument(
            help="a .py file, a .ipynb notebook or a folder; by default the current folder"
        ),
    ] = Path(),
    assignment: options.Names = None,
    seed: options.Seed = PUBLIC_SEED,
    exercise: Annotated[
        str, typer.Option(help="show only this exercise or check, such as 2.A or relu_gradient")
    ] = "",
    rubric_file: options.RubricFile = None,
    dialect: Annotated[
        str, typer.Option(help="how an engine spells a program: found, lecture, micrograd, a file")
    ] = "",
    strict: options.Strict = False,
    feedback: Annotated[
        str | None, typer.Option(help="what is told: none, exercise, sentence or program")
    ] = None,
    answers: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="what `adjudge record` wrote, in place of PyTorch and JAX; for --seed",
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="ask PyTorch and JAX now, not what is recorded of them")
    ] = False,
    thorough: Annotated[
        int, typer.Option(min=1, help="draw that many times the programs, and ask PyTorch and JAX")
    ] = 1,
    json: Annotated[
        bool, typer.Option("--json", help="print JSON; the same as --format json")
    ] = False,
    shape: Annotated[
        str,
        typer.Option(
            "--format", help="text, json, sarif, or lines: file:line:1: error: what is wrong"
        ),
    ] = "text",
    html: Annotated[
        Path | None, typer.Option(help="write a page with pictures to this file too")
    ] = None,
) -> None:
    """Check one submission and say what is wrong.

    Exit code 0: all passed; 1: some failed; 2: bad usage or unreadable input; 3: our own error.
    """
    if feedback not in (None, *FEEDBACK):
        raise UsageError(f'there is no feedback "{feedback}"; there are {", ".join(FEEDBACK)}')
    if shape not in SHAPES:
        raise UsageError(f'there is no format "{shape}"; there are {", ".join(SHAPES)}')
    if answers and (live or thorough > 1):
        raise UsageError("--answers are in place of PyTorch and JAX; leave out --live, --thorough")
    name = wording.printable(handed_in.name(path))
    # Programs of a secret seed are kept nowhere.
    keeps = kept() if seed == PUBLIC_SEED else nullcontext()
    with keeps, Grader(live=live or thorough > 1) as grader:
        grader.warm()
        what = _read(path)
        chosen_names = assignment or list(_chosen(grader, what, dialect))
        assignments = ruled(chosen_names, rubric_file, strict=strict, dialect=dialect)
        if exercise:
            assignments, exercise = with_exercise(assignments, exercise)
        grader.go_by(_recorded(answers or [], assignments, seed))
        if thorough > 1:
            assignments = [chosen.thorough(thorough) for chosen in assignments]
        # One of them judges while the worker of another computes.
        with ThreadPoolExecutor(len(assignments)) as pool, waiting(f"Checking {name} ..."):
            full = [*pool.map(lambda chosen: grader.grade(what, chosen, seed), assignments)]
    depths = [feedback or chosen.feedback for chosen in assignments]
    grades = [
        *once(for_student(each, depth, STAGES[0]) for each, depth in zip(full, depths, strict=True))
    ]
    shown = [only(grade, exercise) for grade in grades]
    unreadable = next((grade.unreadable for grade in grades if grade.unreadable), "")
    if json or shape == "json":
        from harness.report.exports import document  # heavy, as all that only some runs need

        sys.stdout.write(document.encode(grades) + "\n")
    elif shape != "text":
        sys.stdout.write(_for_editors(shape, what, path, shown, assignments))
    elif not unreadable:
        if isinstance(what, Submission) and what.choice:
            sys.stdout.write(f"{what.choice}\n")
        if not assignment and (other := dialects.renamed(shown[0].dialect, _wanted())):
            sys.stdout.write(f"{other}\n")
        _print(shown, assignments)
    if html is not None:
        _write_page(html, path, shown, assignments)
    if unreadable:
        problem = UsageError(unreadable)
        for line in listing.trace(full[0].verdicts[0]):
            problem.add_note(line)
        raise problem
    counted = (v for graded in full for v in only(graded, exercise).verdicts)
    broken = any(v.status in (*BROKEN, Status.CREDITED) for v in counted)
    raise typer.Exit(FAILED if broken else PASSED)


def _read(path: Path) -> Submission | Path:
    """The submission at a path, read once; the path itself where it cannot be read."""
    try:
        return handed_in.read(path)
    except SubmissionError:
        return path


def _recorded(
    files: list[Path], assignments: list[Assignment], seed: str
) -> dict[str, recording.Recorded]:
    """The answers in files, each by the assignment that it is of.

    Raises:
        UsageError: one is damaged, or of none of the assignments under this seed.
    """
    known = {assignment.name: assignment for assignment in assignments}
    found: dict[str, recording.Recorded] = {}
    try:
        for file in files:
            name = recording.about(file)
            if name not in known:
                raise UsageError(f"{file}: has the answers of {name}; judged is {', '.join(known)}")
            found[name] = recording.read(file, known[name], seed)
    except RecordingError as problem:
        raise UsageError(str(problem)) from None
    return found


def _chosen(grader: Grader, what: Submission | Path, dialect: str) -> tuple[str, ...]:
    """The lecture's assignments, or one for engines where a submission is one of other names.

    An engine is judged by arrays where it multiplies matrices or adds up elements, else by numbers.

    What cannot be read, or holds no engine at all, is told under the lecture's names.
    """
    if dialect:
        of_arrays = dialect != declared.FOUND and declared.named(dialect, find(ENGINES)).arrays
        return (ARRAYS,) if of_arrays else (ENGINES,)
    if isinstance(what, Path) or grader.speaks(what, find(LECTURE[0])):
        return LECTURE
    try:
        grader.dialect(what, arrays=True)
        return (ARRAYS,)
    except NoDialect as problem:
        if problem.near:
            return (ARRAYS,)
    try:
        found = grader.dialect(what)
    except NoDialect as problem:
        if problem.near:
            return (ENGINES,)
        return LECTURE
    return (ENGINES, NETWORKS) if found.networks else (ENGINES,)


def _wanted() -> Dialect:
    """How the course that is judged by default spells a program."""
    return find(LECTURE[0]).dialect


def _print(grades: list[Grade], assignments: list[Assignment]) -> None:
    console = Console(highlight=False)
    for at, (grade, chosen) in enumerate(zip(grades, assignments, strict=True)):
        titles = {c.name: c.title for c in chosen.checks}
        terminal.show(grade, console, titles=titles, before=grades[:at])
    terminal.summary(grades, console)


def _for_editors(
    shape: str,
    what: Submission | Path,
    path: Path,
    grades: list[Grade],
    assignments: list[Assignment],
) -> str:
    """What was found, each at its line of the submission."""
    from harness.records.people import Person, Result
    from harness.report.exports import places, sarif

    checks = {check.name: check for chosen in assignments for check in chosen.checks}
    text = what if isinstance(what, Submission) else None
    file = handed_in.graded_file(path)
    found = [places.places(grade.verdicts, checks, text, path, file) for grade in grades]
    at = {name: place for each in found for name, place in each.items()}
    titles = {name: check.title for name, check in checks.items()}
    result = Result(Person(spelled(path.resolve().name)), tuple(grades))
    return (sarif.log if shape == "sarif" else sarif.lines)(result, titles, at)


def _write_page(to: Path, path: Path, grades: list[Grade], assignments: list[Assignment]) -> None:
    """Writes the page of one submission."""
    from harness.records.people import Person, Result
    from harness.report.pages import page  # what draws is imported where something is drawn

    titles = {check.name: check.title for chosen in assignments for check in chosen.checks}
    text = page.student(Result(Person(spelled(path.resolve().name)), tuple(grades)), titles)
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{to}: the page cannot be written ({problem.strerror})") from None
