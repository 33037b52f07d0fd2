"""What the benchmarks share: a grader, and a way to print a ratio."""

import sys
from pathlib import Path

import pytest

from harness.grading.grader import Grader

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def grader():
    with Grader(live=True) as one:
        yield one


@pytest.fixture
def tell(benchmark, capsys):
    """Prints how many times longer something took than what was benchmarked."""

    def ratio(name, other):
        told = round(other / benchmark.stats.stats.median, 1)
        benchmark.extra_info[name] = told
        with capsys.disabled():
            print(f"\n{name}: {told}")

    return ratio
