"""Run a student's module and report quantities. The only place where student code runs.

Started by path in a process of its own; imports nothing of adjudge. Everything here is under
the student's control once the module is loaded, so nothing that leaves this process is a
verdict: the other side holds every reply against a schema and against the oracles.

A request and its reply are frames: four bytes of length, big-endian, then JSON. A row of floats
travels packed, as recorder.py does it; among other things a float is float.hex() text. A request
may be

    {"do": "load", "module", "stem", "main": [[name, text]], "siblings": [[module, name, text]],
     "beside", "prelude", "replacement", "names", "skip", "library",
     "search", "seconds"}
    {"do": "run", "codes", "most", "seconds"}, with the most numbers of each program's quantities

and each reply repeats the request's nonce. Before its reply to "load" a worker sends a frame for
each statement that it is about to run, "number part line": where one of them ends the process, the
other side knows which.
"""

import base64
import contextlib
import gc
import importlib
import json
import marshal
import os
import runpy
import signal
import socket
import struct
import sys
import time
import types

SEARCHING = 9_999_999
"""What a worker reports in the place of a statement while it looks for an engine."""
SEARCH_SECONDS = 2
BROKEN = 70
"""The exit code of a worker that an exception of its own has ended; EX_SOFTWARE."""
HERE = os.path.dirname(os.path.abspath(__file__))
IS_PLAIN = sys.argv[1:2] == ["pipes"]
"""Whether this process is a plain one, with no lock-down and no limits of its own."""

_elsewhere = runpy.run_path(os.path.join(HERE, "elsewhere.py")) if IS_PLAIN else {}
if IS_PLAIN:
    _elsewhere["stand_in"]()
import resource  # noqa: E402  where it was put just now, if this system has none

COMMON = (
    *("abc", "collections", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions"),
    *("functools", "graphlib", "heapq", "inspect", "itertools", "math", "numbers", "operator"),
    *("pprint", "random", "re", "statistics", "string", "textwrap", "time", "types", "typing"),
    *("unittest", "warnings", "weakref"),
)
"""What students import most."""
MOST_PRESENT = 300
"""Names of the module's own that are told where some are missing."""
REPLACEMENT = "answer key"
"""What a traceback calls the functions that stand in for the student's own."""


def _beside(name):
    """The names that a file beside this one defines."""
    return runpy.run_path(os.path.join(HERE, name + ".py"), run_name=name)


_faults = _beside("faults")
_inert = _beside("inert")
_finder = _beside("finder")
_loading = _beside("loading")
_recorder = _beside("recorder")
_surroundings = _beside("surroundings")
_plain = _recorder["plain"]


# --- frames -------------------------------------------------------------------------------


def receive(channel):
    """The next request, or None when the other side has gone."""
    header = _exactly(channel, 4)
    if header is None:
        return None
    body = _exactly(channel, struct.unpack("!I", header)[0])
    return None if body is None else json.loads(body)


def send(channel, reply):
    """Sends one reply."""
    body = json.dumps(reply).encode("ascii")
    channel.sendall(struct.pack("!I", len(body)) + body)


def _exactly(channel, count):
    parts = []
    while count:
        part = channel.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


# --- the student's module -----------------------------------------------------------------


class Student:
    """A loaded submission: its module, and the names under which programs reach it."""

    def __init__(self, report):
        self.names = {}
        self.faults = _faults["Faults"](
            _plain, _recorder["type_name"], _loading["TooLong"], _loading["LeftOut"]
        )
        self._report = report

    def load(self, request):
        """Executes the submission and finds which of the names wanted are missing."""
        faults = self.faults
        faults.files = {name for name, _ in request["main"]}
        faults.files |= {name for _, name, _ in request["siblings"]} | {REPLACEMENT}
        faults.library = request["library"]
        runner = _loading["Runner"](request["seconds"], request["skip"], self._report, faults)
        siblings = _surroundings["Siblings"](
            request["siblings"],
            runner,
            os.getcwd(),
            request["module"],
            request["stem"],
            request["main"],
        )
        sys.meta_path.insert(0, siblings)
        fault = None
        module = siblings.module()
        space = module.__dict__
        _surroundings["enter"](
            space, siblings, runner.run_beside, _inert["Inert"], _loading["LeftOut"]
        )
        runner.start()
        try:
            siblings.load(module)
        except BaseException as problem:
            fault = faults.fault(problem)
        finally:
            runner.stop()
        if request["search"]:
            return self._search(runner, siblings, request, module, fault)
        limit_cpu(request["seconds"])
        problem = self._put_in(request, module)
        if fault is None and self._missing(request) and request["beside"]:
            runner.start()
            siblings.share(module, request["beside"])
            runner.stop()
            problem = self._put_in(request, module)
        return {
            "fault": fault or problem,
            "missing": self._missing(request),
            "present": self._present(module) if self._missing(request) else [],
            "stops": runner.stops,
            "stopped": runner.count,
            "skippable": runner.skippable({name.partition(".")[0] for name in request["names"]}),
        }

    def _search(self, runner, siblings, request, module, fault):
        """Under which names the module spells an engine; this worker is thrown away after it."""
        self._report(SEARCHING, 0, 0)
        limit_cpu(SEARCH_SECONDS)
        facts = _finder["find"](module) if fault is None else {}
        apart = [n for n, _, text in request["siblings"] if "parameters" in text or not facts]
        apart = [name for name in request["beside"] if name in apart]
        if fault is None and apart and not any(fact.startswith("net.") for fact in facts):
            runner.start()
            siblings.share(module, apart)
            runner.stop()
            facts = _finder["find"](module) or facts
        words = " ".join(facts.values()).replace(".", " ").replace(":", " ")
        return {
            "fault": fault,
            "facts": facts,
            "stops": runner.stops,
            "stopped": runner.count,
            "skippable": runner.skippable(set(words.split())),
        }

    def _missing(self, request):
        return [name for name in request["names"] if not self._has(name)]

    def _present(self, module):
        """The dotted names of the functions and classes that the module defines itself."""
        todo = [("", vars(module))]
        found = []
        while todo and len(found) < MOST_PRESENT:
            owner, space = todo.pop(0)
            for name, thing in list(space.items()):
                if type(name) is not str or not _is_defined(thing, module):
                    continue
                found.append(_plain(owner + name)[:100])
                if type(thing) is type and owner.count(".") < 2:
                    todo.append((f"{owner}{name}.", vars(thing)))
        return found[:MOST_PRESENT]

    def _put_in(self, request, module):
        """Runs the prelude and our parts; the fault where they do not fit the module."""
        names = dict.fromkeys(sibling for sibling, _, _ in request["siblings"])
        parts = [sys.modules[name] for name in names if name in sys.modules]
        self.names = {}
        scope = {"module": module, "names": {}, "siblings": parts}
        try:
            exec(request["prelude"], scope)
            exec(compile(request["replacement"], REPLACEMENT, "exec", dont_inherit=True), scope)
        except BaseException as problem:
            return self.faults.fault(problem)
        finally:
            self.names = scope["names"]
        return None

    def run(self, request):
        """Executes each program in a namespace of its own."""
        pairs = zip(request["codes"], request["most"], strict=True)
        return {"results": [self.result(code, most) for code, most in pairs]}

    def result(self, code, most):
        """What came of one program, which comes compiled: once for all submissions."""
        recorder = _recorder["Recorder"](most)
        scope = dict(self.names)
        scope.update(recorder.names())
        fault = None
        before = sys.stdout, sys.stderr
        heard = sys.stdout = sys.stderr = _recorder["Heard"](sys.stdout)
        try:
            exec(marshal.loads(base64.b64decode(code)), scope)
        except BaseException as problem:
            fault = self.faults.fault(problem)
        sys.stdout, sys.stderr = before
        return {"fault": fault, "quantities": recorder.quantities, "printed": heard.text()}

    def _has(self, dotted):
        first, *rest = dotted.split(".")
        missing = object()
        thing = self.names.get(first, missing)
        for name in rest:
            try:
                thing = getattr(thing, name, missing)
            except BaseException:
                return False
        return thing is not missing


def _is_defined(thing, module):
    """Whether a thing is a function or a class whose text stands in the module."""
    if type(thing) is types.FunctionType:
        return thing.__globals__ is vars(module)
    return type(thing) is type and vars(thing).get("__module__") == module.__name__


# --- the process --------------------------------------------------------------------------


def limit_cpu(seconds):
    """Lets this process use that many more seconds of processor time, then dies by SIGXCPU."""
    soft = int(time.process_time()) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def warm(home):
    """Imports numpy from its folder, and what students import most, once for all workers.

    Args:
        home: the folder that holds numpy; it may hold torch too, so it does not stay on the path.

    Returns:
        The folders that a locked worker may read: the standard library and numpy.
    """
    for name in COMMON:
        importlib.import_module(name)
    readable = [os.path.dirname(os.__file__)]
    sys.path.append(home)
    with contextlib.suppress(ImportError):
        numpy = importlib.import_module("numpy")
        importlib.import_module("numpy.random")
        kinds = numpy.bool_, numpy.number
        _recorder["array_types"].add(numpy.ndarray)
        _recorder["number_types"].update(
            t for t in numpy.sctypeDict.values() if issubclass(t, kinds)
        )
        here = os.path.dirname(numpy.__file__)
        readable += [here, here + ".libs"]
    sys.path.remove(home)
    return [path for path in readable if os.path.exists(path)]


def serve(channel, lock, plan):
    """Locks this process, then answers requests until the other side goes away."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    # A graph of closures is all cycles; the default thresholds would search it again and again.
    gc.set_threshold(100_000, 20, 100)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  open as long as the process is
    output = open(1, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115  for the whole life
    sys.stdout = sys.stderr = output
    sys.argv = [""]
    layers = lock(plan)
    sys.meta_path.append(_surroundings["Allowed"](plan["libraries"]))
    sys.meta_path.insert(0, _inert["InertFinder"]([name for name, _, _ in plan["libraries"]]))

    def report(*numbers):
        body = " ".join(map(str, numbers)).encode()
        channel.sendall(struct.pack("!I", len(body)) + body)

    student = Student(report)
    answers = {
        "load": student.load,
        "run": student.run,
        "hello": lambda request: {"layers": layers},
    }
    while (request := receive(channel)) is not None:
        limit_cpu(request["seconds"])
        try:
            reply = answers[request["do"]](request)
        except MemoryError as problem:
            reply = {"fault": student.faults.fault(problem)}
        sys.stdout.flush()
        send(channel, {"nonce": request["nonce"], **reply})


def work(channel, lock, plan):
    """Serves, and ends this process: with BROKEN where an exception ended it outside a program."""
    code = BROKEN
    try:
        serve(channel, lock, plan)
        code = 0
    finally:
        os._exit(code)


def main():
    """Serves on a socket or pipes: its number, the folder of numpy and the plan of lock follow."""
    if IS_PLAIN:
        warm(sys.argv[2])
        work(_elsewhere["Pipes"](), _elsewhere["lock"], json.loads(sys.argv[3]))
    channel = socket.socket(fileno=int(sys.argv[1]))
    plan = json.loads(sys.argv[3])
    lockdown = runpy.run_path(os.path.join(HERE, "lockdown.py"))
    plan["tasks"] = lockdown["tasks_of_user"]()
    os.dup2(channel.detach(), 3)
    plan["read"] = [*warm(sys.argv[2]), *plan["read"]]
    work(socket.socket(fileno=3), lockdown["lock"], plan)


if __name__ == "__main__":
    main()
