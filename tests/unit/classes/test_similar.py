"""Submissions are pointed at where they fail alike and share their own lines, and only there."""

from dataclasses import replace

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


def handed_in(key, text, grade):
    return Result(Person(key), (grade,)), Submission(key, (Source("ag.py", text),))


def others(count):
    """People of the class who have the starter's lines and some of their own."""
    return [
        handed_in(f"o{k}", f"{STARTER}\nown_{k} = {k}\n", wrong(100.0 + k)) for k in range(count)
    ]


def test_the_same_wrong_numbers_and_the_same_lines_are_pointed_at():
    one = handed_in("ada", f"{STARTER}\n{OWN}\n", wrong(2.0))
    two = handed_in("bob", f"# mine\n{STARTER}\n\n{OWN}  \nmore = 1\n", wrong(2.0))

    assert {"ada": ("bob",), "bob": ("ada",)} == alike([one, two, *others(5)])


def test_the_same_lines_with_other_numbers_are_not():
    one = handed_in("ada", f"{STARTER}\n{OWN}\n", wrong(2.0))
    two = handed_in("bob", f"{STARTER}\n{OWN}\n", wrong(3.0))

    assert {} == alike([one, two, *others(5)])


def test_the_same_numbers_with_other_lines_are_not():
    one = handed_in("ada", f"{STARTER}\n{OWN}\n", wrong(2.0))
    two = handed_in("bob", f"{STARTER}\n{OWN.replace('mine', 'other')}\n".upper(), wrong(2.0))

    assert {} == alike([one, two, *others(5)])


def test_right_submissions_are_never_pointed_at():
    pair = [handed_in(key, f"{STARTER}\n{OWN}\n", graded()) for key in ("ada", "bob")]

    assert {} == alike([*pair, *others(5)])


def test_what_half_of_the_class_has_is_nobodys_own():
    everybody = [handed_in(f"p{k}", f"{STARTER}\n{OWN}\n", wrong(2.0)) for k in range(9)]

    assert {} == alike(everybody)
