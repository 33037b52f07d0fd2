"""Arrays of drawn numbers, and how what a function makes of them is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

from harness.programs import generate
from harness.programs.tape import Tape, Vector
from harness.records.program import Call, Expression, Program, Traced

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
)
"""Small shapes first: the first that fails is shown. Square weights, so that transposed ones give
numbers to compare, yet an axis that is lost shows; then what is told apart by no axis at all, each
axis of length 1, and many features."""


class Draw:
    """Arrays for one program: the numbers, how they are written, and what oracles are told."""

    def __init__(self, seed: str) -> None:
        self.dice = generate.Dice(seed)
        self.arguments: list[tuple[str, tuple[float, ...]]] = []
        self.lines = ["import numpy as np"]

    def sizes(self) -> Sizes:
        """Random ones."""
        dice = self.dice
        return Sizes(dice.whole(1, 5), dice.whole(1, 5), dice.whole(1, 6), dice.whole(1, 3))

    def numbers(self, name: str, *shape: int, scale: float = 1.0) -> tuple[float, ...]:
        """Numbers of either sign for an array of that shape."""
        dice = self.dice
        return self.put(
            name,
            shape,
            tuple(
                round(scale * dice.real(0.2, 1.6) * dice.pick((1.0, -1.0)), 3)
                for _ in range(prod(shape))
            ),
        )

    def labels(self, name: str, n: int) -> tuple[float, ...]:
        """Labels of +1 and -1."""
        return self.put(name, (n,), tuple(self.dice.pick((1.0, -1.0)) for _ in range(n)))

    def put(
        self, name: str, shape: tuple[int, ...], values: tuple[float, ...]
    ) -> tuple[float, ...]:
        """An array with stated numbers."""
        told = ", ".join(map(repr, values))
        reshaped = "" if len(shape) == 1 else f".reshape({', '.join(map(repr, shape))})"
        self.lines.append(f"{name} = np.array([{told}]){reshaped}")
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
    recorded = tuple(line for one in traced for line in _recorded(one))
    return Call(function, tuple(draw.arguments), (*draw.lines, *lines, *recorded), tape, traced)


def _recorded(traced: Traced) -> Iterator[str]:
    name = traced.quantity
    yield f'record("{name}.type", -1, {name})'
    yield f'record("{name}.shape", -1, *np.shape({name}))'
    yield f'record("{name}.double", -1, np.asarray({name}).dtype == np.float64)'
    yield f'record("{name}", -1, *np.ravel({name}).tolist())'


def traced(tape: Tape, name: str, shape: tuple[int, ...], nodes: Vector, step: int = -1) -> Traced:
    """A quantity with the nodes of the tape that bound it, in the shape that it must have."""
    return Traced(name, tuple(subjects(name, shape)), tuple(map(tape.place, nodes)), step, shape)


def subjects(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """How Python spells each element of an array: `keys[0, 2, 1]`."""
    for k in range(prod(shape)):
        index = []
        for length in reversed(shape):
            k, at = divmod(k, length)
            index.append(str(at))
        yield f"{name}[{', '.join(reversed(index))}]" if shape else name


def each(make: Callable[[Draw, Sizes], Call]) -> Callable[[str], tuple[Program, ...]]:
    """A program for each rung of the ladder, and three of random shapes."""

    def programs(seed: str) -> tuple[Program, ...]:
        stated = [make(Draw(f"{seed}/{i}"), sizes) for i, sizes in enumerate(LADDER)]
        drawn = [Draw(f"{seed}/random {i}") for i in range(3)]
        return (*stated, *(make(draw, draw.sizes()) for draw in drawn))

    return programs
