"""An assignment of one's own brings its findings, probes and sentences: all reports tell them."""

import json
from io import StringIO

from rich.console import Console

from harness.judging.check import find
from harness.judging.grade import grade
from harness.records.people import Person, Result
from harness.report.exports import document, github
from harness.report.exports.export import FORMATS, Files
from harness.report.pages import page
from harness.report.tables import terminal
from support.fake_engines import FakeOracles, FakeStudent

TITLES = {"slow": "distance is found in few steps"}
FILE = """
from harness.judging.check import Assignment, Check, Probe
from harness.records.program import Expression
from harness.records.verdict import Finding

PROGRAM = Expression((1.0,), ())


def compare(program, actual, answers):
    return Finding("too_slow", (("name", "distance"), ("steps", "40")))


assignment = Assignment(
    name="distance",
    title="The distance of two points",
    checks=(
        Check(
            name="slow",
            exercise="1",
            points=10,
            title="distance is found in few steps",
            programs=lambda seed: (PROGRAM,),
            compare=compare,
        ),
    ),
    probes=(Probe("sign_of_zero", PROGRAM, lambda seen: "kept_apart"),),
    words=WORDS,
)
"""
WORDS = {"too_slow": "`{name}` takes {steps} steps.", "kept_apart": "-0.0 is not 0.0"}


TELLS = ("terminal", "json", "page", "github", "jsonl", "junit", "gradescope", "prairielearn")
"""The reports that say what is wrong; a sheet of points need not."""


def exported(form, result):
    if isinstance(form, Files):
        return form.write(result, TITLES)
    return form.piece(result, TITLES)


def told(tmp_path, words):
    """What every report says of a submission to an assignment in a file, by the report's name."""
    path = tmp_path / "distance.py"
    path.write_text(FILE.replace("WORDS", repr(words)), encoding="utf-8")
    graded = grade(find(str(path)), FakeStudent(), FakeOracles(), "577")
    result, console = Result(Person("ada", "Ada"), (graded,)), Console(file=StringIO(), width=100)
    terminal.show(graded, console, titles=TITLES)
    texts = {name: exported(FORMATS[name], result) for name in TELLS if name in FORMATS}
    texts["terminal"] = console.file.getvalue()
    texts["json"] = document.encode([graded])
    texts["page"] = page.student(result, TITLES)
    texts["github"] = github.annotate(result, TITLES, "ag.py") + github.summary(result, TITLES)
    return texts


def test_the_assignments_own_sentences_stand_in_every_report(tmp_path):
    texts = told(tmp_path, WORDS)

    for name in TELLS:
        plain = texts[name].replace("<code>", "").replace("</code>", "").replace("`", "")
        assert "distance takes 40 steps" in plain.replace("\\", ""), name
    assert "-0.0 is not 0.0" in texts["terminal"]
    assert "-0.0 is not 0.0" in texts["page"]


def test_without_a_sentence_the_facts_stand_there(tmp_path):
    texts = told(tmp_path, {})

    for name in TELLS:
        assert "Too slow (name: distance; steps: 40)" in texts[name].replace("\\", ""), name
    assert "sign of zero: kept apart" in texts["terminal"]
    assert "sign of zero: kept apart" in texts["page"]
    assert "too_slow" == json.loads(texts["json"])["grades"][0]["verdicts"][0]["problem"]["name"]
