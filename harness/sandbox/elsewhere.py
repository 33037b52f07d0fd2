"""What a worker does without where there are no fork, no limits and no timers, such as on Windows.

Loaded by path beside worker.py; imports nothing of adjudge. Requests and replies travel through
pipes, an alarm is a thread's, and the processor time and the memory are watched from outside.
"""

import _thread
import os
import signal
import sys
import threading
import time
import types

LAYERS = (
    *("session", "descriptors", "folder", "uid", "parent", "limits", "privileges", "landlock"),
    *("undumpable", "seccomp"),
)
"""The layers of lockdown.py, none of which is there."""
WHY = "this worker is a plain process"
NAP = 0.02
"""Seconds."""
_sleep = time.sleep


def lock(plan):
    """Takes no layer and says so."""
    return dict.fromkeys(LAYERS, WHY)


class Pipes:
    """A channel of two pipes, with those methods of a socket that a worker uses.

    Takes the standard input and output for it: what is printed goes where errors go.
    """

    def __init__(self):
        self._read, self._write = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(2, 1)
        os.close(null)
        if sys.platform == "win32":
            import msvcrt

            for end in (self._read, self._write):
                msvcrt.setmode(end, os.O_BINARY)

    def recv(self, most):
        """The next bytes; none where the other side has gone."""
        return os.read(self._read, most)

    def sendall(self, data):
        """Writes all of the bytes."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._write, left) :]


class Timer:
    """An alarm that rings again and again in the main thread; stands in for setitimer.

    It rings between two steps of Python: a call that never comes back to Python is ended from
    outside, with the process.
    """

    def __init__(self):
        self._stopped = threading.Event()

    def set(self, which, first, then=0.0):
        """Rings after some seconds, then with that distance; 0 ends it."""
        self._stopped.set()
        if first:
            self._stopped = threading.Event()
            args = (self._stopped, first, then)
            threading.Thread(target=self._ring, args=args, daemon=True).start()

    @staticmethod
    def _ring(stopped, first, then):
        seconds = first
        while not stopped.wait(seconds):
            _thread.interrupt_main(signal.SIGALRM)
            if not then:
                return
            seconds = then


def sleep(seconds):
    """Sleeps in short naps, between which an alarm can ring."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > NAP:
        _sleep(NAP)
    _sleep(left if seconds >= 0 and left > 0 else min(seconds, 0))


def stand_in():
    """Puts what is missing into `signal`, and a `resource` whose limits are never reached."""
    time.sleep = sleep
    resource = types.ModuleType("resource")
    resource.RLIM_INFINITY = resource.RLIMIT_CPU = -1
    resource.getrlimit = lambda which: (-1, -1)
    resource.setrlimit = lambda which, limits: None
    sys.modules["resource"] = resource
    signal.SIGALRM = signal.SIGXCPU = signal.SIGTERM  # a handler may stand there on any system
    signal.ITIMER_REAL = 0
    signal.setitimer = Timer().set
