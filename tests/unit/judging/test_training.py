"""Training judged step by step and as a curve."""

import math
from dataclasses import replace

import pytest

from harness.assignments.lecture6.training import training as training_run
from harness.judging import training
from harness.records.errors import Disputed
from harness.records.observation import Fault, Observation, Quantity
from support.bent import Bent, each, scaled
from support.fake_engines import FakeOracles, Floats

START = (0.5, -0.4, 0.25, 0.3, 2.0, -1.5, 0.1)
SAMPLES = ((1.0, -2.0, 0.5), (0.5, 0.2, -0.3))
RUN = training_run(2, 7, START, *SAMPLES, 0.05, 4)
CURVE = training_run(2, 7, START, *SAMPLES, 0.05, 30, detailed=False)
steps = training.steps("the lecture")
ORACLES = FakeOracles(Floats("first"), Floats("second"))
FAULT = Fault("raised", "TypeError", "unsupported operand", "ag.py", 9)


def trained(program, update):
    """A run whose optimizer does what update says: parameter, gradient -> parameter."""
    start, seen = program.start, []
    for epoch in range(program.epochs):
        one = Floats().run(replace(program, start=start, epochs=1))
        start = tuple(map(update, start, one.numbers("grad", 0)))
        kept = {q.name: q for q in one.quantities} | {"after": Quantity("after", 0, start)}
        seen += [replace(q, step=epoch) for q in kept.values()]
    return Observation(tuple(seen))


@pytest.mark.parametrize(
    "right",
    [
        pytest.param(Floats().run(RUN), id="a right run"),
        pytest.param(trained(RUN, lambda p, g: p - RUN.lr * g), id="a right optimizer"),
        pytest.param(
            Floats().run(replace(RUN, start=tuple(p + 0.1 for p in RUN.start))),
            id="right steps from another start, which is not this check's business",
        ),
    ],
)
def test_each_step_is_judged_from_the_parameters_that_the_student_had(right):
    assert steps(RUN, right, ORACLES) is None


@pytest.mark.parametrize("judge", [steps, training.curve])
def test_a_fault_is_the_problem_itself_and_nothing_is_told_from_its_first_epoch(judge):
    nothing = judge(RUN, Observation(), ORACLES)

    assert FAULT == judge(RUN, Observation(fault=FAULT), ORACLES)
    assert (0, "nothing") == (nothing.epoch, nothing.actual_type)


LECTURE, BOTH = ("the lecture",), ("first", "second")


@pytest.mark.parametrize(
    ("name", "subject", "oracles"),
    [
        ("zeroed", "model.w1[0].grad", LECTURE),
        ("prediction", "output[0].value", BOTH),
        ("loss", "loss.value", BOTH),
        ("grad", "model.w1[0].grad", BOTH),
        ("after", "model.w1[0].value", BOTH),
    ],
)
@pytest.mark.parametrize("epoch", [0, 2])
def test_the_first_wrong_quantity_is_named_with_its_epoch(name, subject, oracles, epoch):
    off = each(name, lambda number: number * (1 + 1e-9) or 0.5, {epoch})
    problem = steps(RUN, Bent(off).run(RUN), ORACLES)

    assert (name, subject, epoch) == (problem.quantity, problem.subject, problem.epoch)
    assert oracles == problem.oracles
    assert name != "zeroed" or problem.expected == 0.0


@pytest.mark.parametrize("at", [0, 3])
def test_a_parameter_that_is_no_number_is_told(at):
    def replaced(q):
        row = (*q.values[:at], None, *q.values[at + 1 :])
        meant = (q.name, q.step) == ("before", 1)
        return (replace(q, values=row, types=("ndarray",) * 7) if meant else q,)

    problem = steps(RUN, Bent(replaced).run(RUN), ORACLES)

    assert ("before", 1) == (problem.quantity, problem.epoch)
    assert RUN.subjects("after")[at] == problem.subject
    assert (None, "ndarray") == (problem.actual, problem.actual_type)


@pytest.mark.parametrize(
    "update",
    [
        lambda p, g: p + RUN.lr * g,
        lambda p, g: p - 0.01 * g,
        lambda p, g: p,
        lambda p, g: p - RUN.lr * g * (1 + 1e-9),
    ],
    ids=["ascends", "ignores lr", "does nothing", "is off by 1e-9"],
)
def test_an_optimizer_that_is_wrong_is_told_at_its_first_step(update):
    problem = steps(RUN, trained(RUN, update), ORACLES)

    assert ("after", 0) == (problem.quantity, problem.epoch)


@pytest.mark.parametrize(
    ("change", "epoch"),
    [
        *((scaled("loss", 1e-8, range(first, 30)), first) for first in (0, 17, 29)),
        (each("loss", lambda v: math.nan, {5}), 5),
        (scaled("loss", 1e-10, {20}), None),
        (scaled("loss", 0.0), None),
    ],
    ids=["at once", "later", "at its end", "is no number", "within the tolerance", "right"],
)
def test_a_loss_that_leaves_the_curve_is_told_at_its_first_epoch(change, epoch):
    problem = training.curve(CURVE, Bent(change).run(CURVE), ORACLES)

    assert epoch == (problem and problem.epoch)
    assert problem is None or ("loss.value", epoch) == (problem.subject, problem.step)


def drifting(by):
    """Oracles of which the second's losses drift away from the first's by a share an epoch."""
    second = Bent(lambda q: (replace(q, values=(q.values[0] * (1 + by * q.step),)),), name="second")
    return FakeOracles(Floats("first"), second)


def test_the_tolerance_of_a_curve_grows_as_the_oracles_drift_apart_until_they_dispute_it():
    actual = Bent(scaled("loss", 1e-8, {29})).run(CURVE)

    assert training.curve(CURVE, actual, ORACLES) is not None
    assert training.curve(CURVE, actual, drifting(1e-10)) is None
    with pytest.raises(Disputed, match="part in loss at epoch"):
        training.curve(CURVE, Floats().run(CURVE), drifting(1e-6))


@pytest.mark.parametrize(
    "start",
    [(1e160, 1.0, 1.0, 1.0), (math.inf, 1.0, 1.0, -math.inf)],
    ids=["too large to square", "infinities"],
)
def test_parameters_of_any_size_are_judged_and_no_error(start):
    run = training_run(1, 1, start, (1.0,), (0.5,), 0.1, 1)
    before = Quantity("before", 0, start)
    actual = Observation((Quantity("zeroed", 0, (0.0,) * 4), before))

    assert steps(run, actual, ORACLES) is not None
