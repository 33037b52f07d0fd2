"""What one assignment found of a submission is known to the next."""

import pytest

from harness.judging.check import Assignment, Check
from harness.judging.sitting import Sitting
from harness.records.observation import Fault
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Finding
from support.fake_engines import FakeOracles, FakeStudent, Pupil

PROGRAM = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2)))
SEED = "577/beneath/product"


def product(judged):
    """A check whose programs are judged by a function of what came of them."""
    return Check("product", "2.B", 10.0, "", lambda seed: (PROGRAM,), judged)


def above(check, student):
    beneath = Assignment("beneath", "", (check,))
    resting = Assignment("above", "", (), foundation=("ag",), rests_on=beneath)
    return Sitting(resting, student, FakeOracles(), "577", {})


def fault(program, actual, answers):
    return actual.fault


@pytest.mark.parametrize("broken", [True, False])
def test_the_foundation_is_not_judged_again_where_its_own_assignment_did(broken):
    def never(*told):
        raise AssertionError("it is known")

    check, student = product(never), FakeStudent()
    student.breaks[check, SEED] = broken

    assert (("ag",) if broken else ()) == above(check, student).foundation


@pytest.mark.parametrize("problem", [Finding("wrong", ()), None])
def test_the_foundation_is_judged_where_nobody_has(problem):
    check = product(lambda *told: problem)

    assert (("ag",) if problem else ()) == above(check, FakeStudent()).foundation


@pytest.mark.parametrize(
    ("kind", "told"), [("raised", True), ("budget", None)], ids=["an exception", "no time is left"]
)
def test_what_a_check_says_of_a_module_is_kept_but_not_that_no_time_was_left(kind, told):
    check, student = product(fault), FakeStudent(Pupil(raises=Fault(kind)))
    sitting = Sitting(Assignment("beneath", "", (check,)), student, FakeOracles(), "577", {})

    sitting.judge(check, brief=True)
    assert told == student.breaks.get((check, SEED))


def test_what_right_parts_do_says_nothing_of_the_module():
    check, student = product(fault), FakeStudent(Pupil(raises=Fault("raised")))
    sitting = Sitting(Assignment("beneath", "", (check,)), student, FakeOracles(), "577", {})

    sitting.judge(check, FakeStudent(), brief=True)
    assert not student.breaks
