"""Expressions over arrays: their mathematics, drawing them from a seed, and smaller ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from harness.programs.arrays import Array, Numbers
from harness.programs.drawn import is_decided
from harness.programs.elements import subjects
from harness.programs.grid_ops import GRID_OPS, broadcasts
from harness.programs.ops import LARGEST, OPS
from harness.programs.tape import Tape
from harness.records.program import Apply, ArrayExpression, Call, Grid, Program, Traced, named

STEPS = (1.0, 0.5)
"""Of what the plainer numbers are multiples that are tried for a failure."""
EXACT = 0.0625
"""Of what every leaf's numbers are multiples: single precision holds them exactly."""

MOVED = ("transpose", "reshape", "max")
"""Operations that may hand elements on as they are: each becomes a node with its own gradient."""


class Unfit(ValueError):
    """An operation that its operands do not allow, such as log of -1."""


class Mismatched(Unfit):
    """Operands whose shapes do not match, whatever numbers they hold."""


def built(grids: Sequence[Grid], applied: Sequence[Apply]) -> ArrayExpression:
    """The program of some leaves and operations, with its mathematics.

    Raises:
        Unfit: the operands of an operation do not allow it, or a kink lies within the rounding.
    """
    tape = Tape()
    arrays = [_leaf(tape, grid) for grid in grids]
    for node in applied:
        arrays.append(computed(node, arrays))
    root = arrays[-1].sum().nodes.item() if arrays[-1].nodes.size > 1 else arrays[-1].nodes.item()
    finished = tape.finished(root)
    ((step, _),) = finished.backwards
    names = named(len(grids), len(arrays))
    pairs = tuple(zip(names, arrays, strict=True))
    traced = [_traced(tape, f"{name}.value", array, -1) for name, array in pairs]
    traced += [_traced(tape, f"{name}.grad", array, step) for name, array in pairs[-2::-1]]
    call = Call("arrays", (), (), finished, tuple(traced))
    if not is_decided(call):
        raise Unfit("a kink, or the edge of a domain, lies within the rounding")
    return ArrayExpression(
        call.function, (), (), call.tape, call.traced, tuple(grids), tuple(applied)
    )


def _traced(tape: Tape, quantity: str, array: Array, step: int) -> Traced:
    nodes = tuple(tape.place(int(node)) for node in array.nodes.flat)
    return Traced(quantity, tuple(subjects(quantity, array.shape)), nodes, step, array.shape)


def _leaf(tape: Tape, grid: Grid) -> Array:
    return Array(tape, np.array(tape.vector(grid.numbers), np.int64).reshape(grid.shape))


def computed(node: Apply, arrays: Sequence[Array]) -> Array:
    """One node from the arrays before it.

    Raises:
        Mismatched: the shapes of its operands do not allow it.
        Unfit: their numbers do not, or its own are too large.
    """
    operands = [arrays[i] for i in node.inputs]
    try:
        out = _whole(node.op, operands) if node.op in GRID_OPS else _by_element(node, operands)
    except ArithmeticError as problem:
        raise Unfit(str(problem)) from None
    if not out.nodes.size or np.abs(out.values).max() > LARGEST:
        raise Unfit("its numbers are too large")
    return out


def shape_of(shapes: Sequence[tuple[int, ...]], applied: Sequence[Apply]) -> tuple[int, ...]:
    """The shape that the last of some operations leaves on leaves of some shapes.

    Raises:
        Mismatched: the operands of one do not match.
    """
    arrays = [np.ones(shape) for shape in shapes]
    for node in applied:
        operands = [arrays[i] for i in node.inputs]
        if node.op in GRID_OPS:
            _expect_matching(node.op, operands)
            arrays.append(np.asarray(GRID_OPS[node.op].apply(*operands)))
            continue
        try:
            arrays.append(np.ones(np.broadcast_shapes(*(array.shape for array in operands))))
        except ValueError as problem:
            raise Mismatched(str(problem)) from None
    return arrays[-1].shape


def _expect_matching(op: str, operands: Sequence[Array | Numbers]) -> None:
    """All but those that take every element are of matrices."""
    if not op.endswith("_all") and any(len(array.shape) != 2 for array in operands):
        raise Mismatched("it is of matrices")
    if op == "matmul" and operands[0].shape[1] != operands[1].shape[0]:
        raise Mismatched("rows and columns are of unlike lengths")


def _whole(op: str, operands: list[Array]) -> Array:
    """An operation on whole arrays."""
    _expect_matching(op, operands)
    out: Array = GRID_OPS[op].apply(*operands)
    return out.each("sum") if op.partition("_")[0] in MOVED else out


def _by_element(node: Apply, operands: list[Array]) -> Array:
    entry, tape = OPS[node.op], operands[0].tape
    try:
        nodes = np.broadcast_arrays(*(array.nodes for array in operands))
    except ValueError as problem:
        raise Mismatched(str(problem)) from None
    extra = () if node.constant is None else (node.constant,)
    results = []
    for inputs in zip(*(each.flat for each in nodes), strict=True):
        values = [tape.value(int(i)) for i in inputs]
        if not entry.domain(*values, *extra):
            raise Unfit("an operand is at the edge of its domain")
        results.append(tape.apply(node.op, *map(int, inputs), constant=node.constant))
    return Array(tape, np.array(results, np.int64).reshape(nodes[0].shape))


def pruned(grids: Sequence[Grid], applied: Sequence[Apply], root: int) -> ArrayExpression:
    """The program without the nodes that its root does not depend on.

    Raises:
        Unfit: what is left is no program.
    """
    count = len(grids)
    kept, waiting = {root}, [root]
    while waiting:
        node = waiting.pop()
        inputs = applied[node - count].inputs if node >= count else ()
        waiting += [i for i in inputs if i not in kept]
        kept.update(inputs)
    place = {old: new for new, old in enumerate(sorted(kept))}
    return built(
        [grid for i, grid in enumerate(grids) if i in kept],
        [
            replace(node, inputs=tuple(place[i] for i in node.inputs))
            for i, node in enumerate(applied, count)
            if i in kept
        ],
    )


# --- smaller programs -----------------------------------------------------------------------------


def smaller(program: Program) -> Iterator[ArrayExpression]:
    """Programs with fewer nodes, smaller arrays or plainer numbers that are fit to be judged."""
    assert isinstance(program, ArrayExpression), "arrays are made smaller"
    for grids, applied, root in _candidates(program):
        try:
            candidate = pruned(grids, applied, root)
        except Unfit:
            continue
        # Where operands become unlike in shape, another mistake may show.
        widened = broadcasts(candidate) and not broadcasts(program)
        if candidate != program and candidate.applied and not widened:
            yield candidate


Candidate = tuple[list[Grid], list[Apply], int]
"""Leaves, operations and the root."""


def _candidates(program: ArrayExpression) -> Iterator[Candidate]:
    grids, applied, count = list(program.grids), list(program.applied), len(program.grids)
    last = len(program.nodes) - 1
    for root in range(count, last):
        yield grids, applied, root
    for node in range(last, count - 1, -1):
        for earlier in dict.fromkeys(program.nodes[node].inputs):
            if program.shapes[earlier] == program.shapes[node]:
                yield grids, _redirected(applied, node, earlier), earlier if node == last else last
    for node in range(last - 1, count - 1, -1):
        yield _cut(program, node)
    for length, shorter in _lengths(grids):
        yield [_sliced(grid, length, shorter) for grid in grids], applied, last
    for step in STEPS:
        for i, grid in enumerate(grids):
            plain = tuple(rounded(number, step) or 1.0 for number in grid.numbers)
            if plain != grid.numbers:
                yield [*grids[:i], Grid(grid.shape, plain), *grids[i + 1 :]], applied, last


def rounded(number: float, step: float = EXACT) -> float:
    """The nearest multiple of a step."""
    return round(number / step) * step


def _redirected(applied: list[Apply], node: int, earlier: int) -> list[Apply]:
    """The operations with an earlier node in the place of one."""
    return [
        replace(each, inputs=tuple(earlier if i == node else i for i in each.inputs))
        for each in applied
    ]


def _cut(program: ArrayExpression, node: int) -> Candidate:
    """The program with a leaf in the place of a node: it stands behind the other leaves."""
    count = len(program.grids)
    numbers = _values(program, node).ravel().tolist()
    leaf = Grid(program.shapes[node], tuple(rounded(number) or 1.0 for number in numbers))
    place = [*range(count), *(i + 1 for i in range(count, len(program.nodes)))]
    place[node] = count
    applied = [
        replace(each, inputs=tuple(place[i] for i in each.inputs)) for each in program.applied
    ]
    return [*program.grids, leaf], applied, len(program.nodes)


def _values(program: ArrayExpression, node: int) -> Numbers:
    tape, arrays = Tape(), list[Array]()
    for i, each in enumerate(program.nodes):
        leaf = i < len(program.grids)
        arrays.append(_leaf(tape, program.grids[i]) if leaf else computed(each, arrays))
    return arrays[node].values


def _lengths(grids: list[Grid]) -> Iterator[tuple[int, int]]:
    """Lengths of axes, each with a shorter one."""
    found = sorted({n for grid in grids for n in grid.shape if n > 1}, reverse=True)
    yield from product(found, (1, 2))


def _sliced(grid: Grid, length: int, shorter: int) -> Grid:
    """An array with fewer elements along each axis of that length."""
    if length not in grid.shape or shorter >= length:
        return grid
    array = np.array(grid.numbers).reshape(grid.shape)
    for axis, n in enumerate(grid.shape):
        if n == length:
            array = array.take(range(shorter), axis)
    return Grid(array.shape, tuple(array.ravel().tolist()))
