"""The student's own text with the lines marked that a check points at."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault
from harness.records.people import Result
from harness.records.verdict import WRONG
from harness.report.words import wording

MOST_LINES = 1500
"""Lines that are shown of one text."""
LONGEST = 300
"""Characters of a line."""


@dataclass(frozen=True)
class Line:
    """One line of a student's text."""

    number: int
    text: str
    style: str = ""
    """wrong where it stopped, near inside of a part that a check is about, or nothing."""
    note: str = ""
    """The checks that point at it."""


def marked(
    result: Result, submission: Submission | None, parts: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, list[Line]]]:
    """Each text on which a mark stands, by its name; nothing where there is no mark.

    Args:
        result: what the student is told; a hidden check marks nothing.
        submission: as it was graded, if it could be read.
        parts: for each check the dotted names of the parts that it is about.
    """
    if submission is None:
        return []
    stopped: dict[tuple[str, int], list[str]] = defaultdict(list)
    about: dict[str, list[str]] = defaultdict(list)
    for verdict in (v for g in result.grades for v in g.verdicts if v.status in WRONG):
        if verdict.hidden:
            continue
        problem = verdict.problem
        if isinstance(problem, Fault) and problem.line:
            stopped[problem.where, problem.line].append(verdict.check)
        for part in parts.get(verdict.check, ()):
            about[".".join(part.split(".")[-2:])].append(verdict.check)
    sources = [*submission.main, *(source for _, source in submission.siblings)]
    shown = [(source.name, _lines(source, stopped, about)) for source in sources]
    return [(name, lines) for name, lines in shown if any(line.style for line in lines)]


def _lines(
    source: Source,
    stopped: Mapping[tuple[str, int], list[str]],
    about: Mapping[str, list[str]],
) -> list[Line]:
    near = dict[int, str]()
    notes: dict[int, list[str]] = defaultdict(list)
    for name, (first, last) in functions(source.text).items():
        if name in about:
            near |= dict.fromkeys(range(first, last + 1), "near")
            notes[first] += about[name]
    for (where, number), checks in stopped.items():
        if where == source.name:
            near[number] = "wrong"
            notes[number] += checks
    return [
        Line(
            number,
            wording.block(text, LONGEST, 1),
            near.get(number, ""),
            ", ".join(dict.fromkeys(notes[number])),
        )
        for number, text in enumerate(source.lines[:MOST_LINES], start=1)
    ]


def functions(text: str) -> dict[str, tuple[int, int]]:
    """The first and the last line of each method, as Class.method, and of each function.

    A function that is assigned to a class, or whose holder is not known, stands by its name too.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = dict[str, tuple[int, int]]()
    for holder in ast.walk(tree):
        for node in ast.iter_child_nodes(holder):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place = (node.lineno, node.end_lineno or node.lineno)
                if isinstance(holder, ast.ClassDef):
                    found[f"{holder.name}.{node.name}"] = place
                found.setdefault(node.name, place)
    return found
