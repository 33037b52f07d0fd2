"""Look again at what failed, when all is known: a mistake may have shown before its own check.

A check is judged in the order of the table, with right parts in the place of what failed before it.
What fails after it may explain it too: an operation that does not record its operand spoils the
order before it spoils a gradient. So each check that failed is judged once more with right parts
in the place of all others that failed. The last of them failed with the others right, so one
mistake always stays charged.
"""

from __future__ import annotations

from dataclasses import replace

from harness.judging import consistency
from harness.judging.check import Check
from harness.judging.credit import credited, is_somebodys, necessary
from harness.judging.sitting import Sitting
from harness.records.verdict import BROKEN, Finding, Status, Verdict


def reconsider(sitting: Sitting) -> None:
    """Credits each check that fails of what another check has found, and of nothing else."""
    for check in sitting.assignment.active:
        verdict = sitting.verdicts.get(check.name)
        if verdict is None or verdict.status not in BROKEN or not _is_judged(verdict):
            continue
        better = _with_the_others_right(sitting, check) or consistency.one_mistake(sitting, check)
        if better is not None:
            sitting.verdicts[check.name] = replace(better, evidence=verdict.evidence)


def _is_judged(verdict: Verdict) -> bool:
    """Whether there is something to judge: nothing is missing, not written or out of time."""
    if isinstance(verdict.problem, Finding):
        return verdict.problem.kind not in ("missing", "not_written", "refused", "absent", "open")
    return bool(verdict.tried)


def _with_the_others_right(sitting: Sitting, check: Check) -> Verdict | None:
    """The verdict on a check that passes with all others' parts right."""
    if sitting.assignment.fitted is not None:
        return None
    tried: set[tuple[str, ...]] = set()
    for suspects in (False, True):
        parts = sitting.wrong_parts(check, suspects=suspects)
        parts = tuple(part for part in parts if part not in sitting.foundation)
        if not parts or parts in tried:
            continue
        if not is_somebodys(sitting, check, sitting.verdicts[check.name], parts):
            continue
        tried.add(parts)
        verdict = sitting.judge(check, sitting.with_right(parts), brief=True)
        if verdict.status is Status.PASSED:
            blamed = necessary(sitting, check, parts)
            return credited(sitting, check, replace(verdict, replaced=blamed))
    return None
