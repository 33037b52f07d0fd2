"""A canary folder and a grader, which goes by recorded answers, for each process of the tests."""

import contextlib
import ctypes
import importlib.util
import os
import socket
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from harness.grading.grader import Grader
from harness.sandbox.launch import Launcher
from hostile.corpus import Place
from support.scene import FEW, KEPT, kept

SUBREAPER = 36


@pytest.fixture(scope="session", autouse=True)
def reaper():
    """A process that outlives its worker becomes a child of this one, where it is seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(SUBREAPER, 0, 0, 0, 0)


@pytest.fixture(scope="session", autouse=True)
def secret():
    """A word of the environment that no worker may see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADJUDGE_SECRET", "hunter2")
        yield


@pytest.fixture(scope="session")
def grader(secret):
    """Every layer is on."""
    with Grader(min_isolation="S3") as one:
        yield one


@pytest.fixture(scope="session")
def unlocked(secret):
    """No layer is on: for honest submissions."""
    with Launcher() as launcher:
        layers = tuple(launcher.layers)
    with Grader(launcher=Launcher(skip=layers)) as one:
        yield one


@pytest.fixture(scope="session")
def canary(tmp_path_factory):
    """A folder that everybody may change, and nobody does."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "class").mkdir()
    (folder / "class" / "other.py").write_text("answer = 42\n")
    (folder / "results.json").write_text('{"points": 0}\n')
    os.mkfifo(folder / "fifo")
    os.symlink("results.json", folder / "link")
    for path in (folder, folder / "class", folder / "class" / "other.py", folder / "results.json"):
        path.chmod(0o777)
    parent = folder
    while not parent.parent.samefile(parent):
        with contextlib.suppress(OSError):
            parent.chmod(parent.stat().st_mode | 0o001)
        parent = parent.parent
        if parent == Path("/tmp"):
            break
    return folder


@pytest.fixture(scope="session")
def place(canary):
    """What the attacks are told: two open ports, a queue of messages, where torch is."""
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.msgget(0, 0o1666)
    message = ctypes.create_string_buffer(struct.pack("l", 1) + b"points: 0")
    libc.msgsnd(queue, message, 9, 0)
    torch = importlib.util.find_spec("torch")
    assert torch is not None
    assert torch.origin is not None
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        site = Path(torch.origin).parents[1]
        ports = tcp.getsockname()[1], udp.getsockname()[1]
        yield Place(canary, os.getpid(), *ports, queue, site)
    libc.msgctl(queue, 0, None)


@pytest.fixture(scope="session")
def assignments():
    return {name: kept(name, checks) for name, checks in KEPT.items()}


@pytest.fixture(scope="session")
def few():
    return replace(kept("scalar_autograd", FEW), reverse=None)


def pytest_terminal_summary(terminalreporter):
    """Prints the table of attacks and their outcomes."""
    rows = [
        row
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, row in getattr(report, "user_properties", ())
        if name == "attack" and report.when == "call"
    ]
    if rows:
        terminalreporter.section("attacks: required outcome, what happened, seconds")
        for row in sorted(rows):
            terminalreporter.line(row)
