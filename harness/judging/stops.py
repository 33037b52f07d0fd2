"""What stopped while a module was loaded: told, and free unless the rubric says otherwise."""

from __future__ import annotations

from harness.judging.check import Assignment, Check, library
from harness.judging.judge import Student
from harness.records.observation import Fault
from harness.records.verdict import Finding, Status, Verdict

KINDS = ("library", "left_out", "timeout", "waited", "output", "syntax", "memory", "raised")
"""Reasons that have a sentence of their own; whatever else ended a process has one together."""


def noted(assignment: Assignment, student: Student) -> tuple[Verdict, ...]:
    """A verdict without points for each statement that stopped while the module was loaded."""
    if student.load() is not None:
        return ()
    found = [finding(stop.fault, library(assignment.libraries)) for stop in student.stops]
    more = student.stopped - len(found)
    if more > 0:
        found.append(Finding("stopped_more", (("count", str(more)),)))
    return tuple(
        Verdict(f"stopped_{number}", "", Status.NOTED, problem=problem)
        for number, problem in enumerate(found, start=1)
    )


def verdict(assignment: Assignment, check: Check, student: Student) -> Verdict:
    """The verdict on the check that nothing stops; it is switched on by a rubric."""
    stops = student.stops
    problem = finding(stops[0].fault, library(assignment.libraries)) if stops else None
    return Verdict(
        check.name,
        check.exercise,
        Status.FAILED if stops else Status.PASSED,
        0.0 if stops else check.points,
        check.points,
        problem=problem,
    )


def finding(fault: Fault, available: str) -> Finding:
    """Why a statement stopped, as facts for a sentence.

    Args:
        fault: how it stopped.
        available: what graded code may import.
    """
    kind = fault.kind if fault.kind in KINDS else "ended"
    reason = f"{fault.exception}: {fault.message}" if fault.message else fault.exception
    facts = {
        "where": fault.where,
        "line": str(fault.line),
        "why": (reason if kind == "raised" else fault.message).rstrip("."),
        "library": available,
        "kind": fault.kind,
    }
    if kind == "syntax" and fault.text and fault.column:
        facts |= {"text": fault.text, "column": str(fault.column)}
    return Finding(f"stopped_{kind}", tuple(facts.items()))
