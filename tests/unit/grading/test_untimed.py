"""What an oracle takes is told to whoever counts the time, whatever comes of it."""

import gc
import time
import weakref

import pytest

from harness.grading.untimed import Untimed, weakly
from harness.records.errors import Disputed
from harness.records.observation import Observation
from harness.records.program import Expression

PROGRAM = Expression((1.0,), ())
BUSY = 0.01
"""Seconds of work."""


class Working:
    """An oracle that works for a moment, and then answers or disputes."""

    def __init__(self, disputes):
        self.disputes = disputes

    def prepare(self, programs):
        self.expected(*programs)

    def expected(self, program):
        until = time.monotonic() + BUSY
        while time.monotonic() < until:
            pass
        if self.disputes:
            raise Disputed("no answer")
        return (Observation(()),)

    def by(self, program):
        return ("torch",)


def test_an_answer_comes_through_and_its_time_and_that_of_a_dispute_are_told():
    waited = []
    answers = Untimed(Working(disputes=False), waited.append)

    assert (Observation(()),) == answers.expected(PROGRAM)
    assert ("torch",) == answers.by(PROGRAM)
    answers.prepare((PROGRAM,))
    with pytest.raises(Disputed):
        Untimed(Working(disputes=True), waited.append).expected(PROGRAM)
    assert 3 == len(waited)
    assert min(waited) >= BUSY


def test_what_is_remembered_of_the_oracles_does_not_depend_on_who_waited():
    oracles = Working(disputes=False)

    assert Untimed(oracles, [].append) == Untimed(oracles, print)
    assert hash(Untimed(oracles, [].append)) == hash(Untimed(oracles, print))
    assert Untimed(oracles, print) != Untimed(Working(disputes=False), print)


class Waiting:
    """Somebody whose clock stands still meanwhile."""

    def __init__(self):
        self.waited = []

    def wait(self, seconds):
        self.waited.append(seconds)


def test_whoever_is_told_of_the_time_may_go():
    student = Waiting()
    answers, gone = Untimed(Working(disputes=False), weakly(student.wait)), weakref.ref(student)
    answers.expected(PROGRAM)
    assert 1 == len(student.waited)

    del student
    gc.collect()
    assert gone() is None
    assert (Observation(()),) == answers.expected(PROGRAM)
