"""A class on a terminal: how far a run is, what came of it, and how two runs differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from types import TracebackType
from typing import Protocol

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from harness.model import Grade, Result, RunProgress, Status
from harness.report import wording

LINES = 10
"""Plain lines that tell of a run's progress where there is no terminal."""
COMMONEST = 10
"""Diagnoses that are listed."""


class Book(Protocol):
    """Where results are read from; store.Store is one."""

    def each(self) -> Iterable[Result]:
        """The results one by one."""

    def fact(self, name: str) -> object:
        """A fact about the run."""


class Progress:
    """Shows how far a run is: a bar on a terminal, a few plain lines elsewhere."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._step = max(1, total // LINES)
        words = TextColumn("{task.description}")
        self._bar = Bar(words, BarColumn(), MofNCompleteColumn(), console=console)
        self._task = self._bar.add_task("grading", total=total)

    def tell(self, told: RunProgress) -> None:
        """Shows the state after one more submission."""
        rate = (told.done - told.skipped) / told.seconds if told.seconds else 0.0
        left = (told.total - told.done) / rate if rate else 0.0
        words = (
            f"{told.failed} with mistakes, {told.flagged} flagged, {rate:.1f}/s, {left:.0f} s left"
        )
        if self._console.is_terminal:
            self._bar.update(self._task, completed=told.done, description=words)
        elif told.done % self._step == 0 or told.done == told.total:
            self._console.print(f"{told.done} of {told.total}: {words}")

    def __enter__(self) -> Progress:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._bar.stop()


def show(book: Book, console: Console, seconds: float) -> None:
    """Prints what came of a class."""
    results = list(book.each())
    graded = [result for result in results if result.grades]
    console.print(_distribution(graded))
    console.print(_lost(graded))
    named = Counter(
        diagnosis.sentence
        for result in graded
        for sentence in {d for g in result.grades for v in g.verdicts for d in v.diagnosis}
        for diagnosis in [sentence]
    )
    if named:
        console.print(Text("Commonest mistakes", style="bold"))
        for sentence, count in named.most_common(COMMONEST):
            console.print(Text(f"  {count:4}  {sentence}"))
    _listing(console, "To be looked at", [r for r in graded if _flagged(r)])
    _listing(console, "Unreadable", [r for r in graded if any(g.unreadable for g in r.grades)])
    _listing(console, "Late", [r for r in results if r.late])
    for name in ("absent", "unknown", "passed over", "lost"):
        told = book.fact(name)
        if isinstance(told, list) and told:
            listed = ", ".join(wording.printable(str(one)) for one in told)
            console.print(Text(f"{name}: {listed}"), soft_wrap=True)
    doubles = book.fact("duplicates")
    for key, taken, others in doubles if isinstance(doubles, list) else []:
        words = f"{key} handed in {len(others) + bool(taken)} times; counted: {taken or 'none'}"
        console.print(Text(wording.printable(words)), soft_wrap=True)
    levels = sorted({g.isolation for r in graded for g in r.grades if g.isolation})
    oracles = sorted({o for r in graded for g in r.grades for o in g.oracles})
    words = f"{len(graded)} graded in {seconds:.1f} s; judged by {wording.listed(tuple(oracles))}"
    console.print(Text(f"{words}; isolation {', '.join(levels)}", style="dim"), soft_wrap=True)


def compare(old: Book, new: Book, console: Console) -> None:
    """Prints who changed from one run to another, by which check, and why."""
    before = {result.person.key: result for result in old.each()}
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("student", "before", "now", "by", "because of"):
        table.add_column(name)
    changed = 0
    for result in new.each():
        was = before.pop(result.person.key, None)
        checks = _changes(was, result)
        if was is not None and was.points == result.points and not checks:
            continue
        changed += 1
        table.add_row(
            Text(wording.printable(result.person.name or result.person.key)),
            "" if was is None else wording.points(was.points),
            wording.points(result.points),
            ", ".join(checks),
            "new" if was is None else _reason(was, result, old, new),
        )
    for key, was in sorted(before.items()):
        changed += 1
        table.add_row(Text(wording.printable(key)), wording.points(was.points), "", "", "gone")
    if changed:
        console.print(table)
    console.print(f"{changed} changed")


def _changes(was: Result | None, now: Result) -> list[str]:
    if was is None:
        return []
    old = {(g.assignment, v.check): v for g in was.grades for v in g.verdicts}
    new = {(g.assignment, v.check): v for g in now.grades for v in g.verdicts}
    return [
        f"{check} {_won(old.get((name, check)))} to {_won(new.get((name, check)))}"
        for name, check in dict.fromkeys((*old, *new))
        if _won(old.get((name, check))) != _won(new.get((name, check)))
    ]


def _won(verdict: object) -> str:
    points = getattr(verdict, "points", None)
    return "none" if points is None else f"{points:g}/{getattr(verdict, 'out_of', 0):g}"


def _reason(was: Result, now: Result, old: Book, new: Book) -> str:
    reasons = []
    if {g.digest for g in was.grades} != {g.digest for g in now.grades}:
        reasons.append("submission")
    if any(old.fact(name) != new.fact(name) for name in ("seed", "assignments", "rubric")):
        reasons.append("rubric or seed")
    if {o for g in was.grades for o in g.oracles} != {o for g in now.grades for o in g.oracles}:
        reasons.append("oracles")
    if was.adjustments != now.adjustments:
        reasons.append("adjustment")
    return ", ".join(reasons) or "adjudge"


def _distribution(results: list[Result]) -> Table:
    """How many got how much, in tenths."""
    table = Table(title="Points", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("per cent", "students", ""):
        table.add_column(name)
    shares = [100.0 * r.points / r.out_of if r.out_of else 0.0 for r in results]
    most = 1
    rows = []
    for low, high in pairwise(range(0, 110, 10)):
        count = sum(low <= share < high or (high == 100 and share >= 100) for share in shares)
        rows.append((f"{low} to {high}", count))
        most = max(most, count)
    for name, count in rows:
        table.add_row(name, str(count), "█" * round(40 * count / most))
    return table


def _lost(results: list[Result]) -> Table:
    table = Table(title="Points lost by check", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("exercise", "check", "points lost", "students", "credited"):
        table.add_column(name)
    lost: dict[tuple[str, str], list[float]] = {}
    for grade in _grades(results):
        for verdict in grade.verdicts:
            row = lost.setdefault((verdict.exercise, verdict.check), [0.0, 0, 0])
            row[0] += verdict.out_of - verdict.points
            row[1] += verdict.points < verdict.out_of
            row[2] += verdict.status is Status.CREDITED
    for (exercise, check), (points, students, credited) in lost.items():
        if students or credited:
            table.add_row(exercise, check, f"{points:g}", str(students), str(credited))
    return table


def _grades(results: list[Result]) -> Iterable[Grade]:
    return (grade for result in results for grade in result.grades if not grade.unreadable)


def _flagged(result: Result) -> bool:
    return any(v.status is Status.FLAGGED for g in result.grades for v in g.verdicts)


def _listing(console: Console, title: str, results: list[Result]) -> None:
    if results:
        names = ", ".join(wording.printable(r.person.name or r.person.key) for r in results)
        console.print(Text(f"{title}: {names}"), soft_wrap=True)
