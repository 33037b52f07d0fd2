"""A warm process that forks workers: numpy is loaded once, a worker costs milliseconds.

Started by path; imports nothing of adjudge, holds no secret and never sees a submission. A request
on its control socket is a JSON object: {"do": "fork", "plan"} with two descriptors attached (the
worker's socket and its output), or {"do": "reap", "pid"}.
"""

import gc
import json
import os
import runpy
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    """Forks and reaps on request until the control socket closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    worker = runpy.run_path(os.path.join(HERE, "worker.py"), run_name="worker")
    lockdown = runpy.run_path(os.path.join(HERE, "lockdown.py"))
    lock, tasks = lockdown["lock"], lockdown["tasks_of_user"]()
    readable = worker["warm"](sys.argv[2])
    # A fork copies the thread that forks and no other: a second one would leave its locks held.
    assert len(os.listdir("/proc/self/task")) == 1, "a zygote has one thread"
    gc.collect()
    gc.freeze()
    slot = 0
    while True:
        message, fds, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            return
        request = json.loads(message)
        if request["do"] == "fork":
            slot += 1
            plan = {**request["plan"], "slot": slot, "tasks": tasks}
            plan["read"] = [*readable, *plan["read"]]
            pid = os.fork()
            if pid == 0:
                control.close()
                become_worker(worker["work"], lock, plan, *fds)
            for fd in fds:
                os.close(fd)
            reply = {"pid": pid}
        else:
            _, status = os.waitpid(request["pid"], 0)
            reply = {"code": os.waitstatus_to_exitcode(status)}
        control.sendall(json.dumps(reply).encode())


def become_worker(work, lock, plan, channel, output):
    """Turns a forked child into a worker; never returns."""
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(channel, 3)
        work(socket.socket(fileno=3), lock, plan)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
