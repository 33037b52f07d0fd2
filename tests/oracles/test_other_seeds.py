"""Other seeds than the public one, whose programs PyTorch and JAX are asked about: specimens under
them. `tox -e seeds` asks for twenty.
"""

import os

import pytest

from support.specimens import ATTENTION, FREE, RIGHT, WRONG, costs

COUNT = int(os.environ.get("ADJUDGE_SEEDS", "0"))
SEEDS = [str(seed) for seed in range(COUNT or 1)]
SOME, FEW = (1, 1) if COUNT else (10, 30)
"""Unless seeds are asked for, every so many of the right and of the wrong specimens see another;
none of homework 3, whose programs JAX compiles for half a minute."""
HOMEWORK_3 = ATTENTION if COUNT else ()
RIGHT_ONES = (*RIGHT, *(s for s in HOMEWORK_3 if not s.exercise))[::SOME]
WRONG_ONES = (*WRONG, *(s for s in HOMEWORK_3 if s.exercise))[::FEW]


@pytest.mark.parametrize("specimen", RIGHT_ONES, ids=lambda specimen: specimen.name)
def test_a_right_specimen_gets_full_marks_under_every_seed(specimen, grader):
    for seed in SEEDS:
        for assignment in specimen.assignments:
            grade = grader.grade(specimen.path, assignment, seed)

            assert [] == [v for v in grade.verdicts if v.status not in FREE], seed
            assert (grade.points, grade.out_of) == (100.0, 100.0)


@pytest.mark.parametrize("specimen", WRONG_ONES, ids=lambda specimen: specimen.name)
def test_a_wrong_specimen_loses_marks_where_its_bug_is_under_every_seed(specimen, grader):
    for seed in SEEDS:
        grades = [grader.grade(specimen.path, name, seed) for name in specimen.assignments]

        assert costs(specimen, grades), seed
