"""The command that asks the oracles once, for whoever has none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.commands import options
from harness.grading.answers import record
from harness.grading.grader import LECTURE, PUBLIC_SEED
from harness.intake import submissions as handed_in
from harness.judging.check import find
from harness.oracles import recording


def record_answers(
    assignment: options.Names = None,
    seed: options.Seed = PUBLIC_SEED,
    submissions: Annotated[
        Path | None, typer.Option(help="a folder whose submissions' mistakes are asked too")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="the folder to write to; by default where grading looks"),
    ] = None,
) -> None:
    """Ask PyTorch and JAX for the answers of a seed, and keep them for whoever has neither."""
    paths = tuple(handed_in.find(submissions)) if submissions else ()
    for chosen in [find(name) for name in assignment or LECTURE]:
        path = recording.shipped(chosen, seed)
        path = to / path.name if to else path
        packed = record(chosen, seed, paths)
        recording.write(path, packed)
        sys.stdout.write(f"{path}: {len(packed)} bytes\n")
