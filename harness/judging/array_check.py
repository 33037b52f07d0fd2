"""A check of a function of arrays in one line of a table."""

from __future__ import annotations

from harness.judging import compare
from harness.judging.check import Check
from harness.programs.drawn import Make, Sized
from harness.records.verdict import Compare


def array_check(
    name: str,
    exercise: str,
    points: float,
    title: str,
    make: Make,
    sizes: tuple[tuple[int, ...], ...],
    of: str,
    needs: tuple[str, ...] = (),
    held: Compare | None = None,
) -> Check:
    """A check whose programs call a function on drawn arrays, one program for each size.

    Args:
        name: the check.
        exercise: where it stands in the homework.
        points: what it is worth.
        title: what holds when it passes.
        make: draws one program: `def scaled(draw, n, classes)`.
        sizes: what `make` is called with, the smallest first.
        of: the function or class of the module that the check is about.
        needs: checks whose failure explains a failure here.
        held: how what is recorded is compared; by default all of it by the rounding bound.
    """
    drawn = Sized(make, *sizes)
    return Check(
        name,
        exercise,
        points,
        title,
        drawn,
        held or compare.call(),
        (of,),
        needs=needs,
        stubs=(of,),
        smaller=drawn.smaller,
        own=(of,),
    )
