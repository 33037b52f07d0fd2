"""Specimens define what a correct grader is: each must get exactly the verdicts that it states."""

import os

import pytest

from harness.batch import LECTURE
from harness.report import wording
from specimens import RIGHT, SPECIMENS, WRONG

SEEDS = [str(seed) for seed in range(int(os.environ.get("ADJUDGE_SEEDS", "1")))]
"""Other seeds than the public one; `tox -e seeds` asks for twenty."""


def named(specimens):
    return [pytest.param(s, id=s.name) for s in specimens]


def test_there_are_enough_specimens_of_every_kind():
    exercises = {specimen.exercise for specimen in WRONG}

    assert len(RIGHT) >= 11
    assert len(WRONG) >= 30
    assert exercises == {"ag", "2.A", "2.B", "2.C", "Model", "Loss", "Optimizer", "Training"}


@pytest.mark.parametrize("specimen", named(SPECIMENS))
def test_a_specimen_gets_exactly_the_verdicts_it_states(specimen, grader):
    for assignment in LECTURE:
        grade = grader.grade(specimen.path, assignment)
        stated = specimen.verdicts.get(assignment, {})
        statuses = {v.check: v.status.value for v in grade.verdicts if v.status != "passed"}

        assert {check: told["status"] for check, told in stated.items()} == statuses

        for verdict in grade.verdicts:
            if verdict.check in stated:
                assert stated[verdict.check]["says"] in wording.sentence(verdict)


@pytest.mark.parametrize("specimen", named(RIGHT))
def test_a_right_specimen_gets_full_marks_under_every_seed(specimen, grader):
    for seed in SEEDS:
        for assignment in LECTURE:
            grade = grader.grade(specimen.path, assignment, seed)

            assert [] == [v for v in grade.verdicts if v.status != "passed"], seed
            assert (grade.points, grade.out_of) == (100.0, 100.0)


@pytest.mark.parametrize("specimen", named(WRONG))
def test_a_wrong_specimen_loses_marks_where_its_bug_is_under_every_seed(specimen, grader):
    for seed in SEEDS:
        grades = [grader.grade(specimen.path, assignment, seed) for assignment in LECTURE]
        verdicts = [v for grade in grades for v in grade.verdicts]
        lost = sum(v.out_of - v.points for v in verdicts if v.exercise == specimen.exercise)

        assert lost > 0, seed
