"""needle_ops: operators on NumPy arrays, their gradients, and the gradient of a whole graph.

Programs name the package as the course does: `ndl`. The gradient of an operator is asked of it
alone; that of a graph by random graphs of tensors of one element.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.assignments.engine import graphs
from harness.assignments.needle.cases import TITLES, Case, cases
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

WALKED: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("x * y + x", lambda x, y: x * y + x),
    ("2.5 * x - y / 4.0 + 1.5", lambda x, y: 2.5 * x - y / 4.0 + 1.5),
    ("x @ ndl.transpose(y) - x @ ndl.transpose(x)", lambda x, y: x @ y.T - x @ x.T),
    ("ndl.summation(x * y * -x / y, axes=(0,))", lambda x, y: (x * y * -x / y).sum(0)),
)
"""Graphs of arrays that are walked backward."""


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
    return drawn, (f"{targets} = {tensors}", f"out = {case.text.format('x', 'y')}")


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
    """Programs that ask an operator for its gradient, and then for another."""

    def make(draw: Draw, which: int, n: int, m: int) -> Call:
        case = cases(n, m)[name][which - 1]
        drawn, lines = called(draw, case, name)
        out = case.result(*drawn)
        grads = out.vjp(draw.array("d", *out.shape), *drawn)
        asked = (
            "first = out.op.gradient_as_tuple(ndl.Tensor(2.0 * d), out)",
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


def walked(draw: Draw, which: int, n: int, m: int) -> Call:
    """The gradients of a graph of arrays: of its sum, or from a stated one the second time."""
    text, result = WALKED[(which - 1) // 2]
    x, y = draw.array("a", n, m), draw.array("b", n, m)
    out = result(x, y)
    lines = ["x, y = ndl.Tensor(a), ndl.Tensor(b)", f"out = {text}", "out.backward()"]
    if which % 2:
        dx, dy = out.sum().gradients(x, y)
    else:
        dx, dy = out.vjp(draw.array("d", *out.shape), x, y)
        lines.append("out.backward(ndl.Tensor(d))")
    return draw.run(*lines, **{"x.grad.numpy()": dx, "y.grad.numpy()": dy})


def sorted_ones(seed: str) -> tuple[Program, ...]:
    """Random graphs, sorted."""
    return tuple(p for k in range(3) for p in graphs.orders(("add", "mul"), f"{seed}/{k}"))


WALKING = ("MatMul", "EWiseDiv", "DivScalar", "Negate", "Summation", "Transpose")
_, *OPERATORS = TITLES
assignment = Assignment(
    name="needle_ops",
    title="needle: operators and their gradients on NumPy, and the gradient of a graph",
    checks=(
        *(_operator(name, "compute") for name in TITLES),
        *(_operator(name, "gradient") for name in OPERATORS),
        Check(
            *("topo_sort", "graph", 10, "find_topo_sort lists inputs first, each node once"),
            *(sorted_ones, compare.orders, ("find_topo_sort",)),
            stubs=("find_topo_sort",),
            own=("find_topo_sort",),
        ),
        Check(
            *("gradients", "graph", 10, "every node of a random graph gets its gradient"),
            *(drawn, compare.gradients, ("compute_gradient_of_variables",)),
            needs=("topo_sort", *(f"gradient_{name}" for name in ("Exp", "Log", "ReLU"))),
            stubs=("compute_gradient_of_variables",),
            own=("compute_gradient_of_variables",),
        ),
        array_check(
            *("backward", "graph", 5, "backward() leaves the gradients on arrays of any shape"),
            *(walked, tuple((k, *shape) for shape in SHAPES[1:4] for k in range(1, 9))),
            of="compute_gradient_of_variables",
            needs=("topo_sort", "gradients", "compute_Tensor", *map("gradient_{}".format, WALKING)),
        ),
    ),
    dialect=NEEDLE,
)
