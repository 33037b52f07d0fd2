"""The formats in which a class can be exported, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from harness.records.errors import UsageError
from harness.records.people import Result
from harness.report.exports import gradebooks, gradescope, junit, lines, prairielearn, sheet
from harness.report.exports.gradebooks import Gradebook
from harness.report.words import explain

Titles = dict[str, str]
"""For each check, what holds when it passes."""


@dataclass(frozen=True)
class Text:
    """A format of one text for the class; it is made as the results come, by key."""

    write: Callable[[Iterable[Result], Titles, Gradebook], Iterable[str]]
    for_students: bool = False
    """Whether students read it: then it is as deep as the rubric's feedback allows."""


@dataclass(frozen=True)
class Pieces:
    """A format of one text for the class, in which each person has a piece of their own."""

    piece: Callable[[Result, Titles], str]
    whole: Callable[[Iterable[str]], Iterable[str]] = iter
    """The text that the pieces make, in the order of the keys."""


@dataclass(frozen=True)
class Files:
    """A format of one file for each person about whom there is something to say."""

    write: Callable[[Result, Titles], str]
    for_students: bool = True
    hides: bool = False
    """Whether the platform itself hides a check until it may be seen."""


LONGEST_STEM = 64
SAFE_STEM = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")
"""File names that no system reads as a path, an option, a hidden file or another's name."""
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""File names that Windows takes for devices, whatever follows their first dot."""

FORMATS: dict[str, Text | Pieces | Files] = {
    "canvas": Text(lambda results, titles, book: [gradebooks.canvas(results, book)]),
    "csv": Text(lambda results, titles, book: [sheet.plain(results)]),
    "gradescope": Files(gradescope.results, hides=True),
    "jsonl": Pieces(lines.line),
    "junit": Pieces(junit.suites, junit.xml),
    "moodle": Text(
        lambda results, titles, book: [gradebooks.moodle(results, book)], for_students=True
    ),
    "moodle-worksheet": Text(
        lambda results, titles, book: [gradebooks.worksheet(results, book)], for_students=True
    ),
    "prairielearn": Files(prairielearn.results),
}
"""Each format by the name that the command has for it. The same results give the same bytes; the
text is to be written as UTF-8, newlines as they are."""


def file_name(key: str, suffix: str = ".json") -> str:
    """A safe name for a person's file: no two keys share one, on any file system."""
    stem = explain.key(key)
    safe = SAFE_STEM.fullmatch(stem) and len(stem) <= LONGEST_STEM
    if not safe or stem.partition(".")[0] in RESERVED:
        words = re.sub("[^a-z0-9_-]+", "-", key[:LONGEST_STEM].lower()).strip("-_")
        stem = f"{words or 'person'}~{explain.digest(key)}"
    return f"{stem}{suffix}"


def files(form: Files, results: Iterable[Result], titles: Titles) -> Iterator[tuple[str, str]]:
    """The name and the text of each person's file, as the results come.

    Raises:
        UsageError: two results are of one person.
    """
    names = set[str]()
    for result in results:
        if explain.empty(result):
            continue
        name = file_name(result.person.key)
        if name in names:
            raise UsageError(f"two results belong to {explain.key(result.person.key)!r}")
        names.add(name)
        yield name, form.write(result, titles)
