"""What a locked worker of this machine is refused: the level of isolation, found by attacking.

A probe runs in a worker like any submission and really tries to read, write, connect, fork and
kill. The level is what was refused, not what was switched on.

    S3  hostile code   everything below is refused
    S2  contained      files of other people can be read, nothing else gets out
    S1  guard rails    time, output and crashes are contained; files and network are not
    S0  a process      the same, by a plain process that is watched from outside; it tries nothing
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.programs.extent import Extent
from harness.records.errors import SandboxError
from harness.records.observation import Fault
from harness.sandbox import wire
from harness.sandbox.compiled import code
from harness.sandbox.launch import Launcher

LEVELS = ("S0", "S1", "S2", "S3")
"""From the weakest to the strongest."""
MEGABYTES = 512
"""Address space of the probe's worker."""

PROBES = {
    "read": "read a file outside the standard library and numpy",
    "write": "change a file that everybody may write",
    "create": "make a file in a folder that everybody may write",
    "chmod": "change the mode of a file",
    "tcp": "connect by TCP",
    "udp": "send by UDP",
    "unix": "open a local socket",
    "fork": "start a process",
    "clone": "start a process by a system call of its own",
    "exec": "become another program",
    "kill": "send a signal to the process that started it, or to the judge",
    "memory": "read the judge's memory",
    "allocate": "use more memory than it may",
}
"""What is tried, in the order in which it is shown."""
STOPPED_BY = {
    "read": "landlock",
    "write": "landlock or limits",
    "create": "landlock",
    "chmod": "seccomp",
    "tcp": "seccomp",
    "udp": "seccomp",
    "unix": "seccomp",
    "fork": "seccomp",
    "clone": "seccomp",
    "exec": "landlock or seccomp",
    "kill": "seccomp",
    "memory": "landlock or privileges",
    "allocate": "limits",
}
"""Which layer of the lock-down would refuse it."""
REMEDIES = {
    "session": "run on Linux",
    "descriptors": "run on Linux",
    "folder": "run as root, or where users may make namespaces; without it nothing can be written",
    "uid": "run as root with a Python that every user may read; not needed where landlock is on",
    "parent": "run on Linux",
    "limits": "run on Linux; macOS cannot limit memory",
    "privileges": "run on Linux",
    "landlock": "use Linux 5.13 or newer, itself or in docker; gVisor has none",
    "undumpable": "run on Linux",
    "seccomp": "use Linux on x86_64 or aarch64",
}
"""For a missing layer, what to do about it."""

_PROBE = """
import ctypes, errno, os, platform, socket

def tried(name, attempt):
    try:
        done = attempt() is not False
    except BaseException:
        done = False
    record(name, -1, int(done))

def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

def clone():
    number = {{"x86_64": 56, "aarch64": 220}}[platform.machine()]
    pid = ctypes.CDLL(None).syscall(number, 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return pid > 0 and bool(os.waitpid(pid, 0))

def become():
    try:
        os.execv({nowhere!r}, ["nothing"])
    except OSError as problem:
        return problem.errno == errno.ENOENT

def send():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.sendto(b"x", ("127.0.0.1", {udp}))

def kill():
    for pid in (os.getppid(), {judge}):
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        return True
    return False

def allocate():
    bytearray({bytes})

tried("read", lambda: open({sentinel!r}).read())
tried("write", lambda: os.write(os.open({sentinel!r}, os.O_WRONLY), b"changed"))
tried("create", lambda: os.open({made!r}, os.O_CREAT | os.O_WRONLY))
tried("chmod", lambda: os.chmod({sentinel!r}, 0o600))
tried("tcp", lambda: socket.create_connection(("127.0.0.1", {tcp}), 1).close())
tried("udp", send)
tried("unix", lambda: socket.socketpair())
tried("fork", fork)
tried("clone", clone)
tried("exec", become)
tried("kill", kill)
tried("memory", lambda: open("/proc/{judge}/mem", "rb").close())
tried("allocate", allocate)
"""


@dataclass(frozen=True)
class Isolation:
    """What was refused, and by which layers."""

    level: str
    refused: dict[str, bool]
    """For each probe, whether it failed; nothing where none was tried, because all would work."""
    layers: dict[str, str]
    """For each layer of the lock-down, nothing where it is on, else why it is missing."""

    def at_least(self, level: str) -> bool:
        """Whether this is as strong as some level."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    @property
    def missing(self) -> dict[str, str]:
        """The layers that are missing, with the reason."""
        return {name: reason for name, reason in self.layers.items() if reason}


def measure(launcher: Launcher) -> Isolation:
    """Attacks from a locked worker and tells what was refused.

    Raises:
        SandboxError: the probe itself could not be run.
    """
    if launcher.portable:
        return Isolation("S0", {}, launcher.layers)
    with tempfile.TemporaryDirectory() as name, _listeners() as (tcp, udp):
        folder = Path(name)
        folder.chmod(0o777)
        sentinel = folder / "sentinel"
        sentinel.write_text("untouched")
        sentinel.chmod(0o666)
        text = _PROBE.format(
            sentinel=str(sentinel),
            made=str(folder / "made"),
            nowhere=str(folder / "nowhere"),
            tcp=tcp,
            udp=udp,
            judge=os.getpid(),
            bytes=(MEGABYTES + 64) << 20,
        )
        done = _run(launcher, text)
        harmed = sentinel.read_text() != "untouched" or sentinel.stat().st_mode & 0o777 != 0o666
        harmed |= (folder / "made").exists()
    if harmed and not any(done[name] for name in ("write", "create", "chmod")):
        raise SandboxError("a probe changed a file and did not say so")
    refused = {name: not done[name] for name in PROBES}
    return Isolation(_level(refused), refused, launcher.layers)


def _level(refused: dict[str, bool]) -> str:
    open_doors = {name for name, closed in refused.items() if not closed}
    if not open_doors:
        return "S3"
    return "S2" if open_doors == {"read"} else "S1"


def _run(launcher: Launcher, text: str) -> dict[str, bool]:
    worker = launcher.worker(MEGABYTES)
    request: dict[str, object] = {"do": "run", "codes": [code(text)], "most": [1]}
    reply = worker.ask(request, 10, 1 << 20)
    if isinstance(reply, Fault):
        raise SandboxError(f"the probe of the isolation stopped ({reply.kind})")
    worker.kill()
    (result,) = reply.results
    if result.fault is not None:
        raise SandboxError(f"the probe of the isolation stopped ({result.fault.message})")
    answers = wire.observation(result, None, Extent(len(PROBES), 1))
    return {name: bool(answers.numbers(name)[0]) for name in PROBES}


@contextmanager
def _listeners() -> Iterator[tuple[int, int]]:
    """Two ports of this machine, one that takes TCP connections and one that takes UDP."""
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        yield tcp.getsockname()[1], udp.getsockname()[1]
