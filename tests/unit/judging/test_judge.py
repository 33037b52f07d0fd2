"""One check on one student: what becomes a pass, a failure, a fault, or nobody's fault."""

import pytest

from harness.assignments.lecture6 import ag
from harness.judging import compare
from harness.judging.check import Check
from harness.judging.judge import FATAL, judge
from harness.programs import generate
from harness.records.observation import Fault, Observation, Stop
from harness.records.program import Apply
from harness.records.verdict import Comparison, Finding, Status
from support.bent import But
from support.fake_engines import ALL, FakeOracles, FakeStudent, Floats, Pupil
from support.graphs import graph

PROGRAMS = tuple(generate.expression(f"judge/{i}", ALL, (12, 20)) for i in range(6))
RAISED = Fault("raised", "ZeroDivisionError", "division by zero", "ag.py", 7)


REFUSAL = Fault("syntax", "SyntaxError", "invalid syntax", "ag.py", 3)
NULL, DOUBLES = Pupil(null=True), Pupil(grad_factor={"mul": 2.0})


def check(how=compare.gradients, programs=PROGRAMS, **more):
    return Check("gradients", "2.B", 4.0, "gradients are right", lambda seed: programs, how, **more)


def judged(student, check, oracles=None):
    return judge(check, student, oracles or FakeOracles(), "s")


def disputing(disputes):
    return FakeOracles(disputes=disputes)


def operations(program):
    return [step.op for step in program.steps if isinstance(step, Apply)]


@pytest.mark.parametrize(
    ("student", "disputed", "told"),
    [
        pytest.param(FakeStudent(), 0, "passed: 0 of 6 fail", id="right"),
        pytest.param(FakeStudent(NULL), 0, "failed: 6 of 6 fail", id="null"),
        pytest.param(FakeStudent(), 2, "passed: 0 of 4 fail", id="disputes cost nobody anything"),
        pytest.param(FakeStudent(NULL), 6, "inconclusive: 0 of 0 fail", id="all is disputed"),
        pytest.param(FakeStudent(refusal=REFUSAL), 0, "faulted: 0 of 0 fail", id="not loaded"),
    ],
)
def test_every_program_is_tried_and_counted(student, disputed, told):
    v = judged(student, check(), disputing(lambda program: program in PROGRAMS[:disputed]))

    assert told == f"{v.status.value}: {v.failed} of {v.tried} fail"
    assert ("gradients", "2.B", 4.0, 0.0) == (v.check, v.exercise, v.out_of, v.points)
    assert disputed == v.disputed
    assert (v.problem is not None) is told.startswith("fa")
    assert student.refusal is None or ([], REFUSAL) == (student.engine.ran, v.problem)


@pytest.mark.parametrize("op", ["add", "mul", "pow"])
def test_a_wrong_student_fails_and_is_shown_the_smallest_program_and_its_problem(op):
    student = FakeStudent(Pupil(grad_factor={op: 2.0}))
    verdict = judged(student, check())
    again = compare.gradients(verdict.program, student.run(verdict.program), FakeOracles())
    stopped = judged(FakeStudent(Pupil(raises=RAISED, raises_on=op)), check())

    assert (Status.FAILED, 6) == (verdict.status, verdict.tried)
    assert isinstance(verdict.problem, Comparison)
    assert again == verdict.problem
    assert 1 <= verdict.failed <= 6
    assert (Status.FAULTED, RAISED) == (stopped.status, stopped.problem)
    assert [op] == operations(verdict.program) == operations(stopped.program)


@pytest.mark.parametrize("asked", [("ag.Scalar", "ag.exp"), ("ag.Scalar.backward",)])
def test_a_missing_name_fails_with_the_names_asked_for_and_no_methods_of_a_missing_class(asked):
    methods = ("ag.Scalar.__add__", "ag.Scalar.backward") if "ag.Scalar" in asked else ()
    student = FakeStudent(missing=(*asked, *methods, "ag.relu"))
    verdict = judged(student, check(names=(*asked, *methods, "ag.log")))

    assert (Status.FAILED, []) == (verdict.status, student.engine.ran)
    assert Finding("missing", (("names", ", ".join(asked)),)) == verdict.problem


def test_a_name_is_missing_with_the_cell_that_stopped_before_it():
    stopped = Fault("raised", "NameError", "name 'x' is not defined", "cell 2", 4)
    student = FakeStudent(missing=("ag.exp",), stops=[Stop(stopped, ("exp",))])
    problem = judged(student, check(names=("ag.exp",))).problem

    assert ("cell 2", "4") == (problem["where"], problem["line"])
    assert ("NameError", stopped.message) == (problem["exception"], problem["message"])


def test_what_is_missing_or_not_written_costs_nothing_where_all_is_right():
    other, stub = FakeStudent(missing=("ag.relu",)), FakeStudent(unwritten=("backward",))

    assert Status.PASSED == judged(other, check(names=("ag.exp",))).status
    assert Status.PASSED == judged(stub, check(stubs=("backward",))).status


@pytest.mark.parametrize("kind", FATAL)
def test_after_the_second_fatal_fault_the_rest_is_not_run_and_nothing_shrinks(kind):
    student = FakeStudent(Pupil(raises=Fault(kind, message="2")))
    verdict = judged(student, check())

    assert list(PROGRAMS[:2]) == student.engine.ran
    assert (2, 2, PROGRAMS[0]) == (verdict.tried, verdict.failed, verdict.program)


DEEP = Observation(fault=Fault("raised", "RecursionError", "too deep"))


@pytest.mark.parametrize(("most", "status"), [(1000, Status.PASSED), (0, Status.FAULTED)])
def test_a_recursion_limit_costs_nothing_on_the_long_chain_alone(most, status):
    (chain,) = (c for c in ag.assignment.checks if c.name == "order_deep")
    recursive = But(lambda program: DEEP if len(program.nodes) > most else None)

    assert status == judged(FakeStudent(recursive), chain).status


def test_a_smaller_program_that_is_disputed_is_not_shown():
    small = disputing(lambda program: len(program.nodes) < 4)
    verdict = judged(FakeStudent(DOUBLES), check(), small)

    assert Status.FAILED == verdict.status
    assert 4 <= len(verdict.program.nodes)


def test_the_oracles_are_asked_for_all_at_once_and_for_the_smallest_but_no_candidate():
    oracles, asked = FakeOracles(Floats("counting")), []
    oracles.expected = lambda program: asked.append(program) or (Floats().run(program),)
    verdict = judged(FakeStudent(DOUBLES), check(), oracles)

    assert [PROGRAMS] == oracles.prepared
    assert [*PROGRAMS, verdict.program] == list(dict.fromkeys(asked))
    assert ("counting",) == verdict.problem.oracles


@pytest.mark.parametrize("engine", [NULL, Pupil(raises=RAISED)], ids=["wrong", "stops"])
def test_a_stub_that_explains_a_failure_or_a_fault_is_told_as_not_written(engine):
    student = FakeStudent(engine, unwritten=("backward", "other"))
    verdict = judged(student, check(stubs=("topological_sort", "backward")))

    assert Finding("not_written", (("functions", "backward"),)) == verdict.problem
    assert (Status.FAILED, None) == (verdict.status, verdict.program)


def test_a_wrong_order_fails_with_a_finding():
    programs = (graph((2.0, 3.0), "mul 0 1, sort 2"),)
    pupil = Pupil(order=lambda program, root: sorted(program.reachable(root))[:-1])

    assert "order_lacks" == judged(FakeStudent(pupil), check(compare.orders, programs)).problem.kind


def test_a_program_with_labels_is_shown_as_it_is():
    program = graph((2.0,), "mul 0 0, exp 1, backward 2", ("z1:x", "z2:x*x", "z3:exp"))

    assert program == judged(FakeStudent(NULL), check(programs=(program,))).program


def test_shrinking_does_not_slip_from_one_mistake_to_another():
    def wrong(program, actual, answers):
        if any(node.op == "mul" for node in program.nodes):
            return Finding("order_missing")
        return Finding("order_type", (("type", "set"),))

    verdict = judged(FakeStudent(), check(wrong))

    assert "order_missing" == verdict.problem.kind
    assert "mul" in operations(verdict.program)
