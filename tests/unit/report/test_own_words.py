"""An assignment of one's own brings its findings, probes and sentences: all reports tell them."""

import json
from io import StringIO

import pytest
from rich.console import Console

from harness.judging.check import find
from harness.judging.grade import grade
from harness.records.people import Person, Result
from harness.report.exports import document, github
from harness.report.exports.export import FORMATS, Files
from harness.report.pages import page
from harness.report.tables import terminal
from support.fake_engines import FakeOracles, FakeStudent

TITLE = "distance is found in few steps"
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
    checks=(Check("slow", "1", 10, TITLE, lambda seed: (PROGRAM,), compare),),
    probes=(Probe("sign_of_zero", PROGRAM, lambda seen: "kept_apart"),),
    words=WORDS,
)
"""
WORDS = {"too_slow": "`{name}` takes {steps} steps.", "kept_apart": "-0.0 is not 0.0"}


def told(tmp_path, words):
    """What every report says of a submission to an assignment in a file, by the report's name."""
    path = tmp_path / "distance.py"
    text = FILE.replace("WORDS", repr(words)).replace("TITLE", repr(TITLE))
    path.write_text(text, encoding="utf-8")
    graded = grade(find(str(path)), FakeStudent(), FakeOracles(), "577")
    result, console = Result(Person("ada", "Ada"), (graded,)), Console(file=StringIO(), width=100)
    titles = {"slow": TITLE}
    terminal.show(graded, console, titles=titles)
    texts = {"terminal": console.file.getvalue(), "json": document.encode([graded])}
    texts["page"] = page.student(result, titles)
    texts["github"] = github.annotate(result, titles, "ag.py") + github.summary(result, titles)
    for name in ("jsonl", "junit", "gradescope", "prairielearn"):
        form = FORMATS[name]
        tell = form.write if isinstance(form, Files) else form.piece
        texts[name] = tell(result, titles)
    return texts


SAID = {
    "the assignment's own sentences": (WORDS, "distance takes 40 steps", "-0.0 is not 0.0"),
    "the facts without them": (
        {},
        "Too slow (name: distance; steps: 40)",
        "sign of zero: kept apart",
    ),
}


@pytest.mark.parametrize(("words", "problem", "convention"), SAID.values(), ids=SAID)
def test_what_every_report_says(tmp_path, words, problem, convention):
    texts = told(tmp_path, words)

    for name, text in texts.items():
        plain = text.replace("<code>", "").replace("</code>", "").replace("`", "")
        assert problem in plain.replace("\\", ""), name
    assert convention in texts["terminal"]
    assert convention in texts["page"]
    (verdict,) = json.loads(texts["json"])["grades"][0]["verdicts"]
    assert "too_slow" == verdict["problem"]["name"]
