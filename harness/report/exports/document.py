"""A grade as JSON: what `adjudge check --json` prints, and the schema that describes it.

Floats stay numbers where JSON has them; infinities and NaN become the texts "inf", "-inf" and
"nan", because JSON has none and null would read as nothing.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from harness.records.observation import Fault
from harness.records.verdict import Comparison, Diagnosis, Finding, Grade, Problem, Verdict
from harness.records.version import version
from harness.report.words import listing, wording

FORMAT = 1
"""Raised when a field changes its meaning or goes away."""

LONGEST = 1000
"""Characters of the reason why a submission cannot be read; a path in it may be long."""

JsonNumber = float | str | None


class ComparisonDocument(msgspec.Struct, tag_field="kind", tag="comparison", frozen=True):
    """A number of the student's beside the oracles'."""

    quantity: str
    subject: str
    oracles: list[str]
    expected: JsonNumber
    actual: JsonNumber
    actual_type: str
    tolerance: JsonNumber


class FindingDocument(msgspec.Struct, tag_field="kind", tag="finding", frozen=True):
    """Something wrong that is not a number."""

    name: str
    facts: dict[str, str]


class TraceDocument(msgspec.Struct, frozen=True):
    """A line of the student's that an exception passed."""

    where: str
    line: int
    function: str
    text: str


class FaultDocument(msgspec.Struct, tag_field="kind", tag="fault", frozen=True):
    """The student's module stopped."""

    name: str
    exception: str
    message: str
    where: str
    line: int
    text: str
    trace: list[TraceDocument] = []
    """The lines that an exception passed, the caller first."""


class VerdictDocument(msgspec.Struct, frozen=True):
    """One check."""

    check: str
    exercise: str
    status: str
    points: float
    out_of: float
    message: str
    detail: str
    program: str
    tried: int
    failed: int
    disputed: int
    blocked_by: list[str]
    replaced: list[str]
    spared: list[str]
    diagnosis: list[Diagnosis]
    problem: ComparisonDocument | FindingDocument | FaultDocument | None


class GradeDocument(msgspec.Struct, frozen=True):
    """One submission and one assignment."""

    submission: str
    digest: str
    assignment: str
    seed: str
    points: float
    out_of: float
    unreadable: str
    isolation: str
    oracles: list[str]
    missing_oracles: list[str]
    conventions: dict[str, str]
    verdicts: list[VerdictDocument]


class Document(msgspec.Struct, frozen=True):
    """Everything that one command graded."""

    format: int
    adjudge: str
    grades: list[GradeDocument]


def encode(grades: list[Grade]) -> str:
    """Grades as indented JSON text."""
    document = Document(FORMAT, version(), [described(grade) for grade in grades])
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def described(grade: Grade) -> GradeDocument:
    """A grade as the record that is encoded."""
    return GradeDocument(
        submission=wording.printable(grade.submission),
        digest=grade.digest,
        assignment=grade.assignment,
        seed=grade.seed,
        points=grade.points,
        out_of=grade.out_of,
        unreadable=wording.printable(grade.unreadable, LONGEST),
        isolation=grade.isolation,
        oracles=list(grade.oracles),
        missing_oracles=list(grade.missing_oracles),
        conventions={c.name: c.answer for c in grade.conventions},
        verdicts=[_verdict(verdict, grade) for verdict in grade.verdicts],
    )


def schema() -> str:
    """The JSON Schema of the document, as indented text."""
    described: dict[str, Any] = msgspec.json.schema(Document)
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    return msgspec.json.format(msgspec.json.encode(described), indent=2).decode() + "\n"


def _verdict(verdict: Verdict, grade: Grade) -> VerdictDocument:
    return VerdictDocument(
        check=verdict.check,
        exercise=verdict.exercise,
        status=verdict.status.value,
        points=verdict.points,
        out_of=verdict.out_of,
        message=wording.sentence(verdict),
        detail=wording.detail(verdict),
        program=listing.program(verdict, grade),
        tried=verdict.tried,
        failed=verdict.failed,
        disputed=verdict.disputed,
        blocked_by=list(verdict.blocked_by),
        replaced=list(verdict.replaced),
        spared=list(verdict.spared),
        diagnosis=list(verdict.diagnosis),
        problem=None if verdict.problem is None else _problem(verdict.problem),
    )


def _problem(problem: Problem) -> ComparisonDocument | FindingDocument | FaultDocument:
    match problem:
        case Comparison():
            return ComparisonDocument(
                problem.quantity,
                problem.subject,
                list(problem.oracles),
                _number(problem.expected),
                _number(problem.actual),
                wording.printable(problem.actual_type),
                _number(problem.tolerance),
            )
        case Finding():
            facts = {name: wording.printable(text) for name, text in problem.facts}
            return FindingDocument(problem.kind, facts)
        case Fault():
            return FaultDocument(
                problem.kind,
                wording.printable(problem.exception),
                wording.printable(problem.message),
                wording.printable(problem.where),
                problem.line,
                wording.printable(problem.text),
                [
                    TraceDocument(
                        wording.printable(at.where),
                        at.line,
                        wording.printable(at.function),
                        wording.printable(at.text),
                    )
                    for at in problem.trace
                ],
            )


def _number(value: float | int | None) -> JsonNumber:
    if value is None or math.isfinite(value):
        return value
    return repr(float(value))
