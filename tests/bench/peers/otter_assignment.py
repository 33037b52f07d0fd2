"""The naive harness's checks as a test file of otter-grader, in its exception-based format."""

import os
import sys

from otter.test_files import test_case

sys.path.insert(0, os.environ["NAIVE"])
import naive_harness

OK_FORMAT = False
name = "autograd"
points = None


def case(check):
    """One test case of otter's."""

    @test_case(name=check["name"], points=check["points"])
    def test(env):
        naive_harness.run(check, lambda text: naive_harness.observe(env, text))

    return test


for check in naive_harness.CHECKS:
    globals()[f"test_{check['name']}"] = case(check)
