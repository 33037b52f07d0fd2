"""A class as JSON lines: everything there is about one person on each line, seeds included.

docs/reference/results.schema.json describes a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harness.records.people import Adjustment, Person, Result
from harness.report.exports.document import GradeDocument, described
from harness.report.words import explain, wording

FORMAT = 1
"""Raised when a field changes its meaning or goes away."""


class PersonDocument(msgspec.Struct, frozen=True):
    """Whose results they are."""

    key: str
    name: str
    email: str
    columns: dict[str, str]


class AdjustmentDocument(msgspec.Struct, frozen=True):
    """Points that a person gave or took."""

    points: float
    reason: str
    by: str
    check: str
    hours: float


class LatenessDocument(msgspec.Struct, frozen=True):
    """What lateness takes."""

    days: int
    points: float
    known: bool


class ResultDocument(msgspec.Struct, frozen=True):
    """One line: what one person of a class gets."""

    format: int
    person: PersonDocument
    points: float
    out_of: float
    late: bool
    submitted: str
    lateness: LatenessDocument | None
    adjustments: list[AdjustmentDocument]
    grades: list[GradeDocument]


def line(result: Result, titles: Mapping[str, str]) -> str:
    """One person of a class as a line of JSON; it names no check by its title."""
    return f"{msgspec.json.encode(_result(result)).decode()}\n"


def schema() -> str:
    """The JSON Schema of one line, as indented text."""
    described: dict[str, Any] = msgspec.json.schema(ResultDocument)
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    return msgspec.json.format(msgspec.json.encode(described), indent=2).decode() + "\n"


def _result(result: Result) -> ResultDocument:
    late = result.penalty
    return ResultDocument(
        FORMAT,
        _person(result.person),
        explain.points(result.points),
        explain.points(result.out_of),
        result.late,
        result.handing.submitted,
        LatenessDocument(late.days, explain.points(late.points), late.known) if late else None,
        [_adjustment(change) for change in result.adjustments],
        [described(grade) for grade in result.grades],
    )


def _person(person: Person) -> PersonDocument:
    return PersonDocument(
        explain.key(person.key),
        explain.plain(person.name),
        explain.plain(person.email),
        {explain.plain(name): explain.plain(text) for name, text in person.columns},
    )


def _adjustment(change: Adjustment) -> AdjustmentDocument:
    reason = wording.printable(change.reason, explain.LONGEST)
    by, check = wording.printable(change.by), wording.printable(change.check)
    return AdjustmentDocument(explain.points(change.points), reason, by, check, change.hours)
