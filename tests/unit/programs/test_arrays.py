"""The mathematics of arrays on a tape is NumPy's, and what is drawn is what is run."""

import numpy as np
import pytest

from harness.judging.calculus import observe
from harness.programs import drawn
from harness.programs.arrays import Array, concatenate, conv2d, matmul, stack, where
from harness.programs.drawn import Draw, Sized
from harness.records.errors import UsageError

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])
Y = np.array([[1.0, 2.0, -3.0], [0.5, -0.5, 4.0]])


def softmax(x, axis):
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def convolved(x, w, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size = (x.shape[2] - w.shape[2]) // stride + 1
    out = np.zeros((len(x), len(w), size, size))
    for (n, f, i, j), _ in np.ndenumerate(out):
        a, b = i * stride, j * stride
        out[n, f, i, j] = np.sum(x[n, :, a : a + w.shape[2], b : b + w.shape[3]] * w[f])
    return out


IMAGE, FILTERS = np.sin(np.arange(18.0)).reshape(1, 2, 3, 3), np.cos(np.arange(24.0))
FILTERS = FILTERS.reshape(3, 2, 2, 2)
BATCHES = np.sin(np.arange(24.0)).reshape(2, 3, 4)
OPERATIONS = {
    "add": (lambda x, y: x + y, None),
    "subtract a row": (lambda x, y: x - y[0], None),
    "a number on the left": (lambda x, y: 2.0 - x * 3.0, None),
    "an array of numbers on the left": (lambda x, y: Y * x, None),
    "divide by a column": (lambda x, y: x / y[:, :1], None),
    "one over": (lambda x, y: 1.0 / y, None),
    "negate": (lambda x, y: -x, None),
    "square": (lambda x, y: x**2, None),
    "product of matrices": (lambda x, y: x @ y.T, None),
    "product with a vector": (lambda x, y: x @ y[0], None),
    "a vector with a product": (lambda x, y: y[:, 0] @ x, None),
    "inner product": (lambda x, y: x[0] @ y[1], None),
    "numbers times an array": (lambda x, y: Y.T @ x, None),
    "sum": (lambda x, y: x.sum(), None),
    "sum by rows": (lambda x, y: x.sum(1), None),
    "sum by columns, axis kept": (lambda x, y: x.sum(axis=0, keepdims=True), None),
    "mean by the last axis": (lambda x, y: x.mean(-1), None),
    "mean of both axes": (lambda x, y: x.mean((0, 1)), None),
    "max": (lambda x, y: x.max(axis=1, keepdims=True), None),
    "reshape": (lambda x, y: x.reshape(3, -1), None),
    "an element of each row": (lambda x, y: x[np.arange(2), np.array([2, 0])], None),
    "a slice": (lambda x, y: x[:, ::-1][1:], None),
    "exp": (lambda x, y: x.exp(), lambda x, y: np.exp(x)),
    "log": (lambda x, y: (x * x).log(), lambda x, y: np.log(x * x)),
    "tanh": (lambda x, y: x.tanh(), lambda x, y: np.tanh(x)),
    "sigmoid": (lambda x, y: x.sigmoid(), lambda x, y: 1.0 / (1.0 + np.exp(-x))),
    "softplus": (lambda x, y: x.softplus(), lambda x, y: np.logaddexp(0.0, x)),
    "softplus of large ones": (lambda x, y: (900 * x * x).softplus(), lambda x, y: 900 * x * x),
    "relu": (lambda x, y: x.relu(), lambda x, y: np.maximum(x, 0.0)),
    "sqrt": (lambda x, y: (x * x).sqrt(), lambda x, y: np.abs(x)),
    "maximum": (lambda x, y: x.maximum(y), lambda x, y: np.maximum(x, y)),
    "broadcast": (lambda x, y: x[:1].broadcast(4, 3), lambda x, y: np.broadcast_to(x[:1], (4, 3))),
    "softmax": (lambda x, y: x.softmax(axis=1), lambda x, y: softmax(x, 1)),
    "softmax by columns": (lambda x, y: x.softmax(axis=0), lambda x, y: softmax(x, 0)),
    "logsumexp": (lambda x, y: x.logsumexp(), lambda x, y: np.log(np.exp(x).sum(-1))),
    "logsumexp of large ones": (
        lambda x, y: (x + 1000.0).logsumexp(0, keepdims=True),
        lambda x, y: np.log(np.exp(x).sum(0, keepdims=True)) + 1000.0,
    ),
    "where": (lambda x, y: where(Y > 0.0, x, y), lambda x, y: np.where(Y > 0.0, x, y)),
    "concatenate": (lambda x, y: concatenate([x, y], 1), lambda x, y: np.concatenate([x, y], 1)),
    "stack": (lambda x, y: stack([x, y], -1), lambda x, y: np.stack([x, y], -1)),
}


def array(draw, values):
    return draw.given("x", values)


@pytest.mark.parametrize(("ours", "numpys"), OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_on_arrays_is_numpys(ours, numpys):
    draw = Draw("1")
    found = ours(array(draw, X), array(draw, Y))
    wanted = np.asarray((numpys or ours)(X, Y))

    assert isinstance(found, Array)
    assert wanted.shape == found.shape
    np.testing.assert_allclose(found.values, wanted, rtol=1e-14)


@pytest.mark.parametrize("other", [BATCHES[0].T, BATCHES.transpose(0, 2, 1)])
def test_stacks_of_matrices_are_multiplied_one_by_one(other):
    draw = Draw("1")
    found = matmul(array(draw, BATCHES), array(draw, other))

    np.testing.assert_allclose(found.values, BATCHES @ other, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 1)])
def test_a_convolution_is_that_of_four_loops(stride, pad):
    draw = Draw("1")
    found = conv2d(array(draw, IMAGE), array(draw, FILTERS), stride, pad)

    np.testing.assert_allclose(found.values, convolved(IMAGE, FILTERS, stride, pad), rtol=1e-12)


def test_a_vjp_is_the_derivative_of_the_sum_with_what_comes_from_above():
    def make(draw, n, d, m):
        x, w, b = draw.array("x", n, d), draw.array("w", d, m), draw.array("b", m)
        dout = draw.array("dout", n, m)
        dx, dw, db = (x @ w + b).vjp(dout, x, w, b)
        return draw.run("...", dx=dx, dw=dw, db=db)

    (call,) = Sized(make, (2, 3, 4))("577")
    shapes = {"x": (2, 3), "w": (3, 4), "dout": (2, 4)}
    x, w, dout = (np.array(call.argument(n)).reshape(shape) for n, shape in shapes.items())
    said = observe(call)

    for name, wanted in (("dx", dout @ w.T), ("dw", x.T @ dout), ("db", dout.sum(0))):
        np.testing.assert_allclose(said.numbers(name), wanted.ravel(), rtol=1e-14)


def test_a_gradient_of_many_numbers_and_a_program_that_records_nothing_are_refused():
    with pytest.raises(UsageError, match=r"has the shape \(2, 3\): take its sum, or vjp"):
        array(Draw("1"), X).gradients()
    with pytest.raises(UsageError, match="records nothing"):
        Draw("1").run("softmax(x)")


def scaled(draw, n):
    x, y = draw.array("x", n), draw.whole("y", n, below=3)
    return draw.run("z = twice(x)", z=x * 2.0, **{"x[0]": x[0] + 0.0 * y[0]})


def test_a_program_is_plain_numpy_that_records_type_shape_dtype_and_numbers():
    (call,) = Sized(scaled, (2,))("577")
    recorded, room = {}, {"twice": lambda x: 2 * x}
    room["record"] = lambda name, step, *values: recorded.setdefault(name, values)

    exec("\n".join(call.lines), room)

    assert "z = twice(x)" == call.lines[3]
    assert (2,) == recorded["z.shape"]
    assert observe(call).numbers("z") == recorded["z"]
    assert observe(call).numbers("x[0]") == recorded["x[0]"]


def test_smaller_programs_come_smallest_first_and_with_plainer_numbers():
    sized = Sized(scaled, (1,), (3,))
    smaller = list(sized.smaller(sized("577")[-1]))
    plain = smaller[-1].argument("x")

    assert [1.0, 1.0, 2.0, 2.0, 3.0] == [one.argument(drawn.SIZES)[0] for one in smaller]
    assert plain == tuple(round(x, 1) for x in plain)


def test_numbers_are_drawn_again_until_they_are_inside_the_domain():
    (call,) = Sized(lambda draw, n: draw.run("...", y=draw.array("x", n).log()), (3,))("577")

    assert min(call.argument("x")) > 0.0


@pytest.mark.parametrize(
    ("wrong", "problem", "says"),
    [
        (lambda x: (x - x).relu(), UsageError, r"the size \(2,\) something is always at a kink"),
        (lambda x: (-x * x).log(), ValueError, "math domain error"),
        (lambda x: x + np.zeros(3), ValueError, "shape mismatch"),
    ],
)
def test_an_author_hears_why_no_draw_is_of_use(wrong, problem, says):
    with pytest.raises(problem, match=says):
        Sized(lambda draw, n: draw.run("...", y=wrong(draw.array("x", n))), (2,))("577")
