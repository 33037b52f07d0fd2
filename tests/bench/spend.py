"""Run a command and write what it took; small, because a child inherits its parent's peak memory.

    python -I -S spend.py RESULT COMMAND...

RESULT becomes JSON: wall and CPU seconds of the command and all its children, the megabytes of
the largest process, the exit code.
"""

import os
import sys
import time


def main():
    """Runs, waits and tells."""
    result, *command = sys.argv[1:]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    code = os.waitstatus_to_exitcode(status)
    with open(result, "w", encoding="ascii") as file:
        file.write(f'{{"wall": {wall}, "cpu": {cpu}, "peak": {peak}, "code": {code}}}')


if __name__ == "__main__":
    main()
