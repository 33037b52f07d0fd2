"""Forward, loss, gradient and training of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.assignments.attention.draw import (
    NOTHING,
    Draw,
    Sizes,
    called,
    each,
    traced,
)
from harness.judging import compare, training
from harness.programs.elements import subjects
from harness.programs.tape import Tape, Vector, flat, transposed
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Program
from harness.records.verdict import Compare, Finding, Problem

RETURNED = ("W1", "W2", "w3", "losses")
"""What train returns."""


@dataclass(frozen=True)
class Model:
    """The whole on a tape: the parameters, and the prediction for each sample."""

    parameters: tuple[Vector, Vector, Vector]
    predictions: Vector


def modelled(tape: Tape, s: Sizes, drawn: tuple[tuple[float, ...], ...]) -> Model:
    """f(X) = w3 . X softmax(X W2 (W1 x_C)) for each sample."""
    x, w1, w2, w3 = drawn
    words = tape.matrix(x, s.features)
    first, second = tape.matrix(w1, s.reduced), tape.matrix(w2, s.reduced)
    last = tape.vector(w3)
    predictions = []
    for k in range(s.n):
        here = words[k * s.context : (k + 1) * s.context]
        asked = tuple(tape.dot(here[-1], column) for column in transposed(first))
        keys = tuple(tuple(tape.dot(word, c) for c in transposed(second)) for word in here)
        weights = tape.softmax(tuple(tape.dot(key, asked) for key in keys))
        average = tuple(tape.dot(feature, weights) for feature in transposed(here))
        predictions.append(tape.dot(average, last))
    return Model((flat(first), flat(second), last), tuple(predictions))


def mean_loss(tape: Tape, predictions: Vector, labels: tuple[float, ...]) -> int:
    """The mean of log(1 + exp(-y f))."""
    margins = (tape.scaled(-y, f) for y, f in zip(labels, predictions, strict=True))
    return tape.apply("mean", *(tape.softplus(margin) for margin in margins))


def forward(draw: Draw, s: Sizes) -> Call:
    """The predictions of a batch."""
    tape = Tape()
    model = modelled(tape, s, draw.parameters(s))
    told = traced(tape, "f", (s.n,), model.predictions)
    return called("attention", draw, ("f = forward(X, W1, W2, w3)",), tape.finished(), told)


EXTREME = ({"X": 40.0}, {"w3": 20_000.0}, {"X": 30.0, "w3": 600.0})
"""What is large where scores, margins, or both are beyond what exp can take. Two samples are the
same but for their labels, so there are margins of either sign."""


def forwards(seed: str) -> tuple[Program, ...]:
    """The predictions of batches of many shapes, then with large scores and predictions."""
    return (*each(forward)(seed), *_extreme(forward, seed))


def gradient_programs(seed: str) -> tuple[Program, ...]:
    """The gradients of batches of many shapes, then with large scores and margins."""
    return (*each(gradients)(seed), *_extreme(gradients, seed))


def _extreme(make: Callable[[Draw, Sizes], Call], seed: str) -> tuple[Call, ...]:
    return tuple(make(draw, Sizes(4, 3, 3, 2)) for draw in _large(seed))


def _large(seed: str) -> list[Draw]:
    return [Draw(f"{seed}/extreme {i}", scales=scales) for i, scales in enumerate(EXTREME)]


def one_by_one(draw: Draw, s: Sizes) -> Call:
    """The predictions of the samples of a batch, each alone, so that no call changes the next."""
    tape = Tape()
    model = modelled(tape, s, draw.parameters(s))
    told = traced(tape, "f", (s.n,), model.predictions)
    lines = (
        "alone = [forward(x, W1.copy(), W2.copy(), w3.copy()) for x in X[:, None]]",
        "f = np.concatenate([np.atleast_1d(one) for one in alone])",
    )
    return called("attention", draw, lines, tape.finished(), told)


def losses(seed: str) -> tuple[Program, ...]:
    """Moderate margins, then such as overflow exp, on either side."""
    counts = ((1, 1.0), (2, 1.0), (5, 2.0), (3, 30.0), (2, 1.0))
    moderate = [loss(Draw(f"{seed}/{i}"), n, scale) for i, (n, scale) in enumerate(counts)]
    draw = Draw(f"{seed}/large")
    labels = draw.put("y", (4,), (1.0, -1.0, 1.0, -1.0))
    sides = zip(labels, (1.0, 1.0, -1.0, -1.0), strict=True)
    margins = tuple(y * side * round(draw.dice.real(800.0, 1500.0), 1) for y, side in sides)
    return (*moderate, _loss_of(draw, draw.put("f", (4,), margins), labels))


def loss(draw: Draw, n: int, scale: float) -> Call:
    """The loss of some predictions, of a stated size."""
    return _loss_of(draw, draw.numbers("f", n, scale=scale), draw.labels("y", n))


def _loss_of(draw: Draw, predictions: tuple[float, ...], labels: tuple[float, ...]) -> Call:
    tape = Tape()
    node = mean_loss(tape, tape.vector(predictions), labels)
    told = traced(tape, "l", (), (node,))
    return called("logistic", draw, ("l = loss(f, y)",), tape.finished(), told)


def gradients(draw: Draw, s: Sizes) -> Call:
    """The gradient of the loss by each of the parameters."""
    drawn, labels = draw.parameters(s), draw.labels("y", s.n)
    tape = Tape()
    model = modelled(tape, s, drawn)
    finished = tape.finished(mean_loss(tape, model.predictions, labels))
    ((step, _),) = finished.backwards
    d, q = s.features, s.reduced
    shapes = (("dW1", (d, q)), ("dW2", (d, q)), ("dw3", (d,)))
    recorded = (
        traced(tape, name, shape, nodes, step)
        for (name, shape), nodes in zip(shapes, model.parameters, strict=True)
    )
    lines = (
        "returned = gradients(X, y, W1, W2, w3)",
        'record("returned", -1, returned)',
        "dW1, dW2, dw3 = returned",
    )
    return called("attention_gradients", draw, lines, finished, *recorded)


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
    """Training runs, the shortest first."""
    cases = ((Sizes(1, 2, 2, 1), 2), (Sizes(3, 3, 4, 2), 6), (Sizes(8, 4, 6, 2), 30))
    moderate = [_run(Draw(f"{seed}/{i}"), s, epochs) for i, (s, epochs) in enumerate(cases)]
    return (*moderate, *(_run(draw, Sizes(3, 3, 4, 2), 1) for draw in _large(seed)))


def _run(draw: Draw, s: Sizes, epochs: int) -> Call:
    draw.parameters(s)
    draw.labels("y", s.n)
    draw.arguments += [("lr", (0.2,)), ("epochs", (float(epochs),))]
    lines = (
        f"returned = train(X, y, W1, W2, w3, lr=0.2, epochs={epochs})",
        'record("returned", -1, returned)',
        "W1, W2, w3, losses = returned",
        *(f'record("{name}.shape", -1, *np.shape({name}))' for name in RETURNED),
        'record("count", -1, len(losses))',
        f"for k in range(min(len(losses), {epochs})):",
        '    record("loss", k, losses[k])',
        *(f'record("{name}", -1, *np.ravel({name}).tolist())' for name in ("W1", "W2", "w3")),
    )
    return Call("attention_training", tuple(draw.arguments), (*draw.lines, *lines), NOTHING, ())


def _misplaced(program: Call, actual: Observation, epochs: float) -> Finding | None:
    """That what train returns stands in another order, or has other shapes."""
    wanted = {name: program.argument(f"{name}.shape") for name in RETURNED[:3]}
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
    for name in ("W1", "W2", "w3"):
        shape = tuple(int(n) for n in program.argument(f"{name}.shape"))
        found = training.drifting(actual, answers, program, name, -1, [*subjects(name, shape)])
        if found is not None:
            return found
    return None
