"""adjudge: a differential-testing and grading harness for students' automatic differentiation.

The public names below are imported when they are first asked for, so that pytest, which imports
this package wherever adjudge is installed, loads nothing that it does not need. Nothing at all is
imported here: `python -m harness` runs this before its path is clean.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from harness.commands.notebook import check
    from harness.grading.grader import PUBLIC_SEED, Grader, grade_submission
    from harness.judging.check import Assignment, Check, Limits
    from harness.records.handed_in import Submission
    from harness.records.observation import Fault, Observation, Quantity
    from harness.records.program import Expression, Training
    from harness.records.verdict import Comparison, Convention, Finding, Grade, Status, Verdict

_HOMES = {
    "harness.commands.notebook": ("check",),
    "harness.judging.check": (
        "Assignment",
        "Check",
        "Limits",
    ),
    "harness.grading.grader": (
        "PUBLIC_SEED",
        "Grader",
        "grade_submission",
    ),
    "harness.records.verdict": (
        "Comparison",
        "Convention",
        "Finding",
        "Grade",
        "Status",
        "Verdict",
    ),
    "harness.records.program": (
        "Expression",
        "Training",
    ),
    "harness.records.observation": (
        "Fault",
        "Observation",
        "Quantity",
    ),
    "harness.records.handed_in": ("Submission",),
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
    "check",
    "grade_submission",
]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next(home for home, names in _HOMES.items() if name in names)
    return getattr(import_module(home), name)
