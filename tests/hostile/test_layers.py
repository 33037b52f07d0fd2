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
from harness.sandbox.launch import Launcher
from scene import LIMITS

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
PROBES = {
    # layer: (what also stops the attack, the attack)
    "session": (("seccomp",), "tried(lambda: os.getsid(0) != os.getpid())"),
    "descriptors": (
        (),
        "import stat\n"
        "def inherited():\n"
        "    found = []\n"
        "    for fd in range(4, 32):\n"
        "        try: found.append(os.fstat(fd))\n"
        "        except OSError: pass\n"
        "    return bool(found)\n"
        "tried(inherited)",
    ),
    "limits": ((), "tried(lambda: bytearray(1 << 30))"),
    "privileges": (
        ("uid", "seccomp", "landlock"),
        "tried(lambda: os.setgroups([12345]))",
    ),
    "landlock": (("uid",), "tried(lambda: open('/etc/passwd'))"),
    "seccomp": ((), "tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))"),
    "undumpable": ((), "tried(lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 1)"),
}


def succeeds(text, skip):
    """Whether an attack does what it tries, with some layers left out."""
    with Launcher(skip=skip) as launcher:
        worker = launcher.worker(LIMITS.megabytes)
        reply = worker.ask(
            {"do": "run", "codes": [wire.code(START + text)], "most": [1]}, 10, 1 << 20
        )
        worker.kill()
    assert not isinstance(reply, Fault), reply
    (result,) = reply.results
    assert result.fault is None, result.fault
    return wire.observation(result, None, Extent(1, 1)).numbers("done") == (1.0,)


@pytest.mark.parametrize("layer", PROBES)
def test_an_attack_succeeds_only_without_the_layer(layer):
    if layer == "privileges" and os.getuid() != 0:
        pytest.skip("only root has privileges to give up")
    overlapping, text = PROBES[layer]

    assert not succeeds(text, overlapping)
    assert succeeds(text, (*overlapping, layer))


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
    shown = {*PROBES, "parent", "uid"}
    with capsys.disabled():
        print(f"\nlayers that an attack shows at work: {len(shown)} of {len(LAYERS)}")

    assert set(LAYERS) == shown
