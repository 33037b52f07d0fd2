"""What Gradescope says of a submission beside it: who, when, how often before.

https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/ names the fields.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from harness.classes import dates
from harness.judging.class_rules import Attempts
from harness.records.people import Person


class Dates(msgspec.Struct, frozen=True):
    """When something is due, for everybody or for one person who was given more time."""

    due_date: str | None = None


class User(msgspec.Struct, frozen=True):
    """One of those who handed in together."""

    id: int | str = ""
    name: str = ""
    email: str = ""
    assignment: Dates = Dates()


class Earlier(msgspec.Struct, frozen=True):
    """A submission that was handed in before."""

    submission_time: str = ""
    score: float | str | None = None


class Metadata(msgspec.Struct, frozen=True):
    """What is used of Gradescope's submission_metadata.json."""

    created_at: str = ""
    users: tuple[User, ...] = ()
    assignment: Dates = Dates()
    previous_submissions: tuple[Earlier, ...] = ()

    @property
    def person(self) -> Person:
        """Who handed in; nobody in particular where Gradescope does not say it."""
        keys, names = [str(user.id) for user in self.users], [user.name for user in self.users]
        email = self.users[0].email if len(self.users) == 1 else ""
        return Person("+".join(keys) or "student", ", ".join(names), email)

    @property
    def extended(self) -> list[datetime]:
        """The dates that were set for those who handed in, each with its zone."""
        own = (dates.moment(user.assignment.due_date or "") for user in self.users)
        return [date for date in own if date is not None and date.tzinfo]

    @property
    def late(self) -> bool:
        """Whether it came after the last of the dates that hold for it, as far as they are told."""
        created = dates.moment(self.created_at)
        everybody = dates.moment(self.assignment.due_date or "")
        due = self.extended or ([everybody] if everybody and everybody.tzinfo else [])
        return created is not None and bool(created.tzinfo and due) and created > max(due)

    def earlier(self, attempts: Attempts) -> int:
        """How many submissions were handed in before, in the hours that count."""
        now = dates.moment(self.created_at)
        times = [dates.moment(each.submission_time) for each in self.previous_submissions]
        if not attempts.hours or now is None:
            return len(times)
        since = now - timedelta(hours=attempts.hours)
        return sum(time is None or time > since for time in times)

    @property
    def last_score(self) -> float | None:
        """What the submission before got, where Gradescope says it."""
        try:
            return float(self.previous_submissions[-1].score or "")
        except (IndexError, ValueError):
            return None


def read(file: Path) -> Metadata:
    """What Gradescope says of a submission; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Metadata)
    except (OSError, msgspec.MsgspecError) as problem:
        sys.stdout.write(f"{file.name}: not read ({problem})\n")
        return Metadata()
