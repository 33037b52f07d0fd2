"""What came of a run: recorded numbers, or the fault that ended it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

Number = float | int | None
"""A recorded number; None stands where the student's object was not a number."""

OVER_TIME = ("timeout", "waited")
"""Faults of a program that took too long."""


@dataclass(frozen=True)
class Quantity:
    """Numbers recorded at one point of a program."""

    name: str
    """value, grad, order, edges, loss, ..."""
    step: int
    """Which step, or which epoch; -1 stands for the whole program."""
    values: tuple[Number, ...]
    types: tuple[str, ...] = ()
    """The type of every number, or of the sequence itself; empty where all are plain floats."""

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """Its values as floats; what is no number is nan."""
        return tuple(math.nan if v is None else float(v) for v in self.values)


@dataclass(frozen=True)
class TraceLine:
    """A line of the student's that an exception passed on its way out."""

    where: str
    """The student's file or cell."""
    line: int
    function: str
    """In which function it stands."""
    text: str = ""


@dataclass(frozen=True)
class Fault:
    """The student's module stopped: data, never an exception of ours."""

    kind: str
    """raised, syntax, timeout, waited, budget, memory, output, exited, crashed, broken or
    malformed; while a module is loaded also library and left_out."""
    exception: str = ""
    message: str = ""
    where: str = ""
    """The student's file or cell, or "program"."""
    line: int = 0
    text: str = ""
    """That line of the student's, or of the program."""
    column: int = 0
    """Where in that line, counted from 1, a syntax error stands; 0 where it is not known."""
    trace: tuple[TraceLine, ...] = ()
    """The lines of the student's that an exception passed, the caller first."""


@dataclass(frozen=True)
class Stop:
    """A statement at the top of a module that stopped while the module was loaded."""

    fault: Fault
    binds: tuple[str, ...] = ()
    """The names that it would have defined."""


@dataclass(frozen=True)
class Observation:
    """The quantities of one run, and the fault that ended it, if any."""

    quantities: tuple[Quantity, ...] = ()
    fault: Fault | None = None
    printed: str = field(default="", compare=False)
    """How what it printed begins; no part of what is judged."""

    def get(self, name: str, step: int = -1) -> Quantity | None:
        """The quantity of that name and step, or None where it was not recorded."""
        return self._by_name.get((name, step))

    @cached_property
    def _by_name(self) -> dict[tuple[str, int], Quantity]:
        """The first quantity of each name and step."""
        return {(q.name, q.step): q for q in reversed(self.quantities)}

    def numbers(self, name: str, step: int = -1) -> tuple[float, ...]:
        """The numbers of a quantity that must be there, as an oracle's always are."""
        quantity = self.get(name, step)
        assert quantity is not None, f"no {name} at step {step} was recorded"
        return quantity.numbers
