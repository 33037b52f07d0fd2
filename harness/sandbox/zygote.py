"""A warm process that forks workers: numpy is loaded once, a worker costs milliseconds.

Started by path; imports nothing of adjudge and never sees a submission. A request on its
control socket is one line of JSON, {"do": "fork", "megabytes"} with two descriptors attached
(the worker's socket and its output), or {"do": "reap", "pid"}.
"""

import contextlib
import json
import os
import runpy
import socket
import sys

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")


def main():
    """Forks and reaps on request until the control socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    with contextlib.suppress(ImportError):
        import numpy  # noqa: F401  warm for every worker to come
    serve = runpy.run_path(WORKER, run_name="worker")["serve"]
    while True:
        message, fds, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        request = json.loads(message)
        if request["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                control.close()
                become_worker(serve, *fds, request["megabytes"])
            for fd in fds:
                os.close(fd)
            reply = {"pid": pid}
        else:
            _, status = os.waitpid(request["pid"], 0)
            reply = {"code": os.waitstatus_to_exitcode(status)}
        control.sendall(json.dumps(reply).encode())


def become_worker(serve, channel, output, megabytes):
    """Turns a forked child into a worker; never returns."""
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(channel, 3)
        os.closerange(4, 256)
        serve(socket.socket(fileno=3), megabytes)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
