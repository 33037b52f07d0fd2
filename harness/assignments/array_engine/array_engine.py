"""array_engine: any engine whose nodes hold arrays, under its own names, by what it has."""

from __future__ import annotations

from harness.assignments.array_engine import graphs, operations
from harness.assignments.array_engine.dialects import FULL
from harness.assignments.engine.fitted import BROADCAST, NUMBERED, base_of, fitted
from harness.judging.array_numbers import array_numbers
from harness.judging.check import Assignment, Check
from harness.programs.array_graphs import smaller
from harness.programs.grid_ops import BY_ELEMENT, GRID_OPS
from harness.programs.ops import OPS

BASE = ("add", "mul")
EXERCISES = {"matmul": "matrices", "transpose": "matrices", "reshape": "matrices"}


def _needs(name: str) -> tuple[str, ...]:
    """What the programs of an operation use, and what it is usually made of."""
    if name in BASE:
        return BASE[: BASE.index(name)]
    met = (BROADCAST,) if name in (*operations.MEETING, *NUMBERED) else ()
    return tuple(dict.fromkeys((*BASE, *met, *filter(None, (base_of(name),)))))


def _operation(name: str) -> Check:
    if name in GRID_OPS:
        exercise = EXERCISES.get(name, "sums")
        title = f"{GRID_OPS[name].title} has the right values and gradients"
    else:
        exercise = "numbers" if OPS[name].number is not None and name != "pow" else "operations"
        spelled = OPS[name].spelling.format("x", "y", constant="number")
        title = f"{spelled} has the right values and gradients, element by element"
    return Check(
        *(name, exercise, 2, title, lambda seed: operations.programs_of(name, seed)),
        array_numbers,
        own=(name,),
        needs=_needs(name),
        smaller=smaller,
    )


FIRST = ("add_number", "number_add", "mul_number", "number_mul", "neg")
"""Operations of which others are often made."""
CHECKED = (*FIRST, *(n for n in BY_ELEMENT if n not in (*BASE, *FIRST)), *GRID_OPS)
assignment = Assignment(
    name="array_engine",
    title="an engine of arrays under its own names: values, gradients, graphs",
    checks=(
        *map(_operation, BASE),
        Check(
            *(BROADCAST, "operations", 6),
            "operands of unlike shapes meet by element, and each gets a gradient of its own shape",
            operations.unlike,
            array_numbers,
            own=(BROADCAST,),
            needs=BASE,
            smaller=smaller,
        ),
        *map(_operation, CHECKED),
        Check(
            *("random", "graphs", 12),
            "every node of a random graph has the right value and gradient",
            graphs.drawn,
            array_numbers,
            needs=(*BASE, *CHECKED, BROADCAST),
            smaller=smaller,
        ),
    ),
    dialect=FULL,
    finds=True,
    fitted=fitted,
)
