"""minitorch_scalars: the functions, the chain rule and backpropagation of minitorch's Module 1.

Only leaves keep a derivative there. Log is given in the course, with 1e-6 added, and is not asked.
"""

from __future__ import annotations

from harness.assignments.minitorch.programs import (
    FUNCTIONS,
    GRAPHS,
    MINITORCH,
    ONCE,
    STEPS,
    backward,
    chained,
    comparisons,
    computed,
    differences,
    drawn,
    forward,
    left,
    propagated,
    sorted_ones,
    wide,
)
from harness.authoring import Assignment, Check, array_check, compare


def _function(name: str, kind: str, exercise: str) -> Check:
    _, sizes, means = FUNCTIONS[name]
    title = f"{name}.{kind} is " + (means if kind == "forward" else "d times the derivative")
    make, needs = (forward, ()) if kind == "forward" else (backward, (f"forward_{name}",))
    return array_check(
        f"{kind}_{name}", exercise, 3, title, make(name), sizes, of=name, needs=needs
    )


BACKWARD = tuple(f"backward_{name}" for name in FUNCTIONS)
assignment = Assignment(
    name="minitorch_scalars",
    title="minitorch, Module 1: scalars, the chain rule and backpropagation",
    checks=(
        array_check(
            *("central_difference", "1.1", 6, "the slope between x - epsilon and x + epsilon"),
            *(differences, ((1,), (2,), (1,), (2,))),
            of="central_difference",
        ),
        array_check(
            *("epsilon", "1.1", 4, "epsilon says how far the two points are"),
            *(wide, ONCE),
            of="central_difference",
        ),
        *(_function(name, "forward", "1.2") for name in FUNCTIONS),
        array_check(
            *("comparisons", "1.2", 4, "LT and EQ give 1.0 or 0.0"),
            *(comparisons, ((1,), (2,), (3,))),
            of="LT",
        ),
        Check(
            *("operators", "1.2", 6, "operators and methods of Scalar have the right values"),
            *(computed, compare.values, ("Scalar",)),
            needs=tuple(f"forward_{name}" for name in FUNCTIONS),
            own=("Scalar",),
        ),
        array_check(
            *("left", "1.2", 4, "scalars compare, and take a number on the left"),
            *(left, ((1,), (2,), (3,))),
            of="Scalar",
            needs=("comparisons", "operators"),
        ),
        array_check(
            *("chain_rule", "1.3", 14, "chain_rule pairs each input with d times its derivative"),
            *(chained, tuple((k + 1,) for k in range(len(STEPS)))),
            of="Scalar.chain_rule",
            needs=BACKWARD,
        ),
        *(_function(name, "backward", "1.4") for name in FUNCTIONS),
        Check(
            *("topological_sort", "1.4", 12, "every variable comes before its inputs, once"),
            *(sorted_ones, compare.orders, ("topological_sort",)),
            needs=("operators",),
            stubs=("topological_sort",),
            own=("topological_sort",),
        ),
        array_check(
            *("backpropagate", "1.4", 7, "backpropagate(v, d) leaves d times the derivative"),
            *(propagated, tuple((k + 1,) for k in range(len(GRAPHS)))),
            of="backpropagate",
            needs=("topological_sort", "chain_rule", *BACKWARD),
        ),
        Check(
            *("graphs", "1.4", 7, "the leaves of random graphs get their derivatives"),
            *(drawn, compare.leaf_gradients, ("backpropagate",)),
            needs=("operators", "topological_sort", "chain_rule", "backpropagate", *BACKWARD),
            stubs=("backpropagate",),
            own=("backpropagate",),
        ),
    ),
    dialect=MINITORCH,
)
