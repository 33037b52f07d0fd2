"""The page of a class, for whoever teaches it: who lost what, at which check, by which mistake.

One HTML file that needs no network, with a link to each student's page. Nothing of it is meant for
students: it names all of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from markupsafe import Markup

from harness.records.people import Person, Result
from harness.records.verdict import Status
from harness.records.version import version
from harness.report.pages import figures, page, rendering, tally
from harness.report.pages.tally import Book, Tally
from harness.report.words import catalogue, explain, wording

COMMONEST = 20
"""Diagnoses that are listed."""
LONGEST = 1000
"""Characters of a diagnosis."""
BY_HAND = ("unreadable", "flagged", "double")
"""What a person has to decide."""
FACTS = {
    "when": "class_when",
    "due": "class_due",
    "assignments": "class_assignments",
    "rubric": "class_rubric",
    "seed": "class_seed",
    "version": "class_versions",
}
"""What a class was graded by, and the word for each."""
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
    key: str
    alike: str
    """The keys of those whose submissions are alike."""
    link: str
    points: str
    share: float
    states: str
    """What the filter can ask for: lost, flagged, unreadable, late, absent, whole."""
    mistakes: str
    """The places of the person's diagnoses among the commonest."""
    cells: Markup


@dataclass(frozen=True)
class Frame:
    """What a class's page says beside the results."""

    titles: Mapping[str, str]
    """For each check, what holds when it passes."""
    links: Mapping[str, str] = field(default_factory=dict)
    """For each person's key, the address of the student's page."""
    heading: str = ""
    """The assignments by their titles."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """By what the class was graded, by the names of FACTS."""
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each person's key those whose submissions are alike."""


def written(book: Book, frame: Frame) -> str:
    """The page of a class.

    Args:
        book: the results.
        frame: what is said beside them.
    """
    counted = tally.of(book.each())
    places = list(counted.checks)
    common = [sentence for sentence, _ in counted.mistakes.most_common(COMMONEST)]
    who = _by_mistake(book, common, frame)
    rows = [_row(result, places, common, frame) for result in book.each()]
    levels = ", ".join(sorted(counted.isolation))
    return page.render(
        "class.html",
        "class",
        counted=counted,
        remarks=_remarks(book, counted),
        tenths=[(10 * k, 10 * k + 10, count) for k, count in enumerate(counted.tenths)],
        median=explain.number(round(median(counted.shares or [0.0]), 1)),
        distribution=Markup(rendering.svg(figures.distribution(counted.tenths))),
        groups=_groups(places),
        checks=[(check, frame.titles.get(check, "")) for _, _, check in places],
        lost=_lost(counted, frame.titles),
        mistakes=[
            (k, wording.printable(text, LONGEST), counted.mistakes[text], who[text])
            for k, text in enumerate(common)
        ],
        looks=[_look(look, frame) for look in tally.looks(book)],
        heading=wording.printable(frame.heading, LONGEST) or wording.say("class_heading"),
        alike=bool(frame.alike),
        rows=rows,
        states=[state for state in catalogue.STATES if any(state in r.states for r in rows)],
        legend=[(style, mark, wording.STATUS[status]) for status, (style, mark) in MARKS.items()],
        facts=[
            (wording.say("by"), wording.listed(tuple(sorted(counted.oracles)))),
            (wording.say("isolation"), levels),
            (wording.say("version"), version()),
            *(
                (wording.say(FACTS[name]), wording.printable(value, LONGEST))
                for name, value in frame.facts.items()
            ),
        ],
    )


def checklist(book: Book, frame: Frame) -> str:
    """A page on which a person ticks off what is to be decided by hand."""
    looks = [look for look in tally.looks(book) if look.what in BY_HAND]
    return page.render("checklist.html", "checklist", looks=[_look(k, frame) for k in looks])


def by_hand(book: Book) -> str:
    """The beginning of a file of changes by hand: a line for each who is on the checklist."""
    looks = [look for look in tally.looks(book) if look.what in BY_HAND]
    keys = dict.fromkeys(look.person.key for look in looks)
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\n").writerow
    write(("key", "check", "points", "reason", "by", "hours"))
    for key in keys:
        write((explain.key(key), "", "", "", "", ""))
    return out.getvalue()


def _by_mistake(book: Book, common: list[str], frame: Frame) -> dict[str, list[tuple[str, str]]]:
    """For each of the commonest mistakes who has it: the name, and the address of the page."""
    who: dict[str, list[tuple[str, str]]] = {text: [] for text in common}
    for result in book.each():
        for text in {*tally.mistakes(result)} & {*common}:
            link = frame.links.get(result.person.key, "")
            who[text].append((_name(result.person), link))
    return who


def _row(result: Result, places: list[Place], common: list[str], frame: Frame) -> Row:
    own = {
        (grade.assignment, v.exercise, v.check): v
        for grade in result.grades
        for v in grade.verdicts
    }
    marks = [MARKS[own[place].status] if place in own else ("n", "") for place in places]
    known = set(tally.mistakes(result))
    return Row(
        name=_name(result.person),
        key=explain.key(result.person.key),
        alike=", ".join(map(explain.key, frame.alike.get(result.person.key, ()))),
        link=frame.links.get(result.person.key, ""),
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


def _look(look: tally.Look, frame: Frame) -> tuple[str, str, str, str, str]:
    """A row of those who are to be looked at: what, key, name, page, why."""
    key = look.person.key
    why = wording.printable(look.why, LONGEST)
    return look.what, explain.key(key), _name(look.person), frame.links.get(key, ""), why


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


def _lost(counted: Tally, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The checks that took points, or would have, the costliest first."""
    most = max((lost.points for lost in counted.checks.values()), default=0.0) or 1.0
    rows = [
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
    return sorted(rows, key=lambda row: -row["sorted"])


def _remarks(book: Book, counted: Tally) -> list[str]:
    """Sentences about the run: how many, how long, and who needs a look."""
    say = wording.say
    remarks = [say("class_graded", graded=counted.graded, students=counted.students)]
    seconds = book.fact("seconds")
    if isinstance(seconds, float):
        remarks.append(say("class_time", seconds=explain.number(round(seconds, 1))))
    if book.fact("partial"):
        remarks.append(say("class_partial"))
    for fact, sentence in LISTED:
        listed = _strings(book.fact(fact))
        if listed:
            remarks.append(say(sentence, listed="; ".join(listed)))
    return remarks


def _strings(fact: object) -> Iterable[str]:
    return [wording.printable(str(item)) for item in fact] if isinstance(fact, list) else []
