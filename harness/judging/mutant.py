"""The answer key with some of its text replaced, run in this process: it is ours.

A mutant is an engine like any other. It answers what a submission with that one bug would
answer, to which diagnose.py holds a student's numbers, and which audit.py hands in.
"""

from __future__ import annotations

import ast
import sys
import types
import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from harness.programs import snippet
from harness.records.dialect import Dialect
from harness.records.known import Edit
from harness.records.observation import Fault, Number, Observation, Quantity
from harness.records.program import Program

HERE = "program"
"""The file name of all code that a mutant runs."""
MOST_CALLS = 100_000
"""Python calls after which a program counts as endless; sorting the longest chain takes a tenth."""


ENDLESS = Fault("timeout")
"""What becomes of a program that makes more."""


class Endless(BaseException):
    """A mutant walks a graph path by path; nothing of a mutant's may catch it."""


def mutate(text: str, edits: Iterable[Edit]) -> str:
    """The text with each edit made.

    Raises:
        AssertionError: what an edit replaces does not stand there exactly once.
    """
    for edit in edits:
        found = text.count(edit.old)
        assert found == 1, f"{edit.old!r} stands {found} times in the answer key"
        text = text.replace(edit.old, edit.new)
    return text


@lru_cache(maxsize=4096)
def places(text: str, edits: tuple[Edit, ...]) -> frozenset[int] | None:
    """The first lines of the functions of a text in which edits lie.

    A mutant does what the text does where a program calls none of them. None where an edit does
    not lie in the body of a function.
    """
    found = set()
    for edit in edits:
        at = text.index(edit.old)
        first = text.count("\n", 0, at + len(edit.old) - len(edit.old.lstrip())) + 1
        last = text.count("\n", 0, at + len(edit.old.rstrip())) + 1
        around = [own for own, start, end in _bodies(text) if start <= first and last <= end]
        if not around:
            return None
        found.add(max(around))
    return frozenset(found)


@lru_cache(maxsize=64)
def _bodies(text: str) -> tuple[tuple[int, int, int], ...]:
    """The first line of each function, and the first and the last of its body."""
    return tuple(
        (
            min([node.lineno, *(above.lineno for above in node.decorator_list)]),
            node.body[0].lineno,
            node.end_lineno or node.lineno,
        )
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno > node.lineno
    )


class Mutant:
    """Runs programs on a module of ours.

    Args:
        name: what to call it.
        text: the module's text.
        dialect: how it spells a program.
    """

    version = ""

    def __init__(self, name: str, text: str, dialect: Dialect) -> None:
        self.name = name
        self.called: set[int] = set()
        """The first lines of the functions that were called so far, while it was loaded too."""
        self._dialect = dialect
        module = types.ModuleType(name)
        self._execute(text, module.__dict__)
        self._names = vars(module) | ({dialect.package: module} if dialect.package else {})

    def run(self, program: Program) -> Observation:
        """Runs one program; what stops it is a fault, as a student's would be."""
        recorder = _Recorder()
        scope = {**self._names, "record": recorder.record, "record_order": recorder.record_order}
        fault = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that it overflows is what it is for
                self._execute(snippet.source(program, self._dialect), scope)
        except Endless:
            fault = ENDLESS
        except Exception as problem:
            fault = Fault("raised", type(problem).__name__, str(problem))
        return Observation(tuple(recorder.quantities), fault)

    def _execute(self, text: str, scope: dict[str, Any]) -> None:
        """Executes a text of ours and notes which functions it calls."""
        calls, before = 0, sys.gettrace()

        def count(frame: types.FrameType, event: str, argument: Any) -> None:
            # What the garbage collector calls in between is none of the mutant's.
            nonlocal calls
            if frame.f_code.co_filename == HERE:
                self.called.add(frame.f_code.co_firstlineno)
                calls += 1
                if calls > MOST_CALLS:
                    raise Endless

        sys.settrace(count)
        try:
            exec(_compiled(text), scope)  # noqa: S102  a text of ours: the key, edited, or a program
        finally:
            sys.settrace(before)


class _Recorder:
    """Collects the quantities of one program, as the worker does for a student."""

    def __init__(self) -> None:
        self.quantities: list[Quantity] = []

    def record(self, name: str, step: int, *numbers: Any) -> None:
        kinds = tuple(type(number).__name__ for number in numbers)
        plain = all(kind == "float" for kind in kinds)
        values = tuple(_number(number) for number in numbers)
        self.quantities.append(Quantity(name, step, values, () if plain else kinds))

    def record_order(self, name: str, step: int, sequence: Any, known: Iterable[Any]) -> None:
        listed = sequence if isinstance(sequence, list | tuple) else ()
        places = {id(thing): place for place, thing in enumerate(known)}
        order = tuple(places.get(id(thing), -1) for thing in listed)
        self.quantities.append(Quantity(name, step, order, (type(sequence).__name__,)))


def _number(thing: Any) -> Number:
    """A number as the worker would tell it: an array is none unless it has no axes."""
    kind = type(thing)
    if kind not in (float, int, bool) and kind.__module__ != "numpy":
        return None
    if kind.__name__ == "ndarray" and thing.ndim:
        return None
    try:
        return float(thing)
    except (TypeError, ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _compiled(text: str) -> types.CodeType:
    return compile(text, HERE, "exec", dont_inherit=True)
