"""What the tests of hostile submissions share: small assignments, and traces of harm."""

import contextlib
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from harness.judging.check import Limits, find
from harness.records.handed_in import Source, Submission

LIMITS = Limits(seconds=1, training_seconds=2, load_seconds=2, megabytes=512, output_megabytes=1)
GRADIENTS = (
    *("order_random", "gradient_add", "gradient_mul"),
    *("gradient_random", "gradient_sessions"),
)
"""The checks of gradients that are looked at twice."""
KEPT = {
    "scalar_autograd": (
        *("constructor", "values", "order_lecture", "order_random", "order_sharing"),
        *("gradient_add", "gradient_mul", "gradient_exp", "gradient_lecture", "gradient_random"),
        *("gradient_sessions", "relu_values", "relu_gradient"),
    ),
    "mlp_training": (
        *("initialisation", "parameters", "forward", "forward_gradient", "mse", "mse_gradient"),
        *("zero_grad", "step", "training_steps"),
    ),
}
"""The checks that judge an attack."""
FEW = ("constructor", "gradient_mul", "relu_gradient")
"""The checks that judge the honest submission after each attack."""


def kept(name, checks, limits=LIMITS):
    """An assignment of some of its checks, under short limits."""
    whole = find(name)
    off = {check.name: 0 for check in whole.checks if check.name not in checks}
    return replace(whole.with_points(**off), limits=limits, probes=())


def submitted(text):
    """A module of this text as a submission of its own."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Submission("ada", (Source("ag.py", text),), digest=digest)


def tree(folder):
    """Everything about a folder that somebody could change."""
    digest = hashlib.sha256()
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        facts = (status.st_mode, status.st_uid, status.st_gid, status.st_nlink, status.st_size)
        digest.update(f"{path} {facts} {status.st_mtime_ns}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
        names = os.listxattr(path, follow_symlinks=False)
        digest.update(repr(sorted(names)).encode())
    return digest.hexdigest()


def descendants():
    """The processes below this one, by pid: their command lines, and which are dead.

    A browser that other tests of this process have open starts and ends helpers as it likes, so
    it is left out.
    """
    parents, found = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                words = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                parents[int(entry.name)] = (int(parent), state, words)
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        for child, (parent, state, words) in parents.items():
            if parent == pid and "chromium" not in words:
                found[child] = f"{'zombie ' * (state == 'Z')}{words}"
                waiting.append(child)
    return found


def litter():
    """Files that an attack would leave outside the canary folder."""
    places = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", str(Path.home()))
    return [str(path) for place in places for path in Path(place).glob("adjudge_hostile*")]
