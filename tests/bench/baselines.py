"""What others do: the usual checks of an autodiff engine, each as one function, written by us.

SUITE maps a name to a function that takes an engine and the oracles and says whether that check
accepts the engine. A fault is a rejection; every random choice has a fixed seed.
"""

import math
import random

from harness.assignments.lecture6.model import draws
from harness.assignments.lecture6.orders import LECTURE, LECTURE_ORDER
from harness.assignments.lecture6.parts import ALL
from harness.assignments.lecture6.training import CURVE_RATE
from harness.assignments.lecture6.training import training as training_run
from harness.programs.generate import expression
from harness.records.program import Apply, Backward, Expression, Sort

PRINTED = {"value": 50.3264246157732, "x.grad": 25.068429538550134, "y.grad": 44.3264246157732}
"""What the lecture prints for f(2, 3)."""
POINTS = 100
"""Points at which each operation is checked, as minitorch lets Hypothesis draw them."""
EPSILON, NEAR = 1e-6, 1e-2
"""minitorch's step of a central difference, and its rtol and atol."""
EXPONENTS = (2, 3, -1, 0.5)


def lectures_values(engine, oracles):
    """f(2, 3), x.grad and y.grad of the lecture, and the order that the lecture prints."""
    root = len(LECTURE.nodes) - 1
    steps = (*LECTURE.steps, Sort(root), Backward(root))
    seen = engine.run(Expression(LECTURE.leaves, steps, LECTURE.labels))
    if seen.fault is not None:
        return False
    at = len(LECTURE.steps)
    order, grads = seen.get("order", at), seen.numbers("grad", at + 1)
    told = (seen.numbers("value")[root], grads[0], grads[1])
    return order.values == LECTURE_ORDER and all(
        math.isclose(number, wanted, rel_tol=1e-6)
        for number, wanted in zip(told, PRINTED.values(), strict=True)
    )


def central_differences(engine, oracles):
    """The gradient of each operation alone against the engine's own values around each point."""
    dice = random.Random("baselines")
    return all(
        _slopes_fit(engine, node, _point(dice, node))
        for node in (
            Apply("add", (0, 1)),
            Apply("mul", (0, 1)),
            *(Apply("pow", (0,), p) for p in EXPONENTS),
            Apply("exp", (0,)),
            Apply("log", (0,)),
            Apply("relu", (0,)),
        )
        for _ in range(POINTS)
    )


def _point(dice, node):
    """Where an operation is checked: in [-10, 10], or the part of it where it is smooth."""
    positive = node.op == "log" or (node.op == "pow" and node.constant != int(node.constant))
    row = []
    while len(row) < max(node.inputs) + 1:
        x = dice.uniform(0.0 if positive else -10.0, 10.0)
        if node.op in ("add", "mul", "exp") or abs(x) > 0.1:
            row.append(x)
    return tuple(row)


def _slopes_fit(engine, node, point):
    root = len(point)
    seen = engine.run(Expression(point, (node, Backward(root))))
    if seen.fault is not None:
        return False
    grads = seen.numbers("grad", 1)
    for i in range(root):
        ends = []
        for step in (EPSILON, -EPSILON):
            moved = tuple(x + step * (j == i) for j, x in enumerate(point))
            end = engine.run(Expression(moved, (node,)))
            if end.fault is not None:
                return False
            ends.append(end.numbers("value")[root])
        slope = (ends[0] - ends[1]) / (2 * EPSILON)
        if not abs(grads[i] - slope) <= NEAR + NEAR * abs(slope):
            return False
    return True


def leaf_gradients(rtol):
    """Output and leaf gradients of 30 random expressions against the first oracle."""

    def accepts(engine, oracles):
        programs = [expression(f"baselines/{i}", ALL) for i in range(30)]
        oracles.prepare(programs)
        for program in programs:
            seen, told = engine.run(program), oracles.expected(program)[0]
            if seen.fault is not None:
                return False
            ((step, root),), leaves = program.backwards, len(program.leaves)
            pairs = [(seen.numbers("value")[root], told.numbers("value")[root])]
            grads = (run.numbers("grad", step)[:leaves] for run in (seen, told))
            pairs += zip(*grads, strict=True)
            if not all(math.isclose(a, b, rel_tol=rtol) for a, b in pairs):
                return False
        return True

    return accepts


def loss_decreases(engine, oracles):
    """The lecture's MLP, trained for 20 epochs, ends with a smaller loss than it began with."""
    # Five points, for harness.judging.mutant stops after a number of calls that eight nearly reach.
    inputs = (-1.0, -0.5, 0.0, 0.5, 1.0)
    targets = tuple(x * x - 0.5 * x for x in inputs)
    start = draws(20, 42)
    seen = engine.run(training_run(20, 42, start, inputs, targets, CURVE_RATE, 20, detailed=False))
    if seen.fault is not None:
        return False
    return seen.numbers("loss", 19)[0] < seen.numbers("loss", 0)[0]


SUITE = {
    "lecture's check values": lectures_values,
    "per-operation property checks": central_differences,
    "leaf gradients at rtol 1e-4": leaf_gradients(1e-4),
    "leaf gradients at rtol 1e-6": leaf_gradients(1e-6),
    "loss decreases": loss_decreases,
}
"""By name, whether a usual check accepts an engine."""
