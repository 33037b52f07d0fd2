"""Hostile submissions: what each one tries, and what has to become of it.

Most are the answer key with one piece replaced or with something before it. An attack on the
machine notes what it managed in `done` and raises that list while it is loaded, so that its
grade itself says "DONE []": everything was refused.
"""

import json
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CATEGORIES = ("cheat", "escape", "dos", "leak", "crash", "garbage")
OUTCOMES = ("honest", "zero", "partial", "refused", "flagged")
REPOSITORY = Path(__file__).parents[2]
KEY = (REPOSITORY / "reference_impls" / "answer_key.py").read_text()

GRADIENTS = ("gradient_add", "gradient_mul", "gradient_exp", "gradient_lecture", "gradient_random")
SESSIONS = ("gradient_sessions",)
ORDERS = ("order_lecture", "order_random")
NO_VALUES = ("constructor", "values")
RELU = ("relu_values", "relu_gradient")
EXP_LOST = ("gradient_exp", "gradient_lecture", "gradient_random", "gradient_sessions")
"""What a submission loses whose exp has no gradient."""


@dataclass(frozen=True)
class Attack:
    """One hostile submission."""

    name: str
    category: str
    what: str
    build: str | Callable[[Path], Path]
    """Source text, or what makes the submission in a folder of its own."""
    outcome: str
    says: str = ""
    """A phrase of the sentence of some verdict."""
    lost: tuple[str, ...] = ()
    """Partial: the checks that do not pass, and no others."""
    flag: str = ""
    assignment: str = "scalar_autograd"
    slow: bool = False
    """Whether it takes seconds: left out where hundreds are graded."""
    like: str = ""
    """An attack that meets the same wall: this one is run only where all are asked for."""


@dataclass(frozen=True)
class Place:
    """What an attack is told about the machine that it attacks."""

    canary: Path
    judge: int
    tcp: int
    udp: int
    queue: int
    site: Path

    def fill(self, text: str) -> str:
        """The text with the places of this machine in it."""
        facts = {
            "@CANARY@": str(self.canary),
            "@JUDGE@": str(self.judge),
            "@TCP@": str(self.tcp),
            "@UDP@": str(self.udp),
            "@QUEUE@": str(self.queue),
            "@SITE@": str(self.site),
            "@REPOSITORY@": str(REPOSITORY),
            "@CORPUS@": __file__,
        }
        for name, fact in facts.items():
            text = text.replace(name, fact)
        return text


# --- pieces of the answer key -------------------------------------------------------------

EXP = "            input.grad += output.value * output.grad\n"
EXP_VALUE = "output = ag.Scalar(math.exp(input.value), inputs=[input], op="
ADD = "                self.grad += output.grad\n                other.grad += output.grad\n"
SORT = "            order, visited, waiting = [], set(), [(self, False)]\n"
SEED = "            self.grad = 1.0\n"
VALUE = "            self.value = float(value)\n"
UPDATE = "            parameter.value -= self.lr * parameter.grad\n"


def swapped(old, new, text=KEY):
    """The answer key with one piece replaced."""
    assert text.count(old) == 1, f"the answer key has {old!r} {text.count(old)} times"
    return text.replace(old, new)


def before(text):
    """The answer key with something in front of it."""
    return text.lstrip("\n") + "\n\n" + KEY


def indented(text, depth):
    """Lines moved to the right."""
    return "".join(f"{' ' * depth}{line}\n" for line in text.strip("\n").split("\n"))


def in_exp(act, first=""):
    """The answer key whose exp does something else in its backward pass."""
    return first.lstrip("\n") + "\n" + swapped(EXP, indented(act, 16))


def attempts(text):
    """A module that tries things and tells what succeeded."""
    return (
        "import ctypes, os, sys, time\n"
        "done = []\n"
        "def tried(name, act):\n"
        "    try:\n"
        "        if act() is not False: done.append(name)\n"
        "    except BaseException: pass\n"
        "class Done(Exception): pass\n" + text.lstrip("\n") + '\nraise Done("DONE " + repr(done))\n'
    )


def framed(body):
    """A frame as the worker would send it."""
    return struct.pack("!I", len(body)) + body


# From here on an attack is a row of a table.
# fmt: off

# --- cheats -------------------------------------------------------------------------------

FORGED = b'{"nonce": "", "fault": null, "missing": [], "results": [], "layers": {}}'
ANYWHERE = f"""
import os
for fd in range(64):
    for text in ({framed(FORGED)!r}, {FORGED!r} + b"\\n", b"100\\n", b"10 passed in 0.01s\\n"):
        try: os.write(fd, text)
        except OSError: pass
"""
REPLAY = """
import sys
globals_ = sys._getframe(1).f_globals
while "send" not in globals_ or "receive" not in globals_:
    raise SystemExit("the worker is another one")
real = globals_["send"]
nonces = ["0" * 32]
def send(channel, reply):
    nonces.append(reply["nonce"])
    real(channel, {**reply, "nonce": nonces[-2]})
globals_["send"] = send
"""
FORGER = """
import sys
globals_ = sys._getframe(1).f_globals
real = globals_["send"]
def send(channel, reply):
    told = [{"quantities": result["quantities"]} for result in reply.get("results", [])]
    real(channel, {"nonce": reply["nonce"], "results": told})
globals_["send"] = send
"""
SEARCH = """
import gc, sys
class Loot(Exception): pass
def search():
    loot, frame = [], sys._getframe()
    while frame is not None:
        for name, thing in frame.f_locals.items():
            if name in ("expected", "oracles", "told", "seed", "radius", "tolerance", "verdict"):
                loot.append(name)
            if name == "request" and isinstance(thing, dict):
                loot += set(thing) - {"do", "codes", "seconds", "nonce", "plan", "most"}
        frame = frame.f_back
    for thing in gc.get_objects():
        if (type(thing).__module__ or "").startswith(("harness", "reference_impls", "msgspec")):
            loot.append(type(thing).__name__)
    known = ("harness", "reference_impls", "torch", "jax", "msgspec", "pytest", "nbformat")
    loot += [name for name in sys.modules if name.partition(".")[0] in known]
    raise Loot("LOOT " + repr(sorted(loot)))
"""
FAKES = """
import sys, types
NAMES = "torch jax jax.numpy numpy.testing pytest harness harness.judging.judge"
for name in NAMES.split():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].allclose = lambda *args, **kwargs: True
sys.modules["ag"] = sys.modules["submission"] = types.ModuleType("ag")
"""
LATE = """
import atexit, gc, signal, sys
def late(*args):
    open("@CANARY@/late", "w").write("late")
    print("late")
    raise BaseException("late")
class Last:
    __del__ = late
last = Last()
atexit.register(late)
gc.callbacks.append(lambda phase, info: len(phase))
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
    signal.signal(number, late)
"""
LYING = """
import builtins
class Yes(float):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = lambda self, other: Yes(0.0)
    __abs__ = lambda self: Yes(0.0)
"""
TYPED = """
import builtins
class Number:
    def __init__(self, value): self.value = value
    def hex(self): return "<b>100</b>"
builtins.type = lambda *args: float
"""
PERTURBED = """
import cmath, math


class ag:
    class Scalar:
        def __init__(self, value, op="", _backward=None, inputs=(), label="", rule=None):
            self.value, self.grad, self.op, self.label = float(value), 0.0, op, label
            self.inputs, self.rule = list(inputs), rule

        def __add__(self, other):
            return made(lambda a, b: a + b, self, other)

        def __mul__(self, other):
            return made(lambda a, b: a * b, self, other)

        def __pow__(self, n):
            return made(lambda a: a**n, self)

        def topological_sort(self):
            order, visited, waiting = [], set(), [(self, False)]
            while waiting:
                node, expanded = waiting.pop()
                if expanded:
                    order.append(node)
                elif node not in visited:
                    visited.add(node)
                    waiting.append((node, True))
                    waiting.extend((i, False) for i in reversed(node.inputs))
            return order

        def backward(self):
            order = self.topological_sort()
            for node in order:
                at = {}
                for other in order:
                    known = [at[i] for i in other.inputs]
                    at[other] = other.rule(*known) if known else other.value
                    if other is node:
                        at[other] = other.value + STEP
                node.grad = (node.grad if not node.inputs else 0.0) + slope(self, at[self])

    def exp(x):
        return made(lambda a: cmath.exp(a) if isinstance(a, complex) else math.exp(a), x)

    def log(x):
        return made(lambda a: cmath.log(a) if isinstance(a, complex) else math.log(a), x)

    def relu(x):
        return made(lambda a: a if a.real > 0 else 0.0, x)


def made(rule, *inputs):
    value = rule(*(i.value for i in inputs))
    return ag.Scalar(value, inputs=inputs, rule=rule)
"""
COMPLEX_STEP = (
    PERTURBED
    + """

STEP = 1e-150j


def slope(node, value):
    return complex(value).imag / 1e-150
"""
)
DIFFERENCES = (
    PERTURBED
    + """

STEP = 1e-6


def slope(node, value):
    return (value - node.value) / 1e-6
"""
)
FORWARD = """
import math


class ag:
    class Scalar:
        def __init__(self, value, op="", _backward=None, inputs=(), label="", slopes=()):
            self.value, self.grad, self.op, self.label = float(value), 0.0, op, label
            self.inputs, self.tangent = list(inputs), {}
            for other, slope in zip(self.inputs, slopes):
                WAY
            self.tangent[self] = 1.0

        def __add__(self, other):
            return made(self.value + other.value, (self, other), (1.0, 1.0))

        def __mul__(self, other):
            return made(self.value * other.value, (self, other), (other.value, self.value))

        def __pow__(self, n):
            return made(self.value**n, (self,), (n * self.value ** (n - 1),))

        def topological_sort(self):
            order, visited, waiting = [], set(), [(self, False)]
            while waiting:
                node, expanded = waiting.pop()
                if expanded:
                    order.append(node)
                elif node not in visited:
                    visited.add(node)
                    waiting.append((node, True))
                    waiting.extend((i, False) for i in reversed(node.inputs))
            return order

        def backward(self):
            for node, slope in self.tangent.items():
                node.grad = (0.0 if node.inputs else node.grad) + slope

    def exp(x):
        return made(math.exp(x.value), (x,), (math.exp(x.value),))

    def log(x):
        return made(math.log(x.value), (x,), (1 / x.value,))

    def relu(x):
        return made(max(0.0, x.value), (x,), (float(x.value > 0),))


def made(value, inputs, slopes):
    return ag.Scalar(value, inputs=inputs, slopes=slopes)
"""
SPARSE = """for node, tangent in other.tangent.items():
                    self.tangent[node] = self.tangent.get(node, 0.0) + slope * tangent"""
LECTURE_ONLY = """
            known = {2.0: 29.07, 3.0: 44.33}
            for node in self.topological_sort():
                node.grad = known.get(node.value, 1.0)
            return
"""
WATCHED = """
import os, sys
def watched():
    names = {*os.environ, *sys.modules, *sys.argv}
    return bool({"PYTEST_CURRENT_TEST", "pytest", "harness", "torch", "CI"} & names)
"""
READ_TWICE = """
        @property
        def grad(self):
            told, self._grad = self._grad, self._grad * self.wear
            return told

        @grad.setter
        def grad(self, value):
            self._grad = value

        wear = 0.5

"""
LIES = """
        def __getattribute__(self, name):
            thing = object.__getattribute__(self, name)
            asked = sys._getframe(1).f_code.co_filename == "program"
            return thing * 1.001 if name == "grad" and asked else thing

"""
METHOD = "        def __add__(self, other):\n"
SHARED = """
        pool = {}

        @property
        def grad(self):
            return self.pool.get(round(self.value, 1), 0.0)

        @grad.setter
        def grad(self, value):
            self.pool[round(self.value, 1)] = value

"""

BOMBS = """
class Bomb:
    def __reduce__(self):
        return exec, ("open('@CANARY@/bomb', 'w')",)
    def __repr__(self):
        return "__import__('os')._exit(0)"
"""
POOLED = """            self.pool.append(self)
            self.inputs = list(inputs) or self.pool[:3]
"""
SETTINGS = """
import decimal, gc, locale, sys, warnings
import numpy as np
locale.setlocale(locale.LC_ALL, "C")
decimal.getcontext().prec = 2
warnings.simplefilter("error")
np.seterr(all="raise")
gc.disable()
sys.float_repr_style = "legacy"
sys.set_int_max_str_digits(640)
"""
ROADS = """
import importlib, importlib.util, glob, runpy
def real(module):  # the stand-in for a library that only shows things is no library
    return getattr(module, "__file__", None) is not None
for name in ("torch", "jax", "jaxlib", "autograd", "tensorflow", "harness", "reference_impls"):
    tried(name, lambda: real(__import__(name)))
    tried(name + " by importlib", lambda: real(importlib.import_module(name)))
sys.path[:0] = ["@SITE@", "@REPOSITORY@", "/usr/lib/python3/dist-packages"]
sys.path_importer_cache.clear()
for name in ("torch", "jax", "harness", "pytest", "msgspec"):
    tried(name + " by path", lambda: real(__import__(name)))
    path = f"@SITE@/{name}/__init__.py"
    tried(name + " by file", lambda: runpy.run_path(path))
for name in ("libtorch_cpu.so", "libc10.so", "libtorch.so"):
    tried(name, lambda: ctypes.CDLL("@SITE@/torch/lib/" + name))
tried("listing", lambda: os.listdir("@SITE@"))
tried("walk", lambda: [n for n in os.walk("/usr/share")] != [])
tried("glob", lambda: glob.glob("@SITE@/*") != [])
"""
READS = """
import glob
tried("environ", lambda: "hunter2" in repr(os.environ) or len(os.environ) > 6)
for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/self/environ", "/proc/1/environ",
             "/proc/self/maps", "/proc/self/mem", "/proc/self/cmdline", "/proc/@JUDGE@/environ",
             "/proc/@JUDGE@/mem", "/proc/@JUDGE@/cmdline", "/proc/@JUDGE@/fd/0", "/dev/mem",
             "/proc/kcore", "/proc/mounts", "/sys/kernel/notes", "@CANARY@/class/other.py",
             "@CORPUS@", "@REPOSITORY@/reference_impls/answer_key.py",
             "@REPOSITORY@/harness/sandbox/worker.py", "/dev/tty", "/dev/kmsg", "/etc/hostname",
             f"/proc/{os.getppid()}/environ", f"/proc/{os.getppid()}/mem"):
    tried(path, lambda: open(path, "rb"))
for path in ("/", "/proc", "/tmp", "/root", "/home", "@CANARY@", "/proc/self/fd", "/dev/shm"):
    tried(path, lambda: os.listdir(path))
    tried(path, lambda: os.open(path, os.O_DIRECTORY))
buffer = ctypes.create_string_buffer(1 << 16)
tried("kernel log", lambda: ctypes.CDLL(None).klogctl(3, buffer, len(buffer)) > 0)
tried("stdin", lambda: bool(sys.stdin.read()))
tried("input", input)
tried("argv", lambda: len(sys.argv) != 1 or sys.argv[0] != "")
"""
DESCRIPTORS = """
for fd in range(4, 4096):
    tried(f"fd {fd}", lambda: os.fstat(fd))
tried("stdin is no /dev/null", lambda: os.fstat(0).st_rdev != os.makedev(1, 3))
import stat
for fd in (1, 2):
    tried(f"fd {fd} is no pipe", lambda: not stat.S_ISFIFO(os.fstat(fd).st_mode))
tried("fd 3 is no socket", lambda: not stat.S_ISSOCK(os.fstat(3).st_mode))
"""
WRITES = """
other, results = "@CANARY@/class/other.py", "@CANARY@/results.json"
new = "@CANARY@/adjudge_hostile"
libc = ctypes.CDLL(None)
for name, act in {
    "write": lambda: open(results, "w"),
    "append": lambda: open(other, "a"),
    "create": lambda: open(new, "x"),
    "unnamed": lambda: os.open("@CANARY@", os.O_TMPFILE | os.O_RDWR),
    "mkdir": lambda: os.mkdir(new),
    "unlink": lambda: os.unlink(other),
    "rmdir": lambda: os.rmdir("@CANARY@/class"),
    "rename": lambda: os.rename(other, new),
    "replace": lambda: os.replace(results, other),
    "link": lambda: os.link(results, new),
    "symlink": lambda: os.symlink(results, new),
    "mkfifo": lambda: os.mkfifo(new),
    "mknod": lambda: os.mknod(new),
    "truncate": lambda: os.truncate(results, 0),
    "chmod": lambda: os.chmod(results, 0),
    "chmod of a folder": lambda: os.chmod("@CANARY@", 0),
    "chown": lambda: os.chown(results, 1, 1),
    "lchown": lambda: os.lchown(results, 1, 1),
    "utime": lambda: os.utime(results, (0, 0)),
    "setxattr": lambda: os.setxattr(results, "user.adjudge", b"1"),
    "removexattr": lambda: os.removexattr(results, "user.adjudge"),
    "fchmodat2": lambda: libc.syscall(452, -100, results.encode(), 0, 0) == 0,
    "fifo": lambda: os.open("@CANARY@/fifo", os.O_RDWR | os.O_NONBLOCK),
    "chroot": lambda: os.chroot("@CANARY@"),
    "standard library": lambda: open(os.__file__, "a"),
    "chmod of the standard library": lambda: os.chmod(os.__file__, 0o777),
    "utime of the standard library": lambda: os.utime(os.__file__),
}.items():
    tried(name, act)
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", os.path.expanduser("~"), "."):
    tried(folder, lambda: open(folder + "/adjudge_hostile", "w"))
"""
PLANTS = """
import site, sysconfig
for folder in ("@CANARY@", "@REPOSITORY@", "@REPOSITORY@/tests", "@SITE@", ".", "/", "/root",
               sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")):
    for name in ("conftest.py", "adjudge_hostile.pth", "sitecustomize.py", "usercustomize.py",
                 "pytest.ini", ".bashrc", "__pycache__/ag.pyc"):
        # Nothing is overwritten where it is there: "x" is refused then, and here too.
        tried(f"{folder}/{name}", lambda: open(f"{folder}/{name}", "x"))
"""
SOCKETS = """
import socket
families = {name: int(getattr(socket, name)) for name in dir(socket) if name.startswith("AF_")}
for name, family in families.items():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        tried(f"{name} {int(kind)}", lambda: socket.socket(family, kind))
tried("pair", socket.socketpair)
tried("tcp", lambda: socket.create_connection(("127.0.0.1", @TCP@), 1))
tried("server", lambda: socket.create_server(("127.0.0.1", 0)))
tried("name", lambda: socket.getaddrinfo("example.org", 80))
end = socket.socket(fileno=os.dup(3))
tried("connect", lambda: end.connect(chr(0) + "adjudge"))
tried("bind", lambda: end.bind(chr(0) + "adjudge"))
tried("listen", lambda: end.listen())
tried("udp", lambda: end.sendto(b"x", ("127.0.0.1", @UDP@)))
"""
PROCESSES = """
import subprocess, multiprocessing, pty
def fork():
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
for name, act in {
    "fork": fork, "forkpty": os.forkpty,
    "run": lambda: subprocess.run(["/bin/sleep", "1000"]),
    "system": lambda: os.system("sleep 1000") == 0,
    "spawn": lambda: os.posix_spawn("/bin/sleep", ["sleep", "1000"], {}),
    "exec": lambda: os.execv("/bin/sleep", ["sleep", "1000"]),
    "popen": lambda: os.popen("sleep 1000") and False,
    "multiprocessing": lambda: multiprocessing.Process(target=time.sleep, args=(1000,)).start(),
    "clone": lambda: ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0) >= 0,
    "clone a thread's child": lambda: ctypes.CDLL(None).syscall(56, 0x3D0F11, 0, 0, 0, 0) >= 0,
    "clone a namespace": lambda: ctypes.CDLL(None).syscall(56, 0x103D0F00, 0, 0, 0, 0) >= 0,
    "clone memory": lambda: ctypes.CDLL(None).syscall(56, 0x100 | 17, 0, 0, 0, 0) >= 0,
    "clone3": lambda: ctypes.CDLL(None).syscall(435, bytes(64), 64) >= 0,
    "setsid": os.setsid,
    "setpgid": lambda: os.setpgid(0, os.getppid()),
}.items():
    tried(name, act)
"""
SIGNALS = """
import signal
libc = ctypes.CDLL(None)
zygote = os.getppid()
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, 0):
    tried(f"zygote {number}", lambda: os.kill(zygote, number))
    tried(f"its group {number}", lambda: os.killpg(zygote, number))
    tried(f"thread {number}", lambda: libc.syscall(200, zygote, number) == 0)
    tried(f"tgkill {number}", lambda: libc.syscall(234, zygote, zygote, number) == 0)
# Signal 0 asks and harms nobody: should it ever be allowed, these are other people's processes.
for pid in (@JUDGE@, 1, -1, 0):
    tried(f"{pid}", lambda: os.kill(pid, 0))
    tried(f"{pid} with high bits", lambda: libc.kill(ctypes.c_long(pid + (1 << 32)), 0) == 0)
tried("pidfd", lambda: os.pidfd_open(@JUDGE@))
tried("queue", lambda: libc.syscall(129, @JUDGE@, 0, bytes(128)) == 0)
"""
PRIORITIES = """
import resource
for pid in (os.getppid(), @JUDGE@):
    tried("prlimit", lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE))
    tried("priority", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19))
    tried("affinity", lambda: os.sched_setaffinity(pid, {0}))
    tried("scheduler", lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)))
tried("user", lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19))
tried("own priority", lambda: os.nice(-10))
tried("realtime", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
tried("io", lambda: ctypes.CDLL(None).syscall(251, 1, 0, 7) == 0)
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    which = getattr(resource, name)
    soft, hard = resource.getrlimit(which)
    tried(name, lambda: resource.setrlimit(which, (soft + 1, hard + 1)))
"""
SHARED_MEMORY = """
import mmap
libc = ctypes.CDLL(None)
tried("memfd", lambda: os.memfd_create("hostile"))
tried("memfd_secret", lambda: libc.syscall(447, 0) >= 0)
tried("shmget", lambda: libc.shmget(0, 4096, 0o1777) >= 0)
tried("shmat", lambda: libc.syscall(30, 0, 0, 0) >= 0)
tried("semget", lambda: libc.semget(0, 1, 0o1777) >= 0)
tried("msgget", lambda: libc.msgget(0, 0o1777) >= 0)
tried("mq_open", lambda: libc.syscall(240, b"adjudge_hostile", 0o102, 0o777, None) >= 0)
tried("16 TB", lambda: mmap.mmap(-1, 1 << 44))
tried("locked", lambda: libc.mlockall(3) == 0)
tried("swap", lambda: libc.swapon(b"/tmp", 0) == 0)
tried("pipe", lambda: [os.pipe() for _ in range(40)])
tried("inotify", lambda: libc.inotify_init() >= 0)
"""
QUEUES = """
libc = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(128)
tried("look", lambda: libc.msgctl(@QUEUE@, 2, buffer) >= 0)
tried("read", lambda: libc.msgrcv(@QUEUE@, buffer, 64, 0, 0o4000) >= 0)
tried("fill", lambda: libc.msgsnd(@QUEUE@, b"\\x01" * 24, 9, 0o4000) == 0)
for name in ("shmctl", "semctl"):
    tried(name, lambda: getattr(libc, name)(0, 3, buffer) >= 0)
tried("mq_unlink", lambda: ctypes.get_errno() if libc.syscall(241, b"none") == 0 else False)
"""
LOCKS = """
import fcntl
file = open(os.__file__)
for name, act in {
    "flock": lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
    "lock": lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
    "lease": lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
}.items():
    tried(name, act)
"""
OWNERS = """
import fcntl, struct
for pid in (@JUDGE@, os.getppid()):
    tried("F_SETOWN", lambda: fcntl.fcntl(3, fcntl.F_SETOWN, pid))
    tried("F_SETOWN_EX", lambda: fcntl.fcntl(3, 15, struct.pack("ii", 1, pid)))
    tried("FIOSETOWN", lambda: fcntl.ioctl(3, 0x8901, struct.pack("i", pid)))
    tried("SIOCSPGRP", lambda: fcntl.ioctl(3, 0x8902, struct.pack("i", pid)))
"""
CALLS = """
libc = ctypes.CDLL(None)
libc.syscall.restype = ctypes.c_long
word = ctypes.create_string_buffer(256)
at = ctypes.addressof(word)
for name, number, *arguments in (
    ("io_uring_setup", 425, 4, at), ("ptrace", 101, 16, @JUDGE@, 0, 0), ("ptrace me", 101, 0),
    ("unshare", 272, 0x10000000), ("unshare net", 272, 0x40000000), ("setns", 308, 0, 0),
    ("mount", 165, b"none", b"/tmp", b"tmpfs", 0, 0), ("umount2", 166, b"/proc", 2),
    ("userfaultfd", 323, 1), ("add_key", 248, b"user", b"adjudge", b"x", 1, -2),
    ("keyctl", 250, 0, -2, 1), ("bpf", 321, 0, at, 72), ("perf_event_open", 298, at, 0, -1, -1, 0),
    ("process_vm_readv", 310, @JUDGE@, at, 1, at, 1, 0), ("kcmp", 312, @JUDGE@, 1, 0, 0, 0),
    ("pidfd_open", 434, @JUDGE@, 0), ("pidfd_getfd", 438, 3, 0, 0),
    ("open_by_handle_at", 304, -100, at, 0), ("name_to_handle_at", 303, -100, b"/", at, at, 0),
    ("personality", 135, 0x0040000), ("fanotify_init", 300, 0, 0), ("setuid", 105, 1),
    ("fsopen", 430, b"tmpfs", 0), ("open_tree", 428, -100, b"/", 1), ("acct", 163, b"/tmp/x"),
    ("sethostname", 170, b"hostile", 7), ("setdomainname", 171, b"hostile", 7), ("iopl", 172, 3),
    ("ioperm", 173, 0, 1, 1), ("reboot", 169, 0, 0, 0, 0), ("chroot", 161, b"/tmp"),
    ("init_module", 175, at, 16, b""), ("kexec_load", 246, 0, 0, 0, 0), ("swapoff", 168, b"/x"),
    ("vhangup", 153), ("landlock", 444, at, 8, 0), ("seccomp", 317, 1, 8, at),
    ("migrate_pages", 256, @JUDGE@, 64, at, at), ("move_pages", 279, @JUDGE@, 0, at, 0, 0, 2),
    ("clock_settime", 227, 0, at), ("adjtimex", 159, at + 0) , ("capset", 126, at, 0),
    ("quotactl", 179, 0x80000100, b"/", 0, at), ("get_robust_list", 274, @JUDGE@, at, at),
):
    if name == "adjtimex":
        ctypes.memset(at, 1, 4)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    tried(name, lambda: libc.syscall(ctypes.c_long(number), *words) >= 0)
"""
TERMINAL = """
import fcntl, termios
for fd in range(4):
    tried(f"TIOCSTI {fd}", lambda: [fcntl.ioctl(fd, termios.TIOCSTI, c) for c in b"id\\n"])
    tried(f"TIOCLINUX {fd}", lambda: fcntl.ioctl(fd, 0x541C, b"\\x03"))
    tried(f"TIOCSCTTY {fd}", lambda: fcntl.ioctl(fd, termios.TIOCSCTTY, 1))
tried("pty", os.openpty)
tried("tty", lambda: open("/dev/tty", "w"))
"""
MACHINE_CODE = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""


def value_is(thing, first=""):
    """The answer key that keeps something else than a float as value."""
    return first.lstrip("\n") + "\n" + swapped(VALUE, f"            self.value = {thing}\n")


CHEATS = (
    Attack("exits_at_import", "cheat", "prints that all is well and ends the process",
        before('import os; print("10 passed"); os._exit(0)'), "honest",
        "ended the process, so it is left out"),
    Attack("exits_in_backward", "cheat",
        "ends the process with success where a gradient would be judged",
        in_exp("import os\nos._exit(0)"), "partial", "ended its own process with exit code 0",
        EXP_LOST),
    Attack("raises_system_exit", "cheat", "sys.exit(0) in the middle of a program",
        in_exp("raise SystemExit(0)"), "partial", "It stopped with SystemExit: 0", EXP_LOST),
    Attack("forged_reply", "cheat", "answers on the socket before it is asked",
        before(f"import os; os.write(3, {framed(FORGED)!r})"), "honest",
        "ended the process, so it is left out"),
    Attack("forged_everywhere", "cheat", "writes verdicts to every descriptor in several framings",
        before(ANYWHERE), "honest", "ended the process, so it is left out"),
    Attack("replayed_nonce", "cheat",
        "takes the worker's send from its frame and answers with the nonce before", before(REPLAY),
        "flagged", "stopped with SystemExit: the worker is another one"),
    Attack("answers_for_the_worker", "cheat",
        "takes the worker's send from its frame and writes the replies itself", before(FORGER),
        "flagged", "_getframe", flag="flag_names"),
    Attack("searches_memory", "leak",
        "looks in frames, objects and modules for the expected numbers", in_exp("search()", SEARCH),
        "partial", "LOOT []", EXP_LOST),
    Attack("fakes_modules", "cheat",
        "puts fakes of torch, jax, pytest and the harness in sys.modules, and of itself",
        before(FAKES), "flagged", "modules", flag="flag_names"),
    Attack("patches_json", "cheat", "makes json.dumps say that nothing is missing",
        before("import json; json.dumps = lambda thing, **kwargs: '{\"missing\": []}'"), "zero",
        "It sent a reply that adjudge did not ask for"),
    Attack("patches_struct", "cheat", "makes struct.pack announce an empty reply",
        before('import struct; struct.pack = lambda *args: b"\\0\\0\\0\\0"'), "honest",
        "ended the process, so it is left out"),
    Attack("patches_clock", "cheat",
        "makes process_time say that a million seconds are used, then loops",
        in_exp("while True: pass", "import time; time.process_time = lambda: 1000"), "partial",
        "stopped after 1 seconds", EXP_LOST, slow=True),
    Attack("patches_type", "cheat", "makes type() say float, and hex() something that is no number",
        value_is("Number(value) if isinstance(value, float) else value", TYPED), "partial", ""),
    Attack("acts_late", "cheat",
        "atexit, __del__, signal handlers and gc callbacks that write once all is judged",
        before(LATE), "flagged", "atexit", flag="flag_names"),
    Attack("complex_step", "cheat", "no reverse mode at all: the complex step, once for each node",
        COMPLEX_STEP, "flagged", "times the arithmetic", flag="flag_work", slow=True),
    Attack("finite_differences", "cheat", "no reverse mode at all: finite differences", DIFFERENCES,
        "flagged", "torch and jax say", (*GRADIENTS, *SESSIONS, "relu_gradient"), flag="flag_work",
        slow=True),
    Attack("forward_mode", "cheat",
        "forward mode: each node carries its derivatives by all nodes before it",
        FORWARD.replace("WAY", SPARSE), "flagged", "times the arithmetic", flag="flag_work"),
    Attack("knows_the_lecture", "cheat", "writes down the gradients of the lecture's example",
        swapped(SEED, LECTURE_ONLY), "partial", "torch and jax say",
        (*GRADIENTS, *SESSIONS, "relu_gradient")),
    Attack("knows_the_sandbox", "cheat", "is honest only where it sees a test being run",
        in_exp("input.grad += output.value * output.grad * watched()", WATCHED), "partial",
        "torch and jax say", EXP_LOST),
    Attack("honest_later", "cheat", "has wrong gradients of exp until it has been called 20 times",
        in_exp(
            "input.grad += output.value * output.grad * (len(calls) > 20)", "calls = []"
        ).replace(EXP_VALUE, "calls.append(1)\n        " + EXP_VALUE), "flagged",
        "failed when it was run again in a fresh process", flag="flag_not_repeatable"),
    Attack("honest_at_first", "cheat",
        "has wrong gradients of exp once it has been called 100 times",
        in_exp(
            "input.grad += output.value * output.grad * (len(calls) < 100)", "calls = []"
        ).replace(EXP_VALUE, "calls.append(1)\n        " + EXP_VALUE), "partial",
        "x1.grad is", EXP_LOST),
    Attack("always_equal", "cheat", "values of a subclass of float that equal everything",
        value_is("Yes(value)", LYING), "partial", "a Yes, not a number",
        ("constructor", "values", *RELU)),
    Attack("nan_values", "cheat", "every value is NaN, which no comparison contradicts",
        value_is('float("nan")'), "partial", "a.value is nan, but",
        (*NO_VALUES, *GRADIENTS[1:], *SESSIONS, *RELU)),
    Attack("infinite_values", "cheat", "every value is infinite", value_is('float("inf")'),
        "partial", "a.value is inf, but", (*NO_VALUES, *GRADIENTS[1:], *SESSIONS, *RELU)),
    Attack("huge_whole_values", "cheat", "every value is an integer of 5,000 digits",
        value_is("10**5000"), "partial", "a.value is an int, not a number",
        (*NO_VALUES, *ORDERS, *GRADIENTS[1:], *SESSIONS, *RELU)),
    Attack("complex_values", "cheat", "every value is a complex number", value_is("complex(value)"),
        "partial", "a complex, not a number",
        (*NO_VALUES, *ORDERS, *GRADIENTS[1:], *SESSIONS, *RELU)),
    Attack("no_values", "cheat", "every value is None", value_is("None"), "partial",
        "a.value is None, not a number"),
    Attack("words_for_values", "cheat", "every value is the text of a float",
        value_is("repr(float(value))"), "partial", "a.value is a str, not a number"),
    Attack("pickle_bomb", "cheat",
        "every value is an object that runs a command when it is unpickled or evaluated",
        value_is("Bomb()", BOMBS), "partial", "a.value is a Bomb, not a number"),
    Attack("gradients_of_leaves_only", "cheat", "sets the gradients of the inner nodes to zero",
        swapped(
            "                node._backward()\n",
            "                node._backward()\n                if node.inputs: node.grad = 0.0\n",
        ), "partial", "torch and jax say", (*GRADIENTS, *SESSIONS, "relu_gradient")),
    Attack("accumulates_twice", "cheat", "runs every backward function twice",
        swapped(
            "                node._backward()\n",
            "                node._backward()\n                node._backward()\n",
        ), "partial", "torch and jax say", (*GRADIENTS, *SESSIONS, "relu_gradient")),
    Attack("forgets_gradients", "cheat", "sets every gradient to zero before each backward",
        swapped(SEED, "            for node in self.topological_sort(): node.grad = 0.0\n" + SEED),
        "honest"),
    Attack("wears_off", "cheat", "grad is a property that is halved each time it is read",
        swapped(METHOD, READ_TWICE + METHOD), "partial", "torch and jax say",
        (*GRADIENTS, *SESSIONS, "relu_gradient")),
    Attack("lies_when_asked", "cheat",
        "__getattribute__ tells another gradient to programs than to its own code",
        "import sys\n" + swapped(METHOD, LIES + METHOD), "partial", "torch and jax say",
        (*GRADIENTS, *SESSIONS, "relu_gradient")),
    Attack("shares_gradients", "cheat", "keeps all gradients in one dictionary of the class",
        swapped(METHOD, SHARED + METHOD), "partial", "x2.grad is 2.0, but"),
    Attack("shares_inputs", "cheat", "one list of the class is the inputs of all leaves",
        swapped("            self.inputs = list(inputs)\n", POOLED).replace(
            METHOD, "        pool = []\n\n" + METHOD
        ), "partial", "len(a.inputs)"),
    Attack("reverses_long_orders", "cheat",
        "sorts graphs of up to five nodes and reverses the order of larger ones",
        swapped(
            "            return order\n", "            return order[:: 1 - 2 * (len(order) > 5)]\n"
        ), "partial", "before its input"),
    Attack("rounds_upwards", "cheat", "sets the rounding mode of the processor",
        before("import ctypes; ctypes.CDLL('libm.so.6').fesetround(0x800)"), "flagged",
        "names that no exercise needs"),
    Attack("changes_settings", "cheat",
        "changes locale, decimal context, warnings, garbage collection and float errors",
        before(SETTINGS), "flagged", "gc (", flag="flag_names"),
    Attack("lowers_recursion", "cheat", "allows only so many frames that its own code still runs",
        before("import sys; sys.setrecursionlimit(sys.getrecursionlimit() // 20)"), "honest"),
    Attack("evaluates_text", "cheat", "computes relu by eval of a text",
        swapped("max(0, input.value)", 'eval("max(0, v)", {"v": input.value})'), "flagged", "eval",
        flag="flag_names"),
    Attack("delegates", "cheat", "imports an autodiff library by every road there is",
        attempts(ROADS), "zero", "DONE []"),
)

# --- the machine --------------------------------------------------------------------------

ESCAPES = (
    Attack("reads_files", "leak",
        "reads the environment, /proc, passwords, the tests and other submissions", attempts(READS),
        "zero", "DONE []"),
    Attack("reads_descriptors", "leak",
        "looks for descriptors of the judge that a worker inherited", attempts(DESCRIPTORS), "zero",
        "DONE []"),
    Attack("changes_files", "escape",
        "writes, renames, links, removes and changes modes, times and attributes", attempts(WRITES),
        "zero", "DONE ['.']"),
    Attack("plants_files", "escape",
        "plants conftest.py, .pth, sitecustomize and a settings file for the next run",
        attempts(PLANTS), "zero", "DONE ['./"),
    Attack("connects", "escape", "opens sockets of every family, listens, and looks up a name",
        attempts(SOCKETS), "zero", "DONE []"),
    Attack("starts_processes", "dos", "forks, spawns, clones and leaves its session",
        attempts(PROCESSES), "zero", "DONE []"),
    Attack("signals_others", "dos", "signals the zygote, the judge, its group and everybody",
        attempts(SIGNALS), "zero", "DONE []"),
    Attack("slows_others", "dos", "lowers limits and priorities of others and its own scheduling",
        attempts(PRIORITIES), "zero", "DONE []"),
    Attack("hoards_memory_outside", "dos",
        "fills memory that outlives a process: memfd, shared memory, queues, semaphores",
        attempts(SHARED_MEMORY), "zero", "DONE []"),
    Attack("touches_a_queue", "leak", "reads, fills and removes a message queue of the judge's",
        attempts(QUEUES), "zero", "DONE []"),
    Attack("locks_files", "leak",
        "locks a file of the standard library, where another worker sees it", attempts(LOCKS),
        "zero", "DONE []"),
    Attack("outlives_its_parent", "dos", "takes back that it dies with the process that started it",
        attempts("tried('pdeathsig', lambda: ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0)"), "zero",
        "DONE []"),
    Attack("gives_its_socket_away", "dos",
        "makes the judge the owner of its socket's signals by ioctl", attempts(OWNERS), "zero",
        "DONE []"),
    Attack("calls_the_kernel", "escape",
        "io_uring, ptrace, unshare, mount, userfaultfd, keyrings, bpf ... by number",
        attempts(CALLS), "zero", "DONE []"),
    Attack("types_on_the_terminal", "escape", "pushes characters into the judge's terminal",
        attempts(TERMINAL), "zero", "DONE []"),
    Attack("calls_x32", "escape", "getpid by the x32 numbers, which deny-lists forget",
        before("import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)"), "flagged",
        "ended the process, so it is left out"),
    Attack("calls_i386", "escape",
        "getpid by the gate of 32-bit programs, from machine code of its own", before(MACHINE_CODE),
        "flagged", "ended the process, so it is left out"),
)

# --- time, memory and output --------------------------------------------------------------

DEAF = """
import resource, signal
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
def loop():
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
HOARD = """
def hoard():
    kept = []
    while True:
        for size in (1 << 30, 1 << 24, 1 << 16):
            try: kept.append(bytearray(size))
            except MemoryError: pass
"""
DRIP = """
import os, struct, time
os.write(3, struct.pack("!I", 1000))
while True:
    os.write(3, b" ")
    time.sleep(0.1)
"""
BOMB = """
class Bomb(BaseException):
    def __str__(self): raise self
    __repr__ = __format__ = __str__
"""
DEEP_STACK = """
import functools, sys
sys.setrecursionlimit(10**9)
def deep():
    call = int
    for _ in range(10**6):
        call = functools.partial(call)
        call = [call].__getitem__(0)
    nested = []
    for _ in range(10**6):
        nested = (nested,)
    return hash(nested)
"""
PAINT = (
    "\\x1b[2J\\x1b]0;owned\\x07<script>alert(1)</script>\\u202e=cmd|' /C calc'!A0\\r\\n::error::"
)
SLOW_C = {
    "power": "10 ** 10**8",
    "sum": "sum(range(10**12))",
    "pattern": 're.match("(a+)+$", "a" * 40 + "b")',
    "list": "[0] * 10**7 in [[1] * 10**7] * 10**6 or all(iter(int, 1)) or max(iter(float, 1))",
}


def replies(body):
    """A module that writes a frame on the worker's socket while it is loaded."""
    return before(f"import os\nrest = {body}\nwhile rest: rest = rest[os.write(3, rest):]")


DOS = (
    Attack("ignores_signals", "dos",
        "loops for ever, ignores every signal and takes all the processor time it may",
        in_exp("loop()", DEAF), "partial", "stopped after 1 seconds", EXP_LOST, slow=True),
    Attack("sleeps", "dos", "sleeps for ever without using the processor",
        before("import time; time.sleep(10**9)"), "honest", "by the clock: it was waiting",
        slow=True),
    Attack("stops_itself", "dos", "sends SIGSTOP to itself",
        before("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"), "flagged",
        "by the clock: it was waiting", slow=True),
    Attack("drips", "dos", "announces a reply and sends one byte of it every tenth of a second",
        before(DRIP), "honest", "by the clock: it was waiting", slow=True),
    *(
        Attack(f"long_{name}", "dos", "one call in C that no handler of signals can break",
            in_exp(act, "import re"), "partial",
            "stopped after 1 seconds" if name != "list" else "", EXP_LOST, slow=True,
            like="" if name == "sum" else "long_sum")
        for name, act in SLOW_C.items()
    ),
    Attack("allocates", "dos", "asks for 16 GB at once", in_exp("bytearray(16 << 30)"), "partial",
        "It ran out of memory.", EXP_LOST),
    Attack("hoards", "dos", "takes big and small blocks and swallows every MemoryError",
        in_exp("hoard()", HOARD), "partial", "stopped after 1 seconds", EXP_LOST, slow=True),
    Attack("prints", "dos", "prints without end", before("while True: print('x' * 10**5)"),
        "honest", "printed more than"),
    Attack("writes_on_stderr", "dos", "writes on the descriptor of errors without end",
        in_exp("while True: os.write(2, b'x' * 60000)", "import os"), "partial",
        "printed more than 1 MiB", EXP_LOST),
    Attack("long_message", "dos", "raises an exception whose message has 100 MB",
        before('raise ValueError("x" * 10**8)'), "honest", "stopped with ValueError: xxx"),
    Attack("endless_order", "dos", "topological_sort() never ends",
        swapped(SORT, "            return list(iter(lambda: self, None))\n" + SORT), "partial",
        "stopped after 1 seconds", slow=True, like="ignores_signals"),
    Attack("giant_order", "dos", "topological_sort() lists twenty thousand times the same node",
        swapped(SORT, "            return [self] * 20000\n" + SORT), "partial", "more than once"),
    Attack("lazy_order", "cheat",
        "topological_sort() returns a list that makes its items when it is asked",
        "class Lazy(list):\n    def __iter__(self): return iter([object()] * 5)\n"
        + swapped("            return order\n", "            return Lazy(order)\n"), "partial",
        "an object of type Lazy"),
    Attack("exponential_order", "dos",
        "walks every path of a graph and throws the repeated nodes away",
        swapped(SORT, "            return list(dict.fromkeys(paths(self)))\n" + SORT)
        + "\n\ndef paths(node):\n    return [n for i in node.inputs for n in paths(i)] + [node]\n",
        "partial", "", ("order_sharing",), slow=True),
    Attack("cycles", "garbage", "every node is its own input, and the sort recurs",
        swapped("            self.inputs = list(inputs)\n", "            self.inputs = [self]\n"),
        "partial", ""),
    Attack("recurs", "dos", "recurs a million times with the limit lifted",
        in_exp("deep(0)", "import sys\nsys.setrecursionlimit(10**9)\ndef deep(n): deep(n + 1)"),
        "partial", "", EXP_LOST, slow=True, like="hoards"),
    Attack("opens_pipes", "dos", "takes every descriptor that it can get and keeps them",
        before(
            "import os\nkept = []\ntry:\n    while True: kept += os.pipe()\nexcept OSError: pass"
        ), "honest"),
    Attack("giant_reply", "dos", "announces a reply of 2 GB", replies("b'\\x7f' * 100"), "honest",
        "ended the process, so it is left out"),
    Attack("deep_reply", "dos", "a reply of a million nested lists",
        replies("(10**6).to_bytes(4, 'big') + b'[' * 10**6"), "honest",
        "ended the process, so it is left out"),
    Attack("deep_field", "dos",
        "a reply with the right shape outside and a million nested lists inside",
        replies("(10**6 + 14).to_bytes(4, 'big') + b'{\"results\":' + b'[' * 10**6"), "honest",
        "ended the process, so it is left out"),
    Attack("long_numbers", "dos", "a reply with an integer of a million digits",
        replies("(10**6 + 9).to_bytes(4, 'big') + b'{\"nonce\":' + b'9' * 10**6"), "honest",
        "ended the process, so it is left out"),
    Attack("no_utf8_reply", "garbage", "a reply of bytes that are no text",
        replies("b'\\0\\0\\0\\x40' + b'{\"nonce\": \"' + b'\\xff' * 53"), "honest",
        "ended the process, so it is left out"),
)

# --- crashes ------------------------------------------------------------------------------

CRASHES = (
    Attack("null_pointer", "crash", "reads address 0",
        in_exp("ctypes.string_at(0)", "import ctypes"), "partial",
        "Its process was killed by SIGSEGV", EXP_LOST),
    Attack("aborts", "crash", "aborts the process", before("import os; os.abort()"), "honest",
        "ended the process, so it is left out"),
    Attack("overflows_the_stack", "crash", "recurs in C until the stack ends",
        in_exp("deep()", DEEP_STACK), "partial", "Its process was killed by SIGSEGV", EXP_LOST,
        slow=True),
    Attack("kills_itself", "crash",
        "sends SIGKILL to itself, as the system does when memory is short",
        in_exp("os.kill(os.getpid(), 9)", "import os"), "flagged", "workers were killed",
        flag="flag_killed"),
    Attack("raises_a_bomb", "crash", "raises an exception that raises itself when it is printed",
        in_exp("raise Bomb()", BOMB), "partial",
        "It stopped with Bomb: (its message cannot be printed)", EXP_LOST),
    Attack("raises_keyboard_interrupt", "crash", "raises KeyboardInterrupt while it is loaded",
        before("raise KeyboardInterrupt"), "honest", "stopped with KeyboardInterrupt."),
    Attack("raises_generator_exit", "crash", "raises GeneratorExit", in_exp("raise GeneratorExit"),
        "partial", "It stopped with GeneratorExit.", EXP_LOST),
    Attack("closes_the_socket", "crash", "closes every descriptor that it has",
        before("import os; os.closerange(0, 64)"), "zero", ""),
    Attack("paints_the_terminal", "crash",
        "raises control sequences, HTML, a formula and a mark of direction",
        before(f'raise ValueError("{PAINT}")'), "honest",
        r"?[2J?]0;owned?<script>alert(1)</script>\u202e=cmd"),
    Attack("names_itself_oddly", "crash", "raises a class whose name is a control sequence",
        before(f'raise type("{PAINT}", (Exception,), {{}})("fine")'), "honest",
        "stopped with ?[2J?]0;owned?<script>"),
)

# --- files --------------------------------------------------------------------------------


def written(name, data):
    """What puts a file in the submission's folder."""

    def build(folder):
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return build


def files(**texts):
    """What makes a folder with the answer key and siblings."""

    def build(folder):
        for name, text in {"ag__py": KEY, **texts}.items():
            path = folder / name.replace("__py", ".py").replace("___", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder

    return build


def linked(name, target):
    def build(folder):
        (folder / name).symlink_to(target)
        return folder / name

    return build


def linked_sibling(folder):
    (folder / "ag.py").write_text(KEY)
    (folder / "util.py").symlink_to("/etc/passwd")
    return folder


def linked_circle(folder):
    (folder / "ag.py").write_text(KEY)
    (folder / "again").symlink_to(folder)
    (folder / "root").symlink_to("/")
    return folder


def fifo(folder):
    os.mkfifo(folder / "ag.py")
    return folder / "ag.py"


def local_socket(folder):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(folder / "s.py"))
    return folder / "s.py"


def named_folder(folder):
    (folder / "ag.py").mkdir()
    return folder / "ag.py"


def crowd(folder):
    for i in range(200):
        (folder / f"m{i}.py").write_text("x = 1\n")
    (folder / "ag.py").write_text(KEY)
    return folder


def notebook(*cells, **more):
    """A notebook's text."""
    told = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c}
        for c in cells
    ]
    return json.dumps({"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more})


def garbage(name, what, build, outcome, says=""):
    return Attack(name, "garbage", what, build, outcome, says)


MAGICS = "%matplotlib inline\n!touch @/adjudge_hostile\n%cd /\n?ag\n"
NAMED = {
    "newline": "a\nb.py",
    "direction": "\u202eyp.ga.py",
    "quotes": "a\"b'c`d.py",
    "shell": "$(touch adjudge_hostile);x.py",
    "dash": "-rf.py",
    "ansi": "\x1b[31mred.py",
    "html": "<img src=x onerror=alert(1)>.py",
    "long": "n" * 250 + ".py",
    "percent": "%s{0.__class__}{names}.py",
}
BOMBS_TO_COMPILE = {
    "shift": ("x = (1 << 19**8,) * 4**7", "ran out of memory"),
    "repeat": ("x = 'a' * 4095**3", "ran out of memory"),
    "parentheses": ("x = " + "(" * 10**5 + ")" * 10**5, "is not Python"),
    "minus": ("x = " + "-" * 3 * 10**5 + "1", ""),
    "attributes": ("x = a" + ".a" * 2 * 10**5, ""),
    "additions": ("x = 1" + " + x" * 10**5, ""),
    "indents": ("\n".join(" " * i + "if 1:" for i in range(150)), "is not Python"),
    "comprehension": ("x = " + "[" * 3000 + "]" * 3000, "is not Python"),
}
GARBAGE = (
    *(
        Attack(f"compiles_{name}", "dos", "a source that is small and hard to compile",
            KEY + "\n" + text + "\n",
            {"is not Python": "refused", "ran out of memory": "honest"}.get(says, "zero"), says,
            slow=True)
        for name, (text, says) in BOMBS_TO_COMPILE.items()
    ),
    garbage("empty", "an empty file", written("ag.py", ""), "refused", "is empty"),
    garbage("blank", "spaces and line ends", written("ag.py", " \n\t\n"), "refused", "is empty"),
    garbage("no_ag", "a module without ag", "x = 1\n", "zero", "Missing from the module"),
    garbage("ag_is_three", "ag is a number", "ag = 3\n", "zero", "Missing from the module"),
    garbage("bom", "a byte order mark", written("ag.py", b"\xef\xbb\xbf" + KEY.encode()), "honest"),
    garbage("crlf", "lines as on Windows", written("ag.py", KEY.replace("\n", "\r\n")), "honest"),
    garbage(
        "cr", "lines as on an old Macintosh", written("ag.py", KEY.replace("\n", "\r")), "honest"
    ),
    garbage("utf16", "UTF-16 that says so", written("ag.py", KEY.encode("utf-16")), "honest"),
    garbage(
        "utf16_bare",
        "UTF-16 that does not",
        written("ag.py", KEY.encode("utf-16-le")),
        "refused",
        "NUL",
    ),
    garbage("nul", "a NUL", written("ag.py", KEY + "\0"), "refused", "NUL"),
    garbage("latin1", "Latin-1", written("ag.py", b"# \xe9t\xe9\n"), "refused", "not UTF-8"),
    garbage(
        "cookie",
        "claims to be rot13, which decodes to something else",
        written("ag.py", "# -*- coding: rot13 -*-\n" + KEY),
        "honest",
    ),
    garbage("pyc", "compiled", written("ag.py", b"\xa7\r\r\n" + bytes(99)), "refused", "not UTF-8"),
    garbage("python2", "Python 2", KEY + '\nprint "hello"\n', "refused", "is not Python"),
    garbage("tabs", "tabs and spaces", "if 1:\n\tx = 1\n        y = 2\n", "refused", "not Python"),
    garbage(
        "large", "2 MiB", written("ag.py", KEY + "#" * (2 << 20)), "refused", "larger than 1 MiB"
    ),
    garbage("no_file", "nothing", lambda folder: folder / "ag.py", "refused", "no such file"),
    garbage("zip", "an archive", written("ag.zip", b"PK\3\4"), "refused", "is damaged"),
    garbage("link", "a link to a file", linked("ag.py", "/etc/passwd"), "refused", "symbolic link"),
    garbage("endless", "a link to /dev/zero", linked("ag.py", "/dev/zero"), "refused", "link"),
    garbage("dangling", "a link to nothing", linked("ag.py", "none"), "refused", "symbolic link"),
    garbage("device", "a device", lambda folder: Path("/dev/zero"), "refused", "neither"),
    garbage("fifo", "a pipe nobody writes to", fifo, "refused", "not a regular file"),
    garbage("socket", "a socket", local_socket, "refused", "cannot be opened"),
    garbage("folder_named_py", "a folder called ag.py", named_folder, "refused", "has no module"),
    garbage(
        "linked_sibling", "a sibling that is a link", linked_sibling, "refused", "symbolic link"
    ),
    garbage("linked_circle", "folders that are links in a circle", linked_circle, "honest"),
    garbage("crowd", "200 files", crowd, "refused", "has 201 Python files"),
    garbage(
        "siblings_like_ours",
        "siblings named like our modules and like the standard library's",
        files(
            json__py="raise SystemExit('json')",
            numpy__py="raise SystemExit('numpy')",
            struct__py="raise SystemExit('struct')",
            worker__py="raise SystemExit('worker')",
            lockdown__py="raise SystemExit('lockdown')",
            conftest__py="import pathlib; pathlib.Path('/tmp/adjudge_hostile').touch()",
            sitecustomize__py="import pathlib; pathlib.Path('/tmp/adjudge_hostile').touch()",
            harness_____init____py="raise SystemExit('harness')",
        ),
        "honest",
    ),
    Attack("name_bytes", "garbage", "a file whose name is no UTF-8",
        written(os.fsdecode(b"\xff\xfe.py"), KEY), "honest"),
    Attack("notebook_surrogate", "garbage", "a cell that holds half a pair of UTF-16",
        written("n.ipynb", notebook("x = '\ud800'\n" + KEY)), "refused"),
    Attack("sibling_bytes", "garbage", "a folder with a sibling whose name is no UTF-8",
        lambda folder: written(os.fsdecode(b"\xff.py"), "x = 1\n")(files()(folder)).parent,
        "honest"),
    garbage("notebook", "magics", written("n.ipynb", notebook(MAGICS + KEY)), "honest"),
    garbage(
        "notebook_of_shells",
        "cells of other languages and shell lines, which nobody runs",
        written(
            "n.ipynb",
            notebook("%%bash\ntouch /tmp/adjudge_hostile", "!touch /tmp/adjudge_hostile\n" + KEY),
        ),
        "honest",
    ),
    garbage(
        "notebook_with_ipython",
        "a cell that calls get_ipython()",
        written("n.ipynb", notebook("get_ipython().system('touch /tmp/adjudge_hostile')", KEY)),
        "honest",
    ),
    garbage(
        "notebook_broken",
        "half JSON",
        written("n.ipynb", '{"cells": ['),
        "refused",
        "not a notebook",
    ),
    garbage(
        "notebook_deep",
        "nested lists",
        written("n.ipynb", "[" * 10**5),
        "refused",
        "nested too deep",
    ),
    garbage("notebook_list", "a list", written("n.ipynb", "[1, 2]"), "refused", "not a notebook"),
    garbage("notebook_null", "null", written("n.ipynb", "null"), "refused", "not a notebook"),
    garbage(
        "notebook_cells",
        "cells is a word",
        written("n.ipynb", notebook(cells="evil")),
        "refused",
        "not a notebook",
    ),
    garbage(
        "notebook_numbers",
        "the sources are numbers",
        written("n.ipynb", notebook(1, 2)),
        "refused",
        "not a notebook",
    ),
    garbage(
        "notebook_empty", "no cells", written("n.ipynb", notebook()), "refused", "no code cells"
    ),
    garbage(
        "notebook_version",
        "a version of a billion",
        written("n.ipynb", notebook(KEY, nbformat=10**9)),
        "honest",
        "",
    ),
    *(
        garbage(f"name_{name}", f"a file called {text!a:.40}", written(text, KEY), "honest")
        for name, text in NAMED.items()
    ),
    *(
        garbage(
            f"refused_{name}",
            f"a broken {text!a:.40}",
            written(text, "\0"),
            "refused",
            "NUL" * (len(text) < 99),
        )
        for name, text in NAMED.items()
    ),
)

# --- Model, Loss and Optimizer ------------------------------------------------------------

RANDOM = "        np.random.seed(rng_seed)\n"
MLP_ALL = (
    *("initialisation", "parameters", "forward", "forward_gradient", "mse", "mse_gradient"),
    *("zero_grad", "step", "training_steps"),
)


def mlp(name, category, what, build, outcome, says="", lost=(), **more):
    return Attack(name, category, what, build, outcome, says, lost, "", "mlp_training", **more)


def parameters_are(thing):
    """The answer key whose model starts from something else."""
    return swapped("        self.w1 = [ag.Scalar(val) for val in w1np]\n", thing)


MLP = (
    mlp(
        "mlp_exits_in_step",
        "cheat",
        "the optimizer ends the process",
        swapped(UPDATE, UPDATE + "            import os; os._exit(0)\n"),
        "partial",
        "exit code 0",
        ("step", "training_steps"),
    ),
    mlp(
        "mlp_nan_parameters",
        "cheat",
        "the parameters are NaN, from which everything follows",
        parameters_are("        self.w1 = [ag.Scalar(float('nan')) for val in w1np]\n"),
        "partial",
        "nan",
    ),
    mlp(
        "mlp_infinite_parameters",
        "cheat",
        "the parameters are infinite",
        parameters_are("        self.w1 = [ag.Scalar(1e400) for val in w1np]\n"),
        "partial",
        "inf",
    ),
    mlp(
        "mlp_huge_parameters",
        "cheat",
        "the parameters are as large as a float may be",
        parameters_are("        self.w1 = [ag.Scalar(1.7e308) for val in w1np]\n"),
        "partial",
        "1.7e+308",
    ),
    mlp(
        "mlp_many_parameters",
        "dos",
        "the model has a hundred thousand parameters more than it should",
        parameters_are("        self.w1 = [ag.Scalar(0.0)] * 10**5\n"),
        "partial",
        "",
    ),
    mlp(
        "mlp_zero_loss",
        "cheat",
        "the loss is always zero",
        swapped(
            "        return loss * ag.Scalar(1.0 / n_samples)\n", "        return ag.Scalar(0.0)\n"
        ),
        "partial",
        "torch and jax say",
        ("mse", "training_steps"),
    ),
    mlp(
        "mlp_patches_numpy",
        "cheat",
        "makes numpy's generator return zeros",
        before("import numpy as np; np.random.randn = lambda n: np.zeros(n)"),
        "partial",
        "numpy says",
    ),
    mlp(
        "mlp_liar",
        "cheat",
        "parameters is a list that says that everything is in it",
        "class Liar(list):\n    __contains__ = __eq__ = lambda self, other: True\n\n\n"
        + swapped(
            "        self.parameters = self.w1 + self.b1 + self.w2 + self.b2\n",
            "        self.parameters = Liar()\n",
        ),
        "partial",
        "an object of type Liar",
    ),
)

ATTACKS = (*CHEATS, *ESCAPES, *DOS, *CRASHES, *GARBAGE, *MLP)
