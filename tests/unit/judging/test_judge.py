"""One check on one student: what becomes a pass, a failure, a fault, or nobody's fault."""

import pytest

from harness.assignments.lecture6 import ag
from harness.judging import compare
from harness.judging.check import Check
from harness.judging.judge import FATAL, judge
from harness.programs import generate
from harness.records.observation import Fault, Observation, Stop
from harness.records.program import Apply, Backward, Expression, Sort
from harness.records.verdict import Comparison, Finding, Status
from support.fake_engines import ALL, FakeOracles, FakeStudent, Floats, Pupil

PROGRAMS = tuple(generate.expression(f"judge/{i}", ALL, (12, 20)) for i in range(6))
RAISED = Fault("raised", "ZeroDivisionError", "division by zero", "ag.py", 7)


def check(how=compare.gradients, programs=PROGRAMS, **more):
    return Check("gradients", "2.B", 4.0, "gradients are right", lambda seed: programs, how, **more)


def test_a_right_student_passes_with_every_program_tried():
    verdict = judge(check(), FakeStudent(), FakeOracles(), "s")

    assert (Status.PASSED, 6, 0, 0) == (
        verdict.status,
        verdict.tried,
        verdict.failed,
        verdict.disputed,
    )
    assert verdict.problem is None
    assert ("gradients", "2.B", 4.0, 0.0) == (
        verdict.check,
        verdict.exercise,
        verdict.out_of,
        verdict.points,
    )


def test_programs_are_drawn_from_the_seed():
    seeds = []

    def programs(seed):
        seeds.append(seed)
        return PROGRAMS[:1]

    judge(Check("c", "", 1, "", programs, compare.values), FakeStudent(), FakeOracles(), "577/c")

    assert ["577/c"] == seeds


def test_the_oracles_are_asked_for_all_programs_at_once():
    oracles = FakeOracles()
    judge(check(), FakeStudent(), oracles, "s")

    assert [PROGRAMS] == oracles.prepared


@pytest.mark.parametrize("op", ["add", "mul", "pow"])
def test_a_wrong_student_fails_and_is_shown_the_smallest_program(op):
    student = FakeStudent(Pupil(grad_factor={op: 2.0}))
    verdict = judge(check(), student, FakeOracles(), "s")

    assert Status.FAILED == verdict.status
    assert isinstance(verdict.problem, Comparison)
    assert [op] == [s.op for s in verdict.program.steps if isinstance(s, Apply)]
    assert 6 == verdict.tried
    assert 1 <= verdict.failed <= 6


def test_the_problem_told_is_that_of_the_program_shown():
    student = FakeStudent(Pupil(grad_factor={"mul": 2.0}))
    verdict = judge(check(), student, FakeOracles(), "s")
    again = compare.gradients(verdict.program, student.run(verdict.program), FakeOracles())

    assert again == verdict.problem


def test_a_null_backward_fails_on_every_program():
    verdict = judge(check(), FakeStudent(Pupil(null=True)), FakeOracles(), "s")

    assert (6, 6) == (verdict.tried, verdict.failed)


def test_a_wrong_order_fails_with_a_finding():
    program = Expression(PROGRAMS[0].leaves, (*PROGRAMS[0].steps[:-1], Sort(12)))
    pupil = Pupil(order=lambda program, root: sorted(program.reachable(root))[:-1])
    verdict = judge(check(compare.orders, (program,)), FakeStudent(pupil), FakeOracles(), "s")

    assert "order_lacks" == verdict.problem.kind


def test_a_module_that_cannot_be_loaded_faults_before_anything_is_run():
    student = FakeStudent(refusal=Fault("syntax", "SyntaxError", "invalid syntax", "ag.py", 3))
    verdict = judge(check(), student, FakeOracles(), "s")

    assert (Status.FAULTED, student.refusal, 0) == (verdict.status, verdict.problem, verdict.tried)
    assert [] == student.engine.ran


def test_a_missing_name_fails_with_the_names_that_are_missing():
    student = FakeStudent(missing=("ag.Scalar.backward", "ag.relu"))
    names = ("ag.Scalar", "ag.Scalar.backward")
    verdict = judge(check(names=names), student, FakeOracles(), "s")

    assert Finding("missing", (("names", "ag.Scalar.backward"),)) == verdict.problem
    assert Status.FAILED == verdict.status
    assert [] == student.engine.ran


def test_a_missing_class_is_told_without_its_methods():
    names = ("ag.Scalar", "ag.Scalar.__add__", "ag.Scalar.backward", "ag.exp")
    verdict = judge(check(names=names), FakeStudent(missing=names), FakeOracles(), "s")

    assert "ag.Scalar, ag.exp" == verdict.problem["names"]


def test_a_name_is_missing_with_the_cell_that_stopped_before_it():
    stopped = Fault("raised", "NameError", "name 'x' is not defined", "cell 2", 4)
    student = FakeStudent(missing=("ag.exp",), stops=[Stop(stopped, ("exp",))])
    problem = judge(check(names=("ag.exp",)), student, FakeOracles(), "s").problem

    assert ("cell 2", "4", "NameError", "name 'x' is not defined") == (
        problem["where"],
        problem["line"],
        problem["exception"],
        problem["message"],
    )


def test_a_name_that_another_check_asks_for_is_not_missed_here():
    student = FakeStudent(missing=("ag.relu",))

    assert Status.PASSED == judge(check(names=("ag.exp",)), student, FakeOracles(), "s").status


def test_an_exception_is_a_fault_and_its_program_shrinks():
    student = FakeStudent(Pupil(raises=RAISED, raises_on="mul"))
    verdict = judge(check(), student, FakeOracles(), "s")

    assert (Status.FAULTED, RAISED) == (verdict.status, verdict.problem)
    assert ["mul"] == [s.op for s in verdict.program.steps if isinstance(s, Apply)]


@pytest.mark.parametrize("kind", FATAL)
def test_after_the_second_fatal_fault_the_rest_is_not_run_and_nothing_shrinks(kind):
    student = FakeStudent(Pupil(raises=Fault(kind, message="2")))
    verdict = judge(check(), student, FakeOracles(), "s")

    assert list(PROGRAMS[:2]) == student.engine.ran
    assert (2, 2) == (verdict.tried, verdict.failed)
    assert PROGRAMS[0] == verdict.program


class Recursive(Pupil):
    """Sorts graphs up to a size, and exceeds the recursion limit on larger ones."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def run(self, program):
        if len(program.nodes) > self.most:
            return Observation(fault=Fault("raised", "RecursionError", "too deep"))
        return super().run(program)


def test_a_recursion_limit_costs_nothing_on_the_long_chain_alone():
    (deep,) = (c for c in ag.assignment.checks if c.name == "order_deep")

    assert Status.PASSED == judge(deep, FakeStudent(Recursive(1000)), FakeOracles(), "s").status
    assert Status.FAULTED == judge(deep, FakeStudent(Recursive(0)), FakeOracles(), "s").status


def test_a_disputed_program_costs_nobody_anything():
    oracles = FakeOracles(disputes=lambda program: program in PROGRAMS[:2])
    verdict = judge(check(), FakeStudent(), oracles, "s")

    assert (Status.PASSED, 4, 2) == (verdict.status, verdict.tried, verdict.disputed)


def test_where_every_program_is_disputed_nothing_is_concluded():
    oracles = FakeOracles(disputes=lambda program: True)
    verdict = judge(check(), FakeStudent(Pupil(null=True)), oracles, "s")

    assert (Status.INCONCLUSIVE, 0, 6) == (verdict.status, verdict.tried, verdict.disputed)


def test_a_smaller_program_that_is_disputed_is_not_shown():
    oracles = FakeOracles(disputes=lambda program: len(program.nodes) < 4)
    verdict = judge(check(), FakeStudent(Pupil(grad_factor={"mul": 2.0})), oracles, "s")

    assert Status.FAILED == verdict.status
    assert 4 <= len(verdict.program.nodes)


def test_the_oracles_are_asked_for_the_smallest_program_and_not_for_the_candidates():
    oracles = FakeOracles(Floats("counting"))
    asked = []
    oracles.expected = lambda program: asked.append(program) or (Floats().run(program),)
    verdict = judge(check(), FakeStudent(Pupil(grad_factor={"mul": 2.0})), oracles, "s")

    assert [*PROGRAMS, verdict.program] == list(dict.fromkeys(asked))
    assert ("counting",) == verdict.problem.oracles


def test_a_stub_that_explains_a_failure_is_told_as_not_written():
    student = FakeStudent(Pupil(null=True), unwritten=("backward", "other"))
    stubs = ("topological_sort", "backward")
    verdict = judge(check(stubs=stubs), student, FakeOracles(), "s")

    assert Finding("not_written", (("functions", "backward"),)) == verdict.problem
    assert (Status.FAILED, None) == (verdict.status, verdict.program)


def test_a_fault_in_a_stub_is_a_failure_and_not_a_fault():
    student = FakeStudent(Pupil(raises=RAISED), unwritten=("backward",))

    assert Status.FAILED == judge(check(stubs=("backward",)), student, FakeOracles(), "s").status


def test_a_stub_that_is_right_all_the_same_passes():
    student = FakeStudent(unwritten=("backward",))

    assert Status.PASSED == judge(check(stubs=("backward",)), student, FakeOracles(), "s").status


def test_a_program_with_labels_is_shown_as_it_is():
    program = Expression(
        (2.0,),
        (Apply("mul", (0, 0)), Apply("exp", (1,)), Backward(2)),
        ("z1:x", "z2:x*x", "z3:exp"),
    )
    student = FakeStudent(Pupil(null=True))

    assert program == judge(check(programs=(program,)), student, FakeOracles(), "s").program


def test_shrinking_does_not_slip_from_one_mistake_to_another():
    def wrong(program, actual, answers):
        if any(node.op == "mul" for node in program.nodes):
            return Finding("order_missing")
        return Finding("order_type", (("type", "set"),))

    verdict = judge(check(wrong), FakeStudent(), FakeOracles(), "s")

    assert "order_missing" == verdict.problem.kind
    assert "mul" in {node.op for node in verdict.program.nodes}
