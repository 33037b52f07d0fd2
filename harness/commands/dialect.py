"""The command that prints under which names an engine is read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.grading.grader import Grader
from harness.intake import submissions as handed_in
from harness.judging import declared
from harness.programs.found import NoDialect


def dialect_of(
    path: Annotated[Path, typer.Argument(help="a .py file, a .ipynb notebook or a folder")],
) -> None:
    """Print under which names an engine is read, as TOML for --dialect."""
    what = handed_in.read(path)
    with Grader() as grader:
        try:
            found = grader.dialect(what, arrays=True)
        except NoDialect:
            found = grader.dialect(what)
        sys.stdout.write(declared.text_of(found))
