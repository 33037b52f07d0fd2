"""A worker as a plain child process over pipes, for systems without fork, Unix sockets or limits.

Its time and its memory are watched from here. Nothing else is protected: it is the same user with
the same files and the same network, which is level S0, enough for code of one's own.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from harness.sandbox.process import TICK, Worker

MOST_PARTS = 64
"""Pieces that are read ahead: a worker that prints faster than we look has to wait."""
CREATE_NO_WINDOW = 0x08000000
REPLY, OUTPUT = "reply", "output"


class PipedWorker(Worker):
    """One plain process that runs one student's module.

    Args:
        process: whose standard input takes requests and whose standard output gives replies.
        megabytes: of memory, above which it is stopped.
        folder: its own, removed with it.
    """

    BESIDE = 1.0

    def __init__(self, process: subprocess.Popen[bytes], megabytes: int, folder: str) -> None:
        self._begin(process.pid)
        self._process = process
        self._most_memory = megabytes << 20
        self._folder = folder
        self._parts: queue.Queue[tuple[str, bytes]] = queue.Queue(MOST_PARTS)
        for name, stream in ((REPLY, process.stdout), (OUTPUT, process.stderr)):
            assert stream is not None, "each is a pipe"
            _start(self._listen, name, stream)

    def kill(self) -> int:
        """Kills the process, at the latest now, and returns its exit code."""
        if self._dead:
            return 0
        self._dead = True
        self._process.kill()
        code = self._process.wait()
        self._empty()
        assert self._process.stdin is not None, "it is a pipe"
        with contextlib.suppress(OSError):  # half a request may be left in it
            self._process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return code

    def _exchange(self, outgoing: bytes, deadline: float, most_output: int, longest: int) -> bytes:
        _start(self._send, outgoing)
        incoming = bytearray()
        looked = 0.0
        while True:
            now = time.monotonic()
            if now >= deadline:
                raise TimeoutError
            if now - looked >= TICK:
                looked = now
                self._look()
            try:
                name, part = self._parts.get(timeout=min(TICK, deadline - now))
            except queue.Empty:
                continue
            if name == OUTPUT:
                self._heard(part, most_output)
            elif self._whole(incoming, part, longest):
                self._rest(most_output)
                return bytes(incoming)[self.HEADER :]

    def _look(self) -> None:
        """Stops a process that has used too much.

        Raises:
            TimeoutError: of processor time.
            MemoryError: of memory.
        """
        seconds, memory = usage(self.pid)
        if seconds > self._most_used:
            raise TimeoutError
        if memory > self._most_memory:
            raise MemoryError

    def _used(self) -> float:
        return usage(self.pid)[0]

    def _dies_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _send(self, outgoing: bytes) -> None:
        assert self._process.stdin is not None, "it is a pipe"
        with contextlib.suppress(OSError, ValueError):  # it has gone: its replies end, too
            self._process.stdin.write(outgoing)
            self._process.stdin.flush()

    def _listen(self, name: str, stream: IO[bytes]) -> None:
        """Passes on what comes through one pipe, until its end."""
        with stream:
            while part := os.read(stream.fileno(), 1 << 16):
                self._parts.put((name, part))
            if name == REPLY:
                self._parts.put((name, b""))

    def _rest(self, most_output: int) -> None:
        """Takes what has been printed by now: it belongs to this request, not to the next."""
        with contextlib.suppress(queue.Empty):
            while True:
                name, part = self._parts.get_nowait()
                if name == REPLY:
                    self._parts.put((name, part))
                    return
                self._heard(part, most_output)

    def _empty(self) -> None:
        """Lets those that listen come to the end."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._parts.get(timeout=TICK)


class Portable:
    """Starts each worker as a plain process; a worker costs as long as Python and NumPy take."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._command = (*command[:-1], "pipes", command[-1])
        self._environment = dict(environment)
        for name in ("SYSTEMROOT", "TEMP"):  # without them no Python starts on Windows
            if name in os.environ and sys.platform == "win32":
                self._environment[name] = os.environ[name]

    def worker(self, plan: dict[str, object]) -> Worker:
        """A fresh worker."""
        megabytes = plan["megabytes"]
        assert isinstance(megabytes, int), "the launcher says how many"
        folder = tempfile.mkdtemp(prefix="adjudge")
        process = subprocess.Popen(
            [*self._command, json.dumps(plan)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            cwd=folder,
            bufsize=0,
            creationflags=CREATE_NO_WINDOW if sys.platform == "win32" else 0,
        )
        return PipedWorker(process, megabytes, folder)

    def close(self) -> None:
        """Has nothing to end."""


def usage(pid: int) -> tuple[float, int]:
    """The seconds of processor time and the bytes of memory that a process uses.

    Infinite seconds and no bytes where the process has gone, or where the system does not say.
    """
    if sys.platform == "win32":
        return _usage_on_windows(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.inf, 0
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


def _usage_on_windows(pid: int) -> tuple[float, int]:
    """The same by GetProcessTimes and GetProcessMemoryInfo of the Win32 interface."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]  # Windows only
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))
    if not handle:
        return math.inf, 0
    try:
        times = (ctypes.c_uint64 * 4)()
        pointers = [ctypes.byref(times, 8 * k) for k in range(4)]
        kernel.GetProcessTimes(handle, *pointers)
        counters = (ctypes.c_size_t * 9)()
        kernel.K32GetProcessMemoryInfo(handle, counters, ctypes.sizeof(counters))
        # Two 32-bit counts fill the first size_t; the working set stands behind the peak.
        return (times[2] + times[3]) / 1e7, counters[2]
    finally:
        kernel.CloseHandle(handle)


def _start(function: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=function, args=arguments, daemon=True).start()
