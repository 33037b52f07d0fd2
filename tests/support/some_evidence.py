"""What a page draws of a graph, an order, a training run and a sweep, each with a mistake."""

from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.training import training as training_run
from harness.records.observation import Observation, Quantity
from harness.records.program import Apply, Backward, Expression, Sort
from harness.records.verdict import Comparison, Diagnosis, Evidence, Finding

ORACLES = ("torch", "jax")
SQUARE = Expression((2.0,), (Apply("mul", (0, 0)), Backward(1)))
OVERWRITTEN = Comparison("grad", "x1.grad", 1, ORACLES, 4.0, 2.0, "float", 1e-15, False)
DIAGNOSIS = Diagnosis("mul_overwrites", "`__mul__` overwrites the gradient.", "Look twice.")
SORTED = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Apply("exp", (2,)), Sort(3)))
BROKEN = Finding(
    "order_broken",
    (("node", "v1"), ("input", "x1"), ("order", "x2, v1, x1, v2"), ("sort", "topological_sort()")),
)
TRAINING = training_run(1, 1, (0.1, 0.2, 0.3, 0.4), (1.0,), (2.0,), 0.1, 5, detailed=False)
SWEEP = Expression(
    tuple(float(i - 5) for i in range(10)),
    (
        *(Apply("relu", (i,)) for i in range(10)),
        *(Apply("pow", (10 + i,), 3) for i in range(10)),
        *(Backward(20 + i) for i in range(10)),
    ),
)
CUBES = tuple(3.0 * max(0.0, i - 5) ** 2 for i in range(10))


def observation(*quantities, **more):
    return Observation(tuple(Quantity(*q) for q in quantities), **more)


def losses(*numbers):
    return observation(*(("loss", epoch, (number,)) for epoch, number in enumerate(numbers)))


GRAPH = Evidence(
    SQUARE,
    ORACLES,
    observation(("value", -1, (2.0, 4.0)), ("grad", 1, (2.0, 1.0)), printed="in the middle\n"),
    (observation(("value", -1, (2.0, 4.0)), ("grad", 1, (4.0, 1.0))),) * 2,
    OVERWRITTEN,
    AG,
)
ORDER = Evidence(
    SORTED,
    (),
    observation(("order", 2, (1, 2, 0, 3), ("list",)), ("value", -1, (2.0, 3.0, 6.0, 403.4))),
    (),
    BROKEN,
    AG,
)
LOSS = Evidence(
    TRAINING,
    ORACLES,
    losses(5.0, 4.0, 3.5, 3.2, 3.1),
    (losses(5.0, 4.0, 3.0, 2.0, 1.0),) * 2,
    Comparison("loss", "loss.value", 2, ORACLES, 3.0, 3.5, "float", 1e-9, False, epoch=2),
)
PLOT = Evidence(
    SWEEP,
    ORACLES,
    observation(("grad", 29, (*(1.0 if i < 3 else CUBES[i] for i in range(10)), *(0.0,) * 20))),
    (observation(("grad", 29, (*CUBES, *(0.0,) * 20))),) * 2,
)
