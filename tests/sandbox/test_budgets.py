"""Whatever a module does, a submission keeps to its seconds, its replies and its output."""

import time

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.training import training as training_run
from harness.judging.check import Limits
from harness.programs.extent import Extent, extent
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault
from harness.records.program import Apply, Backward, Expression, Sort
from harness.sandbox.launch import Launcher
from harness.sandbox.student import SHARE, Setup, Student
from support.workers import ANSWER, LIMITS, call

FINE = call('record("value", -1, 2.5)')


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        pytest.param("[{0}()] * 50", "more quantities", id="quantities"),
        pytest.param("[{0}()] * 86_000", "too long", id="so many that the reply is too long"),
        pytest.param("[{0}(values=[0] * 1500)]", "more numbers", id="numbers"),
        pytest.param("[{0}(types=['float'] * 1500)]", "types", id="types"),
        pytest.param("[{0}(values=['0x1p0' * 100_000])]", "too long", id="one long number"),
    ],
)
def test_a_reply_of_more_than_the_program_records_is_malformed(hand_in, forged, says):
    reply = forged.format("ag._quantity")
    lines = f"ag._write(ag._told({reply}))", "while True: pass", 'record("grad", 1, 0)'
    seen = hand_in(ANSWER).run(call(*lines))

    assert "malformed" == seen.fault.kind
    assert says in seen.fault.message


def test_an_honest_quantity_of_too_many_numbers_is_cut_and_judged(hand_in):
    seen = hand_in("").run(call('record("value", -1, *range(9000))'))

    assert seen.fault is None
    assert 1000 == len(seen.get("value").values)


def test_what_a_program_records_is_found_from_the_program():
    graph = Expression((1.0,), (Apply("add", (0, 0)), Backward(1), Sort(1)))
    epochs = training_run(2, 1, (0.0,) * 7, (1.0,) * 3, (1.0,) * 3, 0.1, 5)
    looped = call("for k in range(3):", '    record("loss", k, 1.0)')

    assert Extent(3, 1002) == extent(graph)
    assert Extent(30, 1007) == extent(epochs)
    assert Extent(1001, 1000) == extent(looped)


ADDS_UP = "def say(count):\n    print('x' * count)\n"


def test_what_earlier_programs_printed_does_not_count_against_the_next(hand_in):
    engine = hand_in(ADDS_UP)
    faults = [engine.run(call("ag.say(400_000)")).fault for _ in range(6)]

    assert [None] * 6 == faults


def test_of_many_programs_only_the_one_that_prints_too_much_is_stopped(hand_in):
    programs = (call("ag.say(700_000)"), call("ag.say(2_000_000)"), call("ag.say(700_001)"))
    seen = list(hand_in(ADDS_UP).run_all(programs))

    assert [None, "output", None] == [one.fault and one.fault.kind for one in seen]


def test_all_that_a_submission_prints_has_a_limit(hand_in):
    engine = hand_in(ADDS_UP)
    faults = [engine.run(call(f"ag.say({900_000 + k})")).fault for k in range(30)]

    assert faults[0] is None
    assert ("output", "16") == (faults[-1].kind, faults[-1].message)


@pytest.mark.parametrize("act", ["while True: pass", "import time; time.sleep(99)"])
def test_no_program_outlives_the_total_of_its_submission(hand_in, act):
    engine = hand_in(f"def act():\n    {act}\n", Limits(seconds=5, total_seconds=1))
    start = time.monotonic()
    kinds = [engine.run(call("ag.act()", f"x = {k}")).fault.kind for k in range(5)]
    seconds = time.monotonic() - start

    assert ["budget"] * 5 == kinds
    assert seconds < 1.5


def test_variants_and_fresh_workers_share_the_total(hand_in):
    engine = hand_in(
        "import time\ndef act():\n    time.sleep(0.2)\n", Limits(seconds=5, total_seconds=1)
    )
    other = engine.replaced(Source("key", "class Loss:\n    def mse(self): ..."), ())
    for _ in range(4):
        engine.run(call("ag.act()"))
        other.run(call("ag.act()"))
        engine.afresh()

    assert "budget" == other.run(FINE).fault.kind
    assert engine._clock.spent < 1.0 * SHARE + 0.3


LIFTING = """
import resource

def act():
    resource.setrlimit(resource.RLIMIT_CPU, (3600, 3600))
    while True: pass
"""


def test_a_program_that_lifts_its_own_limit_has_no_more_processor_time_than_others(hand_in):
    engine = hand_in(LIFTING, Limits(seconds=1))

    assert Fault("timeout", message="1") == engine.run(call("ag.act()")).fault
    assert engine._clock.spent < 3.0  # by the clock alone it would be 4


ENDLESS = """
class Bomb(BaseException):
    def __str__(self):
        while True: pass

def act():
    raise Bomb()

def fine():
    return 2.5
"""


def test_a_message_that_never_ends_is_a_timeout(hand_in):
    engine = hand_in(ENDLESS)

    assert "timeout" == engine.run(call("ag.act()")).fault.kind
    assert (2.5,) == engine.run(call('record("value", -1, ag.fine())')).numbers("value")


LOOPING = """
import numpy

class Number(numpy.float64):
    def __float__(self):
        while True: pass

class Index(int):
    def __float__(self):
        while True: pass
"""


def test_a_number_of_the_modules_own_class_is_no_number_and_runs_nothing(hand_in):
    seen = hand_in(LOOPING).run(call('record("value", -1, ag.Number(1.0), ag.Index(2), 3.0)'))

    assert seen.fault is None
    assert (None, None, 3.0) == seen.get("value").values
    assert ("Number", "Index", "float") == seen.get("value").types


def test_numpys_own_numbers_are_numbers(hand_in):
    kinds = ("float64", "float32", "int64", "bool_")
    told = ", ".join(f"numpy.{kind}(1)" for kind in kinds)
    seen = hand_in("").run(call("import numpy", f'record("value", -1, {told}, 1, True)'))

    assert (1.0,) * 6 == seen.get("value").values


BREAKS = """
import json

def act():
    json.dumps = None
"""


@pytest.mark.parametrize("fork", [True, False], ids=["zygote", "spawner"])
def test_an_error_in_the_worker_is_not_told_as_the_modules_own_exit(fork):
    submission = Submission("ada", (Source("ag.py", BREAKS),))
    with (
        Launcher(fork=fork) as launcher,
        Student(Setup(submission, LIMITS, (), AG), launcher) as engine,
    ):
        assert "broken" == engine.run(call("ag.act()")).fault.kind
        assert engine.run(FINE).fault is None


@pytest.mark.parametrize("separator", ["\f", "\x85", "\u2028", "\v", "\x1c", "\r"])
def test_the_line_that_is_quoted_is_pythons(hand_in, separator):
    text = f"first = 1  #{separator if separator != chr(13) else chr(13) + chr(10)}x = 0\n"
    engine = hand_in(f"{text}def act():\n    raise ValueError('here')\n")
    fault = engine.run(call("ag.act()")).fault

    assert "raise ValueError('here')" == fault.text


@pytest.mark.parametrize(("waited", "kinds"), [(0.0, ["budget"]), (5.0, [None])])
def test_what_oracles_take_is_not_counted_against_a_submission(hand_in, waited, kinds):
    engine = hand_in("", Limits(total_seconds=1))
    engine.start_clock()
    time.sleep(1.0)
    engine.wait(waited)
    faults = [engine.run(call("x = 1")).fault]

    assert kinds == [fault and fault.kind for fault in faults]
