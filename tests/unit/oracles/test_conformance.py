"""The contract that ships: a right engine keeps it, and each mistake breaks it."""

from dataclasses import replace

import pytest

from harness.oracles import conformance
from harness.records.observation import Observation
from support.fake_engines import Floats, Pupil


@pytest.mark.parametrize("engine", [Floats(), Floats(seed="1"), Floats(seed="2")])
def test_a_right_engine_conforms(engine):
    assert [] == conformance.violations(engine)


class Edgeless(Floats):
    """An engine that records no relation between nodes."""

    def run(self, program):
        seen = super().run(program).quantities
        return Observation(tuple(q for q in seen if q.name != "edges"))


class Reversed(Floats):
    """An engine that records each pair as input, node."""

    def run(self, program):
        seen = super().run(program).quantities
        return Observation(
            tuple(replace(q, values=q.values[::-1]) if q.name == "edges" else q for q in seen)
        )


def test_an_engine_that_turns_the_relation_around_does_not_conform():
    (sentence,) = conformance.violations(Reversed())

    assert sentence.startswith("diamond: ")


class Wrong(Pupil):
    """A pupil that records the relation between nodes as an oracle does."""

    def run(self, program):
        told = Floats().run(program).quantities
        return Observation(
            super().run(program).quantities + tuple(q for q in told if q.name == "edges")
        )


def test_an_engine_without_the_relation_between_nodes_does_not_conform():
    (sentence,) = conformance.violations(Edgeless())

    assert sentence.startswith("diamond: ")


@pytest.mark.parametrize("op", ["add", "mul", "pow", "exp", "log", "relu"])
@pytest.mark.parametrize("what", ["value_factor", "grad_factor"])
def test_an_engine_that_is_off_by_1e_9_in_one_operation_does_not_conform(op, what):
    found = conformance.violations(Wrong(**{what: {op: 1 + 1e-9}}))

    assert found
    assert {"value_factor": ".value is", "grad_factor": ".grad is"}[what] in " ".join(found)


def test_the_wrong_engine_without_its_mistake_conforms():
    assert [] == conformance.violations(Wrong())
