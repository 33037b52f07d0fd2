"""Run a command as on a kernel without Landlock: python without_landlock.py COMMAND ...

A seccomp filter answers "no such system call" to the one that begins every use of Landlock, and
stays in force for the command and all its children.
"""

import ctypes
import os
import runpy
import struct
import sys
from pathlib import Path

SANDBOX = Path(__file__).parents[2] / "harness" / "sandbox"


def main(command):
    lockdown = runpy.run_path(str(SANDBOX / "lockdown.py"), run_name="lockdown")
    syscalls = runpy.run_path(str(SANDBOX / "syscalls.py"), run_name="syscalls")
    rows = [
        (syscalls["LOAD"], 0, 0, 0),
        (syscalls["EQUAL"], 0, 1, lockdown["LANDLOCK_CREATE"]),
        (syscalls["RETURN"], 0, 0, syscalls["NOT_IMPLEMENTED"]),
        (syscalls["RETURN"], 0, 0, syscalls["ALLOW"]),
    ]
    packed = b"".join(struct.pack("HBBI", *row) for row in rows)
    code = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("HxxxxxxP", len(rows), ctypes.addressof(code))
    lockdown["_prctl"](lockdown["PR_SET_NO_NEW_PRIVS"], 1)
    buffer = ctypes.create_string_buffer(header, len(header))
    lockdown["_prctl"](lockdown["PR_SET_SECCOMP"], 2, buffer)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
