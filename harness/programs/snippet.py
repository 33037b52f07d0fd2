"""Programs as the Python that a student would write.

What is run is what is shown: the worker executes the same lines that a failure prints, and
besides them only the lines that call record() or record_order(), which the worker provides.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from harness.programs.grid_ops import GRID_OPS
from harness.programs.ops import OPS
from harness.records.dialect import Dialect
from harness.records.handed_in import Submission
from harness.records.program import (
    Apply,
    ArrayExpression,
    Backward,
    Call,
    Expression,
    Grid,
    Program,
    Sort,
    Step,
    Training,
    Zero,
)
from harness.records.verdict import Comparison, Finding, Problem

RECORDERS = ("record(", "record_order(")
"""How the lines begin that only the worker runs."""


RECORDED = 3
"""How many quantities tell of one array: its shape, whether it is single, and its numbers."""


@lru_cache(maxsize=2048)
def source(program: Program, dialect: Dialect) -> str:
    """The text that is executed, record() lines included."""
    return "\n".join(_lines(program, dialect)) + "\n"


@lru_cache(maxsize=2048)
def for_worker(program: Program, dialect: Dialect) -> str:
    """The same for the worker, whose recorder takes what stands in the wrong place as it is."""
    if isinstance(program, Expression | ArrayExpression):
        return source(program, dialect)  # a node by name, or NumPy, which takes whatever is there
    return "\n".join(map(_tolerant, _lines(program, dialect))) + "\n"


def _tolerant(line: str) -> str:
    """A line that records, made to note a node in the place of a list, or a list in its place."""
    if not line.strip().startswith(RECORDERS):
        return line
    line = re.sub(r"\*(model\.\w+)\b", r"*record_each(\1)", line)
    line = re.sub(r"\blen\(([\w.]+)\)", r"record_size(\1)", line)
    return re.sub(r"\bp\.(value|grad) for p in", r"record_node(p).\1 for p in", line)


def shown(program: Program, dialect: Dialect, problem: Problem | None = None) -> str:
    """The text that a student can paste below an import of the submission.

    Args:
        program: what was run.
        dialect: how the submission spells it.
        problem: the last line prints the number in question, or is what a finding says `shows` it.
    """
    if isinstance(problem, Comparison) and problem.epoch is not None:
        assert isinstance(program, Training), "only training has epochs"
        program = replace(program, epochs=problem.epoch + 1)
    lines = _without_recorders(_lines(program, dialect))
    if isinstance(problem, Comparison):
        lines.append(f"print({problem.subject})")
    elif isinstance(problem, Finding) and "shows" in dict(problem.facts):
        lines.append(problem["shows"])
    return "\n".join(lines) + "\n"


def _without_recorders(lines: list[str]) -> list[str]:
    """The lines that a student needs: none that records, and no loop with nothing else in it."""
    kept = list[str]()
    for line in reversed(lines):
        inside = kept[-1] if kept else ""
        is_empty = line.endswith(":") and _indent(inside) <= _indent(line)
        if not is_empty and not line.strip().startswith(RECORDERS):
            kept.append(line)
    return kept[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def line_at(program: Program, dialect: Dialect, number: int) -> str:
    """One line of the program's text, counted from 1; nothing where there is no such line."""
    lines = _lines(program, dialect)
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def spell(
    node: Apply, names: tuple[str, ...], dialect: Dialect, shape: tuple[int, ...] = ()
) -> str:
    """One node as the right-hand side of an assignment; the shape is that of its array."""
    operands = [names[i] for i in node.inputs]
    constant = node.constant
    usual = OPS[node.op] if node.op in OPS else GRID_OPS[node.op]
    return dialect.operation(node.op, usual.spelling).format(
        *operands,
        all=", ".join(operands),
        shape=", ".join(map(str, shape)),
        constant=f"({constant})" if constant is not None and constant < 0 else constant,
    )


def import_line(submission: Submission, dialect: Dialect) -> str:
    """The line above a program by which a student reaches the submission's names."""
    if submission.main[0].name.startswith("cell"):
        return "# in a cell at the end of your notebook"
    return dialect.imports.format(module=submission.module.rpartition(".")[2])


def _lines(program: Program, dialect: Dialect) -> list[str]:
    match program:
        case Expression():
            return _expression(program, dialect)
        case Training():
            return _training(program)
        case ArrayExpression():
            return _arrays(program, dialect)
        case Call():
            return list(program.lines)


def _expression(program: Expression, dialect: Dialect) -> list[str]:
    names, labels, lines = program.names, program.labels, []
    for i, value in enumerate(program.leaves):
        label = labels[i] if labels else ""
        leaf = dialect.labelled if label and dialect.labelled else dialect.leaf
        lines.append(f"{names[i]} = {leaf.format(repr(value), label)}")
    count = len(program.leaves)
    for at, step in enumerate(program.steps):
        lines += _step(program, dialect, at, step, count)
        count += isinstance(step, Apply)
    values = ", ".join(dialect.value.format(name) for name in names)
    return [*lines, f'record("value", -1, {values})']


def _step(program: Expression, dialect: Dialect, at: int, step: Step, count: int) -> list[str]:
    """The lines of one step; count nodes exist before it."""
    names = program.names
    match step:
        case Apply():
            lines = [f"{names[count]} = {spell(step, names, dialect)}"]
            if program.labels and dialect.label:
                lines.append(dialect.label.format(names[count], program.labels[count]))
            return lines
        case Backward(node):
            grads = ", ".join(dialect.recorded("grad", name) for name in names[:count])
            calls = [line.format(names[node]) for line in dialect.backward]
            return [*calls, f'record("grad", {at}, {grads})']
        case Zero(nodes):
            zeroed = "".join(f"{names[i]}, " for i in nodes)
            return [f"for node in ({zeroed.rstrip()}):", f"    {dialect.zero.format('node')}"]
        case Sort(node):
            if not dialect.order:
                return []
            known = "".join(f"{name}, " for name in names[:count])
            order = f"order = {dialect.order.format(names[node])}"
            return [order, f'record_order("order", {at}, order, ({known.rstrip()}))']


def _arrays(program: ArrayExpression, dialect: Dialect) -> list[str]:
    names, count = program.names, len(program.grids)
    lines = ["import numpy as np"]
    for name, grid in zip(names, program.grids, strict=False):
        lines.append(f"{name} = {dialect.leaf.format(_nested(grid))}")
    for name, node, shape in zip(
        names[count:], program.applied, program.shapes[count:], strict=True
    ):
        lines.append(f"{name} = {spell(node, names, dialect, shape)}")
    lines += [line.format(names[-1]) for line in dialect.backward]
    for traced in program.traced:
        holder, _, quantity = traced.quantity.rpartition(".")
        if quantity == "value" or dialect.inner or holder in names[:count]:
            array = dialect.quantity(quantity, holder)
            lines += [
                f"record({f'{traced.quantity}.shape'!r}, -1, *np.shape({array}))",
                f"record({f'{traced.quantity}.single'!r}, -1, "
                f"np.asarray({array}).dtype == np.float32)",
                f"record({traced.quantity!r}, -1, *np.ravel({array}).tolist())",
            ]
    return lines


def _nested(grid: Grid) -> str:
    """An array as Python writes it in brackets."""
    rows: list[str] = [repr(number) for number in grid.numbers]
    for length in grid.shape[::-1]:
        groups = range(0, len(rows), length)
        rows = [f"[{', '.join(rows[i : i + length])}]" for i in groups]
    return rows[0]


def _training(program: Training) -> list[str]:
    loop = f"for epoch in range({program.epochs}):"
    return [*program.before, loop, *(f"    {line}" for line in program.each)]
