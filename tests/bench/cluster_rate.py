"""Measure the road of a submission over a Dask cluster, without its grading.

    python tests/bench/cluster_rate.py [COUNT ...]

For each count of simulated submissions (40, 400 and 4,000) over two workers that answer at once:
submissions a second, the bytes of a task, and the share of the scheduler in all processor time.
From that and from the seconds that a real submission takes follows how many workers one
scheduler can keep busy.
"""

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor
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
    with tempfile.TemporaryDirectory() as room, contextlib.ExitStack() as stack:
        file = str(Path(room) / "scheduler.json")
        scheduler = ["dask_scheduler", "--port", "0", "--no-dashboard"]
        worker = ["dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        started = []
        for kind, *options in (scheduler, *[worker] * WORKERS):
            command = [sys.executable, "-m", f"distributed.cli.{kind}", *options]
            process = subprocess.Popen(
                [*command, "--scheduler-file", file], cwd=room, stderr=subprocess.DEVNULL
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


def main(counts):
    """Prints a row for each count."""
    plan = Plan(LECTURE, "577", tuple(answers_for(find(name), "577") for name in LECTURE))
    text = (ROOT / "reference_impls" / "answer_key.py").read_text(encoding="utf-8")
    print(f"{'count':>6} {'a second':>9} {'bytes':>7} {'scheduler':>10} {'per task, ms':>13}")
    for count in counts:
        jobs = [
            Job(f"s{k}", Submission(f"s{k}", (Source("ag.py", f"{text}\n# {k}\n"),)))
            for k in range(count)
        ]
        bytes_of = len(cloudpickle.dumps((grade_job, jobs[0])))
        with started() as (address, pids), tempfile.TemporaryDirectory() as room:
            crew = Crew(lambda: Simulated(cluster.connected(address)), Simulated.room)
            before, own = [cpu_of(pid) for pid in pids], resource.getrusage(resource.RUSAGE_SELF)
            start = time.perf_counter()
            with Store(Path(room) / "r.db", writes=True) as store:
                lost = run(plan, jobs, store, crew, lambda progress: None)
            seconds = time.perf_counter() - start
            assert not lost, lost
            spent = [cpu_of(pid) - cpu for pid, cpu in zip(pids, before, strict=True)]
            now = resource.getrusage(resource.RUSAGE_SELF)
            leader = now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime
        share = spent[0] / (sum(spent) + leader)
        each = 1000 * spent[0] / count
        print(f"{count:6} {count / seconds:9.0f} {bytes_of:7} {share:10.0%} {each:13.2f}")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or COUNTS)
