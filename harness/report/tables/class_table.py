"""A class on a terminal: how far a run is, what came of it, and how two runs differ."""

from __future__ import annotations

from statistics import median
from types import TracebackType

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from harness.grading.grader import PUBLIC_SEED
from harness.records.people import RunProgress
from harness.report.pages import tally
from harness.report.pages.tally import Book, Tally
from harness.report.words import explain, wording

LINES = 10
"""Plain lines that tell of a run's progress where there is no terminal."""
COMMONEST = 10
"""Diagnoses that are listed."""


class Progress:
    """Shows how far a run is: a bar on a terminal, a few plain lines elsewhere."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._step = max(1, total // LINES)
        words = TextColumn("{task.description}")
        self._bar = Bar(words, BarColumn(), MofNCompleteColumn(), console=console)
        self._task = self._bar.add_task("grading", total=total)

    def tell(self, now: RunProgress) -> None:
        """Shows the state after one more submission."""
        rate = (now.done - now.skipped) / now.seconds if now.seconds else 0.0
        left = (self._total - now.done) / rate if rate else 0.0
        words = (
            f"{now.failed} with mistakes, {now.flagged} flagged, {rate:.1f}/s, {left:.0f} s left"
        )
        if self._console.is_terminal:
            self._bar.update(self._task, completed=now.done, description=words)
        elif now.done % self._step == 0 or now.done == self._total:
            self._console.print(f"{now.done} of {self._total}: {words}")

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
    counted = Tally()
    for result in book.each():  # one at a time: a class of any size takes no more memory than one
        counted.add(result)
    console.print(_distribution(counted))
    console.print(_lost(counted))
    if counted.mistakes:
        console.print(Text("Commonest mistakes", style="bold"))
        for sentence, count in counted.mistakes.most_common(COMMONEST):
            console.print(Text(f"  {count:4}  {sentence}"))
    looks = tally.looks(book)
    if looks:
        console.print(_people(looks))
    for name in ("unknown", "passed over", "lost"):
        listed = "; ".join(wording.printable(str(item)) for item in tally.listed(book, name))
        if listed:
            console.print(Text(f"{name}: {listed}"), soft_wrap=True)
    if book.fact("seed") == PUBLIC_SEED:
        console.print(Text(wording.PUBLIC.format(option="--seed-file")), soft_wrap=True)
    judges = wording.listed(tuple(sorted(counted.oracles)))
    words = f"{counted.graded} graded in {seconds:.1f} s; judged by {judges}"
    levels = ", ".join(sorted(counted.isolation))
    console.print(Text(f"{words}; isolation {levels}", style="dim"), soft_wrap=True)


def sums(book: Book, console: Console) -> None:
    """Prints in one line what a class gets."""
    counted = tally.of(book.each())
    middle = explain.number(round(median(counted.shares or [0.0]), 1))
    console.print(f"{counted.graded} of {counted.students} are graded; the median is {middle} %")


def _people(looks: list[tally.Look]) -> Table:
    """Everybody of whom something is to be said, by name, and what."""
    table = Table(title="To be looked at", title_justify="left", box=box.SIMPLE_HEAD)
    for title in ("what", "key", "name", ""):
        table.add_column(title, overflow="fold")
    for look in looks:
        key, name = explain.key(look.person.key), explain.plain(look.person.name)
        cells = (look.what, key, name, wording.printable(look.why, explain.LONGEST))
        table.add_row(*map(Text, cells))
    return table


def _distribution(counted: Tally) -> Table:
    """How many got how much, in tenths."""
    table = Table(title="Points", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("per cent", "students", ""):
        table.add_column(name)
    tenths = counted.tenths
    for k, count in enumerate(tenths):
        table.add_row(
            f"{10 * k} to {10 * k + 10}", str(count), "█" * round(40 * count / max(1, *tenths))
        )
    return table


def _lost(counted: Tally) -> Table:
    table = Table(title="Points lost by check", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("exercise", "check", "points lost", "students", "credited"):
        table.add_column(name)
    for (_, exercise, check), lost in counted.checks.items():
        if lost.students or lost.credited:
            cells = (f"{lost.points:g}", str(lost.students), str(lost.credited))
            table.add_row(exercise, check, *cells)
    return table
