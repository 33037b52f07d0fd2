"""Programs that call a function of arrays: drawn, run and recorded as a student would write it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import product
from math import prod

import numpy as np

from harness.programs.arrays import Array, Gradient, Numbers, Whole
from harness.programs.elements import recording, subjects
from harness.programs.generate import Dice
from harness.programs.tape import Tape
from harness.programs.tolerance import radii
from harness.records.errors import UsageError
from harness.records.program import Call, Program, Traced

FUNCTION = "arrays"
"""What every such call is to an oracle: one that is answered by its tape."""
AWAY = 0.1
"""Numbers on both sides of 0 stay this far from it."""
TRIES = 40
"""Draws of one size, until no kink and no edge of a domain lies within the rounding."""
CANDIDATES = 48
"""Smaller programs that are tried for a failure."""
SIZES = "sizes"
"""The argument under which a program keeps its own."""

Make = Callable[..., Call]
"""A draw and some sizes to a program: `def softmax(draw, n, classes)`."""


class Draw:
    """The arrays of one program: their numbers, how they are written, and their nodes.

    `inputs` has its arrays by name: recorded after a call, `run(line, y=y, **draw.inputs)`, they
    must be what they were. `lines` is the program's text so far, `arguments` the numbers it gives.

    Args:
        seed: decides the numbers.
        digits: how many stand behind the point.
    """

    def __init__(self, seed: str, digits: int = 3) -> None:
        self.dice = Dice(seed)
        self.tape = Tape()
        self._digits = digits
        self.lines = ["import numpy as np"]
        self.arguments: list[tuple[str, tuple[float, ...]]] = []
        self.inputs: dict[str, Array] = {}

    def array(self, name: str, *shape: int, low: float = -2.0, high: float = 2.0) -> Array:
        """An array of that name and shape with numbers from a range; of no shape, a number."""
        return self.given(name, self.numbers(*shape, low=low, high=high))

    def numbers(self, *shape: int, low: float = -2.0, high: float = 2.0) -> Numbers:
        """Random numbers that are not written into the program."""
        return np.array([self._number(low, high) for _ in range(prod(shape))]).reshape(shape)

    def given(self, name: str, values: object) -> Array:
        """An array with stated numbers."""
        numbers = np.asarray(values)
        text = numbers.tolist() if numbers.ndim == 0 else f"np.array({numbers.tolist()})"
        self._put(name, text, tuple(numbers.ravel().tolist()))
        self.inputs[name] = self.constant(numbers)
        return self.inputs[name]

    def constant(self, values: object) -> Array:
        """Stated numbers that are not written into the program."""
        numbers = np.asarray(values, np.float64)
        flat = tuple(numbers.ravel().tolist())
        return Array(self.tape, np.array(self.tape.vector(flat), np.int64).reshape(numbers.shape))

    def whole(self, name: str, *shape: int, below: int) -> Whole:
        """An array of whole numbers from 0 on, such as labels; they have no gradient."""
        count = prod(shape)
        numbers = np.array([self.dice.whole(0, below - 1) for _ in range(count)]).reshape(shape)
        text = numbers.tolist() if not shape else f"np.array({numbers.tolist()})"
        self._put(name, text, tuple(map(float, numbers.ravel().tolist())))
        return numbers

    def run(self, *lines: str, **recorded: Array | Gradient) -> Call:
        """The program that runs some lines, and records what stands under some names then.

        Args:
            lines: the program's text below its arrays.
            recorded: by name, or by any expression of Python, what it must be.

        Raises:
            UsageError: nothing is recorded.
        """
        if not recorded:
            raise UsageError("a program records nothing: name what it must compute, run(..., y=y)")
        ends = list(dict.fromkeys(g.root for g in recorded.values() if isinstance(g, Gradient)))
        tape = self.tape.finished(*ends)
        step = {root: tape.backwards[k][0] for k, root in enumerate(ends)}
        traced = tuple(_traced(self.tape, name, what, step) for name, what in recorded.items())
        kept = tuple(line for one in traced for line in recording(one))
        return Call(FUNCTION, tuple(self.arguments), (*self.lines, *lines, *kept), tape, traced)

    def _put(self, name: str, text: object, flat: tuple[float, ...]) -> None:
        self.lines.append(f"{name} = {text}")
        self.arguments.append((name, flat))

    def _number(self, low: float, high: float) -> float:
        while True:
            number = round(self.dice.real(low, high), self._digits)
            if abs(number) >= AWAY or low > 0.0 or high < 0.0:
                return number


def _traced(tape: Tape, name: str, what: Array | Gradient, step: dict[int, int]) -> Traced:
    array, at = (what.by, step[what.root]) if isinstance(what, Gradient) else (what, -1)
    nodes = tuple([tape.place(node) for node in array.nodes.ravel().tolist()])
    return Traced(name, tuple(subjects(name, array.shape)), nodes, at, array.shape)


class Sized:
    """The programs of a check: one of each size, the smallest first.

    Args:
        make: draws one program of a size.
        sizes: what it is called with beside the draw.
    """

    def __init__(self, make: Make, *sizes: tuple[int, ...]) -> None:
        self._make = make
        self._sizes = sizes

    def __call__(self, seed: str) -> tuple[Program, ...]:
        """A program for each size."""
        return tuple(self._decided(f"{seed}/{k}", size) for k, size in enumerate(self._sizes))

    def smaller(self, program: Program) -> Iterator[Call]:
        """Programs with fewer nodes or plainer numbers than a given one, the smallest first."""
        assert isinstance(program, Call), "programs of a size are calls"
        own = tuple(map(int, program.argument(SIZES)))
        below = product(*(range(1, n + 1) for n in own))
        for size in sorted(below, key=lambda size: (prod(size), size))[:CANDIDATES]:
            for digits in (1, 3):
                if size != own or digits == 1:
                    try:
                        yield self._decided(f"smaller/{size}", size, digits)
                    except (UsageError, ValueError, IndexError):
                        continue  # a size that its author did not mean

    def _decided(self, seed: str, size: tuple[int, ...], digits: int = 3) -> Call:
        """A program that no rounding may turn.

        Raises:
            UsageError: none of some draws is.
            ValueError, OverflowError, ZeroDivisionError: of the last draw, if that is why.
        """
        trouble: Exception | None = None
        for k in range(TRIES):
            try:
                call = self._make(Draw(f"{seed}/{k}", digits), *size)
                decided, trouble = is_decided(call), None
            except (ValueError, OverflowError, ZeroDivisionError) as problem:  # log of -1
                decided, trouble = False, problem
            if decided:
                kept = (*call.arguments, (SIZES, tuple(map(float, size))))
                return Call(call.function, kept, call.lines, call.tape, call.traced)
        if trouble is not None:
            raise trouble
        raise UsageError(
            f"in {TRIES} draws of the size {size} something is always at a kink or out of a "
            "domain, such as log of 0: draw its numbers from another range"
        )


def is_decided(program: Call) -> bool:
    """Whether what a program records is bounded: no kink, no edge of a domain within reach."""
    bound = radii(program.tape)
    rows = {step: radius for step, _, radius in bound.grads} | {-1: bound.value_radius}
    recorded = (rows[traced.step][node] for traced in program.traced for node in traced.nodes)
    return bound.decided and all(map(math.isfinite, recorded))
