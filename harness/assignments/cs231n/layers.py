"""cs231n_layers: affine, ReLU and softmax loss with their gradients, and a two-layer net.

The names and signatures are those of the course's own exercise; a cache is the student's affair.
"""

from __future__ import annotations

import numpy as np

from harness.authoring import Array, Assignment, Call, Draw, array_check

WEIGHTS = ("W1", "b1", "W2", "b2")
SIZES = ((1, 1, 1, 1), (1, 2, 1, 2), (2, 1, 3, 2), (2, 2, 2, 3), (3, 2, 2, 2), (4, 3, 1, 3))
"""Samples, two axes of each sample, outputs."""
FLAT = ((1, 1), (1, 3), (2, 2), (3, 2), (2, 4))
"""Samples and features, or classes."""
NETS = ((1, 2, 2, 2), (2, 3, 2, 2), (3, 2, 3, 3), (4, 3, 4, 3))
"""Samples, inputs, hidden units, classes."""


def flattened(x: Array) -> Array:
    """Each sample as a row."""
    return x.reshape(len(x), -1)


def affine_forward(draw: Draw, n: int, a: int, b: int, m: int) -> Call:
    """The outputs for samples of two axes."""
    x, w, bias = draw.array("x", n, a, b), draw.array("w", a * b, m), draw.array("b", m)
    out = flattened(x) @ w + bias
    return draw.run("out, cache = affine_forward(x, w, b)", out=out, **draw.inputs)


def affine_backward(draw: Draw, n: int, a: int, b: int, m: int) -> Call:
    """The gradients by all that went in, from the cache that the student's own forward made."""
    x, w, bias = draw.array("x", n, a, b), draw.array("w", a * b, m), draw.array("b", m)
    dout = draw.array("dout", n, m)
    dx, dw, db = (flattened(x) @ w + bias).vjp(dout, x, w, bias)
    return draw.run(
        "out, cache = affine_forward(x, w, b)",
        "dx, dw, db = affine_backward(dout, cache)",
        dx=dx,
        dw=dw,
        db=db,
    )


def relu_forward(draw: Draw, n: int, d: int) -> Call:
    """Each element, or 0."""
    out = draw.array("x", n, d).relu()
    return draw.run("out, cache = relu_forward(x)", out=out, **draw.inputs)


def relu_backward(draw: Draw, n: int, d: int) -> Call:
    """What passes where an element is positive; dout is of either sign."""
    x, dout = draw.array("x", n, d), draw.array("dout", n, d)
    (dx,) = x.relu().vjp(dout, x)
    return draw.run("out, cache = relu_forward(x)", "dx = relu_backward(dout, cache)", dx=dx)


def mean_loss(scores: Array, y: object) -> Array:
    """The mean of -log softmax(scores)[y]."""
    return (scores.logsumexp(1) - scores[np.arange(len(scores)), y]).mean()


def softmax_loss(draw: Draw, n: int, classes: int) -> Call:
    """The loss of moderate scores, and its gradient."""
    scores, y = draw.array("x", n, classes), draw.whole("y", n, below=classes)
    loss = mean_loss(scores, y)
    (dx,) = loss.gradients(scores)
    return draw.run("loss, dx = softmax_loss(x, y)", loss=loss, dx=dx, **draw.inputs)


def large_scores(draw: Draw, n: int, classes: int, apart: int = 0) -> Call:
    """The same of scores whose exponential overflows, and of such as vanish.

    Where they lie apart, one is far above all others: neither the mean of its row nor the largest
    of all rows may be taken off in the place of each row's own largest.
    """
    numbers = draw.numbers(n, classes, low=-1500.0, high=-1300.0 if apart else 1500.0)
    if apart:
        numbers[0, 0] *= -1.0
    scores = draw.given("x", numbers)
    y = draw.whole("y", n, below=classes)
    return draw.run("loss, dx = softmax_loss(x, y)", loss=mean_loss(scores, y))


def made(draw: Draw, n: int, d: int, h: int, c: int) -> tuple[tuple[str, ...], dict[str, Array]]:
    """The lines that make a net with stated parameters, and those; by default reg is 0."""
    arrays = {"X": draw.array("X", n, d)}
    shapes = {"W1": (d, h), "b1": (h,), "W2": (h, c), "b2": (c,)}
    arrays |= {name: draw.array(name, *shape) for name, shape in shapes.items()}
    put = (f'model.params["{name}"] = {name}' for name in WEIGHTS)
    reg = ", reg=0.5" if n > 1 else ""
    return (f"model = TwoLayerNet({d}, {h}, {c}{reg})", *put), arrays


def scored(arrays: dict[str, Array]) -> Array:
    """The scores of each sample."""
    hidden = (arrays["X"] @ arrays["W1"] + arrays["b1"]).relu()
    return hidden @ arrays["W2"] + arrays["b2"]


def initial(draw: Draw, d: int, h: int, c: int) -> Call:
    """The shapes of the parameters; biases of 0, weights that spread as they should."""
    scale = draw.given("scale", draw.dice.pick((0.01, 0.1)))
    shapes = {"W1": (d, h), "b1": (h,), "W2": (h, c), "b2": (c,)}
    return draw.run(
        f"params = TwoLayerNet({d}, {h}, {c}).params",
        f"scaled = TwoLayerNet({d}, {h}, {c}, weight_scale=scale).params",
        *(f'{name} = 0.0 * params["{name}"]' for name in ("W1", "W2")),
        *(f'{name} = params["{name}"]' for name in ("b1", "b2")),
        "def spread(params, scale):",
        '    ratios = [np.std(params[name]) / scale for name in ("W1", "W2")]',
        "    return 1.0 if 0.5 < min(ratios) and max(ratios) < 1.5 else max(ratios)",
        "default, stated = spread(params, 1e-3), spread(scaled, scale)",
        **{name: draw.constant(np.zeros(shape)) for name, shape in shapes.items()},
        default=draw.constant(1.0),
        stated=scale / scale,
    )


def scores(draw: Draw, *sizes: int) -> Call:
    """What loss gives without labels."""
    lines, arrays = made(draw, *sizes)
    return draw.run(*lines, "scores = model.loss(X)", scores=scored(arrays))


def loss(draw: Draw, *sizes: int) -> Call:
    """The data's loss and half of reg times the squares of all weights."""
    lines, arrays = made(draw, *sizes)
    y = draw.whole("y", sizes[0], below=sizes[-1])
    return draw.run(*lines, "loss, grads = model.loss(X, y)", loss=regularised(arrays, y))


def gradients(draw: Draw, *sizes: int) -> Call:
    """The gradient by each parameter, for other samples than the loss was last asked for."""
    lines, arrays = made(draw, *sizes)
    y = draw.whole("y", sizes[0], below=sizes[-1])
    by = regularised(arrays, y).gradients(*(arrays[name] for name in WEIGHTS))
    recorded = {f'grads["{name}"]': grad for name, grad in zip(WEIGHTS, by, strict=True)}
    first = "first = model.loss(2.0 * X, y)"
    return draw.run(*lines, first, "loss, grads = model.loss(X, y)", **recorded)


def regularised(arrays: dict[str, Array], y: object) -> Array:
    """The loss that a net minimises: without reg for a single sample, else with 0.5."""
    if len(arrays["X"]) == 1:
        return mean_loss(scored(arrays), y)
    squares = (arrays["W1"] ** 2).sum() + (arrays["W2"] ** 2).sum()
    return mean_loss(scored(arrays), y) + 0.25 * squares


LAYERS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward")
assignment = Assignment(
    name="cs231n_layers",
    title="CS231n: affine, ReLU and softmax loss with their gradients, and a two-layer net",
    checks=(
        array_check(
            *("affine_forward", "Affine", 10, "out is x w + b, each sample as a row"),
            *(affine_forward, SIZES),
            of="affine_forward",
        ),
        array_check(
            *("affine_backward", "Affine", 15, "dx, dw, db are the gradients, in their shapes"),
            *(affine_backward, SIZES),
            of="affine_backward",
            needs=("affine_forward",),
        ),
        array_check(
            *("relu_forward", "ReLU", 5, "out is x where x is positive, else 0"),
            *(relu_forward, FLAT),
            of="relu_forward",
        ),
        array_check(
            *("relu_backward", "ReLU", 10, "dx is dout where x is positive, else 0"),
            *(relu_backward, FLAT),
            of="relu_backward",
            needs=("relu_forward",),
        ),
        array_check(
            *("softmax_loss", "Softmax", 15, "loss and dx are those of the mean cross-entropy"),
            *(softmax_loss, FLAT),
            of="softmax_loss",
        ),
        array_check(
            *("large_scores", "Softmax", 5, "large scores do not overflow"),
            *(large_scores, (*FLAT, (2, 2, 1), (3, 4, 1))),
            of="softmax_loss",
        ),
        array_check(
            *("net_initial", "TwoLayerNet", 5, "parameters have their shapes; biases are 0"),
            *(initial, ((20, 15, 10), (8, 30, 5))),
            of="TwoLayerNet",
        ),
        array_check(
            *("net_scores", "TwoLayerNet", 10, "loss(X) gives the scores"),
            *(scores, NETS),
            of="TwoLayerNet",
            needs=("affine_forward", "relu_forward"),
        ),
        array_check(
            *("net_loss", "TwoLayerNet", 10, "loss adds reg / 2 times the squares of the weights"),
            *(loss, NETS),
            of="TwoLayerNet",
            needs=("net_scores", "softmax_loss"),
        ),
        array_check(
            *("net_gradients", "TwoLayerNet", 15, "grads has the gradient by each parameter"),
            *(gradients, NETS),
            of="TwoLayerNet",
            needs=(*LAYERS, "softmax_loss", "net_loss"),
        ),
    ),
    groups=(LAYERS[:2], LAYERS[2:]),
)
