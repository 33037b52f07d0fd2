"""Other seeds than the public one, whose programs PyTorch and JAX are asked about: specimens under
them. `tox -e seeds` asks for twenty.
"""

import os

import pytest

from support.long import long_where
from support.specimens import ATTENTION, FREE, RIGHT, WRONG, costs

SEEDS = [str(seed) for seed in range(int(os.environ.get("ADJUDGE_SEEDS", "1")))]
RIGHT_ONES = (*RIGHT, *(specimen for specimen in ATTENTION if not specimen.exercise))
WRONG_ONES = (*WRONG, *(specimen for specimen in ATTENTION if specimen.exercise))
FEW = ("kahn", "zero_grad_values")
"""Specimens of the lecture that see another seed in the suite too."""


def is_long(specimen):
    return specimen.name not in FEW or specimen in ATTENTION


@pytest.mark.parametrize(
    "specimen", long_where(RIGHT_ONES, is_long), ids=lambda specimen: specimen.name
)
def test_a_right_specimen_gets_full_marks_under_every_seed(specimen, grader):
    for seed in SEEDS:
        for assignment in specimen.assignments:
            grade = grader.grade(specimen.path, assignment, seed)

            assert [] == [v for v in grade.verdicts if v.status not in FREE], seed
            assert (grade.points, grade.out_of) == (100.0, 100.0)


@pytest.mark.parametrize(
    "specimen", long_where(WRONG_ONES, is_long), ids=lambda specimen: specimen.name
)
def test_a_wrong_specimen_loses_marks_where_its_bug_is_under_every_seed(specimen, grader):
    for seed in SEEDS:
        grades = [grader.grade(specimen.path, name, seed) for name in specimen.assignments]

        assert costs(specimen, grades), seed
