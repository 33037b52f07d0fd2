"""The naive harness's checks as gradescope-utils wants them: unittest, weights, results.json."""

import os
import sys
import unittest

from gradescope_utils.autograder_utils.decorators import number, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

sys.path.insert(0, os.environ["NAIVE"])
import naive_harness


class TestAssignment(unittest.TestCase):
    """One method a check."""

    @classmethod
    def setUpClass(cls):
        """Imports the submission."""
        cls.student = naive_harness.load(os.environ["SUBMISSION"])


def method(at, check):
    """One test with its weight."""

    @weight(check["points"])
    @number(str(at))
    def test(self):
        naive_harness.run(check, lambda text: naive_harness.observe(self.student, text))

    return test


for at, check in enumerate(naive_harness.CHECKS):
    setattr(TestAssignment, f"test_{check['name']}", method(at, check))

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestAssignment)
    with open("results.json", "w", encoding="utf-8") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
