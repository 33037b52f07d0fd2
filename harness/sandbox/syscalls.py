"""The system calls that a worker is refused, and the seccomp filter that refuses them.

Loaded by path by lockdown.py; imports nothing of adjudge.

Sources: seccomp(2), clone(2), the kernel's headers unistd.h and linux/audit.h.
"""

import errno

THREADS = (0x3D0F00, 0x7D0F00)
"""The flags with which glibc and musl make a thread; every other clone() is refused."""
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

REFUSED = {
    # name: (x86_64, aarch64); None where the architecture does not have the call
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "semget": (64, 190),
    "msgget": (68, 186),
    "shmctl": (31, 195),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "truncate": (76, 45),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "flock": (73, 32),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "sethostname": (170, 161),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "setuid": (105, 146),
    "setresuid": (117, 147),
    "setgroups": (116, 159),
    "landlock_create_ruleset": (444, 444),
    "seccomp": (317, 277),
}
"""System calls that answer EPERM: a deny-list, so that a new libc cannot fail an honest student."""
GUARDED = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "prctl": (157, 167),
}
"""System calls that are refused for some arguments, or that answer otherwise."""

ALLOW, KILL = 0x7FFF0000, 0x80000000
NOT_PERMITTED = 0x00050000 | errno.EPERM
NOT_IMPLEMENTED = 0x00050000 | errno.ENOSYS
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
"""BPF: load a word, jump if equal, jump if at least, return."""
FIRST_ARGUMENT, SECOND_ARGUMENT = 16, 24
IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)
"""TIOCSTI and TIOCLINUX type into a terminal; FIOSETOWN and SIOCSPGRP send signals."""
FCNTLS = (5, 6, 7, 8, 10, 15, 36, 37, 38, 1024, 1026)
"""Locks, leases and notifications, which others could see; F_SETOWN and F_SETSIG, signals."""
PRCTLS = (1, 4, 35, 36)
"""PR_SET_PDEATHSIG and PR_SET_DUMPABLE, which two layers have set for good; PR_SET_MM and
PR_SET_CHILD_SUBREAPER."""


def bpf(machine, pid):
    """The filter as (code, jump if true, jump if false, constant) rows."""
    column = list(ARCHITECTURES).index(machine)
    guarded = {name: numbers[column] for name, numbers in GUARDED.items()}
    rows = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, ARCHITECTURES[machine]), (RETURN, 0, 0, KILL)]
    rows.append((LOAD, 0, 0, 0))
    if machine == "x86_64":
        rows += [(AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for numbers in REFUSED.values():
        if numbers[column] is not None:
            rows += [(EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, NOT_PERMITTED)]
    # glibc falls back from clone3 to clone only where clone3 is not there at all.
    rows += [(EQUAL, 0, 1, guarded["clone3"]), (RETURN, 0, 0, NOT_IMPLEMENTED)]
    for name in ("kill", "tgkill"):
        rows += _only_if_first(guarded[name], pid)
    rows += _only_if_first(guarded["prlimit64"], 0)
    rows += _only_if_first(guarded["clone"], *THREADS)
    rows += _not_if(guarded["ioctl"], SECOND_ARGUMENT, IOCTLS)
    rows += _not_if(guarded["fcntl"], SECOND_ARGUMENT, FCNTLS)
    rows += _not_if(guarded["prctl"], FIRST_ARGUMENT, PRCTLS)
    return [*rows, (RETURN, 0, 0, ALLOW)]


def _only_if_first(number, *wanted):
    """Allows a call whose first argument is one of those wanted, refuses it otherwise."""
    rows = [(EQUAL, 0, len(wanted) + 3, number), (LOAD, 0, 0, FIRST_ARGUMENT)]
    rows += [(EQUAL, len(wanted) - at, 0, value) for at, value in enumerate(wanted)]
    return [*rows, (RETURN, 0, 0, NOT_PERMITTED), (RETURN, 0, 0, ALLOW)]


def _not_if(number, argument, unwanted):
    """Refuses a call one of whose arguments is an unwanted one, allows it otherwise."""
    rows = [(EQUAL, 0, 2 * len(unwanted) + 2, number), (LOAD, 0, 0, argument)]
    for value in unwanted:
        rows += [(EQUAL, 0, 1, value), (RETURN, 0, 0, NOT_PERMITTED)]
    return [*rows, (RETURN, 0, 0, ALLOW)]
