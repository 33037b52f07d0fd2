"""Start workers and talk to one: by fork from a warm zygote, or by spawning.

A worker is killed from outside when its time is over, when it prints too much, and always
after its last reply; nothing it does can keep it alive or make us wait longer than we chose.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import math
import os
import secrets
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from types import TracebackType

from harness.records.errors import SandboxError
from harness.records.observation import Fault
from harness.sandbox import wire
from harness.sandbox.libraries import located

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
Plan = dict[str, object]
"""What lockdown.lock is told."""
KEPT_OUTPUT = 64 << 10
"""Bytes of a worker's output that are kept."""
BROKEN = 70
"""The exit code of a worker that an exception of its own has ended; worker.py has it too."""
GRACE = 3.0
"""Wall-clock seconds allowed for each second of processor time: the machine may be busy."""


class Worker:
    """One process that runs one student's module."""

    def __init__(
        self, pid: int, channel: socket.socket, output: int, reap: Callable[[], int]
    ) -> None:
        self.pid = pid
        self.printed = b""
        self.at: tuple[int, int, int] | None = None
        """The statement that runs while the module is loaded: number, part of the module, line."""
        self.request_printed = 0
        """Bytes printed since the last request was sent."""
        self._channel = channel
        self._output = output
        self._reap = reap
        self._dead = False
        channel.setblocking(False)
        os.set_blocking(output, False)

    def ask(
        self,
        request: dict[str, object],
        seconds: int,
        most_output: int,
        *,
        longest: int = wire.LARGEST_REPLY,
        left: float = math.inf,
    ) -> wire.Reply | Fault:
        """Sends one request and waits for its reply.

        Args:
            request: what to do; a nonce and the seconds are added.
            seconds: processor time allowed.
            most_output: bytes that may be printed meanwhile before the worker is stopped.
            longest: bytes of the longest reply that is read.
            left: wall-clock seconds after which it is stopped whatever it does.

        Returns:
            The reply, or the fault that ended the worker, which is then dead and gone.
        """
        nonce = secrets.token_hex(16)
        outgoing = wire.frame({**request, "nonce": nonce, "seconds": seconds})
        usual = 1.0 + GRACE * seconds
        deadline = time.monotonic() + min(usual, left)
        self.request_printed = 0
        try:
            body = self._exchange(outgoing, deadline, most_output, longest)
            return wire.decode(body, nonce)
        except TimeoutError:
            waited = self._waited(seconds)
            self.kill()
            if usual > left:
                return Fault("budget", message=str(seconds))
            if waited:
                return Fault("waited", message=f"{usual:.0f}")
            return Fault("timeout", message=str(seconds))
        except wire.Malformed as problem:
            self.kill()
            return Fault("malformed", message=str(problem))
        except BufferError:
            self.kill()
            return Fault("output", message=str(most_output >> 20))
        except (EOFError, ConnectionError):
            alive = not self._dies_within(0.1)
            code = self.kill()
            return (
                Fault("malformed", message="it closed its socket")
                if alive
                else _death(code, seconds)
            )

    def _waited(self, seconds: int) -> bool:
        """Whether the process has not even used that many seconds of processor time."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return False  # gone already, or a system without /proc
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") < seconds

    def kill(self) -> int:
        """Kills the worker, at the latest now, and returns its exit code."""
        if self._dead:
            return 0
        self._dead = True
        # A process that is already dying keeps its own exit code: this signal comes too late.
        with contextlib.suppress(ProcessLookupError):  # it went with its zygote
            os.kill(self.pid, signal.SIGKILL)
        code = self._reap()
        self._channel.close()
        os.close(self._output)
        return code

    def _dies_within(self, seconds: float) -> bool:
        """Whether the process is dead or about to be: its socket closes a moment before."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                return True  # gone already, or a system without /proc
            if state in "ZX":
                return True
            select.select([], [], [], 0.002)
        return False

    def _exchange(self, outgoing: bytes, deadline: float, most_output: int, longest: int) -> bytes:
        incoming = bytearray()
        with selectors.DefaultSelector() as selector:
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            selector.register(self._channel, both)
            selector.register(self._output, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, events in selector.select(left):
                    if key.fd == self._output:
                        if not self._read_output(most_output):
                            selector.unregister(self._output)
                        continue
                    if events & selectors.EVENT_WRITE:
                        outgoing = outgoing[self._channel.send(outgoing) :]
                        if not outgoing:
                            selector.modify(self._channel, selectors.EVENT_READ)
                    if events & selectors.EVENT_READ and self._read_reply(incoming, longest):
                        # What it has printed by now belongs to this request, not to the next.
                        while self._waits() and self._read_output(most_output):
                            pass
                        return bytes(incoming[wire.HEADER.size :])

    def _waits(self) -> bool:
        """Whether output is there to be read."""
        return bool(select.select([self._output], [], [], 0)[0])

    def _read_reply(self, incoming: bytearray, longest: int) -> bool:
        """Reads what is there; true once the frame is whole.

        A short frame is no reply: it says which statement is about to run.
        """
        part = self._channel.recv(1 << 18)
        if not part:
            raise EOFError
        incoming += part
        while True:
            if len(incoming) < wire.HEADER.size:
                return False
            (length,) = wire.HEADER.unpack_from(incoming)
            if length > wire.LONGEST_PROGRESS:
                break
            if len(incoming) < wire.HEADER.size + length:
                return False
            self.at = wire.progress(bytes(incoming[wire.HEADER.size :][:length]))
            del incoming[: wire.HEADER.size + length]
        if length > longest:
            raise wire.Malformed("a reply that is too long")
        if len(incoming) > wire.HEADER.size + length:
            raise wire.Malformed("more than one reply")
        return bool(len(incoming) == wire.HEADER.size + length)

    def _read_output(self, most: int) -> bool:
        """Reads what was printed; false at its end."""
        try:
            part = os.read(self._output, 1 << 16)
        except BlockingIOError:
            return True
        self.request_printed += len(part)
        self.printed += part[: max(0, KEPT_OUTPUT - len(self.printed))]
        if self.request_printed > most:
            raise BufferError
        return bool(part)


def _death(code: int, seconds: int) -> Fault:
    if code == BROKEN:
        return Fault("broken")
    if code == -signal.SIGXCPU:
        return Fault("timeout", message=str(seconds))
    if code < 0:
        return Fault("crashed", message=signal.Signals(-code).name)
    return Fault("exited", message=str(code))


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
    """

    def __init__(self, *, fork: bool | None = None, skip: tuple[str, ...] = ()) -> None:
        self.forks = sys.platform == "linux" if fork is None else fork
        self._skip = skip
        self._starter: Zygote | Spawner | None = None
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

    def _started(self) -> Zygote | Spawner:
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


def _python(script: str) -> list[str]:
    return [sys.executable, "-I", "-S", str(HERE / script)]


def _home_of_numpy() -> str:
    """The folder that holds numpy, found without importing it."""
    spec = importlib.util.find_spec("numpy")
    assert spec is not None, "numpy is installed with adjudge"
    assert spec.origin is not None, "numpy is a folder on disk"
    return str(Path(spec.origin).parent.parent)
