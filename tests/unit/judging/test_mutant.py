"""The answer key with an edit, run in our own process."""

import gc
import sys

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.judging.mutant import MOST_CALLS, Mutant, mutate, places
from harness.records.known import Edit
from harness.records.observation import Quantity
from harness.records.program import Apply, Backward, Call, Expression, Sort

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
PROGRAM = Expression((2.0, 3.0), (Apply("add", (0, 1)), Backward(2), Sort(2)))


def call(*lines):
    return Call("any", (), lines, Expression((), ()), ())


def test_an_edit_is_made_where_its_text_stands():
    assert "self.value - other.value" in mutate(
        KEY, [Edit("self.value + other.value", "self.value - other.value")]
    )


@pytest.mark.parametrize("old", ["nowhere", "self.value"])
def test_an_edit_that_fits_nowhere_or_twice_is_our_mistake(old):
    with pytest.raises(AssertionError, match="times in the answer key"):
        mutate(KEY, [Edit(old, "x")])


@pytest.mark.parametrize(
    ("old", "lines"),
    [
        ("[self, other]", {6}),
        ("            self.grad = 1.0", {10}),
        ("+ [self]", {8}),
        ("def __init__(self, value", None),
        ("class Scalar", None),
    ],
)
def test_an_edit_lies_in_the_body_of_a_function_or_elsewhere(old, lines):
    assert lines == places(KEY, (Edit(old, "x"),))


def test_edits_in_several_functions_lie_in_each_of_them():
    assert {4, 6} == places(KEY, (Edit("self.value, self.grad", "x"), Edit("[self, other]", "y")))


def test_a_mutant_knows_which_functions_were_called_while_it_was_loaded_and_by_programs():
    mutant = Mutant("calls", "def one():\n    pass\n\ndef two():\n    pass\n\none()\n", AG)
    loaded = mutant.called & {1, 4}
    mutant.run(call("two()"))

    assert {1} == loaded
    assert {1, 4} <= mutant.called


def test_a_program_is_observed_as_the_worker_observes_it():
    seen = Mutant("key", KEY, AG).run(PROGRAM)

    assert seen.fault is None
    assert (
        Quantity("grad", 1, (0.0, 0.0, 1.0)),
        Quantity("order", 2, (0, 1, 2), ("list",)),
        Quantity("value", -1, (2.0, 3.0, 5.0)),
    ) == seen.quantities


def test_an_exception_is_a_fault_and_what_was_recorded_before_is_kept():
    seen = Mutant("key", KEY, AG).run(call('record("a", -1, 1.0)', "1 / 0"))

    assert ("raised", "ZeroDivisionError") == (seen.fault.kind, seen.fault.exception)
    assert (Quantity("a", -1, (1.0,)),) == seen.quantities


def test_what_is_no_number_is_none_with_its_type():
    seen = Mutant("key", KEY, AG).run(call('record("a", -1, None, 2, "x")'))

    assert (Quantity("a", -1, (None, 2.0, None), ("NoneType", "int", "str")),) == seen.quantities


def test_an_order_that_is_no_list_is_told_by_its_type():
    seen = Mutant("key", KEY, AG).run(call('record_order("order", 0, {1}, ())'))

    assert (Quantity("order", 0, (), ("set",)),) == seen.quantities


def test_walking_every_path_ends_and_is_a_timeout():
    doubled = tuple(Apply("add", (k, k)) for k in range(40))
    before = sys.gettrace()
    seen = Mutant("key", KEY, AG).run(Expression((1.0,), (*doubled, Sort(40))))

    assert "timeout" == seen.fault.kind
    assert before is sys.gettrace()


def test_a_module_keeps_its_state_from_one_program_to_the_next():
    mutant = Mutant("key", "count = [0]\n", AG)
    step = call("count[0] += 1", 'record("count", -1, count[0])')

    assert [1.0, 2.0] == [mutant.run(step).numbers("count")[0] for _ in range(2)]


def test_what_the_garbage_collector_calls_in_between_is_not_counted():
    def nothing():
        pass

    def callback(phase, info):
        for _ in range(MOST_CALLS // 10):
            nothing()

    engine = Mutant("collects", "import gc\n\ndef act():\n    return gc.collect(0)\n", AG)
    gc.callbacks.append(callback)
    try:
        told = engine.run(call("for _ in range(6):", "    act()"))
    finally:
        gc.callbacks.remove(callback)

    assert told.fault is None
