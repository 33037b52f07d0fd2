"""What an instructor decides by hand, from a file: points, comments, more time.

One line of a CSV, or one [[change]] of a TOML file, for each; docs/guides/grade-a-class.md has the
columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec

from harness.classes.who import Who
from harness.judging.check import Assignment
from harness.judging.toml_file import MOST, parsed, text_of
from harness.records.errors import UsageError
from harness.records.people import Adjustment

COLUMNS = ("key", "check", "points", "reason", "by", "hours")
DECIDES = ("points", "reason", "by", "hours")
"""The columns of a decision; a line that has none of them is still to be decided."""
OTHER_NAMES = {"comment": "reason", "student": "key"}
"""What a column may be called besides."""
Amount = Annotated[float, msgspec.Meta(gt=-MOST, lt=MOST)]


def changes_in(file: Path, who: Who, assignments: Sequence[Assignment]) -> list[Adjustment]:
    """The changes that a file holds.

    Args:
        file: a CSV or, by its suffix, TOML.
        who: finds the person whom a line names by a key, a login, an email or a name.
        assignments: whose checks a line may name.

    Raises:
        UsageError: a column is missing, a line makes no sense, or names nobody of the class.
    """
    rows = _toml(file) if file.suffix == ".toml" else _csv(file)
    checks = {check.name for each in assignments for check in each.checks}
    decided = ((where, row) for where, row in rows if any(row.get(name) for name in DECIDES))
    return [_change(where, row, who, checks) for where, row in decided]


def _change(where: str, row: dict[str, Any], who: Who, checks: set[str]) -> Adjustment:
    amounts = {}
    for name in ("points", "hours"):
        try:
            amounts[name] = msgspec.convert(row.get(name) or 0, Amount, strict=False)
        except msgspec.ValidationError:
            raise UsageError(f"{where}: {name} is no number") from None
    texts = {name: str(row.get(name) or "").strip() for name in ("key", "check", "reason", "by")}
    if not all(texts[name] for name in ("key", "reason", "by")):
        raise UsageError(f"{where}: key, points, reason and by must be given")
    if amounts["hours"] < 0:
        raise UsageError(f"{where}: hours are more time, not less")
    check = texts["check"]
    if check and check not in checks:
        near = get_close_matches(check, checks, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise UsageError(f'{where}: there is no check "{check}"{hint}')
    try:
        person = who.one(texts["key"])
    except UsageError as problem:
        raise UsageError(f"{where}: {problem}") from None
    points, hours = amounts["points"], amounts["hours"]
    return Adjustment(person.key, points, texts["reason"], texts["by"], check, hours)


def _csv(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row and where it stands."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [title.strip().casefold() for title in next(rows, [])]
        header = [OTHER_NAMES.get(title, title) for title in header]
        lines = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UsageError(f"{file}: cannot be read ({problem})") from None
    for name in ("key", "points", "reason", "by"):
        if name not in header:
            raise UsageError(f"{file}: has no column {name!r}")
    _known(str(file), header)
    for line, row in lines:
        if len(row) > len(header):
            raise UsageError(f"{file}, line {line}: has more cells than there are columns")
        yield f"{file}, line {line}", dict(zip(header, row, strict=False))


def _toml(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each change and where it stands."""
    content = parsed(text_of(file), str(file)).content
    changes = content.get("change", [])
    if {*content} - {"change"} or not isinstance(changes, list):
        raise UsageError(f"{file}: holds more than [[change]] tables")
    for number, change in enumerate(changes, start=1):
        row = {OTHER_NAMES.get(name, name): value for name, value in change.items()}
        _known(f"{file}, change {number}", list(row))
        yield f"{file}, change {number}", row


def _known(where: str, names: list[str]) -> None:
    for name in names:
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(COLUMNS)}"
            raise UsageError(f'{where}: there is no column "{name}"; {hint}')
