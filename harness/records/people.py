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
class Handing:
    """When somebody handed in, as far as a platform says it."""

    late: bool = False
    """Whether the platform marks it as late."""
    submitted: str = ""
    """The moment, in ISO 8601; nothing where no export has it."""


UNKNOWN = Handing()
"""Of a submission of which nothing is said."""


@dataclass(frozen=True)
class Adjustment:
    """What a person decided: points, a comment, or more time; kept apart from the machine's."""

    key: str
    points: float
    reason: str
    """Why, or the comment; the student reads it."""
    by: str
    check: str = ""
    """The check that it is about; the whole where it is empty."""
    hours: float = 0.0
    """Time that the student has beyond what is due for everybody."""


@dataclass(frozen=True)
class Late:
    """What lateness takes from a result."""

    days: int
    """Days that were begun after what was due."""
    points: float
    known: bool = True
    """Whether the moment is known; else the platform says late and no more, and one day counts."""


@dataclass(frozen=True)
class Result:
    """What one person of a class gets."""

    person: Person
    grades: tuple[Grade, ...]
    """One for each assignment."""
    adjustments: tuple[Adjustment, ...] = ()
    handing: Handing = UNKNOWN
    penalty: Late | None = None
    """What lateness takes; None where nothing is late, or nothing is due."""

    @property
    def earned(self) -> float:
        """The machine's points alone."""
        return sum(grade.points for grade in self.grades)

    @property
    def points(self) -> float:
        """The machine's points, without what lateness takes, with what a person changed."""
        taken = self.penalty.points if self.penalty else 0.0
        return self.earned - taken + sum(change.points for change in self.adjustments)

    @property
    def out_of(self) -> float:
        """The points there are."""
        return sum(grade.out_of for grade in self.grades)

    @property
    def late(self) -> bool:
        """Whether it is late: by the rubric where it can be told, else by the platform's mark."""
        return self.penalty is not None or self.handing.late


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
