"""Reverse mode is left in peace however it is written, and anything else is flagged."""

import os
from dataclasses import replace
from hashlib import sha256

import pytest

from harness.judging.check import Limits, find
from harness.records.handed_in import Source, Submission
from harness.records.verdict import Status
from hostile.honesty import DISHONEST, HONEST

SOME = 1 if "ADJUDGE_ATTACKS" in os.environ else 2
"""Every so many; `tox -e hostile` asks for all."""
KEPT = ("order_random", "gradient_add", "gradient_mul", "gradient_random", "gradient_sessions")
LIMITS = Limits(seconds=1, megabytes=1024)


@pytest.fixture(scope="module")
def gradients():
    """The checks of gradients alone."""
    whole = find("scalar_autograd")
    off = {check.name: 0 for check in whole.checks if check.name not in KEPT}
    return replace(whole.with_points(**off), limits=LIMITS, probes=())


MOST = 0.8
"""The share of the points that a module must have to pass for one with right gradients: what is
learnt by heart cannot know how often backward() was called before."""


def flags_of(grader, assignment, text):
    digest = sha256(text.encode()).hexdigest()
    submission = Submission("ada", (Source("ag.py", text),), digest=digest)
    grade = grader.grade(submission, assignment)
    assert grade.points >= MOST * grade.out_of, "its gradients are right"
    return {v.check for v in grade.verdicts if v.status is Status.FLAGGED}


@pytest.mark.parametrize("name", [*HONEST][::SOME])
def test_reverse_mode_is_not_flagged(name, grader, gradients):
    assert set() == flags_of(grader, gradients, HONEST[name])


@pytest.mark.parametrize("name", [*DISHONEST][::SOME])
def test_right_gradients_by_other_means_are_flagged(name, grader, gradients):
    assert flags_of(grader, gradients, DISHONEST[name]) - {"flag_names"}


def test_there_are_enough_of_both():
    assert len(HONEST) >= 25
    assert len(DISHONEST) >= 15
