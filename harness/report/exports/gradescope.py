"""Gradescope's results.json of one student.

https://gradescope-autograders.readthedocs.io/en/latest/specs/ names the fields. Text is declared
as plain text, so that nothing in it is read as Markdown or HTML; only a test with a plot is HTML,
and its text is escaped.
"""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup

from harness.records.people import Result
from harness.report.words import explain
from harness.report.words.explain import CheckText

VISIBILITY = {
    "always": "visible",
    "after_due": "after_due_date",
    "after_published": "after_published",
    "never": "hidden",
}
"""Gradescope's word for when a student sees a test."""


def results(result: Result, titles: dict[str, str]) -> str:
    """One person's results.json: each check is a test, and the score includes adjustments.

    Where a test is hidden, Gradescope hides the total from the student too.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    checks = explain.checks(result, titles)
    plots = explain.plots(checks)
    document = {
        "score": explain.points(result.points),
        "output": "\n".join(explain.remarks(result)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(check, plots.get(check.name)) for check in checks],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def not_graded(sentence: str, score: float | None) -> str:
    """A results.json that says why nothing was run.

    Args:
        sentence: the reason.
        score: what stands in its place, or None.
    """
    document = {"score": explain.points(score or 0.0), "output": sentence, "output_format": "text"}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _test(check: CheckText, plot: tuple[str, str] | None) -> dict[str, Any]:
    verdict = check.verdict
    text = "\n\n".join(text for text in (check.message, check.program) if text)
    if plot is not None:
        text = Markup('<pre>{}</pre><img alt="{}" src="{}">').format(text, *plot)
    return {
        "number": check.number,
        "name": f"{check.name}: {check.title}" if check.title else check.name,
        "score": explain.points(verdict.points),
        "max_score": explain.points(verdict.out_of),
        "status": "passed" if check.right else "failed",
        "output": str(text),
        "output_format": "text" if plot is None else "html",
        "tags": [check.assignment, verdict.status.value],
        "visibility": VISIBILITY[verdict.visibility],
    }
