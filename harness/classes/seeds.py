"""The seed by which a class is graded: from a file, from the environment, or the public one."""

from __future__ import annotations

import os
from pathlib import Path

from harness.grading.grader import PUBLIC_SEED
from harness.records.errors import UsageError

VARIABLE = "ADJUDGE_SEED"
"""The variable of the environment that may hold the secret seed."""


def seed_of(file: Path | None) -> str:
    """The secret seed from a file or the environment, else the public one.

    Raises:
        UsageError: the file cannot be read or is empty.
    """
    if file is not None:
        return seed_in(file)
    return os.environ.get(VARIABLE, "").strip() or PUBLIC_SEED


def seed_in(file: Path) -> str:
    """The secret seed that a file holds.

    Raises:
        UsageError: the file cannot be read or is empty.
    """
    try:
        seed = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file}: no seed can be read ({problem})") from None
    if not seed:
        raise UsageError(f"{file}: holds no seed")
    return seed
