"""The records: how an expression numbers its nodes, and what a grade says of itself."""

from dataclasses import FrozenInstanceError

import pytest

from harness.assignments.lecture6.training import training as training_run
from harness.records.observation import Observation, Quantity
from harness.records.program import Apply, Backward, Call, Expression, Sort, Traced, Zero
from harness.records.verdict import Finding, Grade, Status, Verdict

LINE = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2), Apply("exp", (2,)), Sort(3)))


def test_nodes_are_the_leaves_first_then_each_operation():
    assert ["leaf", "leaf", "mul", "exp"] == [node.op for node in LINE.nodes]
    assert [2.0, 3.0] == [node.constant for node in LINE.nodes[:2]]


def test_leaves_are_called_x_and_the_rest_v():
    assert ("x1", "x2", "v1", "v2") == LINE.names


def test_labels_name_the_nodes_by_what_stands_before_the_colon():
    labelled = Expression((1.0,), (Apply("exp", (0,)),), ("z1:x", "z2:exp(x)"))

    assert ("z1", "z2") == labelled.names


def test_calls_are_told_with_the_step_at_which_they_stand():
    assert ((1, 2),) == LINE.backwards
    assert ((3, 3),) == LINE.sorts


def test_a_node_reaches_itself_and_what_it_depends_on_and_no_more():
    graph = Expression((1.0, 2.0), (Apply("exp", (0,)), Apply("add", (2, 2)), Apply("exp", (1,))))

    assert {0, 2, 3} == graph.reachable(3)
    assert {1} == graph.reachable(1)


@pytest.mark.parametrize(
    ("between", "settled"),
    [
        pytest.param((), (1, 2, 4), id="what an earlier backward reached is left out"),
        pytest.param((Zero((0,)),), (0, 1, 2, 4), id="zeroing brings a node back"),
        pytest.param((Zero((0, 1, 3)),), (0, 1, 2, 3, 4), id="zeroing all brings all back"),
    ],
)
def test_settled_nodes_are_those_that_the_backward_decides_alone(between, settled):
    program = Expression(
        (3.0, 4.0),
        (
            Apply("exp", (1,)),
            Apply("mul", (0, 0)),
            Backward(3),
            *between,
            Apply("exp", (0,)),
            Backward(4),
        ),
    )
    step, _ = program.backwards[-1]

    assert settled == program.settled(step)


def test_a_node_that_does_not_exist_yet_is_not_settled():
    assert (0, 1, 2) == LINE.settled(1)


def test_training_names_each_parameter_in_the_order_of_start():
    run = training_run(2, 1, (0.0,) * 7, (1.0,), (1.0,), 0.1, 1)

    assert (
        "model.w1[0]",
        "model.w1[1]",
        "model.b1[0]",
        "model.b1[1]",
        "model.w2[0]",
        "model.w2[1]",
        "model.b2[0]",
    ) == tuple(s.removesuffix(".grad") for s in run.subjects("grad"))


def test_a_call_gives_its_arguments_by_name():
    call = Call("f", (("a", (1.0,)), ("b", (2.0, 3.0))), (), LINE, (Traced("v", (), ()),))

    assert (2.0, 3.0) == call.argument("b")


def test_an_observation_finds_a_quantity_by_name_and_step():
    early, late = Quantity("grad", 1, (1.0,)), Quantity("grad", 4, (2.0,))
    seen = Observation((early, late))

    assert late == seen.get("grad", 4)
    assert seen.get("grad") is None
    assert seen.get("value", 4) is None


def test_numbers_are_floats_with_nan_where_there_was_none():
    seen = Observation((Quantity("value", -1, (1, None, 2.5)),))
    first, second, third = seen.numbers("value")

    assert (1.0, 2.5) == (first, third)
    assert second != second
    assert isinstance(first, float)


def test_numbers_that_must_be_there_are_missed_loudly():
    with pytest.raises(AssertionError, match="no grad at step 7"):
        Observation().numbers("grad", 7)


def test_a_finding_gives_its_facts_by_name():
    assert "v1" == Finding("order_twice", (("node", "v1"), ("order", "v1, v1")))["node"]


def _grade(*statuses, unreadable=""):
    verdicts = tuple(Verdict(f"c{i}", "", status, out_of=1.0) for i, status in enumerate(statuses))
    return Grade("ada", "", "a", "s", verdicts, 0.0, 0.0, unreadable=unreadable)


@pytest.mark.parametrize(
    "status",
    [status for status in Status if status not in (Status.PASSED, Status.FLAGGED, Status.NOTED)],
)
def test_a_grade_with_any_other_verdict_has_not_passed(status):
    assert not _grade(Status.PASSED, status).passed


def test_a_flag_asks_for_a_look_and_not_for_a_change():
    assert _grade(Status.PASSED, Status.FLAGGED).passed


def test_a_grade_has_passed_where_every_verdict_has():
    assert _grade(Status.PASSED, Status.PASSED).passed
    assert not _grade(Status.PASSED, unreadable="no such file").passed


def test_records_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        LINE.leaves = (1.0,)


def test_equal_programs_are_one_key():
    again = Expression((2.0, 3.0), tuple(LINE.steps))
    assert again.nodes

    assert 1 == len({LINE: 1, again: 2})
