"""Who works together: what one of a group handed in is everybody's in it."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness.classes.layouts import Handed
from harness.classes.roster import folded
from harness.classes.who import Who
from harness.intake.files import in_memory
from harness.records.errors import UsageError
from harness.records.people import Person

GROUP = ("group_name", "group name", "group")
"""The headers that name a group; the first is Canvas's."""
MEMBER = ("canvas_user_id", "user_id", "login_id", "key", "id", "login", "email", "name")
"""The headers that name one of its members, the surest first."""


def shared(
    whose: dict[str, list[tuple[Person, Handed]]], file: Path, people: Iterable[Person]
) -> None:
    """Gives each group's submission to those of the group who have none of their own.

    Where several of a group have handed in, nothing says whose counts for the others.

    Args:
        whose: what each person handed in, by key; it grows.
        file: the CSV that names groups.
        people: who is on the roster.

    Raises:
        UsageError: the file cannot be read, or names nobody of the class.
    """
    known = {person.key: person for person in people}
    known |= {key: several[0][0] for key, several in whose.items()}
    for name, members in read(file, Who(known.values())).items():
        own = [handed for person in members for _, handed in whose.get(person.key, [])]
        origins = {handed.origin for handed in own}
        without = [person for person in members if person.key not in whose]
        for person in without if own else []:
            handed = own[0]
            if len(origins) > 1:
                reason = (
                    f"{len(origins)} submissions come from the group {name}, and nothing says "
                    "which one counts for all of it; keep one of them"
                )
                nothing = replace(in_memory({}, handed.origin), refused=(("", reason),))
                handed = replace(handed, files=nothing)
            whose[person.key].append((person, handed))


def read(file: Path, who: Who) -> dict[str, list[Person]]:
    """The members of each group.

    Raises:
        UsageError: the file cannot be read, has no column for groups or members, or names somebody
            who is not in the class.
    """
    try:
        rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
        header = [folded(title) for title in next(rows, [])]
        lines = [(rows.line_num, dict(zip(header, row, strict=False))) for row in rows if row]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UsageError(f"{file}: cannot be read ({problem})") from None
    group = next((title for title in GROUP if title in header), None)
    columns = [title for title in MEMBER if title in header]
    if group is None or not columns:
        raise UsageError(
            f"{file}: needs a column group_name and one that names the member, such as login_id"
        )
    members: dict[str, list[Person]] = defaultdict(list)
    for line, row in lines:
        name = row.get(group, "").strip()
        called = [row[title].strip() for title in columns if row.get(title, "").strip()]
        found = next((person for text in called if (person := who.find(text))), None)
        if name and found is None:
            raise UsageError(f"{file}, line {line}: nobody in this class is {', '.join(called)}")
        if name and found is not None:
            members[name].append(found)
    return members
