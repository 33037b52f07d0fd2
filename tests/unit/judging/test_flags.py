"""Flags keep the points and say what a person should look at."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.judging import flags
from harness.judging.check import find, programs_of
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation, Quantity
from harness.records.verdict import Status, Verdict
from support.fake_engines import FakeOracles, FakeStudent, Pupil

PASSED = (Verdict("gradient_mul", "2.B", Status.PASSED, 4.0, 4.0),)


class Slow(Pupil):
    """Runs out of time on a wide graph, as forward mode does."""

    def run(self, program):
        if getattr(program, "function", "") == "large":
            return Observation(fault=Fault("timeout", message="2"))
        return super().run(program)


class Counted(Pupil):
    """Takes so much for two small graphs, and may give up on a large one or be slow on it."""

    def __init__(self, *rows, gives_up=False, slow=False):
        super().__init__()
        self.rows = rows
        self.gives_up, self.slow = gives_up, slow

    def run(self, program):
        function = getattr(program, "function", "")
        if function == "counted":
            sizes = zip((8, 32), self.rows, strict=True)
            return Observation(tuple(Quantity("work", size, row) for size, row in sizes))
        if function == "large" and self.gives_up:
            return Observation(fault=Fault("raised", "ValueError"))
        if function == "large" and self.slow:
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
    ("text", "name"),
    [
        pytest.param("x = f'{eval(1)}'\n", "eval", id="in an f-string"),
        pytest.param("\uff45\uff56\uff41\uff4c('1')\n", "eval", id="in other letters"),
        pytest.param("vars(print.__self__)\n", "__self__", id="by a builtin's owner"),
    ],
)
def test_a_name_that_hides_is_found(text, name):
    (verdict,) = raised(student_with(text))

    assert f"{name} (ag.py, line 1)" == verdict.problem["names"]


def test_a_file_called_like_a_module_of_pythons_own_hides_no_name():
    (verdict,) = raised(student_with("import gc\n", gc=""))

    assert "gc (ag.py, line 1)" == verdict.problem["names"]


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


LINEAR = (100.0, 10.0, 1.0, 900.0), (400.0, 40.0, 1.0, 3600.0)
CLEAN = tuple(
    Verdict(name, "2.B", Status.PASSED, 4.0, 4.0)
    for name in ("gradient_add", "gradient_mul", "gradient_random", "gradient_sessions")
)


@pytest.fixture
def clock(monkeypatch):
    """Sets what the large graph takes, and what sorting it takes."""

    def takes(*seconds):
        told = iter([edge for each in seconds for edge in (0.0, each)])
        monkeypatch.setattr(flags, "time", SimpleNamespace(monotonic=lambda: next(told)))

    return takes


def test_a_cost_that_no_reverse_mode_has_is_flagged(clock):
    clock(6.0, 0.2)
    (verdict,) = raised(FakeStudent(Slow()))

    assert ("flag_cost", "6.0", "0.2") == (
        verdict.check, verdict.problem["seconds"], verdict.problem["alone"]
    )  # fmt: skip


def test_no_cost_is_asked_of_a_submission_that_passes_nothing():
    assert () == raised(FakeStudent(Slow()), ())


def test_a_worker_that_died_silences_no_flag(clock):
    clock(6.0, 0.2)
    student = FakeStudent(Slow())
    student.deaths = 1

    assert ["flag_cost"] == [verdict.check for verdict in raised(student)]


def test_a_slow_sort_is_no_cost(clock):
    clock(6.0, 5.0)

    assert () == raised(FakeStudent(Slow()))


@pytest.mark.parametrize(
    "larger",
    [
        pytest.param((400.0, 40.0, 1.0, 14_400.0), id="many steps"),
        pytest.param((400.0, 0.0, 96.0, 3600.0), id="many sorts"),
    ],
)
def test_what_searches_its_nodes_may_be_slow(clock, larger):
    clock(6.0, 0.2)

    assert () == raised(FakeStudent(Counted(LINEAR[0], larger, slow=True)), CLEAN)


def test_arithmetic_that_grows_faster_than_the_graph_is_flagged():
    grows = Counted(LINEAR[0], (1500.0, 40.0, 1.0, 3600.0))
    (verdict,) = raised(FakeStudent(grows))

    assert ("flag_work", "16", "4") == (
        verdict.check, verdict.problem["times"], verdict.problem["growth"]
    )  # fmt: skip


def test_arithmetic_of_a_sort_is_not_counted():
    assert () == raised(FakeStudent(Counted(LINEAR[0], (5000.0, 4600.0, 1.0, 3600.0))))
    assert () == raised(FakeStudent(Counted(*LINEAR)))


def test_giving_up_on_a_large_graph_is_flagged_where_all_small_ones_are_right():
    gives_up = FakeStudent(Counted(*LINEAR, gives_up=True))

    assert ["flag_large"] == [verdict.check for verdict in raised(gives_up, CLEAN)]
    assert () == raised(gives_up, CLEAN[:2])


class ByName(Pupil):
    """Right on programs that name their nodes as usual."""

    def run(self, program):
        seen = super().run(program)
        usual = getattr(program, "names", ("x1",))[0] in ("x1", "z2")
        return seen if usual else Observation(seen.quantities[:0])


class ByHeart(Pupil):
    """Right on the programs of one seed."""

    def __init__(self):
        super().__init__()
        check = next(c for c in assignment.checks if c.name == "gradient_mul")
        self.known = programs_of(check, "s/scalar_autograd/gradient_mul")

    def run(self, program):
        seen = super().run(program)
        learnt = program in self.known or getattr(program, "function", "")
        return seen if learnt else Observation(seen.quantities[:0])


@pytest.mark.parametrize("engine", [ByName(), ByHeart()])
def test_what_holds_for_some_names_or_numbers_alone_is_flagged(engine):
    (verdict,) = raised(FakeStudent(engine))

    assert ("flag_twin", "gradient_mul") == (verdict.check, verdict.problem["check"])


class OnceWrong(Pupil):
    """Right but for one program that it has not met before."""

    def __init__(self):
        super().__init__()
        self.left = 1

    def run(self, program):
        seen = super().run(program)
        if self.left and getattr(program, "names", ("x1",))[0] == "input_0":
            self.left = 0
            return Observation(seen.quantities[:0])
        return seen


def test_one_failing_twin_tells_nothing_where_a_check_has_failed_too():
    whole = tuple(
        Verdict(c.name, c.exercise, Status.PASSED, c.points, c.points) for c in assignment.active
    )

    assert ["flag_twin"] == [v.check for v in raised(FakeStudent(OnceWrong()), whole)]
    assert () == raised(FakeStudent(OnceWrong()), whole[:-1])


class Spent(Pupil):
    """Has no time left in a fresh process."""

    def run(self, program):
        return Observation(fault=Fault("budget", message="120"))


def test_no_time_left_is_no_sign_of_anything():
    assert () == raised(FakeStudent(Spent()), CLEAN)


def test_answers_that_do_not_repeat_in_a_fresh_process_are_flagged():
    moody = Moody()
    student = moody.student = FakeStudent(moody)
    verdict, _ = raised(student)

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


def test_the_training_assignment_has_no_large_graph():
    assert find("mlp_training").reverse is None
