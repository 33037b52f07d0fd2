"""A class as CSV: Canvas' gradebook, Moodle's gradebook, and a table with every part of the sum.

A cell comes from a name or a message that a student chose, and ends in a spreadsheet or in a
page: no cell is a formula, has markup or control characters, or spans lines; numbers stay
numbers. The text is meant to be written as UTF-8 without a mark of byte order and with a line feed
between rows; both gradebooks read that, and neither asks for another.
"""

from __future__ import annotations

import csv
import io
import re

from harness.records.errors import UsageError
from harness.records.people import Result
from harness.records.verdict import Status
from harness.report.words import explain

CANVAS = (
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
"""The columns in which Canvas describes a student, in the only order it reads."""
CANVAS_NEEDS = frozenset({"Student", "ID", "Section"})
CANVAS_NEEDS_SIS = frozenset({"SIS User ID", "Integration ID", "Root Account"})
"""Columns that Canvas finds only beside SIS User ID and SIS Login ID."""
CANVAS_POINTS = "Points Possible"
"""A row whose first cell contains it is not a student's."""
CANVAS_RESERVED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""Canvas reads no scores from a column whose header contains one of these."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMULA = re.compile('(^|;)(?=[\\s"`\u201c\u201d]*[-=+@\uff0d\uff1d\uff0b\uff20])')
"""Where a spreadsheet may see a formula begin; one that separates by ";" also behind each ";". The
apostrophe that is put there makes it text, so a cell that begins with one needs no other."""
HARMLESS = str.maketrans({"<": "\u2039", ">": "\u203a", "\\": "/"})
"""No tag can begin; and PHP, hence Moodle, takes a backslash before a quote for an escape."""

Cell = str | float


def canvas(results: tuple[Result, ...], column: str) -> str:
    """Canvas' gradebook: one column of scores, for those who have one.

    Canvas finds a student by ID, then by the SIS columns, then by name; they are taken from
    Person.columns, as the gradebook that was downloaded spells them. Who has no score has no row,
    because an empty cell would delete a score that Canvas has.

    Args:
        results: one for each person.
        column: the assignment's title, with its id in brackets where it exists: "HW3 (123456)".

    Raises:
        UsageError: Canvas would not read a column of that name.
    """
    if not column.strip() or CANVAS_RESERVED.search(column):
        raise UsageError(f"Canvas reads no scores from a column called {column!r}")
    full = _full(results)
    scored = [(one, score) for one in _ordered(results) if (score := _score(one, full)) is not None]
    roster = [_canvas_columns(one) for one, _ in scored]
    used = {name for row in roster for name, text in row.items() if text} | CANVAS_NEEDS
    if used & CANVAS_NEEDS_SIS:
        used |= {"SIS User ID", "SIS Login ID"}
    headers = [name for name in CANVAS if name in used]
    possible = [f"    {CANVAS_POINTS}", *[""] * (len(headers) - 1), f"{sum(full.values()):.2f}"]
    rows = [
        [*(row.get(name, "") for name in headers), f"{score:.2f}"]
        for row, (_, score) in zip(roster, scored, strict=True)
    ]
    return _csv([[*headers, column], possible, *rows])


def moodle(results: tuple[Result, ...], column: str) -> str:
    """Moodle's gradebook (Grades, Import, CSV file): a grade and a comment, for those with a grade.

    Whoever imports it says which column names the student. A column that lacks somebody is left
    out, because Moodle gives a row without a name to the student of the row above.

    Args:
        results: one for each person.
        column: the grade item's name.
    """
    full = _full(results)
    scored = [(one, score) for one in _ordered(results) if (score := _score(one, full)) is not None]
    names: dict[str, list[str]] = {
        "Username": [explain.key(one.person.key) for one, _ in scored],
        "ID number": [dict(one.person.columns).get("ID number", "") for one, _ in scored],
        "Email address": [one.person.email for one, _ in scored],
    }
    kept = [name for name, texts in names.items() if all(text.strip() for text in texts)]
    rows = [
        [*(names[name][k] for name in kept), f"{score:.2f}", _feedback(one)]
        for k, (one, score) in enumerate(scored)
    ]
    return _csv([[*kept, column, "Feedback comments"], *rows])


def plain(results: tuple[Result, ...]) -> str:
    """One row for each person: points by assignment and exercise, adjustments, sum, flags."""
    ordered = _ordered(results)
    parts = dict.fromkeys(part for one in ordered for part in _parts(one))
    assignments = list(dict.fromkeys(name for name, _ in parts))
    columns = sorted(parts, key=lambda part: assignments.index(part[0]))
    headers = ["key", "name", *(" ".join(part).strip() for part in columns)]
    rows: list[list[Cell]] = [[*headers, "adjustments", "total", "out of", "late", "flags"]]
    for one in ordered:
        own = _parts(one)
        rows.append(
            [
                explain.key(one.person.key),
                one.person.name,
                *(own.get(part, "") for part in columns),
                sum(change.points for change in one.adjustments),
                one.points,
                one.out_of,
                "late" if one.late else "",
                " ".join(_flags(one)),
            ]
        )
    return _csv(rows)


def neutral(text: str) -> str:
    """Text as a cell that is no formula, no markup and no second line; a number stays one."""
    cell = explain.plain(text).translate(HARMLESS)
    return cell if NUMBER.fullmatch(cell) else FORMULA.sub(r"\1'", cell)


def _csv(rows: list[list[Cell]] | list[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(
            neutral(cell) if isinstance(cell, str) else explain.number(cell) for cell in row
        )
    return text.getvalue()


def _ordered(results: tuple[Result, ...]) -> list[Result]:
    return sorted(results, key=lambda result: result.person.key)


def _full(results: tuple[Result, ...]) -> dict[str, float]:
    """The points of each assignment, where no check was inconclusive."""
    full: dict[str, float] = {}
    for result in results:
        for grade in result.grades:
            full[grade.assignment] = max(grade.out_of, full.get(grade.assignment, 0.0))
    return full


def _score(result: Result, full: dict[str, float]) -> float | None:
    """A person's points on the scale of the whole class, or None where there is nothing to give.

    A gradebook has one maximum. Where a check left one person's sum because the oracles disagree,
    the rest of the assignment counts for it, so that it costs nothing.
    """
    if explain.empty(result):
        return None
    score = sum(change.points for change in result.adjustments)
    for grade in result.grades:
        if grade.out_of > 0:
            score += grade.points * full[grade.assignment] / grade.out_of
        elif full[grade.assignment] > 0:
            return None
    return explain.points(score)


def _canvas_columns(result: Result) -> dict[str, str]:
    person = result.person
    columns = {name: text for name, text in person.columns if name in CANVAS}
    columns["Student"] = columns.get("Student") or person.name or explain.key(person.key)
    cells = {name: neutral(text) for name, text in columns.items()}
    cells["Student"] = cells["Student"].replace(CANVAS_POINTS, CANVAS_POINTS.replace(" ", "-"))
    return cells


def _parts(result: Result) -> dict[tuple[str, str], float]:
    """Points by assignment, and by assignment and exercise."""
    parts: dict[tuple[str, str], float] = {}
    for grade in result.grades:
        parts[grade.assignment, ""] = grade.points
        for verdict in grade.verdicts:
            if verdict.exercise:
                part = (grade.assignment, verdict.exercise)
                parts[part] = parts.get(part, 0.0) + verdict.points
    return parts


def _flags(result: Result) -> list[str]:
    """What a person should look at: that it could not be read, and each flag's name."""
    unreadable = ["unreadable"] if any(grade.unreadable for grade in result.grades) else []
    verdicts = [verdict for grade in result.grades for verdict in grade.verdicts]
    flagged = (verdict.check for verdict in verdicts if verdict.status is Status.FLAGGED)
    return [*unreadable, *dict.fromkeys(flagged)]


def _feedback(result: Result) -> str:
    """The remarks and the points by exercise, in one line."""
    points: dict[str, tuple[float, float]] = {}
    for grade in result.grades:
        for verdict in grade.verdicts:
            if verdict.exercise:
                won, out_of = points.get(verdict.exercise, (0.0, 0.0))
                points[verdict.exercise] = (won + verdict.points, out_of + verdict.out_of)
    told = [
        f"{name} {explain.number(won)}/{explain.number(out_of)}"
        for name, (won, out_of) in points.items()
    ]
    return " | ".join([*explain.remarks(result), *([", ".join(told)] if told else [])])
