"""The lecture's training loop: short runs step by step, a long one as a curve."""

from __future__ import annotations

from harness.assignments.lecture6.model import draws, numbers
from harness.programs import generate
from harness.records.program import Program, Training

CURVE_RATE = 0.02
"""Learning rate of the loss curve. At the lecture's 0.1 the loss of one start in thirty first
climbs above 1,000, where a rounding decides what follows; at 0.02 none of them climbs."""


def runs(seed: str) -> tuple[Program, ...]:
    """Short runs whose every step is recorded."""
    dice = generate.Dice(seed)
    sizes = ((1, 1, 3), (3, 4, 4))
    return tuple(_run(dice, n, samples, epochs) for n, samples, epochs in sizes)


def _run(dice: generate.Dice, n_hidden: int, samples: int, epochs: int) -> Training:
    rng_seed, lr = dice.whole(1, 9999), dice.pick((0.1, 0.05, 0.02))
    start, inputs = draws(n_hidden, rng_seed), numbers(dice, samples)
    return Training(n_hidden, rng_seed, start, inputs, numbers(dice, samples), lr, epochs)


def curves(seed: str) -> tuple[Program, ...]:
    """The lecture's loop: 20 hidden units, 100 epochs; a smooth target on 20 points in [-1, 1]."""
    dice = generate.Dice(seed)
    a, b, c = dice.real(-1.0, 1.0), dice.real(-1.0, 1.0), dice.real(-0.5, 0.5)
    inputs = tuple(round(-1.0 + i / 9.5, 4) for i in range(20))
    targets = tuple(round(a * x * x + b * x + c, 4) for x in inputs)
    rng_seed = dice.whole(1, 9999)
    start = draws(20, rng_seed)
    return (Training(20, rng_seed, start, inputs, targets, CURVE_RATE, 100, detailed=False),)
