"""Run a student's module and every program on it, compare nothing: the floor under any grader.

    python bare_run.py ag.py programs.json off
    python bare_run.py ag.py programs.json 100000,20,100

The last argument is the policy of the garbage collector: off, or the three thresholds of a worker,
and then numpy is there before anything is counted, as it is in a worker. Prints the CPU seconds
spent in the module and in the programs.
"""

import gc
import importlib
import json
import sys
import time
import types


def ignore(*what):
    """Stands for record and record_order."""


def main():
    """Runs and tells."""
    path, programs, policy = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(programs, encoding="utf-8") as file:
        told = json.load(file)
    texts = [program["text"] for check in told["checks"] for program in check["programs"]]
    if policy == "off":
        gc.disable()
    else:
        # A worker is forked from a process that has numpy already.
        importlib.import_module("numpy")
        gc.collect()
        gc.freeze()
        gc.set_threshold(*map(int, policy.split(",")))
    start = time.process_time()
    module = types.ModuleType("ag")
    exec(compile(text, "ag.py", "exec"), module.__dict__)
    scope = {"module": module}
    exec(told["prelude"], scope)
    names = {**scope["names"], "record": ignore, "record_order": ignore}
    loaded = time.process_time()
    for text in (*texts, *told["others"]):
        try:
            exec(compile(text, "program", "exec"), dict(names))
        except Exception as problem:
            if not isinstance(problem, RecursionError):
                raise
    done = time.process_time()
    print(json.dumps({"load": loaded - start, "programs": done - loaded}))


if __name__ == "__main__":
    main()
