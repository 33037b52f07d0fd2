"""What came of a class, counted: for the terminal and for the class page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.records.people import Person, Result
from harness.records.verdict import Status
from harness.report.words import explain, wording

WHAT = ("unreadable", "flagged", "late", "double", "absent")
"""What is said of people, in the order in which it is said."""
TENTHS = 10
"""Bins of the distribution, from nothing to all points."""


class Book(Protocol):
    """Where results are read from; store.Store is one."""

    def each(self) -> Iterable[Result]:
        """The results one by one."""

    def fact(self, name: str) -> object:
        """A fact about the run."""


@dataclass
class Lost:
    """What a check took from a class."""

    points: float = 0.0
    students: int = 0
    credited: int = 0
    """Students who kept the points because the mistake is elsewhere."""


@dataclass
class Tally:
    """A class in numbers."""

    students: int = 0
    graded: int = 0
    shares: list[float] = field(default_factory=list)
    """For each person who was graded, the part of the points, in per cent."""
    checks: dict[tuple[str, str, str], Lost] = field(default_factory=dict)
    """For each check, by assignment, exercise and name, what it took."""
    mistakes: Counter[str] = field(default_factory=Counter)
    """How many have each diagnosis, by its sentence."""
    isolation: set[str] = field(default_factory=set)
    oracles: set[str] = field(default_factory=set)

    def add(self, result: Result) -> None:
        """Counts one more person."""
        self.students += 1
        if not result.grades:
            return
        self.graded += 1
        self.shares.append(share(result))
        self.mistakes.update(mistakes(result))
        for grade in result.grades:
            self.isolation |= {grade.isolation} - {""}
            self.oracles |= set(grade.oracles)
            for verdict in () if grade.unreadable else grade.verdicts:
                if verdict.status is Status.NOTED:
                    continue  # a column for each line that stopped would say nothing of the class
                place = (grade.assignment, verdict.exercise, verdict.check)
                lost = self.checks.setdefault(place, Lost())
                lost.points += verdict.out_of - verdict.points
                lost.students += verdict.points < verdict.out_of
                lost.credited += verdict.status is Status.CREDITED

    @property
    def tenths(self) -> list[int]:
        """How many got up to a tenth of the points, up to two, and so on; all of them last."""
        counts = [0] * TENTHS
        for share in self.shares:
            counts[min(TENTHS - 1, max(0, int(share * TENTHS / 100)))] += 1
        return counts


def of(results: Iterable[Result]) -> Tally:
    """Counts a class."""
    tally = Tally()
    for result in results:
        tally.add(result)
    return tally


def share(result: Result) -> float:
    """A person's part of the points, in per cent; adjustments may take it out of 0 to 100."""
    return 100.0 * result.points / result.out_of if result.out_of else 0.0


def mistakes(result: Result) -> tuple[str, ...]:
    """The sentences of a person's diagnoses, each once."""
    found = (d.sentence for g in result.grades for v in g.verdicts for d in v.diagnosis)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Look:
    """One person, and what is to be said of them."""

    what: str
    """unreadable, flagged, late, double or absent."""
    person: Person
    why: str = ""


def looks(book: Book) -> list[Look]:
    """Everybody of whom something is to be said, by what it is and by key."""
    found, people = list[Look](), dict[str, Person]()
    for result in book.each():
        people[result.person.key] = result.person
        if unreadable(result):
            found.append(Look("unreadable", result.person, explain.reasons(result)[0]))
        if flagged(result):
            found.append(Look("flagged", result.person, " ".join(flag_sentences(result))))
        if result.late:
            found.append(Look("late", result.person, " ".join(explain.lateness(result))))
    for key, taken, others in listed(book, "duplicates"):
        words = f"{len(others) + bool(taken)} times; counted: {taken or 'none'}"
        found.append(Look("double", people.get(key, Person(key)), words))
    found += [Look("absent", people[key]) for key in listed(book, "absent") if key in people]
    return sorted(found, key=lambda look: (WHAT.index(look.what), look.person.key))


def listed(book: Book, fact: str) -> list[Any]:
    """A fact that is a list; empty where there is none."""
    found = book.fact(fact)
    return found if isinstance(found, list) else []


def flag_sentences(result: Result) -> tuple[str, ...]:
    """Why a person has to look at the submission, each reason once."""
    verdicts = [verdict for grade in result.grades for verdict in grade.verdicts]
    flagged = (wording.sentence(v) for v in verdicts if v.status is Status.FLAGGED)
    return tuple(dict.fromkeys(flagged))


def flags(result: Result) -> tuple[str, ...]:
    """The names of what asks a person to look at the submission, each once."""
    verdicts = [verdict for grade in result.grades for verdict in grade.verdicts]
    return tuple(dict.fromkeys(v.check for v in verdicts if v.status is Status.FLAGGED))


def flagged(result: Result) -> bool:
    """Whether a person has to look at the submission."""
    return any(v.status is Status.FLAGGED for g in result.grades for v in g.verdicts)


def unreadable(result: Result) -> bool:
    """Whether a submission could not be read."""
    return any(grade.unreadable for grade in result.grades)
