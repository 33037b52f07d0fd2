"""The usual checks accept the answer key, and reject what does nothing at all."""

import pytest

from bench.baselines import SUITE
from harness.assignments.lecture6.dialect import AG
from harness.judging.mutant import Mutant, mutate
from harness.oracles.load import Oracles
from harness.records.known import Edit
from support.engines import torch_engine

NO_BACKWARD = Edit(
    """            for node in reversed(self.topological_sort()):
                node._backward()
""",
    "",
)
NO_STEP = Edit("parameter.value -= self.lr * parameter.grad", "pass")


@pytest.fixture(scope="module")
def oracles():
    return Oracles((torch_engine(),))


@pytest.fixture(scope="module")
def text(answer_key):
    return answer_key.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SUITE)
def test_a_usual_check_accepts_the_answer_key(name, text, oracles):
    assert SUITE[name](Mutant("key", text, AG), oracles)


@pytest.mark.parametrize("name", SUITE)
def test_a_usual_check_rejects_what_does_nothing(name, text, oracles):
    edit = NO_STEP if name == "loss decreases" else NO_BACKWARD

    assert not SUITE[name](Mutant("null", mutate(text, [edit]), AG), oracles)


@pytest.mark.parametrize("name", SUITE)
def test_a_usual_check_rejects_a_fault(name, text, oracles):
    raises = Edit("self.value = float(value)", "raise ValueError(value)")

    assert not SUITE[name](Mutant("raises", mutate(text, [raises]), AG), oracles)


def test_the_lectures_check_accepts_only_the_order_that_the_lecture_prints(text, oracles):
    other = Edit("for i in reversed(node.inputs)", "for i in node.inputs")

    assert not SUITE["lecture's check values"](Mutant("other", mutate(text, [other]), AG), oracles)
