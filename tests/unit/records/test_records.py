"""The records: how an expression numbers its nodes, and what a grade says of itself."""

from dataclasses import FrozenInstanceError

import pytest

from harness.assignments.lecture6.training import training as training_run
from harness.records.observation import Observation, Quantity
from harness.records.program import Call, Traced
from harness.records.verdict import Finding, Grade, Status, Verdict
from support.graphs import graph

LINE = graph((2.0, 3.0), "mul 0 1, backward 2, exp 2, sort 3")


def test_nodes_are_the_leaves_first_then_each_operation_called_x_and_v_unless_labelled():
    labelled = graph((1.0,), "exp 0", ("z1:x", "z2:exp(x)"))

    assert ["leaf", "leaf", "mul", "exp"] == [node.op for node in LINE.nodes]
    assert [2.0, 3.0] == [node.constant for node in LINE.nodes[:2]]
    assert ("x1", "x2", "v1", "v2") == LINE.names
    assert ("z1", "z2") == labelled.names


def test_calls_are_told_with_their_step_and_a_node_reaches_what_it_depends_on_and_no_more():
    program = graph((1.0, 2.0), "exp 0, add 2 2, exp 1")

    assert (((1, 2),), ((3, 3),)) == (LINE.backwards, LINE.sorts)
    assert [{0, 2, 3}, {1}] == [program.reachable(node) for node in (3, 1)]


@pytest.mark.parametrize(
    ("between", "settled"),
    [
        pytest.param("", (1, 2, 4), id="what an earlier backward reached is left out"),
        pytest.param("zero 0, ", (0, 1, 2, 4), id="zeroing brings a node back"),
        pytest.param("zero 0 1 3, ", (0, 1, 2, 3, 4), id="zeroing all brings all back"),
    ],
)
def test_settled_nodes_are_those_that_the_backward_decides_alone(between, settled):
    program = graph((3.0, 4.0), f"exp 1, mul 0 0, backward 3, {between}exp 0, backward 4")

    assert settled == program.settled(program.backwards[-1][0])
    assert (0, 1, 2) == LINE.settled(1)  # the last node does not exist yet


def test_training_names_each_parameter_in_the_order_of_start():
    run = training_run(2, 1, (0.0,) * 7, (1.0,), (1.0,), 0.1, 1)
    names = ("w1[0]", "w1[1]", "b1[0]", "b1[1]", "w2[0]", "w2[1]", "b2[0]")

    assert tuple(f"model.{name}.grad" for name in names) == run.subjects("grad")


def test_a_call_gives_its_arguments_and_a_finding_its_facts_by_name():
    call = Call("f", (("a", (1.0,)), ("b", (2.0, 3.0))), (), LINE, (Traced("v", (), ()),))

    assert (2.0, 3.0) == call.argument("b")
    assert "v1" == Finding("order_twice", (("node", "v1"), ("order", "v1, v1")))["node"]


def test_an_observation_finds_a_quantity_by_name_and_step_and_misses_numbers_loudly():
    early, late = Quantity("grad", 1, (1.0,)), Quantity("grad", 4, (2.0,))
    seen = Observation((early, late))

    assert (late, None, None) == (seen.get("grad", 4), seen.get("grad"), seen.get("value", 4))
    with pytest.raises(AssertionError, match="no grad at step 7"):
        seen.numbers("grad", 7)


def test_numbers_are_floats_with_nan_where_there_was_none():
    seen = Observation((Quantity("value", -1, (1, None, 2.5)),))
    first, second, third = seen.numbers("value")

    assert (1.0, 2.5) == (first, third)
    assert second != second
    assert isinstance(first, float)


def _grade(*statuses, unreadable=""):
    verdicts = tuple(Verdict(f"c{i}", "", status, out_of=1.0) for i, status in enumerate(statuses))
    return Grade("ada", "", "a", "s", verdicts, 0.0, 0.0, unreadable=unreadable)


@pytest.mark.parametrize("status", Status)
def test_a_grade_has_passed_where_every_verdict_has_and_a_flag_asks_for_a_look_alone(status):
    free = status in (Status.PASSED, Status.FLAGGED, Status.NOTED)

    assert free is _grade(Status.PASSED, status).passed
    assert not _grade(Status.PASSED, unreadable="no such file").passed


def test_records_cannot_be_changed_and_equal_programs_are_one_key():
    again = graph((2.0, 3.0), "mul 0 1, backward 2, exp 2, sort 3")
    assert again.nodes

    assert 1 == len({LINE: 1, again: 2})
    with pytest.raises(FrozenInstanceError):
        LINE.leaves = (1.0,)
