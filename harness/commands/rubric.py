"""The command that shows what checks are worth."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from harness.commands import options
from harness.commands.app import Plain, PlainGroup
from harness.grading.grader import LECTURE
from harness.judging import rubric
from harness.judging.check import Assignment
from harness.judging.class_rules import class_rules
from harness.report.tables import rubric_table

rubric_app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@rubric_app.callback()
def rubric_commands() -> None:
    """Show what checks are worth."""


@rubric_app.command("show", cls=Plain)
def show_rubric(
    rubric_file: options.RubricFile = None,
    assignment: options.Names = None,
) -> None:
    """Print the checks, points, limits and rules that are in force."""
    for each in ruled(assignment or LECTURE, rubric_file):
        sys.stdout.write(rubric_table.shown(each) + "\n")
    rules = class_rules(rubric.read(rubric_file), str(rubric_file))
    sys.stdout.write(rubric_table.of_class(rules))


def ruled(
    names: Sequence[str], rubric_file: Path | None, *, strict: bool = False, dialect: str = ""
) -> list[Assignment]:
    """Assignments under the rules of a file and of the command."""
    text, where = rubric.read(rubric_file), str(rubric_file)
    return [*rubric.ruled(names, text, where, strict=strict, dialect=dialect)]
