"""What was handed in, as text that has never been run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

MODULE = "ag"
"""The import name of what is handed in, where nothing else is said: the file of that name is taken
first, and a program's text imports it."""


@dataclass(frozen=True)
class Source:
    """One piece of source text: a module, or one cell of a notebook."""

    name: str
    """How a message names it: "mine.py" or "cell 3"."""
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its lines as Python counts them: a form feed or U+2028 ends none."""
        return tuple(re.split(r"\r\n|\r|\n", self.text))


@dataclass(frozen=True)
class Submission:
    """What a student handed in, as text that has never been run."""

    name: str
    main: tuple[Source, ...]
    """What is executed, in order, in one namespace."""
    module: str = MODULE
    """The import name of main; a dot in it means that main is part of a package."""
    siblings: tuple[tuple[str, Source], ...] = ()
    """Modules that main may import, by import name; the cells of a notebook one after another."""
    beside: tuple[str, ...] = ()
    """Those of them that are looked into for a name that main does not have."""
    digest: str = ""
    """SHA-256 of every text, as hexadecimal digits."""
    choice: str = ""
    """Which of several files is graded, as a sentence; nothing where there was one."""
    stem: str = ""
    """The name by which files beside a notebook import it; nothing where main is no notebook."""
