"""Writes down many bug models that each change the same piece of the answer key's text."""

from __future__ import annotations

from harness.records.known import BugModel, Edit


def instead_of(old: str, exercise: str, *rows: tuple[str, ...]) -> tuple[BugModel, ...]:
    """One model for each text that a student may have in the place of the answer key's.

    Args:
        old: the piece of the answer key's text.
        exercise: which exercise holds it.
        rows: name, sentence, hint, and what stands there instead; several texts are several
            variants of one mistake, told by the same sentence.
    """
    return tuple(
        BugModel(name, exercise, sentence, hint, (Edit(old, new),))
        for name, sentence, hint, *texts in rows
        for new in texts
    )
