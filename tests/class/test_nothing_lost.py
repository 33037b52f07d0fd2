"""Whatever ends a run, running it again ends with the results of an undisturbed one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from harness.classes.gradebook import Crew, Job, Plan, processes, run
from harness.classes.store import Store
from harness.grading.answers import answers_for
from harness.judging.check import find
from harness.records.handed_in import Submission
from support.class_runs import LAB, exported
from support.commands import adjudge
from support.long import sample


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


def graded_one(process):
    """Waits until the first of the class is graded."""
    for line in process.stdout:
        if " of 7:" in line:
            return


def go_on(handed_in, results, *more):
    """The same command again, to its end and in this process."""
    words = (handed_in / "submissions.zip", "-o", results, "--roster", handed_in / "roster.csv")
    done = adjudge("grade", *words, "--jobs", "1", *more)
    assert 0 == done.returncode, done.stderr


def lives(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("times", sample(2, [1, int(os.environ.get("ADJUDGE_KILLS", "2"))]))
def test_after_kill_9_at_any_moment_the_results_are_the_same(
    handed_in, with_rules, tmp_path, times
):
    results, dice, killed = tmp_path / "killed.db", random.Random(577), []
    options, undisturbed = with_rules
    for _ in range(times):
        process = start(handed_in, results, "--jobs", "2", *options)
        try:
            process.wait(dice.uniform(0.3, 2.5))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        killed.append(process.pid)
    go_on(handed_in, results, *options)

    assert exported(undisturbed) == exported(results)
    assert "a bus that was late" in adjudge("show", results, "102").stdout
    until = time.monotonic() + 10
    while any(map(lives, killed)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [] == [group for group in killed if lives(group)], "nobody is left behind"


@pytest.fixture
def interrupts():
    """Ctrl-C reaches what is started here; a shell's background jobs are born deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
@pytest.mark.long
def test_ctrl_c_keeps_what_is_graded_and_says_how_to_go_on(handed_in, graded_lab, tmp_path):
    results = tmp_path / "stopped.db"
    process = start(handed_in, results, "--jobs", "1", *LAB)
    graded_one(process)
    os.kill(process.pid, signal.SIGINT)
    code, said = finish(process)

    assert 130 == code, said
    assert "run the same command again to resume" in said
    go_on(handed_in, results, *LAB)
    assert exported(graded_lab) == exported(results)


@pytest.mark.long
def test_an_archive_that_is_changed_meanwhile_makes_nobody_unreadable(
    handed_in, graded_lab, tmp_path
):
    for name in ("submissions.zip", "roster.csv"):
        shutil.copy(handed_in / name, tmp_path)
    process = start(tmp_path, tmp_path / "changed.db", "--jobs", "1", *LAB)
    graded_one(process)
    os.utime(tmp_path / "submissions.zip", (1, 1))
    code, said = finish(process)

    assert 2 == code, said
    assert "was changed while it was graded; run the same command again" in said
    go_on(tmp_path, tmp_path / "changed.db", *LAB)
    assert exported(graded_lab) == exported(tmp_path / "changed.db")


@pytest.mark.long
def test_a_lost_process_costs_nobody_anything(handed_in, graded_lab, tmp_path):
    results = tmp_path / "lost.db"
    process = start(handed_in, results, "--jobs", "2", *LAB)
    graded_one(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    pool = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(int(pool[0]), signal.SIGKILL)
    code, said = finish(process)

    assert 0 == code, said
    assert exported(graded_lab) == exported(results)


def test_a_pool_that_is_broken_before_it_is_asked_costs_nobody_anything(tmp_path):
    plan = Plan(("mlp_training",), "577", (b"",), "S1")
    jobs = [Job(key, None, "it cannot be read") for key in ("ada", "bob", "cyc")]
    broken = processes(1)
    with pytest.raises(BrokenExecutor):
        broken.submit(os._exit, 1).result()
    pools = [processes(1), broken]

    with Store(tmp_path / "broken.db", writes=True) as store:
        lost = run(plan, jobs, store, Crew(pools.pop, lambda _: 2), lambda progress: None)
        assert {} == lost
        assert {"ada", "bob", "cyc"} == {key for key, _ in store.stamps()}


def test_what_we_cannot_grade_is_our_failure_and_ends_nothing(tmp_path):
    unreadable = Job("ada", None, "it cannot be read")
    ours = Job("bob", Submission("bob", (None,)))  # a record of ours that is broken
    plan = Plan(("mlp_training",), "577", (answers_for(find("mlp_training"), "577"),), "S1")

    with Store(tmp_path / "ours.db", writes=True) as store:
        lost = run(
            plan, [ours, unreadable], store, Crew(lambda: processes(1), lambda _: 2), lambda p: None
        )
        assert ["bob"] == list(lost)
        assert {"ada"} == {key for key, _ in store.stamps()}
