"""The command line: which commands there are, and how each ends."""

from __future__ import annotations

import io
import sys
import traceback
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from harness.records.errors import AdjudgeError, UsageError
from harness.records.version import version

PASSED, FAILED, BAD_USAGE, OUR_ERROR = 0, 1, 2, 3
"""The exit codes."""
STOPPED = 130
"""The exit code after Ctrl-C."""
LONGEST = 1000
"""Characters of an error; a path in it may be long."""


class Place(NamedTuple):
    """Where a command is, and what the list of commands says of it."""

    module: str
    function: str
    help: str
    hidden: bool = False


COMMANDS = {
    "check": Place("check", "check", "Check one submission and say what is wrong."),
    "dialect": Place(
        "dialect",
        "dialect_of",
        "Print under which names an engine is read, as TOML for --dialect.",
    ),
    "record": Place(
        "record",
        "record_answers",
        "Ask PyTorch and JAX for the answers of a seed, and keep them for whoever has neither.",
    ),
    "doctor": Place(
        "doctor",
        "doctor",
        "Attack from a locked worker, and show what this machine refuses and what is missing.",
    ),
    "rubric": Place("rubric", "rubric_app", "Show what checks are worth."),
    "audit": Place(
        "audit",
        "run",
        "Hand in every mutant of the answer key and say which of them the checks do not kill.",
    ),
    "grade": Place(
        "grade", "grade", "Grade a class; if it is interrupted, run it again to resume."
    ),
    "regrade": Place(
        "grade",
        "regrade",
        "Count a class again by another rubric or other changes by hand; nothing is run.",
    ),
    "show": Place(
        "classes",
        "show",
        "Show everything about one student, the graphs of the failures drawn in text.",
    ),
    "compare": Place(
        "classes", "compare", "Show who changed from one run to another, by how much, and why."
    ),
    "export": Place(
        "classes",
        "export_results",
        "Write the results as a gradebook or another program reads them.",
    ),
    "report": Place(
        "report",
        "report",
        "Write a page of the class and a page for each student, to be opened from disk.",
    ),
    "init": Place(
        "platform",
        "init",
        "Write what you upload so that a platform grades with adjudge, and say what is left to do.",
    ),
    "run-on": Place(
        "platform", "run_on", "Grade inside a platform, and write what it expects.", hidden=True
    ),
}
"""Each command; a command's module is imported when that command is run, not to list it."""


class Plain(TyperCommand):
    """A command whose help does not say of a switch that it takes a value."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters; nothing stands behind the name of a switch."""
        return switched(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """Commands below one name, with such a help."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters; nothing stands behind the name of a switch."""
        return switched(super().get_params(ctx))


def switched(parameters: Any) -> Any:
    """Parameters of which a switch shows no value."""
    for option in parameters:
        if getattr(option, "is_flag", False):
            option.metavar = ""
    return parameters


class Commands(PlainGroup):
    """The commands, listed without their modules and run with them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of the help text."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What the list says of a command, or None; nothing is imported."""
        place = COMMANDS.get(cmd_name)
        return place and TyperCommand(cmd_name, help=place.help, hidden=place.hidden)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for and the words behind it; its module is imported."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and imported(str(name)), rest


def imported(name: str) -> Any:
    """A command as it is run."""
    place = COMMANDS[name]
    run = getattr(import_module(f"harness.commands.{place.module}"), place.function)
    if isinstance(run, typer.Typer):
        return typer.main.get_command(run)
    alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    alone.command(name, cls=Plain, hidden=place.hidden)(run)
    return typer.main.get_command(alone)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"adjudge {version()}\n")
        raise typer.Exit


@app.callback()
def adjudge(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="print the version"),
    ] = False,
) -> None:
    """Judge students' automatic differentiation against PyTorch and JAX."""


def main() -> int:
    """Runs the command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A path may hold bytes that are no text.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
    except UsageError as problem:
        notes = getattr(problem, "__notes__", ())  # such as a line with a mark below it
        return _say("\n".join([f"error: {problem}", *notes]), BAD_USAGE)
    except AdjudgeError as problem:
        return _say(f"error: {problem}", OUR_ERROR)
    except typer.Abort:
        return _say("stopped", STOPPED)
    except Exception as problem:
        usage = getattr(problem, "format_message", None)
        if usage is not None:
            return _say(f"error: {usage()}", BAD_USAGE) if usage() else BAD_USAGE
        authors = own_file_mistake(problem)
        if authors is not None:
            return _say(f"error: {authors}", BAD_USAGE)
        traceback.print_exc()
        return _say("error: this is a mistake in adjudge, not in the submission", OUR_ERROR)
    return code if isinstance(code, int) else PASSED


def own_file_mistake(problem: Exception) -> str | None:
    """What an exception says of an instructor's own assignment; None where none took part."""
    own_file = sys.modules.get("harness.judging.own_file")  # else no assignment was loaded at all
    return own_file.mistake(problem) if own_file is not None else None


def _say(text: str, code: int) -> int:
    from harness.report.words import wording  # heavy, and most runs end without it

    first, *more = text.split("\n")  # below a syntax error its line and a mark
    lines = [wording.printable(first, LONGEST), *(wording.block(line) for line in more)]
    sys.stderr.write("\n".join(lines) + "\n")
    return code
