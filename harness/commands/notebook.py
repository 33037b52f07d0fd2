"""check() in a cell: judge what a notebook holds so far, and show it with its pictures."""

from __future__ import annotations

import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.grading.grader import LECTURE, PUBLIC_SEED, Grader
from harness.intake import submissions
from harness.intake.files import in_memory
from harness.judging.check import Assignment, find, with_exercise
from harness.judging.grade import once, only, within_feedback
from harness.records.errors import AdjudgeError, UsageError
from harness.records.handed_in import Submission
from harness.records.people import Person, Result
from harness.records.verdict import Grade, Status
from harness.report.tables import terminal

NAME = "notebook"
"""What a submission is called that is read from the history."""
FRAME = (
    '<iframe srcdoc="{page}" title="adjudge" '
    'style="width:100%;height:36em;border:0" '
    "onload=\"this.style.height=this.contentDocument.documentElement.scrollHeight+20+'px'\">"
    "</iframe>"
)
"""The page in a frame of its own, so that its style does not meet the notebook's."""


@dataclass(frozen=True)
class Report:
    """What came of check(): a notebook shows the page, anything else the tables."""

    grades: tuple[Grade, ...]
    titles: dict[str, str]
    """For each check, what holds when it passes."""
    problem: str = ""
    """Why nothing could be judged, or nothing."""

    def _repr_html_(self) -> str:
        from harness.report.pages import page  # what draws is imported where something is drawn

        if self.problem:
            return f"<p>{escape(self.problem)}</p>"
        result = Result(Person(self.grades[0].submission), self.grades)
        return FRAME.format(page=escape(page.student(result, self.titles)))

    def __repr__(self) -> str:
        if self.problem:
            return self.problem
        text = io.StringIO()
        console = Console(file=text, width=80, color_system=None, force_jupyter=False)
        for at, grade in enumerate(self.grades):
            terminal.show(grade, console, titles=self.titles, before=self.grades[:at])
        terminal.summary(self.grades, console)
        return text.getvalue()


def check(
    exercise: str = "",
    path: str | Path | None = None,
    *,
    assignment: str | Assignment | None = None,
) -> Report:
    """Judges the cells that this notebook has run so far, or a saved file.

    Args:
        exercise: show only this exercise or check, such as "2.B" or "gradient_mul".
        path: a saved notebook or module, in place of what was run.
        assignment: by default the whole lecture.

    Returns:
        A report, which a notebook shows where check() is the last line of a cell.
    """
    try:
        return _checked(exercise, path, assignment)
    except AdjudgeError as problem:
        return Report((), {}, str(problem))


def _checked(exercise: str, path: str | Path | None, assignment: str | Assignment | None) -> Report:
    names = LECTURE if assignment is None else (assignment,)
    chosen = [find(name) if isinstance(name, str) else name for name in names]
    if exercise:
        chosen, exercise = with_exercise(chosen, exercise)
    what = _history() if path is None else submissions.read(Path(path))
    with ThreadPoolExecutor(len(chosen)) as pool, Grader() as grader:
        full = [*pool.map(lambda assignment: grader.grade(what, assignment, PUBLIC_SEED), chosen)]
    grades = once(
        within_feedback(graded, ruled.feedback) for graded, ruled in zip(full, chosen, strict=True)
    )
    shown = tuple(only(grade, exercise) for grade in grades)
    if path is None:  # what stopped in an earlier version of a cell is no news
        shown = tuple(
            replace(g, verdicts=tuple(v for v in g.verdicts if v.status is not Status.NOTED))
            for g in shown
        )
    titles = {check.name: check.title for assignment in chosen for check in assignment.checks}
    return Report(shown, titles)


def _history() -> Submission:
    """The cells that were run, in their order, as a notebook.

    Raises:
        UsageError: no notebook runs here.
    """
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        raise UsageError(
            "check() without a path looks at the cells of a notebook, and none runs here; "
            "give it a file: check(path=...)"
        )
    run = shell.history_manager.input_hist_raw[1:]
    cells = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in run]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    return submissions.of(in_memory({f"{NAME}.ipynb": text.encode()}, NAME), NAME)
