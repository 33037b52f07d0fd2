"""Run a student's module and every program on it, compare nothing: the floor under any grader.

    python bare_run.py ag.py programs.json off
    python bare_run.py ag.py programs.json 100000,20,100

The last argument is the policy of the garbage collector: off, or the three thresholds of a worker,
and then numpy is there before anything is counted, as it is in a worker. Prints the CPU seconds
spent in the module and in the programs, and beside them what is no code of the student's: compiling
the programs, and collecting rubbish.
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
    began = time.process_time()
    module = types.ModuleType("ag")
    exec(compile(text, "ag.py", "exec"), module.__dict__)
    scope = {"module": module}
    exec(told["prelude"], scope)
    names = {**scope["names"], "record": ignore, "record_order": ignore}
    loaded = time.process_time()
    collected, own, compiling = collections(), 0.0, 0.0
    for text in (*texts, *told["others"]):
        before = time.process_time()
        program, scope = compile(text, "program", "exec"), dict(names)
        start = time.process_time()
        compiling += start - before
        try:
            exec(program, scope)
        except Exception as problem:
            if not isinstance(problem, RecursionError):
                raise
        own += time.process_time() - start
    facts = {"load": loaded - began, "programs": own - sum(collected), "compiling": compiling}
    print(json.dumps(facts | {"collecting": sum(collected)}))


def collections():
    """The CPU seconds of each collection from now on, as they come."""
    spent, began = [], []

    def tell(phase, facts):
        now = time.process_time()
        if phase == "start":
            began.append(now)
        elif began:
            spent.append(now - began.pop())

    gc.callbacks.append(tell)
    return spent


if __name__ == "__main__":
    main()
