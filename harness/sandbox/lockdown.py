"""Give up, in a worker, everything that grading does not need. Linux; ctypes and nothing else.

Loaded by path beside worker.py, as it loads syscalls.py; imports nothing of adjudge. Layers are
taken in an order in which none hinders the next, and each reports itself: on, or missing and why.
What a layer is worth is not believed but tried: see level.py.

Sources: landlock(7), seccomp(2), prctl(2), getrlimit(2).
"""

import ctypes
import errno
import os
import platform
import resource
import runpy
import signal
import stat
import struct

FIRST_UID = 60000
"""Users from here on have no entry anywhere; each worker gets one of SLOTS of them."""
SLOTS = 1000
HARD_CPU_SECONDS = 3600
MOST_THREADS = 32
"""Threads of one worker: some students recurse in a thread with a larger stack."""
FOLDERS = ("/mnt", "/srv", "/media", "/opt")
"""Where a worker's own folder is put, over whatever is there: the first that hides no library."""
FOLDER_OPTIONS = b"size=4m,nr_inodes=128,mode=777"
LARGEST_FILE = 1 << 20
"""Bytes of a file in that folder."""
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
"""The same numbers on every architecture."""
RLIMIT_MSGQUEUE = 12
CAPABILITY_VERSION_3 = 0x20080522

_syscalls = runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "syscalls.py"))
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def lock(plan):
    """Takes every layer and tells what became of it.

    Args:
        plan: "read", the folders that may be read; "megabytes" of address space; "slot", which
            of the users a root's worker becomes; "skip", layers to leave out, for tests.

    Returns:
        For each layer, in order, nothing where it is on, else why it is missing.
    """
    missing = {}
    for name, take in LAYERS.items():
        if name in plan.get("skip", ()):
            missing[name] = "left out on purpose"
            continue
        try:
            take(plan)
        except (OSError, ValueError, AttributeError, StopIteration) as problem:
            missing[name] = getattr(problem, "strerror", None) or str(problem)
        else:
            missing[name] = ""
    # What one layer allows because another confines it is taken back where that one is missing.
    for name, limit in (("seccomp", resource.RLIMIT_NPROC), ("landlock", resource.RLIMIT_FSIZE)):
        if missing[name] and not missing["limits"]:
            resource.setrlimit(limit, (0, 0))
    return missing


def _session(plan):
    if os.getsid(0) != os.getpid():
        os.setsid()


def _descriptors(plan):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.closerange(4, min(most, 65536))


def _folder(plan):
    """A folder of the worker's own, in memory, seen by no other process and gone with it."""
    place = next(f for f in FOLDERS if os.path.isdir(f) and not _holds(f, plan["read"]))
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(ctypes.c_int(CLONE_NEWNS | (CLONE_NEWUSER if user else 0))) < 0:
        _raise()
    if user:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    _mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount(b"tmpfs", place.encode(), b"tmpfs", flags, FOLDER_OPTIONS)
    os.chdir(place)
    plan["folder"] = place


def _holds(folder, paths):
    return any(os.path.realpath(path).startswith(folder + "/") for path in paths)


def _mount(source, target, kind, flags, options):
    if _libc.mount(source, target, kind, ctypes.c_ulong(flags), options) < 0:
        _raise()


def tasks_of_user():
    """How many threads this user has: the limit on them counts all of them together."""
    if not os.getuid():
        return 0
    count = 0
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{entry.name}/task"))
        except OSError:
            continue  # it has just ended
    return count


def _uid(plan):
    if os.getuid() != 0:
        raise PermissionError(errno.EPERM, "not root: the worker is the same user as the judge")
    for path in plan["read"]:
        _need_world_readable(path)
    user = FIRST_UID + plan["slot"] % SLOTS
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _need_world_readable(path):
    while True:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode) and not mode & stat.S_IXOTH:
            raise PermissionError(errno.EACCES, f"only its owner may enter {path}")
        parent = os.path.dirname(path)
        if parent == path:
            return
        path = parent


def _parent(plan):
    parent = os.getppid()
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _limits(plan):
    wanted = {
        resource.RLIMIT_AS: plan["megabytes"] << 20,
        resource.RLIMIT_CPU: HARD_CPU_SECONDS,
        resource.RLIMIT_NPROC: plan.get("tasks", 0) + MOST_THREADS,
        resource.RLIMIT_FSIZE: LARGEST_FILE if "folder" in plan else 0,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        RLIMIT_MSGQUEUE: 0,
    }
    failed = []
    for which, value in wanted.items():
        try:
            hard = resource.getrlimit(which)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (value, value))
        except (OSError, ValueError) as problem:
            failed.append(f"limit {which}: {problem}")
    if failed:
        raise OSError(errno.EINVAL, "; ".join(failed))


def _privileges(plan):
    """No program can give rights back, and a worker that stayed root has none of root's."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    header = ctypes.create_string_buffer(struct.pack("Ii", CAPABILITY_VERSION_3, 0), 8)
    if _libc.capset(header, ctypes.create_string_buffer(24)) < 0:
        _raise()


def _undumpable(plan):
    _prctl(PR_SET_DUMPABLE, 0)


def landlock_abi():
    """The version of Landlock that this kernel offers; 0 for none."""
    try:
        return _syscall(LANDLOCK_CREATE, None, 0, 1)
    except OSError:
        return 0


def _landlock(plan):
    abi = min(landlock_abi(), plan.get("landlock_abi", 99))
    if not abi:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock (it came with Linux 5.13)")
    # Some kernels name a version and then refuse its rights; step down until one holds.
    while abi:
        try:
            ruleset = _ruleset(abi)
            break
        except OSError as problem:
            if problem.errno != errno.EINVAL or abi == 1:
                raise
            abi -= 1
    try:
        for path in plan["read"]:
            _allow(ruleset, path, 4 | 8)
        if "folder" in plan:
            _allow(ruleset, plan["folder"], OWN_FOLDER & _rights(abi))
        _syscall(LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _ruleset(abi):
    """A ruleset that handles, and so refuses, every right of that version."""
    files = _rights(abi)
    network = 3 if abi >= 4 else 0
    scopes = 3 if abi >= 6 else 0
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    attributes = ctypes.create_string_buffer(struct.pack("QQQ", files, network, scopes), 24)
    return _syscall(LANDLOCK_CREATE, attributes, size, 0)


def _rights(abi):
    """Every right to files that a version knows, as bits."""
    later = (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0)
    return (1 << 13) - 1 | later | (1 << 15 if abi >= 5 else 0)


OWN_FOLDER = 2 | 4 | 8 | 16 | 32 | 1 << 7 | 1 << 8 | 1 << 13 | 1 << 14
"""Read, write, list, remove, make folders and files, rename, truncate; no links, no devices."""


def _allow(ruleset, path, rights):
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = rights if os.path.isdir(path) else 4
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, handle), 12)
        _syscall(LANDLOCK_ADD, ruleset, 1, rule, 0)
    finally:
        os.close(handle)


def _seccomp(plan):
    machine = platform.machine()
    if machine not in _syscalls["ARCHITECTURES"]:
        raise OSError(errno.ENOSYS, f"there is no table of system calls for {machine}")
    program = _syscalls["bpf"](machine, os.getpid())
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    code = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    _prctl(PR_SET_SECCOMP, 2, ctypes.create_string_buffer(header, len(header)))


def _syscall(number, *arguments):
    """A system call by number; OSError where it fails."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = _libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        _raise()
    return result


def _prctl(option, *arguments):
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    words += [ctypes.c_ulong(0)] * (4 - len(words))
    if _libc.prctl(ctypes.c_int(option), *words) < 0:
        _raise()


def _raise():
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))


LAYERS = {
    "session": _session,
    "descriptors": _descriptors,
    "folder": _folder,
    "uid": _uid,
    "parent": _parent,
    "limits": _limits,
    "privileges": _privileges,
    "landlock": _landlock,
    "undumpable": _undumpable,
    "seccomp": _seccomp,
}
"""In the order in which they are taken."""
