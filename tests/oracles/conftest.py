"""What the tests of the oracles share: mutants, which take seconds to make, are made once."""

from functools import cache

import pytest

from harness.grading.audit import run


@pytest.fixture(scope="session", autouse=True)
def made_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "mutations", cache(run.mutations))
        patch.setattr(run, "mutants", cache(run.mutants))
        yield
