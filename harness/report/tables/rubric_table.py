"""The rubric that is in force, as a table: what `adjudge rubric show` prints."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.judging.check import Assignment
from harness.judging.rubric import LIMITS
from harness.report.words import wording

WIDTH = 110
"""Characters of a line; a longer title goes on in the next."""
COLUMNS = ("exercise", "check", "points", "hidden", "bonus", "what holds when it passes")


def table(assignment: Assignment) -> list[tuple[str, ...]]:
    """One row for each check, in the order of COLUMNS; one without points is off."""
    return [
        (
            check.exercise,
            check.name,
            wording.points(check.points) if check.points else "off",
            "hidden" if check.hidden else "",
            "bonus" if check.bonus else "",
            check.title,
        )
        for check in assignment.checks
    ]


def rules(assignment: Assignment) -> list[tuple[str, str]]:
    """What holds besides the checks, each by its key in the file."""
    numbers = {"cap": assignment.cap, "total": assignment.total}
    plain = [check.points for check in assignment.active if not check.bonus]
    bonus = [check.points for check in assignment.active if check.bonus]
    return [
        ("points", f"{wording.points(sum(plain))}, and {wording.points(sum(bonus))} of bonus"),
        *((key, "none" if n is None else wording.points(n)) for key, n in numbers.items()),
        ("credit", "strict" if assignment.strict else "isolated"),
        ("feedback", assignment.feedback),
        *_engines(assignment),
        ("libraries", ", ".join(assignment.libraries) or "none"),
        *((name, str(getattr(assignment.limits, name))) for name in LIMITS),
    ]


def _engines(assignment: Assignment) -> list[tuple[str, str]]:
    """What holds besides where modules have names of their own."""
    if assignment.fitted is None:
        return []
    declared = assignment.dialect.name if assignment.dialect.known else "none"
    absent = "costs" if assignment.absent_costs else "free"
    return [("dialect", "found" if assignment.finds else declared), ("absent", absent)]


def shown(assignment: Assignment) -> str:
    """The table of checks and the rules below it, as plain text."""
    title = Text(f"{assignment.name}: {assignment.title}")
    checks = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in COLUMNS:
        checks.add_column(
            name, justify="right" if name == "points" else "left", no_wrap=name != COLUMNS[-1]
        )
    for row in table(assignment):
        checks.add_row(*(Text(cell) for cell in row))
    below = Table.grid(padding=(0, 2))
    for key, told in rules(assignment):
        below.add_row(Text(key), Text(told))
    text = io.StringIO()
    console = Console(file=text, width=WIDTH, color_system=None, highlight=False)
    console.print(checks, below)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
