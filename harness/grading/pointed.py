"""Where in a submission the part stands that a known mistake names."""

from __future__ import annotations

import re
from dataclasses import replace

from harness.intake.definitions import definitions
from harness.records.handed_in import Submission
from harness.records.verdict import Diagnosis, Verdict

_NAMED = re.compile(r"`([A-Za-z_][\w.]*)(?:\(\))?`")


def pointed(verdict: Verdict, submission: Submission) -> Verdict:
    """A verdict whose diagnoses say in which line the part begins that they name."""
    if not verdict.diagnosis:
        return verdict
    placed = (replace(known, where=_place(known, submission)) for known in verdict.diagnosis)
    return replace(verdict, diagnosis=tuple(placed))


def _place(known: Diagnosis, submission: Submission) -> str:
    """As "mine.py:43 in __mul__"; nothing where no part is named, or two have the name."""
    sources = (*submission.main, *(source for _, source in submission.siblings))
    for name in dict.fromkeys(_NAMED.findall(known.sentence)):
        found = [
            f"{source.name}:{line} in {name}"
            for source in sources
            for dotted, line in definitions(source).items()
            if f".{dotted}".endswith(f".{name}")
        ]
        if len(found) == 1:
            return found[0]
    return ""
