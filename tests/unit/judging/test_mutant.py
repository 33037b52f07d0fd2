"""The answer key with an edit, run in our own process."""

import gc
import sys

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.judging.mutant import MOST_CALLS, Mutant, mutate, places
from harness.records.known import Edit
from harness.records.observation import Quantity
from harness.records.program import Call
from support.graphs import graph

KEY = """
class ag:
    class Scalar:
        def __init__(self, value, inputs=()):
            self.value, self.grad, self.inputs = value, 0.0, list(inputs)
        def __add__(self, other):
            return ag.Scalar(self.value + other.value, [self, other])
        def topological_sort(self):
            return [n for i in self.inputs for n in i.topological_sort()] + [self]
        def backward(self):
            self.grad = 1.0
"""
PROGRAM = graph((2.0, 3.0), "add 0 1, backward 2, sort 2")


def call(*lines):
    return Call("any", (), lines, graph(()), ())


def run(program):
    return Mutant("key", KEY, AG).run(program)


def test_an_edit_is_made_where_its_text_stands_once_and_else_is_our_mistake():
    edit = Edit("self.value + other.value", "self.value - other.value")

    assert KEY.replace(edit.old, edit.new) == mutate(KEY, [edit])
    for old in ("nowhere", "self.value"):
        with pytest.raises(AssertionError, match="times in the answer key"):
            mutate(KEY, [Edit(old, "x")])


@pytest.mark.parametrize(
    ("old", "lines"),
    [
        (["[self, other]"], {6}),
        (["            self.grad = 1.0"], {10}),
        (["+ [self]"], {8}),
        (["def __init__(self, value"], None),
        (["class Scalar"], None),
        (["self.value, self.grad", "[self, other]"], {4, 6}),
    ],
)
def test_edits_lie_in_the_bodies_of_functions_or_elsewhere(old, lines):
    assert lines == places(KEY, tuple(Edit(each, "x") for each in old))


def test_a_mutant_keeps_its_state_and_knows_what_was_called_while_it_was_loaded_and_later():
    counts = Mutant("counts", "count = [0]\n", AG)
    step = call("count[0] += 1", 'record("count", -1, count[0])')
    mutant = Mutant("calls", "def one():\n    pass\n\ndef two():\n    pass\n\none()\n", AG)
    loaded = mutant.called & {1, 4}
    mutant.run(call("two()"))

    assert [1.0, 2.0] == [counts.run(step).numbers("count")[0] for _ in range(2)]
    assert {1} == loaded
    assert {1, 4} <= mutant.called


def test_a_program_is_observed_as_the_worker_observes_it():
    seen = run(PROGRAM)

    assert seen.fault is None
    assert (
        Quantity("grad", 1, (0.0, 0.0, 1.0)),
        Quantity("order", 2, (0, 1, 2), ("list",)),
        Quantity("value", -1, (2.0, 3.0, 5.0)),
    ) == seen.quantities


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('record("a", -1, 1.0)', Quantity("a", -1, (1.0,))),
        ('record("a", -1, None, "x")', Quantity("a", -1, (None, None), ("NoneType", "str"))),
        ('record("a", -1, 2, "x")', Quantity("a", -1, (2.0, None), ("int", "str"))),
        ('record_order("order", 0, {1}, ())', Quantity("order", 0, (), ("set",))),
    ],
)
def test_what_is_recorded_is_told_with_its_type_and_kept_though_an_exception_follows(line, told):
    seen = run(call(line, "1 / 0"))

    assert ("raised", "ZeroDivisionError") == (seen.fault.kind, seen.fault.exception)
    assert (told,) == seen.quantities


def test_walking_every_path_ends_and_is_a_timeout():
    doubled = ", ".join(f"add {k} {k}" for k in range(40))
    before = sys.gettrace()

    assert "timeout" == run(graph((1.0,), f"{doubled}, sort 40")).fault.kind
    assert before is sys.gettrace()


def test_what_the_garbage_collector_calls_in_between_is_not_counted():
    def callback(phase, info):
        for _ in range(MOST_CALLS // 10):
            (lambda: None)()

    engine = Mutant("collects", "import gc\n\ndef act():\n    return gc.collect(0)\n", AG)
    gc.callbacks.append(callback)
    try:
        told = engine.run(call("for _ in range(6):", "    act()"))
    finally:
        gc.callbacks.remove(callback)

    assert told.fault is None
