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
    """The values alone first, then with a backward() from the loss; both again on a used Loss."""
    dice = generate.Dice(f"{seed}/again")
    again = tuple(
        _mse(numbers(dice, n), numbers(dice, n), backward=backward, used=True)
        for n, backward in ((3, False), (3, True))
    )
    return (*_mse_calls(seed, backward=False), *_mse_calls(seed, backward=True), *again)


def _mse_calls(seed: str, *, backward: bool) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    counts = (1, 2, 3, 7)
    return tuple(_mse(numbers(dice, n), numbers(dice, n), backward=backward) for n in counts)


def _mse(
    predictions: tuple[float, ...],
    targets: tuple[float, ...],
    *,
    backward: bool,
    used: bool = False,
) -> Call:
    """One loss; where the Loss is used, it has told that of two other predictions before."""
    tape, loss = tapes.mse_tape(predictions, targets)
    before = (
        "loss_fn = Loss()",
        "earlier = loss_fn.mse([ag.Scalar(1.5), ag.Scalar(-0.5)], np.array([0.25, 2.0]))",
    )
    lines = [
        "import numpy as np",
        *(before if used else ()),
        f"predictions = [{', '.join(f'ag.Scalar({p!r})' for p in predictions)}]",
        f"ynp = np.array([{', '.join(map(repr, targets))}])",
        f"loss = {'loss_fn' if used else 'Loss()'}.mse(predictions, ynp)",
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
    """zero_grad() on one parameter, then on four, and a second time on three."""
    dice = generate.Dice(seed)
    once = tuple(_zeroing(numbers(dice, n), numbers(dice, n)) for n in (1, 4))
    return (*once, _zeroing(numbers(dice, 3), numbers(dice, 3), numbers(dice, 3)))


def _zeroing(
    values: tuple[float, ...], grads: tuple[float, ...], second: tuple[float, ...] = ()
) -> Call:
    """One zeroing; where there are second gradients, they are zeroed by a second call."""
    again = (*_set(second), "optimizer.zero_grad()") if second else ()
    lines = (
        *_parameters(values, grads),
        "optimizer = Optimizer(parameters, lr=0.1)",
        "optimizer.zero_grad()",
        *again,
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
    """A step at several learning rates, one at the default; then a second step, and one of two.

    The other of the two has a parameter with a gradient, which must stay where it is.
    """
    dice = generate.Dice(seed)
    rates = ((1, 0.1), (3, round(dice.real(0.01, 0.5), 3)), (4, None))
    once = tuple(_update(numbers(dice, n), numbers(dice, n), lr) for n, lr in rates)
    values, grads = numbers(dice, 3), numbers(dice, 3)
    stepped = ("optimizer.step()", *_set(values, "value"), *_set(grads))
    again = _update(values, grads, 0.25, first=numbers(dice, 3), before=stepped)
    other = (f"still = ag.Scalar({STILL})", "still.grad = 2.0", "Optimizer([still], lr=0.5)")
    two = _update(numbers(dice, 2), numbers(dice, 2), 0.125, before=other, still=True)
    return (*once, again, two)


STILL = 1.0
"""The value of a parameter of another optimizer."""


def _update(
    values: tuple[float, ...],
    grads: tuple[float, ...],
    lr: float | None,
    first: tuple[float, ...] = (),
    before: tuple[str, ...] = (),
    *,
    still: bool = False,
) -> Call:
    """One step; without lr, the lecture's default of 0.01.

    Args:
        values: of the parameters, from which the step that is looked at starts.
        grads: their gradients in it.
        lr: the learning rate.
        first: gradients and values before the lines below, if they are others.
        before: lines that are run when the optimizer is there, before that step.
        still: whether they make a parameter of another optimizer, which is recorded too.
    """
    rate = 0.01 if lr is None else lr
    # To this optimizer's step, the other's parameter is one without a gradient.
    every = (*values, STILL) if still else values
    slopes = (*grads, 0.0) if still else grads
    recorded = "[*parameters, still]" if still else "parameters"
    tape, after = tapes.sgd_tape(every, slopes, rate)
    lines = (
        *_parameters(first or values, first or grads),
        f"optimizer = Optimizer(parameters{'' if lr is None else f', lr={lr!r}'})",
        *before,
        "optimizer.step()",
        f'record("after", -1, *[p.value for p in {recorded}])',
    )
    subjects = tuple(f"parameters[{i}].value" for i in range(len(values)))
    subjects += ("still.value",) if still else ()
    arguments = (("parameters", every), ("grads", slopes), ("lr", (rate,)))
    return Call("sgd", arguments, lines, tape, (Traced("after", subjects, after),))


def _parameters(values: tuple[float, ...], grads: tuple[float, ...]) -> tuple[str, ...]:
    return (
        f"parameters = [{', '.join(f'ag.Scalar({value!r})' for value in values)}]",
        *_set(grads),
    )


def _set(numbers: tuple[float, ...], name: str = "grad") -> tuple[str, ...]:
    """Lines that give each parameter its gradient, or its value."""
    told = ", ".join(map(repr, numbers))
    return f"for p, {name} in zip(parameters, [{told}]):", f"    p.{name} = {name}"
