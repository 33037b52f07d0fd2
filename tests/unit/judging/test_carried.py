"""Gradients of nodes that had one before: three conventions are right, and nothing between them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging import compare
from harness.judging.calculus import Calculus
from harness.programs import generate
from harness.records.errors import Undecided
from harness.records.observation import Observation, Quantity
from harness.records.program import Backward, Call, Expression, Zero
from support.bent import But
from support.fake_engines import ALL, FakeOracles, Forms, _terms, values_of
from support.graphs import graph

CALCULUS = Calculus()


def run(program, convention):
    """The gradients of an engine that treats what a node had in one of five ways."""
    values, seen = values_of(program, Forms()), []
    grads = [0.0] * len(values)
    for at, step in enumerate(program.steps):
        if isinstance(step, Zero):
            for i in step.nodes:
                grads[i] = 0.0
        elif isinstance(step, Backward):
            handing_on = convention in ("handed on", "seed added")
            flow = list(grads) if handing_on else [0.0] * len(values)
            flow[step.node] = 1.0 + (flow[step.node] if convention == "seed added" else 0.0)
            for k in sorted(program.reachable(step.node), reverse=True):
                node = program.nodes[k]
                passed = _terms(node, k, values, flow[k], Forms()) if node.inputs else []
                for i, term in zip(node.inputs, passed, strict=True):
                    flow[i] += term
            for i in program.reachable(step.node):
                factor = {"added": 1.0, "half added": 0.5}.get(convention, 0.0)
                grads[i] = flow[i] + factor * grads[i]
            seen.append(Quantity("grad", at, tuple(grads)))
    return Observation((Quantity("value", -1, tuple(values)), *seen))


RIGHT = ("anew", "added", "handed on")
CUBE = "mul 0 0, mul 1 0, backward 2"
GROWS = "mul 0 0, backward 1, mul 1 0, mul 2 2, backward 3"


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (f"{CUBE}, backward 2", {"seed added": "v1.grad", "half added": "v2.grad"}),
        (f"{CUBE}, backward 1", {"seed added": "x1.grad"}),
        (f"{CUBE}, zero 0, backward 2", {"seed added": "v1.grad"}),
        (GROWS, {"half added": "v1.grad"}),
    ],
    ids=["the output twice", "an inner node after it", "leaves zeroed alone", "a graph that grows"],
)
def test_each_convention_is_right_and_a_gradient_that_none_gives_is_told(steps, wrong):
    program = graph((1.5,), steps)
    told = {
        how: compare.gradients(program, run(program, how), CALCULUS) for how in (*RIGHT, *wrong)
    }

    assert dict.fromkeys(RIGHT) | wrong == {how: p and p.subject for how, p in told.items()}


def test_nodes_of_one_graph_may_not_follow_two_conventions():
    program = graph((1.5,), f"{CUBE}, backward 2")
    anew, handed_on = run(program, "anew"), run(program, "handed on")
    (value, first, ours), (*_, theirs) = anew.quantities, handed_on.quantities
    mixed = Quantity("grad", ours.step, (theirs.values[0], *ours.values[1:]))

    assert compare.gradients(program, Observation((value, first, mixed)), CALCULUS) is not None


@st.composite
def sessions(draw):
    """Random graphs whose nodes are walked again, some of them zeroed in between."""
    program = generate.expression(f"carried/{draw(st.integers(0, 400))}", ALL, (5, 12))
    *applied, _ = program.steps
    node = st.integers(len(program.leaves), len(program.nodes) - 1)
    steps = list(applied)
    for root in draw(st.lists(node, min_size=2, max_size=4)):
        zeroed = draw(st.sets(st.integers(0, len(program.nodes) - 1), max_size=4))
        steps += [Backward(root)] + ([Zero(tuple(zeroed))] if zeroed else [])
    return Expression(program.leaves, tuple(steps))


def apart(one, other):
    """Whether the gradients of two runs differ by more than rounding."""
    rows = zip(one.quantities, other.quantities, strict=True)
    pairs = [pair for a, b in rows for pair in zip(a.values, b.values, strict=True)]
    return any(abs(a - b) > 1e-6 * (1.0 + abs(a) + abs(b)) for a, b in pairs)


@given(sessions(), st.sampled_from(("seed added", "half added")), st.sampled_from(RIGHT))
@settings(max_examples=60)
def test_no_convention_is_rejected_and_what_differs_from_every_one_never_passes(
    program, convention, accepted
):
    wrong = run(program, convention)
    (*_, last) = program.backwards
    once = Expression(program.leaves, program.steps[: last[0] + 1])

    assert compare.gradients(program, run(program, accepted), CALCULUS) is None
    if all(apart(wrong, run(program, right)) for right in RIGHT) and _apart_at_first(once, wrong):
        assert compare.gradients(program, wrong, CALCULUS) is not None


def _apart_at_first(program, wrong):
    """Whether the first backward() that differs from one convention differs from them all."""
    rows = [run(program, right) for right in RIGHT]
    for step, _ in program.backwards:
        one, *others = (Observation((row.get("grad", step),)) for row in (wrong, *rows))
        differs = [apart(one, other) for other in others]
        if any(differs):
            return all(differs)
    return False


WILD = st.floats() | st.none() | st.sampled_from((math.inf, -math.inf, math.nan, 10**400, 1e308, 0))
BEYOND = st.sampled_from((1000.0, 1e200, -1e200, 0.0, -2.0, 1e-320, math.inf, math.nan, 2.0))
VALUES, FIRST, SECOND = ("value", -1), ("grad", 5), ("grad", 7)


@given(BEYOND, BEYOND, st.lists(WILD, min_size=24, max_size=24))
@settings(max_examples=200)
def test_a_comparison_ends_in_a_verdict_or_undecided_whatever_is_recorded(x, y, row):
    steps = "exp 0, pow 1 ^-1, log 0, mul 2 3, add 4 5, backward 6, zero 0, backward 5"
    program = graph((x, y), steps)
    rows = zip((VALUES, FIRST, SECOND), (row[:7], row[7:14], row[14:21]), strict=True)
    actual = Observation(tuple(Quantity(*name, tuple(numbers)) for name, numbers in rows))
    for how in (compare.values, compare.gradients):
        try:
            problem = how(program, actual, CALCULUS)
        except Undecided:
            continue
        assert problem is not None or all(number is not None for number in row[:21])


def values(*numbers):
    return Observation((Quantity("value", -1, numbers),))


def both(*numbers):
    """Oracles that say the same of every program."""
    return FakeOracles(*(But(lambda program: values(*numbers)) for _ in range(2)))


GROWN = graph((1000.0,), "exp 0")


@pytest.mark.parametrize(
    ("recorded", "passes"),
    [(math.inf, True), *((x, False) for x in (-math.inf, 1e308, math.nan, 10**400))],
)
def test_beyond_the_largest_float_the_same_infinity_alone_is_right(recorded, passes):
    problem = compare.values(GROWN, values(1000.0, recorded), both(1000.0, math.inf))

    assert passes is (problem is None)


def test_where_nothing_bounds_a_number_another_is_neither_right_nor_wrong():
    near_pole = graph((1.0, -1.0), "add 0 1, pow 2 ^-1")
    actual, said = values(1.0, -1.0, 0.0, 3.0), both(1.0, -1.0, 0.0, 5.0)

    with pytest.raises(Undecided, match=r"how far v2\.value may be off"):
        compare.values(near_pole, actual, said)


@pytest.mark.parametrize(
    ("how", "program"),
    [
        (compare.values, graph(())),
        (compare.gradients, graph((1.0,))),
        (compare.orders, graph((1.0,), "backward 0")),
        (compare.exact_order(0), graph((1.0,))),
        (compare.call("d"), Call("f", (), (), GROWN, ())),
    ],
    ids=["values of no node", "no backward", "orders of no sort", "one of no sort", "not traced"],
)
def test_a_comparison_of_nothing_says_so(how, program):
    with pytest.raises(Undecided):
        how(program, Observation(), CALCULUS)


def test_every_order_of_one_root_is_held_against_the_stated_one():
    rows = (Quantity("order", 0, (0,), ("list",)), Quantity("order", 1, (), ("list",)))
    program = graph((1.0,), "sort 0, sort 0")

    assert compare.exact_order(0)(program, Observation(rows), CALCULUS) is not None
