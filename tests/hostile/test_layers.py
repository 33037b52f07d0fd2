"""Every layer of the lock-down is worth something: without it, some attack succeeds.

Each attack runs twice: with every layer that would also stop it left out, and with the layer
itself left out too. It is refused the first time and succeeds the second time.
"""

import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.programs.extent import Extent
from harness.records.observation import Fault
from harness.sandbox import wire
from harness.sandbox.compiled import code
from harness.sandbox.launch import Launcher
from support.scene import LIMITS

LOCKDOWN = runpy.run_path(
    str(Path(__file__).parents[2] / "harness" / "sandbox" / "lockdown.py"), run_name="lockdown"
)
LAYERS = tuple(LOCKDOWN["LAYERS"])
START = """
import ctypes, os, socket, sys, time
def tried(act):
    try: done = act() is not False
    except BaseException: done = False
    record("done", -1, int(done))
"""
INHERITED = """
import stat
def inherited():
    found = []
    for fd in range(4, 32):
        try: found.append(os.fstat(fd))
        except OSError: pass
    return bool(found)
tried(inherited)
"""
PROBES = {
    # layer: (what also stops the attack, the attack)
    "session": (("seccomp",), "tried(lambda: os.getsid(0) != os.getpid())"),
    "descriptors": ((), INHERITED),
    "limits": ((), "tried(lambda: bytearray(1 << 30))"),
    "privileges": (("uid", "seccomp", "landlock"), "tried(lambda: os.setgroups([12345]))"),
    "landlock": (("uid",), "tried(lambda: open('/etc/passwd'))"),
    "seccomp": ((), "tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))"),
    "undumpable": ((), "tried(lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 1)"),
}


def run(text, *skip):
    """What a text records in a worker, with some layers left out."""
    with Launcher(skip=skip) as launcher:
        worker = launcher.worker(LIMITS.megabytes)
        codes = [code(START + text)]
        reply = worker.ask({"do": "run", "codes": codes, "most": [20]}, 10, 1 << 20)
        worker.kill()
    assert not isinstance(reply, Fault), reply
    (result,) = reply.results
    assert result.fault is None, result.fault
    seen = wire.observation(result, None, Extent(20, 20))
    return {quantity.name: [*quantity.values] for quantity in seen.quantities}


@pytest.mark.parametrize("layer", PROBES)
def test_an_attack_succeeds_only_without_the_layer(layer):
    if layer == "privileges" and os.getuid() != 0:
        pytest.skip("only root has privileges to give up")
    overlapping, text = PROBES[layer]

    assert {"done": [0.0]} == run(text, *overlapping)
    assert {"done": [1.0]} == run(text, *overlapping, layer)


@pytest.mark.parametrize("layer", ["", "parent"])
def test_a_worker_dies_with_its_zygote_only_by_the_layer_parent(layer):
    with Launcher(fork=True, skip=(layer,) if layer else ()) as launcher:
        worker = launcher.worker(LIMITS.megabytes)
        launcher._starter._process.kill()
        launcher._starter._process.wait()
        _, status = os.waitpid(worker.pid, os.WNOHANG if layer else 0)
        if layer:
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
        worker._dead = True
        worker._channel.close()
        os.close(worker._output)

    assert (0 if layer else signal.SIGKILL) == status


FILLS = """
def many():
    for number in range(1000):
        open(f"many{number}", "w").close()
def much():
    for number in range(100):
        with open(f"much{number}", "wb") as file:
            file.write(bytes(1 << 20))
attempts = {
    "a large file": lambda: open("large", "wb").write(bytes(2 << 20)),
    "many files": many,
    "much": much,
    "a link": lambda: os.symlink("/etc/passwd", "link"),
    "a hard link": lambda: os.link("first", "second"),
    "a pipe": lambda: os.mkfifo("pipe"),
    "a socket": lambda: os.mknod("socket", 0o140600),
    "above": lambda: open("../above", "w"),
    "elsewhere": lambda: open("/tmp/elsewhere", "w"),
    "what was there": lambda: open("/etc/passwd"),
    "a mount": lambda: ctypes.CDLL(None, use_errno=True).umount(b"/mnt") == 0,
}
open("first", "w").close()
os.mkdir("folder"), os.rename("first", "folder/first"), os.remove("folder/first")
for name, attempt in attempts.items():
    try: done = attempt() is not False
    except BaseException: done = False
    for file in os.listdir("."):
        if os.path.isfile(file): os.remove(file)
    record(name, -1, int(done))
"""


def test_a_worker_writes_in_its_own_folder_alone_and_only_so_much():
    told = run(FILLS)

    assert {name: [0.0] for name in told} == told
    assert 11 == len(told)


def test_the_next_worker_finds_an_empty_folder():
    leave = "open('left', 'w').close(); record('files', -1, len(os.listdir('.')))"

    assert {"files": [1.0]} == run(leave) == run(leave)


def test_without_its_own_folder_a_worker_writes_nothing():
    assert {"done": [0.0]} == run("tried(lambda: open('left', 'w'))", "folder")


@pytest.mark.parametrize("skip", ["landlock", "seccomp"])
def test_what_a_missing_layer_confined_is_taken_back(skip):
    limit = {"landlock": "RLIMIT_FSIZE", "seccomp": "RLIMIT_NPROC"}[skip]
    text = f"import resource\nrecord('limit', -1, *resource.getrlimit(resource.{limit}))"

    assert {"limit": [0.0, 0.0]} == run(text, skip)


THREADS = """
import threading
threading.stack_size(64 << 20)
ran = []
threads = [threading.Thread(target=ran.append, args=(n,)) for n in range(4)]
for thread in threads: thread.start(); thread.join()
record("ran", -1, len(ran))
tried(lambda: os.fork())
"""


def test_a_worker_may_start_threads_and_no_process():
    assert {"ran": [4.0], "done": [0.0]} == run(THREADS)


USER = """
import os, runpy, sys
lockdown, secret, take = sys.argv[1:]
layers = runpy.run_path(lockdown, run_name="lockdown")["LAYERS"]
if take:
    layers["uid"]({"read": ["/usr/lib"], "slot": 7})
try:
    open(secret).close()
    print("read", os.getuid())
except OSError:
    print("refused", os.getuid(), os.getgroups())
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(("take", "told"), [("", "read 0"), ("1", "refused 60007 []")])
def test_a_file_of_its_owner_is_read_only_without_the_layer_uid(tmp_path, take, told):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    secret.chmod(0o600)
    command = [sys.executable, "-I", "-c", USER, LOCKDOWN["__file__"], str(secret), take]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert told == done.stdout.strip()


def test_the_layer_uid_is_on_or_says_why_not():
    with Launcher() as launcher:
        told = launcher.layers["uid"]

    assert told == "" or "not root" in told or "only its owner may enter" in told


def test_every_layer_has_an_attack_that_it_alone_stops(capsys):
    shown = {*PROBES, "parent", "uid", "folder"}
    with capsys.disabled():
        print(f"\nlayers that an attack shows at work: {len(shown)} of {len(LAYERS)}")

    assert set(LAYERS) == shown
