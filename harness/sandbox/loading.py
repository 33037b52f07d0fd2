"""Run a student's files statement by statement, each for a limited time, in one namespace.

Stands beside worker.py, started by path; imports nothing of adjudge. A statement that stops is
noted with its place and reason, and the next one runs. What a cell or a file cannot be parsed
for is a syntax error of all of it.
"""

import __future__

import ast
import os
import resource
import runpy
import signal
import sys
import time
import types

MOST_STOPS = 20
"""Stopped statements that are told; more are counted."""
SHARES = 4
"""A statement may use one part in so many of the time for loading."""
SLOW = 0.3
"""Seconds from which a statement is left out when the same module is loaded again, where it
binds nothing that a definition uses."""
PATIENCE = 3.0
"""Seconds by the clock for each second of processor time: the machine may be busy."""
IDLE = 0.1
"""A statement that uses less than this part of the clock is waiting, not computing."""
TICK = 0.05
FUTURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
QUIET = (ast.FunctionDef, ast.AsyncFunctionDef)
"""Statements that can neither stop a process nor take long."""

_beside = runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "spare.py"))
spare, DEFINITIONS = _beside["spare"], _beside["DEFINITIONS"]


class TooLong(BaseException):
    """Raised in a statement whose time is over: `kind` says by which clock, `seconds` how long."""

    def __init__(self, kind, seconds):
        super().__init__(f"{seconds:.2g}")
        self.kind = kind
        self.seconds = seconds


class LeftOut(BaseException):
    """Raised by a line or a cell that is not run here; its text says why."""


class Statement:
    """One statement of a file or a cell, compiled; `problem` says why that cannot be done."""

    def __init__(self, node, name, flags):
        self.node = node
        self.line = node.lineno
        if getattr(node, "decorator_list", None):
            self.line = node.decorator_list[0].lineno
        self.problem = None
        try:
            module = ast.Module([node], [])
            self.code = compile(module, name, "exec", flags, dont_inherit=True)
        except SyntaxError as problem:  # such as a return outside a function
            self.code = compile("", name, "exec")
            self.line = problem.lineno or self.line
            self.problem = LeftOut(str(problem.msg))
            self.problem.__cause__ = problem

    @property
    def is_quiet(self):
        """Whether it can neither end the process nor take long."""
        if isinstance(self.node, QUIET):
            return not self.node.decorator_list
        return isinstance(self.node, ast.Expr) and isinstance(self.node.value, ast.Constant)

    def binds(self):
        """The names that it binds in the module."""
        return set(_bound(self.node))


def _bound(statement):
    """The names that a statement binds in the scope that it stands in."""
    todo = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, (*QUIET, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield node.id
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        todo += ast.iter_child_nodes(node)


class Limit:
    """The time of one statement: processor seconds, and the clock beside them."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.cpu = time.process_time()
        self.clock = time.monotonic()
        self.raised = 0

    def over(self):
        """What is used up, or None."""
        cpu = time.process_time() - self.cpu
        clock = time.monotonic() - self.clock
        if cpu >= self.seconds:
            return TooLong("timeout", cpu)
        idle = cpu < IDLE * clock
        if clock >= self.seconds and idle:
            return TooLong("waited", clock)
        if clock >= PATIENCE * self.seconds:  # it works, and others leave it little time for that
            return TooLong("timeout", cpu)
        return None


class Runner:
    """Runs the statements of all files of one submission, and keeps what stopped.

    Args:
        seconds: processor time for all of them.
        skip: the statements of the main file or of its cells that are not run, by number.
        report: called before a statement runs with its number, its part of the module, its line.
        faults: makes of an exception the data that leaves this process.
    """

    def __init__(self, seconds, skip, report, faults):
        self.seconds = seconds
        self.skip = frozenset(skip)
        self.stops = []
        self.lost = faults.lost
        self.slow = set()
        self.count = 0
        self._report = report
        self._describe = faults.stop
        self._lose = faults.lose
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._number = self._part = 0
        self._statements = []
        self._limits = []
        self._cut = []
        self._cpu, self._clock = time.process_time(), time.monotonic()

    def start(self):
        """Begins to measure time."""
        signal.signal(signal.SIGALRM, self._tick)
        signal.setitimer(signal.ITIMER_REAL, 4 * TICK, TICK)

    def stop(self):
        """Measures no more."""
        self._limits.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        sys.settrace(None)

    def run_main(self, name, text, namespace):
        """Runs the main file or one of its cells.

        Raises:
            SyntaxError: it is not Python, and none of it was run; for what nests too deep or is
                too large to be compiled, a RecursionError and such.
        """
        part, self._part = self._part, self._part + 1
        statements = self._compiled(name, text)
        self._statements += statements
        for statement in statements:
            number, self._number = self._number, self._number + 1
            if number in self.skip:
                continue
            if not statement.is_quiet:
                self._report(number, part, statement.line)
            start = time.process_time(), time.monotonic()
            if not self._run(statement, name, namespace):
                self._cut.append(number)
            used = max(time.process_time() - start[0], time.monotonic() - start[1])
            if used >= SLOW:
                self.slow.add(number)

    def run_beside(self, name, text, namespace):
        """Runs a module that the main file imports.

        Raises:
            SyntaxError: it is not Python.
        """
        flags, self._flags = self._flags, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            statements = self._compiled(name, text)
        finally:
            self._flags = flags
        for statement in statements:
            self._run(statement, name, namespace)

    def note(self, problem, name, line, binds):
        """Keeps why a statement, or a cell that is not Python, was not run to its end."""
        fault = self._describe(problem, name, line)
        self.count += 1
        if len(self.stops) < MOST_STOPS:
            self.stops.append({"fault": fault, "binds": sorted(binds)[:MOST_STOPS]})
        self._lose(binds, problem, fault)

    def skippable(self, wanted):
        """The statements that the next load leaves out: cut ones, and slow ones that it can spare.

        Args:
            wanted: names that are looked up in the module from outside.
        """
        cut = set(self._cut)
        if not self.slow:
            return sorted(cut)
        return sorted(cut | spare(self._statements, self.slow, wanted))

    def _compiled(self, name, text):
        flags = self._flags
        tree = compile(text, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                for alias in node.names:
                    flags |= FUTURES.get(alias.name, 0)
        statements = [Statement(node, name, flags) for node in tree.body]
        self._flags = flags
        return statements

    def _run(self, statement, name, namespace):
        """Runs one statement; false where its time was over."""
        binds = statement.binds()
        if statement.problem is not None:
            self.note(statement.problem, name, statement.line, binds)
            return True
        limit = self._limit()
        if limit is None and not isinstance(statement.node, DEFINITIONS):
            problem = LeftOut("the time for loading is used up")
            self.note(problem, name, statement.line, binds)
            return False
        limit = limit or Limit(self.seconds / SHARES / SHARES)
        outer = self._limits[-1] if self._limits else None
        began = time.process_time(), time.monotonic()
        try:
            try:
                _limit_processor(limit.seconds)
                self._limits.append(limit)
                _execute(statement.code, namespace)
            finally:
                while self._limits and self._limits[-1] is not outer:
                    self._limits.pop()
        except BaseException as problem:
            if limit.raised:
                sys.settrace(None)
            self.note(problem, name, statement.line, binds)
        else:
            for bound in binds:
                self.lost.pop(bound, None)
        if outer is not None:  # an import does not pay for the statements of what it imports
            outer.cpu += time.process_time() - began[0]
            outer.clock += time.monotonic() - began[1]
        return not limit.raised

    def _limit(self):
        """The time that the next statement has, or None where all of it is used up."""
        used = time.process_time() - self._cpu
        used = max(used, (time.monotonic() - self._clock) / 2)
        left = self.seconds - used
        return None if left <= 0 else Limit(min(self.seconds / SHARES, left))

    def _tick(self, number, frame):
        if not self._limits:
            return
        limit = self._limits[-1]
        problem = limit.over()
        if problem is None:
            return
        limit.raised += 1
        if limit.raised > 1:
            _insist(frame, problem)
        raise problem


def _insist(frame, problem):
    """Raises once more at the next line: where `except:` has swallowed the first."""

    def trace(frame, event, argument):
        if event == "line":
            raise problem
        return trace

    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _limit_processor(seconds):
    """Ends the process where a statement does not even answer to signals."""
    soft = int(time.process_time() + 2 * seconds) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _execute(code, namespace):
    if not code.co_flags & 0x80:  # CO_COROUTINE
        exec(code, namespace)
        return
    import asyncio

    # The usual loop needs a socket, which is refused here; nothing waits for one.
    class Loop(asyncio.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = types.SimpleNamespace(select=_wait, close=bool)

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    loop = Loop()
    try:
        loop.run_until_complete(eval(code, namespace))
    finally:
        loop.close()


def _wait(seconds):
    time.sleep(0.05 if seconds is None else max(0, seconds))
    return ()
