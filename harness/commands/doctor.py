"""The command that shows what this machine refuses a submission."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.commands import options
from harness.commands.rubric import ruled
from harness.grading.grader import LECTURE
from harness.judging.needs import left_out
from harness.records.errors import UsageError
from harness.report.tables import terminal
from harness.sandbox import level
from harness.sandbox.launch import Launcher
from harness.sandbox.libraries import installed_version


def doctor(
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="LAYER", help="leave out a layer, to see what it is worth"),
    ] = None,
    rubric_file: Annotated[
        Path | None, typer.Option("--rubric", help="a TOML file, for the libraries that it allows")
    ] = None,
    assignment: options.Names = None,
) -> None:
    """Attack from a locked worker, and show what this machine refuses and what is missing.

    Of an assignment in a file of your own it says also which needs are left out.
    """
    unknown = sorted(set(without or ()) - set(level.REMEDIES))
    if unknown:
        raise UsageError(f'there is no layer "{unknown[0]}"; there are {", ".join(level.REMEDIES)}')
    with Launcher(skip=tuple(without or ())) as launcher:
        terminal.show_isolation(level.measure(launcher), Console(highlight=False))
    assignments = ruled(assignment or LECTURE, rubric_file)
    allowed = dict.fromkeys(name for each in assignments for name in each.libraries)
    versions = [f"{name} {installed_version(name)}" for name in ("numpy", *allowed)]
    sys.stdout.write(f"graded code may import: Python's standard library, {', '.join(versions)}\n")
    for each in assignments:
        if each.file is not None:
            sys.stdout.writelines(f"{each.file}: {sentence}\n" for sentence in left_out(each))
