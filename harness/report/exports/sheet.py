"""A class as CSV: cells that no program obeys, and a table with every part of the sum.

A cell comes from a name or a message that a student chose, and ends in a spreadsheet or in a
page: no cell is a formula, has markup or control characters, or spans lines; numbers stay
numbers. The text is meant to be written as UTF-8 without a mark of byte order and with a line feed
between rows; both gradebooks read that, and neither asks for another.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from harness.records.people import Result
from harness.records.verdict import Status
from harness.report.words import explain

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMULA = re.compile('(^|;)(?=[\\s"`\u201c\u201d]*[-=+@\uff0d\uff1d\uff0b\uff20])')
"""Where a spreadsheet may see a formula begin; one that separates by ";" also behind each ";". The
apostrophe that is put there makes it text, so a cell that begins with one needs no other."""
HARMLESS = str.maketrans({"<": "\u2039", ">": "\u203a", "\\": "/"})
"""No tag can begin; and PHP, hence Moodle, takes a backslash before a quote for an escape."""

Cell = str | float
REST = ("lateness", "adjustments", "total", "out of", "late", "submitted", "flags")
"""The columns behind those of the assignments."""


@dataclass(frozen=True)
class _Row:
    """What a table needs of one person."""

    key: str
    name: str
    parts: dict[tuple[str, str], float]
    rest: tuple[Cell, ...]


def plain(results: Iterable[Result]) -> str:
    """One row for each person: points by assignment and exercise, what changed them, sum, flags."""
    rows = sorted((_row(result) for result in results), key=lambda row: row.key)
    parts = dict.fromkeys(part for row in rows for part in row.parts)
    assignments = list(dict.fromkeys(name for name, _ in parts))
    columns = sorted(parts, key=lambda part: assignments.index(part[0]))
    headers = ["key", "name", *(" ".join(part).strip() for part in columns), *REST]
    table: list[list[Cell]] = [[*headers]]
    table += [
        [
            explain.key(row.key),
            row.name,
            *(row.parts.get(part, "") for part in columns),
            *row.rest,
        ]
        for row in rows
    ]
    return as_csv(table)


def _row(result: Result) -> _Row:
    penalty = result.penalty
    rest: tuple[Cell, ...] = (
        -penalty.points if penalty else 0.0,
        sum(change.points for change in result.adjustments),
        result.points,
        result.out_of,
        "late" if result.late else "",
        result.handing.submitted,
        " ".join(_flags(result)),
    )
    return _Row(result.person.key, result.person.name, _parts(result), rest)


def neutral(text: str) -> str:
    """Text as a cell that is no formula, no markup and no second line; a number stays one."""
    cell = explain.plain(text).translate(HARMLESS)
    return cell if NUMBER.fullmatch(cell) else FORMULA.sub(r"\1'", cell)


def as_csv(rows: list[list[Cell]] | list[list[str]], kept: str | None = None) -> str:
    """Rows as CSV; text is made harmless, numbers are points.

    Args:
        rows: of cells.
        kept: a cell that goes as it is, because the platform that wrote it knows it by that.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(
            explain.number(cell)
            if not isinstance(cell, str)
            else cell
            if cell == kept
            else neutral(cell)
            for cell in row
        )
    return text.getvalue()


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
