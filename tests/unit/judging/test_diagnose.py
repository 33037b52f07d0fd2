"""Which known mistake gives exactly these wrong numbers: one, several, or none."""

from dataclasses import replace

import pytest

from harness.assignments.lecture6 import ag
from harness.assignments.lecture6.dialect import AG
from harness.judging.diagnose import (
    Known,
    Trial,
    alike,
    diagnose,
    observed,
    same_problem,
    variants,
)
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
CHECKS = {check.name: check for check in ag.assignment.checks}


def named(check, student, known, seed="577", passed=()):
    """The names that are given to what a text does."""
    oracles, engine = FakeOracles(), Mutant("student", student, AG)
    seen = []
    for program in check.programs(seed):
        actual = engine.run(program)
        seen.append(Trial(program, actual, check.compare(program, actual, oracles)))
    assert any(one.problem for one in seen)
    found = diagnose(check, tuple(seen), Known(known, AG, passed), engine, oracles, seed)
    return [diagnosis.name for diagnosis in found]


@pytest.mark.parametrize(
    ("bug", "name"),
    [
        (OVERWRITES, "gradient_add"),
        (OVERWRITES, "gradient_random"),
        (OVERWRITES, "gradient_sessions"),
        (FORGETS, "gradient_mul"),
        (FORGETS, "gradient_random"),
        (FORGETS, "gradient_sessions"),
    ],
)
def test_a_known_mistake_is_named(bug, name):
    student = mutate(TEXT, bug.edits)

    assert [bug.name] == named(CHECKS[name], student, key(OVERWRITES, FORGETS))


def test_a_mistake_is_named_whichever_valid_order_the_student_walks():
    student = mutate(TEXT, (*OVERWRITES.edits, *RIGHT_TO_LEFT))

    assert ["overwrites"] == named(CHECKS["gradient_random"], student, key(OVERWRITES, FORGETS))


def test_a_mistake_that_no_model_makes_is_unknown():
    student = mutate(TEXT, [Edit("input.grad += output.grad / input.value", "pass")])

    assert [] == named(CHECKS["gradient_log"], student, key(OVERWRITES, FORGETS))


def test_two_mistakes_in_one_check_are_not_one():
    student = mutate(TEXT, (*OVERWRITES.edits, *FORGETS.edits))

    assert [] == named(CHECKS["gradient_random"], student, key(OVERWRITES, FORGETS))


def test_what_no_program_tells_apart_is_named_together():
    twin = model("twin", MUL_SAME)

    assert ["forgets", "twin"] == named(
        CHECKS["gradient_mul"], mutate(TEXT, FORGETS.edits), key(FORGETS, twin)
    )


def test_a_model_that_fails_where_the_student_is_right_is_not_named():
    broader = model("broader", MUL, ADD_SELF, ADD_OTHER)
    product = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Apply("mul", (2, 0)), Backward(3)))
    total = Expression((2.0,), (Apply("add", (0, 0)), Backward(1)))
    check = replace(CHECKS["gradient_mul"], programs=lambda seed: (product, total))

    assert ["forgets"] == named(check, mutate(TEXT, FORGETS.edits), key(broader, FORGETS))


def test_models_that_the_checks_programs_do_not_tell_apart_are_told_apart_by_others():
    broader = model("broader", MUL, ADD_SELF, ADD_OTHER)
    product = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Apply("mul", (2, 0)), Backward(3)))
    total = Expression((2.0,), (Apply("add", (0, 0)), Backward(1)))
    check = replace(
        CHECKS["gradient_mul"],
        programs=lambda seed: (product, total) if "apart" in seed else (product,),
    )

    assert ["forgets"] == named(check, mutate(TEXT, FORGETS.edits), key(broader, FORGETS))


def test_a_model_that_fails_a_check_which_the_student_has_passed_is_not_named():
    by_order = model("by_order", Edit("return order", "return order[:-1]"))
    empty = model("empty", Edit("node._backward()", "pass"))
    student = mutate(TEXT, empty.edits)
    gradient = replace(
        CHECKS["gradient_add"], programs=lambda seed: CHECKS["gradient_add"].programs(seed)[:1]
    )
    known = key(by_order, empty)

    assert ["by_order", "empty"] == sorted(named(gradient, student, known))
    passed = ((CHECKS["order_random"], "577"),)
    assert ["empty"] == named(gradient, student, known, passed=passed)


def test_an_exception_explains_itself():
    stops = model("stops", Edit("output.grad / input.value", "output.grad / 0"))
    student = mutate(TEXT, stops.edits)

    assert [] == named(CHECKS["gradient_log"], student, key(stops))


def test_a_wrong_order_is_named_by_its_very_order():
    root_first = model("root_first", Edit("return order", "return order[::-1]"))
    no_root = model("no_root", Edit("return order", "return order[:-1]"))
    for bug in (root_first, no_root):
        student = mutate(TEXT, bug.edits)

        assert [bug.name] == named(CHECKS["order_random"], student, key(root_first, no_root))


def test_a_model_is_tried_in_each_traversal_that_touches_other_text():
    order = model(
        "order", Edit("waiting.extend((i, False) for i in reversed(node.inputs))", "pass")
    )
    rows = [[variant.model.name for variant in row] for row in variants(key(OVERWRITES, order), AG)]

    assert [["overwrites", "order"], ["overwrites"]] == rows


@pytest.mark.parametrize("name", ["add", "mul", "exp", "relu"])
def test_a_known_mistake_does_what_the_key_does_where_it_is_said_not_to_differ(name):
    models = tuple(m for m in AG_KEY.models if m.name.startswith(name))
    rows = variants(AnswerKey(Source("key.py", TEXT), models, ()), AG)
    programs = [check.programs("577")[0] for check in CHECKS.values() if check.programs("577")]
    alike = [
        (variant, program)
        for row in rows
        for variant in row
        for program in programs
        if not variant.differs(program)
    ]

    assert len(alike) > len(models)
    assert all(
        repr(observed(variant.text, AG, program)) == repr(observed(TEXT, AG, program))
        for variant, program in alike
    )


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
    slight = replace(WRONG, actual=4.0 + 1e-9)

    assert not same_problem(slight, replace(WRONG, actual=4.0 + 2e-9))
    assert same_problem(slight, replace(WRONG, actual=4.0 + 1.001e-9))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_without_a_size_are_the_same_by_kind(number):
    assert same_problem(replace(WRONG, actual=number), replace(WRONG, actual=number))


def test_faults_are_the_same_by_kind_and_exception():
    fault = Fault("raised", "ValueError", "one")

    assert same_problem(fault, replace(fault, message="two"))
    assert not same_problem(fault, replace(fault, exception="TypeError"))


def test_a_stale_gradient_and_the_order_of_nodes_are_the_students_own_affair():
    program = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2), Backward(2)))
    grads = Quantity("grad", 1, (3.0, 2.0, 1.0))
    adds = Observation((grads, Quantity("grad", 2, (6.0, 4.0, 1.0)), Quantity("order", 0, (0, 1))))
    resets = Observation(
        (grads, Quantity("grad", 2, (3.0, 2.0, 1.0)), Quantity("order", 0, (1, 0)))
    )

    assert alike(program, adds, resets, orders=False)
    assert not alike(program, adds, resets, orders=True)


def test_runs_that_recorded_other_quantities_differ():
    one = Observation((Quantity("value", -1, (1.0,)),))

    assert not alike(Expression((1.0,), ()), one, Observation(()), orders=True)
    assert not alike(
        Expression((1.0,), ()), one, replace(one, fault=Fault("raised", "E")), orders=True
    )
    assert not alike(
        Expression((1.0,), ()), one, Observation((Quantity("value", -1, (1.0, 2.0)),)), orders=True
    )
