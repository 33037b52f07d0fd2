"""A class on a terminal: how far a run is, what came of it, and how two runs differ."""

from __future__ import annotations

from types import TracebackType

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from harness.grading.grader import PUBLIC_SEED
from harness.records.people import Result, RunProgress
from harness.report.pages import tally
from harness.report.pages.tally import Book, Tally
from harness.report.words import wording

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
    looks: dict[str, list[str]] = {"To be looked at": [], "Unreadable": [], "Late": []}
    for result in book.each():  # one at a time: a class of any size takes no more memory than one
        counted.add(result)
        holds = (tally.flagged(result), tally.unreadable(result), result.late)
        for names, wanted in zip(looks.values(), holds, strict=True):
            if wanted:
                names.append(wording.printable(result.person.name or result.person.key))
    console.print(_distribution(counted))
    console.print(_lost(counted))
    if counted.mistakes:
        console.print(Text("Commonest mistakes", style="bold"))
        for sentence, count in counted.mistakes.most_common(COMMONEST):
            console.print(Text(f"  {count:4}  {sentence}"))
    for title, names in looks.items():
        if names:
            console.print(Text(f"{title}: {', '.join(names)}"), soft_wrap=True)
    for name in ("absent", "unknown", "passed over", "lost"):
        told = book.fact(name)
        if isinstance(told, list) and told:
            listed = ", ".join(wording.printable(str(one)) for one in told)
            console.print(Text(f"{name}: {listed}"), soft_wrap=True)
    doubles = book.fact("duplicates")
    for key, taken, others in doubles if isinstance(doubles, list) else []:
        words = f"{key} handed in {len(others) + bool(taken)} times; counted: {taken or 'none'}"
        console.print(Text(wording.printable(words)), soft_wrap=True)
    if book.fact("seed") == PUBLIC_SEED:
        console.print(Text(wording.PUBLIC.format(option="--seed-file")), soft_wrap=True)
    judges = wording.listed(tuple(sorted(counted.oracles)))
    words = f"{counted.graded} graded in {seconds:.1f} s; judged by {judges}"
    levels = ", ".join(sorted(counted.isolation))
    console.print(Text(f"{words}; isolation {levels}", style="dim"), soft_wrap=True)


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
            told = (f"{lost.points:g}", str(lost.students), str(lost.credited))
            table.add_row(exercise, check, *told)
    return table
