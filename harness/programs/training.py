"""One epoch of a training run, and how far each of its numbers may be from the true one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from harness.programs.rounding import ETA
from harness.programs.tolerance import radii
from harness.records.program import Expression, Traced, Training


@lru_cache(maxsize=256)
def forced(program: Training, start: tuple[float, ...]) -> Training:
    """One epoch of the run, from parameters that a student's own run had before it."""
    leaves = (*start, *program.tape.leaves[len(start) :])
    tape = Expression(leaves, program.tape.steps)
    return replace(program, start=start, epochs=1, tape=tape)


def radius(program: Training, traced: Traced) -> tuple[float, ...]:
    """The radius of each number of a quantity in the first epoch."""
    bound = radii(program.tape)
    if traced.step < 0:
        return tuple(bound.value_radius[node] for node in traced.nodes)
    _, grads, errors = bound.grads[0]
    if traced.quantity == "grad":
        return tuple(errors[node] for node in traced.nodes)
    # The update is two operations: the product with lr, then the difference.
    moves = [abs(program.lr * grads[node]) for node in traced.nodes]
    after = [
        abs(program.start[node]) + move for node, move in zip(traced.nodes, moves, strict=True)
    ]
    return tuple(
        program.lr * errors[node] + 2 * ETA * (move + size)
        for node, move, size in zip(traced.nodes, moves, after, strict=True)
    )
