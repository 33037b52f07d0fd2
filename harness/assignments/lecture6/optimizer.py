"""The lecture's Loss and Optimizer: a mean squared error, zeroing, a step."""

from __future__ import annotations

from harness.assignments.lecture6 import tapes
from harness.assignments.lecture6.model import NOTHING, numbers
from harness.judging import compare
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Program, Traced
from harness.records.verdict import Problem


def losses(seed: str) -> tuple[Program, ...]:
    """The values alone first, then with a backward() from the loss."""
    return (*_mse_calls(seed, backward=False), *_mse_calls(seed, backward=True))


def _mse_calls(seed: str, *, backward: bool) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    counts = (1, 2, 3, 7)
    return tuple(_mse(numbers(dice, n), numbers(dice, n), backward=backward) for n in counts)


def _mse(predictions: tuple[float, ...], targets: tuple[float, ...], *, backward: bool) -> Call:
    tape, loss = tapes.mse_tape(predictions, targets)
    lines = [
        "import numpy as np",
        f"predictions = [{', '.join(f'ag.Scalar({p!r})' for p in predictions)}]",
        f"ynp = np.array([{', '.join(map(repr, targets))}])",
        "loss = Loss().mse(predictions, ynp)",
        'record("loss", -1, loss.value)',
    ]
    traced = [Traced("loss", ("loss.value",), (loss,))]
    if backward:
        lines += ["loss.backward()", 'record("grad", -1, *[p.grad for p in predictions])']
        every = tuple(range(len(predictions)))
        grads = tuple(f"predictions[{i}].grad" for i in every)
        traced.append(Traced("grad", grads, every, len(tape.steps)))
        tape = tapes.backward_from(tape, loss)
    arguments = (("predictions", predictions), ("targets", targets))
    return Call("mse", arguments, tuple(lines), tape, tuple(traced))


def zeroings(seed: str) -> tuple[Program, ...]:
    """zero_grad() on one parameter, then on four."""
    dice = generate.Dice(seed)
    return tuple(_zeroing(numbers(dice, n), numbers(dice, n)) for n in (1, 4))


def _zeroing(values: tuple[float, ...], grads: tuple[float, ...]) -> Call:
    lines = (
        *_parameters(values, grads),
        "optimizer = Optimizer(parameters, lr=0.1)",
        "optimizer.zero_grad()",
        'record("grad", -1, *[p.grad for p in parameters])',
        'record("value", -1, *[p.value for p in parameters])',
    )
    return Call("zero_grad", (("values", values),), lines, NOTHING, ())


def zeroed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first gradient that is not 0, or value that has changed."""
    assert isinstance(program, Call), "an optimizer is called"
    if actual.fault is not None:
        return actual.fault
    values = program.argument("values")
    grads = [f"parameters[{i}].grad" for i in range(len(values))]
    zeros = (0.0,) * len(values)
    subjects = [f"parameters[{i}].value" for i in range(len(values))]
    wrong = compare.stated(actual, "grad", grads, zeros, "the lecture")
    return wrong or compare.stated(actual, "value", subjects, values, "the lecture")


def updates(seed: str) -> tuple[Program, ...]:
    """A step at several learning rates, the last at the default."""
    dice = generate.Dice(seed)
    rates = ((1, 0.1), (3, round(dice.real(0.01, 0.5), 3)), (4, None))
    return tuple(_update(numbers(dice, n), numbers(dice, n), lr) for n, lr in rates)


def _update(values: tuple[float, ...], grads: tuple[float, ...], lr: float | None) -> Call:
    """One step; without lr, the lecture's default of 0.01."""
    rate = 0.01 if lr is None else lr
    tape, after = tapes.sgd_tape(values, grads, rate)
    lines = (
        *_parameters(values, grads),
        f"optimizer = Optimizer(parameters{'' if lr is None else f', lr={lr!r}'})",
        "optimizer.step()",
        'record("after", -1, *[p.value for p in parameters])',
    )
    subjects = tuple(f"parameters[{i}].value" for i in range(len(values)))
    arguments = (("parameters", values), ("grads", grads), ("lr", (rate,)))
    return Call("sgd", arguments, lines, tape, (Traced("after", subjects, after),))


def _parameters(values: tuple[float, ...], grads: tuple[float, ...]) -> tuple[str, ...]:
    return (
        f"parameters = [{', '.join(f'ag.Scalar({value!r})' for value in values)}]",
        f"for p, grad in zip(parameters, [{', '.join(map(repr, grads))}]):",
        "    p.grad = grad",
    )
