"""Find the submissions of a class, and whose each is.

Everybody comes out once: with files, with the reason why they cannot be read, or as absent. What
belongs to nobody on the roster, and what was handed in more than once, is listed and never
dropped.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from harness.classes import groups as grouped
from harness.classes.layouts import Handed, layout
from harness.classes.roster import Roster, folded, handing, read_roster, squashed
from harness.intake import archives
from harness.intake.files import Files
from harness.intake.submissions import files_at, graded
from harness.records.errors import SubmissionError
from harness.records.people import UNKNOWN, Handing, Person


@dataclass(frozen=True)
class Entry:
    """A person's submission, ready to be read by `submissions.of`."""

    person: Person
    files: Files
    """Each file is read when it is asked for."""
    origin: str
    """Where it was found."""
    handing: Handing = UNKNOWN


@dataclass(frozen=True)
class Unreadable:
    """A person whose submission cannot be graded: they get no points, with the reason."""

    person: Person
    reason: str
    origin: str
    handing: Handing = UNKNOWN


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
    possible: tuple[tuple[str, str], ...] = ()
    """The points possible that Canvas's gradebook states, by the header of its column."""


def class_of(path: Path, roster: Path | None = None, groups: Path | None = None) -> Class:
    """Finds the submissions of a class.

    Args:
        path: a folder, a zip or a tar: one file, folder or archive for each student, or what
            Canvas, Moodle, Gradescope or GitHub Classroom exports.
        roster: a CSV file with those who belong to the class.
        groups: a CSV file that says who works together, as Canvas exports a set of groups; what one
            of a group handed in is everybody's in it.

    Raises:
        SubmissionError: there are no submissions, two layouts are mixed, or an archive of the
            whole class is damaged.
        UsageError: the roster or the groups cannot be read; file, line and column are named.
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
    if groups is not None:
        grouped.shared(whose, groups, known.people if known else ())
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
    people = known.people if known else ()
    tests = known.tests() if known else frozenset[str]()
    absent = tuple(p for p in people if p.key not in whose and p.key not in tests)
    return Class(
        found.layout,
        found.where,
        tuple(entries),
        tuple(unreadable),
        tuple(duplicates),
        tuple(unknown),
        absent,
        found.passed_over,
        known.possible if known else (),
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
        when = Handing(any(one.handing.late for one in handed))
        return Unreadable(person, reason, origins[0], when), Duplicate(person, "", origins)
    others = tuple(one.origin for one in handed if one is not taken)
    older = others + tuple(origin for one in handed for origin in one.older)
    duplicate = Duplicate(person, taken.origin, older) if older else None
    when = _when(person, taken)
    try:
        graded(taken.files)
    except SubmissionError as problem:
        return Unreadable(person, str(problem), taken.origin, when), duplicate
    return Entry(person, taken.files, taken.origin, when), duplicate


def _when(person: Person, taken: Handed) -> Handing:
    """When a submission was handed in, by the export it came in and by the roster."""
    listed = handing(person)
    late = taken.handing.late or listed.late
    return Handing(late, taken.handing.submitted or listed.submitted)


def _recognised(handed: Handed, roster: Roster) -> Person | None:
    """The one person on the roster whom a clue names; two are as good as none."""
    for kind, value in handed.clues:
        if kind == "squashed":
            value = squashed(value)
        found = roster.by.get((kind, folded(value)), ())
        if len(found) == 1:
            return found[0]
        # Where the roster has the platform's own numbers, a name does not make up for one.
        if kind in ("id", "participant") and kind in roster.kinds:
            return None
    return None
