"""micrograd: an engine of scalars, the network on it, and the exercises that go with them.

The engine and the network are judged by the checks of scalar_engine and scalar_network, under
micrograd's own names; softmax and the negative log likelihood by programs of arrays.
"""

from __future__ import annotations

from dataclasses import replace

from harness.assignments.engine import graphs
from harness.assignments.engine.dialects import MICROGRAD as ENGINE
from harness.assignments.engine.dialects import NETWORKS
from harness.assignments.engine.engine import assignment as engine
from harness.assignments.network.network import assignment as network
from harness.authoring import (
    Array,
    Assignment,
    Call,
    Check,
    Draw,
    Operation,
    Program,
    Zero,
    array_check,
    compare,
)

NAMES = ("Value", "Neuron", "Layer", "MLP", "softmax", "negative_log_likelihood")
MICROGRAD = replace(
    ENGINE,
    operations=(*ENGINE.operations, *map(Operation, ("exp", "log", "tanh"))),
    networks=NETWORKS,
    imports=f"from {{module}} import {', '.join(NAMES)}",
)
"""The engine of the exercises: with exp, log and tanh, and numbers on either side."""
BASE = ("add", "mul", "pow", "exp", "log", "div", "neg")
"""What the exercises are made of."""
SIZES = ((1,), (2,), (3,), (4,), (6,))


def engine_checks() -> tuple[Check, ...]:
    """Those of scalar_engine whose operations micrograd has."""
    assert engine.fitted is not None, "an engine is judged in its dialect"
    fitted = engine.fitted(replace(engine, finds=False), MICROGRAD).checks
    return tuple(replace(check, names=("Value",)) for check in fitted if not check.absent)


def walked_again(seed: str) -> tuple[Program, ...]:
    """Random graphs, each walked twice from its output, and zeroed in between."""
    return tuple(
        replace(p, steps=(*p.steps, Zero(tuple(range(len(p.nodes)))), p.steps[-1]))
        for p in graphs.random_of(("add", "mul"), seed)
    )


def network_checks() -> tuple[Check, ...]:
    """Those of scalar_network; what the engine does wrong is told there."""
    assert network.fitted is not None, "a network is judged in its dialect"
    fitted = network.fitted(replace(network, finds=False), MICROGRAD).checks
    return tuple(
        replace(
            c, name=f"net_{c.name}", needs=(*("add", "mul", "relu"), *map("net_{}".format, c.needs))
        )
        for c in fitted
    )


def logits_of(draw: Draw, n: int) -> tuple[Array, str]:
    """Scores, and the line that makes nodes of them."""
    return draw.array("x", n), "logits = [Value(float(number)) for number in x]"


def softmax(draw: Draw, n: int) -> Call:
    """The probabilities of some scores."""
    x, made = logits_of(draw, n)
    lines = (made, "probs = softmax(logits)", "p = np.array([float(q.data) for q in probs])")
    return draw.run(*lines, p=x.softmax())


def likelihood(draw: Draw, n: int) -> Call:
    """The loss of a label."""
    x, made = logits_of(draw, n)
    label = int(draw.whole("label", below=n))
    loss = x.logsumexp() - x[label]
    return draw.run(
        made,
        "loss = negative_log_likelihood(logits, label)",
        **{"float(loss.data)": loss},
    )


def likelihood_gradient(draw: Draw, n: int) -> Call:
    """The gradient of the loss by each score."""
    x, made = logits_of(draw, n)
    label = int(draw.whole("label", below=n))
    (dx,) = (x.logsumexp() - x[label]).gradients(x)
    return draw.run(
        made,
        "negative_log_likelihood(logits, label).backward()",
        "dx = np.array([float(logit.grad) for logit in logits])",
        dx=dx,
    )


assignment = Assignment(
    name="micrograd",
    title="micrograd: an engine of scalars, a network on it, and the exercises",
    checks=(
        *engine_checks(),
        Check(
            *("again", "graphs", 2, "a graph is walked once more after its gradients are zeroed"),
            *(walked_again, compare.gradients, ("Value",)),
            needs=("add", "mul", "random"),
        ),
        array_check(
            *("softmax", "exercises", 8, "softmax(logits) is exp(logit) over the sum of all"),
            *(softmax, SIZES),
            of="softmax",
            needs=BASE,
        ),
        array_check(
            *("likelihood", "exercises", 8, "the loss is -log of the label's probability"),
            *(likelihood, SIZES),
            of="negative_log_likelihood",
            needs=(*BASE, "softmax"),
        ),
        array_check(
            *("likelihood_gradient", "exercises", 8, "backward() gives p - 1 at the label, else p"),
            *(likelihood_gradient, SIZES),
            of="negative_log_likelihood",
            needs=(*BASE, "softmax", "likelihood"),
        ),
        *network_checks(),
    ),
    words=engine.words,
    dialect=MICROGRAD,
    fitted=lambda base, dialect: base,
    total=100,
)
