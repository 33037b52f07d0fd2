"""Flags keep the points and say what a person should look at."""

from dataclasses import replace

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.conventions import WIDE
from harness.judging import flags
from harness.judging.check import find
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation
from harness.records.verdict import Status, Verdict
from support.fake_engines import FakeOracles, FakeStudent, Pupil

PASSED = (Verdict("gradient_mul", "2.B", Status.PASSED, 4.0, 4.0),)


class Slow(Pupil):
    """Runs out of time on a wide graph, as forward mode does."""

    def run(self, program):
        if program == WIDE:
            return Observation(fault=Fault("timeout", message="2"))
        return super().run(program)


class Moody(Pupil):
    """Right until it is started afresh."""

    def __init__(self):
        super().__init__()
        self.student = None

    def run(self, program):
        seen = super().run(program)
        return Observation(seen.quantities[:0]) if self.student.fresh else seen


def raised(student, verdicts=PASSED):
    return flags.raised(assignment, student, FakeOracles(), "s", verdicts)


def student_with(text, **siblings):
    student = FakeStudent()
    files = tuple((name, Source(f"{name}.py", told)) for name, told in siblings.items())
    student.submission = Submission("ada", (Source("ag.py", text),), siblings=files)
    return student


def test_an_honest_submission_raises_none():
    assert () == raised(FakeStudent())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("import torch\n", "torch (ag.py, line 1)", id="another library"),
        pytest.param(
            "import sys\nf = sys._getframe(1)\n", "_getframe (ag.py, line 2)", id="frames"
        ),
        pytest.param("x = eval('1')\n", "eval (ag.py, line 1)", id="eval"),
        pytest.param("def f():\n    import ctypes\n", "ctypes (ag.py, line 2)", id="ctypes"),
    ],
)
def test_a_suspicious_name_is_flagged_with_its_line(text, named):
    (verdict,) = raised(student_with(text))

    assert (Status.FLAGGED, "flag_names", 0.0, 0.0) == (
        verdict.status, verdict.check, verdict.points, verdict.out_of
    )  # fmt: skip
    assert named == verdict.problem["names"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# torch, eval and ctypes\n", id="comment"),
        pytest.param("x = 'import torch; eval'\n", id="string"),
        pytest.param("evaluate = openness = torched = 1\n", id="longer name"),
        pytest.param("x = (\n", id="not Python"),
    ],
)
def test_what_only_looks_suspicious_is_not_flagged(text):
    assert () == raised(student_with(text))


def test_a_file_of_ones_own_may_have_any_name():
    assert () == raised(student_with("import autograd\n", autograd="x = 1\n"))


def test_many_names_are_cut_short():
    text = "import torch, jax, ctypes, gc, socket, inspect, pickle, marshal, atexit, signal\n"
    (verdict,) = raised(student_with(text))

    assert verdict.problem["names"].endswith(" and 2 more")


def test_a_cost_that_no_reverse_mode_has_is_flagged():
    (verdict,) = raised(FakeStudent(Slow()))

    assert "flag_cost" == verdict.check


def test_no_cost_is_asked_of_a_submission_that_passes_nothing():
    assert () == raised(FakeStudent(Slow()), ())


def test_no_cost_is_asked_of_a_submission_that_is_known_to_stop():
    student = FakeStudent(Slow())
    student.deaths = 1

    assert () == raised(student)


def test_answers_that_do_not_repeat_in_a_fresh_process_are_flagged():
    moody = Moody()
    student = moody.student = FakeStudent(moody)
    (verdict,) = raised(student)

    assert ("flag_not_repeatable", "gradient_mul") == (verdict.check, verdict.problem["check"])
    assert 1 == student.fresh


def test_a_killed_worker_is_flagged():
    student = FakeStudent()
    student.killed = 2
    (verdict,) = raised(student)

    assert ("flag_killed", "2") == (verdict.check, verdict.problem["count"])


def test_a_module_that_does_not_load_is_only_scanned():
    student = FakeStudent(refusal=Fault("raised"))
    student.submission = replace(student.submission, main=(Source("ag.py", "import jax\n"),))

    assert ["flag_names"] == [verdict.check for verdict in raised(student)]


def test_the_training_assignment_has_no_wide_graph():
    assert find("mlp_training").costly is None
