"""PrairieLearn's results.json of one student.

https://docs.prairielearn.com/externalGrading/ names the fields. Adjustments are tests of their
own, because PrairieLearn shows the sum of the tests beside the score.
"""

from __future__ import annotations

from typing import Any

import msgspec

from harness.records.people import Result
from harness.records.verdict import Status
from harness.report.words import explain
from harness.report.words.explain import CheckText

LARGEST = 1_000_000
"""Bytes of a file that PrairieLearn accepts: its "1 MB", in the smaller sense."""


def results(result: Result, titles: dict[str, str]) -> str:
    """One person's results.json, with programs left out where it would be too large.

    What cannot be judged (unreadable, or the oracles disagree on everything) is not gradable, so
    that it costs the student no attempt; a person's adjustment makes it a score again.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    checks = explain.checks(result, titles)
    plots = explain.plots(checks)
    return explain.fitted(checks, lambda texts: _document(result, texts, plots), LARGEST)


def _document(
    result: Result, checks: tuple[CheckText, ...], plots: dict[str, tuple[str, str]]
) -> str:
    out_of = result.out_of
    readable = any(not grade.unreadable for grade in result.grades)
    gradable = bool(result.adjustments) or (readable and out_of > 0)
    share = result.points / out_of if out_of > 0 else 0.0
    document: dict[str, Any] = {
        "gradable": gradable,
        "score": round(min(max(share, 0.0), 1.0), 6),
        "message": "\n".join(explain.remarks(result)),
    }
    if not gradable:
        why = [check.message for check in checks if check.verdict.status is Status.INCONCLUSIVE]
        document["format_errors"] = [*explain.reasons(result), *dict.fromkeys(why)]
    tests = [_test(check, plots.get(check.name)) for check in checks]
    for change, line in zip(result.adjustments, explain.adjustments(result), strict=True):
        points = explain.points(change.points)
        tests.append({"name": line, "description": "", "points": points, "max_points": 0.0})
    document["tests"] = tests
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _test(check: CheckText, plot: tuple[str, str] | None) -> dict[str, Any]:
    return {
        "name": check.name,
        "description": check.title,
        "points": explain.points(check.verdict.points),
        "max_points": explain.points(check.verdict.out_of),
        "message": check.message,
        "output": check.program,
        **({} if plot is None else {"images": [{"label": plot[0], "url": plot[1]}]}),
    }
