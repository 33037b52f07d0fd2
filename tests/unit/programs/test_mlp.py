"""The MLP as a tape: the same numbers as the formulas, and bounds that right engines keep."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6 import tapes
from harness.assignments.lecture6.training import training as training_run
from harness.programs.tolerance import radii
from harness.programs.training import radius
from harness.records.program import Apply, Backward
from support.fake_engines import Floats


def training(seed, lr=0.05):
    dice = random.Random(seed)
    hidden, samples = dice.randint(1, 4), dice.randint(1, 5)
    start = tuple(dice.gauss(0, 1) for _ in range(3 * hidden + 1))
    inputs = tuple(dice.uniform(-2, 2) for _ in range(samples))
    targets = tuple(dice.uniform(-2, 2) for _ in range(samples))
    return training_run(hidden, 1, start, inputs, targets, lr, 1)


RUN = training_run(1, 1, (0.5, 0.25, 2.0, 1.0), (1.0, 2.0), (0.5, 0.0), 0.1, 1)


def test_the_tapes_of_mse_and_of_a_step_compute_them_and_a_sum_is_one_node():
    mse, loss = tapes.mse_tape((1.0, 2.0, 5.0), (0.0, 4.0, 5.0))
    step, nodes = tapes.sgd_tape((1.0, 2.0), (10.0, -4.0), 0.25)
    forward, _ = tapes.forward_tape((0.1,) * 10, (1.0,))
    moved = Floats().run(step).numbers("value")

    assert 5.0 / 3.0 == pytest.approx(Floats().run(mse).numbers("value")[loss])
    assert (*mse.steps, Backward(loss)) == tapes.backward_from(mse, loss).steps
    assert [-1.5, 3.0] == [moved[i] for i in nodes]
    assert 1 == sum(isinstance(s, Apply) and s.op == "sum" for s in forward.steps)


def test_each_quantity_of_an_epoch_is_traced_with_the_spelling_of_each_number():
    traced = {t.quantity: t.subjects for t in RUN.traced}

    assert ["prediction", "loss", "grad", "after"] == list(traced)
    assert ("output[0].value", "output[1].value") == traced["prediction"]
    assert ("loss.value",) == traced["loss"]
    assert ("model.b1[0].grad", "model.b2[0].value") == (traced["grad"][1], traced["after"][3])
    # What is moved is off by a few roundings.
    assert all(0.0 < r < 1e-13 for r in radius(RUN, RUN.traced[-1]))


@given(st.integers(0, 10**6), st.floats(0.001, 1.0))
@settings(max_examples=80)
def test_the_tape_of_an_epoch_and_its_formulas_agree_within_the_radius_of_every_quantity(seed, lr):
    run = training(seed, lr)
    nodes, (loss,) = (traced.nodes for traced in run.traced[:2])
    ((step, root),) = run.tape.backwards
    assume(radii(run.tape).decided)
    one, other = Floats().run(run), Floats(seed=f"{seed}").run(run.tape)
    values, grads = other.numbers("value"), other.numbers("grad", step)
    told = {
        "prediction": [values[i] for i in nodes],
        "loss": [values[loss]],
        "grad": list(grads[: len(run.start)]),
        "after": [p + -run.lr * g for p, g in zip(run.start, grads, strict=False)],
    }
    assert loss == root
    for traced in run.traced:
        row = (one.numbers(traced.quantity, 0), told[traced.quantity], radius(run, traced))
        assert all(abs(a - b) <= 2 * r for a, b, r in zip(*row, strict=True))
