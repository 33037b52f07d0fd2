"""Mistakes in another style are named, those that no model describes are not, two never as one.

A part of what `python tests/oracles/diagnosis.py` does in full.
"""

import pytest

from oracles.diagnosis import CASES, judged, named
from support.long import sample
from support.other_codes import OTHER_STYLES, UNKNOWN

MLP = ("init", "parameters", "forward", "mse", "zero_grad", "step")


def assignment_of(name):
    return ("mlp_training" if name.startswith(MLP) else "scalar_autograd",)


ENDLESS = ("order_no_visited", "backward_every_path")
"""What walks for ever and is stopped in check after check."""


def cases(kind, names):
    """Every third, by its name."""
    both = zip(names, CASES[kind], strict=True)
    return [(name, *case) for name, case in both if name not in ENDLESS][::3]


@pytest.mark.parametrize(
    ("name", "truth", "text"), sample(15, cases("styles", [name for name, _ in OTHER_STYLES]))
)
def test_a_mistake_is_named_in_code_of_another_style(name, truth, text, grader):
    assert "right" == judged(truth, named(text, grader, assignment_of(name)))


@pytest.mark.parametrize(
    ("name", "truth", "text"), sample(6, cases("unknown", [name for name, _ in UNKNOWN]))
)
def test_a_mistake_that_no_model_describes_is_unknown(name, truth, text, grader):
    found = named(text, grader, assignment_of(name))

    assert found
    assert "unknown" == judged(truth, found)


@pytest.mark.parametrize("place", sample(8, range(0, 100, 10)))
def test_of_two_mistakes_none_is_named_that_is_not_there(place, grader):
    truth, text = CASES["pairs"][place]

    assert "wrong" != judged(truth, named(text, grader))
