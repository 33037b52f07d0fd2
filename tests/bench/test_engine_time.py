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


def seconds(path):
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "harness", "check", str(path)], capture_output=True, check=False
    )
    assert b"grand total" in done.stdout, done.stderr
    return time.perf_counter() - start


def test_a_self_check_of_an_engine_costs_little_more_than_the_lectures(tmp_path, capsys):
    lecture = tmp_path / "ag.py"
    lecture.write_text(AG_TEXT)
    engine = ENGINES / "closures.py"
    seconds(lecture), seconds(engine)

    rounds = [seconds(engine) / seconds(lecture) for _ in range(ROUNDS)]
    ratio = statistics.median(rounds)
    with capsys.disabled():
        print(f"\nengine / lecture: {ratio:.2f}")

    assert ratio <= MOST
