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


def at(verdict, path, *sources):
    path = Path(path)
    return places((verdict,), CHECKS, Submission("a", sources), path, path)[verdict.check]


ONE, CELLS = (Source("ag.py", TEXT),), (Source("cell 2", "x = 1\n"), Source("cell 5", TEXT))
STOPS = (Source(FAULT.where, TEXT),)
PLACES = {
    "a wrong number where the operation is defined": (OVERWRITTEN, ONE, Place("src/ag.py", 4)),
    "what stopped where it stopped": (STOPPED, STOPS, Place("mine/ag.py", FAULT.line)),
    "a cell beside its notebook": (OVERWRITTEN, CELLS, Place("hw/n.ipynb", 4, "cell 5")),
    "a hidden check at no line": (replace(OVERWRITTEN, hidden=True), ONE, Place("ag.py", 1)),
}


@pytest.mark.parametrize(("verdict", "sources", "place"), PLACES.values(), ids=PLACES)
def test_a_check_is_shown_at_its_place(verdict, sources, place):
    assert place == at(verdict, place.file, *sources)


def test_a_line_that_a_worker_makes_up_in_another_file_is_not_shown():
    place = at(STOPPED, "src/mine.py", Source("mine.py", TEXT))

    assert "src/mine.py" == place.file
    assert FAULT.line != place.line


@pytest.mark.parametrize("text", ["def f(:\n", "\0", "(" * 3000, "x = 1"])
def test_what_defines_nothing_or_is_no_python_has_no_lines(text):
    assert {} == definitions(Source("ag.py", text))


def told(write, *verdicts, where=ODD):
    """What is written of these verdicts, all at one place."""
    result = Result(person("a"), (grade(*verdicts),))
    return write(result, TITLES, {verdict.check: where for verdict in verdicts})


def test_a_log_meets_the_published_schema_and_leaves_out_what_passed():
    log = json.loads(told(sarif.log, ORDER, OVERWRITTEN, STOPPED))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(log, schema)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    checks = [each["ruleId"] for each in run["results"]]
    assert checks == [rules[each["ruleIndex"]] for each in run["results"]]
    assert {OVERWRITTEN.check, STOPPED.check} <= set(checks)
    first = run["results"][0]["locations"][0]["physicalLocation"]
    assert {"uri": "my%20files/a%25b.py"} == first["artifactLocation"]
    assert {"startLine": 7} == first["region"]
    run["results"][0]["level"] = "bad"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema)


def test_a_line_of_a_cell_is_no_line_of_the_notebooks_file():
    log = json.loads(told(sarif.log, OVERWRITTEN, where=Place("n.ipynb", 9, "cell 3")))
    (place,) = log["runs"][0]["results"][0]["locations"]

    assert "region" not in place["physicalLocation"]
    assert "cell 3, line 9" == place["logicalLocations"][0]["fullyQualifiedName"]


def test_every_line_is_one_that_a_compilers_matcher_reads():
    lines = told(sarif.lines, OVERWRITTEN, STOPPED).splitlines()
    found = [GCC.match(line).groups() for line in lines]

    assert [("my files/a%b.py", "7", "1", "error")] * 2 == [one[:4] for one in found]
    assert found[0][4].startswith("x1.grad is 2.0, but torch and jax say 4.0.")
    assert found[0][4].endswith(f"[{OVERWRITTEN.check}]")


def test_an_annotation_of_a_wrong_number_stands_at_the_definition():
    def annotated(result, titles, at_lines):
        return github.annotate(result, titles, "ag.py", at_lines)

    first = told(annotated, OVERWRITTEN, where=Place("src/ag.py", 4)).splitlines()[0]
    assert first.startswith("::error file=src/ag.py,line=4,title=")
