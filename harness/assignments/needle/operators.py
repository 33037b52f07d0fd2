"""needle_ops: operators on NumPy arrays, their gradients, and the gradient of a whole graph.

Programs name the package as the course does: `ndl`. The gradient of an operator is asked of it
alone; that of a graph by random graphs of tensors of one element.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.assignments.engine import graphs
from harness.authoring import (
    Array,
    Assignment,
    Call,
    Check,
    Dialect,
    Draw,
    Operation,
    Program,
    array_check,
    compare,
)

NEEDLE = Dialect(
    name="needle",
    node="ndl.Tensor",
    leaf="ndl.Tensor([{0}])",
    value="float({0}.numpy()[0])",
    gradient="float({0}.grad.numpy()[0])",
    unset="getattr({0}, 'grad', None)",
    order="ndl.find_topo_sort([{0}])",
    operations=(
        *map(Operation, ("add", "mul")),
        *(Operation(name, f"ndl.{name}({{0}})") for name in ("exp", "log", "relu")),
    ),
    prelude="""
names = {name: thing for name, thing in vars(module).items() if name[:2] != "__"}
names["ndl"] = module
""",
    imports="import {module} as ndl",
)
FAMILIES = (
    ("add", "mul"),
    ("add", "mul", "exp"),
    ("add", "mul", "log"),
    ("add", "mul", "relu"),
)
SHAPES = ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2))


@dataclass(frozen=True)
class Case:
    """One use of an operator: the call, the shapes of its operands, and its mathematics."""

    text: str
    shapes: tuple[tuple[int, ...], ...]
    result: Callable[..., Array]


def cases(n: int, m: int) -> dict[str, tuple[Case, ...]]:
    """Every use of every operator that is to be written, on arrays of about n by m."""
    one, two, three = ((n, m),), ((n, m), (n, m)), ((n, m, 2),)
    return {
        "PowerScalar": (
            Case("power_scalar({0}, 3)", one, lambda a: a**3),
            Case("power_scalar({0}, -2)", one, lambda a: a**-2),
        ),
        "EWiseDiv": (Case("divide({0}, {1})", two, lambda a, b: a / b),),
        "DivScalar": (Case("divide_scalar({0}, 2.5)", one, lambda a: a / 2.5),),
        "Negate": (Case("negate({0})", one, lambda a: -a),),
        "Log": (Case("log({0})", one, lambda a: a.log()),),
        "Exp": (Case("exp({0})", one, lambda a: a.exp()),),
        "ReLU": (Case("relu({0})", one, lambda a: a.relu()),),
        "Transpose": (
            Case("transpose({0})", one, lambda a: a.T),
            Case("transpose({0})", three, lambda a: a.transpose(0, 2, 1)),
            Case("transpose({0}, axes=(0, 2))", three, lambda a: a.transpose(2, 1, 0)),
            Case("transpose({0}, axes=(1, 0))", three, lambda a: a.transpose(1, 0, 2)),
        ),
        "Reshape": (
            Case(f"reshape({{0}}, ({n * m},))", one, lambda a: a.reshape(-1)),
            Case(f"reshape({{0}}, (2, {m}, {n}))", three, lambda a: a.reshape(2, m, n)),
        ),
        "BroadcastTo": (
            Case(
                f"broadcast_to({{0}}, ({n}, {m + 1}))", ((n, 1),), lambda a: a.broadcast(n, m + 1)
            ),
            Case(f"broadcast_to({{0}}, ({n + 1}, {m}))", ((m,),), lambda a: a.broadcast(n + 1, m)),
            Case(f"broadcast_to({{0}}, ({n}, {m}))", one, lambda a: a.broadcast(n, m)),
            Case(f"broadcast_to({{0}}, (2, {n}, 3))", ((n, 1),), lambda a: a.broadcast(2, n, 3)),
        ),
        "Summation": (
            Case("summation({0})", one, lambda a: a.sum()),
            Case("summation({0}, axes=(0,))", one, lambda a: a.sum(0)),
            Case("summation({0}, axes=(1,))", three, lambda a: a.sum(1)),
            Case("summation({0}, axes=(0, 2))", three, lambda a: a.sum((0, 2))),
        ),
        "MatMul": (
            Case("matmul({0}, {1})", ((n, m), (m, 2)), lambda a, b: a @ b),
            Case("matmul({0}, {1})", ((2, n, m), (2, m, 1)), lambda a, b: a @ b),
            Case("matmul({0}, {1})", ((2, n, m), (m, 2)), lambda a, b: a @ b),
            Case("matmul({0}, {1})", ((n, m), (2, m, 1)), lambda a, b: a @ b),
        ),
    }


TITLES = {
    "PowerScalar": "a ** scalar, element by element",
    "EWiseDiv": "a / b, element by element",
    "DivScalar": "a / scalar",
    "Negate": "-a",
    "Log": "the natural logarithm",
    "Exp": "exp(a)",
    "ReLU": "a where it is positive, else 0",
    "Transpose": "two axes swapped, by default the last two",
    "Reshape": "the same elements in another shape",
    "BroadcastTo": "elements repeated along new axes and axes of length 1",
    "Summation": "the sum over some axes, by default over all",
    "MatMul": "products of matrices, of stacks of them too",
}
USES = {
    "MatMul": ("Transpose", "Summation", "Reshape"),
    "Summation": ("BroadcastTo", "Reshape"),
    "BroadcastTo": ("Summation", "Reshape"),
    "EWiseDiv": ("Negate",),
    "Log": ("EWiseDiv",),
    "PowerScalar": (),
}
"""What a gradient is usually made of."""


def called(draw: Draw, case: Case, name: str) -> tuple[list[Array], tuple[str, str]]:
    """The operands, and the lines that put them into a call."""
    low = 0.2 if name in ("Log",) else -2.0
    names = ("a", "b")[: len(case.shapes)]
    drawn = [
        draw.array(each, *shape, low=low) for each, shape in zip(names, case.shapes, strict=True)
    ]
    tensors = ", ".join(f"ndl.Tensor({each})" for each in names)
    targets = ", ".join(("x", "y")[: len(names)])
    return drawn, (f"{targets} = {tensors}", f"out = ndl.{case.text.format('x', 'y')}")


def sizes(name: str) -> tuple[tuple[int, ...], ...]:
    """Which case of an operator, and the shape it is tried in; each case in every shape."""
    return tuple((k + 1, *shape) for shape in SHAPES for k in range(len(cases(1, 1)[name])))


def forward(name: str) -> Callable[[Draw, int, int, int], Call]:
    """Programs that compute."""

    def make(draw: Draw, which: int, n: int, m: int) -> Call:
        case = cases(n, m)[name][which - 1]
        drawn, lines = called(draw, case, name)
        return draw.run(*lines, "out = out.numpy()", out=case.result(*drawn))

    return make


def backward(name: str) -> Callable[[Draw, int, int, int], Call]:
    """Programs that ask an operator for its gradient."""

    def make(draw: Draw, which: int, n: int, m: int) -> Call:
        case = cases(n, m)[name][which - 1]
        drawn, lines = called(draw, case, name)
        out = case.result(*drawn)
        grads = out.vjp(draw.array("d", *out.shape), *drawn)
        asked = (
            "grads = out.op.gradient_as_tuple(ndl.Tensor(d), out)",
            *(f"d{name} = grads[{k}].numpy()" for k, name in enumerate(("a", "b")[: len(grads)])),
        )
        return draw.run(*lines, *asked, **dict(zip(("da", "db"), grads, strict=False)))

    return make


def _operator(name: str, kind: str) -> Check:
    needs = () if kind == "compute" else (f"compute_{name}",)
    used = USES.get(name, ()) if kind == "gradient" else ()
    title = TITLES[name] if kind == "compute" else f"its gradient, by {name}.gradient"
    return array_check(
        *(f"{kind}_{name}", kind, 3.0, title),
        *((forward if kind == "compute" else backward)(name), sizes(name)),
        of=name,
        needs=(*needs, *(f"compute_{each}" for each in used)),
    )


def drawn(seed: str) -> tuple[Program, ...]:
    """Random graphs of every family."""
    return tuple(p for family in FAMILIES for p in graphs.random_of(family, seed))


def sorted_ones(seed: str) -> tuple[Program, ...]:
    """Random graphs, sorted."""
    return tuple(p for k in range(3) for p in graphs.orders(("add", "mul"), f"{seed}/{k}"))


OPERATORS = tuple(TITLES)
assignment = Assignment(
    name="needle_ops",
    title="needle: operators and their gradients on NumPy, and the gradient of a graph",
    checks=(
        *(_operator(name, "compute") for name in OPERATORS),
        *(_operator(name, "gradient") for name in OPERATORS),
        Check(
            *("topo_sort", "graph", 12, "find_topo_sort lists inputs first, each node once"),
            *(sorted_ones, compare.orders, ("find_topo_sort",)),
            stubs=("find_topo_sort",),
            own=("find_topo_sort",),
        ),
        Check(
            *("gradients", "graph", 16, "every node of a random graph gets its gradient"),
            *(drawn, compare.gradients, ("compute_gradient_of_variables",)),
            needs=("topo_sort", *(f"gradient_{name}" for name in ("Exp", "Log", "ReLU"))),
            stubs=("compute_gradient_of_variables",),
            own=("compute_gradient_of_variables",),
        ),
    ),
    dialect=NEEDLE,
)
