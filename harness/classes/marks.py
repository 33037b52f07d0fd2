"""Marks: a pure function of verdicts, rubric, changes by hand and dates.

What a store keeps are verdicts. They are counted whenever they are read, so another rubric takes
effect at once, and everything that shows points shows the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from harness.classes.dates import moment
from harness.judging import grade
from harness.judging.check import Assignment
from harness.judging.class_rules import Lateness
from harness.records.people import Late, Result

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """By what the verdicts on a class are counted."""

    assignments: Mapping[str, Assignment]
    """Under the rubric, by name."""
    lateness: Lateness | None = None


def marked(result: Result, rules: Rules) -> Result:
    """A person's result with the points that rules give it."""
    counted = tuple(grade.counted(rules.assignments[g.assignment], g) for g in result.grades)
    result = replace(result, grades=counted, penalty=None)
    if rules.lateness is None or not counted:
        return result
    late = penalty(result, rules.lateness)
    return replace(result, penalty=late, handing=replace(result.handing, late=late is not None))


def penalty(result: Result, rule: Lateness) -> Late | None:
    """What lateness takes from a result; never more than the machine gave.

    A day counts as soon as it has begun. Where a platform marks a submission as late and says no
    moment, one day counts, unless somebody gave the person more time, of which it knows nothing.

    Args:
        result: already counted.
        rule: of the rubric.
    """
    more = timedelta(hours=sum(change.hours for change in result.adjustments))
    submitted = moment(result.handing.submitted)
    if submitted is None:
        days, known = int(result.handing.late and not more), False
    else:
        submitted = submitted if submitted.tzinfo else submitted.replace(tzinfo=rule.due.tzinfo)
        over, known = submitted - rule.due - more, True
        days = 0 if over <= timedelta(minutes=rule.grace_minutes) else math.ceil(over / DAY)
    if not days:
        return None
    share = min(rule.per_day * days, rule.most) / 100
    return Late(days, min(share * result.out_of, max(result.earned, 0.0)), known)
