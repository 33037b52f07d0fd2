"""A TOML file that an instructor writes: each value of its kind, each mistake with its line."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from harness.records.errors import UsageError

MOST = 1_000_000
"""The largest number that is believed to be meant."""
LONGEST = 40
"""Characters of a wrong value that are shown."""
NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
NAMES = rf"{NAME}(?:\s*\.\s*{NAME})*"
SPELLED = re.compile(rf"\s*(?:\[+\s*(?P<table>{NAMES})\s*\]|(?P<key>{NAMES})\s*=)")
"""The start of a line that opens a table or gives a key its value."""

Place = tuple[str, ...]
"""A key behind the tables that it stands in."""


def kind(wanted: str, **bounds: Any) -> msgspec.Meta:
    """What a value must be: in words, and within which bounds."""
    return msgspec.Meta(description=wanted, **bounds)


Number = Annotated[float, kind(f"a number from 0 to {MOST}", ge=0, le=MOST)]
Whole = Annotated[int, kind(f"a whole number from 1 to {MOST}", ge=1, le=MOST)]
Switch = Annotated[bool, kind("true or false")]


@dataclass(frozen=True)
class TomlFile:
    """A file as it was read."""

    name: str
    text: str
    content: dict[str, Any]

    def read(self, place: Place, value: object, wanted: Any, noun: str = "key") -> Any:
        """A value as its kind asks.

        Each key of a table is read by itself, so that a mistake is named with its line.

        Args:
            place: where the value stands.
            value: what the file says.
            wanted: a type that msgspec converts to, described by `kind`; a choice of texts; a table
                of any names (dict[str, ...]); or the kinds of a table's own keys.
            noun: what a key is called that a table does not have.

        Raises:
            UsageError: it is of another kind, or a table has a key of another name.
        """
        if isinstance(wanted, dict):
            table = self.table(place, value)
            for key in table:
                if key not in wanted:
                    raise self.unknown((*place, key), noun, tuple(wanted))
            return {
                key: self.read((*place, key), item, wanted[key], key.removesuffix("s"))
                for key, item in table.items()
            }
        if get_origin(wanted) is dict:
            table = self.table(place, value)
            inner = get_args(wanted)[1]
            return {key: self.read((*place, key), item, inner, noun) for key, item in table.items()}
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            if get_origin(wanted) is not Literal:
                raise self.wrong(place, get_args(wanted)[1].description, value) from None
        choices = get_args(wanted)
        if isinstance(value, str):
            raise self.unknown(place, noun, choices, value)
        raise self.wrong(place, " or ".join(f'"{choice}"' for choice in choices), value)

    def table(self, place: Place, value: object) -> dict[str, Any]:
        """A value that must be a table."""
        if not isinstance(value, dict):
            raise self.wrong(place, "a table", value)
        return value

    def unknown(
        self, place: Place, noun: str, known: tuple[str, ...], name: str | None = None
    ) -> UsageError:
        """That there is no such name, and which one is near; by default the key itself."""
        name = place[-1] if name is None else name
        near = get_close_matches(name, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
        return self.error(place, f'there is no {noun} "{name}"; {hint}')

    def wrong(self, place: Place, wanted: str, value: object) -> UsageError:
        """That a value should be something else."""
        spelled = json.dumps(value, default=str, ensure_ascii=False)
        spelled = spelled if len(spelled) <= LONGEST else f"{spelled[:LONGEST]}..."
        return self.error(place, f"{place[-1]} should be {wanted}, not {spelled}")

    def error(self, place: Place, sentence: str) -> UsageError:
        """A sentence behind the name of the file and the line of a key."""
        return UsageError(f"{self.name}, line {line_of(self.text, place)}: {sentence}")


def parsed(text: str, where: str) -> TomlFile:
    """A file from its text.

    Args:
        text: of the file.
        where: what messages call it.

    Raises:
        UsageError: it is not TOML.
    """
    try:
        return TomlFile(where, text, tomllib.loads(text))
    except ValueError as problem:
        reason, _, position = str(problem).partition(" (at ")
        line = re.match(r"line (\d+)", position)
        last = len(text.rstrip().split("\n"))
        place = f"{where}, line {line[1] if line else last}"
        raise UsageError(f"{place}: this is not TOML: {reason}") from None


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: this is not text in UTF-8") from None


def line_of(text: str, place: Place) -> int:
    """The line, from 1, that spells a key, or as many of the tables around it as any line does.

    Text inside of inline tables and of arrays is not looked into.
    """
    table: Place = ()
    nearest, deepest = 1, 0
    for number, line in enumerate(text.split("\n"), start=1):
        spelled = SPELLED.match(line)
        if spelled is None:
            continue
        names = re.findall(NAME, spelled["table"] or spelled["key"])
        here = tuple(name.strip("\"'") for name in names)
        if spelled["table"]:
            table = here
        else:
            here = (*table, *here)
        pairs = zip(here, place, strict=False)
        depth = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if depth > deepest:
            nearest, deepest = number, depth
    return nearest
