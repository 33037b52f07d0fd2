"""The lecture's training loop: short runs step by step, longer ones as curves."""

from __future__ import annotations

from dataclasses import replace

from harness.assignments.lecture6.model import ALL, draws, names, numbers
from harness.assignments.lecture6.tapes import training_tape
from harness.programs import generate
from harness.records.program import Program, Traced, Training

CURVE_RATE = 0.02
"""Learning rate of the loss curve. At the lecture's 0.1 the loss of one start in thirty first
climbs above 1,000, where a rounding decides what follows; at 0.02 none of them climbs."""


ROWS = f"[{ALL}]"
SEEN = {
    "zeroed": f"*[p.grad for p in {ROWS}]",
    "before": f"*[p.value for p in {ROWS}]",
    "prediction": "*[p.value for p in output]",
    "loss": "loss.value",
    "grad": f"*[p.grad for p in {ROWS}]",
    "after": f"*[p.value for p in {ROWS}]",
}
"""What each quantity of an epoch is read off."""


def training(
    n_hidden: int,
    rng_seed: int,
    start: tuple[float, ...],
    inputs: tuple[float, ...],
    targets: tuple[float, ...],
    lr: float,
    epochs: int,
    *,
    detailed: bool = True,
) -> Training:
    """The lecture's loop for a model of so many hidden units.

    Args:
        n_hidden: hidden units.
        rng_seed: what the model is drawn from.
        start: its 3 * n_hidden + 1 parameters before the first epoch: w1, b1, w2, b2.
        inputs: a number for each sample.
        targets: what should come of each.
        lr: the learning rate.
        epochs: how often the loop runs.
        detailed: whether every step is recorded, not the loss alone.
    """
    before = (
        "import numpy as np",
        f"xnp = np.array([{', '.join(map(repr, inputs))}])",
        f"ynp = np.array([{', '.join(map(repr, targets))}])",
        f"model = Model(n_hidden={n_hidden}, rng_seed={rng_seed})",
        "loss_fn = Loss()",
        f"optimizer = Optimizer(model.parameters, lr={lr!r})",
    )
    each = (
        "optimizer.zero_grad()",
        *_records("zeroed", "before", detailed=detailed),
        "output = model.forward(xnp)",
        *_records("prediction", detailed=detailed),
        "loss = loss_fn.mse(output, ynp)",
        *_records("loss", detailed=True),
        "loss.backward()",
        *_records("grad", detailed=detailed),
        "optimizer.step()",
        *_records("after", detailed=detailed),
    )
    arguments = (("inputs", inputs), ("targets", targets))
    run = Training("mlp_training", arguments, before, each, start, lr, epochs)
    return _traced(run, n_hidden) if detailed else run


def _records(*quantities: str, detailed: bool) -> tuple[str, ...]:
    return tuple(f'record("{q}", epoch, {SEEN[q]})' for q in quantities if detailed)


def _traced(run: Training, n_hidden: int) -> Training:
    """The run with a tape of its first epoch."""
    tape, predictions, loss = training_tape(
        run.start, run.argument("inputs"), run.argument("targets")
    )
    step, _ = tape.backwards[0]
    spelled, every = names(n_hidden), tuple(range(len(run.start)))
    outputs = tuple(f"output[{i}].value" for i in range(len(predictions)))
    traced = (
        Traced("prediction", outputs, predictions),
        Traced("loss", ("loss.value",), (loss,)),
        Traced("grad", tuple(f"{name}.grad" for name in spelled), every, step),
        Traced("after", tuple(f"{name}.value" for name in spelled), every, step),
    )
    return replace(run, tape=tape, traced=traced)


def runs(seed: str) -> tuple[Program, ...]:
    """Short runs whose every step is recorded."""
    dice = generate.Dice(seed)
    sizes = ((1, 1, 3), (3, 4, 4))
    return tuple(_run(dice, n, samples, epochs) for n, samples, epochs in sizes)


def _run(dice: generate.Dice, n_hidden: int, samples: int, epochs: int) -> Training:
    rng_seed, lr = dice.whole(1, 9999), dice.pick((0.1, 0.05, 0.02))
    start, inputs = draws(n_hidden, rng_seed), numbers(dice, samples)
    return training(n_hidden, rng_seed, start, inputs, numbers(dice, samples), lr, epochs)


def curves(seed: str) -> tuple[Program, ...]:
    """A run of the lecture's width for a few epochs, and a small one for many.

    Together they do a thirtieth of the work of the lecture's own run. What shows only in a large
    graph shows in the first, what shows only after many epochs in the second.
    """
    dice = generate.Dice(seed)
    return tuple(_curve(dice, *sizes) for sizes in ((20, 10, 3), (4, 5, 30)))


def lecture_curve(seed: str) -> tuple[Program, ...]:
    """The lecture's own run: 20 hidden units, 20 samples, 100 epochs."""
    return (_curve(generate.Dice(seed), 20, 20, 100),)


def _curve(dice: generate.Dice, n_hidden: int, samples: int, epochs: int) -> Training:
    """A run whose loss alone is recorded: a smooth target on points in [-1, 1]."""
    a, b, c = dice.real(-1.0, 1.0), dice.real(-1.0, 1.0), dice.real(-0.5, 0.5)
    inputs = tuple(round(-1.0 + 2.0 * i / (samples - 1), 4) for i in range(samples))
    targets = tuple(round(a * x * x + b * x + c, 4) for x in inputs)
    rng_seed = dice.whole(1, 9999)
    start = draws(n_hidden, rng_seed)
    return training(n_hidden, rng_seed, start, inputs, targets, CURVE_RATE, epochs, detailed=False)
