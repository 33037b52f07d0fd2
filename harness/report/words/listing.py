"""Lines of code that a student reads: the program, a wrong order, the lines that led there."""

from __future__ import annotations

from harness.programs import snippet
from harness.records.dialect import Dialect
from harness.records.observation import Fault
from harness.records.program import Expression
from harness.records.verdict import Comparison, Finding, Grade, Problem, Status, Verdict
from harness.report.words.wording import (
    LONGEST,
    LONGEST_LINE,
    beside,
    has_trace,
    printable,
    visible,
)

MOST_LINES = 40
"""Lines of a program that are printed; a longer one is cut in the middle."""
BROKEN_EDGE = "{line} needs {input} before it"


def program(verdict: Verdict, grade: Grade) -> str:
    """The smallest program as Python that can be pasted below the import, or nothing."""
    if verdict.program is None or verdict.status is Status.SKIPPED:
        return ""
    lines = snippet.shown(verdict.program, grade.dialect, verdict.problem).splitlines()
    earlier = (snippet.shown(program, grade.dialect).splitlines() for program in verdict.before)
    lines = [line for program in earlier for line in program] + lines
    if len(lines) > MOST_LINES:
        cut = len(lines) - MOST_LINES + 1
        half = MOST_LINES // 2
        lines = [*lines[:half], f"# ... {cut} more lines like these ...", *lines[half + cut :]]
    if isinstance(verdict.problem, Comparison):
        lines[-1] += f"  # {beside(verdict.problem)}"
    if not isinstance(verdict.program, Expression) and "np." not in "\n".join(lines):
        lines = [line for line in lines if line != "import numpy as np"]
    lines += [f"# {line}" for line in broken_edge(verdict, grade.dialect)]
    whole = [*grade.import_line[:LONGEST_LINE].splitlines(), *lines]
    return "\n".join(visible(line[:LONGEST_LINE]) for line in whole)


def broken_edge(verdict: Verdict, dialect: Dialect) -> list[str]:
    """A wrong order with its first broken edge marked, as lines of text; or nothing.

    v1  x1  v2
    ^^--^^  v1 = x1 * x1 needs x1 before it
    """
    found, shown = verdict.problem, verdict.program
    if not (isinstance(found, Finding) and found.kind == "order_broken"):
        return []
    order = found["order"].split(", ")
    if not isinstance(shown, Expression) or not {found["node"], found["input"]} <= {*order}:
        return []
    starts = [sum(len(name) + 2 for name in order[:k]) for k in range(len(order))]
    first, last = order.index(found["node"]), order.index(found["input"])
    between = starts[last] - starts[first] - len(order[first])
    marks = "^" * len(order[first]) + "-" * between + "^" * len(order[last])
    k = shown.names.index(found["node"])
    line = f"{found['node']} = {snippet.spell(shown.nodes[k], shown.names, dialect)}"
    reason = BROKEN_EDGE.format(line=line, input=found["input"])
    return ["  ".join(order), f"{' ' * starts[first]}{marks}  {reason}"]


def trace(verdict: Verdict) -> list[str]:
    """The student's own lines that a failure is about, as lines of text; nothing where none are.

    For an exception the calls that led to it, the caller first; for a line that is not Python the
    line and a mark below it.
    """
    found = verdict.problem
    if not isinstance(found, Fault):
        return _caret(found)
    if not has_trace(found):
        return []
    return [
        f"    {printable(at.where)}, line {at.line}, in {printable(at.function)}: "
        f"{printable(at.text)}"
        for at in found.trace
    ]


def _caret(found: Problem | None) -> list[str]:
    if not isinstance(found, Finding) or not {"text", "column"} <= {*dict(found.facts)}:
        return []
    text = visible(found["text"][:LONGEST])
    at = int(found["column"]) - 1
    return [f"    {text}", "    " + " " * at + "^"] if 0 <= at <= len(text) else [f"    {text}"]
