"""The pages of the reference that are made from the code, as Markdown by their paths."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from harness.judging.check import available, find

ROOT = Path(__file__).resolve().parents[1]
MODULES = ("harness", "harness.authoring")
SCHEMAS = {
    "check": "`adjudge check --json`",
    "results": "a line of `adjudge export --format jsonl`",
}


def pages() -> dict[str, str]:
    """Each page by its path among the documentation."""
    return {
        "reference/commands.md": commands(),
        "reference/python.md": python(),
        "reference/schemas.md": schemas(),
        "reference/checks.md": checks(),
        "reference/mistakes.md": mistakes(),
    }


def every_command() -> Iterator[tuple[str, Any]]:
    """Each command by the words that call it."""
    from harness.commands.app import COMMANDS, app, imported

    yield "adjudge", typer.main.get_command(app)
    for name in COMMANDS:
        command = imported(name)
        yield f"adjudge {name}", command
        for inner, below in getattr(command, "commands", {}).items():
            yield f"adjudge {name} {inner}", below


def commands() -> str:
    """The arguments and options of each command."""
    blocks = ["# Commands", "Made from what `--help` prints."]
    for words, command in every_command():
        blocks.append(f"## {words}")
        blocks.append(inspect.cleandoc(command.help or ""))
        rows = [_parameter(one) for one in command.params if not getattr(one, "hidden", False)]
        if rows:
            blocks.append("\n".join(["| | | default |", "|---|---|---|", *rows]))
    return "\n\n".join(blocks) + "\n"


def _parameter(one: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    if one.param_type_name == "argument":
        names = f"`{one.name.upper()}`"
    plain = isinstance(one.default, str | int | float | Path) and not isinstance(one.default, bool)
    default = f"`{one.default}`" if plain and str(one.default) else ""
    return f"| {names} | {_cell(getattr(one, 'help', '') or '')} | {default} |"


def python() -> str:
    """Every public name of the modules that others may import."""
    blocks = ["# Python", "What may be imported; it stays where it is when modules inside move."]
    for name in MODULES:
        module = importlib.import_module(name)
        blocks.append(f"## {name}")
        blocks.append(_text(inspect.getdoc(module) or ""))
        for public in sorted(module.__all__):
            blocks += _name(public, getattr(module, public))
    return "\n\n".join(blocks) + "\n"


def _name(name: str, thing: Any) -> list[str]:
    blocks = [f"### {name}"]
    if inspect.isfunction(thing) or inspect.isclass(thing):
        with contextlib.suppress(ValueError):  # a name for several types has none
            blocks.append(f"    {name}{inspect.signature(thing)}")
        blocks.append(_text(inspect.getdoc(thing) or ""))
    elif inspect.ismodule(thing):
        blocks.append(_text(inspect.getdoc(thing) or ""))
        public = [n for n, f in vars(thing).items() if inspect.isfunction(f) and n[0] != "_"]
        own = [n for n in public if getattr(thing, n).__module__ == thing.__name__]
        blocks += [f"- `{n}`: {_first(getattr(thing, n))}" for n in own]
    else:
        shown = repr(thing) if len(repr(thing)) < 300 else type(thing).__name__
        blocks.append(f"    {name} = {shown}")
    if dataclasses.is_dataclass(thing):
        fields = [f"- `{field.name}`: `{field.type}`" for field in dataclasses.fields(thing)]
        blocks.append("\n".join(fields))
    return [block for block in blocks if block.strip()]


def schemas() -> str:
    """The fields of the documents that are described by a JSON Schema."""
    blocks = ["# Documents", "Made from the JSON Schemas; [formats](formats.md) says it in words."]
    for name, what in SCHEMAS.items():
        file = ROOT / "docs" / "reference" / f"{name}.schema.json"
        schema = json.loads(file.read_text(encoding="utf-8"))
        blocks += [f"## {name}", f"{what}: [{file.name}]({file.name})."]
        for kind, described in schema["$defs"].items():
            blocks.append(f"### {name}: {kind}")
            blocks.append(_cell(described.get("description", "")))
            rows = [f"| `{k}` | {_type(v)} |" for k, v in described.get("properties", {}).items()]
            blocks.append("\n".join(["| field | type |", "|---|---|", *rows]))
    return "\n\n".join(blocks) + "\n"


def _type(described: dict[str, Any]) -> str:
    if "$ref" in described:
        return f"`{described['$ref'].rpartition('/')[2]}`"
    if "anyOf" in described:
        return " or ".join(_type(one) for one in described["anyOf"])
    if "items" in described:
        return f"list of {_type(described['items'])}"
    if "enum" in described:
        return " or ".join(f"`{one}`" for one in described["enum"])
    return str(described.get("type", "any"))


def checks() -> str:
    """Every check of every assignment, with its points."""
    blocks = ["# Checks", "What each assignment checks, from its table."]
    for name in available():
        assignment = find(name)
        rows = [
            f"| {c.exercise} | `{c.name}` | {_cell(c.title)} | {c.points:g} |"
            for c in assignment.checks
        ]
        head = ["| exercise | check | what holds where it passes | points |", "|---|---|---|---:|"]
        blocks += [f"## {name}", _cell(assignment.title), "\n".join([*head, *rows])]
    return "\n\n".join(blocks) + "\n"


def mistakes() -> str:
    """Every mistake that is known by name, with what a student is told."""
    blocks = ["# Known mistakes", "Each is named where it gives exactly a submission's numbers."]
    for name in available():
        key = find(name).answer_key
        models = key.models if key else ()
        rows = [f"| `{m.name}` | {m.exercise} | {_cell(m.sentence)} |" for m in models]
        if rows:
            head = ["| mistake | exercise | what the code does |", "|---|---|---|"]
            blocks += [f"## {name}", "\n".join([*head, *rows])]
    return "\n\n".join(blocks) + "\n"


def _text(doc: str) -> str:
    """A docstring as Markdown: its indented lists stay as they are written."""
    return doc.replace("<", "&lt;")


def _first(thing: Any) -> str:
    return _cell((inspect.getdoc(thing) or "").partition("\n\n")[0])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
