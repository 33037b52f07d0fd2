"""Specimens define what a correct grader is: each must get exactly the verdicts that it states."""

import os
from dataclasses import replace

import pytest

from harness.assignment import find
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
                named = [diagnosis.name for diagnosis in verdict.diagnosis]
                assert stated[verdict.check].get("named", []) == named


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
        costly = {v.exercise for v in verdicts if v.points < v.out_of}
        assert costly - specimen.elsewhere == {specimen.exercise}, seed


SORT = ("order_breadth_first", "order_by_value", "order_no_visited", "order_preorder", "order_set")
RELU = ("relu_always_passes", "relu_by_upstream", "relu_leaky", "relu_overwrites", "relu_threshold")
MSE = ("mse_half", "mse_n_minus_1", "mse_not_squared", "mse_sum", "mse_detached")


@pytest.mark.parametrize(
    ("name", "exercise", "checks"),
    [
        *((name, "2.A", None) for name in SORT),
        *((name, "2.C", None) for name in RELU),
        *((name, "Loss", {"mse"}) for name in MSE),
    ],
)
def test_one_mistake_costs_once(name, exercise, checks, grader):
    (specimen,) = (s for s in SPECIMENS if s.name == name)
    grades = [grader.grade(specimen.path, assignment) for assignment in LECTURE]
    lost = [v for grade in grades for v in grade.verdicts if v.points < v.out_of]

    assert {exercise} == {v.exercise for v in lost}
    assert checks in (None, {v.check for v in lost})


def test_strict_counts_only_what_passes_as_it_stands(grader):
    (specimen,) = (s for s in SPECIMENS if s.name == "relu_leaky")
    kind = grader.grade(specimen.path, "mlp_training")
    strict = grader.grade(specimen.path, replace(find("mlp_training"), strict=True))
    credited = [v.check for v in kind.verdicts if v.status == "credited"]

    assert (100.0, 100.0) == (kind.points, kind.out_of)
    assert credited == [v.check for v in strict.verdicts if v.status == "skipped"]
    assert 100.0 - sum(v.out_of for v in kind.verdicts if v.check in credited) == strict.points
