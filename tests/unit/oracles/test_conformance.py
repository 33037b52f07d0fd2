"""The contract that ships: a right engine keeps it, and each mistake breaks it."""

from dataclasses import replace

import pytest

from harness.oracles import conformance
from harness.records.observation import Observation, Quantity
from harness.records.program import Expression
from support.fake_engines import ALL, Floats, Pupil

OPERATIONS = (*ALL, "sum", "mean")
"""What the engines here know."""


def violations(engine):
    return conformance.violations(engine, OPERATIONS)


@pytest.mark.parametrize("engine", [Floats(), Floats(seed="1"), Floats(seed="2")])
def test_a_right_engine_conforms(engine):
    assert [] == violations(engine)


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
    (sentence,) = violations(Reversed())

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


def test_an_engine_without_the_relation_between_nodes_does_not_conform():
    (sentence,) = violations(Edgeless())

    assert sentence.startswith("diamond: ")


@pytest.mark.parametrize("op", ["add", "mul", "pow", "exp", "log", "relu"])
@pytest.mark.parametrize("what", ["value_factor", "grad_factor"])
def test_an_engine_that_is_off_by_1e_9_in_one_operation_does_not_conform(op, what):
    found = violations(Wrong(**{what: {op: 1 + 1e-9}}))

    assert found
    assert {"value_factor": ".value is", "grad_factor": ".grad is"}[what] in " ".join(found)


def test_the_wrong_engine_without_its_mistake_conforms():
    assert [] == violations(Wrong())


class Bent(Floats):
    """An engine that changes the quantities of calls and training runs.

    Args:
        change: a quantity to those that are recorded in its place.
    """

    def __init__(self, change):
        super().__init__()
        self.change = change

    def run(self, program):
        seen = super().run(program)
        if isinstance(program, Expression):
            return seen
        if not seen.quantities:
            return Observation(self.change(Quantity("nothing", -1, ())))
        return Observation(tuple(q for each in seen.quantities for q in self.change(each)))


def bent(name, step, *instead):
    """Puts quantities in the place of one."""
    return lambda q: instead if (q.name, q.step) == (name, step) else (q,) * bool(q.values)


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


def test_an_operation_that_an_engine_computes_wrong_is_named():
    assert [] == violations(Bent(bent("", 0)))
    assert ["mean"] == [
        told.partition(":")[0] for told in violations(Wrong(value_factor={"mean": 1 + 1e-9}))
    ]


class Batched(Floats):
    """An engine that gives its answers in another order where it is asked for many."""

    def run_all(self, programs):
        return tuple(self.run(program) for program in (programs[1], programs[0], *programs[2:]))


def test_an_engine_that_mixes_up_many_programs_does_not_conform():
    found = violations(Batched())

    assert found
    assert all(sentence.startswith("run_all: ") for sentence in found)
