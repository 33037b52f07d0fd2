"""What a rubric says of a whole class: what lateness costs, how many submissions are graded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from harness.judging.toml_file import Number, TomlFile, Whole, kind, parsed

Moment = Annotated[
    datetime, kind("a date and a time with their zone, as 2026-11-20T23:59:00+01:00", tz=True)
]
Part = Annotated[float, kind("a number from 0 to 100", ge=0, le=100)]
CLASS: dict[str, Any] = {
    "lateness": {"due": Moment, "per_day": Part, "grace_minutes": Number, "most": Part},
    "submissions": {"most": Whole, "hours": Number},
}
"""Keys that hold for a class and no assignment in particular."""


@dataclass(frozen=True)
class Lateness:
    """What it costs to be late."""

    due: datetime
    """With its zone."""
    per_day: float = 0.0
    """Per cent of the points possible that each day takes that has begun."""
    grace_minutes: float = 0.0
    """Minutes after what is due that cost nothing."""
    most: float = 100.0
    """Per cent of the points possible that lateness takes at most."""


@dataclass(frozen=True)
class Attempts:
    """How many submissions are graded, where a platform says how many there were."""

    most: int
    hours: float = 0.0
    """In how many hours; 0: in all."""


@dataclass(frozen=True)
class ClassRules:
    """What a rubric says of a class and no assignment in particular."""

    lateness: Lateness | None = None
    attempts: Attempts | None = None


def class_rules(text: str, where: str) -> ClassRules:
    """What the text of a rubric says of a class.

    Raises:
        UsageError: it is no TOML, or a value makes no sense.
    """
    return rules_of(parsed(text, where))


def rules_of(file: TomlFile) -> ClassRules:
    """What a rubric that was read says of a class; as class_rules."""
    said = {
        key: file.read((key,), file.content[key], CLASS[key])
        for key in CLASS
        if key in file.content
    }
    for key, needed in (("lateness", "due"), ("submissions", "most")):
        if key in said and needed not in said[key]:
            raise file.error((key,), f"{key} needs {needed}")
    return ClassRules(
        Lateness(**said["lateness"]) if "lateness" in said else None,
        Attempts(**said["submissions"]) if "submissions" in said else None,
    )
