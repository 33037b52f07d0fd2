"""Programs on minitorch's functions, scalars and graphs, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.assignments.engine import graphs
from harness.authoring import (
    Apply,
    Array,
    Backward,
    Call,
    Dialect,
    Draw,
    Expression,
    Operation,
    Program,
)

MINITORCH = Dialect(
    name="minitorch",
    node="Scalar",
    leaf="Scalar({0})",
    value="{0}.data",
    gradient="{0}.derivative",
    zero="{0}.derivative = None",
    unset="{0}.derivative",
    order="[*topological_sort({0})][::-1]",
    operations=tuple(
        map(Operation, ("add", "mul", "sub", "neg", "div", "exp", "sigmoid", "relu", "mul_number"))
    ),
    prelude="names = {name: thing for name, thing in vars(module).items() if name[:2] != '__'}",
)
ONCE = ((1,),) * 5
"""Draws of numbers up to 3."""
FAR = (*ONCE, (300,), (301,))
"""And numbers below -720 and above 720, of which one form of a sigmoid overflows each."""
NEAR = ((1,), (10,), (11,), (12,), (13,))
"""And numbers on each side of 0 that are nearer to it than 1, and further from it."""
RANGES = {
    10: (-0.9, -0.1),
    11: (0.1, 0.9),
    12: (-3.0, -1.1),
    13: (1.1, 3.0),
    300: (-900.0, -720.0),
    301: (720.0, 900.0),
}
"""Where the number of such a draw lies; else between -3 and 3."""
FAMILIES = (
    ("add", "mul"),
    ("add", "mul", "sub", "neg", "div"),
    ("add", "mul", "exp"),
    ("add", "mul", "sigmoid"),
    ("add", "mul", "relu"),
    ("add", "mul", "mul_number"),
)
FUNCTIONS: dict[str, tuple[Callable[..., Array], tuple[tuple[int, ...], ...], str]] = {
    "Mul": (lambda a, b: a * b, ONCE, "a b"),
    "Inv": (lambda a: 1.0 / a, ONCE, "1 / a"),
    "Neg": (lambda a: -a, ONCE, "-a"),
    "Sigmoid": (lambda a: a.sigmoid(), FAR, "1 / (1 + exp(-a)), far from 0 too"),
    "ReLU": (lambda a: a.relu(), NEAR, "a where it is positive, else 0"),
    "Exp": (lambda a: a.exp(), ONCE, "exp(a)"),
}
"""For each function to be written, its mathematics, what is drawn, and what it is."""
STEPS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("x * y", lambda x, y: x * y),
    ("x + y", lambda x, y: x + y),
    ("x * x", lambda x, y: x * x),
    ("y.exp()", lambda x, y: y.exp()),
    ("x * 2.5", lambda x, y: x * 2.5),
    ("-y", lambda x, y: -y),
)
"""A node of one function each, by which the chain rule is asked."""
GRAPHS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("x * y", lambda x, y: x * y),
    ("x * x + x", lambda x, y: x * x + x),
    ("(x + y) * x + (x + y).exp()", lambda x, y: (x + y) * x + (x + y).exp()),
    ("x / y - y.sigmoid() * (x * 2.5).relu()",
     lambda x, y: x / y - y.sigmoid() * (x * 2.5).relu()),
)  # fmt: skip


def operands(draw: Draw, name: str, scale: int) -> tuple[list[Array], str]:
    """The numbers that a function takes, and how they are passed."""
    names = ("a", "b") if name == "Mul" else ("a",)
    low, high = RANGES.get(scale, (-3.0, 3.0))
    return [draw.array(each, low=low, high=high) for each in names], ", ".join(names)


def forward(name: str) -> Callable[[Draw, int], Call]:
    """A program that calls the forward of a function."""

    def make(draw: Draw, scale: int) -> Call:
        drawn, passed = operands(draw, name, scale)
        return draw.run(
            f"out = {name}.forward(Context(), {passed})", out=FUNCTIONS[name][0](*drawn)
        )

    return make


def backward(name: str) -> Callable[[Draw, int], Call]:
    """A program that goes forward and back by the same context."""

    def make(draw: Draw, scale: int) -> Call:
        drawn, passed = operands(draw, name, scale)
        out = FUNCTIONS[name][0](*drawn)
        grads = out.vjp(draw.array("d"), *drawn)
        found = [f"d{each}" for each in passed.split(", ")]
        got = f"{name}.backward(ctx, d)"
        lines = (
            "ctx = Context()",
            f"out = {name}.forward(ctx, {passed})",
            f"{', '.join(found)} = {got}" if len(found) > 1 else f"da = np.ravel({got})[0]",
        )
        return draw.run(*lines, **dict(zip(found, grads, strict=True)))

    return make


def pair(draw: Draw, k: int) -> tuple[Array, Array]:
    """A number, and one that is larger, smaller, or the same."""
    a = draw.array("a")
    return a, draw.given("b", a.values + (1.5, -1.5, 0.0)[k - 1])


def comparisons(draw: Draw, k: int) -> Call:
    """1.0 where it holds, else 0.0; no derivative."""
    a, b = pair(draw, k)
    draw.array("d")
    lines = (
        "ctx = Context()",
        "less, same = LT.forward(ctx, a, b), EQ.forward(ctx, a, b)",
        "slopes = *np.ravel(LT.backward(ctx, d)), *np.ravel(EQ.backward(ctx, d))",
        "slope = float(np.sum(np.abs(slopes)))",
    )
    return draw.run(*lines, **compared(draw, a, b, "less", "same"), slope=draw.constant(0.0))


def compared(draw: Draw, a: Array, b: Array, less: str, same: str) -> dict[str, Array]:
    """What a < b and a == b must give, under those names."""
    truth = {less: a.values < b.values, same: a.values == b.values}
    return {name: draw.constant(float(holds)) for name, holds in truth.items()}


def left(draw: Draw, k: int) -> Call:
    """Comparisons of scalars, and operators with a number on the left."""
    a, b = pair(draw, k)
    told = compared(draw, a, b, "(x < y).data", "(x == y).data")
    told |= compared(draw, b, a, "(x > y).data", "(y == x).data")
    told |= {"(2.5 + x).data": 2.5 + a, "(2.5 * x).data": 2.5 * a, "(2.5 / x).data": 2.5 / a}
    return draw.run("x, y = Scalar(a), Scalar(b)", **told)


def differences(draw: Draw, arg: int) -> Call:
    """The central difference of a function of two numbers, by its stated epsilon."""
    x, y = draw.array("x"), draw.array("y")

    def f(a: Array, b: Array) -> Array:
        return a * b * b + a.exp()

    step = 1e-6
    ends = [f(x + e, y) if arg == 1 else f(x, y + e) for e in (step, -step)]
    lines = (
        "f = lambda a, b: a * b * b + np.exp(a)",
        f"d = central_difference(f, x, y{', arg=1' if arg > 1 else ''})",
    )
    return draw.run(*lines, d=(ends[0] - ends[1]) / (2 * step))


def wide(draw: Draw, arg: int) -> Call:
    """The same by a large epsilon, which tells a factor or one side from the other."""
    x, y, step = draw.array("x"), draw.array("y"), draw.array("step", low=0.1, high=0.5)
    lines = (
        "f = lambda a, b: a * b * b * b",
        "d = central_difference(f, y, x, arg=1, epsilon=step)",
    )
    above, below = x + step, x - step
    return draw.run(*lines, d=(above**3 * y - below**3 * y) / (2.0 * step))


def chained(draw: Draw, k: int) -> Call:
    """What chain_rule gives for each input when it is asked again, added up by input."""
    text, f = STEPS[k - 1]
    a, b = draw.array("a"), draw.array("b")
    dx, dy = f(a, b).vjp(draw.array("d"), a, b)
    return draw.run(
        "x, y = Scalar(a), Scalar(b)",
        f"z = {text}",
        "first = [*z.chain_rule(2 * d)]",
        "pairs = [*z.chain_rule(d)]",
        "dx = sum([float(part) for v, part in pairs if v is x], 0.0)",
        "dy = sum([float(part) for v, part in pairs if v is y], 0.0)",
        dx=dx,
        dy=dy,
    )


def propagated(draw: Draw, k: int) -> Call:
    """The derivative that backpropagate leaves on a leaf, and adds to it the second time."""
    text, f = GRAPHS[k - 1]
    a, b, d = draw.array("a"), draw.array("b"), draw.array("d")
    (dx,) = f(a, b).vjp(d, a)
    lines = ("x, y = Scalar(a), Scalar(b)", f"z = {text}", "backpropagate(z, d)")
    again = ("first = x.derivative", "backpropagate(z, 2 * d)")
    (thrice,) = (3.0 * f(a, b)).vjp(d, a)
    return draw.run(*lines, *again, first=dx, **{"x.derivative": thrice})


def drawn(seed: str) -> tuple[Expression, ...]:
    """Differences and relu on both sides of 0, then random graphs of every family."""
    random = tuple(p for family in FAMILIES for p in graphs.random_of(family, seed))
    return (_both_sides(Draw(f"{seed}/both sides")), *random)


def _both_sides(draw: Draw) -> Expression:
    """What no random graph need have: each difference of two numbers, each with relu above it."""
    leaves = (*draw.numbers(1, low=0.2, high=0.9), *draw.numbers(1, low=1.1, high=3.0))
    differences = (Apply("sub", (0, 1)), Apply("sub", (1, 0)), Apply("neg", (0,)))
    rectified = (*(Apply("relu", (node,)) for node in (2, 3, 4)), Apply("relu", (0,)))
    sums = (Apply("add", pair) for pair in ((5, 6), (7, 8), (9, 10)))
    return Expression(tuple(map(float, leaves)), (*differences, *rectified, *sums, Backward(11)))


def computed(seed: str) -> tuple[Program, ...]:
    """The same graphs, forward alone."""
    return tuple(replace(p, steps=p.steps[:-1]) for p in drawn(seed))


def sorted_ones(seed: str) -> tuple[Program, ...]:
    """Random graphs of + and *, which are one function each, sorted."""
    return tuple(p for k in range(3) for p in graphs.orders(("add", "mul"), f"{seed}/{k}"))
