"""A Dask cluster gives the results of this machine's own pool, even where it loses a worker."""

import operator
import os
import signal
import subprocess
import sys

import pytest

from harness.classes import cluster
from support.class_runs import LAB, exported
from support.commands import adjudge_alone

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A scheduler and two workers as processes of their own: its address, and the workers."""
    distributed = pytest.importorskip("distributed")
    tmp_path = tmp_path_factory.mktemp("cluster")
    book = tmp_path / "scheduler.json"

    def started(what, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            [*command, "--scheduler-file", str(book), *words], cwd=tmp_path, **quiet
        )

    lead = started("scheduler", "--port", "0")
    apart = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
    workers = [started("worker", *apart) for _ in range(2)]
    with distributed.Client(scheduler_file=str(book), timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address
    yield address, workers
    for process in (*workers, lead):
        process.kill()
        process.wait()


def grade(handed_in, results, address):
    return [
        "grade", handed_in / "submissions.zip", "-o", results, "--roster",
        handed_in / "roster.csv", "--scheduler", address,
    ]  # fmt: skip


def test_two_workers_give_the_results_of_the_local_pool(handed_in, with_rules, tmp_path, scheduler):
    results, (options, undisturbed) = tmp_path / "cluster.db", with_rules
    done = adjudge_alone(*grade(handed_in, results, scheduler[0]), *options)

    assert 0 == done.returncode, done.stderr
    assert exported(undisturbed) == exported(results)


def test_a_worker_that_is_killed_costs_nothing(handed_in, graded_lab, tmp_path, scheduler):
    results = tmp_path / "cluster.db"
    address, (first, _) = scheduler
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", *map(str, grade(handed_in, results, address)), *LAB],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout:
        if " of 7:" in line:
            os.kill(first.pid, signal.SIGKILL)
            break
    said, _ = process.communicate(timeout=300)

    assert 0 == process.returncode, said
    assert exported(graded_lab) == exported(results)


class Counted:
    """What counts how often it is sent, and arrives as bytes."""

    sent = 0

    def __reduce__(self):
        Counted.sent += 1
        return bytes, (b"ab",)


def test_what_tasks_have_in_common_is_sent_once(scheduler):
    common, crew = Counted(), cluster.connected(scheduler[0])
    told = [crew.submit(operator.contains, common, byte) for byte in b"abc" * 10]

    assert [True, True, False] * 10 == [each.result() for each in told]
    assert Counted.sent <= 2
    assert crew.room() >= 2
    crew.shutdown()
