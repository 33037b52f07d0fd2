"""What starts the workers of this folder's tests."""

from contextlib import ExitStack

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.records.handed_in import Source, Submission
from harness.sandbox.launch import Launcher
from harness.sandbox.student import Setup, Student
from support.workers import LIMITS


@pytest.fixture(scope="session")
def launcher():
    with Launcher() as starts_workers:
        yield starts_workers


@pytest.fixture
def hand_in(launcher):
    """A function that takes a submission, or the text of one, and gives the engine that runs it."""
    with ExitStack() as running:

        def handed_in(what, limits=LIMITS, names=(), **more):
            if isinstance(what, str):
                what = Submission("ada", (Source("ag.py", what),))
            setup = Setup(what, limits, names, AG)
            return running.enter_context(Student(setup, launcher, **more))

        yield handed_in
