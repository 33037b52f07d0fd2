"""Flags keep the points and say what a person should look at."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.reverse import CHAINS, LONG_CHAINS
from harness.judging import flags
from harness.judging.check import programs_of
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation, Quantity
from harness.records.verdict import Status, Verdict
from support.bent import But
from support.fake_engines import FakeOracles, FakeStudent

PASSED = (Verdict("gradient_mul", "2.B", Status.PASSED, 4.0, 4.0),)
NOTHING = Observation()
TIMEOUT = Observation(fault=Fault("timeout", message="2"))


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


MANY = "import torch, jax, ctypes, gc, socket, inspect, pickle, marshal, atexit, signal\n"
TEN = ", ".join(f"{name} (ag.py, line 1)" for name in MANY[7:].split(", ")[:8]) + " and 2 more"


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
        pytest.param("import gc\n", "gc (ag.py, line 1)", id="a file of its name hides it not"),
        pytest.param(MANY, TEN, id="many are cut short"),
        pytest.param("vars(print.__self__)\n", "__self__ (ag.py, line 1)", id="a builtin's owner"),
    ],
)
def test_a_suspicious_name_is_flagged_with_its_line_even_where_it_hides(text, named):
    (verdict,) = raised(student_with(text, gc=""))

    assert (Status.FLAGGED, 0.0, 0.0) == (verdict.status, verdict.points, verdict.out_of)
    assert ("flag_names", named) == facts(verdict, "names")


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


LINEAR = (100.0, 10.0, 1.0, 900.0), (400.0, 40.0, 1.0, 3600.0)
CLEAN = tuple(
    replace(PASSED[0], check=f"gradient_{name}") for name in ("add", "mul", "random", "sessions")
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
    assert () == raised(slow(), ())  # no cost is asked of a submission that passes nothing


@pytest.mark.parametrize(
    ("seconds", "student", "verdicts"),
    [
        ((6.0, 5.0), slow(), PASSED),
        ((6.0, 0.2), counted((400.0, 40.0, 1.0, 14_400.0), TIMEOUT), CLEAN),
        ((6.0, 0.2), counted((400.0, 0.0, 96.0, 3600.0), TIMEOUT), CLEAN),
    ],
    ids=["it sorts slowly", "it takes many steps", "it takes many sorts"],
)
def test_what_searches_its_nodes_may_be_slow(clock, seconds, student, verdicts):
    clock(*seconds)

    assert () == raised(student, verdicts)


def test_arithmetic_that_grows_faster_than_the_graph_is_flagged_but_not_that_of_a_sort():
    (verdict,) = raised(counted((1500.0, 40.0, 1.0, 3600.0)))

    assert ("flag_work", "16", "4") == facts(verdict, "times", "growth")
    assert () == raised(counted((5000.0, 4600.0, 1.0, 3600.0)))
    assert () == raised(counted())


def test_giving_up_on_a_large_graph_alone_is_flagged_and_not_for_want_of_time():
    gives_up = counted(large=Observation(fault=Fault("raised", "ValueError")))
    spent = Observation(fault=Fault("budget", message="120"))  # no time left in a fresh process

    assert ["flag_large"] == [verdict.check for verdict in raised(gives_up, CLEAN)]
    assert () == raised(gives_up, CLEAN[:2])
    assert () == raised(FakeStudent(But(lambda p: spent)), CLEAN)


(MUL,) = (check for check in assignment.checks if check.name == "gradient_mul")
KNOWN = programs_of(MUL, "s/scalar_autograd/gradient_mul")


@pytest.mark.parametrize(
    "right",
    [lambda p: first_name(p) in ("x1", "z2"), lambda p: p in KNOWN or function_of(p)],
    ids=["usual names", "the numbers of one seed"],
)
def test_what_holds_for_some_names_or_numbers_alone_is_flagged(right):
    (verdict,) = raised(FakeStudent(But(lambda p: None if right(p) else NOTHING)))

    assert ("flag_twin", "gradient_mul") == facts(verdict, "check")


def test_one_failing_twin_tells_nothing_where_a_check_has_failed_too():
    whole = tuple(
        Verdict(c.name, c.exercise, Status.PASSED, c.points, c.points) for c in assignment.active
    )
    for verdicts, told in ((whole, ["flag_twin"]), (whole[:-1], [])):
        left = [NOTHING]  # of one program that it has not met before
        once = But(lambda p, left=left: left.pop() if left and first_name(p) == "input_0" else None)

        assert told == [v.check for v in raised(FakeStudent(once), verdicts)]


def test_what_dies_or_does_not_repeat_is_flagged_and_what_does_not_load_is_only_scanned():
    moody = FakeStudent(But(lambda p: NOTHING if moody.fresh else None))
    killed, refused = FakeStudent(), student_with("import jax\n")
    killed.killed, refused.refusal = 2, Fault("raised")
    told = raised(moody)

    assert (2, 1) == (len(told), moody.fresh)
    assert ("flag_not_repeatable", "gradient_mul") == facts(told[0], "check")
    assert [("flag_killed", "2")] == [facts(verdict, "count") for verdict in raised(killed)]
    assert ["flag_names"] == [verdict.check for verdict in raised(refused)]
