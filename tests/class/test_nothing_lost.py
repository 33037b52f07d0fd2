"""Whatever ends a run, running it again ends with the results of an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from class_conftest import exported


def start(handed_in, results, *more):
    """Starts grading in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness", "grade", str(handed_in / "submissions.zip"), "-o",
         str(results), "--roster", str(handed_in / "roster.csv"), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )  # fmt: skip


def finish(process):
    said, _ = process.communicate(timeout=300)
    return process.returncode, said


@pytest.mark.parametrize("times", [int(os.environ.get("ADJUDGE_KILLS", "3"))])
def test_after_kill_9_at_any_moment_the_results_are_the_same(handed_in, graded, tmp_path, times):
    results, dice = tmp_path / "killed.db", random.Random(577)
    for _ in range(times):
        process = start(handed_in, results, "--jobs", "2")
        try:
            process.wait(dice.uniform(0.3, 6.0))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    code, said = finish(start(handed_in, results))

    assert 0 == code, said
    assert exported(graded[0]) == exported(results)


def test_ctrl_c_keeps_what_is_graded_and_says_how_to_go_on(handed_in, graded, tmp_path):
    results = tmp_path / "stopped.db"
    process = start(handed_in, results, "--jobs", "1")
    for line in process.stdout:
        if " of 7:" in line:
            os.kill(process.pid, signal.SIGINT)
            break
    code, said = finish(process)

    assert 130 == code, said
    assert "the same command goes on from here" in said
    code, said = finish(start(handed_in, results))
    assert 0 == code, said
    assert exported(graded[0]) == exported(results)


def test_a_lost_process_costs_nobody_anything(handed_in, graded, tmp_path):
    results = tmp_path / "lost.db"
    process = start(handed_in, results, "--jobs", "2")
    for line in process.stdout:
        if " of 7:" in line:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            pool = [int(pid) for pid in children if b"spawn_main" in _command(pid)]
            os.kill(pool[0], signal.SIGKILL)
            break
    code, said = finish(process)

    assert 0 == code, said
    assert exported(graded[0]) == exported(results)


def _command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()
