"""Forward, loss, gradient and training of the whole."""

from __future__ import annotations

import numpy as np

from harness.assignments.attention.draw import LADDER, LARGE, laid
from harness.authoring import (
    Answers,
    Array,
    Call,
    Compare,
    Draw,
    Expression,
    Finding,
    Observation,
    Problem,
    Program,
    Traced,
    compare,
)
from harness.judging import training
from harness.programs.elements import subjects

PARAMETERS = ("W1", "W2", "w3")
RETURNED = (*PARAMETERS, "losses")
"""What train returns."""
SCALES = dict(zip(LARGE, ({"X": 40.0}, {"w3": 2e4}, {"X": 30.0, "w3": 600.0}), strict=True))
"""What is large where scores, margins, or both are beyond what exp can take."""
BATCHES = (*LADDER, *((4, 3, 3, 2, way) for way in LARGE))


def batch(
    draw: Draw, n: int, context: int, features: int, reduced: int, way: int
) -> dict[str, Array]:
    """The samples and the parameters; where something is large, two samples are the same."""
    shapes = {"X": (n, context, features), "W1": (features, reduced), "W2": (features, reduced)}
    for name, shape in (shapes | {"w3": (features,)}).items():
        high = SCALES.get(way, {}).get(name, 1.0) * (1.0 if name in ("W1", "W2") else 1.6)
        numbers = draw.numbers(*shape, low=-high, high=high)
        if name == "X" and way in LARGE:
            numbers[:2] = numbers[0]
        draw.given(name, numbers)
    return draw.inputs


def labels(draw: Draw, n: int, way: int) -> Array:
    """Labels of +1 and -1; where something is large, the first two have both."""
    signs = np.sign(draw.numbers(n))
    if way in LARGE:
        signs[1:2] = -signs[0]
    return draw.given("y", signs)


def predicted(arrays: dict[str, Array]) -> Array:
    """f(X) = w3 . X softmax(X W2 (W1 x_C)) for each sample."""
    x, w1, w2, w3 = (arrays[name] for name in ("X", *PARAMETERS))
    scores = (x @ w2 * (x[:, -1] @ w1)[:, None]).sum(2)
    return (x * scores.softmax(1)[:, :, None]).sum(1) @ w3


def mean_loss(predictions: Array, y: Array) -> Array:
    """The mean of log(1 + exp(-y f))."""
    return (-y.values * predictions).softplus().mean()


def forward(draw: Draw, *sizes: int) -> Call:
    """The predictions of a batch."""
    arrays = batch(draw, *sizes)
    line = "f = forward(X, W1, W2, w3)"
    return draw.run(*laid(draw, sizes[-1]), line, f=predicted(arrays))


def one_by_one(draw: Draw, *sizes: int) -> Call:
    """The predictions of the samples of a batch, each alone, so that no call changes the next."""
    arrays = batch(draw, *sizes)
    return draw.run(
        *laid(draw, sizes[-1]),
        "alone = [forward(x, W1.copy(), W2.copy(), w3.copy()) for x in X[:, None]]",
        "f = np.concatenate([np.atleast_1d(one) for one in alone])",
        f=predicted(arrays),
    )


LOSSES = ((1, 1), (2, 1), (3, 30), (5, 2), (5, 1), (4, 0))
"""How many predictions, and by how much they are larger than usual; 0 for such as overflow exp. As
many come twice, for a module that keeps its labels."""


def loss(draw: Draw, n: int, scale: int) -> Call:
    """The loss of some predictions; of large ones there are margins of either sign."""
    if scale:
        f = draw.array("f", n, low=-1.6 * scale, high=1.6 * scale)
    else:
        f = draw.given("f", draw.numbers(n, low=800.0, high=1500.0) * [1.0, 1.0, -1.0, -1.0])
    y = draw.given("y", np.sign(draw.numbers(n) if scale else [1.0, -1.0, 1.0, -1.0]))
    return draw.run("l = loss(f, y)", l=mean_loss(f, y))


def gradients(draw: Draw, *sizes: int) -> Call:
    """The gradient of the loss by each of the parameters."""
    arrays, y = batch(draw, *sizes), labels(draw, sizes[0], sizes[-1])
    by = mean_loss(predicted(arrays), y).gradients(*(arrays[name] for name in PARAMETERS))
    return draw.run(
        *laid(draw, sizes[-1]),
        "returned = gradients(X, y, W1, W2, w3)",
        'record("returned", -1, returned)',
        "dW1, dW2, dw3 = returned",
        **dict(zip(("dW1", "dW2", "dw3"), by, strict=True)),
    )


def gradient(name: str) -> Compare:
    """A comparison of one of the three gradients, where three arrays are returned."""
    held = compare.call(name)

    def one(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        told = ("gradients", "dW1, dW2, dw3")
        return _returned_otherwise(actual, *told) or held(program, actual, answers)

    return one


def _returned_otherwise(actual: Observation, function: str, wanted: str) -> Finding | None:
    """That a function returns something else than so many things in a row."""
    returned, fault = actual.get("returned"), actual.fault
    kind = returned.types[0] if returned is not None and returned.types else "tuple"
    if kind in ("tuple", "list"):
        miscounted = fault is not None and returned is not None and "to unpack" in fault.message
        facts = (("name", function), ("wanted", wanted))
        return Finding("returns_count", facts) if miscounted else None
    return Finding("returns_other", (("name", function), ("type", kind), ("wanted", wanted)))


def runs(seed: str) -> tuple[Program, ...]:
    """Training runs, the shortest first; then one step where scores, margins or both are large."""
    cases = [((1, 2, 2, 1, 1), 2), ((3, 3, 4, 2, 1), 6), ((8, 4, 6, 2, 1), 30)]
    cases += [((3, 3, 4, 2, way), 1) for way in LARGE]
    return tuple(_run(Draw(f"{seed}/{k}"), *case) for k, case in enumerate(cases))


RATE = 0.2
"""The learning rate of every run."""


def _run(draw: Draw, sizes: tuple[int, ...], epochs: int) -> Call:
    """One run; where it is one step, its tape says how far the gradients may be from the true."""
    arrays, y = batch(draw, *sizes), labels(draw, sizes[0], sizes[-1])
    tape, traced = Expression((), ()), tuple[Traced, ...]()
    if epochs == 1:
        by = mean_loss(predicted(arrays), y).gradients(*(arrays[name] for name in PARAMETERS))
        step = draw.run(**dict(zip(PARAMETERS, by, strict=True)))
        tape, traced = step.tape, step.traced
    lines = (
        f"returned = train(X, y, W1, W2, w3, lr={RATE}, epochs={epochs})",
        'record("returned", -1, returned)',
        "W1, W2, w3, losses = returned",
        *(f'record("{name}.shape", -1, *np.shape({name}))' for name in RETURNED),
        'record("count", -1, len(losses))',
        f"for k in range(min(len(losses), {epochs})):",
        '    record("loss", k, losses[k])',
        *(f'record("{name}", -1, *np.ravel({name}).tolist())' for name in PARAMETERS),
    )
    shapes = ((name, tuple(map(float, array.shape))) for name, array in draw.inputs.items())
    stated = ((f"{name}.shape", shape) for name, shape in shapes)
    arguments = (*draw.arguments, *stated, ("lr", (RATE,)), ("epochs", (float(epochs),)))
    return Call("attention_training", arguments, (*draw.lines, *lines), tape, traced)


def _misplaced(program: Call, actual: Observation, epochs: float) -> Finding | None:
    """That what train returns stands in another order, or has other shapes."""
    wanted = {name: program.argument(f"{name}.shape") for name in PARAMETERS}
    wanted["losses"] = (epochs,)
    shapes = {name: actual.numbers(f"{name}.shape") for name in RETURNED}
    if shapes == wanted:
        return None
    if shapes["W1"] == wanted["losses"] and shapes["losses"] == wanted["w3"]:
        return Finding("returns_losses_first")
    name = next(name for name in RETURNED if shapes[name] != wanted[name])
    if name == "losses":
        return None  # their number is told by itself
    told, expected = (tuple(map(int, rows[name])) for rows in (shapes, wanted))
    facts = (("name", name), ("shape", repr(told)), ("expected", repr(expected)))
    return Finding("shape_other", facts)


def trained(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first loss or parameter of a run that leaves the oracles' own."""
    assert isinstance(program, Call), "training is called"
    other = _returned_otherwise(actual, "train", "W1, W2, w3, losses")
    if other is not None or actual.fault is not None:
        return other or actual.fault
    (epochs,) = program.argument("epochs")
    misplaced = _misplaced(program, actual, epochs)
    if misplaced is not None:
        return misplaced
    wrong = compare.stated(actual, "count", ["len(losses)"], (epochs,), "the assignment")
    if wrong is not None:
        return wrong
    for epoch in range(int(epochs)):
        found = training.drifting(actual, answers, program, "loss", epoch, [f"losses[{epoch}]"])
        if found is not None:
            return found
    for name in PARAMETERS:
        shape = tuple(int(n) for n in program.argument(f"{name}.shape"))
        spelled, off = [*subjects(name, shape)], _off(program, name)
        found = training.drifting(actual, answers, program, name, -1, spelled, off=off)
        if found is not None:
            return found
    return None


def _off(program: Call, name: str) -> float:
    """How far a parameter may be off after one step: the step times its gradient's radius."""
    radius = [compare.traced_radius(program, t) for t in program.traced if t.quantity == name]
    return max((RATE * max(row) for row in radius), default=0.0)
