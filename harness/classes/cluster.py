"""A Dask cluster as an executor that sends what all tasks share once."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from importlib import import_module
from typing import Any, TypeVar

from harness.records.errors import AdjudgeError, UsageError

Answer = TypeVar("Answer")

LEAST = 4
"""Tasks that are out at a time on a cluster without workers: one may come."""
FRESH = 2.0
"""Seconds for which the size of a cluster is believed."""


class Cluster(Executor):
    """Sends tasks of two arguments to a cluster: one that all have in common, and their own.

    The common one is a task itself, of which workers give each other the result; so a scheduler
    has it once, and where every worker that has it is lost, it is made again.

    Args:
        client: of the cluster.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._common: Any = None
        self._sent: Any = None
        self._room, self._until = LEAST, 0.0

    def submit(  # type: ignore[override]  # tasks have two arguments here
        self, function: Callable[[Any, Any], Answer], common: Any, own: Any, /
    ) -> Future[Answer]:
        """Sends a task; the common argument travels again only where it is another one."""
        if self._sent is None or common is not self._common:
            self._common, self._sent = common, self._client.submit(_given, common, pure=False)
        future: Future[Answer] = self._executor.submit(function, self._sent, own)
        return future

    def room(self) -> int:
        """How many tasks keep the cluster busy: for each thread one, and for each worker one."""
        if time.monotonic() >= self._until:
            threads = self._client.nthreads()
            self._room = max(LEAST, sum(threads.values()) + len(threads))
            self._until = time.monotonic() + FRESH
        return self._room

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancels what is out, unless it is to be waited for, and leaves the cluster."""
        self._executor.shutdown(wait=wait)
        self._client.close()


def connected(address: str) -> Cluster:
    """The cluster of a scheduler.

    Raises:
        AdjudgeError: Dask is not installed.
        UsageError: a worker was started where it may have run a student's file.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise AdjudgeError('a cluster needs Dask: pip install "adjudge[cluster]"') from None
    client = distributed.Client(address, set_as_default=False)
    for worker, folder in sorted(client.run(_exposed).items()):
        if folder:
            client.close()
            raise UsageError(
                f"the worker {worker} was started in {folder}, whose Python files it may have run; "
                "start workers by `dask worker`, in an empty folder or with PYTHONSAFEPATH=1"
            )
    return Cluster(client)


def _given(common: Any) -> Any:
    return common


def _exposed() -> str:
    """The current folder, if it holds files that this process could have imported."""
    here = os.getcwd()
    code = any(name.endswith((".py", ".so", ".dist-info")) for name in os.listdir(here))
    safe = sys.flags.safe_path or os.environ.get("PYTHONSAFEPATH")
    return here if code and not safe else ""
