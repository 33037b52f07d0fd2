"""Flags keep the points and say what a person should look at."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.reverse import CHAINS, LONG_CHAINS
from harness.judging import flags
from harness.judging.check import find, programs_of
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation, Quantity
from harness.records.verdict import Status, Verdict
from support.fake_engines import FakeOracles, FakeStudent, Pupil

PASSED = (Verdict("gradient_mul", "2.B", Status.PASSED, 4.0, 4.0),)
NOTHING = Observation()
TIMEOUT = Observation(fault=Fault("timeout", message="2"))


class But(Pupil):
    """Right, but for the programs of which a function gives another observation."""

    def __init__(self, other):
        super().__init__()
        self.other = other

    def run(self, program):
        return self.other(program) or super().run(program)


def function_of(program):
    return getattr(program, "function", "")


def first_name(program):
    return getattr(program, "names", ("x1",))[0]


def raised(student, verdicts=PASSED):
    return flags.raised(assignment, student, FakeOracles(), "s", verdicts)


def facts(verdict, *names):
    """A flag and some of its facts."""
    return (verdict.check, *(verdict.problem[name] for name in names))


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
        pytest.param("f = sys._getframe(1)\n", "_getframe (ag.py, line 1)", id="frames"),
        pytest.param("x = eval('1')\n", "eval (ag.py, line 1)", id="eval"),
        pytest.param("def f():\n    import ctypes\n", "ctypes (ag.py, line 2)", id="ctypes"),
        pytest.param("x = f'{eval(1)}'\n", "eval (ag.py, line 1)", id="in an f-string"),
        pytest.param(
            "\uff45\uff56\uff41\uff4c('1')\n", "eval (ag.py, line 1)", id="in other letters"
        ),
        pytest.param("vars(print.__self__)\n", "__self__ (ag.py, line 1)", id="a builtin's owner"),
    ],
)
def test_a_suspicious_name_is_flagged_with_its_line_even_where_it_hides(text, named):
    (verdict,) = raised(student_with(text))

    assert (Status.FLAGGED, 0.0, 0.0) == (verdict.status, verdict.points, verdict.out_of)
    assert ("flag_names", named) == facts(verdict, "names")


def test_a_file_called_like_a_module_of_pythons_own_hides_no_name():
    (verdict,) = raised(student_with("import gc\n", gc=""))

    assert "gc (ag.py, line 1)" == verdict.problem["names"]


@pytest.mark.parametrize(
    ("text", "siblings"),
    [
        pytest.param("# torch, eval and ctypes\n", {}, id="comment"),
        pytest.param("x = 'import torch; eval'\n", {}, id="string"),
        pytest.param("evaluate = openness = torched = 1\n", {}, id="longer name"),
        pytest.param("x = (\n", {}, id="not Python"),
        pytest.param("import autograd\n", {"autograd": "x = 1\n"}, id="a file of ones own"),
    ],
)
def test_what_only_looks_suspicious_is_not_flagged(text, siblings):
    assert () == raised(student_with(text, **siblings))


def test_many_names_are_cut_short():
    text = "import torch, jax, ctypes, gc, socket, inspect, pickle, marshal, atexit, signal\n"
    (verdict,) = raised(student_with(text))

    assert verdict.problem["names"].endswith(" and 2 more")


LINEAR = (100.0, 10.0, 1.0, 900.0), (400.0, 40.0, 1.0, 3600.0)
CLEAN = tuple(
    Verdict(name, "2.B", Status.PASSED, 4.0, 4.0)
    for name in ("gradient_add", "gradient_mul", "gradient_random", "gradient_sessions")
)


def counted(larger=LINEAR[1], large=None):
    """Takes so much for two small graphs, and may answer otherwise for a large one."""
    sizes = zip((*CHAINS, *LONG_CHAINS), (LINEAR[0], larger) * 2, strict=True)
    work = Observation(tuple(Quantity("work", size, row) for size, row in sizes))
    return FakeStudent(But(lambda p: {"counted": work, "large": large}.get(function_of(p))))


def slow():
    """Runs out of time on a wide graph, as forward mode does."""
    return FakeStudent(But(lambda p: TIMEOUT if function_of(p) == "large" else None))


@pytest.fixture
def clock(monkeypatch):
    """Sets what the large graph takes, and what sorting it takes."""

    def takes(*seconds):
        told = iter([edge for each in seconds for edge in (0.0, each)])
        monkeypatch.setattr(flags, "time", SimpleNamespace(monotonic=lambda: next(told)))

    return takes


@pytest.mark.parametrize("deaths", [0, 1])
def test_a_cost_that_no_reverse_mode_has_is_flagged_whatever_died(clock, deaths):
    clock(6.0, 0.2)
    student = slow()
    student.deaths = deaths
    (verdict,) = raised(student)

    assert ("flag_cost", "6.0", "0.2") == facts(verdict, "seconds", "alone")


def test_no_cost_is_asked_of_a_submission_that_passes_nothing():
    assert () == raised(slow(), ())


@pytest.mark.parametrize(
    ("seconds", "student", "verdicts"),
    [
        pytest.param((6.0, 5.0), slow(), PASSED, id="it sorts slowly"),
        *(
            pytest.param((6.0, 0.2), counted(larger, TIMEOUT), CLEAN, id=f"it takes many {what}")
            for what, larger in {
                "steps": (400.0, 40.0, 1.0, 14_400.0),
                "sorts": (400.0, 0.0, 96.0, 3600.0),
            }.items()
        ),
    ],
)
def test_what_searches_its_nodes_may_be_slow(clock, seconds, student, verdicts):
    clock(*seconds)

    assert () == raised(student, verdicts)


def test_arithmetic_that_grows_faster_than_the_graph_is_flagged_but_not_that_of_a_sort():
    (verdict,) = raised(counted((1500.0, 40.0, 1.0, 3600.0)))

    assert ("flag_work", "16", "4") == facts(verdict, "times", "growth")
    assert () == raised(counted((5000.0, 4600.0, 1.0, 3600.0)))
    assert () == raised(counted())


def test_giving_up_on_a_large_graph_is_flagged_where_all_small_ones_are_right():
    gives_up = counted(large=Observation(fault=Fault("raised", "ValueError")))

    assert ["flag_large"] == [verdict.check for verdict in raised(gives_up, CLEAN)]
    assert () == raised(gives_up, CLEAN[:2])


CHECKS = {check.name: check for check in assignment.checks}
KNOWN = programs_of(CHECKS["gradient_mul"], "s/scalar_autograd/gradient_mul")


@pytest.mark.parametrize(
    "right",
    [
        pytest.param(lambda p: first_name(p) in ("x1", "z2"), id="usual names"),
        pytest.param(lambda p: p in KNOWN or function_of(p), id="the numbers of one seed"),
    ],
)
def test_what_holds_for_some_names_or_numbers_alone_is_flagged(right):
    (verdict,) = raised(FakeStudent(But(lambda p: None if right(p) else NOTHING)))

    assert ("flag_twin", "gradient_mul") == facts(verdict, "check")


def once_wrong():
    """Right but for one program that it has not met before."""
    left = [NOTHING]
    return FakeStudent(But(lambda p: left.pop() if left and first_name(p) == "input_0" else None))


def test_one_failing_twin_tells_nothing_where_a_check_has_failed_too():
    whole = tuple(
        Verdict(c.name, c.exercise, Status.PASSED, c.points, c.points) for c in assignment.active
    )

    assert ["flag_twin"] == [v.check for v in raised(once_wrong(), whole)]
    assert () == raised(once_wrong(), whole[:-1])


def test_no_time_left_in_a_fresh_process_is_no_sign_of_anything():
    spent = Observation(fault=Fault("budget", message="120"))

    assert () == raised(FakeStudent(But(lambda p: spent)), CLEAN)


def test_answers_that_do_not_repeat_in_a_fresh_process_are_flagged():
    student = FakeStudent(But(lambda p: NOTHING if student.fresh else None))
    verdict, _ = raised(student)

    assert ("flag_not_repeatable", "gradient_mul") == facts(verdict, "check")
    assert 1 == student.fresh


def test_a_killed_worker_is_flagged():
    student = FakeStudent()
    student.killed = 2
    (verdict,) = raised(student)

    assert ("flag_killed", "2") == facts(verdict, "count")


def test_a_module_that_does_not_load_is_only_scanned():
    student = FakeStudent(refusal=Fault("raised"))
    student.submission = replace(student.submission, main=(Source("ag.py", "import jax\n"),))

    assert ["flag_names"] == [verdict.check for verdict in raised(student)]


def test_the_training_assignment_has_no_large_graph():
    assert find("mlp_training").reverse is None
