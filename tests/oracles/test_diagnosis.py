"""Mistakes in another style are named, those that no model describes are not, two never as one.

A part of what `python tests/oracles/diagnosis.py` does in full.
"""

import pytest

from oracles.diagnosis import CASES, judged, named
from support.other_codes import OTHER_STYLES, UNKNOWN

MLP = ("init", "parameters", "forward", "mse", "zero_grad", "step")


def assignment_of(name):
    return ("mlp_training" if name.startswith(MLP) else "scalar_autograd",)


ENDLESS = ("order_no_visited", "backward_every_path")
"""What walks for ever and is stopped in check after check."""


def sample(kind, names, every):
    both = zip(names, CASES[kind], strict=True)
    rows = [row for row in both if row[0] not in ENDLESS][::every]
    return [pytest.param(name, *case, id=name) for name, case in rows]


@pytest.mark.parametrize(
    ("name", "truth", "text"), sample("styles", [name for name, _ in OTHER_STYLES], 15)
)
def test_a_mistake_is_named_in_code_of_another_style(name, truth, text, grader):
    assert "right" == judged(truth, named(text, grader, assignment_of(name)))


@pytest.mark.parametrize(
    ("name", "truth", "text"), sample("unknown", [name for name, _ in UNKNOWN], 9)
)
def test_a_mistake_that_no_model_describes_is_unknown(name, truth, text, grader):
    found = named(text, grader, assignment_of(name))

    assert found
    assert "unknown" == judged(truth, found)


@pytest.mark.parametrize("place", range(0, 60, 20))
def test_of_two_mistakes_none_is_named_that_is_not_there(place, grader):
    truth, text = CASES["pairs"][place]

    assert "wrong" != judged(truth, named(text, grader))
