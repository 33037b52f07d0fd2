"""The roster of a class: who is in it, and by what each can be recognised."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from harness.classes import dates
from harness.intake.files import shown
from harness.records.errors import UsageError
from harness.records.people import Handing, Person

LARGEST_ROSTER = 16 << 20
"""Bytes of a roster."""
KINDS = {
    "id": "key",
    "key": "key",
    "identifier": "participant",
    "sis user id": "sid",
    "sid": "sid",
    "student id": "sid",
    "id number": "sid",
    "idnumber": "sid",
    "sis login id": "login",
    "login": "login",
    "username": "login",
    "user": "login",
    "netid": "login",
    "integration id": "integration",
    "email": "email",
    "e-mail": "email",
    "email address": "email",
    "github_username": "github",
    "github username": "github",
    "github": "github",
}
"""What a column identifies a person by, by its header in small letters; beside a column Student,
which Canvas writes, ID is Canvas's own number."""
KEYS = ("id", "key", "participant", "sid", "login", "email", "github")
"""What a person's key is: the first of these that everybody on the roster has."""
LATE = re.compile(r"\blate$")
"""The end of Moodle's status of a late submission, as in "Submitted for grading, 1 day late"."""
NAMES = ("student", "name", "full name", "fullname")
FIRST, LAST = ("first name", "firstname"), ("surname", "last name", "lastname")


TEST_STUDENTS = ("Student, Test", "Test Student")
"""As Canvas calls the student of an instructor's "student view"."""


@dataclass(frozen=True)
class Roster:
    """The persons of a class, and what each can be recognised by."""

    people: tuple[Person, ...]
    by: dict[tuple[str, str], tuple[Person, ...]]
    """By kind and value, in small letters."""
    kinds: frozenset[str]
    """The kinds that the roster knows."""
    possible: tuple[tuple[str, str], ...] = ()
    """The cells of Canvas's row of points, by the header of their column."""

    def tests(self) -> frozenset[str]:
        """The keys of Canvas's test students, who hand in only where an instructor tries it out."""
        titles = ("student", "name")
        return frozenset(
            person.key
            for person in self.people
            if any(
                folded(title) in titles and value in TEST_STUDENTS
                for title, value in person.columns
            )
        )


def folded(text: str) -> str:
    """A text without what its writing leaves open: capitals, spaces, forms of one letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def squashed(name: str) -> str:
    """A name as Canvas puts it into the name of a file."""
    return re.sub(r"\W", "", folded(name))


def names_of(name: str) -> tuple[str, ...]:
    """A name as it is written, and with the first name in front."""
    last, comma, first = name.partition(",")
    return (name, f"{first} {last}") if comma else (name,)


def _index(people: list[tuple[Person, dict[str, str]]]) -> Roster:
    by: dict[tuple[str, str], dict[str, Person]] = defaultdict(dict)
    for person, facts in people:
        for kind, value in facts.items():
            for own in (kind, "any"):
                by[own, folded(value)][person.key] = person
        by["any", folded(person.key)][person.key] = person
        words = person.name.split()
        for name in names_of(person.name):
            by["name", folded(name)][person.key] = person
        # Canvas puts the last name first, and nothing says which words of a full name are the last.
        for cut in range(len(words)):
            turned = squashed("".join(words[cut:] + words[:cut]))
            by["squashed", turned][person.key] = person
    kinds = frozenset(kind for _, facts in people for kind in facts)
    whole = {clue: tuple(found.values()) for clue, found in by.items() if clue[1]}
    return Roster(tuple(person for person, _ in people), whole, kinds)


def read_roster(path: Path) -> Roster:
    """Reads a roster: an export of Canvas or Moodle, GitHub Classroom's, or plain columns.

    Args:
        path: a CSV file in UTF-8, separated by commas, semicolons or tabs.

    Raises:
        UsageError: it cannot be read; file, line and column are named.
    """
    text = _roster_text(path)
    header, rows = _rows(path, text)
    titles = [folded(title) for title in header]
    kinds = [KINDS.get(title, "") for title in titles]
    if "student" in titles:
        kinds = ["id" if kind == "key" else kind for kind in kinds]
    parsed, possible = [], tuple[tuple[str, str], ...]()
    for line, row in rows:
        if "points possible" in folded(row[0]):
            possible = tuple(zip(header, (cell.strip() for cell in row), strict=False))
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise UsageError(
                f"{path}: line {line}, column {len(header) + 1}: stands beyond the last column; "
                "put a name with a comma in quotation marks"
            )
        row = (row + [""] * len(header))[: len(header)]
        facts = _facts(kinds, row)
        name = _name(header, row)
        if facts or name:
            parsed.append((line, row, facts, name))
    if not parsed:
        raise UsageError(f"{path}: line 2: nobody is on the roster")
    kind = next((k for k in KEYS if all(k in facts for _, _, facts, _ in parsed)), "")
    if not kind:
        kind = next(k for k in KEYS if k in kinds)
        line = next(line for line, _, facts, _ in parsed if kind not in facts)
        title = _title(header, kinds, kind)
        raise UsageError(f"{path}: line {line}, column {title}: is empty; everybody needs one")
    people, lines = list[tuple[Person, dict[str, str]]](), dict[str, int]()
    for line, row, facts, name in parsed:
        key = facts[kind]
        if key in lines:
            raise UsageError(
                f"{path}: line {line}, column {_title(header, kinds, kind)}: "
                f"{shown(key)} stands in line {lines[key]} already"
            )
        lines[key] = line
        columns = tuple(zip(header, row, strict=True))
        people.append((Person(key, name, facts.get("email", ""), columns), facts))
    return replace(_index(people), possible=possible)


def handing(person: Person) -> Handing:
    """When a person handed in, as far as the roster says it: Moodle's worksheet and others."""
    cells = {folded(title): value.strip() for title, value in person.columns}
    submitted = next((dates.iso(cells[name]) for name in dates.COLUMNS if cells.get(name)), "")
    return Handing(bool(LATE.search(cells.get("status", ""))), submitted)


def _roster_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_ROSTER + 1)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be opened ({problem.strerror})") from None
    if len(data) > LARGEST_ROSTER:
        raise UsageError(f"{path}: is larger than {LARGEST_ROSTER >> 20} MiB; is it the roster?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start]
        line, column = before.count(b"\n") + 1, problem.start - before.rfind(b"\n")
        raise UsageError(
            f"{path}: line {line}, byte {column}: is not UTF-8; save the roster as CSV UTF-8"
        ) from None


def _rows(path: Path, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each row with its line, by the first separator that makes sense of both."""
    try:
        sniffed = [csv.Sniffer().sniff(text[:8192], ",;\t").delimiter]
    except csv.Error:
        sniffed = []
    # The sniffer can be misled by the commas inside of names.
    for separator in dict.fromkeys([*sniffed, ",", ";", "\t"]):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows: list[tuple[int, list[str]]] = []
        try:
            header = [title.strip() for title in next(reader, [])]
            if not any(KINDS.get(folded(title), "") in KEYS for title in header):
                continue
            rows.extend((reader.line_num, row) for row in reader if row)
        except csv.Error as problem:
            line = reader.line_num
            raise UsageError(f"{path}: line {line}, column 1: is no CSV ({problem})") from None
        return header, rows
    raise UsageError(
        f"{path}: line 1: has no column that tells persons apart; expected an export of Canvas "
        "(Student, ID, SIS Login ID) or Moodle (Identifier, ID number, Email address), or "
        "columns such as id, login, name, email"
    )


def _title(header: list[str], kinds: list[str], kind: str) -> str:
    """The column that tells persons apart; a participant's that holds no number holds a login."""
    return header[kinds.index(kind if kind in kinds else "participant")]


def _facts(kinds: list[str], row: list[str]) -> dict[str, str]:
    """What a row identifies its person by."""
    facts = dict[str, str]()
    for kind, cell in zip(kinds, row, strict=True):
        value = cell.strip()
        if kind == "participant":
            # Moodle writes "Participant 123", translated; GitHub Classroom writes any text.
            number = re.fullmatch(r"\D+ (\d+)", value)
            kind, value = ("participant", number[1]) if number else ("login", value)
        if kind and value:
            facts.setdefault(kind, value)
    return facts


def _name(header: list[str], row: list[str]) -> str:
    titles = [folded(title) for title in header]
    for whole in NAMES:
        if whole in titles:
            return row[titles.index(whole)].strip()
    parts = [row[titles.index(title)] for title in (*FIRST, *LAST) if title in titles]
    return " ".join(" ".join(parts).split())
