"""Take from a Python on Linux what Python on Windows lacks, before anything else is imported.

A .pth file of the environment runs this in every process; started with a script, it runs that
script, which is how it comes into workers, who read no .pth file. Modules are refused to files of
ours alone: the standard library and the libraries were built for Linux and may use them.
"""

import builtins
import os
import runpy
import signal
import socket
import subprocess
import sys

MODULES = ("resource", "fcntl", "pwd", "grp", "termios", "pty", "tty")
NAMES = {
    os: (*("fork", "forkpty", "O_NOFOLLOW", "O_NONBLOCK", "set_blocking"),),
    socket: ("AF_UNIX", "send_fds", "recv_fds"),
    signal: ("setitimer", "getitimer", "SIGALRM", "SIGXCPU", "ITIMER_REAL", "alarm"),
}
"""Without `SIGKILL`: the tests themselves kill by it."""
HERE = os.path.abspath(__file__)


def take_away(home):
    """Removes the names, refuses the modules and the passing of descriptors."""
    for module, names in NAMES.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    usual = builtins.__import__

    def imported(name, globals=None, *more, **named):
        file = (globals or {}).get("__file__") or ""
        ours = name in MODULES and os.path.abspath(file).startswith(home)
        # A stand-in that was put there has no place that it came from.
        if ours and (name not in sys.modules or sys.modules[name].__spec__ is not None):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return usual(name, globals, *more, **named)

    builtins.__import__ = imported
    begin = subprocess.Popen.__init__

    def started(self, args, *more, **options):
        if options.get("pass_fds"):
            raise ValueError("pass_fds not supported on Windows.")
        if not isinstance(args, str) and any(str(a).endswith("sandbox/worker.py") for a in args):
            at = next(k for k, a in enumerate(args) if str(a).endswith("worker.py"))
            args = [*args[:at], HERE, *args[at:]]
        begin(self, args, *more, **options)

    subprocess.Popen.__init__ = started


take_away(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(HERE))), "harness"))
if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
