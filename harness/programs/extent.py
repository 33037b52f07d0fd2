"""How much a program records: what bounds the reply to it, in quantities, numbers and bytes."""

from __future__ import annotations

from dataclasses import dataclass

from harness.programs.snippet import RECORDED, RECORDERS
from harness.records.program import ArrayExpression, Expression, Program, Training

SPARE = 1000
"""Numbers of a quantity beyond those that are right: a wrong array or order is still told."""
LOOPED = 1000
"""Quantities that a program may record in loops of its own."""
PRINTED = 4000 * 12
"""Bytes of what is kept of a program's output, each character escaped."""
NUMBER = 100
"""Bytes of a number, and of the name of its type."""
AROUND = 2000
"""Bytes of a quantity or a fault without its numbers."""


@dataclass(frozen=True)
class Extent:
    """The most that one run of a program may record."""

    quantities: int
    values: int
    """Numbers of each quantity."""

    @property
    def reply_bytes(self) -> int:
        """Bytes of the longest reply that an honest worker makes of it."""
        return PRINTED + AROUND + self.quantities * (AROUND + NUMBER * self.values)


def extent(program: Program) -> Extent:
    """What a program may record, found from the program alone."""
    match program:
        case Expression():
            count = len(program.backwards) + len(program.sorts) + 1
            return Extent(count, len(program.nodes) + SPARE)
        case Training():
            kinds = sum(line.startswith(RECORDERS) for line in program.each)
            told = max((len(numbers) for _, numbers in program.arguments), default=0)
            return Extent(kinds * program.epochs, max(len(program.start), told) + SPARE)
        case ArrayExpression():
            longest = max(len(traced.nodes) for traced in program.traced)
            return Extent(RECORDED * len(program.traced), longest + SPARE)
    lines = [line for line in program.lines if line.strip().startswith(RECORDERS)]
    looped = LOOPED if any(line.startswith(" ") for line in lines) else 0
    longest = max([len(traced.nodes) for traced in program.traced], default=0)
    return Extent(len(lines) + looped, max(longest, len(program.tape.nodes)) + SPARE)
