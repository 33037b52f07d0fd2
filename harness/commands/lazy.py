"""Commands that live in modules of their own, each imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

ELSEWHERE = {
    "audit": "audit:run",
    "grade": "classes:grade",
    "show": "classes:show",
    "compare": "classes:compare",
    "export": "classes:export_results",
    "report": "report:report",
    "init": "platform:init",
    "run-on": "platform:run_on",
}
"""Each command by its module and function; a self-check starts without them."""
HIDDEN = ("run-on",)


class Commands(TyperGroup):
    """The commands of the app, and those of other modules."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of the help text."""
        return [*super().list_commands(ctx), *ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name, or None; its module is imported now."""
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, function = ELSEWHERE[cmd_name].partition(":")
        run = getattr(import_module(f"harness.commands.{module}"), function)
        alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
        alone.command(cmd_name, hidden=cmd_name in HIDDEN)(run)
        return typer.main.get_command(alone)
