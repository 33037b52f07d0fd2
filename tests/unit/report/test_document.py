"""A grade as JSON, and the schema that describes it.

What a verdict and a problem of each kind have is held by the golden lines of a class, which
test_exports compares with this document.
"""

import json
import math
from dataclasses import replace

import jsonschema
import pytest

from harness.assignments.lecture6.dialect import AG
from harness.records.verdict import Convention, Finding, Grade, Status, Verdict
from harness.report.exports import document
from support.a_class import FAULT, PROGRAM, WRONG


def grade(*verdicts, **more):
    return Grade("ada", "d1", "lab", "577", verdicts, 1.0, 3.0, dialect=AG, **more)


def verdict(problem=None, status=Status.FAILED, **more):
    return Verdict("mul", "2.B", status, 1.0, 3.0, problem, **more)


def encoded(*verdicts, **more):
    return json.loads(document.encode([grade(*verdicts, **more)]))["grades"][0]


def problem(found):
    return encoded(verdict(found))["verdicts"][0]["problem"]


EVERY = (
    verdict(None, Status.PASSED, tried=3),
    verdict(WRONG, program=PROGRAM, tried=3, failed=2, disputed=1),
    verdict(Finding("order_missing")),
    verdict(FAULT, Status.FAULTED),
    verdict(None, Status.SKIPPED, blocked_by=("values",)),
    verdict(None, Status.INCONCLUSIVE),
)


def test_every_field_of_a_grade_is_there():
    same = {"oracles": ["torch 2.5"], "missing_oracles": ["jax: no module"]}
    same |= {"isolation": "process", "unreadable": "no"}
    conventions = (Convention("order", "order_list", "topological_sort() returns a list"),)

    assert same | {
        **{"submission": "ada", "digest": "d1", "assignment": "lab", "seed": "577"},
        **{"points": 1.0, "out_of": 3.0, "conventions": {"order": "order_list"}, "verdicts": []},
    } == encoded(conventions=conventions, **same)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        *((math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan")),
        *((number, number) for number in (0.1, 1 / 3, 0.1 + 0.2, 3, None)),
    ],
)
def test_a_number_keeps_every_digit_and_what_json_lacks_is_told_as_text(number, told):
    found = replace(WRONG, actual=number)

    assert told == problem(found)["actual"]
    assert number is None or told == problem(replace(WRONG, expected=number))["expected"]


def test_the_text_of_a_fault_is_printable():
    assert "x = 1 / 0?" == problem(replace(FAULT, text="x =\t1 / 0\x1b"))["text"]


def test_a_document_says_its_format_who_made_it_and_the_grades_in_their_order():
    told = json.loads(document.encode([grade(unreadable="a"), grade(unreadable="b")]))

    assert document.FORMAT == told["format"]
    assert told["adjudge"]
    assert ["a", "b"] == [one["unreadable"] for one in told["grades"]]
    assert [] == json.loads(document.encode([]))["grades"]


def test_every_document_meets_the_schema_is_the_same_twice_and_without_a_field_is_none():
    schema, text = json.loads(document.schema()), document.encode([grade(*EVERY)])
    told = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)

    assert text == document.encode([grade(*EVERY)])
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    jsonschema.validate(told, schema)
    del told["grades"][0]["points"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)
