"""How a program spells each element of an array, and the lines that record the array whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from harness.records.program import Traced


def subjects(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """How Python spells each element of an array: `keys[0, 2, 1]`; of a number, its name."""
    for place in product(*map(range, shape)):
        yield f"{name}[{', '.join(map(str, place))}]" if place else name


def recording(traced: Traced) -> Iterator[str]:
    """The lines that record an array: its type, shape and dtype, and then its numbers."""
    name = traced.quantity
    yield f"record({f'{name}.type'!r}, -1, {name})"
    yield f"record({f'{name}.shape'!r}, -1, *np.shape({name}))"
    yield f"record({f'{name}.double'!r}, -1, np.asarray({name}).dtype == np.float64)"
    yield f"record({name!r}, -1, *np.ravel({name}).tolist())"
