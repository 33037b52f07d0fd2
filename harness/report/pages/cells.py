"""The student's numbers beside the oracles', each as the text of a cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.judging.compare import agrees
from harness.programs.tolerance import radii
from harness.records.observation import Observation, Quantity
from harness.records.program import Expression
from harness.records.verdict import Evidence
from harness.report.words import wording


@dataclass(frozen=True)
class Cell:
    """One number of the student's, and those of the oracles beside it."""

    yours: str
    oracles: tuple[str, ...] = ()
    state: str = ""
    """agrees, differs, or nothing where it was not compared."""
    short: str = ""
    """The student's number in few digits, and the first oracle's."""
    expected: str = ""


def cells_of(
    evidence: Evidence, program: Expression, quantity: Quantity | None
) -> tuple[Cell, ...]:
    """For each node a cell; the numbers that the assignment leaves open are not compared."""
    count = len(program.nodes)
    if quantity is None:
        return (Cell(wording.say("nothing")),) * count
    expected_rows = [
        row_of(expected.get(quantity.name, quantity.step), count) for expected in evidence.expected
    ]
    bound = radii(program)
    if quantity.name == "grad" and program.sweep:
        # Each leaf has a graph of its own, so its own backward() decides it, whichever was last.
        own = dict(zip(program.sweep, program.backwards, strict=True))
        radius = tuple(bound.grad_radius(own[i][0])[i] if i in own else 0.0 for i in range(count))
        compared = set(own)
    elif quantity.name == "grad":
        radius, compared = bound.grad_radius(quantity.step), set(program.settled(quantity.step))
    else:
        radius, compared = bound.value_radius, set(range(count))
    return tuple(
        cell_of(
            quantity, i, [row[i] for row in expected_rows], radius[i] if i in compared else None
        )
        for i in range(count)
    )


def cell_of(
    quantity: Quantity, i: int, expected_numbers: list[float | None], radius: float | None
) -> Cell:
    """One number, compared with the oracles' where a radius is given."""
    own = quantity.values[i] if i < len(quantity.values) else None
    kind = (quantity.types[i] if i < len(quantity.types) else "float") or "float"
    if i >= len(quantity.values):
        yours = short = wording.say("nothing")
    elif own is None:
        yours = short = wording.say("no_number", type=wording.printable(kind, 12))
    else:
        yours, short = wording.number(own, kind), digits(own, None)
    known = [number for number in expected_numbers if number is not None]
    state = ""
    if known and radius is not None:
        wrong = [number for number in known if not agrees(own, number, radius)]
        state = "differs" if wrong else "agrees"
        if wrong:
            short = digits(own, wrong[0]) if own is not None else short
            expected = digits(wrong[0], own)
            numbers = tuple(full(number) for number in expected_numbers)
            return Cell(yours, numbers, state, short, expected)
    return Cell(yours, tuple(full(number) for number in expected_numbers), state, short)


def row_of(quantity: Quantity | None, count: int) -> list[float | None]:
    """So many numbers of a quantity, with None for each that it lacks."""
    values = [] if quantity is None else list(quantity.values)
    return [values[i] if i < len(values) else None for i in range(count)]


def full(number: float | None) -> str:
    """A number in all its digits."""
    return wording.say("nothing") if number is None else wording.number(number)


def digits(number: float, beside: float | None) -> str:
    """A number in six digits, or in as many as tell it from another."""
    if number != number or math.isinf(number):
        return repr(number)
    for count in (6, 9, 12):
        text = f"{number:.{count}g}"
        if beside is None or text != f"{beside:.{count}g}":
            return text
    return repr(float(number))


def grad_of(evidence: Observation) -> Quantity | None:
    """The gradients as they were last read, or None."""
    return next((q for q in reversed(evidence.quantities) if q.name == "grad"), None)
