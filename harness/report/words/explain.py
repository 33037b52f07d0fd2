"""What every export says of a person's checks, as text that nothing can act on."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.records.people import Adjustment, Result
from harness.records.verdict import BROKEN, RAISED, RIGHT, Evidence, Grade, Status, Verdict
from harness.report.words import listing, wording

EXPLAINED = (*BROKEN, *RAISED)
"""What is said more of than its points, where only some checks are."""
LONGEST = 1000
"""Characters of a name or a reason; a path in it may be long."""
LONGEST_KEY = 64
"""Characters of a key that is shown as it is."""
DIGITS = 4
"""Decimals of points; more are the rounding of a sum."""
JOINERS = "\u200c\u200d"
"""Zero-width characters without which Persian and Indic names are misspelt."""


@dataclass(frozen=True)
class CheckText:
    """One check as text."""

    assignment: str
    number: str
    """The exercise and the check counted from 1: "2.1"."""
    name: str
    """As the command names it: "2.B gradient_mul"."""
    title: str
    verdict: Verdict
    message: str
    program: str

    @property
    def right(self) -> bool:
        """Whether it takes no points."""
        return self.verdict.status in RIGHT


def plots(checks: tuple[CheckText, ...]) -> dict[str, tuple[str, str]]:
    """The lecture's plots of what did not pass, by the check's name: words, and a data: address."""
    drawn: dict[str, tuple[str, str]] = {}
    for check in checks:
        plot = (
            None if check.right or check.verdict.evidence is None else _plot(check.verdict.evidence)
        )
        if plot is not None:
            png = base64.b64encode(plot[1]).decode()
            drawn[check.name] = (plot[0], f"data:image/png;base64,{png}")
    return drawn


def checks(result: Result, titles: dict[str, str]) -> tuple[CheckText, ...]:
    """Every check of a person, in the order of the assignments.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    found: list[CheckText] = []
    exercises: dict[tuple[str, str], int] = {}
    for grade in result.grades:
        for verdict in grade.verdicts:
            place = (grade.assignment, verdict.exercise)
            exercises[place] = exercises.get(place, 0) + 1
            number = f"{list(exercises).index(place) + 1}.{exercises[place]}"
            found.append(_check(verdict, grade, number, titles.get(verdict.check, "")))
    return tuple(found)


def remarks(result: Result) -> tuple[str, ...]:
    """What stands above the checks: the sum, why there is none, lateness, each adjustment."""
    if empty(result):
        return (wording.NOTHING,)
    total = wording.TOTAL.format(points=number(result.points), out_of=number(result.out_of))
    return (
        total,
        *reasons(result),
        *lateness(result),
        *adjustments(result),
        *withheld(result),
    )


def empty(result: Result) -> bool:
    """Whether there is nothing to tell: no submission was graded, and nobody gave points."""
    return not result.grades and not result.adjustments


def reasons(result: Result) -> tuple[str, ...]:
    """Why a submission could not be read."""
    unreadable = (wording.printable(grade.unreadable, LONGEST) for grade in result.grades)
    return tuple(dict.fromkeys(reason for reason in unreadable if reason))


def lateness(result: Result) -> tuple[str, ...]:
    """That a submission is late, and what it takes."""
    late = result.penalty
    if late is None:
        return (wording.LATE,) if result.late else ()
    taken = number(late.points)
    if not late.known:
        return (wording.LATE_UNKNOWN.format(points=taken),)
    days = f"{late.days} day{'s' if late.days > 1 else ''}"
    return (wording.LATE_TAKES.format(days=days, points=taken),)


def adjustments(result: Result) -> tuple[str, ...]:
    """Each decision of a person in one line, without who made it."""
    return tuple(_decision(change) for change in result.adjustments)


def decided(result: Result) -> tuple[str, ...]:
    """Each decision of a person in one line, with who made it; for whoever teaches."""
    return tuple(
        f"{_decision(change)} ({wording.printable(change.by)})" for change in result.adjustments
    )


def _decision(change: Adjustment) -> str:
    reason = wording.printable(change.reason, LONGEST)
    check = f" on {wording.printable(change.check)}" if change.check else ""
    if change.hours:
        return wording.MORE_TIME.format(hours=number(change.hours), reason=reason)
    if not change.points:
        return wording.COMMENTED.format(check=check, reason=reason)
    sign = "+" if change.points > 0 else ""
    points = f"{sign}{number(change.points)}"
    return wording.ADJUSTED.format(points=points, check=check, reason=reason)


def withheld(result: Result) -> tuple[str, ...]:
    """How many checks count and are not shown."""
    count = sum(grade.withheld for grade in result.grades)
    return (wording.NOT_SHOWN.format(count=count),) if count else ()


def points(value: float) -> float:
    """Points without the rounding of a sum."""
    return round(float(value), DIGITS) + 0.0  # + 0.0: there is no point in -0


def number(value: float) -> str:
    """Points as digits, never in powers of ten."""
    return f"{points(value):.{DIGITS}f}".rstrip("0").rstrip(".")


def plain(text: str) -> str:
    """A name on one line, spelled as it is, without control characters and marks of direction."""
    kept = "".join(
        " " if c.isspace() else c
        for c in text[: 2 * LONGEST]
        if c.isspace() or c in JOINERS or unicodedata.category(c)[0] != "C"
    )
    return kept if len(kept) <= LONGEST else kept[:LONGEST] + "..."


def key(person: str) -> str:
    """A person's key on one line; where it had to be changed, a digest keeps it apart from others.

    No key that is shown as it is has the "~" in front of the digest.
    """
    if person == wording.printable(person, LONGEST_KEY) and "~" not in person:
        return person
    return f"{wording.printable(person, LONGEST_KEY)}~{digest(person)}"


def digest(text: str) -> str:
    """Sixteen hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fitted(
    checks: tuple[CheckText, ...], render: Callable[[tuple[CheckText, ...]], str], largest: int
) -> str:
    """Renders checks, leaving out what is longest until the text fits: programs, then messages.

    Args:
        checks: the checks.
        render: checks to text.
        largest: bytes of the text in UTF-8.
    """
    order = [
        (part, k)
        for part in ("program", "message")
        for k in sorted(range(len(checks)), key=lambda k: -len(getattr(checks[k], part)))
        if len(getattr(checks[k], part)) > len(wording.CUT)
    ]

    def without(count: int) -> str:
        return render(_without(checks, order[:count]))

    fewest = bisect_left(
        range(len(order)), True, key=lambda count: len(without(count).encode()) <= largest
    )
    return without(fewest)


def _plot(evidence: Evidence) -> tuple[str, bytes] | None:
    from harness.report.pages import plots  # what draws is imported where something is drawn

    return plots.plot(evidence)


def _without(checks: tuple[CheckText, ...], cut: list[tuple[str, int]]) -> tuple[CheckText, ...]:
    kept = list(checks)
    for part, k in cut:
        if part == "program":
            kept[k] = replace(kept[k], program=wording.CUT)
        else:
            kept[k] = replace(kept[k], message=wording.CUT)
    return tuple(kept)


def _check(verdict: Verdict, grade: Grade, number: str, title: str) -> CheckText:
    named = dict.fromkeys(name for name in (verdict.exercise, verdict.check) if name)
    lines = [wording.sentence(verdict), *listing.trace(verdict), wording.detail(verdict)]
    lines += wording.diagnosis(verdict)
    if verdict.status is Status.FLAGGED:
        lines.insert(0, f"{wording.status(verdict).capitalize()}.")
    return CheckText(
        grade.assignment,
        number,
        " ".join(named),
        title,
        verdict,
        "\n".join(line for line in lines if line),
        listing.program(verdict, grade),
    )
