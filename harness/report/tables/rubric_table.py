"""The rubric that is in force, as a table: what `adjudge rubric show` prints."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.judging.check import Assignment
from harness.judging.class_rules import ClassRules
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
    limited = [f"{c.name} {c.visibility}" for c in assignment.active if c.visibility != "always"]
    return [
        ("points", f"{wording.points(sum(plain))}, and {wording.points(sum(bonus))} of bonus"),
        *((key, "none" if n is None else wording.points(n)) for key, n in numbers.items()),
        ("credit", "strict" if assignment.strict else "isolated"),
        ("feedback", assignment.feedback),
        *_engines(assignment),
        ("visibility", ", ".join(limited) or "always"),
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


def of_class(rules: ClassRules) -> str:
    """What holds for a whole class, a line for each rule; nothing where there is none."""
    lines = []
    if rules.lateness is not None:
        rule, points = rules.lateness, wording.points
        lines.append(
            f"lateness: due {rule.due.isoformat(sep=' ')}; {points(rule.per_day)} % for each day "
            f"begun, at most {points(rule.most)} %; {points(rule.grace_minutes)} minutes of grace"
        )
    if rules.attempts is not None:
        hours = f" in {wording.points(rules.attempts.hours)} hours" if rules.attempts.hours else ""
        lines.append(f"submissions: {rules.attempts.most} are graded{hours}")
    return "".join(f"{line}\n" for line in lines)


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
    for key, rule in rules(assignment):
        below.add_row(Text(key), Text(rule))
    text = io.StringIO()
    console = Console(file=text, width=WIDTH, color_system=None, highlight=False)
    console.print(checks, below)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
