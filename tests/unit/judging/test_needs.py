"""What a check needs is run before it, and an author hears which needs are left out."""

from dataclasses import replace

from harness.authoring import AnswerKey, Assignment, Source, array_check
from harness.judging.needs import circle, in_order, left_out

KEY = """
def square(x):
    return x * x

def cube(x):
    return x * square(x)

def twice(x):
    return 2.0 * x
"""


def checking(name, of):
    def make(draw):
        x = draw.array("x")
        return draw.run(f"y = {name}(x)", y=of(x))

    return array_check(name, "1", 5, f"{name}(x)", make, ((),), of=name)


CUBE, SQUARE = checking("cube", lambda x: x**3), checking("square", lambda x: x**2)
NEEDING = replace(CUBE, needs=("square",))
TWICE = checking("twice", lambda x: 2.0 * x)


def powers_of(*checks):
    return Assignment("powers", "Powers", checks, answer_key=AnswerKey(Source("powers.py", KEY)))


def test_what_a_check_needs_comes_first_and_all_else_stays():
    assert (TWICE, SQUARE, NEEDING) == in_order((TWICE, NEEDING, SQUARE))
    assert (CUBE, TWICE, SQUARE) == in_order((CUBE, TWICE, SQUARE))


def test_checks_that_need_each_other_are_named():
    around = replace(SQUARE, needs=("cube",))

    assert ("cube", "square") == circle((TWICE, NEEDING, around))
    assert () == circle((TWICE, NEEDING, SQUARE))
    assert 3 == len(in_order((TWICE, NEEDING, around)))


def test_a_check_whose_programs_use_the_part_of_another_is_told_until_it_needs_it():
    (told,) = left_out(powers_of(TWICE, CUBE, SQUARE))

    assert 'the programs of the check "cube" use square, but it does not need "square"' in told
    assert [] == [*left_out(powers_of(TWICE, NEEDING, SQUARE))]
