"""The lecture's one-hidden-layer MLP as a tape of scalars, and the bounds that follow from it.

The tape computes what Model.forward and Loss.mse compute, in the same scalar operations, so
tolerance.py can bound how far two right implementations may differ. Sums are n-ary nodes:
their bound holds for every order of summation.
"""

from __future__ import annotations

from harness.records.program import Apply, Backward, Expression


def forward_tape(
    parameters: tuple[float, ...], inputs: tuple[float, ...]
) -> tuple[Expression, tuple[int, ...]]:
    """w2 . relu(w1 x + b1) + b2 for each x, as a tape, and the node of each prediction."""
    hidden = len(parameters) // 3
    count = len(parameters) + len(inputs)
    steps: list[Apply] = []

    def push(op: str, *operands: int) -> int:
        steps.append(Apply(op, operands))
        return count + len(steps) - 1

    predictions = []
    for x in range(len(parameters), count):
        terms = []
        for j in range(hidden):
            weighted = push("mul", j, x)
            unit = push("relu", push("add", weighted, hidden + j))
            terms.append(push("mul", 2 * hidden + j, unit))
        predictions.append(push("sum", *terms, 3 * hidden))
    return Expression((*parameters, *inputs), tuple(steps)), tuple(predictions)


def mse_tape(predictions: tuple[float, ...], targets: tuple[float, ...]) -> tuple[Expression, int]:
    """The mean of (prediction - target)**2, as a tape, and its node."""
    leaves = (*predictions, *(-target for target in targets))
    steps, loss = _mse_steps(tuple(range(len(predictions))), len(predictions), len(leaves))
    return Expression(leaves, steps), loss


def sgd_tape(
    parameters: tuple[float, ...], grads: tuple[float, ...], lr: float
) -> tuple[Expression, tuple[int, ...]]:
    """Each parameter - lr * grad, as a tape, and the node of each result."""
    n = len(parameters)
    leaves = (*parameters, *grads, -lr)
    steps: list[Apply] = []
    for i in range(n):
        steps += [Apply("mul", (n + i, 2 * n)), Apply("add", (i, len(leaves) + len(steps)))]
    return Expression(leaves, tuple(steps)), tuple(len(leaves) + 2 * i + 1 for i in range(n))


def backward_from(tape: Expression, node: int) -> Expression:
    """The tape with a backward() from one of its nodes at its end."""
    return Expression(tape.leaves, (*tape.steps, Backward(node)))


def training_tape(
    start: tuple[float, ...], inputs: tuple[float, ...], targets: tuple[float, ...]
) -> tuple[Expression, tuple[int, ...], int]:
    """Predictions and loss of the first epoch as a tape, and their nodes."""
    forward, predictions = forward_tape(start, inputs)
    shift = len(targets)
    leaves = len(forward.leaves)
    # The targets become leaves, which come first: every other node moves up.
    moved = tuple(
        Apply(n.op, tuple(i if i < leaves else i + shift for i in n.inputs))
        for n in forward.nodes[leaves:]
    )
    predictions = tuple(i + shift for i in predictions)
    count = len(forward.nodes) + shift
    steps, loss = _mse_steps(predictions, leaves, count)
    negated = tuple(-target for target in targets)
    tape = Expression((*forward.leaves, *negated), (*moved, *steps, Backward(loss)))
    return tape, predictions, loss


def _mse_steps(
    predictions: tuple[int, ...], first_target: int, count: int
) -> tuple[tuple[Apply, ...], int]:
    """The steps from predictions and negated targets to their mean square; count nodes exist."""
    steps: list[Apply] = []
    squares = []
    for i, prediction in enumerate(predictions):
        # A sum and not an add: who has no minus multiplies one of the two by -1 first.
        steps.append(Apply("sum", (prediction, first_target + i)))
        steps.append(Apply("pow", (count + len(steps) - 1,), 2))
        squares.append(count + len(steps) - 1)
    steps.append(Apply("mean", tuple(squares)))
    return tuple(steps), count + len(steps) - 1
