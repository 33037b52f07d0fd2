"""Random graphs of an engine: from families of operations that are the same for every engine.

A family is used where all of its operations are there, so that its programs are the same for all
that have them, and their answers can be recorded.
"""

from __future__ import annotations

from functools import lru_cache

from harness.programs import generate
from harness.records.program import Apply, Backward, Expression, Sort, Step, Zero

NUMBERED = ("add_number", "number_add", "mul_number", "number_mul")
FAMILIES = (
    ("add", "mul"),
    ("add", "mul", "sub", "neg"),
    ("add", "mul", "pow"),
    ("add", "mul", *NUMBERED),
    ("add", "mul", "sub", "div", "neg"),
    ("add", "mul", "sub_number", "number_sub", "div_number", "number_div"),
    ("add", "mul", "pow", "relu", "sub", "neg", "div"),
    ("add", "mul", "pow", "exp", "log", "relu"),
    ("add", "mul", "pow", "exp", "tanh", "sub", "neg", "div"),
    *(("add", "mul", op) for op in ("exp", "log", "relu", "tanh", "sigmoid", "sqrt", "sin", "cos")),
    *(("add", "mul", op) for op in ("abs", "pow_node", "number_pow", "sum")),
    ("add", "mul", "max", "min"),
)
SIZES = ((5, 9), (12, 24))
MOST_PATHS = 3000
"""An engine that walks once for each path is right, and slow where much is shared."""
TRIES = 50


@lru_cache(maxsize=64)
def random_of(family: tuple[str, ...], seed: str) -> tuple[Expression, ...]:
    """Random graphs of a family with a backward() from the output."""
    name = f"{seed}/{'+'.join(family)}"
    drawn = (_few_paths(f"{name}/{size}", family, size) for size in SIZES)
    return tuple(program for program in drawn if program is not None)


@lru_cache(maxsize=64)
def session_of(family: tuple[str, ...], seed: str) -> tuple[Expression, ...]:
    """Several graphs on the same leaves, zeroed between one and the next."""
    name = f"{seed}/{'+'.join(family)}"
    for k in range(TRIES):
        program = generate.session(f"{name}/{k}", family)
        if set(family) != {"add", "mul"}:
            program = _root_walks(program)
        if paths(program) <= MOST_PATHS:
            return (program,)
    return ()


def orders(family: tuple[str, ...], seed: str) -> tuple[Expression, ...]:
    """The graphs of a family, sorted from their output."""
    if "sum" in family:  # PyTorch makes a stack of its operands first, a node that is not ours
        return ()
    sorted_ones = []
    for program in random_of(family, seed):
        applied = tuple(step for step in program.steps if isinstance(step, Apply))
        ((_, root),) = program.backwards
        sorted_ones.append(Expression(program.leaves, (*applied, Sort(root))))
    return tuple(sorted_ones)


def chain(length: int) -> Expression:
    """Nodes each of which adds one of two leaves to the node before it, and a backward()."""
    steps = (Apply("add", (0, 1)), *(Apply("add", (k, k % 2)) for k in range(2, length + 1)))
    return Expression((0.5, -0.25), (*steps, Backward(length + 1)))


def paths(program: Expression) -> int:
    """How many paths lead from the roots of its backward() calls to leaves, all together."""
    counts: list[int] = []
    for node in program.nodes:
        counts.append(sum(counts[i] for i in node.inputs) or 1)
    return sum(counts[root] for _, root in program.backwards)


def _root_walks(program: Expression) -> Expression:
    """A session without its sorts and its walks from inner nodes.

    Where an engine makes one operation of others, what is between them keeps its gradient, and no
    program can zero it.
    """
    count = len(program.leaves)
    steps: list[Step] = []
    for at, step in enumerate(program.steps):
        after = program.steps[at + 1 :]
        inner = isinstance(step, Backward) and len(after) > 1 and isinstance(after[1], Backward)
        every = isinstance(step, Zero) and len(step.nodes) > count
        if not inner and not every and not isinstance(step, Sort):
            steps.append(step)
    return Expression(program.leaves, tuple(steps))


def _few_paths(seed: str, family: tuple[str, ...], size: tuple[int, int]) -> Expression | None:
    for k in range(TRIES):
        program = generate.expression(f"{seed}/{k}", family, size)
        if paths(program) <= MOST_PATHS:
            return program
    return None
