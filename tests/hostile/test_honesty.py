"""Reverse mode is left in peace however it is written, and anything else is flagged."""

import pytest

from harness.judging.check import Limits
from harness.records.verdict import Status
from hostile.honesty import DISHONEST, HONEST
from support.long import long_where, sample
from support.scene import GRADIENTS, kept, submitted

LIMITS = Limits(seconds=1, megabytes=1024)


@pytest.fixture(scope="module")
def gradients():
    """The checks of gradients alone."""
    return kept("scalar_autograd", GRADIENTS, LIMITS)


MOST = 0.8
"""The share of the points that a module must have to pass for one with right gradients: what is
learnt by heart cannot know how often backward() was called before."""


def flags_of(grader, assignment, text):
    grade = grader.grade(submitted(text), assignment)
    assert grade.points >= MOST * grade.out_of, "its gradients are right"
    return {v.check for v in grade.verdicts if v.status is Status.FLAGGED}


@pytest.mark.parametrize("name", sample(6, HONEST))
def test_reverse_mode_is_not_flagged(name, grader, gradients):
    assert set() == flags_of(grader, gradients, HONEST[name])


ALIKE = (
    *[*DISHONEST][1::2],
    *("complex step", "differences in 60 digits", "forward mode while the graph is built"),
)
"""Every second, what takes seconds, and what the corpus hands in too."""


@pytest.mark.parametrize("name", long_where(DISHONEST, ALIKE.__contains__))
def test_right_gradients_by_other_means_are_flagged(name, grader, gradients):
    assert flags_of(grader, gradients, DISHONEST[name]) - {"flag_names"}


def test_there_are_enough_of_both():
    assert len(HONEST) >= 25
    assert len(DISHONEST) >= 15
