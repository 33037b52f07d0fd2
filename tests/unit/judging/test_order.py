"""Topological orders: every valid one is accepted, every other one is told by what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging import order
from harness.programs import generate
from harness.records.observation import Quantity
from harness.records.program import Apply, Expression, Sort
from harness.records.verdict import Finding
from support.fake_engines import ALL, Pupil, edges_of, first_order

DIAMOND = Expression(
    (2.0, 3.0),
    (Apply("mul", (0, 1)), Apply("add", (2, 0)), Apply("mul", (2, 3)), Apply("exp", (0,)), Sort(4)),
)
EDGES = order.edges_of(Quantity("edges", -1, edges_of(DIAMOND)))


def problem(*told, kinds=("list",)):
    return order.problem(DIAMOND, 4, Quantity("order", 4, told, kinds), EDGES)


def test_edges_are_pairs_of_a_node_and_its_input():
    assert frozenset({(2, 0), (2, 1), (3, 2)}) == order.edges_of(
        Quantity("edges", -1, (2, 0, 2, 1, 3, 2))
    )


@pytest.mark.parametrize("told", [(0, 1, 2, 3, 4), (1, 0, 2, 3, 4)])
@pytest.mark.parametrize("kind", ["list", "tuple"])
def test_every_valid_order_is_right_as_a_list_and_as_a_tuple(told, kind):
    assert problem(*told, kinds=(kind,)) is None


@pytest.mark.parametrize(
    ("told", "kind", "facts"),
    [
        pytest.param((0, 1, 2, 3), "order_lacks", {"node": "v3"}, id="the root is left out"),
        pytest.param((), "order_lacks", {"node": "x1"}, id="nothing is listed"),
        pytest.param((1, 2, 3, 4), "order_lacks", {"node": "x1"}, id="a leaf is left out"),
        pytest.param((0, 1, 0, 2, 3, 4), "order_twice", {"node": "x1"}, id="a node twice"),
        pytest.param(
            (0, 1, 2, 3, 5, 4), "order_extra", {"node": "v4", "root": "v3"}, id="a node too many"
        ),
        pytest.param(
            (0, 1, 3, 2, 4), "order_broken", {"node": "v2", "input": "v1"}, id="a node too early"
        ),
        pytest.param(
            (4, 3, 2, 1, 0), "order_broken", {"node": "v3", "input": "v2"}, id="root first"
        ),
        pytest.param((0, 1, 2, 3, -1, 4), "order_stranger", {"count": "1"}, id="a stranger"),
        pytest.param((0, None, 1, 2, 3, 4), "order_stranger", {"count": "1"}, id="no number"),
    ],
)
def test_a_wrong_order_is_told_by_what_is_wrong_with_it(told, kind, facts):
    found = problem(*told)

    assert kind == found.kind
    assert facts == {name: found[name] for name in facts}


def test_a_wrong_order_is_quoted_by_the_names_of_the_program():
    assert "x1, x2, v2, v1, v3" == problem(0, 1, 3, 2, 4)["order"]
    assert "an empty list" == problem()["order"]
    assert "?, x1" == problem(-1, 0)["order"]


def test_a_long_order_is_quoted_by_its_beginning():
    assert problem(*[0] * 20)["order"].endswith(", ... (20 in all)")


def test_what_was_not_recorded_is_missing():
    assert Finding("order_missing") == order.problem(DIAMOND, 4, None, EDGES)


@pytest.mark.parametrize("kind", ["set", "dict", "generator", "NoneType", "Scalar"])
def test_only_a_list_or_a_tuple_is_an_order(kind):
    found = problem(0, 1, 2, 3, 4, kinds=(kind,))

    assert ("order_type", kind) == (found.kind, found["type"])


def test_the_relation_is_the_oracles_and_not_the_programs():
    fewer = EDGES - {(2, 1)}

    assert "order_extra" == order.problem(DIAMOND, 4, _told(0, 1, 2, 3, 4), fewer).kind
    assert order.problem(DIAMOND, 4, _told(0, 2, 3, 4), fewer) is None


def _told(*places):
    return Quantity("order", 4, places, ("list",))


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
def test_any_valid_order_of_any_graph_is_accepted(program, dice):
    _, root = program.backwards[0]
    edges = order.edges_of(Quantity("edges", -1, edges_of(program)))
    told = Quantity("order", 0, tuple(_shuffled_order(program, root, dice)), ("list",))

    assert order.problem(program, root, told, edges) is None


@given(drawn, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_an_order_with_one_node_moved_before_its_input_is_refused(program, dice):
    _, root = program.backwards[0]
    edges = order.edges_of(Quantity("edges", -1, edges_of(program)))
    places = _shuffled_order(program, root, dice)
    node = dice.choice([i for i in places if program.nodes[i].inputs])
    places.remove(node)
    places.insert(places.index(dice.choice(program.nodes[node].inputs)), node)
    found = order.problem(program, root, Quantity("order", 0, tuple(places), ("list",)), edges)

    assert "order_broken" == found.kind


@given(drawn, st.sampled_from(["dropped", "doubled"]), st.integers(0, 99))
@settings(max_examples=50)
def test_an_order_with_a_node_dropped_or_doubled_is_refused(program, how, at):
    _, root = program.backwards[0]
    edges = order.edges_of(Quantity("edges", -1, edges_of(program)))
    places = first_order(program, root)
    at %= len(places)
    changed = places[:at] + places[at + 1 :] if how == "dropped" else [*places, places[at]]
    found = order.problem(program, root, Quantity("order", 0, tuple(changed), ("list",)), edges)

    assert {"dropped": "order_lacks", "doubled": "order_twice"}[how] == found.kind


def test_the_exact_order_is_one_order():
    def exact(*places):
        return order.exact_problem(DIAMOND, _told(*places), (0, 1, 2, 3, 4))

    assert exact(0, 1, 2, 3, 4) is None
    assert "order_other" == exact(1, 0, 2, 3, 4).kind
    assert "x2, x1, v1, v2, v3" == exact(1, 0, 2, 3, 4)["order"]
    assert "x1, x2, v1, v2, v3" == exact(1, 0, 2, 3, 4)["wanted"]


def test_no_order_is_not_the_exact_one():
    assert "an empty list" == order.exact_problem(DIAMOND, None, (0, 1))["order"]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param((9, 9), id="a node that is not there, twice"),
        pytest.param((0, 1, 2, 3, 4, 9), id="a node that is not there"),
        pytest.param((float("nan"),), id="NaN"),
        pytest.param((float("inf"),), id="infinity"),
    ],
)
def test_an_order_that_only_a_hostile_worker_sends_is_a_finding_and_no_error(told):
    assert isinstance(problem(*told), Finding)


def test_the_fake_pupil_sorts_as_these_tests_expect():
    seen = Pupil().run(DIAMOND).get("order", 4)

    assert order.problem(DIAMOND, 4, seen, EDGES) is None
