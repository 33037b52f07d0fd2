"""An instructor's own file: the assignment that it defines, or one sentence on what is wrong in it.

The file is the instructor's and is trusted; it is imported here. Whatever stops in it is the
author's mistake and not one of ours: a UsageError names the file and the line.
"""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant, mutate
from harness.records.dialect import Dialect
from harness.records.errors import AdjudgeError, Undecided, UsageError
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.observation import Fault, Observation
from harness.records.program import Call, Expression, Program, Traced, Training
from harness.records.verdict import Comparison, Problem

if TYPE_CHECKING:
    from harness.judging.check import Assignment, Check

KEYWORD = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
WRITTEN = (AnswerKey, BugModel, Edit, Source, Call, Traced, Dialect)
"""Records that authors write, besides those of judging.check."""
SEED = "577"
"""By which the programs of a new file are drawn, to see that they can be."""
LONGEST = 60
"""Characters of an edit that a sentence quotes."""
_loaded: set[str] = set()
"""The files that were loaded in this process."""


def load(path: Path) -> Assignment:
    """The assignment that a file defines, looked through once for each version of the file.

    Raises:
        UsageError: there is no such file, it stops, it defines no assignment, or the assignment
            contradicts itself; the message names the file and, where there is one, the line.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file; an assignment is a name or a .py file")
    return replace(_version(path, path.stat().st_mtime_ns), file=path)


def mistake(problem: BaseException) -> str | None:
    """What an exception says of an author's file: file, line and reason; None if none took part."""
    lines = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(problem.__traceback__)
        if frame.filename in _loaded
    ]
    if isinstance(problem, SyntaxError) and problem.filename in _loaded:
        lines = [(problem.filename, problem.lineno)]
    if not lines:
        return None
    file, line = lines[-1]
    return f"{file}, line {line}: {_reason(problem)}"


@lru_cache(maxsize=8)
def _version(path: Path, changed: int) -> Assignment:
    """The assignment in one version of a file; `changed` is the time of its last change."""
    from harness.judging.check import Assignment  # which imports this module

    spec = spec_from_file_location(f"assignment_{path.stem}", path)
    assert spec is not None, "a path that ends in .py is a module"
    assert spec.loader is not None, "a module has a loader"
    module = module_from_spec(spec)
    _loaded.add(str(path))
    try:
        spec.loader.exec_module(module)
        found = getattr(module, "assignment", None)
        if not isinstance(found, Assignment):
            raise UsageError(
                f"{path}: defines no assignment; name one `assignment = Assignment(...)`"
            )
        wrong = next(_contradictions(found), None)
    except Exception as problem:
        sentence = mistake(problem)
        if sentence is None:
            raise
        raise UsageError(sentence) from None
    if wrong is not None:
        raise UsageError(f"{path}: {wrong}")
    return found


def _reason(problem: BaseException) -> str:
    """An exception in words; a keyword that does not exist with the nearest one that does."""
    if isinstance(problem, AdjudgeError):
        return str(problem)
    if isinstance(problem, SyntaxError):
        return f"this is not Python ({problem.msg})"
    found = KEYWORD.search(str(problem)) if isinstance(problem, TypeError) else None
    if found is not None:
        return f'{found[1]} has no "{found[2]}"{_nearest(found[2], _keywords(found[1]))}'
    return f"{type(problem).__name__}: {problem}"


def _keywords(name: str) -> list[str]:
    """The fields of a record that authors write."""
    from harness.judging import check  # which imports this module

    known = (check.Assignment, check.Check, check.Probe, check.Limits, *WRITTEN)
    return [field.name for kind in known if kind.__name__ == name for field in fields(kind)]


def _nearest(word: str, words: list[str]) -> str:
    near = get_close_matches(word, words, 1)
    return f'; did you mean "{near[0]}"?' if near else f"; there are {', '.join(words)}"


def _contradictions(assignment: Assignment) -> Iterator[str]:
    """What is wrong in an assignment that could be written down."""
    from harness.judging.needs import circle  # which imports this module

    names = [check.name for check in assignment.checks]
    if not assignment.active:
        yield "the assignment has no check with points"
    for name, count in Counter(names).items():
        if count > 1:
            yield f'{count} checks are called "{name}"'
    for check in assignment.checks:
        for need in check.needs:
            if need not in names:
                yield f'the check "{check.name}" needs "{need}"{_nearest(need, names)}'
    if around := circle(assignment.checks):
        told = ", ".join(f'"{name}"' for name in around)
        yield f"these checks need each other, so none can come first: {told}"
    if assignment.answer_key is not None:
        yield from _of_the_key(assignment, assignment.answer_key)


def _of_the_key(assignment: Assignment, key: AnswerKey) -> Iterator[str]:
    """What is wrong in the answer key and its bug models."""
    try:
        right = Mutant("key", key.source.text, assignment.dialect)
    except SyntaxError as problem:
        yield f"line {problem.lineno} of the answer key is not Python ({problem.msg})"
        return
    except Exception as problem:
        yield f"the answer key stops with {type(problem).__name__}: {problem}"
        return
    for model in key.models:
        for edit in model.edits:
            if (times := key.source.text.count(edit.old)) != 1:
                yield (
                    f'the bug model "{model.name}" replaces {edit.old[:LONGEST]!r}, which stands '
                    f"{times} times in the answer key; it must stand there once"
                )
                return
        try:
            compile(mutate(key.source.text, model.edits), "model", "exec")
        except SyntaxError as problem:
            yield f'the bug model "{model.name}" makes a key that is not Python ({problem.msg})'
    for check in assignment.active:
        yield from _of_a_check(check, right)


def _of_a_check(check: Check, right: Mutant) -> Iterator[str]:
    """What is wrong in the programs of a check, by what the answer key does on them."""
    programs: tuple[Program, ...] = check.programs(SEED)
    if not programs and not check.loads:
        yield f'the check "{check.name}" has no programs'
    for program in programs[:1]:
        actual = right.run(program)
        if actual.fault is not None and actual.fault.exception:
            yield (
                f'the answer key stops on the first program of the check "{check.name}" with '
                f"{actual.fault.exception}: {actual.fault.message}"
            )
        elif actual.fault is None and not actual.quantities:
            yield f'the programs of the check "{check.name}" record nothing; call record(...)'
        elif actual.fault is None and _has_a_tape(program):
            yield from _of_a_comparison(check, program, actual)
    for program in filter(_has_a_tape, programs[1:]):
        try:
            check.compare(program, Observation(()), Calculus())
        except Undecided as reason:
            yield f'the check "{check.name}" compares nothing on one of its programs: {reason}'
            return
        except Exception:  # it looks for what is not there, so it does look
            continue


def _has_a_tape(program: Program) -> bool:
    """Whether calculus knows its numbers, so that no oracle need be asked here."""
    if isinstance(program, Training):
        return program.epochs == 1 and program.detailed
    return isinstance(program, Expression) or bool(program.traced)


def _of_a_comparison(check: Check, program: Program, right: Observation) -> Iterator[str]:
    """What is wrong in how a check compares, by what it says of a right and an empty run."""
    try:
        problem = check.compare(program, right, Calculus())
    except Undecided as reason:
        yield f'the check "{check.name}" compares nothing: {reason}'
        return
    except AssertionError as stopped:  # one of ours, of programs of another kind
        if mistake(stopped) is not None:
            raise
        yield f'the comparison of the check "{check.name}" does not fit its programs: {stopped}'
        return
    if problem is not None:
        yield f'the answer key fails the check "{check.name}": {_told(problem)}'
        return
    try:
        blind = check.compare(program, Observation(()), Calculus()) is None
    except Exception:  # it looks for what is not there, so it does look
        blind = False
    if blind:
        recorded = ", ".join(dict.fromkeys(quantity.name for quantity in right.quantities))
        yield (
            f'the check "{check.name}" compares nothing: it finds no fault in a module that '
            f"records nothing; its programs record {recorded}"
        )


def _told(problem: Problem) -> str:
    """What is wrong with the answer key, in a few words."""
    match problem:
        case Comparison():
            by = ", ".join(problem.oracles)
            return f"{problem.subject} is {problem.actual}, and should be {problem.expected} ({by})"
        case Fault():
            return f"{problem.exception or problem.kind}: {problem.message}"
        case _:
            return " ".join([problem.kind, *(f"{name}={fact}" for name, fact in problem.facts)])
