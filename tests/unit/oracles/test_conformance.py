"""The contract that ships: a right engine keeps it, and each mistake breaks it."""

from dataclasses import replace

import pytest

from harness.oracles import conformance
from harness.records.observation import Observation, Quantity
from harness.records.program import Expression
from support.bent import Bent, without
from support.fake_engines import ALL, Floats, Pupil

OPERATIONS = (*ALL, "sum", "mean")
"""What the engines here know."""


def violations(engine):
    return conformance.violations(engine, OPERATIONS)


TURNED = Bent(lambda q: (replace(q, values=q.values[::-1]) if q.name == "edges" else q,))


@pytest.mark.parametrize("engine", [Bent(without("edges")), TURNED], ids=["none", "turned around"])
def test_an_engine_without_the_relation_between_nodes_does_not_conform(engine):
    (sentence,) = violations(engine)

    assert sentence.startswith("diamond: ")


class Wrong(Pupil):
    """A pupil that records the relation between nodes, and runs calls, as an oracle does."""

    def run(self, program):
        if not isinstance(program, Expression):
            return Floats().run(program)
        told = Floats().run(program).quantities
        return Observation(
            super().run(program).quantities + tuple(q for q in told if q.name == "edges")
        )


@pytest.mark.parametrize("op", ALL)
@pytest.mark.parametrize("what", ["value", "grad"])
def test_an_engine_that_is_off_by_1e_9_in_one_operation_does_not_conform(op, what):
    assert f".{what} is" in " ".join(violations(Wrong(**{f"{what}_factor": {op: 1 + 1e-9}})))


def bent(name, step, *instead):
    """Puts quantities in the place of one."""
    return lambda q: instead if (q.name, q.step) == (name, step) else (q,)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (bent("y", -1), 'call: it records no "y" at step -1'),
        (bent("second", -1, Quantity("second", -1, (4.0, 2.0))), "call: second is (4.0, 2.0), not"),
        (bent("first", -1, Quantity("first", -1, ())), "call: first is (), not (3.0,)"),
        (bent("after", 1), 'training: it records no "after" at step 1'),
        (bent("grad", 0, Quantity("grad", 0, (-5.0, -2.5000001))), "training: grad is (-5.0, -2.5"),
        (bent("nothing", -1, Quantity("d", -1, (1.0,))), "call: it records something of a call"),
    ],
)
def test_a_call_or_a_training_run_that_is_answered_otherwise_is_told(change, sentence):
    (found,) = violations(Bent(change))

    assert found.startswith(sentence)


@pytest.mark.parametrize(
    "engine", [*(Floats(seed=seed) for seed in (None, "1", "2")), Wrong(), Bent(bent("", 0))]
)
def test_a_right_engine_conforms_and_so_do_those_above_without_their_mistake(engine):
    assert [] == violations(engine)


class Batched(Floats):
    """An engine that gives its answers in another order where it is asked for many."""

    def run_all(self, programs):
        return tuple(self.run(program) for program in (programs[1], programs[0], *programs[2:]))


@pytest.mark.parametrize(
    ("engine", "named"), [(Wrong(value_factor={"mean": 1 + 1e-9}), "mean"), (Batched(), "run_all")]
)
def test_an_operation_that_is_computed_wrong_and_programs_that_are_mixed_up_are_named(
    engine, named
):
    names = [sentence.partition(":")[0] for sentence in violations(engine)]

    assert {named} == set(names)
    assert named == "run_all" or len(names) == 1
