"""Topological orders: every valid one is accepted, every other one is told by what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging import order
from harness.programs import generate
from harness.records.observation import Quantity
from harness.records.verdict import Finding
from support.fake_engines import ALL, Pupil, edges_of, first_order
from support.graphs import graph

DIAMOND = graph((2.0, 3.0), "mul 0 1, add 2 0, mul 2 3, exp 0, sort 4")


def related(program):
    return order.edges_of(Quantity("edges", -1, edges_of(program)))


EDGES = related(DIAMOND)


def problem(*told, program=DIAMOND, root=4, kind="list", edges=None):
    listed = Quantity("order", root, told, (kind,))
    return order.problem(program, root, listed, related(program) if edges is None else edges)


@pytest.mark.parametrize(
    "told",
    [(0, 1, 2, 3, 4), (1, 0, 2, 3, 4), Pupil().run(DIAMOND).get("order", 4).values],
    ids=["one", "another", "the fake pupil's"],
)
@pytest.mark.parametrize("kind", ["list", "tuple"])
def test_every_valid_order_is_right_as_a_list_and_as_a_tuple(told, kind):
    assert frozenset({(2, 0), (2, 1), (3, 2), (3, 0), (4, 2), (4, 3), (5, 0)}) == EDGES
    assert problem(*told, kind=kind) is None


@pytest.mark.parametrize(
    ("told", "kind", "facts"),
    [
        pytest.param((0, 1, 2, 3), "lacks", {"node": "v3"}, id="the root is left out"),
        pytest.param((), "lacks", {"node": "x1", "order": "an empty list"}, id="nothing is listed"),
        pytest.param((1, 2, 3, 4), "lacks", {"node": "x1"}, id="a leaf is left out"),
        pytest.param((0, 1, 0, 2, 3, 4), "twice", {"node": "x1"}, id="a node twice"),
        pytest.param(
            (0, 1, 2, 3, 5, 4), "extra", {"node": "v4", "root": "v3"}, id="a node too many"
        ),
        pytest.param(
            (0, 1, 3, 2, 4),
            "broken",
            {"node": "v2", "input": "v1", "order": "x1, x2, v2, v1, v3"},
            id="a node too early",
        ),
        pytest.param((4, 3, 2, 1, 0), "broken", {"node": "v3", "input": "v2"}, id="root first"),
        pytest.param((0, 1, 2, 3, -1, 4), "stranger", {"count": "1"}, id="a stranger"),
        pytest.param((-1, 0), "stranger", {"order": "?, x1"}, id="a stranger first"),
        pytest.param((0, None, 1, 2, 3, 4), "stranger", {"count": "1"}, id="no number"),
    ],
)
def test_a_wrong_order_is_told_by_what_is_wrong_and_quoted_by_the_programs_names(told, kind, facts):
    found = problem(*told)

    assert f"order_{kind}" == found.kind
    assert facts == {name: found[name] for name in facts}


def test_a_long_order_is_quoted_by_its_beginning_and_one_that_was_not_recorded_is_missing():
    assert problem(*[0] * 20)["order"].endswith(", ... (20 in all)")
    assert Finding("order_missing") == order.problem(DIAMOND, 4, None, EDGES)


@pytest.mark.parametrize("kind", ["set", "dict", "generator", "NoneType", "Scalar"])
def test_only_a_list_or_a_tuple_is_an_order(kind):
    found = problem(0, 1, 2, 3, 4, kind=kind)

    assert ("order_type", kind) == (found.kind, found["type"])


def test_the_relation_is_the_oracles_and_not_the_programs():
    fewer = EDGES - {(2, 1)}

    assert "order_extra" == problem(0, 1, 2, 3, 4, edges=fewer).kind
    assert problem(0, 2, 3, 4, edges=fewer) is None


def _shuffled_order(program, root, dice):
    """Any valid order, each equally welcome."""
    left, done = set(program.reachable(root)), []
    while left:
        ready = sorted(i for i in left if not set(program.nodes[i].inputs) & left)
        done.append(dice.choice(ready))
        left.remove(done[-1])
    return done


drawn = st.integers(0, 500).map(lambda i: generate.expression(f"order/{i}", ALL, (12, 24)))


@given(drawn, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_any_valid_order_of_any_graph_is_accepted_until_a_node_is_moved_before_its_input(
    program, dice
):
    _, root = program.backwards[0]
    places = _shuffled_order(program, root, dice)

    assert problem(*places, program=program, root=root) is None

    node = dice.choice([i for i in places if program.nodes[i].inputs])
    places.remove(node)
    places.insert(places.index(dice.choice(program.nodes[node].inputs)), node)

    assert "order_broken" == problem(*places, program=program, root=root).kind


@given(drawn, st.sampled_from(["lacks", "twice"]), st.integers(0, 99))
@settings(max_examples=50)
def test_an_order_with_a_node_dropped_or_doubled_is_refused(program, how, at):
    _, root = program.backwards[0]
    places = first_order(program, root)
    at %= len(places)
    changed = places[:at] + places[at + 1 :] if how == "lacks" else [*places, places[at]]

    assert f"order_{how}" == problem(*changed, program=program, root=root).kind


def test_the_exact_order_is_one_order():
    wanted, row = (0, 1, 2, 3, 4), Quantity("order", 4, (1, 0, 2, 3, 4), ("list",))
    other = order.exact_problem(DIAMOND, row, wanted)

    assert order.exact_problem(DIAMOND, row, row.values) is None
    assert ("order_other", "x2, x1, v1, v2, v3") == (other.kind, other["order"])
    assert "x1, x2, v1, v2, v3" == other["wanted"]
    assert "an empty list" == order.exact_problem(DIAMOND, None, wanted)["order"]


@pytest.mark.parametrize(
    "told", [(9, 9), (0, 1, 2, 3, 4, 9), (float("nan"),), (float("inf"),)], ids=str
)
def test_an_order_that_only_a_hostile_worker_sends_is_a_finding_and_no_error(told):
    assert isinstance(problem(*told), Finding)
