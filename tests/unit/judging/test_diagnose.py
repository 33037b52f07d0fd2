"""Which known mistake gives exactly these wrong numbers: one, several, or none."""

from dataclasses import replace

import pytest

from harness.assignments.lecture6 import ag
from harness.assignments.lecture6.dialect import AG
from harness.judging.diagnose import Known, Trial, alike, diagnose, observed, same_problem, variants
from harness.judging.mutant import Mutant, mutate
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.observation import Fault, Observation, Quantity
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Comparison, Finding
from reference_impls.keys import AG_KEY, TEXT
from support.fake_engines import FakeOracles

ADD_SELF = Edit("self.grad += output.grad", "self.grad = output.grad")
ADD_OTHER = Edit("other.grad += output.grad", "other.grad = output.grad")
MUL = Edit("self.grad += other.value * output.grad", "self.grad += other.value")
MUL_SAME = Edit("self.grad += other.value * output.grad", "self.grad = self.grad + other.value")
RIGHT_TO_LEFT = (Edit("for i in reversed(node.inputs)", "for i in node.inputs"),)


def model(name, *edits):
    return BugModel(name, "2.B", f"{name}.", "Look.", edits)


def key(*models):
    return AnswerKey(Source("key.py", TEXT), models, (RIGHT_TO_LEFT,))


OVERWRITES = model("overwrites", ADD_SELF, ADD_OTHER)
FORGETS = model("forgets", MUL)
TWIN = model("twin", MUL_SAME)
STOPS = model("stops", Edit("output.grad / input.value", "output.grad / 0"))
ROOT_FIRST = model("root_first", Edit("return order", "return order[::-1]"))
NO_ROOT = model("no_root", Edit("return order", "return order[:-1]"))
BOTH, ORDERS = (OVERWRITES, FORGETS), (ROOT_FIRST, NO_ROOT)
CHECKS = {check.name: check for check in ag.assignment.checks}


def named(check, edits, *models, seed="577", passed=()):
    """Which of some models are named where the student's text is the key with edits."""
    oracles, engine = FakeOracles(), Mutant("student", mutate(TEXT, edits), AG)
    seen = []
    for program in check.programs(seed):
        actual = engine.run(program)
        seen.append(Trial(program, actual, check.compare(program, actual, oracles)))
    assert any(one.problem for one in seen)
    found = diagnose(check, tuple(seen), Known(key(*models), AG, passed), engine, oracles, seed)
    return [diagnosis.name for diagnosis in found]


@pytest.mark.parametrize(
    ("bug", "check"),
    [
        *((OVERWRITES, f"gradient_{name}") for name in ("add", "random", "sessions")),
        *((FORGETS, f"gradient_{name}") for name in ("mul", "random", "sessions")),
    ],
)
def test_a_known_mistake_is_named(bug, check):
    assert [bug.name] == named(CHECKS[check], bug.edits, *BOTH)


@pytest.mark.parametrize(
    ("check", "edits", "models", "names"),
    [
        pytest.param(
            *("gradient_random", (*OVERWRITES.edits, *RIGHT_TO_LEFT), BOTH, ["overwrites"]),
            id="whichever valid order the student walks",
        ),
        pytest.param(
            *("gradient_log", [Edit("input.grad += output.grad / input.value", "pass")], BOTH, []),
            id="a mistake that no model makes is unknown",
        ),
        pytest.param(
            *("gradient_random", (*OVERWRITES.edits, *FORGETS.edits), BOTH, []),
            id="two mistakes in one check are not one",
        ),
        pytest.param(
            *("gradient_mul", FORGETS.edits, (FORGETS, TWIN), ["forgets", "twin"]),
            id="what no program tells apart is named together",
        ),
        pytest.param("gradient_log", STOPS.edits, [STOPS], [], id="an exception explains itself"),
        *(
            pytest.param("order_random", bug.edits, ORDERS, [bug.name], id=f"the order {bug.name}")
            for bug in ORDERS
        ),
    ],
)
def test_a_mistake_is_named_by_what_it_does(check, edits, models, names):
    assert names == named(CHECKS[check], edits, *models)


PRODUCT = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Apply("mul", (2, 0)), Backward(3)))
TOTAL = Expression((2.0,), (Apply("add", (0, 0)), Backward(1)))


@pytest.mark.parametrize("apart", ["", "apart"], ids=["the check's programs", "others"])
def test_a_model_that_fails_where_the_student_is_right_is_not_named(apart):
    broader = model("broader", MUL, ADD_SELF, ADD_OTHER)
    check = replace(
        CHECKS["gradient_mul"], programs=lambda seed: (PRODUCT, *[TOTAL] * (apart in seed))
    )

    assert ["forgets"] == named(check, FORGETS.edits, broader, FORGETS)


def test_a_model_that_fails_a_check_which_the_student_has_passed_is_not_named():
    empty = model("empty", Edit("node._backward()", "pass"))
    one = CHECKS["gradient_add"].programs("577")[:1]
    gradient = replace(CHECKS["gradient_add"], programs=lambda seed: one)
    passed = ((CHECKS["order_random"], "577"),)

    assert ["empty", "no_root"] == sorted(named(gradient, empty.edits, NO_ROOT, empty))
    assert ["empty"] == named(gradient, empty.edits, NO_ROOT, empty, passed=passed)


def test_a_model_is_tried_in_each_traversal_that_touches_other_text():
    order = model(
        "order", Edit("waiting.extend((i, False) for i in reversed(node.inputs))", "pass")
    )
    rows = [[variant.model.name for variant in row] for row in variants(key(OVERWRITES, order), AG)]

    assert [["overwrites", "order"], ["overwrites"]] == rows


@pytest.mark.parametrize("name", ["add", "mul", "exp", "relu"])
def test_a_known_mistake_does_what_the_key_does_where_it_is_said_not_to_differ(name):
    models = tuple(m for m in AG_KEY.models if m.name.startswith(name))
    found = [
        one for row in variants(AnswerKey(Source("key.py", TEXT), models, ()), AG) for one in row
    ]
    programs = [drawn[0] for check in CHECKS.values() if (drawn := check.programs("577"))]
    same = [(one, program) for one in found for program in programs if not one.differs(program)]
    right = {program: repr(observed(TEXT, AG, program)) for program in programs}

    assert len(same) > len(models)
    assert all(repr(observed(one.text, AG, program)) == right[program] for one, program in same)


def test_a_mistake_in_a_function_that_no_program_calls_is_not_run(monkeypatch):
    (row, *_) = variants(key(FORGETS), AG)
    program = Expression((2.0, 3.0), (Apply("add", (0, 1)), Backward(2)))
    trial = Trial(program, observed(TEXT, AG, program), None)
    monkeypatch.setattr("harness.judging.diagnose.observed", None)

    assert row[0].explains(CHECKS["gradient_add"], trial, FakeOracles())


# --- what is the same -----------------------------------------------------------------------

WRONG = Comparison("grad", "x1.grad", 1, ("torch",), 4.0, 2.0, "float", 1e-15, agrees=False)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(replace(WRONG, actual=2.0 + 1e-12), True, id="but for rounding"),
        pytest.param(replace(WRONG, actual=2.1), False, id="another number"),
        pytest.param(replace(WRONG, subject="x2.grad"), False, id="another node"),
        pytest.param(replace(WRONG, step=3), False, id="another backward"),
        pytest.param(replace(WRONG, actual=float("nan")), False, id="not a number"),
        pytest.param(replace(WRONG, actual=None, actual_type="str"), False, id="no number"),
        pytest.param(Finding("order_missing"), False, id="something else"),
    ],
)
def test_two_wrong_numbers_are_the_same_within_a_share_of_the_error(other, same):
    assert same == same_problem(WRONG, other)


def test_a_small_error_is_explained_only_by_the_same_small_error():
    slight, twice, same = (replace(WRONG, actual=4.0 + by) for by in (1e-9, 2e-9, 1.001e-9))

    assert not same_problem(slight, twice)
    assert same_problem(slight, same)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_without_a_size_are_the_same_by_kind(number):
    assert same_problem(replace(WRONG, actual=number), replace(WRONG, actual=number))


def test_faults_are_the_same_by_kind_and_exception():
    fault = Fault("raised", "ValueError", "one")

    assert same_problem(fault, replace(fault, message="two"))
    assert not same_problem(fault, replace(fault, exception="TypeError"))


@pytest.mark.parametrize("orders", [True, False])
def test_a_stale_gradient_and_the_order_of_nodes_are_the_students_own_affair(orders):
    program = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2), Backward(2)))
    adds, resets = (
        Observation(
            (
                Quantity("grad", 1, (3.0, 2.0, 1.0)),
                Quantity("grad", 2, (*last, 1.0)),
                Quantity("order", 0, order),
            )
        )
        for last, order in (((6.0, 4.0), (0, 1)), ((3.0, 2.0), (1, 0)))
    )

    assert orders is not alike(program, adds, resets, orders=orders)


def test_runs_that_recorded_other_quantities_differ():
    one, two = (Observation((Quantity("value", -1, row),)) for row in ((1.0,), (1.0, 2.0)))
    program = Expression((1.0,), ())
    others = (Observation(()), replace(one, fault=Fault("raised", "E")), two)

    assert [False] * 3 == [alike(program, one, other, orders=True) for other in others]
