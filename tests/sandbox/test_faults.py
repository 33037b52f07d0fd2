"""A module that stops yields a fault with the student's own line, and the next program runs."""

import os
from pathlib import Path

import pytest

from harness.records.program import Apply, Backward, Expression
from harness.sandbox.launch import Launcher
from support.workers import call


@pytest.fixture(scope="module", params=[True, False], ids=["zygote", "spawner"])
def launcher(request):
    with Launcher(fork=request.param) as one:
        yield one


MODULE = """
import os, sys, time, ctypes, signal

class Bomb(BaseException):
    def __str__(self):
        {bomb}

def act():
    {act}

def fine():
    return 2.5
"""
NEXT = call('record("value", -1, ag.fine())')


def module(act, bomb="raise self"):
    return MODULE.format(act=act, bomb=bomb)


@pytest.mark.parametrize(
    ("act", "kind", "line"),
    [
        pytest.param("return 1 / 0", "raised", 9, id="raises"),
        pytest.param("raise Bomb()", "raised", 9, id="message raises"),
        pytest.param("sys.exit(0)", "raised", 9, id="SystemExit"),
        pytest.param("return act()", "raised", 9, id="recurses"),
        pytest.param("return bytearray(16 << 30)", "memory", 9, id="16 GB"),
        pytest.param("os._exit(0)", "exited", 0, id="exits"),
        pytest.param("while True: pass", "timeout", 0, id="loops"),
        pytest.param("time.sleep(10**6)", "waited", 0, id="sleeps"),
        pytest.param("print('x' * (1 << 30))", "memory", 9, id="one huge line"),
        pytest.param("[print('x' * 10**6) for _ in range(1000)]", "output", 0, id="prints 1 GB"),
        pytest.param("ctypes.string_at(0)", "crashed", 0, id="null pointer"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", "crashed", 0, id="kills itself"),
        pytest.param("os.write(3, b'x' * 100)", "malformed", 0, id="writes on the socket"),
        pytest.param("os.write(3, b'\\x7f' * 8)", "malformed", 0, id="a giant frame"),
        pytest.param("os.close(3); time.sleep(9)", "malformed", 0, id="closes the socket"),
    ],
)
def test_a_fault_is_told_and_the_next_program_runs(hand_in, act, kind, line):
    engine = hand_in(module(act))
    fault = engine.run(call("ag.act()")).fault

    assert (kind, line) == (fault.kind, fault.line)
    assert (2.5,) == engine.run(NEXT).numbers("value")


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
"""


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
def test_an_exception_tells_the_lines_that_it_passed_the_caller_first(hand_in, program, trace):
    engine = hand_in(CALLS)
    told = engine.run(call(program)).fault.trace

    assert trace == [f"{at.line} {at.function}" for at in told]
    assert all(at.text == CALLS.splitlines()[at.line - 1].strip() for at in told)


def test_a_message_that_never_ends_is_a_timeout(hand_in):
    engine = hand_in(module("raise Bomb()", bomb="\n        while True: pass"))

    assert "timeout" == engine.run(call("ag.act()")).fault.kind
    assert (2.5,) == engine.run(NEXT).numbers("value")


def test_a_module_that_is_not_python_says_so_and_is_not_loaded_again(hand_in):
    engine = hand_in("x = 1\ny = (\n")
    first, second = engine.load(), engine.run(NEXT).fault

    assert ("syntax", 2) == (first.kind, first.line)
    assert first is second


def test_what_is_missing_is_told_by_name(hand_in):
    names = ("ag.Scalar", "ag.exp", "Model")
    engine = hand_in("class ag:\n    class Scalar: pass\n", names=names)

    assert engine.load() is None
    assert ("ag.exp", "Model") == engine.missing


NUMBERS = {
    "float('inf')": "inf",
    "float('-inf')": "-inf",
    "float('nan')": "nan",
    "-0.0": "-0.0",
    "5e-324": "5e-324",
    "0.1 + 0.2": "0.30000000000000004",
    "1.7976931348623157e308": "1.7976931348623157e+308",
}


def test_floats_travel_bit_for_bit(hand_in):
    told = hand_in("").run(call(f'record("value", -1, {", ".join(NUMBERS)})'))

    assert list(NUMBERS.values()) == [repr(value) for value in told.get("value").values]


def test_a_number_that_is_none_is_told_by_its_type(hand_in):
    told = hand_in("").run(call('record("value", -1, 1.5, None, "x", 1j, [2.0], True, 10**400)'))

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
