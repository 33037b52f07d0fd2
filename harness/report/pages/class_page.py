"""The page of a class, for whoever teaches it: who lost what, at which check, by which mistake.

One HTML file that needs no network, with a link to each student's page. Nothing of it is meant for
students: it names all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from markupsafe import Markup

from harness.records.people import Person, Result
from harness.records.verdict import Status
from harness.records.version import version
from harness.report.pages import page, tally
from harness.report.pages.tally import Book, Tally
from harness.report.words import catalogue, explain, wording

COMMONEST = 20
"""Diagnoses that are listed."""
LONGEST = 1000
"""Characters of a diagnosis."""
MARKS = {
    Status.PASSED: ("p", "✓"),
    Status.CREDITED: ("c", "c"),
    Status.FAILED: ("f", "✗"),
    Status.FAULTED: ("x", "!"),
    Status.SKIPPED: ("s", "-"),
    Status.FLAGGED: ("g", "⚑"),
    Status.INCONCLUSIVE: ("i", "?"),
    Status.NOTED: ("g", "⚑"),
    Status.ABSENT: ("s", "∅"),
}
"""How a cell of the heat map is styled, and what stands in it."""
LISTED = (
    ("unknown", "class_unknown"),
    ("passed over", "class_passed_over"),
    ("lost", "class_not_graded"),
)
"""Facts of a run that list something, and the sentence for each."""
Place = tuple[str, str, str]
"""A check: assignment, exercise, name."""


@dataclass(frozen=True)
class Row:
    """One person in the heat map."""

    name: str
    link: str
    points: str
    share: float
    states: str
    """What the filter can ask for: lost, flagged, unreadable, late, absent, whole."""
    mistakes: str
    """The places of the person's diagnoses among the commonest."""
    cells: Markup


def written(book: Book, titles: dict[str, str], links: Mapping[str, str]) -> str:
    """The page of a class.

    Args:
        book: the results.
        titles: for each check, what holds when it passes.
        links: for each person's key, the address of the student's page.
    """
    from harness.report.pages import figures

    counted = tally.of(book.each())
    places = list(counted.checks)
    common = [sentence for sentence, _ in counted.mistakes.most_common(COMMONEST)]
    rows = [_row(result, places, common, links) for result in book.each()]
    levels = ", ".join(sorted(counted.isolation))
    return page.render(
        "class.html",
        "class",
        counted=counted,
        remarks=_remarks(book, counted),
        tenths=[(10 * k, 10 * k + 10, count) for k, count in enumerate(counted.tenths)],
        median=explain.number(round(median(counted.shares or [0.0]), 1)),
        distribution=Markup(figures.svg(figures.distribution(counted.tenths), "d")),
        groups=_groups(places),
        checks=[(check, titles.get(check, "")) for _, _, check in places],
        lost=_lost(counted, titles),
        mistakes=[
            (k, wording.printable(text, LONGEST), counted.mistakes[text])
            for k, text in enumerate(common)
        ],
        looks=[look for result in book.each() for look in _looks(result, links)],
        rows=rows,
        states=[state for state in catalogue.STATES if any(state in r.states for r in rows)],
        legend=[(style, mark, wording.STATUS[status]) for status, (style, mark) in MARKS.items()],
        facts=[
            (wording.say("by"), wording.listed(tuple(sorted(counted.oracles)))),
            (wording.say("isolation"), levels),
            (wording.say("version"), version()),
        ],
    )


def _row(result: Result, places: list[Place], common: list[str], links: Mapping[str, str]) -> Row:
    own = {
        (grade.assignment, v.exercise, v.check): v
        for grade in result.grades
        for v in grade.verdicts
    }
    marks = [MARKS[own[place].status] if place in own else ("n", "") for place in places]
    known = set(tally.mistakes(result))
    return Row(
        name=_name(result.person),
        link=links.get(result.person.key, ""),
        points=explain.number(result.points) if result.grades else "",
        share=round(tally.share(result), 2) if result.grades else -1.0,
        states=" ".join(_states(result)),
        mistakes=" ".join(str(k) for k, sentence in enumerate(common) if sentence in known),
        # A large class has tens of thousands of cells: HTML lets their end tags be left out.
        cells=Markup("".join(f"<td class={style}>{mark}" for style, mark in marks)),
    )


def _states(result: Result) -> list[str]:
    lost = bool(result.grades) and result.points < result.out_of
    return [
        state
        for state, holds in (
            ("whole", bool(result.grades) and not lost),
            ("lost", lost),
            ("flagged", tally.flagged(result)),
            ("unreadable", tally.unreadable(result)),
            ("late", result.late),
            ("absent", not result.grades),
        )
        if holds
    ]


def _looks(result: Result, links: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Why a person has to look at a submission: the name, the page, each reason."""
    flags = [v for g in result.grades for v in g.verdicts if v.status is Status.FLAGGED]
    reasons = [*explain.reasons(result), *(wording.sentence(verdict) for verdict in flags)]
    link = links.get(result.person.key, "")
    return [(_name(result.person), link, reason) for reason in dict.fromkeys(reasons)]


def _name(person: Person) -> str:
    return explain.plain(person.name) or explain.key(person.key)


def _groups(places: list[Place]) -> list[tuple[str, int]]:
    """The exercises above the checks, and how many checks each has."""
    groups: list[tuple[str, int]] = []
    last = None
    for assignment, exercise, _ in places:
        if (assignment, exercise) == last:
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((wording.printable(exercise) or wording.say("class_whole"), 1))
        last = (assignment, exercise)
    return groups


def _lost(counted: Tally, titles: dict[str, str]) -> list[dict[str, Any]]:
    """The checks that took points, or would have, the costliest first."""
    most = max((lost.points for lost in counted.checks.values()), default=0.0) or 1.0
    told = [
        {
            "exercise": wording.printable(exercise),
            "check": check,
            "title": titles.get(check, ""),
            "points": explain.number(lost.points),
            "students": lost.students,
            "credited": lost.credited,
            "part": round(100.0 * lost.points / most),
            "sorted": lost.points,
        }
        for (_, exercise, check), lost in counted.checks.items()
        if lost.students or lost.credited
    ]
    return sorted(told, key=lambda one: -one["sorted"])


def _remarks(book: Book, counted: Tally) -> list[str]:
    """Sentences about the run: how many, how long, and who needs a look."""
    say = wording.say
    told = [say("class_graded", graded=counted.graded, students=counted.students)]
    seconds = book.fact("seconds")
    if isinstance(seconds, float):
        told.append(say("class_time", seconds=explain.number(round(seconds, 1))))
    if book.fact("partial"):
        told.append(say("class_partial"))
    doubles = book.fact("duplicates")
    for key, taken, others in doubles if isinstance(doubles, list) else []:
        count = len(others) + bool(taken)
        told.append(say("class_double", student=key, count=count, taken=taken or say("nothing")))
    for fact, sentence in LISTED:
        listed = _strings(book.fact(fact))
        if listed:
            told.append(say(sentence, listed=", ".join(listed)))
    return told


def _strings(fact: object) -> Iterable[str]:
    return [wording.printable(str(one)) for one in fact] if isinstance(fact, list) else []
