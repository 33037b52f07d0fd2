"""The naive harness's checks on pytest-prairielearn-grader: programs run in its own process."""

import builtins
import os
import sys

import pytest
from pytest_prairielearn_grader import ConfigObject

sys.path.insert(0, os.environ["NAIVE"])
import naive_harness

# By default sum, reversed, getattr and exec are not there, which submissions and programs use.
EVERY = [name for name in dir(builtins) if not name.startswith("_")]
autograder_config = ConfigObject(sandbox_timeout=20.0, import_blacklist=[], builtin_whitelist=EVERY)


def observed(sandbox, text):
    """Runs a program by the function that trailing_code.py adds to the submission."""
    told = sandbox.query_function("run_program", text, query_timeout=20.0)
    if told == "RecursionError":
        raise RecursionError
    return {(name, step): values for name, step, values in told}


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(
            check,
            id=check["name"],
            marks=pytest.mark.grading_data(name=check["name"], points=check["points"]),
        )
        for check in naive_harness.CHECKS
    ],
)
def test_check(check, module_sandbox):
    """One check of the assignment."""
    naive_harness.run(check, lambda text: observed(module_sandbox, text))
