"""The commands for a platform: write what is uploaded to it, and run inside it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from harness.classes.platforms import bundle, runtime
from harness.commands import options, writing
from harness.grading.grader import LECTURE
from harness.records.errors import UsageError
from harness.report.words import wording

Platform = Annotated[str, typer.Argument(help=", ".join(runtime.RUNS))]


@dataclass(frozen=True)
class Upload:
    """What `adjudge init` is asked for."""

    platform: Platform
    to: Annotated[
        Path, typer.Option("--to", "-o", help="the zip for gradescope, a folder for the others")
    ]
    assignment: options.Names = None
    seed_file: options.SeedFile = None
    rubric_file: options.RubricFile = None
    image: Annotated[
        str, typer.Option(help="prairielearn: the image that you push, REGISTRY/NAME:TAG")
    ] = ""
    requirements: Annotated[
        Path | None, typer.Option(help="exact versions with hashes, for a rubric's libraries")
    ] = None


@options.of(Upload)
def init(upload: Upload) -> None:
    """Write what you upload so that a platform grades with adjudge, and say what is left to do."""
    platform, to = upload.platform, upload.to
    _known(platform)
    chosen = tuple(upload.assignment or LECTURE)
    course = bundle.Course(chosen, upload.seed_file, upload.rubric_file, upload.requirements)
    with writing.written(to):
        if platform == "gradescope":
            place = bundle.gradescope(course, to)
        elif platform == "prairielearn":
            place = bundle.prairielearn(course, to, upload.image)
        elif upload.seed_file is None:
            place = bundle.github(course, to)
        else:
            raise UsageError(
                "on github a student can read whatever the workflow reads; use the public seed "
                "there and grade the class with `adjudge grade --seed-file`"
            )
    worth = wording.points(bundle.points(chosen, upload.rubric_file))
    steps = bundle.next_steps(platform).replace("POINTS", worth)
    sys.stdout.write(f"{place}\n\n{steps}")
    if platform == "github" and any(name.endswith(".py") for name in chosen):
        sys.stdout.write("Students can read your assignment there, its answer key too.\n")


def run_on(
    platform: Platform,
    root: Annotated[Path | None, typer.Option(help="the platform's folder")] = None,
) -> None:
    """Grade inside a platform, and write what it expects."""
    _known(platform)
    run = runtime.RUNS[platform]
    raise typer.Exit(run() if root is None else run(root))


def _known(platform: str) -> None:
    if platform not in runtime.RUNS:
        raise UsageError(f'there is no platform "{platform}"; there are {", ".join(runtime.RUNS)}')
