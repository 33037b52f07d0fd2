"""Homework 3: single-head attention in NumPy, its tricks, its gradient and its training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

from harness.judging import compare, training
from harness.judging.check import Assignment, Check
from harness.programs import generate
from harness.programs.tape import Tape, Vector, flat, transposed
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program, Traced
from harness.records.verdict import Compare, Finding, Problem

NOTHING = Expression((), ())
TRICKS = ("Keys", "queries", "scores", "softmaxKq", "softmaxKq_diag", "softmaxKq_outer", "D", "A")
WHOLE = ("forward", "loss", "gradients", "train")
ADDED = 32
"""Samples by which the work of Python is seen to grow, or not: from as many to twice as many, since
NumPy itself works otherwise on the smallest arrays. A loop takes four steps and more for each."""


@dataclass(frozen=True)
class Sizes:
    """The lecture's n_samples, n_context, n_features and n_reduced."""

    n: int
    context: int
    features: int
    reduced: int


LADDER = (
    Sizes(2, 3, 2, 2),
    Sizes(1, 1, 1, 1),
    Sizes(2, 2, 2, 2),
    Sizes(2, 1, 3, 1),
    Sizes(1, 3, 2, 1),
    Sizes(3, 2, 4, 2),
    Sizes(2, 3, 9, 3),
)
"""Small shapes first: the first that fails is shown. Square weights, so that transposed ones give
numbers to compare, yet an axis that is lost shows; then what is told apart by no axis at all, each
axis of length 1, and many features."""


class Draw:
    """Arrays for one program: the numbers, how they are written, and what oracles are told."""

    def __init__(self, seed: str) -> None:
        self.dice = generate.Dice(seed)
        self.arguments: list[tuple[str, tuple[float, ...]]] = []
        self.lines = ["import numpy as np"]

    def sizes(self) -> Sizes:
        """Random ones."""
        dice = self.dice
        return Sizes(dice.whole(1, 5), dice.whole(1, 5), dice.whole(1, 6), dice.whole(1, 3))

    def numbers(self, name: str, *shape: int, scale: float = 1.0) -> tuple[float, ...]:
        """Numbers of either sign for an array of that shape."""
        dice = self.dice
        return self.put(
            name,
            shape,
            tuple(
                round(scale * dice.real(0.2, 1.6) * dice.pick((1.0, -1.0)), 3)
                for _ in range(prod(shape))
            ),
        )

    def labels(self, name: str, n: int) -> tuple[float, ...]:
        """Labels of +1 and -1."""
        return self.put(name, (n,), tuple(self.dice.pick((1.0, -1.0)) for _ in range(n)))

    def put(
        self, name: str, shape: tuple[int, ...], values: tuple[float, ...]
    ) -> tuple[float, ...]:
        """An array with stated numbers."""
        told = ", ".join(map(repr, values))
        reshaped = "" if len(shape) == 1 else f".reshape({', '.join(map(repr, shape))})"
        self.lines.append(f"{name} = np.array([{told}]){reshaped}")
        self.arguments += [(name, values), (f"{name}.shape", tuple(map(float, shape)))]
        return values

    def parameters(self, sizes: Sizes) -> tuple[tuple[float, ...], ...]:
        """X, W1, W2 and w3."""
        d, q = sizes.features, sizes.reduced
        return (
            self.numbers("X", sizes.n, sizes.context, d),
            self.numbers("W1", d, q, scale=0.6),
            self.numbers("W2", d, q, scale=0.6),
            self.numbers("w3", d),
        )


def _call(
    function: str, draw: Draw, lines: tuple[str, ...], tape: Expression, *traced: Traced
) -> Call:
    recorded = tuple(line for one in traced for line in _recorded(one))
    return Call(function, tuple(draw.arguments), (*draw.lines, *lines, *recorded), tape, traced)


def _recorded(traced: Traced) -> Iterator[str]:
    name = traced.quantity
    yield f'record("{name}.type", -1, {name})'
    yield f'record("{name}.shape", -1, *np.shape({name}))'
    yield f'record("{name}.double", -1, np.asarray({name}).dtype == np.float64)'
    yield f'record("{name}", -1, *np.ravel({name}).tolist())'


def _traced(tape: Tape, name: str, shape: tuple[int, ...], nodes: Vector, step: int = -1) -> Traced:
    return Traced(name, tuple(_subjects(name, shape)), tuple(map(tape.place, nodes)), step, shape)


def _subjects(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    for k in range(prod(shape)):
        index = []
        for length in reversed(shape):
            k, at = divmod(k, length)
            index.append(str(at))
        yield f"{name}[{', '.join(reversed(index))}]" if shape else name


# --- the tricks, each alone ---------------------------------------------------------------


def _each(make: Callable[[Draw, Sizes], Call]) -> Callable[[str], tuple[Program, ...]]:
    """A program for each rung of the ladder, and three of random shapes."""

    def programs(seed: str) -> tuple[Program, ...]:
        stated = [make(Draw(f"{seed}/{i}"), sizes) for i, sizes in enumerate(LADDER)]
        drawn = [Draw(f"{seed}/random {i}") for i in range(3)]
        return (*stated, *(make(draw, draw.sizes()) for draw in drawn))

    return programs


def _keys(draw: Draw, s: Sizes) -> Call:
    x, w = draw.numbers("X", s.n, s.context, s.features), draw.numbers("W2", s.features, s.reduced)
    tape = Tape()
    rows, columns = tape.matrix(x, s.features), transposed(tape.matrix(w, s.reduced))
    nodes = tuple(tape.dot(row, column) for row in rows for column in columns)
    told = _traced(tape, "keys", (s.n, s.context, s.reduced), nodes)
    return _call("keys", draw, ("keys = Keys(X, W2)",), tape.finished(), told)


def _queries(draw: Draw, s: Sizes) -> Call:
    x, w = draw.numbers("X", s.n, s.context, s.features), draw.numbers("W1", s.features, s.reduced)
    tape = Tape()
    rows, columns = tape.matrix(x, s.features), transposed(tape.matrix(w, s.reduced))
    nodes = tuple(
        tape.dot(row, column) for row in rows[s.context - 1 :: s.context] for column in columns
    )
    told = _traced(tape, "q", (s.n, s.reduced), nodes)
    return _call("queries", draw, ("q = queries(X, W1)",), tape.finished(), told)


def _scores(draw: Draw, s: Sizes) -> Call:
    keys = draw.numbers("keys", s.n, s.context, s.reduced)
    asked = draw.numbers("q", s.n, s.reduced)
    tape = Tape()
    rows, asking = tape.matrix(keys, s.reduced), tape.matrix(asked, s.reduced)
    nodes = tuple(tape.dot(row, asking[i // s.context]) for i, row in enumerate(rows))
    told = _traced(tape, "Kq", (s.n, s.context), nodes)
    return _call("scores", draw, ("Kq = scores(keys, q)",), tape.finished(), told)


def _softmaxes(seed: str) -> tuple[Program, ...]:
    """Moderate scores, then such as overflow exp, or vanish where no row's largest is taken off."""
    large = []
    for signs in ((1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)):
        draw = Draw(f"{seed}/large {signs}")
        each = (sign for sign in signs for _ in range(3))
        scores = tuple(sign * round(draw.dice.real(800.0, 1500.0), 1) for sign in each)
        large.append(_softmax_of(draw, Sizes(2, 3, 1, 1), draw.put("Kq", (2, 3), scores)))
    return (*_each(_softmax)(seed), *large)


def _softmax(draw: Draw, s: Sizes) -> Call:
    return _softmax_of(draw, s, draw.numbers("Kq", s.n, s.context, scale=1.5))


def _softmax_of(draw: Draw, s: Sizes, scores: tuple[float, ...]) -> Call:
    tape = Tape()
    nodes = flat(tuple(tape.softmax(row) for row in tape.matrix(scores, s.context)))
    told = _traced(tape, "p", (s.n, s.context), nodes)
    return _call("softmax", draw, ("p = softmaxKq(Kq)",), tape.finished(), told)


def _weights(draw: Draw, s: Sizes) -> tuple[float, ...]:
    """Rows of positive numbers that sum to 1 but for rounding."""
    drawn = [[draw.dice.real(0.1, 1.0) for _ in range(s.context)] for _ in range(s.n)]
    return draw.put(
        "p", (s.n, s.context), tuple(round(x / sum(row), 4) for row in drawn for x in row)
    )


def _matrices(
    name: str, called: str, entry: Callable[[Tape, Vector, int, int], int]
) -> Callable[[Draw, Sizes], Call]:
    """A program for a function that makes a matrix of each sample's softmax."""

    def make(draw: Draw, s: Sizes) -> Call:
        tape = Tape()
        rows = tape.matrix(_weights(draw, s), s.context)
        places = range(s.context)
        nodes = tuple(entry(tape, row, i, j) for row in rows for i in places for j in places)
        told = _traced(tape, name, (s.n, s.context, s.context), nodes)
        return _call(called, draw, (f"{name} = {called}(p)",), tape.finished(), told)

    return make


def _diagonal(tape: Tape, p: Vector, i: int, j: int) -> int:
    return tape.scaled(1.0, p[i]) if i == j else tape.leaf(0.0)


def _product(tape: Tape, p: Vector, i: int, j: int) -> int:
    return tape.apply("mul", p[i], p[j])


def _jacobian(tape: Tape, p: Vector, i: int, j: int) -> int:
    minus = tape.scaled(-1.0, _product(tape, p, i, j))
    return tape.apply("add", p[i], minus) if i == j else minus


def _moved(draw: Draw, s: Sizes) -> Call:
    x = draw.numbers("X", s.n, s.context, s.features)
    matrix = draw.numbers("D", s.n, s.context, s.context)
    tape = Tape()
    words, rows = tape.matrix(x, s.features), tape.matrix(matrix, s.context)
    nodes: list[int] = []
    for k in range(s.n):
        here = slice(k * s.context, (k + 1) * s.context)
        nodes += [tape.dot(f, c) for f in transposed(words[here]) for c in transposed(rows[here])]
    told = _traced(tape, "a", (s.n, s.features, s.context), tuple(nodes))
    return _call("moved", draw, ("a = A(X, D)",), tape.finished(), told)


# --- forward, loss, gradient --------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    """The whole on a tape: the parameters, and the prediction for each sample."""

    parameters: tuple[Vector, Vector, Vector]
    predictions: Vector


def _model(tape: Tape, s: Sizes, drawn: tuple[tuple[float, ...], ...]) -> Model:
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


def _mean_loss(tape: Tape, predictions: Vector, labels: tuple[float, ...]) -> int:
    """The mean of log(1 + exp(-y f))."""
    margins = (tape.scaled(-y, f) for y, f in zip(labels, predictions, strict=True))
    return tape.apply("mean", *(tape.softplus(margin) for margin in margins))


def _forward(draw: Draw, s: Sizes) -> Call:
    tape = Tape()
    model = _model(tape, s, draw.parameters(s))
    told = _traced(tape, "f", (s.n,), model.predictions)
    return _call("attention", draw, ("f = forward(X, W1, W2, w3)",), tape.finished(), told)


def _one_by_one(draw: Draw, s: Sizes) -> Call:
    tape = Tape()
    model = _model(tape, s, draw.parameters(s))
    told = _traced(tape, "f", (s.n,), model.predictions)
    line = "f = np.concatenate([forward(X[i : i + 1], W1, W2, w3) for i in range(len(X))])"
    return _call("attention", draw, (line,), tape.finished(), told)


def _losses(seed: str) -> tuple[Program, ...]:
    """Moderate margins, then such as overflow exp, on either side."""
    counts = ((1, 1.0), (2, 1.0), (5, 2.0), (3, 30.0))
    moderate = [_loss(Draw(f"{seed}/{i}"), n, scale) for i, (n, scale) in enumerate(counts)]
    draw = Draw(f"{seed}/large")
    labels = draw.put("y", (4,), (1.0, -1.0, 1.0, -1.0))
    sides = zip(labels, (1.0, 1.0, -1.0, -1.0), strict=True)
    margins = tuple(y * side * round(draw.dice.real(800.0, 1500.0), 1) for y, side in sides)
    return (*moderate, _loss_of(draw, draw.put("f", (4,), margins), labels))


def _loss(draw: Draw, n: int, scale: float) -> Call:
    return _loss_of(draw, draw.numbers("f", n, scale=scale), draw.labels("y", n))


def _loss_of(draw: Draw, predictions: tuple[float, ...], labels: tuple[float, ...]) -> Call:
    tape = Tape()
    node = _mean_loss(tape, tape.vector(predictions), labels)
    told = _traced(tape, "l", (), (node,))
    return _call("logistic", draw, ("l = loss(f, y)",), tape.finished(), told)


def _gradients(draw: Draw, s: Sizes) -> Call:
    drawn, labels = draw.parameters(s), draw.labels("y", s.n)
    tape = Tape()
    model = _model(tape, s, drawn)
    finished = tape.finished(_mean_loss(tape, model.predictions, labels))
    ((step, _),) = finished.backwards
    d, q = s.features, s.reduced
    shapes = (("dW1", (d, q)), ("dW2", (d, q)), ("dw3", (d,)))
    traced = (
        _traced(tape, name, shape, nodes, step)
        for (name, shape), nodes in zip(shapes, model.parameters, strict=True)
    )
    line = "dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)"
    return _call("attention_gradients", draw, (line,), finished, *traced)


# --- training -----------------------------------------------------------------------------


def _runs(seed: str) -> tuple[Program, ...]:
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


def _trained(program: Program, actual: Observation, answers: Answers) -> Problem | None:
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
        found = training.drifting(actual, answers, program, name, -1, [*_subjects(name, shape)])
        if found is not None:
            return found
    return None


# --- what a good implementation does besides ----------------------------------------------


def _kept(seed: str) -> tuple[Program, ...]:
    draw = Draw(seed)
    drawn, labels = draw.parameters(Sizes(2, 3, 4, 2)), draw.labels("y", 2)
    names = ("X", "W1", "W2", "w3", "y")
    record = tuple(f'record("{name}", -1, *np.ravel({name}).tolist())' for name in names)
    calls = (
        ("forward", "forward(X, W1, W2, w3)"),
        ("gradients", "gradients(X, y, W1, W2, w3)"),
        ("train", "train(X, y, W1, W2, w3, lr=0.2, epochs=2)"),
    )
    stated = tuple(zip(names, (*drawn, labels), strict=True))
    return tuple(
        Call(name, (*stated,), (*draw.lines, line, *record), NOTHING, ()) for name, line in calls
    )


def _unchanged(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    assert isinstance(program, Call), "a function is called"
    if actual.fault is not None:
        return actual.fault
    for name, values in program.arguments:
        subjects = [f"{name} element {i}" for i in range(len(values))]
        if compare.stated(actual, name, subjects, values, "the assignment") is not None:
            return Finding("input_changed", (("name", program.function), ("argument", name)))
    return None


COUNT = """
def steps(n_samples, function, *wanted):
    rng = np.random.RandomState(0)
    arrays = dict(
        X=rng.randn(n_samples, 3, 4), y=np.sign(rng.randn(n_samples)),
        W1=rng.randn(4, 2), W2=rng.randn(4, 2), w3=rng.randn(4),
    )
    taken = 0
    def trace(frame, event, argument):
        nonlocal taken
        frame.f_trace_opcodes = True
        taken += 1
        return trace
    sys.settrace(trace)
    try:
        function(*[arrays[name] for name in wanted])
    finally:
        sys.settrace(None)
    return taken
"""
LOOPS = tuple(
    Call(
        name,
        (),
        (
            "import sys",
            "import numpy as np",
            *COUNT.strip().splitlines(),
            *(f'record("steps", {n}, steps({n}, {name}, {wanted}))' for n in (ADDED, 2 * ADDED)),
        ),
        NOTHING,
        (),
    )
    for name, wanted in (
        ("forward", '"X", "W1", "W2", "w3"'),
        ("gradients", '"X", "y", "W1", "W2", "w3"'),
    )
)


def _no_loop(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """Python takes as many steps for many samples as for few, where NumPy has the loop."""
    assert isinstance(program, Call), "a function is called"
    if actual.fault is not None:
        return actual.fault
    few, many = (compare.number_at(actual.get("steps", n), 0)[0] or 0 for n in (ADDED, 2 * ADDED))
    if many - few < 4 * ADDED:
        return None
    facts = (("name", program.function), ("few", f"{few:g}"), ("many", f"{many:g}"))
    return Finding(
        "python_loop", (*facts, ("small", f"{ADDED} samples"), ("large", str(2 * ADDED)))
    )


# --- the table ----------------------------------------------------------------------------


def _check(
    name: str,
    exercise: str,
    points: float,
    title: str,
    programs: Callable[[str], tuple[Program, ...]],
    held: Compare,
    function: str,
    *needs: str,
) -> Check:
    return Check(
        name,
        exercise,
        points,
        title,
        programs,
        held,
        (function,),
        needs=needs,
        stubs=(function,),
        own=(function,),
    )


_TRICKS = ("keys", "queries", "scores", "softmax", "diagonal", "outer", "jacobian", "moved")
_MODEL = ("forward", "loss")

assignment = Assignment(
    name="numpy_attention",
    title="Homework 3: single-head attention in NumPy, its gradient and its training",
    checks=(
        _check("keys", "Tricks", 5, "Keys is X @ W2", _each(_keys), compare.call("keys"), "Keys"),
        _check(
            "queries",
            "Tricks",
            5,
            "queries is the last word of each context times W1",
            _each(_queries),
            compare.call("q"),
            "queries",
        ),
        _check(
            "scores",
            "Tricks",
            6,
            "scores is each key times its sample's query",
            _each(_scores),
            compare.call("Kq"),
            "scores",
        ),
        _check(
            "softmax",
            "Tricks",
            8,
            "softmaxKq is the softmax over the context, for large scores too",
            _softmaxes,
            compare.call("p"),
            "softmaxKq",
        ),
        _check(
            "diagonal",
            "Tricks",
            5,
            "softmaxKq_diag has each softmax on the diagonal of a matrix",
            _each(_matrices("diag", "softmaxKq_diag", _diagonal)),
            compare.call("diag"),
            "softmaxKq_diag",
        ),
        _check(
            "outer",
            "Tricks",
            5,
            "softmaxKq_outer has the outer product of each softmax with itself",
            _each(_matrices("outer", "softmaxKq_outer", _product)),
            compare.call("outer"),
            "softmaxKq_outer",
        ),
        _check(
            "jacobian",
            "Tricks",
            5,
            "D is the Jacobian of the softmax: diagonal minus outer product",
            _each(_matrices("jacobian", "D", _jacobian)),
            compare.call("jacobian"),
            "D",
            "diagonal",
            "outer",
        ),
        _check(
            "moved",
            "Tricks",
            6,
            "A is X with its last two axes swapped, times D",
            _each(_moved),
            compare.call("a"),
            "A",
        ),
        _check(
            "forward",
            "Forward",
            8,
            "forward is w3' X softmax(...) for each sample",
            _each(_forward),
            compare.call("f"),
            "forward",
            *_TRICKS[:4],
        ),
        _check(
            "batch",
            "Forward",
            4,
            "a batch is what its samples are one by one",
            _each(_one_by_one),
            compare.call("f"),
            "forward",
            *_TRICKS[:4],
        ),
        _check(
            "loss",
            "Forward",
            6,
            "loss is the mean logistic loss, for large margins too",
            _losses,
            compare.call("l"),
            "loss",
        ),
        *(
            _check(
                f"gradient_{name[1:]}",
                "Gradient",
                points,
                f"{name} is the gradient of the loss by {name[1:]}",
                _each(_gradients),
                compare.call(name),
                "gradients",
                *_TRICKS,
                *_MODEL,
            )
            for name, points in (("dW1", 7.0), ("dW2", 7.0), ("dw3", 5.0))
        ),
        _check(
            "training",
            "Training",
            8,
            "train descends as PyTorch and JAX do, and lists the loss before each step",
            _runs,
            _trained,
            "train",
            *_MODEL,
            "gradient_W1",
            "gradient_W2",
            "gradient_w3",
        ),
        Check(
            "inputs_kept",
            "Style",
            3,
            "no function changes its arguments",
            _kept,
            _unchanged,
            WHOLE,
            stubs=("forward", "gradients", "train"),
        ),
        Check(
            "no_loop",
            "Style",
            7,
            "NumPy loops over samples, not Python",
            lambda seed: LOOPS,
            _no_loop,
            ("forward", "gradients"),
            needs=("forward", "gradient_W1", "gradient_W2", "gradient_w3"),
            stubs=("forward", "gradients"),
        ),
    ),
    flat=True,
)
