"""What was right of a program is right again, and nothing else is."""

import pytest

from harness.judging.remembered import remembered
from harness.records.errors import Disputed
from harness.records.observation import Observation, Quantity
from harness.records.program import Expression
from harness.records.verdict import Finding

PROGRAM = Expression((1.0,), ())
RIGHT = Quantity("value", -1, (1.0,))


def seen(*quantities):
    """An observation that is no other's, though it may say the same."""
    return Observation(
        tuple(Quantity(q.name, q.step, tuple([*q.values]), q.types) for q in quantities)
    )


@pytest.fixture
def asked():
    """What a comparison was asked about."""
    return []


@pytest.fixture
def compared(asked):
    """A comparison that accepts the value 1 of whoever answers."""

    def compare(program, actual, answers):
        asked.append(actual)
        if answers == "disputing":
            raise Disputed("no answer")
        return None if actual == seen(RIGHT) else Finding("wrong")

    return remembered(compare)


def test_what_was_right_is_not_compared_again(compared, asked):
    assert [None, None] == [compared(PROGRAM, seen(RIGHT), "torch") for _ in range(2)]
    assert 1 == len(asked)


@pytest.mark.parametrize(
    "other",
    [
        seen(Quantity("value", -1, (2.0,))),
        seen(Quantity("value", 0, (1.0,))),
        seen(Quantity("grad", -1, (1.0,))),
        seen(Quantity("value", -1, (1.0,), ("int",))),
        seen(RIGHT, RIGHT),
        seen(),
    ],
    ids=["number", "step", "name", "type", "more", "less"],
)
def test_what_differs_in_anything_is_compared_each_time(compared, asked, other):
    compared(PROGRAM, seen(RIGHT), "torch")

    assert [Finding("wrong")] * 2 == [compared(PROGRAM, other, "torch") for _ in range(2)]
    assert compared(PROGRAM, seen(RIGHT), "torch") is None
    assert 3 == len(asked)


def test_another_program_and_other_oracles_are_asked_anew(compared, asked):
    compared(PROGRAM, seen(RIGHT), "torch")
    compared(Expression((2.0,), ()), seen(RIGHT), "torch")
    with pytest.raises(Disputed):
        compared(PROGRAM, seen(RIGHT), "disputing")

    assert 3 == len(asked)
