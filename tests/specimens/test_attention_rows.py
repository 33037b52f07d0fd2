"""Homework 3 with one change: right ones keep full marks, a mistake costs in its place."""

import tomllib

import pytest

from harness.records.handed_in import Source, Submission
from reference_impls.keys import ATTENTION_TEXT
from support.long import sample
from support.specimens import ROOT, edited

ROWS = tomllib.loads((ROOT / "attention_rows.toml").read_text(encoding="utf-8"))
RIGHT = [name for name, row in ROWS.items() if not row.get("loses")]
WRONG = [name for name in ROWS if name not in RIGHT]


def graded(name, grader):
    text = edited(ATTENTION_TEXT, ROWS[name]["edits"])
    handed_in = Submission("it", (Source("attention.py", text),), "attention", digest=text)
    return grader.grade(handed_in, "numpy_attention")


def test_there_are_enough_rows_of_either_kind():
    assert len(RIGHT) >= 10
    assert len(WRONG) >= 40


@pytest.mark.parametrize("name", sample(4, RIGHT))
def test_another_right_way_to_write_it_gets_full_marks(name, grader):
    assert {"passed"} == {verdict.status for verdict in graded(name, grader).verdicts}


@pytest.mark.parametrize("name", sample(10, WRONG))
def test_one_mistake_loses_the_checks_of_its_own_part_and_no_other(name, grader):
    lost = [v.check for v in graded(name, grader).verdicts if v.points < v.out_of]

    assert ROWS[name]["loses"] == lost
