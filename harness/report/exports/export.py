"""The formats in which a class can be exported, by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.records.errors import UsageError
from harness.records.people import Result
from harness.report.exports import gradescope, junit, lines, prairielearn, sheet
from harness.report.words import explain

Export = Callable[[tuple[Result, ...], dict[str, str], str], str | dict[str, str]]
"""A class, the titles of the checks and the name of the gradebook's column; to the text of one
file, or to the text of each person's file by its name."""

LONGEST_STEM = 64
SAFE_STEM = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")
"""File names that no system reads as a path, an option, a hidden file or another's name."""
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""File names that Windows takes for devices, whatever follows their first dot."""

FORMATS: dict[str, Export] = {
    "canvas": lambda results, titles, column: sheet.canvas(results, column),
    "csv": lambda results, titles, column: sheet.plain(results),
    "gradescope": lambda results, titles, column: _each(results, titles, gradescope.results),
    "jsonl": lambda results, titles, column: lines.encode(results),
    "junit": lambda results, titles, column: junit.xml(results, titles),
    "moodle": lambda results, titles, column: sheet.moodle(results, column),
    "prairielearn": lambda results, titles, column: _each(results, titles, prairielearn.results),
}
"""Each format by the name that the command has for it. The same results give the same bytes,
in whatever order they come; the text is to be written as UTF-8, newlines as they are."""


def file_name(key: str, suffix: str = ".json") -> str:
    """A safe name for a person's file: no two keys share one, on any file system."""
    stem = explain.key(key)
    safe = SAFE_STEM.fullmatch(stem) and len(stem) <= LONGEST_STEM
    if not safe or stem.partition(".")[0] in RESERVED:
        words = re.sub("[^a-z0-9_-]+", "-", key[:LONGEST_STEM].lower()).strip("-_")
        stem = f"{words or 'person'}~{explain.digest(key)}"
    return f"{stem}{suffix}"


def _each(
    results: tuple[Result, ...],
    titles: dict[str, str],
    of_one: Callable[[Result, dict[str, str]], str],
) -> dict[str, str]:
    """A file for each person about whom there is something to say."""
    files: dict[str, str] = {}
    told = (result for result in results if not explain.empty(result))
    for result in sorted(told, key=lambda result: result.person.key):
        name = file_name(result.person.key)
        if name in files:
            raise UsageError(f"two results belong to {explain.key(result.person.key)!r}")
        files[name] = of_one(result, titles)
    return files
