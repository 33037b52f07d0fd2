"""The lecture's plots with what they say: the gradient of relu(x)**3, and the loss curve."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from harness.records.observation import Observation
from harness.records.program import Expression, Training
from harness.records.verdict import Comparison, Evidence
from harness.report.pages import figures, rendering
from harness.report.pages.cells import Cell, cells_of, digits, full, grad_of
from harness.report.words import wording


def sweep(evidence: Evidence, program: Expression, prefix: str) -> dict[str, Any]:
    """The lecture's plot of exercise 2.C: the gradient of each leaf."""
    xs, yours, manual = _swept(evidence, program)
    numbers = cells_of(evidence, program, grad_of(evidence.student))
    cells = [numbers[i] for i in program.sweep]
    apart = [digits(x, None) for x, cell in zip(xs, cells, strict=True) if _apart(cell)]
    return {
        "kind": "sweep",
        "prefix": prefix,
        "svg": Markup(rendering.svg(figures.sweep(xs, yours, manual))),
        "apart": wording.listed(tuple(f"x = {x}" for x in apart)),
        "count": len(xs),
        "rows": [
            (digits(x, None), cell.yours, full(m), _apart(cell))
            for x, cell, m in zip(xs, cells, manual, strict=True)
        ],
    }


def _swept(evidence: Evidence, program: Expression) -> tuple[tuple[float, ...], ...]:
    """Over which numbers, the student's gradients of relu(x)**3, and the manual ones."""
    grad = grad_of(evidence.student)
    numbers = () if grad is None else evidence.student.numbers("grad", grad.step)
    xs = tuple(program.leaves[i] for i in program.sweep)
    yours = tuple(numbers[i] if i < len(numbers) else math.nan for i in program.sweep)
    return xs, yours, tuple(3.0 * max(0.0, x) ** 2 for x in xs)


def _apart(cell: Cell) -> bool:
    return cell.state == "differs"


def losses(evidence: Observation, program: Training) -> tuple[float, ...]:
    """The loss after each epoch, as far as the run went."""
    numbers: list[float] = []
    for epoch in range(program.epochs):
        quantity = evidence.get("loss", epoch)
        if quantity is None or not quantity.values:
            break
        value = quantity.values[0]
        numbers.append(math.nan if value is None else float(value))
    return tuple(numbers)


def loss(evidence: Evidence, program: Training, prefix: str) -> dict[str, Any]:
    """The loss curve beside the oracles', with the first epoch that differs."""
    yours, others, first = _curves(evidence, program)
    figure = figures.loss(yours, others, first)
    start = max(0, min(first or 0, len(yours) - 12) - 2)
    shown = range(start, min(len(yours), start + 14))
    return {
        "kind": "loss",
        "prefix": prefix,
        "svg": Markup(rendering.svg(figure)),
        "first": first,
        "same": evidence.problem is None and bool(others),
        "undrawn": any(not abs(v) <= figures.LARGEST for v in yours),
        "epochs": program.epochs,
        "by": [name for name, _ in others],
        "oracles": wording.listed(evidence.by),
        "rows": [
            (epoch, wording.number(yours[epoch]), [_at(row, epoch) for _, row in others])
            for epoch in shown
        ],
        "more": len(yours) - len(shown),
    }


def _curves(
    evidence: Evidence, program: Training
) -> tuple[tuple[float, ...], tuple[tuple[str, tuple[float, ...]], ...], int | None]:
    """The student's losses, each oracle's, and the epoch from which they differ."""
    others = tuple(
        (name, losses(observed, program))
        for name, observed in zip(evidence.by, evidence.expected, strict=True)
    )
    first = evidence.problem.epoch if isinstance(evidence.problem, Comparison) else None
    return losses(evidence.student, program), others, first


def _at(row: tuple[float, ...], k: int) -> str:
    return wording.number(row[k]) if k < len(row) else wording.say("nothing")


def plot(evidence: Evidence) -> tuple[str, bytes] | None:
    """The lecture's plot of a program as a PNG, behind its words; None where there is none."""
    program = evidence.program
    if isinstance(program, Training) and losses(evidence.student, program):
        words = wording.say("loss_alt", oracles=wording.listed(evidence.by))
        return words, rendering.png(figures.loss(*_curves(evidence, program)))
    if isinstance(program, Expression) and program.sweep and grad_of(evidence.student) is not None:
        return wording.say("sweep_alt"), rendering.png(figures.sweep(*_swept(evidence, program)))
    return None
