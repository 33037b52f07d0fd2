"""Submissions that are alike in what nobody is alike by chance: a pointer, and no accusation.

Two are alike where they fail on exactly the same programs with the same wrong numbers and
share most of the lines that the rest of the class does not have.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from harness.records.handed_in import Submission
from harness.records.people import Result
from harness.records.verdict import WRONG, Comparison

MOST_OF = 0.8
"""The part of the shorter one's own lines that two submissions must share."""
FEWEST = 5
"""Lines of its own that a submission must have to be compared at all."""


@dataclass(frozen=True)
class _Traits:
    """What one submission is compared by."""

    key: str
    failures: bytes
    """A digest of what fails and how."""
    lines: frozenset[int]
    """Each line by a number that stands for it; a class has most of its lines in common."""


def alike(results: Iterable[tuple[Result, Submission | None]]) -> dict[str, tuple[str, ...]]:
    """For each person's key the keys of those whose submissions are alike.

    Args:
        results: each with what was handed in, where it could be read.
    """
    numbers: dict[str, int] = {}
    traits = [
        _Traits(
            result.person.key,
            failures,
            frozenset(numbers.setdefault(line, len(numbers)) for line in _lines(submission)),
        )
        for result, submission in results
        if submission is not None and (failures := _failures(result))
    ]
    common = Counter(line for each in traits for line in each.lines)
    most = max(2, len(traits) // 2)
    groups: dict[bytes, list[_Traits]] = defaultdict(list)
    for each in traits:
        own = frozenset(line for line in each.lines if common[line] <= most)
        groups[each.failures].append(_Traits(each.key, each.failures, own))
    found: dict[str, list[str]] = defaultdict(list)
    for group in groups.values():
        for k, first in enumerate(group):
            for second in group[k + 1 :]:
                if _share(first.lines, second.lines):
                    found[first.key].append(second.key)
                    found[second.key].append(first.key)
    return {key: tuple(sorted(others)) for key, others in found.items()}


def _share(first: frozenset[int], second: frozenset[int]) -> bool:
    fewest = min(len(first), len(second))
    return fewest >= FEWEST and len(first & second) >= MOST_OF * fewest


def _failures(result: Result) -> bytes:
    """What fails and how, equal where it is the same; nothing where no number is wrong."""
    verdicts = [(g.assignment, v) for g in result.grades for v in g.verdicts if v.status in WRONG]
    if not any(isinstance(verdict.problem, Comparison) for _, verdict in verdicts):
        return b""
    how = [(lab, v.check, v.failed, v.program, v.problem) for lab, v in verdicts]
    return hashlib.sha256(repr(how).encode("utf-8", "surrogatepass")).digest()


def _lines(submission: Submission) -> frozenset[str]:
    """The lines of code, without spaces at their ends, comments and blank ones."""
    sources = [*submission.main, *(source for _, source in submission.siblings)]
    lines = (line.strip() for source in sources for line in source.lines)
    return frozenset(line for line in lines if line and not line.startswith("#"))
