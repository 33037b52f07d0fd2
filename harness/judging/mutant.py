"""The answer key with some of its text replaced, run in this process: it is ours.

A mutant is an engine like any other. It answers what a submission with that one bug would
answer, to which diagnose.py holds a student's numbers, and which audit.py hands in.
"""

from __future__ import annotations

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
        self._dialect = dialect
        module = types.ModuleType(name)
        exec(_compiled(text), module.__dict__)  # noqa: S102  our own answer key, edited by us
        self._names = vars(module) | ({dialect.package: module} if dialect.package else {})

    def run(self, program: Program) -> Observation:
        """Runs one program; what stops it is a fault, as a student's would be."""
        recorder = _Recorder()
        scope = {**self._names, "record": recorder.record, "record_order": recorder.record_order}
        fault, before, calls = None, sys.gettrace(), 0

        def count(frame: types.FrameType, event: str, argument: Any) -> None:
            # What the garbage collector calls in between is none of the mutant's.
            nonlocal calls
            if frame.f_code.co_filename == HERE:
                calls += 1
                if calls > MOST_CALLS:
                    raise Endless

        sys.settrace(count)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that it overflows is what it is for
                exec(_compiled(snippet.source(program, self._dialect)), scope)  # noqa: S102  our own program
        except Endless:
            fault = ENDLESS
        except Exception as problem:
            fault = Fault("raised", type(problem).__name__, str(problem))
        finally:
            sys.settrace(before)
        return Observation(tuple(recorder.quantities), fault)


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
