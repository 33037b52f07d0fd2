"""Write files where an instructor asked for them, and say in one sentence where that cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.records.errors import UsageError


@contextmanager
def written(to: Path, what: str = "it") -> Iterator[None]:
    """Says in one sentence why a place cannot be written to.

    Raises:
        UsageError: it is of the wrong kind, not there, closed or full.
    """
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or problem
        raise UsageError(f"{to}: {what} cannot be written there ({reason})") from None


def one_file(parts: Iterable[str], to: Path | None) -> None:
    """Writes text as it is made, to a file or to standard output."""
    if to is None:
        sys.stdout.writelines(parts)
        return
    if to.is_dir():
        raise UsageError(f"{to}: is a folder; name a file")
    with written(to), to.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(parts)


def folder(to: Path) -> Path:
    """A folder, made where it is not there.

    Raises:
        UsageError: a file stands there, or it cannot be made.
    """
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to}: is a file; name a folder")
    with written(to):
        to.mkdir(parents=True, exist_ok=True)
    return to
