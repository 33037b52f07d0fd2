"""What an exception of a student's code is as data: its kind, its message and the line it is about.

Part of the worker, under the student's control like the rest of it: whatever an exception says of
itself is cut to length and cleaned, and the other side holds it against a schema.
"""

import collections
import dis
import inspect
import re
import sys
import types

LONGEST_MESSAGE = 400
LONGEST_FUNCTION = 100
MOST_KEPT = 2
"""Numbers of an object that are told where it lacks the one that is asked for."""
MOST_TRACE = 8
"""Lines of the student's that are told for each exception, the innermost of them."""
NEWER = (
    ((3, 12), r"^\s*type\s+\w+\s*(\[.*\])?\s*=", "invalid syntax"),
    ((3, 12), r"^\s*(async\s+)?(def|class)\s+\w+\s*\[", ""),
    ((3, 12), r"""[fF][rR]?["']|[rR][fF]["']""", "f-string|unterminated string|invalid syntax"),
    ((3, 14), r"""\b[tT][rR]?["']""", "invalid syntax"),
    ((3, 14), r"^\s*except\*?\s+[\w.]+\s*,", "multiple exception types|invalid syntax"),
    ((3, 15), r"^\s*lazy\s+(import|from)\b", "invalid syntax"),
)
"""Syntax that a later Python has: since when, how its line looks, what an earlier one says."""


class Faults:
    """Turns exceptions into data for one submission.

    Attributes:
        files: the names of the submission's files, as tracebacks have them.
        lost: what a stopped statement would have defined: the name, and the fault that stopped it.
        library: what graded code can import, as a sentence says it.
    """

    def __init__(self, plain, type_name, too_long, left_out):
        self.files = set()
        self.lost = {}
        self.library = ""
        self._plain = plain
        self._type_name = type_name
        self._too_long = too_long
        self._left_out = left_out

    def fault(self, problem):
        """An exception as data, with the lines of the student's that it passed."""
        kind = "raised"
        if isinstance(problem, MemoryError):
            kind = "memory"
        where, line = "", 0
        passed = collections.deque(maxlen=MOST_TRACE)
        if isinstance(problem, SyntaxError) and problem.filename in self.files:
            kind, where, line = "syntax", problem.filename, problem.lineno or 0
        trace = problem.__traceback__
        while trace is not None and kind != "syntax":
            name = trace.tb_frame.f_code.co_filename
            if name in self.files or (name == "program" and where in ("", "program")):
                where, line = name, trace.tb_lineno
            at = (name, trace.tb_lineno, trace.tb_frame.f_code.co_name)
            if name in self.files and (not passed or at != passed[-1]):  # a recursion once
                passed.append(at)
            trace = trace.tb_next
        if kind != "syntax":
            fault = self._fault(kind, problem, self._message(problem), where, line)
            return {**fault, "trace": [self._trace_line(*at) for at in passed]}
        fault = self._fault(kind, problem, f"{problem.msg}{_newer(problem)}", where, line)
        return {**fault, "column": max(0, problem.offset or 0)}

    def stop(self, problem, name, line):
        """The same for a statement that stopped, with its own line: not that of a function."""
        if isinstance(problem, SyntaxError) and problem.filename in self.files:
            return self.fault(problem)
        kind = "memory" if isinstance(problem, MemoryError) else "raised"
        message = self._message(problem)
        if isinstance(problem, self._too_long):
            return self._fault(problem.kind, problem, str(problem), name, line)
        if isinstance(problem, self._left_out):
            return self._fault("left_out", problem.__cause__ or problem, message, name, line)
        trace = problem.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == name and not code.co_flags & inspect.CO_OPTIMIZED:
                line = trace.tb_lineno
            trace = trace.tb_next
        if _is_library(problem):
            kind, message = "library", problem.name
        return self._fault(kind, problem, message, name, line)

    def _message(self, problem):
        message = _message(problem)
        lost = self._lost(problem)
        if _is_library(problem):
            return f"{problem.name} cannot be imported: graded code has only {self.library}"
        if message == "can't start new thread":
            return "threads are not available here"
        if lost is None:
            return message + _kept(problem)
        place = f"{lost['where']}, line {lost['line']}"
        if lost["kind"] == "library":
            reason = f"imports {lost['message']}; graded code has only {self.library}"
            return f"{message}; {place} {reason}"
        return f"{message}; {place}, on which it depends, stopped with {_reason(lost)}"

    def lose(self, names, problem, fault):
        """Notes that a statement which stopped would have defined some names.

        Where it stopped for want of a name that was lost before, that one's reason is theirs.
        """
        reason = self._lost(problem) or fault
        self.lost.update(dict.fromkeys(names, reason))

    def _lost(self, problem):
        """Why a name that an exception is about was never defined, or None."""
        name = getattr(problem, "name", None)
        return self.lost.get(name) if type(problem) is NameError and type(name) is str else None

    def _trace_line(self, where, line, function):
        function = self._plain(function)[:LONGEST_FUNCTION]
        return {"where": self._plain(where), "line": line, "function": function}

    def _fault(self, kind, problem, message, where, line):
        return {
            "kind": kind,
            "exception": self._type_name(problem),
            "message": self._plain(message)[:LONGEST_MESSAGE],
            "where": self._plain(where),
            "line": line,
        }


def _newer(problem):
    """Which later Python a text is written for that this one cannot read, as a sentence goes on."""
    text = problem.text if type(problem.text) is str else ""
    for version, pattern, message in NEWER:
        found = re.search(pattern, text) and re.search(message, str(problem.msg))
        if found and sys.version_info < version:
            ours = ".".join(map(str, sys.version_info[:2]))
            theirs = ".".join(map(str, version))
            return f"; it needs Python {theirs}, and grading runs {ours}"
    return ""


def _kept(problem):
    """The numbers that an object keeps, where it is asked for one under another name."""
    if not isinstance(problem, AttributeError) or type(problem.name) is not str:
        return ""
    last = problem.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or _is_called(last):
        return ""
    try:
        numbers = _numbers(problem.obj, {*last.tb_frame.f_code.co_names})
    except BaseException:  # the object may answer as it likes
        return ""
    return f"; it has {' and '.join(f'`{name}`' for name in numbers)}" if numbers else ""


def _numbers(thing, known):
    """The attributes of an object that hold numbers, but for known ones; nothing where many do."""
    space = getattr(type(thing), "__dict__", {})
    slots = [n for n, kind in list(space.items()) if type(kind) is types.MemberDescriptorType]
    names = [*getattr(thing, "__dict__", {}), *slots]
    numbers = [
        name
        for name in names
        if type(name) is str
        and name not in known
        and not name.startswith("_")
        and isinstance(getattr(thing, name, None), (int, float))
    ]
    return numbers if len(numbers) <= MOST_KEPT else []


def _is_called(trace):
    """Whether the attribute that an exception is about was to be called."""
    code, at = trace.tb_frame.f_code.co_code, trace.tb_lasti
    name = dis.opname[code[at]] if 0 <= at < len(code) else ""
    # Until Python 3.11 a method has an instruction of its own, since 3.12 a bit of the argument.
    return name == "LOAD_METHOD" or (
        name == "LOAD_ATTR" and sys.version_info >= (3, 12) and code[at + 1] & 1
    )


def _is_library(problem):
    """Whether an exception says that a library is not there."""
    return isinstance(problem, ModuleNotFoundError) and type(problem.name) is str


def _reason(fault):
    return f"{fault['exception']}: {fault['message']}" if fault["message"] else fault["exception"]


def _message(problem):
    try:
        return str(problem)
    except BaseException:
        return "(its message cannot be printed)"
