"""Failed checks at the student's lines: the places, SARIF by its published schema, plain lines."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from harness.judging.check import find
from harness.records.handed_in import Source, Submission
from harness.records.people import Result
from harness.report.exports import github, sarif
from harness.report.exports.places import Place, definitions, places
from support.a_class import FAULT, ORDER, OVERWRITTEN, STOPPED, TITLES, grade, person

SCHEMA = Path(__file__).parents[2] / "support" / "schemas" / "sarif-2.1.0.json"
TEXT = "\n\nclass Scalar:\n    def __mul__(self, other):\n        pass\n\n\nclass ag:\n    pass\n"
ODD = Place("my files/a%b.py", 7)
CHECKS = {check.name: check for check in find("scalar_autograd").checks}
GCC = re.compile(r"^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error|info):\s+(.*)$")
"""How an editor's matcher for compilers reads a line."""


def handed_in(*sources):
    return Submission("a", sources)


def at(verdict, what, path, graded=None):
    path = Path(path)
    return places((verdict,), CHECKS, what, path, graded or path)[verdict.check]


def test_a_wrong_number_is_shown_where_the_operation_is_defined():
    assert Place("src/ag.py", 4) == at(OVERWRITTEN, handed_in(Source("ag.py", TEXT)), "src/ag.py")


def test_what_stopped_is_shown_where_it_stopped():
    what = handed_in(Source(FAULT.where, TEXT))

    assert Place("mine/ag.py", FAULT.line) == at(STOPPED, what, "mine/ag.py")


def test_a_line_that_a_worker_makes_up_in_another_file_is_not_shown():
    place = at(STOPPED, handed_in(Source("mine.py", TEXT)), "src/mine.py")

    assert "src/mine.py" == place.file
    assert FAULT.line != place.line


def test_a_cell_is_named_beside_its_notebook():
    what = handed_in(Source("cell 2", "x = 1\n"), Source("cell 5", TEXT))

    assert Place("hw/n.ipynb", 4, "cell 5") == at(OVERWRITTEN, what, "hw/n.ipynb")


def test_a_hidden_check_points_at_no_line():
    hidden = replace(OVERWRITTEN, hidden=True)

    assert 1 == at(hidden, handed_in(Source("ag.py", TEXT)), "ag.py").line


@pytest.mark.parametrize("text", ["def f(:\n", "\0", "(" * 3000, "x = 1"])
def test_what_defines_nothing_or_is_no_python_has_no_lines(text):
    assert {} == definitions(Source("ag.py", text))


def told(*verdicts, where=ODD):
    result = Result(person("a"), (grade(*verdicts),))
    return result, {verdict.check: where for verdict in verdicts}


def test_a_log_meets_the_published_schema_and_leaves_out_what_passed():
    result, at_lines = told(ORDER, OVERWRITTEN, STOPPED)
    log = json.loads(sarif.log(result, TITLES, at_lines))

    jsonschema.validate(log, json.loads(SCHEMA.read_text(encoding="utf-8")))
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [each["ruleId"] for each in run["results"]] == [
        rules[each["ruleIndex"]]["id"] for each in run["results"]
    ]
    assert {OVERWRITTEN.check, STOPPED.check} <= {each["ruleId"] for each in run["results"]}
    first = run["results"][0]["locations"][0]["physicalLocation"]
    assert {"uri": "my%20files/a%25b.py"} == first["artifactLocation"]
    assert {"startLine": 7} == first["region"]


def test_the_schema_refuses_a_log_that_is_none():
    result, at_lines = told(OVERWRITTEN)
    log = json.loads(sarif.log(result, TITLES, at_lines))
    log["runs"][0]["results"][0]["level"] = "bad"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_a_line_of_a_cell_is_no_line_of_the_notebooks_file():
    result, at_lines = told(OVERWRITTEN, where=Place("n.ipynb", 9, "cell 3"))
    found = json.loads(sarif.log(result, TITLES, at_lines))["runs"][0]["results"][0]

    assert "region" not in found["locations"][0]["physicalLocation"]
    assert "cell 3, line 9" == found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]


def test_every_line_is_one_that_a_compilers_matcher_reads():
    result, at_lines = told(OVERWRITTEN, STOPPED)
    found = [
        GCC.match(line).groups() for line in sarif.lines(result, TITLES, at_lines).splitlines()
    ]

    assert [("my files/a%b.py", "7", "1", "error")] * 2 == [one[:4] for one in found]
    assert found[0][4].startswith("x1.grad is 2.0, but torch and jax say 4.0.")
    assert found[0][4].endswith(f"[{OVERWRITTEN.check}]")


def test_an_annotation_of_a_wrong_number_stands_at_the_definition():
    result, at_lines = told(OVERWRITTEN, where=Place("src/ag.py", 4))

    first = github.annotate(result, TITLES, "ag.py", at_lines).splitlines()[0]
    assert first.startswith("::error file=src/ag.py,line=4,title=")
