"""A class as the gradebooks of Canvas and Moodle read it.

Both find a person by what they exported themselves, so their own columns go back as they came.
Canvas: lib/gradebook_importer.rb of instructure/canvas-lms. Moodle: Grades, Import, CSV file, and
the grading worksheet of an assignment (mod/assign/feedback/offline).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from harness.records.errors import UsageError
from harness.records.people import Person, Result
from harness.report.exports.sheet import as_csv, neutral
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
NEW = "Autodiff"
"""What a column is called that a gradebook does not have yet, where nobody names it."""
WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
"""The columns of Moodle's worksheet by which it finds a person and takes a grade."""
MAXIMUM, CHANGEABLE, COMMENTS = "Maximum Grade", "Grade can be changed", "Feedback comments"
NEVER = "-"
"""What Moodle writes for a moment that never was."""
CENTS = 0.005
"""Points that no gradebook tells apart."""


@dataclass(frozen=True)
class Gradebook:
    """What an instructor and the roster say of a gradebook."""

    column: str = ""
    """The assignment's title; where it is empty, the only one that the roster has."""
    possible: dict[str, str] = field(default_factory=dict)
    """The points possible that Canvas states, by title."""
    new: bool = False
    """Whether the column is to be made."""
    out_of: float = 0.0
    """What the points there are become; 0 leaves them as they are."""


@dataclass(frozen=True)
class _Entry:
    """What a gradebook needs of one person."""

    person: Person
    won: tuple[tuple[str, float, float], ...]
    """For each assignment its name, the points, and those there are."""
    changed: float
    """What lateness took and a person gave."""
    comment: str


def canvas(results: Iterable[Result], gradebook: Gradebook) -> str:
    """Canvas' gradebook: one column of scores, for those who have one.

    Canvas finds a student by ID, then by the SIS columns, then by name; they are taken from
    Person.columns, as the gradebook that was downloaded spells them. Who has no score has no row,
    because an empty cell would delete a score that Canvas has.

    Args:
        results: one for each person.
        gradebook: whose column is taken.

    Raises:
        UsageError: the roster has no such column or other points for it, or Canvas reads none of
            that name.
    """
    entries, full = _entries(results)
    column = _column(entries, gradebook)
    total = gradebook.out_of or sum(full.values())
    _held(gradebook.possible.get(column, ""), total, f"Canvas has {column!r}")
    scored = _scored(entries, full, gradebook)
    roster = [_canvas_columns(entry.person) for entry, _ in scored]
    used = {name for row in roster for name, text in row.items() if text} | CANVAS_NEEDS
    if used & CANVAS_NEEDS_SIS:
        used |= {"SIS User ID", "SIS Login ID"}
    headers = [name for name in CANVAS if name in used]
    possible = [f"    {CANVAS_POINTS}", *[""] * (len(headers) - 1), f"{total:.2f}"]
    rows = [
        [*(row.get(name, "") for name in headers), f"{score:.2f}"]
        for row, (_, score) in zip(roster, scored, strict=True)
    ]
    return as_csv([[*headers, column], possible, *rows])


def moodle(results: Iterable[Result], gradebook: Gradebook) -> str:
    """Moodle's gradebook (Grades, Import, CSV file): a grade and a comment, for those with a grade.

    Whoever imports it says which column names the student. A column that lacks somebody is left
    out, because Moodle gives a row without a name to the student of the row above.

    Args:
        results: one for each person.
        gradebook: the name of its grade item.
    """
    entries, full = _entries(results)
    scored = _scored(entries, full, gradebook)
    people = [entry.person for entry, _ in scored]
    columns = [dict(person.columns) for person in people]
    names: dict[str, list[str]] = {
        "Username": [_username(person) for person in people],
        "ID number": [own.get("ID number", "") for own in columns],
        "Email address": [person.email for person in people],
    }
    kept = [name for name, texts in names.items() if all(text.strip() for text in texts)]
    rows = [
        [*(names[name][k] for name in kept), f"{score:.2f}", entry.comment]
        for k, (entry, score) in enumerate(scored)
    ]
    return as_csv([[*kept, gradebook.column or NEW, COMMENTS], *rows])


def worksheet(results: Iterable[Result], gradebook: Gradebook) -> str:
    """Moodle's grading worksheet with the grades filled in: every row and column as it came.

    Moodle leaves out a row whose "Last modified (grade)" is not what it has itself, so that cell
    goes back as it is. A grade that may not be changed stays.

    Args:
        results: one for each person.
        gradebook: by what the points are scaled.

    Raises:
        UsageError: the roster was no worksheet, or its maximum is not the points there are.
    """
    entries, full = _entries(results)
    header = [title for title, _ in entries[0].person.columns] if entries else [*WORKSHEET]
    missing = [title for title in WORKSHEET if title not in header]
    if missing:
        raise UsageError(
            f"the roster has no column {missing[0]!r}; grade the class with Moodle's grading "
            "worksheet as --roster, downloaded in English"
        )
    scores = {e.person.key: (e, score) for e, score in _scored(entries, full, gradebook)}
    total = gradebook.out_of or sum(full.values())
    rows = []
    for entry in entries:
        cells = dict(entry.person.columns)
        if entry.person.key in scores and cells.get(CHANGEABLE, "Yes") != "No":
            _held(cells.get(MAXIMUM, ""), total, "Moodle's worksheet has the assignment")
            cells["Grade"] = f"{scores[entry.person.key][1]:.2f}"
            if COMMENTS in cells:
                cells[COMMENTS] = entry.comment
        rows.append([cells.get(title, "") for title in header])
    return as_csv([header, *rows], kept=NEVER)


def _entries(results: Iterable[Result]) -> tuple[list[_Entry], dict[str, float]]:
    """Everybody by key, and the points of each assignment where no check was inconclusive."""
    entries, full = list[_Entry](), dict[str, float]()
    for result in results:
        won = tuple((g.assignment, g.points, g.out_of) for g in result.grades)
        for name, _, out_of in won:
            full[name] = max(out_of, full.get(name, 0.0))
        changed = sum(change.points for change in result.adjustments)
        changed -= result.penalty.points if result.penalty else 0.0
        comment = "" if explain.empty(result) else feedback(result)
        entries.append(_Entry(result.person, won, changed, comment))
    return sorted(entries, key=lambda entry: entry.person.key), full


def _scored(
    entries: list[_Entry], full: dict[str, float], gradebook: Gradebook
) -> list[tuple[_Entry, float]]:
    """Those who have a score, on the scale of the whole class.

    A gradebook has one maximum. Where a check left one person's sum because the oracles disagree,
    the rest of the assignment counts for it, so that it costs nothing.
    """
    there_are = sum(full.values())
    scale = gradebook.out_of / there_are if gradebook.out_of and there_are else 1.0
    found = []
    for entry in entries:
        if not entry.comment:
            continue
        if any(not out_of and full[name] for name, _, out_of in entry.won):
            continue
        won = sum(points * full[name] / out_of for name, points, out_of in entry.won if out_of)
        found.append((entry, explain.points((won + entry.changed) * scale)))
    return found


def _column(entries: list[_Entry], gradebook: Gradebook) -> str:
    """The column that an instructor means.

    Raises:
        UsageError: the roster has no such column, or several and none is named.
    """
    header = [title for title, _ in entries[0].person.columns] if entries else []
    behind = header[header.index("Section") + 1 :] if "Section" in header else []
    own = [t for t in behind if t and t not in CANVAS and not CANVAS_RESERVED.search(t)]
    column = gradebook.column
    if not column:
        if len(own) > 1 and not gradebook.new:
            raise UsageError(f"the roster has several assignments ({_listed(own)}); give --column")
        column = own[0] if own and not gradebook.new else NEW
    if not column.strip() or CANVAS_RESERVED.search(column):
        raise UsageError(f"Canvas reads no scores from a column called {column!r}")
    if own and column not in own and not gradebook.new:
        near = get_close_matches(column, own, n=1)
        hint = f"did you mean {near[0]!r}? Else" if near else f"there are {_listed(own)};"
        raise UsageError(f"the roster has no column {column!r}; {hint} --new makes a new one")
    return column


def _listed(titles: list[str]) -> str:
    return ", ".join(map(repr, titles))


def _held(stated: str, total: float, who: str) -> None:
    """Refuses points that are not those of the gradebook."""
    try:
        possible = float(stated.replace(",", "."))
    except ValueError:
        return  # it states none
    if abs(possible - total) > CENTS:
        number = explain.number
        raise UsageError(
            f"{who} with {number(possible)} points, and these results have {number(total)}; bring "
            f"them to the same by --out-of {number(possible)}, or by total in the rubric"
        )


def _username(person: Person) -> str:
    """What a roster calls the login; the key where there is no roster."""
    titles = {title.casefold(): text for title, text in person.columns}
    return titles.get("username", "") if titles else explain.key(person.key)


def _canvas_columns(person: Person) -> dict[str, str]:
    columns = {name: text for name, text in person.columns if name in CANVAS}
    columns["Student"] = columns.get("Student") or person.name or explain.key(person.key)
    cells = {name: neutral(text) for name, text in columns.items()}
    cells["Student"] = cells["Student"].replace(CANVAS_POINTS, CANVAS_POINTS.replace(" ", "-"))
    return cells


def feedback(result: Result) -> str:
    """The remarks and the points by exercise, in one line."""
    points: dict[str, tuple[float, float]] = {}
    for grade in result.grades:
        for verdict in grade.verdicts:
            if verdict.exercise:
                won, out_of = points.get(verdict.exercise, (0.0, 0.0))
                points[verdict.exercise] = (won + verdict.points, out_of + verdict.out_of)
    by_exercise = [
        f"{name} {explain.number(won)}/{explain.number(out_of)}"
        for name, (won, out_of) in points.items()
    ]
    return " | ".join([*explain.remarks(result), *([", ".join(by_exercise)] if points else [])])
