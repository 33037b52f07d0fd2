"""Moments as platforms write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

COLUMNS = (
    *("last modified (submission)", "submission timestamp", "submission_timestamp"),
    *("submission time", "submitted at", "submitted_at", "submitted"),
)
"""The headers, in small letters, under which a roster has the moment of a submission: Moodle's
worksheet, GitHub Classroom's dashboard, Gradescope's and plain tables."""
ZONES = {"UTC": "+00:00", "Z": "+00:00", "GMT": "+00:00"}
FORMS = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %I:%M:%S %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
)
"""Moodle's long date in English, by either clock."""


def moment(text: str) -> datetime | None:
    """The moment that a text names, or None; without a zone where the text has none.

    Args:
        text: ISO 8601, also with fractions of a second and a zone's name as Ruby writes them, or
            Moodle's long date.
    """
    text = " ".join(text.replace("\u202f", " ").split())
    iso = re.fullmatch(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(.*)", text)
    if iso:
        zone = ZONES.get(iso[2], iso[2])
        try:
            return datetime.fromisoformat(iso[1].replace(" ", "T") + zone)
        except ValueError:
            return None
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def iso(text: str) -> str:
    """The moment that a text names in ISO 8601, in UTC where it has a zone; nothing without one."""
    found = moment(text)
    if found is None:
        return ""
    return (found.astimezone(UTC) if found.tzinfo else found).isoformat()
