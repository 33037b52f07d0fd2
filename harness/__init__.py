"""adjudge: a differential-testing and grading harness for students' automatic differentiation.

The public names below are imported when they are first asked for, so that pytest, which imports
this package wherever adjudge is installed, loads nothing that it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.assignment import Assignment, Check, Limits
    from harness.batch import PUBLIC_SEED, Grader, grade_submission
    from harness.model import (
        Comparison,
        Convention,
        Expression,
        Fault,
        Finding,
        Grade,
        Observation,
        Quantity,
        Status,
        Submission,
        Training,
        Verdict,
    )

_HOMES = {
    "harness.assignment": ("Assignment", "Check", "Limits"),
    "harness.batch": ("PUBLIC_SEED", "Grader", "grade_submission"),
}

__all__ = [
    "PUBLIC_SEED",
    "Assignment",
    "Check",
    "Comparison",
    "Convention",
    "Expression",
    "Fault",
    "Finding",
    "Grade",
    "Grader",
    "Limits",
    "Observation",
    "Quantity",
    "Status",
    "Submission",
    "Training",
    "Verdict",
    "grade_submission",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((home for home, names in _HOMES.items() if name in names), "harness.model")
    return getattr(import_module(home), name)
