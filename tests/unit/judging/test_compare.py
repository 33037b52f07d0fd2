"""The judgement of floats: who agrees, what is told first, and by whose word."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6 import tapes
from harness.assignments.lecture6.training import training as training_run
from harness.judging import compare
from harness.programs import generate
from harness.programs.tolerance import radii
from harness.records.observation import Fault, Observation, Quantity
from harness.records.program import Call, Expression, Sort, Traced
from harness.records.verdict import Comparison
from support.bent import Bent, scaled, without
from support.fake_engines import ALL, SMOOTH, FakeOracles, Floats, Pupil
from support.graphs import graph

PROGRAM = graph((2.0, 3.0), "mul 0 1, exp 0, mul 2 3, backward 4")
SORTED = Expression(PROGRAM.leaves, (*PROGRAM.steps, Sort(4)))
ORACLES = FakeOracles()
FAULT = Fault("raised", "ZeroDivisionError", "division by zero", "ag.py", 7)
TINY = math.nextafter(0.0, 1.0)


def seen(name, step, *values, types=()):
    return Observation((Quantity(name, step, values, types),))


@pytest.mark.parametrize(
    ("actual", "expected", "radius", "agree"),
    [
        pytest.param(1.0, 1.0, 0.0, True, id="equal"),
        pytest.param(-0.0, 0.0, 0.0, True, id="either zero"),
        pytest.param(1, 1.0, 0.0, True, id="an int"),
        pytest.param(1.25, 1.0, 0.125, True, id="two radii away"),
        pytest.param(1.2500001, 1.0, 0.125, False, id="a little more than two radii away"),
        pytest.param(0.7499999, 1.0, 0.125, False, id="a little less"),
        pytest.param(math.nan, 1.0, 1.0, False, id="NaN"),
        pytest.param(math.nan, math.nan, 1.0, False, id="NaN beside NaN"),
        pytest.param(None, 1.0, math.inf, False, id="no number"),
        pytest.param(math.inf, math.inf, 0.0, True, id="the same infinity"),
        pytest.param(-math.inf, math.inf, 1.0, False, id="the other infinity"),
        pytest.param(math.inf, 1.0, 1.0, False, id="infinity beside a number"),
        pytest.param(TINY, 0.0, 0.0, False, id="the smallest float beside an exact zero"),
    ],
)
def test_two_numbers_agree_within_two_radii(actual, expected, radius, agree):
    assert agree is compare.agrees(actual, expected, radius)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e3))
@settings(max_examples=60)
def test_agreement_does_not_depend_on_who_is_asked_first(a, b, radius):
    assert compare.agrees(a, b, radius) is compare.agrees(b, a, radius)


@pytest.mark.parametrize(
    ("recorded", "at", "told"),
    [
        pytest.param(None, 0, (None, "nothing"), id="nothing recorded"),
        pytest.param(Quantity("v", 0, (1.0,)), 1, (None, "nothing"), id="too few recorded"),
        pytest.param(Quantity("v", 0, (1.0, 2.0)), 1, (2.0, "float"), id="plain floats"),
        pytest.param(Quantity("v", 0, (1.0, 2), ("float", "int")), 1, (2, "int"), id="its type"),
        pytest.param(Quantity("v", 0, (1.0, 2), ("list",)), 1, (2, "float"), id="a sequence"),
        pytest.param(Quantity("v", 0, (None,), ("str",)), 0, (None, "str"), id="no number"),
    ],
)
def test_a_recorded_number_is_told_with_its_type(recorded, at, told):
    assert told == compare.number_at(recorded, at)


@given(st.integers(0, 300), st.integers(0, 99))
@settings(max_examples=60)
def test_a_right_pupil_is_never_rejected_and_one_without_a_backward_always(i, form):
    draw = generate.session if i % 3 == 0 else generate.expression
    program = draw(f"right/{i}", ALL)
    actual = Pupil(seed=f"{form}").run(program)
    null = compare.gradients(program, Pupil(null=True).run(program), ORACLES)
    asked = (compare.values, compare.gradients, *[compare.orders] * bool(program.sorts))

    assert [None] * len(asked) == [how(program, actual, ORACLES) for how in asked]
    assert isinstance(null, Comparison)
    assert 0.0 == null.actual


@pytest.mark.parametrize("op", SMOOTH)
def test_a_value_that_is_off_by_1e_9_in_one_operation_is_told_at_its_first_node(op):
    found = []
    for program in (generate.expression(f"value/{op}/{i}", ALL) for i in range(10)):
        actual = Pupil(value_factor={op: 1 + 1e-9}).run(program)
        problem = compare.values(program, actual, ORACLES)
        if problem is not None:
            found.append(program.nodes[program.names.index(problem.subject.split(".")[0])].op)

    assert [op] * len(found) == found
    assert 9 <= len(found)


@pytest.mark.parametrize("op", SMOOTH)
def test_a_gradient_that_is_off_by_1e_9_in_one_operation_is_rejected_on_most_programs(op):
    found = []
    for program in (generate.expression(f"grad/{op}/{i}", ALL) for i in range(20)):
        _, root = program.backwards[0]
        if op in {program.nodes[k].op for k in program.reachable(root)}:
            actual = Pupil(grad_factor={op: 1 + 1e-9}).run(program)
            found.append(compare.gradients(program, actual, ORACLES) is not None)

    assert 12 <= len(found)
    assert 0.8 * len(found) <= sum(found)


@pytest.mark.parametrize(
    "how", [compare.values, compare.gradients, compare.orders, compare.exact_order(0)]
)
def test_a_fault_is_the_problem_itself(how):
    assert FAULT == how(SORTED, Observation(fault=FAULT), ORACLES)


def test_values_are_told_inputs_first_and_by_every_oracle_that_says_so():
    wrong = seen("value", -1, 2.0, 3.0, 6.5, 7.0, 8.0)
    names, radius = ("first", "second"), radii(PROGRAM).value_radius[2]

    assert compare.values(PROGRAM, wrong, ORACLES) == Comparison(
        "value", "v1.value", -1, names, 6.0, 6.5, "float", 2 * radius, False
    )


RESTARTED = graph((3.0,), "mul 0 0, backward 1, zero 0 1, exp 0, backward 2")
FIRST, SECOND, *REST = Pupil().run(RESTARTED).quantities
SPOILED = Observation((FIRST, Quantity("grad", 4, (0.0, *SECOND.values[1:])), *REST))


@pytest.mark.parametrize(
    ("program", "actual", "told"),
    [
        pytest.param(
            PROGRAM, seen("grad", 3, 0.0, 0.0, 0.0, 0.0, 1.0), "v2.grad is float", id="output first"
        ),
        pytest.param(PROGRAM, Observation(), "v3.grad is nothing", id="nothing was recorded"),
        pytest.param(RESTARTED, SPOILED, "x1.grad is float", id="each backward at its own step"),
    ],
)
def test_a_wrong_gradient_is_told(program, actual, told):
    problem = compare.gradients(program, actual, ORACLES)

    assert told == f"{problem.subject} is {problem.actual_type}"
    assert program.backwards[-1][0] == problem.step
    assert (problem.actual is None) is (problem.actual_type == "nothing")


TWICE = graph((3.0,), "mul 0 0, mul 1 0, backward 2, backward 2")


@pytest.mark.parametrize("program", [PROGRAM, RESTARTED, TWICE], ids=["once", "anew", "twice"])
def test_a_gradient_that_a_convention_decides_is_not_compared(program):
    for engine in (Pupil(), Floats()):
        assert compare.gradients(program, engine.run(program), ORACLES) is None


def test_an_order_is_held_against_the_relation_of_the_oracles_or_one_that_is_stated():
    stated, right = compare.exact_order(0, 1, 2, 3, 4), Pupil().run(SORTED)
    wrong = Pupil(order=lambda program, root: sorted(program.reachable(root))[::-1]).run(SORTED)

    assert [None, None] == [how(SORTED, right, ORACLES) for how in (compare.orders, stated)]
    assert "order_broken" == compare.orders(SORTED, wrong, ORACLES).kind
    assert "order_other" == stated(SORTED, wrong, ORACLES).kind


TAPE, PREDICTIONS = tapes.forward_tape((0.5, 0.25, 2.0, 1.0), (3.0,))
TRACED = (
    Traced("prediction", ("output[0].value",), PREDICTIONS),
    Traced("grad", ("w1.grad", "b1.grad"), (0, 1), len(TAPE.steps)),
)
CALL = Call("mlp_forward", (), (), tapes.backward_from(TAPE, PREDICTIONS[0]), TRACED)


class Says:
    """An oracle that always says the same of a call."""

    version = "1"

    def __init__(self, name, prediction, *slopes):
        self.name = name
        self.rows = {"prediction": (prediction,), "grad": slopes}

    def run(self, program):
        return Observation(tuple(Quantity(name, -1, row) for name, row in self.rows.items()))


SAYING = FakeOracles(Says("first", 4.5, 6.0, 2.0))


@pytest.mark.parametrize(
    ("quantities", "row", "subject"),
    [
        pytest.param(("prediction",), (4.5, 6.0, 2.0), None, id="right"),
        pytest.param(("prediction",), (4.6, 6.0, 2.0), "output[0].value", id="a value"),
        pytest.param(("prediction",), (4.5, 0.0, 0.0), None, id="a gradient nobody asked for"),
        pytest.param(("grad",), (4.5, 6.0, 2.0000001), "b1.grad", id="a gradient"),
        pytest.param(("prediction", "grad"), (4.5, 0.0, 0.0), "w1.grad", id="both asked for"),
    ],
)
def test_a_call_is_compared_by_the_quantities_that_are_asked_for(quantities, row, subject):
    actual = Says("pupil", *row).run(CALL)
    problem = compare.call(*quantities)(CALL, actual, SAYING)

    assert subject == (problem and problem.subject)
    assert FAULT == compare.call(*quantities)(CALL, Observation(fault=FAULT), SAYING)


def test_a_call_may_differ_by_the_radius_of_its_tape_and_no_more():
    radius = radii(CALL.tape).value_radius[PREDICTIONS[0]]
    near, far = (Says("pupil", 4.5 + k * radius).run(CALL) for k in (1, 3))

    assert 0.0 < radius < 1e-13
    assert compare.call("prediction")(CALL, near, SAYING) is None
    assert compare.call("prediction")(CALL, far, SAYING) is not None


def test_what_the_assignment_states_must_be_met_exactly():
    def stated(*numbers):
        return compare.stated(seen("size", -1, *numbers), "size", ["a", "b"], (3.0, 1.0), "us")

    wrong = stated(3.0, 1.0000000000000002)

    assert stated(3, 1.0) is None
    assert ("b", ("us",), 0.0) == (wrong.subject, wrong.oracles, wrong.tolerance)
    assert "nothing" == stated(3.0).actual_type


def test_a_number_is_held_against_each_oracle_and_told_by_those_it_disagrees_with():
    def first_wrong(number, told=((1.0,), (1.5,)), radius=(0.3,), nodes=(0,)):
        actual = seen("v", 0, *(number,) * len(radius))
        return compare.first_wrong("v", 0, actual, ["a", "b"], told, radius, nodes, ("p", "q"))

    assert first_wrong(1.25) is None
    assert (("p",), 1.0) == (first_wrong(1.7).oracles, first_wrong(1.7).expected)
    assert (("q",), 1.5) == (first_wrong(0.8).oracles, first_wrong(0.8).expected)
    assert ("p", "q") == first_wrong(9.0).oracles
    # Nodes are compared in the order in which they are given.
    assert "v[2]" == first_wrong(0.0, [(1.0, 2.0, 3.0)] * 2, (0.0,) * 3, (2, 0)).subject


TRAINING = training_run(1, 1, (0.5, 0.25, 2.0, 1.0), (1.0, 2.0), (0.5, 0.0), 0.1, 1)


def disputed(program, engines):
    names = ("p", "q", "r")[: len(engines)]
    return compare.dispute(program, tuple(engine.run(program) for engine in engines), names)


@pytest.mark.parametrize(
    ("program", "engines", "says"),
    [
        (PROGRAM, (Floats(), Floats(value_slip=(2, 1e-9))), "p says v1.value is 6.0, q says "),
        (PROGRAM, (Floats(), Floats(grad_slip=(4, 1e-9))), "p says x1.grad is "),
        (PROGRAM, (Floats(), Floats(), Floats(value_slip=(4, 1e-9))), ", r says "),
        (SORTED, (Floats(), Bent(without("edges"))), "p and q recorded different graphs"),
        (CALL, (Says("p", 4.5, 6.0, 2.0), Says("q", 4.5, 6.0, 2.1)), "b1.grad is 2.0, q says "),
        (TRAINING, (Floats(), Bent(scaled("after", 1e-9))), "p says model.w1[0].value is "),
    ],
    ids=["a value", "a gradient", "the third oracle", "a graph", "a call", "an epoch of training"],
)
def test_a_dispute_is_told_in_one_sentence(program, engines, says):
    told = disputed(program, engines)

    assert says in told
    assert program is SORTED or (told.startswith("p says ") and " says " in told[6:])
    assert disputed(program, engines[:1] * 2) is None


def test_oracles_that_agree_are_not_disputed():
    for i in range(10):
        assert disputed(generate.session(f"agree/{i}", ALL), ORACLES.engines) is None
