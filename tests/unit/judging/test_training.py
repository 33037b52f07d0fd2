"""Training judged step by step and as a curve."""

import math
from dataclasses import replace

import pytest

from harness.assignments.lecture6.training import training as training_run
from harness.judging import training
from harness.records.errors import Disputed
from harness.records.observation import Fault, Observation, Quantity
from support.fake_engines import FakeOracles, Floats

START = (0.5, -0.4, 0.25, 0.3, 2.0, -1.5, 0.1)
SAMPLES = ((1.0, -2.0, 0.5), (0.5, 0.2, -0.3))
RUN = training_run(2, 7, START, *SAMPLES, 0.05, 4)
CURVE = training_run(2, 7, START, *SAMPLES, 0.05, 30, detailed=False)
steps = training.steps("the lecture")
ORACLES = FakeOracles(Floats("first"), Floats("second"))
FAULT = Fault("raised", "TypeError", "unsupported operand", "ag.py", 9)


def spoiled(program, name, epoch, change):
    """A right run, but for one quantity of one epoch."""
    return Observation(
        tuple(
            replace(q, values=tuple(change(v) for v in q.values))
            if (q.name, q.step) == (name, epoch)
            else q
            for q in Floats().run(program).quantities
        )
    )


def trained(program, update):
    """A run whose optimizer does what update says: parameter, gradient -> parameter."""
    start, seen = program.start, []
    for epoch in range(program.epochs):
        one = Floats().run(replace(program, start=start, epochs=1))
        start = tuple(map(update, start, one.numbers("grad", 0)))
        kept = {q.name: q for q in one.quantities} | {"after": Quantity("after", 0, start)}
        seen += [replace(q, step=epoch) for q in kept.values()]
    return Observation(tuple(seen))


def test_a_right_run_passes_step_by_step_and_as_a_curve():
    assert steps(RUN, Floats().run(RUN), ORACLES) is None
    assert training.curve(CURVE, Floats().run(CURVE), ORACLES) is None


@pytest.mark.parametrize("judge", [steps, training.curve])
def test_a_fault_is_the_problem_itself(judge):
    assert FAULT == judge(RUN, Observation(fault=FAULT), ORACLES)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("prediction", "output[0].value"),
        ("loss", "loss.value"),
        ("grad", "model.w1[0].grad"),
        ("after", "model.w1[0].value"),
    ],
)
@pytest.mark.parametrize("epoch", [0, 2])
def test_the_first_wrong_quantity_is_named_with_its_epoch(name, subject, epoch):
    actual = spoiled(RUN, name, epoch, lambda v: v * (1 + 1e-9))
    problem = steps(RUN, actual, ORACLES)

    assert (name, subject, epoch) == (problem.quantity, problem.subject, problem.epoch)
    assert ("first", "second") == problem.oracles


def test_gradients_that_were_not_zeroed_are_told_by_the_lecture():
    problem = steps(RUN, spoiled(RUN, "zeroed", 1, lambda v: 0.5), ORACLES)

    assert ("zeroed", 1, ("the lecture",), 0.0) == (
        problem.quantity,
        problem.epoch,
        problem.oracles,
        problem.expected,
    )


@pytest.mark.parametrize("at", [0, 3])
def test_a_parameter_that_is_no_number_is_told(at):
    right = Floats().run(RUN)
    values = [*right.numbers("before", 1)]
    values[at] = None
    rest = tuple(q for q in right.quantities if (q.name, q.step) != ("before", 1))
    actual = Observation((*rest, Quantity("before", 1, tuple(values), ("ndarray",) * 7)))
    problem = steps(RUN, actual, ORACLES)

    assert ("before", RUN.subjects("after")[at], 1, None, "ndarray") == (
        problem.quantity,
        problem.subject,
        problem.epoch,
        problem.actual,
        problem.actual_type,
    )


def test_a_run_that_recorded_nothing_is_told_from_its_first_epoch():
    problem = steps(RUN, Observation(), ORACLES)

    assert (0, "nothing") == (problem.epoch, problem.actual_type)


def test_each_step_is_judged_from_the_parameters_that_the_student_had():
    """Another start is not this check's business; a right step from there is right."""
    elsewhere = Floats().run(replace(RUN, start=tuple(p + 0.1 for p in RUN.start)))

    assert steps(RUN, elsewhere, ORACLES) is None


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(lambda p, g: p + RUN.lr * g, id="ascends"),
        pytest.param(lambda p, g: p - 0.01 * g, id="ignores lr"),
        pytest.param(lambda p, g: p, id="does nothing"),
        pytest.param(lambda p, g: p - RUN.lr * g * (1 + 1e-9), id="is off by 1e-9"),
    ],
)
def test_an_optimizer_that_is_wrong_is_told_at_its_first_step(update):
    problem = steps(RUN, trained(RUN, update), ORACLES)

    assert ("after", 0) == (problem.quantity, problem.epoch)


def test_the_fake_optimizer_that_is_right_passes():
    assert steps(RUN, trained(RUN, lambda p, g: p - RUN.lr * g), ORACLES) is None


@pytest.mark.parametrize("epoch", [0, 17, 29])
def test_a_loss_that_leaves_the_curve_is_told_at_its_first_epoch(epoch):
    actual = Observation(
        tuple(
            replace(q, values=(q.values[0] * (1 + 1e-8),)) if q.step >= epoch else q
            for q in Floats().run(CURVE).quantities
        )
    )
    problem = training.curve(CURVE, actual, ORACLES)

    assert ("loss.value", epoch, epoch) == (problem.subject, problem.step, problem.epoch)


def test_a_loss_within_the_tolerance_of_curves_passes():
    actual = spoiled(CURVE, "loss", 20, lambda v: v * (1 + 1e-10))

    assert training.curve(CURVE, actual, ORACLES) is None


class Drifting(Floats):
    """An oracle whose losses drift away from the others' by a relative amount."""

    drift = 0.0

    def run(self, program):
        right = super().run(program)
        return Observation(
            tuple(
                replace(q, values=(q.values[0] * (1 + self.drift * q.step),))
                for q in right.quantities
            )
        )


def test_the_tolerance_of_a_curve_grows_as_the_oracles_drift_apart():
    drifting = Drifting("second")
    drifting.drift = 1e-10
    actual = spoiled(CURVE, "loss", 29, lambda v: v * (1 + 1e-8))

    assert training.curve(CURVE, actual, ORACLES) is not None
    assert training.curve(CURVE, actual, FakeOracles(Floats("first"), drifting)) is None


def test_a_curve_on_which_the_oracles_part_is_disputed():
    drifting = Drifting("second")
    drifting.drift = 1e-6

    with pytest.raises(Disputed, match="part in loss at epoch"):
        training.curve(CURVE, Floats().run(CURVE), FakeOracles(Floats("first"), drifting))


def test_a_loss_that_is_not_a_number_is_never_right():
    actual = spoiled(CURVE, "loss", 5, lambda v: math.nan)

    assert 5 == training.curve(CURVE, actual, ORACLES).epoch


@pytest.mark.parametrize(
    "start",
    [
        pytest.param((1e160, 1.0, 1.0, 1.0), id="too large to square"),
        pytest.param((math.inf, 1.0, 1.0, -math.inf), id="infinities"),
    ],
)
def test_parameters_of_any_size_are_judged_and_no_error(start):
    run = training_run(1, 1, start, (1.0,), (0.5,), 0.1, 1)
    before = Quantity("before", 0, start)
    actual = Observation((Quantity("zeroed", 0, (0.0,) * 4), before))

    assert steps(run, actual, ORACLES) is not None
