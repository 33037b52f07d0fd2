"""What cannot be prevented is shown to a person: verdicts that keep their points.

A student's code shares its process with the part of the worker that reports, so it can lie about
how it came by its numbers; it cannot come by the right ones without computing them. These flags
are the traces that such code leaves.
"""

from __future__ import annotations

import io
import time
import tokenize
from collections.abc import Iterator

from harness.judging.check import Assignment
from harness.judging.judge import Oracles, Student, problem_of, programs_of
from harness.programs.generate import Dice
from harness.records.errors import Disputed
from harness.records.handed_in import Source, Submission
from harness.records.verdict import Finding, Status, Verdict

SLOW = 1.0
"""Seconds for the costly program: reverse mode takes less than a tenth of it."""
REPEATED = 8
"""Programs that are run once more in a fresh process."""
MOST_NAMES = 8
"""Suspicious names that a flag lists."""
SUSPICIOUS = frozenset(
    {
        *("_getframe", "f_back", "f_globals", "f_locals", "tb_frame", "settrace", "setprofile"),
        *("gc", "ctypes", "cffi", "socket", "eval", "exec", "compile", "__import__", "importlib"),
        *("inspect", "subprocess", "multiprocessing", "threading", "signal", "pickle", "marshal"),
        *("builtins", "__builtins__", "__globals__", "__code__", "__subclasses__", "meta_path"),
        *("modules", "open", "memoryview", "atexit", "getppid", "fork", "execv", "kill"),
        *("torch", "jax", "tensorflow", "autograd", "mxnet", "theano", "sympy", "casadi"),
        *("aesara", "pytensor", "tinygrad", "micrograd"),
    }
)
"""Names that no exercise needs: frames, memory, processes, and other autodiff libraries."""


def raised(
    assignment: Assignment,
    student: Student,
    oracles: Oracles,
    seed: str,
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:
    """Every flag that a submission raises, as verdicts without points."""
    found = [_scan(student.submission)]
    if student.load() is None:
        found.append(_repeat(assignment, student, oracles, seed, verdicts))
        found.append(_cost(assignment, student, verdicts))
    if student.killed:
        found.append(Finding("flag_killed", (("count", str(student.killed)),)))
    return tuple(
        Verdict(finding.kind, "", Status.FLAGGED, problem=finding)
        for finding in found
        if finding is not None
    )


def _scan(submission: Submission) -> Finding | None:
    """Suspicious names in the code: tokens only, never parsed, never run."""
    sources = [*submission.main, *(source for _, source in submission.siblings)]
    own = {name.rpartition(".")[2] for name, _ in submission.siblings}
    found: dict[str, str] = {}
    for source in sources:
        for name, line in _names(source):
            if name in SUSPICIOUS - own:
                found.setdefault(name, f"{name} ({source.name}, line {line})")
    if not found:
        return None
    listed = list(found.values())
    more = f" and {len(listed) - MOST_NAMES} more" if len(listed) > MOST_NAMES else ""
    return Finding("flag_names", (("names", ", ".join(listed[:MOST_NAMES]) + more),))


def _names(source: Source) -> Iterator[tuple[str, int]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.NAME:
                yield token.string, token.start[0]
    except (tokenize.TokenError, SyntaxError):
        return


def _repeat(
    assignment: Assignment,
    student: Student,
    oracles: Oracles,
    seed: str,
    verdicts: tuple[Verdict, ...],
) -> Finding | None:
    """Some programs that passed, in another order and a fresh process: they must pass again."""
    passed = {v.check for v in verdicts if v.status is Status.PASSED}
    checks = [check for check in assignment.active if check.name in passed and not check.loads]
    if not checks:
        return None
    dice = Dice(f"{seed}/{assignment.name}/repeat")
    student.afresh()
    for _ in range(REPEATED):
        check = dice.pick(checks)
        program = dice.pick(programs_of(check, f"{seed}/{assignment.name}/{check.name}"))
        try:
            problem = problem_of(check, program, student, oracles)
        except Disputed:
            continue
        if problem is not None:
            return Finding("flag_not_repeatable", (("check", check.name),))
    return None


def _cost(
    assignment: Assignment, student: Student, verdicts: tuple[Verdict, ...]
) -> Finding | None:
    """Whether the costly program takes far longer than reverse mode does."""
    if assignment.costly is None or not any(v.status is Status.PASSED for v in verdicts):
        return None
    if student.deaths:
        return None  # known to stop or to be slow, and marked for it
    start = time.monotonic()
    fault = student.run(assignment.costly).fault
    seconds = time.monotonic() - start
    if fault is not None and fault.kind not in ("timeout", "waited", "memory"):
        return None
    if fault is None and seconds < SLOW:
        return None
    return Finding("flag_cost", (("least", f"{SLOW:g}"),))
