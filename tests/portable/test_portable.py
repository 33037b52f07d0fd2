"""The plain worker: the verdicts of the locked one, a level that is told, a class that is refused.

`tox -e portable` runs this, every specimen, both fronts and the class where fork, resource, fcntl,
Unix sockets and pass_fds are not there.
"""

import os
import runpy
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.grading.grader import Grader
from harness.records.errors import UsageError
from harness.sandbox import level
from harness.sandbox.compiled import code
from harness.sandbox.launch import Launcher
from harness.sandbox.portable import usage

SANDBOX = Path(level.__file__).parent
ADJUDGE = str(Path(sys.executable).with_name("adjudge"))


@pytest.fixture(scope="module")
def launcher():
    with Launcher(portable=True) as made:
        yield made


def run(launcher, text, seconds=2, megabytes=512, output=1 << 20):
    worker = launcher.worker(megabytes)
    reply = worker.ask({"do": "run", "codes": [code(text)], "most": [1]}, seconds, output)
    worker.kill()
    return reply


def test_its_level_is_the_lowest_and_no_layer_is_claimed(launcher):
    found = level.measure(launcher)

    assert "S0" == found.level
    assert not found.at_least("S1")
    assert set(level.REMEDIES) == set(found.missing)


def test_what_it_records_comes_back(launcher):
    reply = run(launcher, "print('x' * 100)\nrecord('value', 0, 2.5)")

    assert struct.pack("<d", 2.5).hex() == reply.results[0].quantities[0].packed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(3)", "exited"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("held = []\nwhile True: held.append(bytearray(b'1') * (8 << 20))", "memory"),
        ("while True: print('x' * 10000)", "output"),
        pytest.param("import time; time.sleep(60)", "waited", marks=pytest.mark.long),
    ],
)
def test_what_goes_wrong_is_stopped_from_outside_and_named(launcher, text, kind):
    begun = time.monotonic()

    assert kind == run(launcher, text, seconds=1).kind
    assert time.monotonic() - begun < 30  # it would go on for a minute, or for ever


def test_a_worker_leaves_no_process_and_no_folder(launcher):
    worker = launcher.worker(512)
    folder = Path(worker._folder)
    assert folder.is_dir()
    worker.kill()

    assert not folder.exists()
    assert 0 == usage(worker.pid)[1]


@pytest.mark.long
def test_a_class_is_refused(tmp_path, answer_key):
    (tmp_path / "a.py").write_text(answer_key.read_text())
    env = {**os.environ, "ADJUDGE_PORTABLE": "1"}
    command = [ADJUDGE, "grade", str(tmp_path), "-o", str(tmp_path / "r.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    assert 2 == done.returncode
    assert "isolation here is S0, and S3 is asked for" in done.stderr
    with (
        Launcher(portable=True) as plain,
        Grader(None, plain, "S1") as grader,
        pytest.raises(UsageError, match="isolation here is S0"),
    ):
        grader.grade(answer_key, "scalar_autograd")


def test_the_layers_that_it_lacks_are_those_of_the_lock_down():
    plain = runpy.run_path(str(SANDBOX / "elsewhere.py"))["LAYERS"]

    assert tuple(level.REMEDIES) == plain
    assert all(f'"{name}": _{name}' in (SANDBOX / "lockdown.py").read_text() for name in plain)


@pytest.mark.skipif("ADJUDGE_TAKEN" not in os.environ, reason="only where they are taken away")
def test_what_windows_lacks_is_not_there():
    import socket

    assert not hasattr(os, "fork")
    assert not hasattr(socket, "AF_UNIX")
    with pytest.raises(ValueError, match="pass_fds"):
        subprocess.Popen(["true"], pass_fds=[5])
    with pytest.raises(ModuleNotFoundError):
        runpy.run_path(str(SANDBOX / "lockdown.py"))
    assert Launcher().portable
