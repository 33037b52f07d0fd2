"""The road of a submission over a Dask cluster, without its grading.

    python tests/bench/performance.py --quick --part scale

From the processor time of the scheduler for each of some simulated submissions over two workers
that answer at once, and from the seconds that a real submission takes, performance.py derives how
many workers one scheduler can keep busy.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import cloudpickle
import distributed

from harness.classes import cluster
from harness.classes.gradebook import Crew, Job, Plan, grade_job, run
from harness.classes.store import Store
from harness.grading.answers import answers_for
from harness.grading.grader import LECTURE
from harness.judging.check import find
from harness.records.handed_in import Source, Submission

ROOT = Path(__file__).parents[2]
COUNTS = (40, 400, 4000)
WORKERS = 2


class Simulated(Executor):
    """A cluster whose workers say of every submission that it cannot be read."""

    def __init__(self, inner):
        self.inner = inner

    def submit(self, function, plan, job):
        """Sends the whole submission, and asks for nothing."""
        return self.inner.submit(_unread, plan, job)

    def room(self):
        """That of the cluster."""
        return self.inner.room()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Ends the cluster's part."""
        self.inner.shutdown(wait)


def _unread(plan, job):
    from harness.classes.gradebook import Job, grade_job

    return grade_job(plan, Job(job.key, None, "simulated"))


@contextlib.contextmanager
def started():
    """A scheduler with its workers: its address, and its process."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}  # they import this file
    with tempfile.TemporaryDirectory() as room, contextlib.ExitStack() as stack:
        file = str(Path(room) / "scheduler.json")
        scheduler = ["dask_scheduler", "--port", "0", "--no-dashboard"]
        worker = ["dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        started = []
        for kind, *options in (scheduler, *[worker] * WORKERS):
            command = [sys.executable, "-m", f"distributed.cli.{kind}", *options]
            process = subprocess.Popen(
                [*command, "--scheduler-file", file],
                cwd=room,
                env=environment,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        with distributed.Client(scheduler_file=file, timeout=60) as client:
            client.wait_for_workers(WORKERS, timeout=60)
            address = client.scheduler.address
        yield address, [process.pid for process in started]


def cpu_of(pid):
    """Processor seconds that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Road:
    """What it takes to send so many submissions over the cluster and back."""

    count: int
    seconds: float
    size: int
    """Bytes of a task."""
    scheduler: float
    """Its processor seconds."""
    everybody: float
    """The processor seconds of all processes, the scheduler's among them."""


def road(count):
    """Sends so many simulated submissions."""
    plan = Plan(LECTURE, "577", tuple(answers_for(find(name), "577") for name in LECTURE))
    text = (ROOT / "reference_impls" / "answer_key.py").read_text(encoding="utf-8")
    jobs = [
        Job(f"s{k}", Submission(f"s{k}", (Source("ag.py", f"{text}\n# {k}\n"),)))
        for k in range(count)
    ]
    with started() as (address, pids), tempfile.TemporaryDirectory() as room:
        crew = Crew(lambda: Simulated(cluster.connected(address)), Simulated.room)
        before, own = [cpu_of(pid) for pid in pids], time.process_time()
        start = time.perf_counter()
        with Store(Path(room) / "r.db", writes=True) as store:
            lost = run(plan, jobs, store, crew, lambda progress: None)
        seconds = time.perf_counter() - start
        assert not lost, lost
        spent = [cpu_of(pid) - cpu for pid, cpu in zip(pids, before, strict=True)]
        leader = time.process_time() - own
    size = len(cloudpickle.dumps((grade_job, jobs[0])))
    return Road(count, seconds, size, spent[0], sum(spent) + leader)
