"""Find the submissions of a class, and whose each is.

Everybody comes out once: with files, with the reason why they cannot be read, or as absent. What
belongs to nobody on the roster, and what was handed in more than once, is listed and never
dropped.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from harness.classes.layouts import Handed, layout
from harness.intake import archives
from harness.intake.files import Files, shown
from harness.intake.submissions import files_at, graded
from harness.records.errors import SubmissionError, UsageError
from harness.records.people import Person

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
NAMES = ("student", "name", "full name", "fullname")
FIRST, LAST = ("first name", "firstname"), ("surname", "last name", "lastname")


@dataclass(frozen=True)
class Entry:
    """A person's submission, ready to be read by `submissions.of`."""

    person: Person
    files: Files
    """Each file is read when it is asked for."""
    origin: str
    """Where it was found."""
    late: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A person whose submission cannot be graded: they get no points, with the reason."""

    person: Person
    reason: str
    origin: str
    late: bool = False


@dataclass(frozen=True)
class Duplicate:
    """A person who handed in more than once."""

    person: Person
    taken: str
    """What counts: the latest by the platform's own number; empty where nothing tells."""
    others: tuple[str, ...]
    """What does not count."""


@dataclass(frozen=True)
class Class:
    """What a class handed in."""

    layout: str
    """How it was laid out: gradescope, moodle, canvas, github classroom, one submission, or which
    of archives, files and folders there are."""
    where: str
    """The folder or archive in which the submissions stand side by side."""
    entries: tuple[Entry, ...]
    unreadable: tuple[Unreadable, ...]
    duplicates: tuple[Duplicate, ...]
    unknown: tuple[Entry | Unreadable, ...]
    """Handed in by nobody on the roster; empty where there is no roster."""
    absent: tuple[Person, ...]
    """On the roster, and nothing handed in."""
    passed_over: tuple[str, ...]
    """What stands beside the submissions and is none."""


@dataclass(frozen=True)
class Roster:
    """The persons of a class, and what each can be recognised by."""

    people: tuple[Person, ...]
    by: dict[tuple[str, str], tuple[Person, ...]]
    """By kind and value, in small letters."""
    kinds: frozenset[str]
    """The kinds that the roster knows."""


def class_of(path: Path, roster: Path | None = None) -> Class:
    """Finds the submissions of a class.

    Args:
        path: a folder, a zip or a tar: one file, folder or archive for each student, or what
            Canvas, Moodle, Gradescope or GitHub Classroom exports.
        roster: a CSV file with those who belong to the class.

    Raises:
        SubmissionError: there are no submissions, two layouts are mixed, or an archive of the
            whole class is damaged.
        UsageError: the roster cannot be read; file, line and column are named.
    """
    known = read_roster(roster) if roster else None
    found = layout(_opened(path))
    whose: dict[str, list[tuple[Person, Handed]]] = defaultdict(list)
    strangers = set[str]()
    for handed in found.handed:
        person = _recognised(handed, known) if known else None
        if person is None:
            person = Person(handed.key, handed.name, handed.email)
            if known:
                # A stranger may have the key that somebody on the roster has by another column.
                strangers.add(key := f"\0{handed.key}")
                whose[key].append((person, handed))
                continue
        whose[person.key].append((person, handed))
    entries, unreadable, duplicates = list[Entry](), list[Unreadable](), list[Duplicate]()
    unknown = list[Entry | Unreadable]()
    for key, several in whose.items():
        person = several[0][0]
        one, duplicate = _one_of(person, [handed for _, handed in several])
        if duplicate:
            duplicates.append(duplicate)
        if key in strangers:
            unknown.append(one)
        elif isinstance(one, Entry):
            entries.append(one)
        else:
            unreadable.append(one)
    absent = tuple(one for one in known.people if one.key not in whose) if known else ()
    return Class(
        found.layout,
        found.where,
        tuple(entries),
        tuple(unreadable),
        tuple(duplicates),
        tuple(unknown),
        absent,
        found.passed_over,
    )


def _opened(path: Path) -> Files:
    """All files of a class."""
    if path.is_dir():
        # The instructor's own folder may well be reached by a link.
        return files_at(path.resolve() if path.is_symlink() else path)
    if not path.exists():
        raise SubmissionError(f"{path}: there is no such file or folder")
    if not path.is_file() or not archives.is_archive(path.name):
        raise SubmissionError(f"{path}: is neither a folder nor an archive of submissions")
    return archives.open_archive(path, str(path), archives.CLASS)


def _one_of(person: Person, handed: list[Handed]) -> tuple[Entry | Unreadable, Duplicate | None]:
    """What counts of all that a person handed in, and the report on the rest."""
    # A person who is named twice for one submission handed it in once.
    handed = list({one.origin: one for one in handed}.values())
    numbers = [one.number for one in handed if one.number is not None]
    taken = max(handed, key=lambda one: one.number or 0)
    if len(handed) > 1 and len(set(numbers)) < len(handed):
        origins = tuple(one.origin for one in handed)
        reason = (
            f"{origins[0]}: is one of {len(handed)} submissions of one person, and nothing says "
            f"which is the latest ({', '.join(origins[1:4])}); keep one of them"
        )
        late = any(one.late for one in handed)
        return Unreadable(person, reason, origins[0], late), Duplicate(person, "", origins)
    others = tuple(one.origin for one in handed if one is not taken)
    older = others + tuple(origin for one in handed for origin in one.older)
    duplicate = Duplicate(person, taken.origin, older) if older else None
    try:
        graded(taken.files)
    except SubmissionError as problem:
        return Unreadable(person, str(problem), taken.origin, taken.late), duplicate
    return Entry(person, taken.files, taken.origin, taken.late), duplicate


# --- whose it is ----------------------------------------------------------------------------


def _recognised(handed: Handed, roster: Roster) -> Person | None:
    """The one person on the roster whom a clue names; two are as good as none."""
    for kind, value in handed.clues:
        if kind == "squashed":
            value = _squashed(value)
        found = roster.by.get((kind, _folded(value)), ())
        if len(found) == 1:
            return found[0]
        # Where the roster has the platform's own numbers, a name does not make up for one.
        if kind in ("id", "participant") and kind in roster.kinds:
            return None
    return None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _squashed(name: str) -> str:
    """A name as Canvas puts it into the name of a file."""
    return re.sub(r"\W", "", _folded(name))


def _index(people: list[tuple[Person, dict[str, str]]]) -> Roster:
    by: dict[tuple[str, str], dict[str, Person]] = defaultdict(dict)
    for person, facts in people:
        for kind, value in facts.items():
            for own in (kind, "any"):
                by[own, _folded(value)][person.key] = person
        by["any", _folded(person.key)][person.key] = person
        last, comma, first = person.name.partition(",")
        words = person.name.split()
        for name in (person.name, f"{first} {last}" if comma else person.name):
            by["name", _folded(name)][person.key] = person
        # Canvas puts the last name first, and nothing says which words of a full name are the last.
        for cut in range(len(words)):
            turned = _squashed("".join(words[cut:] + words[:cut]))
            by["squashed", turned][person.key] = person
    kinds = frozenset(kind for _, facts in people for kind in facts)
    whole = {clue: tuple(found.values()) for clue, found in by.items() if clue[1]}
    return Roster(tuple(person for person, _ in people), whole, kinds)


# --- the roster -----------------------------------------------------------------------------


def read_roster(path: Path) -> Roster:
    """Reads a roster: an export of Canvas or Moodle, GitHub Classroom's, or plain columns.

    Args:
        path: a CSV file in UTF-8, separated by commas, semicolons or tabs.

    Raises:
        UsageError: it cannot be read; file, line and column are named.
    """
    text = _roster_text(path)
    header, rows = _rows(path, text)
    titles = [_folded(title) for title in header]
    kinds = [KINDS.get(title, "") for title in titles]
    if "student" in titles:
        kinds = ["id" if kind == "key" else kind for kind in kinds]
    parsed = []
    for line, row in rows:
        if not any(cell.strip() for cell in row) or "points possible" in _folded(row[0]):
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
    return _index(people)


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
            if not any(KINDS.get(_folded(title), "") in KEYS for title in header):
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
    titles = [_folded(title) for title in header]
    for whole in NAMES:
        if whole in titles:
            return row[titles.index(whole)].strip()
    parts = [row[titles.index(title)] for title in (*FIRST, *LAST) if title in titles]
    return " ".join(" ".join(parts).split())
