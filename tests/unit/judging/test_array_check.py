"""A function of arrays that changes its argument is told so, and only such a one."""

import pytest

from harness.authoring import BARE, Sized, keeping
from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant
from harness.records.verdict import Comparison, Finding

WRITES = "def double(x):\n    x *= 2.0\n    return 1.0 * x\n"
RESHAPES = "def double(x):\n    y = 2.0 * x\n    x.shape = (3, 2)\n    return y\n"
WRONG = "def double(x):\n    return 3.0 * x\n"


def doubled(draw, n):
    x = draw.array("x", n, 3)
    return draw.run("y = double(x)", y=2.0 * x, **draw.inputs)


def rebound(draw, n):
    return draw.run("x = double(x)", x=2.0 * draw.array("x", n, 3))


def found(make, text):
    (program,) = Sized(make, (2,))("577")
    return keeping("double")(program, Mutant("it", text, BARE).run(program), Calculus())


@pytest.mark.parametrize(("text", "shown"), [(WRITES, "x["), (RESHAPES, "x)  # (2, 3)")])
def test_an_argument_that_is_written_to_or_reshaped_is_named(text, shown):
    problem = found(doubled, text)

    assert isinstance(problem, Finding)
    assert ("input_changed", "double", "x") == (problem.kind, problem["name"], problem["argument"])
    assert f"print({shown}" in problem["shows"]


def test_a_wrong_result_is_a_number_even_under_the_name_of_an_argument():
    assert [type(found(make, WRONG)) for make in (doubled, rebound)] == [Comparison] * 2
