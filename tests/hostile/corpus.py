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

from hostile.honesty import complex_step, differences, eager

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
        facts = {**vars(self), "repository": REPOSITORY, "corpus": __file__}
        for name, fact in facts.items():
            text = text.replace(f"@{name.upper()}@", str(fact))
        return text


# --- pieces of the answer key -------------------------------------------------------------

EXP = "            input.grad += output.value * output.grad\n"
EXP_VALUE = "output = ag.Scalar(math.exp(input.value), inputs=[input], op="
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


LEFT_OUT = "ended the process, so it is left out"
ORACLES = "torch and jax say"
TOO_LONG = "stopped after 1 seconds"
WAITED = "by the clock: it was waiting"
WRONG = (*GRADIENTS, *SESSIONS, "relu_gradient")
"""What a submission loses whose backward() is wrong everywhere."""
FOLLOWS = (*GRADIENTS[1:], *SESSIONS, *RELU)
"""What a submission loses because its values are wrong, besides the checks of values."""
WALK = "                node._backward()\n"
INPUTS = "            self.inputs = list(inputs)\n"
ORDER = "            return order\n"


def value_is(thing, first=""):
    """The answer key that keeps something else than a float as value."""
    return first.lstrip("\n") + "\n" + swapped(VALUE, f"            self.value = {thing}\n")


def counted(factor):
    """The answer key whose exp counts its calls, on which its gradient depends."""
    act = f"input.grad += output.value * output.grad * {factor}"
    return in_exp(act, "calls = []").replace(EXP_VALUE, "calls.append(1)\n        " + EXP_VALUE)


def cheat(name, what, build, says, lost=(), outcome="partial", **more):
    return Attack(name, "cheat", what, build, outcome, says, lost, **more)


def ends(name, what, text, category="cheat", says=LEFT_OUT, outcome="honest", **more):
    """It stops before the answer key is loaded, and that statement alone is left out."""
    return Attack(name, category, what, before(text), outcome, says, **more)


def flagged(name, what, build, says, flag="flag_names", **more):
    return Attack(name, "cheat", what, build, "flagged", says, flag=flag, **more)


def tries(name, category, what, text, says="DONE []"):
    return Attack(name, category, what, attempts(text), "zero", says)


def in_backward(name, category, what, act, says, first="", **more):
    """The answer key whose gradient of exp does something else, which costs nothing besides."""
    return Attack(name, category, what, in_exp(act, first), "partial", says, EXP_LOST, **more)


CHEATS = (
    ends("exits_at_import", "prints that all is well and ends the process",
        'import os; print("10 passed"); os._exit(0)'),
    in_backward("exits_in_backward", "cheat",
        "ends the process with success where a gradient would be judged",
        "import os\nos._exit(0)", "ended its own process with exit code 0"),
    in_backward("raises_system_exit", "cheat", "sys.exit(0) in the middle of a program",
        "raise SystemExit(0)", "It stopped with SystemExit: 0"),
    ends("forged_reply", "answers on the socket before it is asked",
        f"import os; os.write(3, {framed(FORGED)!r})"),
    ends("forged_everywhere", "writes verdicts to every descriptor in several framings", ANYWHERE),
    ends("replayed_nonce",
        "takes the worker's send from its frame and answers with the nonce before", REPLAY,
        says="stopped with SystemExit: the worker is another one", outcome="flagged"),
    flagged("answers_for_the_worker",
        "takes the worker's send from its frame and writes the replies itself", before(FORGER),
        "_getframe"),
    in_backward("searches_memory", "leak",
        "looks in frames, objects and modules for the expected numbers", "search()", "LOOT []",
        SEARCH),
    flagged("fakes_modules",
        "puts fakes of torch, jax, pytest and the harness in sys.modules, and of itself",
        before(FAKES), "modules"),
    ends("patches_json", "makes json.dumps say that nothing is missing",
        "import json; json.dumps = lambda thing, **kwargs: '{\"missing\": []}'",
        says="It sent a reply that adjudge did not ask for", outcome="zero"),
    ends("patches_struct", "makes struct.pack announce an empty reply",
        'import struct; struct.pack = lambda *args: b"\\0\\0\\0\\0"'),
    in_backward("patches_clock", "cheat",
        "makes process_time say that a million seconds are used, then loops", "while True: pass",
        TOO_LONG, "import time; time.process_time = lambda: 1000", slow=True),
    cheat("patches_type", "makes type() say float, and hex() something that is no number",
        value_is("Number(value) if isinstance(value, float) else value", TYPED), ""),
    flagged("acts_late", "atexit, __del__, signal handlers and gc callbacks that write once all is "
        "judged", before(LATE), "atexit"),
    flagged("complex_step", "no reverse mode at all: the complex step, once for each node",
        complex_step(), "times the arithmetic", "flag_work", slow=True),
    flagged("finite_differences", "no reverse mode at all: finite differences", differences(),
        ORACLES, "flag_work", lost=WRONG, slow=True, like="complex_step"),
    flagged("forward_mode",
        "forward mode: each node carries its derivatives by all nodes before it", eager(),
        "times the arithmetic", "flag_work"),
    cheat("knows_the_lecture", "writes down the gradients of the lecture's example",
        swapped(SEED, LECTURE_ONLY), ORACLES, WRONG),
    in_backward("knows_the_sandbox", "cheat", "is honest only where it sees a test being run",
        "input.grad += output.value * output.grad * watched()", ORACLES, WATCHED),
    flagged("honest_later", "has wrong gradients of exp until it has been called 20 times",
        counted("(len(calls) > 20)"), "failed when it was run again in a fresh process",
        "flag_not_repeatable"),
    cheat("honest_at_first", "has wrong gradients of exp once it has been called 100 times",
        counted("(len(calls) < 100)"), "x1.grad is", EXP_LOST),
    cheat("always_equal", "values of a subclass of float that equal everything",
        value_is("Yes(value)", LYING), "a Yes, not a number", (*NO_VALUES, *RELU)),
    cheat("nan_values", "every value is NaN, which no comparison contradicts",
        value_is('float("nan")'), "a.value is nan, but", (*NO_VALUES, *FOLLOWS)),
    cheat("infinite_values", "every value is infinite", value_is('float("inf")'),
        "a.value is inf, but", (*NO_VALUES, *FOLLOWS)),
    cheat("huge_whole_values", "every value is an integer of 5,000 digits", value_is("10**5000"),
        "a.value is an int, not a number", (*NO_VALUES, *ORDERS, *FOLLOWS)),
    cheat("complex_values", "every value is a complex number", value_is("complex(value)"),
        "a complex, not a number", (*NO_VALUES, *ORDERS, *FOLLOWS)),
    cheat("no_values", "every value is None", value_is("None"), "a.value is None, not a number"),
    cheat("words_for_values", "every value is the text of a float", value_is("repr(float(value))"),
        "a.value is a str, not a number"),
    cheat("pickle_bomb",
        "every value is an object that runs a command when it is unpickled or evaluated",
        value_is("Bomb()", BOMBS), "a.value is a Bomb, not a number"),
    cheat("gradients_of_leaves_only", "sets the gradients of the inner nodes to zero",
        swapped(WALK, WALK + "                if node.inputs: node.grad = 0.0\n"), ORACLES, WRONG),
    cheat("accumulates_twice", "runs every backward function twice", swapped(WALK, WALK + WALK),
        ORACLES, WRONG),
    cheat("forgets_gradients", "sets every gradient to zero before each backward",
        swapped(SEED, "            for node in self.topological_sort(): node.grad = 0.0\n" + SEED),
        "", outcome="honest"),
    cheat("wears_off", "grad is a property that is halved each time it is read",
        swapped(METHOD, READ_TWICE + METHOD), ORACLES, WRONG),
    cheat("lies_when_asked",
        "__getattribute__ tells another gradient to programs than to its own code",
        "import sys\n" + swapped(METHOD, LIES + METHOD), ORACLES, WRONG),
    cheat("shares_gradients", "keeps all gradients in one dictionary of the class",
        swapped(METHOD, SHARED + METHOD), "x2.grad is 2.0, but",
        tuple(check for check in WRONG if check != "gradient_lecture")),
    cheat("shares_inputs", "one list of the class is the inputs of all leaves",
        swapped(INPUTS, POOLED).replace(METHOD, "        pool = []\n\n" + METHOD),
        "len(a.inputs)"),
    cheat("reverses_long_orders",
        "sorts graphs of up to five nodes and reverses the order of larger ones",
        swapped(ORDER, "            return order[:: 1 - 2 * (len(order) > 5)]\n"),
        "before its input"),
    flagged("rounds_upwards", "sets the rounding mode of the processor",
        before("import ctypes; ctypes.CDLL('libm.so.6').fesetround(0x800)"),
        "names that no exercise needs", ""),
    flagged("changes_settings",
        "changes locale, decimal context, warnings, garbage collection and float errors",
        before(SETTINGS), "gc ("),
    ends("lowers_recursion", "allows only so many frames that its own code still runs",
        "import sys; sys.setrecursionlimit(sys.getrecursionlimit() // 20)", says=""),
    flagged("evaluates_text", "computes relu by eval of a text",
        swapped("max(0, input.value)", 'eval("max(0, v)", {"v": input.value})'), "eval"),
    tries("delegates", "cheat", "imports an autodiff library by every road there is", ROADS),
)

# --- the machine --------------------------------------------------------------------------

ESCAPES = (
    tries("reads_files", "leak",
        "reads the environment, /proc, passwords, the tests and other submissions", READS),
    tries("reads_descriptors", "leak",
        "looks for descriptors of the judge that a worker inherited", DESCRIPTORS),
    tries("changes_files", "escape",
        "writes, renames, links, removes and changes modes, times and attributes", WRITES,
        "DONE ['.']"),
    tries("plants_files", "escape",
        "plants conftest.py, .pth, sitecustomize and a settings file for the next run", PLANTS,
        "DONE ['./"),
    tries("connects", "escape", "opens sockets of every family, listens, and looks up a name",
        SOCKETS),
    tries("starts_processes", "dos", "forks, spawns, clones and leaves its session", PROCESSES),
    tries("signals_others", "dos", "signals the zygote, the judge, its group and everybody",
        SIGNALS),
    tries("slows_others", "dos", "lowers limits and priorities of others and its own scheduling",
        PRIORITIES),
    tries("hoards_memory_outside", "dos",
        "fills memory that outlives a process: memfd, shared memory, queues, semaphores",
        SHARED_MEMORY),
    tries("touches_a_queue", "leak", "reads, fills and removes a message queue of the judge's",
        QUEUES),
    tries("locks_files", "leak",
        "locks a file of the standard library, where another worker sees it", LOCKS),
    tries("outlives_its_parent", "dos", "takes back that it dies with the process that started it",
        "tried('pdeathsig', lambda: ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0)"),
    tries("gives_its_socket_away", "dos",
        "makes the judge the owner of its socket's signals by ioctl", OWNERS),
    tries("calls_the_kernel", "escape",
        "io_uring, ptrace, unshare, mount, userfaultfd, keyrings, bpf ... by number", CALLS),
    tries("types_on_the_terminal", "escape", "pushes characters into the judge's terminal",
        TERMINAL),
    ends("calls_x32", "getpid by the x32 numbers, which deny-lists forget",
        "import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)", "escape", outcome="flagged"),
    ends("calls_i386", "getpid by the gate of 32-bit programs, from machine code of its own",
        MACHINE_CODE, "escape", outcome="flagged"),
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


def replies(name, what, body, category="dos"):
    """Writes a frame on the worker's socket while it is loaded."""
    text = f"import os\nrest = {body}\nwhile rest: rest = rest[os.write(3, rest):]"
    return ends(name, what, text, category)


def sorts(name, what, text, says, lost=(), after="", **more):
    """The answer key whose sort begins with something else."""
    build = swapped(SORT, f"            {text}\n" + SORT) + after
    return Attack(name, "dos", what, build, "partial", says, lost, **more)


DOS = (
    in_backward("ignores_signals", "dos",
        "loops for ever, ignores every signal and takes all the processor time it may", "loop()",
        TOO_LONG, DEAF, slow=True),
    ends("sleeps", "sleeps for ever without using the processor", "import time; time.sleep(10**9)",
        "dos", WAITED, slow=True),
    ends("stops_itself", "sends SIGSTOP to itself",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "dos", WAITED, "flagged",
        slow=True),
    ends("drips", "announces a reply and sends one byte of it every tenth of a second", DRIP, "dos",
        WAITED, slow=True),
    *(
        in_backward(f"long_{name}", "dos", "one call in C that no handler of signals can break",
            act, TOO_LONG if name != "list" else "", "import re", slow=True,
            like="" if name == "sum" else "long_sum")
        for name, act in SLOW_C.items()
    ),
    in_backward("allocates", "dos", "asks for 16 GB at once", "bytearray(16 << 30)",
        "It ran out of memory."),
    in_backward("hoards", "dos", "takes big and small blocks and swallows every MemoryError",
        "hoard()", TOO_LONG, HOARD, slow=True),
    ends("prints", "prints without end", "while True: print('x' * 10**5)", "dos",
        "printed more than"),
    in_backward("writes_on_stderr", "dos", "writes on the descriptor of errors without end",
        "while True: os.write(2, b'x' * 60000)", "printed more than 1 MiB", "import os"),
    ends("long_message", "raises an exception whose message has 100 MB",
        'raise ValueError("x" * 10**8)', "dos", "stopped with ValueError: xxx"),
    sorts("endless_order", "topological_sort() never ends",
        "return list(iter(lambda: self, None))", TOO_LONG, slow=True, like="ignores_signals"),
    sorts("giant_order", "topological_sort() lists twenty thousand times the same node",
        "return [self] * 20000", "more than once"),
    cheat("lazy_order", "topological_sort() returns a list that makes its items when it is asked",
        "class Lazy(list):\n    def __iter__(self): return iter([object()] * 5)\n"
        + swapped(ORDER, "            return Lazy(order)\n"), "an object of type Lazy"),
    sorts("exponential_order", "walks every path of a graph and throws the repeated nodes away",
        "return list(dict.fromkeys(paths(self)))", "", ("order_sharing",),
        "\n\ndef paths(node):\n    return [n for i in node.inputs for n in paths(i)] + [node]\n",
        slow=True),
    Attack("cycles", "garbage", "every node is its own input, and the sort recurs",
        swapped(INPUTS, "            self.inputs = [self]\n"), "partial", ""),
    in_backward("recurs", "dos", "recurs a million times with the limit lifted", "deep(0)", "",
        "import sys\nsys.setrecursionlimit(10**9)\ndef deep(n): deep(n + 1)", slow=True,
        like="hoards"),
    ends("opens_pipes", "takes every descriptor that it can get and keeps them",
        "import os\nkept = []\ntry:\n    while True: kept += os.pipe()\nexcept OSError: pass",
        "dos", ""),
    replies("giant_reply", "announces a reply of 2 GB", "b'\\x7f' * 100"),
    replies("deep_reply", "a reply of a million nested lists",
        "(10**6).to_bytes(4, 'big') + b'[' * 10**6"),
    replies("deep_field", "a reply with the right shape outside and a million nested lists inside",
        "(10**6 + 14).to_bytes(4, 'big') + b'{\"results\":' + b'[' * 10**6"),
    replies("long_numbers", "a reply with an integer of a million digits",
        "(10**6 + 9).to_bytes(4, 'big') + b'{\"nonce\":' + b'9' * 10**6"),
    replies("no_utf8_reply", "a reply of bytes that are no text",
        "b'\\0\\0\\0\\x40' + b'{\"nonce\": \"' + b'\\xff' * 53", "garbage"),
)

# --- crashes ------------------------------------------------------------------------------

CRASHES = (
    in_backward("null_pointer", "crash", "reads address 0", "ctypes.string_at(0)",
        "Its process was killed by SIGSEGV", "import ctypes"),
    ends("aborts", "aborts the process", "import os; os.abort()", "crash"),
    in_backward("overflows_the_stack", "crash", "recurs in C until the stack ends", "deep()",
        "Its process was killed by SIGSEGV", DEEP_STACK, slow=True),
    Attack("kills_itself", "crash",
        "sends SIGKILL to itself, as the system does when memory is short",
        in_exp("os.kill(os.getpid(), 9)", "import os"), "flagged", "workers were killed",
        flag="flag_killed"),
    in_backward("raises_a_bomb", "crash",
        "raises an exception that raises itself when it is printed", "raise Bomb()",
        "It stopped with Bomb: (its message cannot be printed)", BOMB),
    ends("raises_keyboard_interrupt", "raises KeyboardInterrupt while it is loaded",
        "raise KeyboardInterrupt", "crash", "stopped with KeyboardInterrupt."),
    in_backward("raises_generator_exit", "crash", "raises GeneratorExit", "raise GeneratorExit",
        "It stopped with GeneratorExit."),
    ends("closes_the_socket", "closes every descriptor that it has",
        "import os; os.closerange(0, 64)", "crash", "", "zero"),
    ends("paints_the_terminal", "raises control sequences, HTML, a formula and a mark of direction",
        f'raise ValueError("{PAINT}")', "crash",
        r"?[2J?]0;owned?<script>alert(1)</script>\u202e=cmd"),
    ends("names_itself_oddly", "raises a class whose name is a control sequence",
        f'raise type("{PAINT}", (Exception,), {{}})("fine")', "crash",
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


def beside(texts, links=()):
    """What makes a folder with the answer key, other files and links."""

    def build(folder):
        for name, text in {"ag.py": KEY, **texts}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        for name, target in links:
            (folder / name).symlink_to(target)
        return folder

    return build


def linked(name, target):
    def build(folder):
        (folder / name).symlink_to(target)
        return folder / name

    return build


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


def notebook(*cells, **more):
    """A notebook's text."""
    told = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c}
        for c in cells
    ]
    return json.dumps({"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more})


def garbage(name, what, made, outcome, says="", file="ag.py"):
    """One file of these bytes or this text, or what a function makes."""
    return Attack(name, "garbage", what, made if callable(made) else written(file, made), outcome,
        says)


def book(name, what, text, outcome, says=""):
    return garbage(f"notebook{name}", what, text, outcome, says, "n.ipynb")


MAGICS = "%matplotlib inline\n!touch @/adjudge_hostile\n%cd /\n?ag\n"
TOUCH = "touch /tmp/adjudge_hostile"
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
LIKE_OURS = ("json", "numpy", "struct", "worker", "lockdown")
HARMFUL = "import pathlib; pathlib.Path('/tmp/adjudge_hostile').touch()"
GARBAGE = (
    *(
        Attack(f"compiles_{name}", "dos", "a source that is small and hard to compile",
            KEY + "\n" + text + "\n",
            {"is not Python": "refused", "ran out of memory": "honest"}.get(says, "zero"), says,
            slow=True)
        for name, (text, says) in BOMBS_TO_COMPILE.items()
    ),
    garbage("empty", "an empty file", "", "refused", "is empty"),
    garbage("blank", "spaces and line ends", " \n\t\n", "refused", "is empty"),
    garbage("no_ag", "a module without ag", "x = 1\n", "zero", "Missing from the module"),
    garbage("ag_is_three", "ag is a number", "ag = 3\n", "zero", "Missing from the module"),
    garbage("bom", "a byte order mark", b"\xef\xbb\xbf" + KEY.encode(), "honest"),
    garbage("crlf", "lines as on Windows", KEY.replace("\n", "\r\n"), "honest"),
    garbage("cr", "lines as on an old Macintosh", KEY.replace("\n", "\r"), "honest"),
    garbage("utf16", "UTF-16 that says so", KEY.encode("utf-16"), "honest"),
    garbage("utf16_bare", "UTF-16 that does not", KEY.encode("utf-16-le"), "refused", "NUL"),
    garbage("nul", "a NUL", KEY + "\0", "refused", "NUL"),
    garbage("latin1", "Latin-1", b"# \xe9t\xe9\n", "refused", "not UTF-8"),
    garbage("cookie", "claims to be rot13, which decodes to something else",
        "# -*- coding: rot13 -*-\n" + KEY, "honest"),
    garbage("pyc", "compiled", b"\xa7\r\r\n" + bytes(99), "refused", "not UTF-8"),
    garbage("python2", "Python 2", KEY + '\nprint "hello"\n', "refused", "is not Python"),
    garbage("tabs", "tabs and spaces", "if 1:\n\tx = 1\n        y = 2\n", "refused", "not Python"),
    garbage("large", "2 MiB", KEY + "#" * (2 << 20), "refused", "larger than 1 MiB"),
    garbage("no_file", "nothing", lambda folder: folder / "ag.py", "refused", "no such file"),
    garbage("zip", "an archive", b"PK\3\4", "refused", "is damaged", "ag.zip"),
    garbage("link", "a link to a file", linked("ag.py", "/etc/passwd"), "refused", "symbolic link"),
    garbage("endless", "a link to /dev/zero", linked("ag.py", "/dev/zero"), "refused", "link"),
    garbage("dangling", "a link to nothing", linked("ag.py", "none"), "refused", "symbolic link"),
    garbage("device", "a device", lambda folder: Path("/dev/zero"), "refused", "neither"),
    garbage("fifo", "a pipe nobody writes to", fifo, "refused", "not a regular file"),
    garbage("socket", "a socket", local_socket, "refused", "cannot be opened"),
    garbage("folder_named_py", "a folder called ag.py", named_folder, "refused", "has no module"),
    garbage("linked_sibling", "a sibling that is a link", beside({}, [("util.py", "/etc/passwd")]),
        "refused", "symbolic link"),
    garbage("linked_circle", "folders that are links in a circle",
        beside({}, [("again", "."), ("root", "/")]), "honest"),
    garbage("crowd", "200 files", beside({f"m{i}.py": "x = 1\n" for i in range(200)}), "refused",
        "has 201 Python files"),
    garbage("siblings_like_ours",
        "siblings named like our modules and like the standard library's",
        beside({
            **{f"{name}.py": f"raise SystemExit({name!r})" for name in LIKE_OURS},
            "conftest.py": HARMFUL,
            "sitecustomize.py": HARMFUL,
            "harness/__init__.py": "raise SystemExit('harness')",
        }), "honest"),
    garbage("name_bytes", "a file whose name is no UTF-8", KEY, "honest",
        file=os.fsdecode(b"\xff\xfe.py")),
    garbage("sibling_bytes", "a folder with a sibling whose name is no UTF-8",
        beside({os.fsdecode(b"\xff.py"): "x = 1\n"}), "honest"),
    book("", "magics", notebook(MAGICS + KEY), "honest"),
    book("_surrogate", "a cell that holds half a pair of UTF-16",
        notebook("x = '\ud800'\n" + KEY), "refused"),
    book("_of_shells", "cells of other languages and shell lines, which nobody runs",
        notebook(f"%%bash\n{TOUCH}", f"!{TOUCH}\n" + KEY), "honest"),
    book("_with_ipython", "a cell that calls get_ipython()",
        notebook(f"get_ipython().system('{TOUCH}')", KEY), "honest"),
    book("_broken", "half JSON", '{"cells": [', "refused", "not a notebook"),
    book("_deep", "nested lists", "[" * 10**5, "refused", "nested too deep"),
    book("_list", "a list", "[1, 2]", "refused", "not a notebook"),
    book("_null", "null", "null", "refused", "not a notebook"),
    book("_cells", "cells is a word", notebook(cells="evil"), "refused", "not a notebook"),
    book("_numbers", "the sources are numbers", notebook(1, 2), "refused", "not a notebook"),
    book("_empty", "no cells", notebook(), "refused", "no code cells"),
    book("_version", "a version of a billion", notebook(KEY, nbformat=10**9), "honest"),
    *(
        garbage(f"name_{name}", f"a file called {text!a:.40}", KEY, "honest", file=text)
        for name, text in NAMED.items()
    ),
    *(
        garbage(f"refused_{name}", f"a broken {text!a:.40}", "\0", "refused",
            "NUL" * (len(text) < 99), text)
        for name, text in NAMED.items()
    ),
)

# --- Model, Loss and Optimizer ------------------------------------------------------------

W1 = "        self.w1 = [ag.Scalar(val) for val in w1np]\n"
LOSS = "        return loss * ag.Scalar(1.0 / n_samples)\n"
PARAMETERS = "        self.parameters = self.w1 + self.b1 + self.w2 + self.b2\n"


def mlp(name, what, build, says, lost=(), category="cheat"):
    return Attack(f"mlp_{name}", category, what, build, "partial", says, lost, "", "mlp_training")


def weights(number):
    """The answer key whose model starts from something else."""
    return swapped(W1, W1.replace("val)", f"{number})"))


MLP = (
    mlp("exits_in_step", "the optimizer ends the process",
        swapped(UPDATE, UPDATE + "            import os; os._exit(0)\n"), "exit code 0",
        ("step", "training_steps")),
    mlp("nan_parameters", "the parameters are NaN, from which everything follows",
        weights("float('nan')"), "nan"),
    mlp("infinite_parameters", "the parameters are infinite", weights("1e400"), "inf"),
    mlp("huge_parameters", "the parameters are as large as a float may be", weights("1.7e308"),
        "1.7e+308"),
    mlp("many_parameters", "the model has a hundred thousand parameters more than it should",
        swapped(W1, "        self.w1 = [ag.Scalar(0.0)] * 10**5\n"), "", category="dos"),
    mlp("zero_loss", "the loss is always zero", swapped(LOSS, "        return ag.Scalar(0.0)\n"),
        ORACLES, ("mse", "training_steps")),
    mlp("patches_numpy", "makes numpy's generator return zeros",
        before("import numpy as np; np.random.randn = lambda n: np.zeros(n)"), "numpy says"),
    mlp("liar", "parameters is a list that says that everything is in it",
        "class Liar(list):\n    __contains__ = __eq__ = lambda self, other: True\n\n\n"
        + swapped(PARAMETERS, "        self.parameters = Liar()\n"), "an object of type Liar"),
)

ATTACKS = (*CHEATS, *ESCAPES, *DOS, *CRASHES, *GARBAGE, *MLP)
