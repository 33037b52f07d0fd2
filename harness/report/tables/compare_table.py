"""How two runs of a class differ: by student, summed by reason, and summed by check."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.records.people import Result
from harness.report.pages.tally import Book
from harness.report.words import explain, wording

RUN = {
    "seed": "seed",
    "assignments": "assignments",
    "thorough": "programs",
    "runs": "rubric",
    "rubric": "rubric",
    "strict": "rubric",
    "version": "adjudge",
}
"""Each fact that may move the machine's points, and what it is called as a reason."""
LEAST = 1e-9
"""Points that are the rounding of a sum."""


@dataclass
class _Sum:
    """What a reason or a check changed."""

    up: int = 0
    down: int = 0
    points: float = 0.0

    def add(self, change: float) -> None:
        self.up += change > LEAST
        self.down += change < -LEAST
        self.points += change


@dataclass
class _Changes:
    """What changed from one run to another."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    reasons: dict[tuple[str, ...], _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    checks: dict[tuple[str, ...], _Sum] = field(default_factory=lambda: defaultdict(_Sum))


def show(old: Book, new: Book, console: Console) -> None:
    """Prints who changed, then the changes summed by reason and by check."""
    changes = _changes(old, new)
    if changes.rows:
        table = _table("", "student", "before", "now", "change", "because of")
        for row in changes.rows:
            table.add_row(*map(Text, row))
        console.print(table)
        _summed(console, "By reason", ("reason",), changes.reasons)
        _summed(console, "By check", ("exercise", "check"), changes.checks)
    console.print(f"{len(changes.rows)} changed")


def _changes(old: Book, new: Book) -> _Changes:
    changes = _Changes()
    run = _run_reasons(old, new)
    before = {result.person.key: result for result in old.each()}
    for now in new.each():
        was = before.pop(now.person.key, None)
        name = wording.printable(now.person.name or now.person.key)
        if was is None:
            changes.rows.append((name, "", explain.number(now.points), "", "new"))
            continue
        parts = _parts(was, now, run)
        verdicts = _by_check(was, now)
        if not parts and not verdicts:
            continue
        for reason, points in parts.items():
            changes.reasons[reason,].add(points)
        for check, points in verdicts.items():
            changes.checks[check].add(points)
        because = ", ".join(f"{reason} {_signed(points)}" for reason, points in parts.items())
        sums = (explain.number(was.points), explain.number(now.points))
        changes.rows.append((name, *sums, _signed(now.points - was.points), because))
    for key, was in sorted(before.items()):
        changes.rows.append((wording.printable(key), explain.number(was.points), "", "", "gone"))
    return changes


def _parts(was: Result, now: Result, run: list[str]) -> dict[str, float]:
    """The change of a person's points by its reasons; a reason may change nothing in all."""
    parts = dict[str, float]()
    machine = now.earned - was.earned
    if abs(machine) > LEAST or now.out_of != was.out_of:
        reasons = [*run]
        if {g.digest for g in was.grades} != {g.digest for g in now.grades}:
            reasons.insert(0, "submission")
        if {o for g in was.grades for o in g.oracles} != {o for g in now.grades for o in g.oracles}:
            reasons.append("oracles")
        parts[" and ".join(reasons) or "not known"] = machine
    late = _taken(was) - _taken(now)
    if abs(late) > LEAST:
        parts["lateness"] = late
    if was.adjustments != now.adjustments:
        parts["adjustment"] = sum(c.points for c in now.adjustments) - sum(
            c.points for c in was.adjustments
        )
    return parts


def _taken(result: Result) -> float:
    return result.penalty.points if result.penalty else 0.0


def _run_reasons(old: Book, new: Book) -> list[str]:
    """What differs between two runs and may move the machine's points."""
    reasons = [noun for fact, noun in RUN.items() if old.fact(fact) != new.fact(fact)]
    return list(dict.fromkeys(reasons))


def _by_check(was: Result, now: Result) -> dict[tuple[str, str], float]:
    """The change of points, and of the points there are, of each check that differs."""
    won: list[dict[tuple[str, str], tuple[float, float]]] = [
        {(v.exercise, v.check): (v.points, v.out_of) for g in result.grades for v in g.verdicts}
        for result in (was, now)
    ]
    nothing = (0.0, 0.0)
    return {
        check: won[1].get(check, nothing)[0] - won[0].get(check, nothing)[0]
        for check in dict.fromkeys((*won[0], *won[1]))
        if won[0].get(check, nothing) != won[1].get(check, nothing)
    }


def _summed(
    console: Console, title: str, names: tuple[str, ...], sums: dict[tuple[str, ...], _Sum]
) -> None:
    table = _table(title, *names, "up", "down", "points")
    for key, total in sorted(sums.items(), key=lambda item: -abs(item[1].points)):
        cells = (str(total.up), str(total.down), _signed(total.points))
        table.add_row(*(Text(wording.printable(part)) for part in key), *map(Text, cells))
    if sums:
        console.print(table)


def _table(title: str, *names: str) -> Table:
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for name in names:
        table.add_column(name)
    return table


def _signed(points: float) -> str:
    return f"{'+' if points > LEAST else ''}{explain.number(points)}"
