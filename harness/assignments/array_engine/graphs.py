"""Random graphs over arrays, from families of operations that are the same for every engine."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from harness.assignments.array_engine.operations import EXPONENTS, NUMBERS, Shape, grid
from harness.programs.array_graphs import Unfit, computed, pruned
from harness.programs.arrays import Array
from harness.programs.generate import Dice
from harness.programs.grid_ops import GRID_OPS
from harness.programs.ops import OPS
from harness.programs.tape import Tape
from harness.records.program import Apply, ArrayExpression, Program

FAMILIES = (
    ("add", "mul"),
    ("add", "mul", "sub", "neg"),
    ("add", "mul", "matmul"),
    ("add", "mul", "sum_all"),
    ("add", "mul", "sum_first", "sum_last"),
    ("add", "mul", "sum_first_kept", "sum_last_kept"),
    ("add", "mul", "mean_all"),
    ("add", "mul", "mean_first", "mean_last"),
    ("add", "mul", "transpose", "matmul"),
    ("add", "mul", "reshape"),
    ("add", "mul", "max_all"),
    ("add", "mul", "max_last", "max_first_kept"),
    ("add", "mul", "matmul", "relu"),
    ("add", "mul", "matmul", "tanh"),
    ("add", "mul", "pow", "sub", "div"),
    ("add", "mul", "exp", "log"),
    ("add", "mul", "add_number", "mul_number", "number_mul"),
    ("add", "mul", "matmul", "relu", "exp", "sub", "sum_last_kept", "div"),
)
LEAVES: tuple[Shape, ...] = ((2, 3), (2, 3), (3, 2), (3,), (1, 3), (2, 1))
NODES = 4, 9
LARGEST = 12
"""Elements of a node at most."""
TRIES = 60


@lru_cache(maxsize=64)
def random_of(family: tuple[str, ...], seed: str) -> tuple[Program, ...]:
    """Random graphs of a family, a small and a larger one."""
    name = f"{seed}/{'+'.join(family)}"
    every = (_sharp(f"{name}/{count}", family, count) for count in NODES)
    return tuple(program for program in every if program is not None)


def _sharp(seed: str, family: tuple[str, ...], count: int) -> ArrayExpression | None:
    for k in range(TRIES):
        try:
            program = _single(Dice(f"{seed}/{k}"), family, count)
        except Unfit:
            continue
        if len(program.applied) >= count // 2 and family[-1] in {n.op for n in program.applied}:
            return program
    return None


def _single(dice: Dice, family: tuple[str, ...], count: int) -> ArrayExpression:
    """One graph that grows node by node, pruned to what its last node depends on.

    Raises:
        Unfit: no operation fits any more, or the whole is too close to a kink.
    """
    grids = [grid(dice, shape) for shape in LEAVES]
    tape = Tape()
    arrays = [
        Array(tape, np.array(tape.vector(g.numbers), np.int64).reshape(g.shape)) for g in grids
    ]
    applied: list[Apply] = []
    while len(applied) < count:
        node, array = _next(dice, family, arrays, {i for each in applied for i in each.inputs})
        applied.append(node)
        arrays.append(array)
    weights = grid(dice, arrays[-1].shape) if arrays[-1].nodes.size > 1 else None
    if weights is None:
        return pruned(grids, applied, len(arrays) - 1)
    moved = [
        Apply(n.op, tuple(i + (i >= len(grids)) for i in n.inputs), n.constant) for n in applied
    ]
    last = Apply("mul", (len(arrays), len(grids)))
    return pruned([*grids, weights], [*moved, last], len(arrays) + 1)


def _next(
    dice: Dice, family: tuple[str, ...], arrays: list[Array], used: set[int]
) -> tuple[Apply, Array]:
    """One more operation; its first operand is mostly a node that nothing uses yet."""
    fresh = [i for i in range(len(LEAVES), len(arrays)) if i not in used]
    for _ in range(TRIES):
        op = dice.pick(family)
        first = fresh[-1] if fresh and dice.chance(0.8) else dice.whole(0, len(arrays) - 1)
        arity = (GRID_OPS[op] if op in GRID_OPS else OPS[op]).arity
        second = first if dice.chance(0.15) else dice.whole(0, len(arrays) - 1)
        inputs = (first, second)[:arity]
        inputs = inputs[::-1] if dice.chance(0.5) else inputs
        constant = None
        if op in OPS and OPS[op].number is not None:
            constant = dice.pick(EXPONENTS if op == "pow" else NUMBERS)
        if any(arrays[i].nodes.size == 1 for i in inputs) and arity == 2 and first != second:
            continue  # the shape of a single element is an engine's own
        node = Apply(op, inputs, constant)
        try:
            array = computed(node, arrays)
        except Unfit:
            continue
        if array.nodes.size <= LARGEST:
            return node, array
    raise Unfit("no operation fits")


def drawn(seed: str) -> tuple[Program, ...]:
    """Random graphs of every family."""
    return tuple(p for family in FAMILIES for p in random_of(family, seed))
