"""What goes back to students: each one's page under the name by which a platform knows whose it is.

Moodle: mod/assign/feedback/file/importziplib.php takes a zip in which a folder is called
"Full name_NUMBER_assignfeedback_file_". Canvas: "Re-Upload Submissions" takes a zip in which files
are called as they were downloaded, with the number of the user and that of the file; each becomes a
comment under the name of the student's own file, so it is text of that kind. Elsewhere: one folder
for each student.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec

from harness.records.errors import UsageError
from harness.records.people import Person, Result
from harness.report.exports.export import file_name
from harness.report.words import explain

PAGE = "feedback.html"
START = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same content gives the same bytes."""
CANVAS = re.compile(r"(?:[^_]*_)?(?:LATE_)?\d+_\d+_.+")
"""The name of a file as Canvas writes it."""


@dataclass(frozen=True)
class Feedback:
    """What goes back to one student."""

    result: Result
    """As deep as the student may read."""
    page: str
    origin: str
    """Where the submission was found."""


def moodle(each: Feedback, titles: Mapping[str, str]) -> dict[str, bytes]:
    """The page in the folder that Moodle has for a participant, where one is known."""
    person = each.result.person
    number = participant(person)
    name = re.sub(r"[_/\\]", "-", explain.plain(person.name)) or "student"
    return {f"{name}_{number}_assignfeedback_file_/{PAGE}": each.page.encode()} if number else {}


def participant(person: Person) -> str:
    """The number of Moodle's participant; nothing where none is known."""
    identifier = dict(person.columns).get("Identifier", person.key)
    found = re.fullmatch(r"(?:\D+ )?(\d+)", identifier)
    return found[1] if found else ""


def canvas(each: Feedback, titles: Mapping[str, str]) -> dict[str, bytes]:
    """The report under the name that the student's file has in Canvas's download, if it has one."""
    name = PurePosixPath(each.origin).name
    if not CANVAS.fullmatch(name):
        return {}
    text = report(each.result, dict(titles))
    return {name: _as(PurePosixPath(name).suffix.lower(), text, each.page)}


def folder(each: Feedback, titles: Mapping[str, str]) -> dict[str, bytes]:
    """The page and the report in a folder of the student's own."""
    room = file_name(each.result.person.key, "")
    text = report(each.result, dict(titles))
    return {f"{room}/{PAGE}": each.page.encode(), f"{room}/feedback.txt": text.encode()}


FORMS: dict[str, Callable[[Feedback, Mapping[str, str]], dict[str, bytes]]] = {
    "moodle-feedback": moodle,
    "canvas-comments": canvas,
    "folders": folder,
}
"""What can be handed back, by name; the first two are zips. Who is not known to the platform gets
nothing."""
NEEDS = {
    "moodle-feedback": "grade the download of the assignment, or with the worksheet as --roster",
    "canvas-comments": "grade Canvas's download of the submissions",
}
"""What makes people known to a platform."""


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files, whose bytes depend on nothing but them; nothing where there are none.

    Raises:
        UsageError: two files have one name.
    """
    packed, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            if name in names:
                raise UsageError(f"two students would get {name}")
            names.add(name)
            entry = zipfile.ZipInfo(name, START)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue() if names else b""


def report(result: Result, titles: dict[str, str]) -> str:
    """What a student reads as plain text: the remarks, then every check that did not pass."""
    blocks = ["\n".join(explain.remarks(result))]
    for check in explain.checks(result, titles):
        if not check.right:
            head = f"{check.name}: {check.title}" if check.title else check.name
            parts = (head, check.message, check.program)
            blocks.append("\n".join(part for part in parts if part))
    return "\n\n".join(blocks) + "\n"


def _as(suffix: str, text: str, page: str) -> bytes:
    """A report as comments of Python, as a cell of a notebook, or as a page in a zip."""
    if suffix == ".ipynb":
        fenced = "```text\n" + text.replace("```", "'''") + "```\n"
        cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": fenced}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return msgspec.json.encode(notebook)
    if suffix in (".zip", ".gz", ".tar", ".tgz", ".xz", ".bz2"):
        return zipped([(PAGE, page.encode())])
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines()).encode()
