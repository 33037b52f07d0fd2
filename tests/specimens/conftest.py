"""One grader for all specimens: the oracles are asked once."""

import pytest

from harness.grading.grader import Grader


@pytest.fixture(scope="session")
def grader():
    with Grader() as one:
        yield one
