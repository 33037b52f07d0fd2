"""One mistake costs once: judge a failing check with right parts in the place of wrong ones.

Where it passes then, it is credited, and the parts that had to be replaced are named. Where it
still fails, the mistake is its own. Only the text of the replaced parts goes into the worker, and
what a check is about is never replaced.
"""

from __future__ import annotations

from dataclasses import replace

from harness.judging import stops
from harness.judging.check import Check
from harness.judging.fitting import as_handed_in, fits, spoils
from harness.judging.sitting import Sitting
from harness.programs.replacement import functions
from harness.records.observation import OVER_TIME, Fault
from harness.records.verdict import BROKEN, Finding, Status, Verdict


def checked(sitting: Sitting, check: Check) -> Verdict:
    """The verdict on a check with its points, by itself where others have failed before it."""
    if check.absent:
        out_of = check.points if sitting.assignment.counts(check) else 0.0
        finding = Finding(check.absent, (("name", check.name),))
        return Verdict(check.name, check.exercise, Status.ABSENT, out_of=out_of, problem=finding)
    if check.loads and sitting.student.load() is None:
        return stops.verdict(sitting.assignment, check, sitting.student)
    if sitting.student.load() is not None:
        return sitting.judge(check, brief=True)
    needs = [sitting.verdicts[name] for name in check.needs if name in sitting.verdicts]
    blocked = _roots(needs)
    if any(_ran_out_of_time(verdict) for verdict in needs):
        alone = _alone(sitting, check, sitting.wrong_parts(check), hangs=True)
        skipped = Verdict(check.name, check.exercise, Status.SKIPPED, out_of=check.points)
        return alone or replace(skipped, blocked_by=blocked)
    broken = any(v.status in BROKEN for v in sitting.verdicts.values())
    brief = bool(blocked or broken or sitting.assignment.foundation)
    verdict = sitting.judge(check, brief=brief)
    if verdict.status is Status.PASSED:
        return replace(verdict, points=check.points)
    if verdict.status is Status.INCONCLUSIVE:
        # Nobody loses points where the oracles disagree: the check leaves the sum on both sides.
        return replace(verdict, out_of=0.0)
    parts = sitting.wrong_parts(check)
    if is_somebodys(sitting, check, verdict, parts):
        alone = _alone(sitting, check, parts, hangs=False)
        if alone is not None:
            credited = alone.status in (Status.CREDITED, Status.SKIPPED)
            return replace(alone, evidence=verdict.evidence) if credited else alone
        if not parts and sitting.assignment.foundation:
            return sitting.judge(check, brief=False)  # what it rests on is right: it is its own
    if blocked and not _is_own(verdict):
        return replace(verdict, status=Status.SKIPPED, problem=None, blocked_by=blocked)
    return sitting.judge(check, brief=False) if brief else verdict


def is_somebodys(sitting: Sitting, check: Check, verdict: Verdict, parts: tuple[str, ...]) -> bool:
    """Whether something that the student wrote is left to judge when the parts are replaced."""
    left = set(check.stubs) - functions(parts, sitting.student.dialect) - sitting.student.unwritten
    if _is_own(verdict):
        left -= sitting.assignment.given
    if check.names and not check.stubs:
        holders = {name.rpartition(".")[0] for name in check.names}
        left = set(check.names) - holders - set(parts)
    return bool(left or not (check.stubs or check.names)) and _is_there(sitting, check)


def _is_there(sitting: Sitting, check: Check) -> bool:
    """Whether a module has most of what a check calls, the foundation aside."""
    foundation = sitting.assignment.foundation
    called = {name for name in check.names if not name.startswith(foundation)}
    return 2 * len(called & {*sitting.student.missing}) < len(called) or not called


def _alone(
    sitting: Sitting, check: Check, parts: tuple[str, ...], *, hangs: bool
) -> Verdict | None:
    """The verdict on a failing check with right parts in the place of wrong ones.

    None where our parts do not fit the student's, or tell nothing new. What hangs is not run
    again as it stands.
    """
    if not parts:
        return None
    if sitting.assignment.fitted is not None:
        return None if hangs else _sparing(sitting, check, parts)
    wrong = tuple(part for part in parts if part not in sitting.foundation)
    if wrong and wrong != parts:  # the foundation is suspected of everything, and seldom wrong
        verdict = sitting.judge(check, sitting.with_right(wrong), brief=True)
        if verdict.status is Status.PASSED:
            blamed = wrong if hangs else necessary(sitting, check, wrong)
            return credited(sitting, check, replace(verdict, replaced=blamed))
    for chosen in ways(sitting, check, parts):
        other = sitting.with_right(chosen)
        verdict = sitting.judge(check, other, brief=True)
        if verdict.status is Status.PASSED:
            blamed = chosen if hangs else necessary(sitting, check, chosen)
            return credited(sitting, check, replace(verdict, replaced=blamed))
        if verdict.status not in BROKEN or _is_own(verdict):
            return None
        spoilt = not hangs and spoils(sitting, check, other)
        if not spoilt and fits(sitting, check, other, verdict, chosen):
            verdict = sitting.judge(check, other, brief=False)  # it is shown: now explain it
            if hangs:
                return replace(verdict, replaced=chosen)
            return as_handed_in(sitting, check, verdict, chosen)
    return None if hangs else _sparing(sitting, check, parts)


def ways(sitting: Sitting, check: Check, parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The parts, then with the companions that each may need to fit."""
    companions = [other for p in parts for other in sitting.assignment.companions.get(p, ())]
    whole = tuple(dict.fromkeys((*parts, *(c for c in companions if c not in check.own))))
    return [parts] if whole == parts else [parts, whole]


def credited(sitting: Sitting, check: Check, verdict: Verdict) -> Verdict:
    """The verdict on a check that passes but for the mistakes of others."""
    return replace(verdict, status=Status.CREDITED, points=check.points)


def _sparing(sitting: Sitting, check: Check, parts: tuple[str, ...]) -> Verdict | None:
    """The verdict on a check by programs that make no use of the wrong parts, if there are any."""
    seed = sitting.seed_of(check)
    programs = check.sparing(seed, parts) if check.sparing is not None else ()
    if not programs:
        return None
    spared = replace(check, programs=lambda seed: programs)
    verdict = sitting.judge(spared, brief=False)
    if verdict.status is Status.PASSED:
        return credited(sitting, check, replace(verdict, spared=parts))
    return verdict if verdict.status in BROKEN else None


def necessary(sitting: Sitting, check: Check, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the parts without whose replacement the check fails; all where none is by itself."""
    if len(parts) == 1:
        return parts
    needed = []
    for part in parts:
        rest = tuple(other for other in parts if other != part)
        if sitting.judge(check, sitting.with_right(rest), brief=True).status in BROKEN:
            needed.append(part)
    return tuple(needed) or parts


def _is_own(verdict: Verdict) -> bool:
    """Whether the problem is that something is not there, which no other check explains."""
    own = ("missing", "not_written")
    return isinstance(verdict.problem, Finding) and verdict.problem.kind in own


def _roots(needs: list[Verdict]) -> tuple[str, ...]:
    """The checks to mend first: where a need was itself blocked, what blocks it."""
    named = [
        verdict.blocked_by if verdict.status is Status.SKIPPED else (verdict.check,)
        for verdict in needs
        if verdict.status in BROKEN
    ]
    return tuple(dict.fromkeys(name for names in named for name in names))


def _ran_out_of_time(verdict: Verdict) -> bool:
    stopped = isinstance(verdict.problem, Fault) and verdict.problem.kind in (*OVER_TIME, "budget")
    return stopped or (verdict.status is Status.SKIPPED and not verdict.tried)
