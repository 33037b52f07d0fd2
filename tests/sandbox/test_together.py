"""Many programs in one request: what comes of each does not depend on its company."""

from pathlib import Path

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.intake import submissions
from harness.judging.check import Limits, find
from harness.judging.mutant import Mutant
from harness.programs.generate import expression
from harness.records.handed_in import Source, Submission
from harness.sandbox.student import TOGETHER, Setup, Student
from support.workers import call

LIMITS = Limits(seconds=1, training_seconds=5, load_seconds=5, megabytes=512, output_megabytes=1)
ROOT = Path(__file__).parents[2]
KEY = ROOT / "reference_impls" / "answer_key.py"
MODULE = """
import os, sys
class ag:
    class Scalar:
        pass
    def stop(how):
        exec(how)
    def count(seen=[]):
        seen.append(1)
        return float(len(seen))
"""
SUBMISSION = Submission("ada", (Source("ag.py", MODULE),))


COUNT = call('record("count", -1, ag.count())')
FAULTS = {
    "raised": "1 / 0",
    "exited": "os._exit(3)",
    "timeout": "while True: pass",
    "output": "sys.stdout.write('x' * (3 << 20)); sys.stdout.flush()",
}
SLOW = (3, "timeout")
"""What takes its time at each place, at one of them."""


@pytest.fixture
def student(launcher):
    with Student(Setup(SUBMISSION, LIMITS, (), AG), launcher) as one:
        yield one


@pytest.fixture
def key(launcher):
    names = find("scalar_autograd").names
    with Student(Setup(submissions.read(KEY), LIMITS, names, AG), launcher) as one:
        yield one


def test_programs_that_travel_together_are_observed_as_one_by_one(key):
    drawn = tuple(
        expression(f"together/{i}", ("add", "mul", "exp")) for i in range(2 * TOGETHER + 3)
    )

    assert [key.run(program) for program in drawn] == list(key.run_all(drawn))


def test_a_module_keeps_its_state_along_the_programs(student):
    told = [seen.numbers("count") for seen in student.run_all((COUNT,) * 20)]

    assert [(float(k),) for k in range(1, 21)] == told


@pytest.mark.parametrize(
    ("place", "kind"),
    [*((place, kind) for place in (0, 3, 17) for kind in FAULTS if kind != "timeout"), SLOW],
)
def test_a_program_that_stops_costs_its_company_nothing(student, kind, place):
    stop = call(f"ag.stop({FAULTS[kind]!r})")
    programs = [call('record("one", -1, 1.0)')] * 19
    programs[place] = stop
    seen = list(student.run_all(tuple(programs)))

    assert kind == seen[place].fault.kind
    assert [(1.0,)] * 18 == [s.numbers("one") for i, s in enumerate(seen) if i != place]
    if kind == "timeout":  # it is waited for once, and then known
        deaths = student.deaths
        assert (seen[place], deaths) == (student.run(stop), student.deaths)


def test_nothing_is_run_that_nobody_asks_for(student):
    several = student.run_all((COUNT,) * (2 * TOGETHER))
    next(several)
    several.close()

    assert (TOGETHER + 1.0,) == student.run(COUNT).numbers("count")


@pytest.mark.parametrize("name", ["scalar_autograd", "mlp_training"])
def test_the_answer_key_is_observed_alike_in_the_worker_and_in_our_own_process(key, name):
    ours = Mutant("key", KEY.read_text(encoding="utf-8"), AG)
    for check in find(name).active:
        programs = tuple(
            program for program in check.programs("577/alike") if ours.run(program).fault is None
        )
        assert [ours.run(program) for program in programs] == list(key.run_all(programs))


def test_a_right_part_stands_in_for_the_students_and_the_student_stays(launcher):
    text = KEY.read_text(encoding="utf-8")
    wrong = text.replace("return order", "return order[::-1]")
    assignment = find("scalar_autograd")
    (check,) = (c for c in assignment.checks if c.name == "gradient_lecture")
    programs = check.programs("577")
    submission = Submission("ada", (Source("ag.py", wrong),))
    with Student(Setup(submission, LIMITS, assignment.names, AG), launcher) as student:
        mended = student.replaced(Source("key.py", text), ("ag.Scalar.topological_sort",))

        assert list(Mutant("key", text, AG).run(p) for p in programs) == list(
            mended.run_all(programs)
        )
        assert list(Mutant("wrong", wrong, AG).run(p) for p in programs) == list(
            student.run_all(programs)
        )
