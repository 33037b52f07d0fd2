"""The known mistakes of an answer key, read from a TOML file when they are first asked for.

A file has [hints], by name; [[mistakes]] with name, exercise, sentence, the name of a hint, and
either `old` with a list of what may stand there instead, `new`, or `variants`, each a list of
edits; [[traversals]], each an edit that gives another right order; and [[equivalent]], mutants
that no check need kill, with the reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import msgspec

from harness.records.dialect import Dialect
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit

Item = TypeVar("Item")


class _Mistake(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    exercise: str
    sentence: str
    hint: str
    old: str = ""
    new: list[str] = []
    variants: list[list[Edit]] = []


class _Equivalent(msgspec.Struct, forbid_unknown_fields=True):
    reason: str
    mutants: list[str]
    convention: bool = False
    """Whether it differs where the assignment leaves the choice; else it never differs."""


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    hints: dict[str, str]
    mistakes: list[_Mistake]
    traversals: list[Edit] = []
    equivalent: list[_Equivalent] = []


class _Later(Sequence[Item], Generic[Item]):
    """A sequence that is read when somebody first looks at it: most submissions have no mistake."""

    def __init__(self, read: Callable[[], tuple[Item, ...]]) -> None:
        self._read = read

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, place: int | slice) -> Any:
        return self._read()[place]


def answer_key(source: Source, table: Path, dialect: Dialect | None = None) -> AnswerKey:
    """An answer key with the mistakes that a TOML file tells of it.

    Raises:
        msgspec.ValidationError: later, when they are asked for, if the file has another shape.
    """
    return AnswerKey(
        source,
        _Later(lambda: _models(table)),
        _Later(lambda: tuple((edit,) for edit in _table(table).traversals)),
        _Later(lambda: equivalent(table)),
        dialect,
    )


def equivalent(table: Path, *, convention: bool | None = None) -> tuple[tuple[str, str], ...]:
    """The mutants that no check need kill, with the reason: all, or those of one kind."""
    groups = [g for g in _table(table).equivalent if convention in (None, g.convention)]
    return tuple((mutant, group.reason) for group in groups for mutant in group.mutants)


@lru_cache(maxsize=8)
def _models(table: Path) -> tuple[BugModel, ...]:
    read, models = _table(table), []
    for row in read.mistakes:
        variants = row.variants or [[Edit(row.old, new)] for new in row.new]
        for edits in variants:
            hint = read.hints[row.hint]
            models.append(BugModel(row.name, row.exercise, row.sentence, hint, tuple(edits)))
    return tuple(models)


@lru_cache(maxsize=8)
def _table(path: Path) -> _Table:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table)
