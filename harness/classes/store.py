"""Grades on disk: one SQLite file that is right at every moment.

Each grade is committed as it is made, so whatever ends the run (a power cut, kill -9) loses at
most what was being graded. A run that is started again skips what is there already and was made
from the same submission, rubric, seed and versions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from harness.records.errors import UsageError
from harness.records.handed_in import Submission
from harness.records.people import Adjustment, Handing, Person, Result
from harness.records.stored import decode, encode
from harness.records.verdict import Grade

FORMAT = 3
"""Raised when what is written can no longer be read; 3 keeps submissions, and when they came."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS person (
    key TEXT PRIMARY KEY, person BLOB NOT NULL, handing BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS submission (key TEXT PRIMARY KEY, submission BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS grade (
    key TEXT NOT NULL, assignment TEXT NOT NULL, stamp TEXT NOT NULL, grade BLOB NOT NULL,
    PRIMARY KEY (key, assignment)
);
CREATE TABLE IF NOT EXISTS adjustment (
    key TEXT NOT NULL, place INTEGER NOT NULL, change BLOB NOT NULL
);
"""


class Store:
    """A file of results; a context manager.

    Args:
        path: the file; it is made where there is none.
        writes: whether anything will be put into it.
    """

    def __init__(self, path: Path, *, writes: bool = False) -> None:
        self.path = path
        if not writes and not path.is_file():
            raise UsageError(f"{path}: there are no results")
        with self._sentence():
            self._base = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        with self._sentence():
            if writes:
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.executescript(SCHEMA)
                self._base.execute("PRAGMA synchronous = NORMAL")
        known = self.fact("format")
        if known is None and writes:
            self.note("format", FORMAT)
        elif known != FORMAT:
            raise UsageError(
                f"{path}: another version of adjudge wrote these results; "
                "grade the class again into a new file"
            )

    def note(self, name: str, value: Any) -> None:
        """Keeps a fact about the run: text, numbers, lists."""
        with self._sentence():
            row = (name, msgspec.msgpack.encode(value))
            self._base.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", row)

    def fact(self, name: str) -> Any:
        """A fact about the run, or None."""
        with self._sentence():
            found = self._base.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if found is None else msgspec.msgpack.decode(found[0])

    def enrol(self, people: Iterable[tuple[Person, Handing]], *, only: bool) -> None:
        """Keeps who is in the class, and when they handed in.

        Args:
            people: each person, and when the submission came.
            only: whether others stay in the class; else their grades go too.
        """
        rows = [(person.key, encode(person), encode(when)) for person, when in people]
        with self._sentence(), self._base:
            self._base.execute("BEGIN")
            if not only:
                keys = {row[0] for row in rows}
                known = [key for (key,) in self._base.execute("SELECT key FROM person")]
                gone = [(key,) for key in known if key not in keys]
                self._base.executemany("DELETE FROM person WHERE key = ?", gone)
                self._base.executemany("DELETE FROM grade WHERE key = ?", gone)
                self._base.executemany("DELETE FROM submission WHERE key = ?", gone)
            self._base.executemany("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", rows)

    def put(
        self, key: str, stamp: str, grades: Iterable[Grade], submission: Submission | None = None
    ) -> None:
        """Keeps the grades of one submission, and what was graded: all or, if it stops, none."""
        rows = [(key, grade.assignment, stamp, encode(grade)) for grade in grades]
        with self._sentence(), self._base:
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM submission WHERE key = ?", (key,))
            if submission is not None:
                row = (key, encode(submission))
                self._base.execute("INSERT INTO submission VALUES (?, ?)", row)
            self._base.executemany("INSERT OR REPLACE INTO grade VALUES (?, ?, ?, ?)", rows)

    def stamps(self) -> dict[tuple[str, str], str]:
        """From what each grade was made, by person and assignment."""
        with self._sentence():
            rows = self._base.execute("SELECT key, assignment, stamp FROM grade")
            return {(key, assignment): stamp for key, assignment, stamp in rows}

    def adjust(self, changes: Iterable[Adjustment]) -> None:
        """Keeps what a person has changed by hand, in the place of what was kept before."""
        rows = [(change.key, place, encode(change)) for place, change in enumerate(changes)]
        with self._sentence(), self._base:
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM adjustment")
            self._base.executemany("INSERT INTO adjustment VALUES (?, ?, ?)", rows)

    def adjustments(self) -> tuple[Adjustment, ...]:
        """What persons have changed by hand, in their order."""
        with self._sentence():
            rows = self._base.execute("SELECT change FROM adjustment ORDER BY place").fetchall()
        return tuple(decode(row) for (row,) in rows)

    def people(self) -> tuple[Person, ...]:
        """Everybody in the class, in the order of their keys."""
        with self._sentence():
            rows = self._base.execute("SELECT person FROM person ORDER BY key").fetchall()
        return tuple(decode(row) for (row,) in rows)

    def submission(self, key: str) -> Submission | None:
        """What a person handed in, as it was graded; None where it could not be read."""
        with self._sentence():
            found = self._base.execute(
                "SELECT submission FROM submission WHERE key = ?", (key,)
            ).fetchone()
        return None if found is None else decode(found[0])

    def keys(self) -> tuple[str, ...]:
        """The keys of those of whom something is said, in their order: a grade, or a change."""
        plan = self.fact("plan")
        with self._sentence():
            rows = self._base.execute(
                "SELECT key FROM person WHERE key IN (SELECT key FROM adjustment)"
                " OR key IN (SELECT key FROM grade WHERE ? IS NULL"
                " OR substr(stamp, -length(?) - 1) = '/' || ?)"
                " ORDER BY key",
                (plan, plan, plan),
            ).fetchall()
        return tuple(key for (key,) in rows)

    def each(
        self, only: Iterable[str] | None = None, without: tuple[str, ...] = ()
    ) -> Iterator[Result]:
        """The results one by one, as they were graded, in the order of the keys.

        A class of any size takes no more memory than one person. A grade that was made by another
        plan than the store's own is none of them: two plans are never mixed.

        Args:
            only: the keys of some persons, where not all are asked for; in that order.
            without: fields that nobody will look at, so that they are not read.
        """
        plan = self.fact("plan")
        if only is None:
            with self._sentence():
                rows = self._base.execute("SELECT key FROM person ORDER BY key").fetchall()
            only = [key for (key,) in rows]
        for key in only:
            with self._sentence():
                found = self._base.execute(
                    "SELECT person, handing FROM person WHERE key = ?", (key,)
                ).fetchone()
                grades = self._base.execute(
                    "SELECT stamp, grade FROM grade WHERE key = ? ORDER BY assignment DESC", (key,)
                ).fetchall()
                changes = self._base.execute(
                    "SELECT change FROM adjustment WHERE key = ? ORDER BY place", (key,)
                ).fetchall()
            if found is None:
                continue
            current = (row for stamp, row in grades if plan is None or stamp.endswith(f"/{plan}"))
            yield Result(
                decode(found[0]),
                tuple(decode(row, without) for row in current),
                tuple(decode(row) for (row,) in changes),
                decode(found[1]),
            )

    def close(self) -> None:
        """Closes the file; what was written to its log is put into it."""
        with self._sentence():
            self._base.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _sentence(self) -> Iterator[None]:
        """Says in one sentence what a full disk, a read-only folder or a foreign file is."""
        try:
            yield
        except sqlite3.Error as problem:
            raise UsageError(f"{self.path}: cannot be read or written ({problem})") from None
