"""A module that stops yields a fault with the student's own line, and the next program runs."""

import os
from pathlib import Path

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.records.handed_in import Source, Submission
from harness.records.program import Apply, Backward, Expression
from harness.sandbox.launch import Launcher
from harness.sandbox.student import Setup, Student
from support.long import sample
from support.workers import LIMITS, call


@pytest.fixture(scope="module", params=sample(2, [True, False]), ids=["zygote", "spawner"])
def launcher(request):
    with Launcher(fork=request.param) as one:
        yield one


CALLS = """
def act():
    return 1 / 0
def outer():
    return act()
def deep(n):
    if n == 0: return act()
    return deep(n - 1)
def turns(n):
    if n == 0: return act()
    if n % 2: return turns(n - 1)
    return turns(n - 1)

import os, sys, time, ctypes, signal

class Bomb(BaseException):
    def __str__(self):
        raise self

def fine():
    return 2.5
"""
ACTS = {
    "raises": ("return 1 / 0.0", "raised"),
    "message raises": ("raise Bomb()", "raised"),
    "SystemExit": ("sys.exit(0)", "raised"),
    "recurses": ("return act_recurses()", "raised"),
    "16 GB": ("return bytearray(16 << 30)", "memory"),
    "exits": ("os._exit(0)", "exited"),
    "loops": ("while True: pass", "timeout"),
    "sleeps": ("time.sleep(10**6)", "waited"),
    "one huge line": ("print('x' * (1 << 30))", "memory"),
    "prints 1 GB": ("[print('x' * 10**6) for _ in range(1000)]", "output"),
    "null pointer": ("ctypes.string_at(0)", "crashed"),
    "kills itself": ("os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
    "writes on the socket": ("os.write(3, b'x' * 100)", "malformed"),
    "a giant frame": ("os.write(3, b'\\x7f' * 8)", "malformed"),
    "closes the socket": ("os.close(3); time.sleep(9)", "malformed"),
}
"""What a function does, and the kind of fault that it is."""
WITH_LINE = ("raised", "memory")
"""What stops in the module itself, and not its process."""


def named(name):
    return f"act_{name}".replace(" ", "_")


MODULE = CALLS + "".join(f"\ndef {named(name)}():\n    {act}\n" for name, (act, _) in ACTS.items())
LINES = MODULE.splitlines()


@pytest.fixture(scope="module")
def engine(launcher):
    """The engine of one module that has every act: where one costs a worker, the next starts."""
    setup = Setup(Submission("ada", (Source("ag.py", MODULE),)), LIMITS, (), AG)
    with Student(setup, launcher) as one:
        yield one


@pytest.mark.parametrize("name", ACTS)
def test_a_fault_is_told_and_the_next_program_runs(engine, name):
    act, kind = ACTS[name]
    fault = engine.run(call(f"ag.{named(name)}()")).fault

    line = 1 + LINES.index(f"    {act}") if kind in WITH_LINE else 0
    assert (kind, line) == (fault.kind, fault.line)
    assert (2.5,) == engine.run(call('record("value", -1, ag.fine())')).numbers("value")


@pytest.mark.parametrize(
    ("program", "trace"),
    [
        pytest.param("ag.outer()", ["5 outer", "3 act"], id="a caller and what it calls"),
        pytest.param("ag.deep(20)", ["8 deep", "7 deep", "3 act"], id="a recursion is told once"),
        pytest.param("ag.act()", ["3 act"], id="one line"),
        pytest.param(
            "ag.turns(99)", ["12 turns", "11 turns"] * 3 + ["10 turns", "3 act"], id="the last 8"
        ),
        pytest.param("1 / 0", [], id="none of the student's"),
    ],
)
def test_an_exception_tells_the_lines_that_it_passed_the_caller_first(engine, program, trace):
    told = engine.run(call(program)).fault.trace

    assert trace == [f"{at.line} {at.function}" for at in told]
    assert all(at.text == LINES[at.line - 1].strip() for at in told)


NUMBERS = {
    "float('inf')": "inf",
    "float('-inf')": "-inf",
    "float('nan')": "nan",
    "-0.0": "-0.0",
    "5e-324": "5e-324",
    "0.1 + 0.2": "0.30000000000000004",
    "1.7976931348623157e308": "1.7976931348623157e+308",
}


def test_floats_travel_bit_for_bit(engine):
    told = engine.run(call(f'record("value", -1, {", ".join(NUMBERS)})'))

    assert list(NUMBERS.values()) == [repr(value) for value in told.get("value").values]


def test_a_number_that_is_none_is_told_by_its_type(engine):
    told = engine.run(call('record("value", -1, 1.5, None, "x", 1j, [2.0], True, 10**400)'))

    assert (1.5, None, None, None, None, 1.0, None) == told.get("value").values
    assert ("float", "NoneType", "str", "complex", "list", "bool", "int") == told.get("value").types


def test_a_worker_sees_four_words_of_the_environment_and_no_input(hand_in, monkeypatch):
    monkeypatch.setenv("ADJUDGE_CANARY", "secret")
    told = hand_in("import os, sys").run(
        call(
            "import os, sys",
            'record("canary", -1, "ADJUDGE_CANARY" in os.environ, len(os.environ))',
            'record("loaded", -1, "torch" in sys.modules, "harness" in sys.modules)',
            'record("read", -1, len(sys.stdin.read()))',
        )
    )

    assert 0 == told.get("canary").values[0]
    assert told.get("canary").values[1] <= 6
    assert (0.0, 0.0) == told.numbers("loaded")
    assert (0.0,) == told.numbers("read")


def test_a_plot_draws_nothing_and_stops_nothing(hand_in):
    text = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1])\nplt.show()\n"

    assert hand_in(text).load() is None


def test_no_process_is_left(hand_in):
    engine = hand_in("x = 1\n")
    engine.load()
    pid = engine._worker.pid

    assert Path(f"/proc/{pid}").exists()
    engine.close()

    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_that_somebody_else_kills_gets_one_more_try(hand_in):
    engine = hand_in("calls = []\n")
    engine.load()
    os.kill(engine._worker.pid, 9)

    assert engine.run(Expression((1.0,), (Apply("add", (0, 0)), Backward(1)))).fault is not None
    assert 1 == engine.killed
