"""What reverse mode does and no other way to the same gradients: bounded work for each node.

A large graph: its gradients must be right, and backward() must not take much longer than sorting
it does. Two small graphs, one four times the other: the arithmetic that building them and
backward() do is counted, and what is counted may grow little more than fourfold.
"""

from __future__ import annotations

import math
from functools import lru_cache

from harness.assignments.lecture6.constructor import NO_TAPE
from harness.judging.check import Reverse
from harness.programs.ops import OPS
from harness.records.dialect import Dialect
from harness.records.program import Call

LEAVES, WIDTH, ROWS = 2048, 64, 112
STRIDE = 16
"""The gradient of every so many leaves is recorded."""
NODES = LEAVES + (LEAVES - WIDTH) + WIDTH * ROWS + 1
"""A vector of one float64 for each node at each node is 1 GB, as much as a worker has."""
CHAINS = (4, 16)
"""Leaves of the small graphs; each adds two nodes."""
LONG_CHAINS = (8, 32)
"""Leaves of those in which a search among nodes takes most of the steps."""


def _share(row: int, column: int) -> float:
    """How often one number of the first row is added into one of the last."""
    at = (column - row) % WIDTH
    return float(sum(math.comb(ROWS, k) for k in range(at, ROWS + 1, WIDTH)))


def _gradients() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The gradients of the recorded leaves, and of the row in the middle."""
    each = LEAVES // WIDTH
    sums = [sum(0.5 + i / 4096 for i in range(j * each, (j + 1) * each)) for j in range(WIDTH)]
    first, second = ([_share(row, j) for j in range(WIDTH)] for row in (0, 1))
    value = [sum(c * s for c, s in zip(share, sums, strict=True)) for share in (first, second)]
    middle = tuple(a * value[1] + b * value[0] for a, b in zip(first, second, strict=True))
    return tuple(middle[i // each] for i in range(0, LEAVES, STRIDE)), middle


@lru_cache(maxsize=64)
def large(dialect: Dialect) -> Call:
    """2,048 leaves under 112 rows of 64 nodes; later rows depend on all leaves."""
    leaves, middle = _gradients()
    return Call(
        function="large",
        arguments=(("leaves", leaves), ("middle", middle)),
        lines=(
            *_build(dialect),
            *_backward(dialect),
            f'record("leaves", -1, *[{dialect.gradient.format("x")} for x in xs[::{STRIDE}]])',
            f'record("middle", -1, *[{dialect.gradient.format("x")} for x in middle])',
        ),
        tape=NO_TAPE,
        traced=(),
    )


@lru_cache(maxsize=64)
def sort(dialect: Dialect) -> Call:
    """The same graph, sorted where the module gives an order, and no more."""
    lines = (*_build(dialect), dialect.order.format("root") or "pass")
    return Call("large_sorted", (), (*lines, 'record("done", -1, 1)'), NO_TAPE, ())


def _build(dialect: Dialect) -> tuple[str, ...]:
    added = _spelled(dialect, "add").format("a", "b")
    return (
        f"xs = [{dialect.leaf.format('0.5 + i / 4096')} for i in range({LEAVES})]",
        "row = xs",
        f"while len(row) > {WIDTH}:",
        f"    row = [{added} for a, b in zip(row[::2], row[1::2])]",
        "middle = row",
        f"for _ in range({ROWS}):",
        f"    row = [{added} for a, b in zip(row, row[1:] + row[:1])]",
        f"root = {_spelled(dialect, 'mul').format('row[0]', 'row[1]')}",
    )


def _backward(dialect: Dialect) -> tuple[str, ...]:
    return tuple(line.format("root") for line in dialect.backward)


def _spelled(dialect: Dialect, op: str) -> str:
    return dialect.operation(op, OPS[op].spelling)


@lru_cache(maxsize=64)
def counted(dialect: Dialect, sizes: tuple[int, int]) -> Call:
    """What two small graphs of so many leaves take.

    The arithmetic of building them and of backward(), that of a sort alone, how often backward()
    sorts, and all its steps, comparisons of nodes included.
    """
    product = _spelled(dialect, "mul").format("root", "x")
    return Call(
        function="counted",
        arguments=(),
        lines=(
            *_WATCH,
            "def built(leaves):",
            f"    xs = [{dialect.leaf.format('1.0 + 1 / (k + 2)')} for k in range(leaves)]",
            "    root = xs[0]",
            "    for x in xs[1:]:",
            f"        root = {product}",
            f"        root = {_spelled(dialect, 'add').format('root', 'x')}",
            "    return root",
            "def ordered(root):",
            f"    {dialect.order.format('root') or 'pass'}",
            "def walked(root):",
            *(f"    {line}" for line in _backward(dialect)),
            f"for leaves in {sizes}:",
            "    root, building, _, _ = work(built, leaves)",
            f"    sort = getattr(type(root), {dialect.sort.removesuffix('()')!r}, None)",
            "    count['sort'] = getattr(sort, '__code__', None)",
            "    _, sorting, _, _ = work(ordered, root)",
            "    plain = type(root).__eq__ is object.__eq__",
            "    if plain:",
            "        type(root).__eq__ = lambda self, other: NotImplemented",
            "    try:",
            "        _, walking, sorts, steps = work(walked, root)",
            "    finally:",
            "        if plain:",
            "            del type(root).__eq__",
            '    record("work", leaves, building + walking, sorting, sorts, steps)',
        ),
        tape=NO_TAPE,
        traced=(),
    )


_WATCH = (
    "import dis, sys",
    "kinds = ('BINARY_', 'INPLACE_', 'UNARY_NEG')",
    "places = ('BINARY_SUBSCR', 'BINARY_SLICE')",
    "numbers = {n for n, name in enumerate(dis.opname) if name.startswith(kinds)}",
    "numbers -= {n for n, name in enumerate(dis.opname) if name in places}",
    "codes, count = {}, {'sort': None}",
    "def watch(frame, event, argument):",
    "    if event == 'opcode':",
    "        code = codes.get(frame.f_code)",
    "        if code is None:",
    "            code = codes[frame.f_code] = frame.f_code.co_code",
    "        count['steps'] += 1",
    "        count['done'] += code[frame.f_lasti] in numbers",
    "    elif event == 'call':",
    "        frame.f_trace_opcodes, frame.f_trace_lines = True, False",
    "        count['sorts'] += frame.f_code is count['sort']",
    "    return watch",
    "def work(act, *arguments):",
    "    count.update(done=0, sorts=0, steps=0)",
    "    sys.settrace(watch)",
    "    try:",
    "        result = act(*arguments)",
    "    finally:",
    "        sys.settrace(None)",
    "    return result, count['done'], count['sorts'], count['steps']",
)
"""Counts the steps of Python, and of them the arithmetic, whatever numbers it is done on."""

REVERSE = Reverse(
    large=large,
    sort=sort,
    counted=counted,
    sizes=CHAINS,
    long=LONG_CHAINS,
    nodes=NODES,
    needs=("gradient_add", "gradient_mul", "gradient_random", "gradient_sessions"),
)
