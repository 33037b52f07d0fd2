"""Submissions are pointed at where they fail alike and share their own lines, and only there."""

from dataclasses import replace

import pytest

from harness.classes.similar import alike
from harness.records.handed_in import Source, Submission
from harness.records.people import Person, Result
from harness.records.verdict import Comparison, Status
from support.small_class import graded

STARTER = "\n".join(f"given_{k} = {k}" for k in range(20))
OWN = "\n".join(f"def mine_{k}(self):\n    return {k}" for k in range(10))


def wrong(number):
    problem = Comparison("grad", "x1.grad", 1, ("torch",), 4.0, number, "float", 1e-15, False)
    grade = graded("gradient_add")
    verdicts = tuple(
        replace(v, problem=problem) if v.status is Status.FAILED else v for v in grade.verdicts
    )
    return replace(grade, verdicts=verdicts)


MINE = f"{STARTER}\n{OWN}\n"


def handed_in(key, text, grade):
    return Result(Person(key), (grade,)), Submission(key, (Source("ag.py", text),))


def others(count):
    """People of the class who have the starter's lines and some of their own."""
    return [
        handed_in(f"o{k}", f"{STARTER}\nown_{k} = {k}\n", wrong(100.0 + k)) for k in range(count)
    ]


@pytest.mark.parametrize(
    ("text", "grades", "found"),
    [
        pytest.param(
            f"# mine\n{STARTER}\n\n{OWN}  \nmore = 1\n", (wrong(2.0), wrong(2.0)),
            {"ada": ("bob",), "bob": ("ada",)}, id="the same wrong numbers and lines",
        ),
        pytest.param(MINE, (wrong(2.0), wrong(3.0)), {}, id="other numbers"),
        pytest.param(
            MINE.replace("mine", "other").upper(), (wrong(2.0), wrong(2.0)), {}, id="other lines"
        ),
        pytest.param(MINE, (graded(), graded()), {}, id="right submissions"),
    ],
)  # fmt: skip
def test_two_are_pointed_at_where_both_numbers_and_lines_are_the_same(text, grades, found):
    pair = [
        handed_in(key, own, grade)
        for key, own, grade in zip(("ada", "bob"), (MINE, text), grades, strict=True)
    ]

    assert found == alike([*pair, *others(5)])


def test_what_half_of_the_class_has_is_nobodys_own():
    assert {} == alike([handed_in(f"p{k}", MINE, wrong(2.0)) for k in range(9)])
