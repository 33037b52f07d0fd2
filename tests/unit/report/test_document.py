"""A grade as JSON, and the schema that describes it."""

import json
import math

import jsonschema
import pytest

from harness.assignments.lecture6.dialect import AG
from harness.records.observation import Fault
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Comparison, Convention, Finding, Grade, Status, Verdict
from harness.report.exports import document

PROGRAM = Expression((2.0,), (Apply("mul", (0, 0)), Backward(1)))
WRONG = Comparison("grad", "x1.grad", 1, ("torch",), 4.0, 2.0, "float", 1e-15, False)
FAULT = Fault("raised", "ValueError", "a\x1b[2Jb", "ag.py", 7, "x =\t1 / 0")


def grade(*verdicts, **more):
    return Grade("ada", "d1", "lab", "577", verdicts, 1.0, 3.0, dialect=AG, **more)


def verdict(problem=None, status=Status.FAILED, **more):
    return Verdict("mul", "2.B", status, 1.0, 3.0, problem, **more)


def encoded(*verdicts, **more):
    return json.loads(document.encode([grade(*verdicts, **more)]))["grades"][0]


EVERY = (
    verdict(None, Status.PASSED, tried=3),
    verdict(WRONG, program=PROGRAM, tried=3, failed=2, disputed=1),
    verdict(Finding("order_missing")),
    verdict(FAULT, Status.FAULTED),
    verdict(None, Status.SKIPPED, blocked_by=("values",)),
    verdict(None, Status.INCONCLUSIVE),
)


def test_every_field_of_a_grade_is_there():
    told = encoded(
        conventions=(Convention("order", "order_list", "topological_sort() returns a list"),),
        oracles=("torch 2.5",),
        missing_oracles=("jax: no module",),
        isolation="process",
        unreadable="no",
    )

    assert {
        "submission": "ada",
        "digest": "d1",
        "assignment": "lab",
        "seed": "577",
        "points": 1.0,
        "out_of": 3.0,
        "unreadable": "no",
        "isolation": "process",
        "oracles": ["torch 2.5"],
        "missing_oracles": ["jax: no module"],
        "conventions": {"order": "order_list"},
        "verdicts": [],
    } == told


def test_a_failed_verdict_has_its_sentence_its_program_and_its_numbers():
    told = encoded(verdict(WRONG, program=PROGRAM, tried=3, failed=2, disputed=1))["verdicts"][0]

    assert ("mul", "2.B", "failed", 1.0, 3.0, 3, 2, 1) == tuple(
        told[key]
        for key in (
            "check",
            "exercise",
            "status",
            "points",
            "out_of",
            "tried",
            "failed",
            "disputed",
        )
    )
    assert "x1.grad is 2.0, but torch says 4.0." == told["message"]
    assert "2 of 3 programs show it" == told["detail"]
    assert "print(x1.grad)" in told["program"]
    assert {
        "kind": "comparison",
        "quantity": "grad",
        "subject": "x1.grad",
        "oracles": ["torch"],
        "expected": 4.0,
        "actual": 2.0,
        "actual_type": "float",
        "tolerance": 1e-15,
    } == told["problem"]


def test_a_finding_has_its_facts():
    told = encoded(verdict(Finding("order_type", (("type", "set"),))))["verdicts"][0]

    assert {"kind": "finding", "name": "order_type", "facts": {"type": "set"}} == told["problem"]


def test_a_fault_has_its_place_and_printable_text():
    assert {
        "kind": "fault",
        "name": "raised",
        "exception": "ValueError",
        "message": "a?[2Jb",
        "where": "ag.py",
        "line": 7,
        "text": "x = 1 / 0",
        "trace": [],
    } == encoded(verdict(FAULT))["verdicts"][0]["problem"]


def test_a_verdict_without_a_problem_has_none():
    told = encoded(verdict(None, Status.SKIPPED, blocked_by=("a", "b")))["verdicts"][0]

    assert (None, ["a", "b"], "skipped") == (told["problem"], told["blocked_by"], told["status"])


@pytest.mark.parametrize(
    ("number", "told"),
    [(math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (0.1, 0.1), (3, 3), (None, None)],
)
def test_a_number_that_json_lacks_is_told_as_text(number, told):
    found = Comparison("v", "a", -1, ("torch",), 1.0, number, "float", 0.0, False)

    assert told == encoded(verdict(found))["verdicts"][0]["problem"]["actual"]


def test_floats_keep_every_digit():
    found = Comparison("v", "a", -1, ("torch",), 0.1 + 0.2, 1 / 3, "float", 0.0, False)
    told = encoded(verdict(found))["verdicts"][0]["problem"]

    assert (0.1 + 0.2, 1 / 3) == (told["expected"], told["actual"])


def test_a_document_says_its_format_and_who_made_it():
    told = json.loads(document.encode([]))

    assert (document.FORMAT, []) == (told["format"], told["grades"])
    assert told["adjudge"]


def test_several_grades_stand_in_the_order_in_which_they_were_given():
    told = json.loads(document.encode([grade(unreadable="a"), grade(unreadable="b")]))

    assert ["a", "b"] == [one["unreadable"] for one in told["grades"]]


def test_the_same_grades_give_the_same_bytes():
    assert document.encode([grade(*EVERY)]) == document.encode([grade(*EVERY)])


def test_every_document_meets_the_schema():
    schema = json.loads(document.schema())
    jsonschema.Draft202012Validator.check_schema(schema)

    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    jsonschema.validate(json.loads(document.encode([grade(*EVERY)])), schema)


def test_the_schema_refuses_what_is_no_document():
    schema = json.loads(document.schema())
    told = json.loads(document.encode([grade(*EVERY)]))
    del told["grades"][0]["points"]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)
