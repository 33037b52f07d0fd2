"""One worker from outside: what it is asked, what it answers, and how it ends.

A worker is killed from outside when its time is over, when it prints too much, and always after
its last reply; nothing it does can keep it alive or make us wait longer than we chose.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import select
import selectors
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from harness.records.observation import Fault
from harness.sandbox import wire

KEPT_OUTPUT = 64 << 10
"""Bytes of a worker's output that are kept."""
BROKEN = 70
"""The exit code of a worker that an exception of its own has ended; worker.py has it too."""
GRACE = 3.0
"""Wall-clock seconds allowed for each second of processor time: the machine may be busy."""
LEAST_CRASH = 0xC0000000
"""The first exit code by which Windows says that a process has crashed."""
CLOCK_OF_PROCESS = 2
"""What makes a process's number its clock on Linux: its scheduled time; clock_getcpuclockid(3)."""
IDLE = 0.05
"""A process that uses less than this part of the clock is waiting, not computing."""
TICK = 0.02
"""Seconds between two looks at a worker whose processor time is nearly over."""


class Worker:
    """One process that runs one student's module."""

    HEADER = wire.HEADER.size
    BESIDE = math.inf
    """Seconds of processor time that may be used beyond those allowed, but for a program: while a
    module is loaded, a locked worker limits itself, statement by statement."""

    def __init__(
        self, pid: int, channel: socket.socket, output: int, reap: Callable[[], int]
    ) -> None:
        self._begin(pid)
        self._channel = channel
        self._output = output
        self._reap = reap
        channel.setblocking(False)
        os.set_blocking(output, False)

    def _begin(self, pid: int) -> None:
        self.pid = pid
        self.printed = b""
        self.at: tuple[int, int, int] | None = None
        """The statement that runs while the module is loaded: number, part of the module, line."""
        self.request_printed = 0
        """Bytes printed since the last request was sent."""
        self._dead = False
        self._most_used = math.inf
        """Seconds of processor time at which the request that runs is stopped."""

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
        before = self._used()
        self._most_used = before + seconds + (0.0 if request["do"] == "run" else self.BESIDE)
        try:
            body = self._exchange(outgoing, deadline, most_output, longest)
            return wire.decode(body, nonce)
        except TimeoutError:
            waited = self._used() - before < IDLE * min(usual, left)
            self.kill()
            if usual > left:
                return Fault("budget", message=str(seconds))
            if waited:
                return Fault("waited", message=f"{usual:.0f}")
            return Fault("timeout", message=str(seconds))
        except wire.Malformed as problem:
            self.kill()
            return Fault("malformed", message=str(problem))
        except MemoryError:
            self.kill()
            return Fault("memory", "MemoryError")
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

    def _spare(self) -> float:
        """The seconds of processor time that are left; infinite where none are counted."""
        used = self._used()
        return self._most_used - used if math.isfinite(used) else math.inf

    def _used(self) -> float:
        """The seconds of processor time that the process has used; infinite where unknown."""
        try:
            return time.clock_gettime(~self.pid << 3 | CLOCK_OF_PROCESS)
        except OSError:
            return math.inf  # gone already, or a system whose processes have no clocks

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
                left, spare = deadline - time.monotonic(), self._spare()
                if min(left, spare) <= 0:
                    raise TimeoutError
                for key, events in selector.select(min(left, max(spare, TICK))):
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
        """Reads what is there; true once the frame is whole."""
        return self._whole(incoming, self._channel.recv(1 << 18), longest)

    def _whole(self, incoming: bytearray, part: bytes, longest: int) -> bool:
        """Adds what was read; true once the frame is whole.

        A short frame is no reply: it says which statement is about to run.
        """
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
        self._heard(part, most)
        return bool(part)

    def _heard(self, part: bytes, most: int) -> None:
        """Keeps what was printed.

        Raises:
            BufferError: it is more than may be printed.
        """
        self.request_printed += len(part)
        self.printed += part[: max(0, KEPT_OUTPUT - len(self.printed))]
        if self.request_printed > most:
            raise BufferError


def _death(code: int, seconds: int) -> Fault:
    if code == BROKEN:
        return Fault("broken")
    if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
        return Fault("timeout", message=str(seconds))
    if code < 0:
        return Fault("crashed", message=signal.Signals(-code).name)
    if code >= LEAST_CRASH:
        return Fault("crashed", message=hex(code))
    return Fault("exited", message=str(code))
