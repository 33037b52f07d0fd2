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
from harness.records.verdict import Comparison, Finding
from reference_impls.keys import AG_KEY, TEXT
from support.fake_engines import FakeOracles
from support.graphs import graph
from support.long import sample

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
UNKNOWN = model("unknown", Edit("input.grad += output.grad / input.value", "pass"))
WALKS = model("walks", *RIGHT_TO_LEFT)
BOTH, ORDERS = (OVERWRITES, FORGETS), (ROOT_FIRST, NO_ROOT)
CHECKS = {check.name: check for check in ag.assignment.checks}


def named(check, mistakes, *models, seed="577", passed=()):
    """Which of some models are named where the student makes mistakes."""
    edits = [edit for mistake in mistakes for edit in mistake.edits]
    oracles, engine = FakeOracles(), Mutant("student", mutate(TEXT, edits), AG)
    seen = []
    for program in check.programs(seed):
        actual = engine.run(program)
        seen.append(Trial(program, actual, check.compare(program, actual, oracles)))
    assert any(one.problem for one in seen)
    found = diagnose(check, tuple(seen), Known(key(*models), AG, passed), engine, oracles, seed)
    return " ".join(diagnosis.name for diagnosis in found)


@pytest.mark.parametrize(
    ("check", "mistakes", "models", "names"),
    [
        *(
            (f"gradient_{c}", [OVERWRITES], BOTH, "overwrites")
            for c in ("add", "random", "sessions")
        ),
        *((f"gradient_{c}", [FORGETS], BOTH, "forgets") for c in ("mul", "random", "sessions")),
        *(("order_random", [bug], ORDERS, bug.name) for bug in ORDERS),
        pytest.param("gradient_random", [OVERWRITES, WALKS], BOTH, "overwrites", id="in any order"),
        pytest.param("gradient_log", [UNKNOWN], BOTH, "", id="no model makes it"),
        pytest.param("gradient_random", [*BOTH], BOTH, "", id="two mistakes are not one"),
        pytest.param(
            "gradient_mul", [FORGETS], (FORGETS, TWIN), "forgets twin", id="not told apart"
        ),
        pytest.param("gradient_log", [STOPS], [STOPS], "", id="an exception explains itself"),
    ],
)
def test_a_known_mistake_is_named_by_what_it_does(check, mistakes, models, names):
    assert names == named(CHECKS[check], mistakes, *models)


PRODUCT = graph((2.0, 3.0), "mul 0 1, mul 2 0, backward 3")
TOTAL = graph((2.0,), "add 0 0, backward 1")


@pytest.mark.parametrize("apart", ["", "apart"], ids=["the check's programs", "others"])
def test_a_model_that_fails_where_the_student_is_right_is_not_named(apart):
    broader = model("broader", MUL, ADD_SELF, ADD_OTHER)
    check = replace(
        CHECKS["gradient_mul"], programs=lambda seed: (PRODUCT, *[TOTAL] * (apart in seed))
    )

    assert "forgets" == named(check, [FORGETS], broader, FORGETS)


def test_a_model_that_fails_a_check_which_the_student_has_passed_is_not_named():
    empty = model("empty", Edit("node._backward()", "pass"))
    one = CHECKS["gradient_add"].programs("577")[:1]
    gradient = replace(CHECKS["gradient_add"], programs=lambda seed: one)
    passed = ((CHECKS["order_random"], "577"),)

    assert "no_root empty" == named(gradient, [empty], NO_ROOT, empty)
    assert "empty" == named(gradient, [empty], NO_ROOT, empty, passed=passed)


def test_a_model_is_tried_in_each_traversal_that_touches_other_text():
    order = model(
        "order", Edit("waiting.extend((i, False) for i in reversed(node.inputs))", "pass")
    )
    rows = [[variant.model.name for variant in row] for row in variants(key(OVERWRITES, order), AG)]

    assert [["overwrites", "order"], ["overwrites"]] == rows


@pytest.mark.parametrize("name", sample(2, ["add", "mul", "relu", "exp"]))
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
    program = graph((2.0, 3.0), "add 0 1, backward 2")
    trial = Trial(program, observed(TEXT, AG, program), None)
    monkeypatch.setattr("harness.judging.diagnose.observed", None)

    assert row[0].explains(CHECKS["gradient_add"], trial, FakeOracles())


# --- what is the same -----------------------------------------------------------------------

WRONG = Comparison("grad", "x1.grad", 1, ("torch",), 4.0, 2.0, "float", 1e-15, agrees=False)


STOPS_AT = Fault("raised", "ValueError", "one")
SLIGHT = replace(WRONG, actual=4.0 + 1e-9)
SIZELESS = [replace(WRONG, actual=float(x)) for x in ("nan", "inf", "-inf")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(WRONG, replace(WRONG, actual=2.0 + 1e-12), True, id="but for rounding"),
        pytest.param(WRONG, replace(WRONG, actual=2.1), False, id="another number"),
        pytest.param(WRONG, replace(WRONG, subject="x2.grad"), False, id="another node"),
        pytest.param(WRONG, replace(WRONG, step=3), False, id="another backward"),
        pytest.param(WRONG, SIZELESS[0], False, id="not a number"),
        pytest.param(WRONG, replace(WRONG, actual=None, actual_type="str"), False, id="no number"),
        pytest.param(WRONG, Finding("order_missing"), False, id="something else"),
        pytest.param(SLIGHT, replace(WRONG, actual=4.0 + 2e-9), False, id="twice a small error"),
        pytest.param(SLIGHT, replace(WRONG, actual=4.0 + 1.001e-9), True, id="a small error"),
        *((one, replace(one), True) for one in SIZELESS),
        (STOPS_AT, replace(STOPS_AT, message="two"), True),
        (STOPS_AT, replace(STOPS_AT, exception="TypeError"), False),
    ],
)
def test_two_problems_are_the_same_within_a_share_of_the_error_or_by_kind(one, other, same):
    assert same is same_problem(one, other)


@pytest.mark.parametrize("orders", [True, False])
def test_a_stale_gradient_and_the_order_of_nodes_are_the_students_own_affair(orders):
    program = graph((2.0, 3.0), "mul 0 1, backward 2, backward 2")
    first = Quantity("grad", 1, (3.0, 2.0, 1.0))
    adds, resets = (
        Observation((first, Quantity("grad", 2, (*last, 1.0)), Quantity("order", 0, order)))
        for last, order in (((6.0, 4.0), (0, 1)), ((3.0, 2.0), (1, 0)))
    )

    assert orders is not alike(program, adds, resets, orders=orders)


def test_runs_that_recorded_other_quantities_differ():
    one, two = (Observation((Quantity("value", -1, row),)) for row in ((1.0,), (1.0, 2.0)))
    program = graph((1.0,))
    others = (Observation(()), replace(one, fault=Fault("raised", "E")), two)

    assert [False] * 3 == [alike(program, one, other, orders=True) for other in others]
