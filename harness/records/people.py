"""A class: whose submission it is, and what each person gets."""

from __future__ import annotations

from dataclasses import dataclass

from harness.records.verdict import Grade


@dataclass(frozen=True)
class Person:
    """Whose submission it is, as the learning system knows them."""

    key: str
    """Unique in a class: an id or a login where there is one, else the name of file or folder."""
    name: str = ""
    email: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """What the roster says besides, by the header of its column."""


@dataclass(frozen=True)
class Adjustment:
    """Points that a person gave or took, kept apart from the machine's."""

    key: str
    points: float
    reason: str
    by: str


@dataclass(frozen=True)
class Result:
    """What one person of a class gets."""

    person: Person
    grades: tuple[Grade, ...]
    """One for each assignment."""
    adjustments: tuple[Adjustment, ...] = ()
    late: bool = False

    @property
    def points(self) -> float:
        """The machine's points and the adjustments."""
        machine = sum(grade.points for grade in self.grades)
        return machine + sum(change.points for change in self.adjustments)

    @property
    def out_of(self) -> float:
        """The points there are."""
        return sum(grade.out_of for grade in self.grades)


@dataclass(frozen=True)
class RunProgress:
    """How far the grading of a class is."""

    done: int
    skipped: int
    """Submissions that were graded already."""
    failed: int
    """Submissions with anything left to mend."""
    flagged: int
    seconds: float
