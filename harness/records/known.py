"""The answer key, and the mistakes that are known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.records.dialect import Dialect
from harness.records.handed_in import Source


@dataclass(frozen=True)
class Edit:
    """A piece of the answer key's text, and what a mutant has in its place."""

    old: str
    new: str


@dataclass(frozen=True)
class BugModel:
    """A mutant with a name, and what a student who made that mistake is told."""

    name: str
    exercise: str
    """Which exercise holds the mistake: "2.B", "Model"."""
    sentence: str
    """What the code does: "`__mul__` overwrites the gradient instead of adding to it."."""
    hint: str
    """Where to look, without the line that mends it."""
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class AnswerKey:
    """Our own correct submission for an assignment, and the mistakes that are known of it."""

    source: Source
    models: Sequence[BugModel] = ()
    traversals: Sequence[tuple[Edit, ...]] = ()
    """Other valid topological orders: where a mistake depends on the order, so do its numbers."""
    equivalent: Sequence[tuple[str, str]] = ()
    """Mutants that do what the answer key does: the name of each, and the reason."""
    dialect: Dialect | None = None
    """In which it is written, where each submission has a dialect of its own."""
