"""What a student does next: what to fix first, and which names are missing, each told once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from harness.records.verdict import WRONG, Finding, Grade, Problem, Status, Verdict
from harness.report.words.wording import listed, printable, problem, sentence

FIX_FIRST = "Fix first: {check}. {sentence}"
STILL_MISSING = "Missing, as said above: {names}."


def first_step(grades: Sequence[Grade]) -> str:
    """What a student fixes first: what wins the most points back; nothing where nothing failed.

    A check counts for its own points and for those of the checks that were not judged because of
    it; names that are missing for one reason count together. Of equals it is the first, because
    the checks of an assignment stand in the order in which they build on one another.
    """
    best, most = "", -1.0
    for grade in grades:
        for verdict in grade.verdicts:
            if verdict.status not in WRONG or not verdict.exercise:
                continue
            group = _same_reason(verdict, grade)
            points = sum(_unblocked(each, grade) for each in group)
            if points > most:
                most = points
                reason = gaps([each.problem for each in group]) or sentence(verdict)
                check = f"{verdict.exercise} {verdict.check}"
                best = FIX_FIRST.format(check=check, sentence=reason).strip()
    return best


def _same_reason(verdict: Verdict, grade: Grade) -> list[Verdict]:
    """The verdict, and those that miss names for its reason."""
    if not is_missing(verdict.problem):
        return [verdict]
    reason = gap(verdict.problem)
    return [v for v in grade.verdicts if is_missing(v.problem) and gap(v.problem) == reason]


def _unblocked(verdict: Verdict, grade: Grade) -> float:
    """The points that a check has lost, and its share of those that wait for it."""
    waiting = (v for v in grade.verdicts if v.status is Status.SKIPPED)
    shares = (
        (v.out_of - v.points) / len(v.blocked_by) for v in waiting if verdict.check in v.blocked_by
    )
    return verdict.out_of - verdict.points + sum(shares)


def is_missing(found: Problem | None) -> TypeGuard[Finding]:
    """Whether a problem is that the module lacks a name."""
    return isinstance(found, Finding) and found.kind == "missing"


def gap(found: Finding) -> tuple[str, ...]:
    """What findings on missing names share where one sentence tells them all: the reason."""
    return ("missing", *(text for name, text in found.facts if name in ("where", "line", "meant")))


def gaps(found: Sequence[Problem | None], known: frozenset[str] = frozenset()) -> str:
    """One sentence for the names that several checks miss; nothing for other problems.

    Args:
        found: the problems of those checks.
        known: the names that were told before, of another assignment.
    """
    missing = [each for each in found if is_missing(each)]
    if not missing or len(missing) < len(found):
        return ""
    names = missed(missing)
    new = [name for name in names if name not in known]
    if not new:
        return STILL_MISSING.format(names=printable(listed(tuple(names)), 1000))
    facts = [(key, text) for key, text in missing[0].facts if key != "names"]
    return problem(Finding("missing", (("names", ", ".join(new)), *facts)))


def missed(found: Sequence[Problem | None]) -> dict[str, None]:
    """The names that are missing, each once, in their order."""
    texts = (each["names"] for each in found if is_missing(each))
    return dict.fromkeys(name for text in texts for name in text.split(", "))
