"""No submission keeps the judge longer than its total, and our own side for a moment only."""

import time
from dataclasses import replace

import pytest

from harness.judging.check import Limits
from harness.sandbox.process import Worker
from hostile.holdups import MODULES, files
from support.long import sample
from support.scene import GRADIENTS, kept, submitted

TOTAL = 1
LIMITS = Limits(seconds=1, load_seconds=2, total_seconds=TOTAL, megabytes=512, output_megabytes=1)
OURS = 5.0
"""Seconds of processor time that the judge may spend on one submission."""
LATE = 0.2
"""Seconds by which a busy machine may wake us too late."""


@pytest.fixture(scope="module")
def short(grader, answer_key):
    """An assignment under short limits; the oracles have been asked for its programs."""
    whole = kept("scalar_autograd", GRADIENTS, LIMITS)
    assert grader.grade(answer_key, replace(whole, limits=Limits())).points == 32.0
    return whole


@pytest.fixture
def asked(monkeypatch):
    """The wall-clock seconds of each request to a worker."""
    ask, seconds = Worker.ask, []

    def timed(self, *arguments, **more):
        start = time.monotonic()
        reply = ask(self, *arguments, **more)
        seconds.append(time.monotonic() - start)
        return reply

    monkeypatch.setattr(Worker, "ask", timed)
    return seconds


def held(grader, what, assignment):
    """Our own seconds of processor time for a grade; the machine may be busy with others."""
    own = time.process_time()
    grade = grader.grade(what, assignment)
    assert grade.out_of > 0
    return time.process_time() - own


@pytest.mark.parametrize("name", sample(5, MODULES))
def test_a_module_holds_nobody_up(name, grader, short, asked):
    own = held(grader, submitted(MODULES[name]), short)

    assert own < OURS
    assert sum(asked) < TOTAL + LATE


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return files(tmp_path_factory.mktemp("handed_in"))


@pytest.mark.parametrize(
    "name", sample(2, ["95 files of 1 MB", "140,000 cells", "lists in outputs", "a million lines"])
)
def test_what_is_handed_in_holds_no_reader_up(name, grader, short, handed_in):
    assert held(grader, handed_in[name], short) < OURS
