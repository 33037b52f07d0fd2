"""The arguments and options that several commands have, each spelled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

Record = TypeVar("Record")

Names = Annotated[
    list[str] | None,
    typer.Option(
        "--assignment",
        metavar="NAME",
        help="which assignment; may be repeated; by default the whole lecture",
    ),
]
RubricFile = Annotated[
    Path | None, typer.Option("--rubric", help="a TOML file with points, limits and rules")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="count only what passes as the submission stands")
]
Seed = Annotated[str, typer.Option(help="decides every program")]
SeedFile = Annotated[Path | None, typer.Option(help="a file that holds the secret seed")]
Jobs = Annotated[
    int, typer.Option(min=0, show_default=False, help="processes; by default one for each core")
]
Changes = Annotated[
    Path | None,
    typer.Option(
        "--adjustments",
        help="a CSV or TOML file of changes by hand: key, points, reason, by, check, hours",
    ),
]
Results = Annotated[Path, typer.Argument(help="a file of results, as `adjudge grade` writes it")]
Folder = Annotated[Path, typer.Option("--to", "-o", help="the folder to write")]


def of(record: type[Record]) -> Callable[[Callable[[Record], None]], Callable[..., None]]:
    """A command that takes one record: each field of it is an argument or an option.

    Args:
        record: a dataclass whose fields are annotated as the parameters of a command are.
    """
    hints = get_type_hints(record, include_extras=True)
    parameters = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            annotation=hints[field.name],
            default=Parameter.empty if field.default is MISSING else field.default,
        )
        for field in fields(record)  # type: ignore[arg-type]  # any dataclass
    ]

    def command(run: Callable[[Record], None]) -> Callable[..., None]:
        def taking(**given: Any) -> None:
            run(record(**given))

        taking.__name__, taking.__doc__ = run.__name__, run.__doc__
        taking.__annotations__ = dict(hints)
        taking.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
        return taking

    return command
