"""Which classes of a module are neurons, layers or networks, and what they compute.

Stands beside the finder in a worker that is thrown away; imports nothing of adjudge. It answers
with words of its own, one row for each class: its kind, how it is made and called, how its
parameters are listed, its activations, how one output comes, and whether it zeroes gradients.
"""

import itertools
import math
import os
import runpy
import time

HERE = os.path.dirname(os.path.abspath(__file__))
_attempts = runpy.run_path(os.path.join(HERE, "attempts.py"))
quiet, brief, as_number = (_attempts[name] for name in ("quiet", "brief", "as_number"))

MOST_CLASSES = 24
MOST_OWNED = 500
"""Things that are looked into for nodes."""
MOST_SECONDS = 1.0
"""Of trying one class."""
INPUTS = ((0.75, -0.5), (-0.4, 0.9))
KINDS = (
    ("mlp", "list", (3, 2), lambda cls, sizes: cls(2, list(sizes))),
    ("mlp", "sizes", (3, 2), lambda cls, sizes: cls([2, *sizes])),
    ("mlp", "spread", (3, 2), lambda cls, sizes: cls(2, *sizes)),
    ("layer", "spread", (3,), lambda cls, sizes: cls(2, *sizes)),
    ("neuron", "spread", (1,), lambda cls, sizes: cls(2)),
)
"""Kind, form, outputs of each layer, and how a class of it is made for two inputs."""
CALLS = {"call": lambda net, x: net(x), "forward": lambda net, x: net.forward(x)}
ACTIVATIONS = {
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "linear": lambda z: z,
    "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z)),
}
LAYOUTS = ("weights_bias", "bias_weights", "weights_biases", "biases_weights", "weights")
"""By neuron, its weights then its bias or the other way round; by layer; without biases."""


def find(module, cls, make, value, end):
    """A row of words for each class that is one of these."""
    found = {}
    for name, thing in list(vars(module).items()):
        if not issubclass(type(thing), type) or thing is cls or time.monotonic() > end:
            continue
        if len(found) == MOST_CLASSES or not callable(brief(getattr, thing, "parameters", None)):
            continue
        row = brief(_row, thing, make, value, seconds=MOST_SECONDS)
        if row:
            found[f"net.{name}"] = " ".join(row)
    return found


def _row(cls, make, value):
    for kind, form, sizes, made in KINDS:
        for call, called in CALLS.items():
            net = quiet(made, cls, sizes)
            out = quiet(called, net, [make(number) for number in INPUTS[0]])
            if _outputs(out, value, kind) != sizes[-1]:
                continue
            layout, hidden, last = _computed(net, called, make, value, sizes, kind)
            if layout == "weights" and _owned(net, type(make(0.0))) > _count(net):
                layout = LAYOUTS[0]  # there are biases, and the list leaves them out
            single = _single(cls, made, called, make, sizes, kind)
            zeroes = callable(quiet(getattr, net, "zero_grad"))
            return kind, form, call, layout, hidden, last, single, "zeroes" if zeroes else "none"
    return None


def _outputs(out, value, kind):
    """How many nodes a call has returned; 0 where it is none of that kind."""
    if kind == "neuron":
        return 1 if as_number(quiet(getattr, out, value)) is not None else 0
    if not isinstance(out, (list, tuple)):
        return 0
    fine = all(as_number(quiet(getattr, node, value)) is not None for node in out)
    return len(out) if fine else 0


def _single(cls, made, called, make, sizes, kind):
    """Whether one output comes as a node or in a list."""
    if kind == "neuron":
        return "node"
    net = quiet(made, cls, (*sizes[:-1], 1))
    out = quiet(called, net, [make(number) for number in INPUTS[0]])
    return "list" if isinstance(out, (list, tuple)) else "node"


def _count(net):
    """How many parameters a network lists."""
    return len(list(itertools.islice(net.parameters(), MOST_OWNED)))


def _owned(net, node_type):
    """How many nodes a network holds in its attributes, its layers' included."""
    known, nodes, waiting = set(), 0, [net]
    while waiting and len(known) < MOST_OWNED:
        thing = waiting.pop()
        if id(thing) in known:
            continue
        known.add(id(thing))
        if isinstance(thing, node_type):
            nodes += 1
        elif isinstance(thing, (list, tuple)):
            waiting += thing
        else:
            waiting += (quiet(vars, thing) or {}).values()
    return nodes


# --- what it computes -------------------------------------------------------------------------


def _computed(net, called, make, value, sizes, kind):
    """The layout and the activations that give most of the numbers that it gives."""
    told = [
        (numbers, x, _told(net, called, make, value, numbers, x))
        for numbers in _settings(_count(net), sizes)
        for x in INPUTS
    ]
    best, chosen = 0, ("weights_bias", "other", "other")
    for hypothesis in _hypotheses(kind):
        right = sum(_same(out, _simulated(sizes, *hypothesis, *case)) for *case, out in told)
        if right > best:
            best, chosen = right, hypothesis
    return chosen


def _hypotheses(kind):
    hidden = ("linear",) if kind != "mlp" else ACTIVATIONS
    return list(itertools.product(LAYOUTS, hidden, ACTIVATIONS))


def _settings(count, sizes):
    """Parameters that tell hypotheses apart, right ones and those with one mistake."""
    spread = [round(0.9 * math.sin(3.7 * i + 1.0), 3) for i in range(count)]
    yield spread
    yield [round(0.8 * math.cos(2.3 * i), 3) for i in range(count)]
    yield [0.5] * count
    yield [-0.5] * count
    for layout in LAYOUTS[:-1]:
        biases = _biases(sizes, layout)
        yield [0.0 if i in biases else number for i, number in enumerate(spread)]


def _biases(sizes, layout):
    """The places of the biases."""
    places, at, inputs = set(), 0, 2
    for outputs in sizes:
        for j in range(outputs):
            places.add(at + _place(layout, j, inputs, inputs, outputs))
        at += outputs * (inputs + 1)
        inputs = outputs
    return places


def _place(layout, j, i, inputs, outputs):
    """Where weight i of neuron j stands in the list of a layer; i == inputs is its bias."""
    is_bias = i == inputs
    if layout == "weights":
        return j * inputs + i
    if layout == "weights_bias":
        return j * (inputs + 1) + i
    if layout == "bias_weights":
        return j * (inputs + 1) + (0 if is_bias else i + 1)
    if layout == "weights_biases":
        return outputs * inputs + j if is_bias else j * inputs + i
    return j if is_bias else outputs + j * inputs + i


def _told(net, called, make, value, numbers, x):
    """What a network gives for parameters that are put in."""
    for parameter, number in zip(net.parameters(), numbers, strict=True):
        setattr(parameter, value, number)
    out = called(net, [make(number) for number in x])
    nodes = out if isinstance(out, (list, tuple)) else [out]
    return [as_number(getattr(node, value)) for node in nodes]


def _simulated(sizes, layout, hidden, last, numbers, x):
    """What the hypothesis gives."""
    at, with_bias = 0, layout != "weights"
    for depth, outputs in enumerate(sizes):
        inputs = len(x)
        activation = ACTIVATIONS[last if depth == len(sizes) - 1 else hidden]
        size = outputs * (inputs + with_bias)
        own = numbers[at : at + size]
        if len(own) < size:
            return None
        row = []
        for j in range(outputs):
            z = sum(own[_place(layout, j, i, inputs, outputs)] * x[i] for i in range(inputs))
            z += own[_place(layout, j, inputs, inputs, outputs)] if with_bias else 0.0
            row.append(activation(z))
        at, x = at + size, row
    return x if at == len(numbers) else None


def _same(told, expected):
    if expected is None or told is None or len(told) != len(expected):
        return False
    pairs = zip(told, expected, strict=True)
    return all(a is not None and abs(a - b) <= 1e-6 * (1.0 + abs(b)) for a, b in pairs)
