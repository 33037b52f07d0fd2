"""Each function that the lecture builds attention from, alone."""

from __future__ import annotations

from collections.abc import Callable

from harness.assignments.attention.draw import LAYOUTS, Draw, Sizes, called, each, traced
from harness.programs.tape import Tape, Vector, flat, transposed
from harness.records.program import Call, Program


def keys(draw: Draw, s: Sizes) -> Call:
    """Each word times W2."""
    x, w = draw.numbers("X", s.n, s.context, s.features), draw.numbers("W2", s.features, s.reduced)
    tape = Tape()
    rows, columns = tape.matrix(x, s.features), transposed(tape.matrix(w, s.reduced))
    nodes = tuple(tape.dot(row, column) for row in rows for column in columns)
    told = traced(tape, "keys", (s.n, s.context, s.reduced), nodes)
    return called("keys", draw, ("keys = Keys(X, W2)",), tape.finished(), told)


def queries(draw: Draw, s: Sizes) -> Call:
    """The last word of each context times W1."""
    x, w = draw.numbers("X", s.n, s.context, s.features), draw.numbers("W1", s.features, s.reduced)
    tape = Tape()
    rows, columns = tape.matrix(x, s.features), transposed(tape.matrix(w, s.reduced))
    nodes = tuple(
        tape.dot(row, column) for row in rows[s.context - 1 :: s.context] for column in columns
    )
    told = traced(tape, "q", (s.n, s.reduced), nodes)
    return called("queries", draw, ("q = queries(X, W1)",), tape.finished(), told)


def scores(draw: Draw, s: Sizes) -> Call:
    """Each key times its sample's query."""
    keys = draw.numbers("keys", s.n, s.context, s.reduced)
    asked = draw.numbers("q", s.n, s.reduced)
    tape = Tape()
    rows, asking = tape.matrix(keys, s.reduced), tape.matrix(asked, s.reduced)
    nodes = tuple(tape.dot(row, asking[i // s.context]) for i, row in enumerate(rows))
    told = traced(tape, "Kq", (s.n, s.context), nodes)
    return called("scores", draw, ("Kq = scores(keys, q)",), tape.finished(), told)


def softmaxes(seed: str) -> tuple[Program, ...]:
    """Moderate scores, then such as overflow exp, or vanish where no row's largest is taken off."""
    large = []
    for signs in ((1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)):
        draw = Draw(f"{seed}/large {signs}")
        thrice = (sign for sign in signs for _ in range(3))
        scores = tuple(sign * round(draw.dice.real(800.0, 1500.0), 1) for sign in thrice)
        large.append(_softmax_of(draw, Sizes(2, 3, 1, 1), draw.put("Kq", (2, 3), scores)))
    return (*each(softmax, *LAYOUTS)(seed), *large)


def softmax(draw: Draw, s: Sizes) -> Call:
    """The softmax of moderate scores."""
    return _softmax_of(draw, s, draw.numbers("Kq", s.n, s.context, scale=1.5))


def _softmax_of(draw: Draw, s: Sizes, scores: tuple[float, ...]) -> Call:
    tape = Tape()
    nodes = flat(tuple(tape.softmax(row) for row in tape.matrix(scores, s.context)))
    told = traced(tape, "p", (s.n, s.context), nodes)
    return called("softmax", draw, ("p = softmaxKq(Kq)",), tape.finished(), told)


def _weights(draw: Draw, s: Sizes) -> tuple[float, ...]:
    """Rows of positive numbers that sum to 1 but for rounding."""
    drawn = [[draw.dice.real(0.1, 1.0) for _ in range(s.context)] for _ in range(s.n)]
    return draw.put(
        "p", (s.n, s.context), tuple(round(x / sum(row), 4) for row in drawn for x in row)
    )


def matrices(
    name: str, function: str, entry: Callable[[Tape, Vector, int, int], int]
) -> Callable[[Draw, Sizes], Call]:
    """A program for a function that makes a matrix of each sample's softmax."""

    def make(draw: Draw, s: Sizes) -> Call:
        tape = Tape()
        rows = tape.matrix(_weights(draw, s), s.context)
        places = range(s.context)
        nodes = tuple(entry(tape, row, i, j) for row in rows for i in places for j in places)
        told = traced(tape, name, (s.n, s.context, s.context), nodes)
        return called(function, draw, (f"{name} = {function}(p)",), tape.finished(), told)

    return make


def diagonal(tape: Tape, p: Vector, i: int, j: int) -> int:
    """An element of the matrix with p on its diagonal."""
    return tape.scaled(1.0, p[i]) if i == j else tape.leaf(0.0)


def product(tape: Tape, p: Vector, i: int, j: int) -> int:
    """An element of the outer product of p with itself."""
    return tape.apply("mul", p[i], p[j])


def jacobian(tape: Tape, p: Vector, i: int, j: int) -> int:
    """An element of the diagonal matrix minus the outer product."""
    minus = tape.scaled(-1.0, product(tape, p, i, j))
    return tape.apply("add", p[i], minus) if i == j else minus


def moved(draw: Draw, s: Sizes) -> Call:
    """X with its last two axes swapped, times D."""
    x = draw.numbers("X", s.n, s.context, s.features)
    matrix = draw.numbers("D", s.n, s.context, s.context)
    tape = Tape()
    words, rows = tape.matrix(x, s.features), tape.matrix(matrix, s.context)
    nodes: list[int] = []
    for k in range(s.n):
        here = slice(k * s.context, (k + 1) * s.context)
        nodes += [tape.dot(f, c) for f in transposed(words[here]) for c in transposed(rows[here])]
    told = traced(tape, "a", (s.n, s.features, s.context), tuple(nodes))
    return called("moved", draw, ("a = A(X, D)",), tape.finished(), told)
