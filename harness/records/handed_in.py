"""What was handed in, as text that has never been run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One piece of source text: a module, or one cell of a notebook."""

    name: str
    """How a message names it: "ag.py" or "cell 3"."""
    text: str


@dataclass(frozen=True)
class Submission:
    """What a student handed in, as text that has never been run."""

    name: str
    main: tuple[Source, ...]
    """What is executed, in order, in one namespace."""
    module: str = "ag"
    """The import name of main; a dot in it means that main is part of a package."""
    siblings: tuple[tuple[str, Source], ...] = ()
    """Modules that main may import, by import name."""
    unwritten: frozenset[str] = frozenset()
    """The functions that still are the starter's stubs."""
    digest: str = ""
    """SHA-256 of every text, as hexadecimal digits."""
