"""Arrays of drawn numbers, and how what a function makes of them is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

from harness.judging import compare
from harness.programs import generate
from harness.programs.elements import recording, subjects
from harness.programs.tape import Tape, Vector
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program, Traced
from harness.records.verdict import Compare, Finding, Problem

NOTHING = Expression((), ())


@dataclass(frozen=True)
class Sizes:
    """The lecture's n_samples, n_context, n_features and n_reduced."""

    n: int
    context: int
    features: int
    reduced: int


LADDER = (
    Sizes(2, 3, 2, 2),
    Sizes(1, 1, 1, 1),
    Sizes(2, 2, 2, 2),
    Sizes(2, 1, 3, 1),
    Sizes(1, 3, 2, 1),
    Sizes(3, 2, 4, 2),
    Sizes(2, 3, 9, 3),
    Sizes(11, 6, 3, 2),
)
"""Small shapes first: the first that fails is shown. Square weights, so that transposed ones give
numbers to compare, yet an axis that is lost shows; then what is told apart by no axis at all, each
axis of length 1, many features, and more samples and words than one digit counts."""
LAYOUTS = {
    "fortran": "{0} = np.asfortranarray({0})",
    "backwards": "{0} = {0}[::-1].copy()[::-1]",
    "read-only": "{0}.setflags(write=False)",
}
"""What an array may be besides its numbers: laid out by columns, or from its end, or not to be
written to."""


ORDERS = ("fortran", "backwards")
"""How arrays lie in memory for a function that may be told elsewhere that it writes to them."""


class Draw:
    """Arrays for one program: the numbers, how they are written, and what oracles are told."""

    def __init__(
        self, seed: str, scales: Mapping[str, float] | None = None, layout: str = ""
    ) -> None:
        """Begins a program.

        Args:
            seed: decides its numbers.
            scales: by how much the numbers of an array are larger than usual; where there are
                some, the first two samples are the same but for their labels.
            layout: how the arrays lie in memory: a key of LAYOUTS, or as they are made.
        """
        self.dice = generate.Dice(seed)
        self.scales = scales or {}
        self.layout = layout
        self.arguments: list[tuple[str, tuple[float, ...]]] = []
        self.lines = ["import numpy as np"]

    def sizes(self) -> Sizes:
        """Random ones."""
        dice = self.dice
        return Sizes(dice.whole(1, 5), dice.whole(1, 5), dice.whole(1, 6), dice.whole(1, 3))

    def numbers(self, name: str, *shape: int, scale: float = 1.0) -> tuple[float, ...]:
        """Numbers of either sign for an array of that shape."""
        dice = self.dice
        scale *= self.scales.get(name, 1.0)
        count = prod(shape)
        values = tuple(
            round(scale * dice.real(0.2, 1.6) * dice.pick((1.0, -1.0)), 3) for _ in range(count)
        )
        if self.scales and name == "X":
            first = values[: count // shape[0]]
            values = first + first + values[2 * len(first) :]
        return self.put(name, shape, values)

    def labels(self, name: str, n: int) -> tuple[float, ...]:
        """Labels of +1 and -1."""
        values = tuple(self.dice.pick((1.0, -1.0)) for _ in range(n))
        if self.scales:
            values = (values[0], -values[0], *values[2:])
        return self.put(name, (n,), values)

    def put(
        self, name: str, shape: tuple[int, ...], values: tuple[float, ...]
    ) -> tuple[float, ...]:
        """An array with stated numbers."""
        told = ", ".join(map(repr, values))
        reshaped = "" if len(shape) == 1 else f".reshape({', '.join(map(repr, shape))})"
        self.lines.append(f"{name} = np.array([{told}]){reshaped}")
        if self.layout:
            self.lines.append(LAYOUTS[self.layout].format(name))
        self.arguments += [(name, values), (f"{name}.shape", tuple(map(float, shape)))]
        return values

    def parameters(self, sizes: Sizes) -> tuple[tuple[float, ...], ...]:
        """X, W1, W2 and w3."""
        d, q = sizes.features, sizes.reduced
        return (
            self.numbers("X", sizes.n, sizes.context, d),
            self.numbers("W1", d, q, scale=0.6),
            self.numbers("W2", d, q, scale=0.6),
            self.numbers("w3", d),
        )


def called(
    function: str, draw: Draw, lines: tuple[str, ...], tape: Expression, *traced: Traced
) -> Call:
    """A call of one function, and lines that record what came of it."""
    recorded = tuple(line for one in traced for line in recording(one))
    names = [name for name, _ in draw.arguments if not name.endswith(".shape")]
    for n in names:
        recorded += (f'record("{n}.after", -1, *np.ravel({n}).tolist())',)
        recorded += (f'record("{n}.shape.after", -1, *np.shape({n}))',)
    return Call(function, tuple(draw.arguments), (*draw.lines, *lines, *recorded), tape, traced)


def traced(tape: Tape, name: str, shape: tuple[int, ...], nodes: Vector, step: int = -1) -> Traced:
    """A quantity with the nodes of the tape that bound it, in the shape that it must have."""
    return Traced(name, tuple(subjects(name, shape)), tuple(map(tape.place, nodes)), step, shape)


def holding(*quantities: str, function: str) -> Compare:
    """A comparison of what a function returns, and then of its arguments, which it must not change.

    Args:
        quantities: what it returns.
        function: what it is called.
    """
    returned = compare.call(*quantities)

    def held(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        problem = returned(program, actual, answers)
        if problem is not None:
            return problem
        assert isinstance(program, Call), "a function is called"
        return changed(program, actual, function)

    return held


def changed(program: Call, actual: Observation, function: str) -> Finding | None:
    """The first argument of a call that is not afterwards what it was."""
    for name, values in program.arguments:
        after = actual.get(f"{name}.after")
        if after is None or after.values == values:
            continue
        facts = [("name", function), ("argument", name.removesuffix(".shape"))]
        if name.endswith(".shape"):
            facts += [("shows", f"print({name})  # {tuple(map(int, values))} before the call")]
        elif len(after.values) == len(values):
            shape = tuple(map(int, program.argument(f"{name}.shape")))
            rows = zip(subjects(name, shape), values, after.values, strict=True)
            place, before = next((s, a) for s, a, b in rows if a != b)
            facts += [("shows", f"print({place})  # {before!r} before the call")]
        return Finding("input_changed", tuple(facts))
    return None


def each(
    make: Callable[[Draw, Sizes], Call], *layouts: str
) -> Callable[[str], tuple[Program, ...]]:
    """A program for each rung of the ladder, three of random shapes, and one for each layout."""

    def programs(seed: str) -> tuple[Program, ...]:
        stated = [make(Draw(f"{seed}/{i}"), sizes) for i, sizes in enumerate(LADDER)]
        drawn = [Draw(f"{seed}/random {i}") for i in range(3)]
        laid = [Draw(f"{seed}/{layout}", layout=layout) for layout in layouts or ORDERS]
        return (
            *stated,
            *(make(draw, draw.sizes()) for draw in drawn),
            *(make(draw, Sizes(3, 4, 3, 2)) for draw in laid),
        )

    return programs
