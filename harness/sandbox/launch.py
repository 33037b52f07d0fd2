"""Start workers: by fork from a warm zygote, or by spawning."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock
from types import TracebackType

from harness.records.errors import SandboxError
from harness.records.observation import Fault
from harness.sandbox.libraries import located
from harness.sandbox.portable import Portable
from harness.sandbox.process import Worker

HERE = Path(__file__).parent
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # One thread: a fork copies only the thread that forks.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that a worker sees of the environment."""
FORCED = "ADJUDGE_PORTABLE"
"""The environment variable that asks for plain processes."""
Plan = dict[str, object]
"""What lockdown.lock is told."""


class Zygote:
    """Forks workers from a warm process; Linux. Threads may share it."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*_python("zygote.py"), str(theirs.fileno()), _home_of_numpy()],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )

    def worker(self, plan: Plan) -> Worker:
        """A fresh worker."""
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        request = json.dumps({"do": "fork", "plan": plan}).encode()
        try:
            with theirs, self._turn:
                socket.send_fds(self._control, [request], [theirs.fileno(), write])
                pid = self._answer("pid")
        except (OSError, ValueError) as problem:
            ours.close()
            os.close(read)
            raise SandboxError(f"the process that starts workers has stopped ({problem})") from None
        finally:
            os.close(write)
        return Worker(pid, ours, read, lambda: self._reaped(pid))

    def close(self) -> None:
        """Ends the zygote."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _reaped(self, pid: int) -> int:
        try:
            with self._turn:
                self._control.sendall(json.dumps({"do": "reap", "pid": pid}).encode())
                return self._answer("code")
        except (OSError, ValueError):
            return -signal.SIGKILL  # the zygote is dead, and its workers died with it

    def _answer(self, field: str) -> int:
        return int(json.loads(self._control.recv(4096))[field])


class Spawner:
    """Spawns each worker afresh: where fork without exec is unsafe or absent."""

    def __init__(self) -> None:
        self._slot = 0

    def worker(self, plan: Plan) -> Worker:
        """A fresh worker."""
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        self._slot += 1
        arguments = (
            str(theirs.fileno()),
            _home_of_numpy(),
            json.dumps({**plan, "slot": self._slot}),
        )
        try:
            with theirs:
                process = subprocess.Popen(
                    [*_python("worker.py"), *arguments],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=write,
                    stderr=write,
                    env=ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
        except OSError as problem:
            ours.close()
            os.close(read)
            raise SandboxError(f"no worker can be started ({problem})") from None
        finally:
            os.close(write)
        return Worker(process.pid, ours, read, process.wait)

    def close(self) -> None:
        """Has nothing to end."""


class Launcher:
    """Starts locked workers in the way that suits this system; a context manager.

    Args:
        fork: from a warm zygote, or spawn each; by default what the system allows.
        skip: layers of the lock-down to leave out, to see what they are worth.
        portable: plain processes without a lock-down; by default where this system has nothing
            better, or where the environment variable ADJUDGE_PORTABLE is 1.
    """

    def __init__(
        self,
        *,
        fork: bool | None = None,
        skip: tuple[str, ...] = (),
        portable: bool | None = None,
    ) -> None:
        self.portable = _needs_portable() if portable is None else portable
        self.forks = sys.platform == "linux" if fork is None else fork
        self._skip = skip
        self._starter: Zygote | Spawner | Portable | None = None
        self._turn = Lock()
        self._layers: dict[str, str] | None = None

    def warm(self) -> None:
        """Starts what starts workers, and does not wait for it."""
        self._started()

    def worker(self, megabytes: int, libraries: tuple[str, ...] = ()) -> Worker:
        """A fresh worker, locked, whose address space is limited to that many megabytes.

        Args:
            megabytes: of address space.
            libraries: what it may import besides the standard library and numpy.

        Raises:
            SandboxError: it could not be started, or a layer that others had is missing.
            UsageError: a library is not installed.
        """
        allowed = [located(name) for name in libraries]
        plan: Plan = {
            "megabytes": megabytes,
            "skip": self._skip,
            "libraries": [[one.name, one.origin, one.folder] for one in allowed],
            "read": [path for one in allowed for path in one.readable],
        }
        try:
            worker = self._started().worker(plan)
        except SandboxError:
            # One dead zygote is replaced; a second one is an error.
            self.close()
            worker = self._started().worker(plan)
        reply = worker.ask({"do": "hello"}, 10, 1 << 20)
        if isinstance(reply, Fault):
            raise SandboxError(f"a worker stopped before it had seen a submission ({reply.kind})")
        if self._layers is None:
            self._layers = reply.layers
        if reply.layers != self._layers:
            worker.kill()
            raise SandboxError(f"the lock-down changed from {self._layers} to {reply.layers}")
        return worker

    def _started(self) -> Zygote | Spawner | Portable:
        with self._turn:  # of two threads that start one, only one zygote would ever be closed
            if self._starter is None and self.portable:
                self._starter = Portable([*_python("worker.py"), _home_of_numpy()], ENVIRONMENT)
            if self._starter is None:
                self._starter = Zygote() if self.forks else Spawner()
            return self._starter

    @property
    def layers(self) -> dict[str, str]:
        """For each layer of the lock-down, nothing where it is on, else why it is missing."""
        if self._layers is None:
            self.worker(1024).kill()
        return dict(self._layers or {})

    def close(self) -> None:
        """Ends what was started."""
        if self._starter is not None:
            self._starter.close()
            self._starter = None

    def __enter__(self) -> Launcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _needs_portable() -> bool:
    """Whether plain processes are all that there is, or are asked for."""
    if os.environ.get(FORCED) == "1":
        return True
    return not (hasattr(os, "fork") and hasattr(socket, "AF_UNIX"))


def _python(script: str) -> list[str]:
    return [sys.executable, "-I", "-S", str(HERE / script)]


def _home_of_numpy() -> str:
    """The folder that holds numpy, found without importing it."""
    spec = importlib.util.find_spec("numpy")
    assert spec is not None, "numpy is installed with adjudge"
    assert spec.origin is not None, "numpy is a folder on disk"
    return str(Path(spec.origin).parent.parent)
