"""Engines whose nodes hold arrays, in several styles: each gets exactly the verdicts it states."""

from pathlib import Path

import pytest

from harness.judging.check import find
from harness.judging.mutant import mutate
from harness.records.handed_in import Source, Submission
from harness.report.words import dialects, listing
from support.long import sample
from support.specimens import edited, engines_of

ROOT = Path(__file__).parents[2] / "student_submissions" / "array_engines"
STYLES = sorted(path.stem for path in ROOT.glob("*.py"))
EDITED = engines_of("array_engines.toml")
"""Engines with one mistake, each an edit of one of those styles."""


def engine(name, text):
    return Submission(name, (Source("engine.py", text),), module="engine", digest=f"arrays/{name}")


def text_of(name):
    return (ROOT / f"{name}.py").read_text(encoding="utf-8")


def broken(grade):
    return {v.check for v in grade.verdicts if v.status.value in ("failed", "stopped", "faulted")}


@pytest.mark.parametrize("name", sample(4, STYLES))
def test_a_right_engine_of_arrays_is_right_under_its_own_names(name, grader):
    grade = grader.grade(engine(name, text_of(name)), "array_engine")

    assert set() == {v.check for v in grade.verdicts if v.status.value not in ("passed", "absent")}
    assert grade.points == grade.out_of > 30
    assert "whose nodes hold arrays" in dialects.read_as(grade)[0]


@pytest.mark.parametrize("name", sample(3, EDITED))
def test_an_engine_of_arrays_with_one_mistake_loses_there_alone(name, grader):
    stated = EDITED[name]
    text = edited(text_of(stated["of"]), stated["edits"])

    grade = grader.grade(engine(name, text), "array_engine")

    assert set(stated["wrong"]) == broken(grade)
    first = next(v for v in grade.verdicts if v.check == stated["wrong"][0])
    assert listing.program(first, grade).startswith(f"from engine import {grade.dialect.node}")


@pytest.mark.long
def test_a_known_mistake_of_an_engine_of_arrays_is_named(grader):
    key = find("array_engine").answer_key
    model = next(model for model in key.models if model.name == "mean divided by all")

    grade = grader.grade(engine("named", mutate(key.source.text, model.edits)), "array_engine")

    assert {model.name} == {d.name for v in grade.verdicts for d in v.diagnosis}
