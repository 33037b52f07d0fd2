"""What it costs to find an engine's names: its self-check beside that of the lecture's module."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from reference_impls.keys import AG_TEXT

ENGINES = Path(__file__).parents[2] / "student_submissions" / "engines"
ROUNDS = 7
MOST = 1.3
"""Times the lecture's that an engine's self-check may cost, the search for its names included."""


def check(path):
    """A self-check as a person starts it."""
    words = [sys.executable, "-m", "harness", "check", str(path)]
    done = subprocess.run(words, capture_output=True, check=False)
    assert b"grand total" in done.stdout, done.stderr


def test_an_engine_against_the_lectures_module(benchmark, tmp_path, tell):
    lecture = tmp_path / "ag.py"
    lecture.write_text(AG_TEXT)
    spent = []

    def engine():
        start = time.perf_counter()
        check(ENGINES / "closures.py")
        spent.append(time.perf_counter() - start)

    # One after the other, so that a busy moment of the machine meets both.
    benchmark.pedantic(check, (lecture,), setup=engine, rounds=ROUNDS, warmup_rounds=1)
    tell("engine / lecture", statistics.median(spent))

    assert statistics.median(spent) <= MOST * benchmark.stats.stats.median
