"""Forward, loss, gradient and training of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from harness.assignments.attention.draw import NOTHING, Draw, Sizes, called, subjects, traced
from harness.judging import compare, training
from harness.programs.tape import Tape, Vector, flat, transposed
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Program
from harness.records.verdict import Problem


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


def one_by_one(draw: Draw, s: Sizes) -> Call:
    """The predictions of the samples of a batch, each alone."""
    tape = Tape()
    model = modelled(tape, s, draw.parameters(s))
    told = traced(tape, "f", (s.n,), model.predictions)
    line = "f = np.concatenate([forward(X[i : i + 1], W1, W2, w3) for i in range(len(X))])"
    return called("attention", draw, (line,), tape.finished(), told)


def losses(seed: str) -> tuple[Program, ...]:
    """Moderate margins, then such as overflow exp, on either side."""
    counts = ((1, 1.0), (2, 1.0), (5, 2.0), (3, 30.0))
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
    line = "dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)"
    return called("attention_gradients", draw, (line,), finished, *recorded)


def runs(seed: str) -> tuple[Program, ...]:
    """Training runs, the shortest first."""
    cases = ((Sizes(1, 2, 2, 1), 2), (Sizes(3, 3, 4, 2), 6), (Sizes(8, 4, 6, 2), 30))
    return tuple(_run(Draw(f"{seed}/{i}"), s, epochs) for i, (s, epochs) in enumerate(cases))


def _run(draw: Draw, s: Sizes, epochs: int) -> Call:
    draw.parameters(s)
    draw.labels("y", s.n)
    draw.arguments += [("lr", (0.2,)), ("epochs", (float(epochs),))]
    lines = (
        f"W1, W2, w3, losses = train(X, y, W1, W2, w3, lr=0.2, epochs={epochs})",
        *(f'record("loss", {k}, losses[{k}])' for k in range(epochs)),
        'record("count", -1, len(losses))',
        *(f'record("{name}", -1, *np.ravel({name}).tolist())' for name in ("W1", "W2", "w3")),
    )
    return Call("attention_training", tuple(draw.arguments), (*draw.lines, *lines), NOTHING, ())


def trained(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first loss or parameter of a run that leaves the oracles' own."""
    assert isinstance(program, Call), "training is called"
    if actual.fault is not None:
        return actual.fault
    (epochs,) = program.argument("epochs")
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
