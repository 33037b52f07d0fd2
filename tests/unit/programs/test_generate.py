"""Seeds to programs: the same everywhere, inside the domain, sharp, and of every kind."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.programs import generate, snippet
from harness.programs.ops import LARGEST, OPS, SMALLEST
from harness.programs.tolerance import radii
from harness.records.program import Apply, Backward, Expression, Sort, Zero
from support.fake_engines import ALL, SMOOTH, Floats, wild

DRAWN = "7d3a66c8b1143f98f0a886c13c05d42b7bae512a90e17ab38499262ddd5e9bcc"
"""Another digest means other programs for every student: a change that must be announced."""


@pytest.fixture(scope="module")
def expressions():
    return [generate.expression(f"577/{i}", ALL) for i in range(200)]


@pytest.fixture(scope="module")
def sessions():
    return [generate.session(f"577/{i}", ALL) for i in range(60)]


def test_a_seed_gives_the_same_programs_on_every_machine_and_every_python():
    drawn = [generate.expression(f"577/{i}", ALL) for i in range(5)]
    drawn += [generate.session(f"577/{i}", ALL) for i in range(5)]
    text = "".join(snippet.source(program, AG) for program in drawn)

    assert DRAWN == hashlib.sha256(text.encode()).hexdigest()


@given(st.text(max_size=8))
@settings(max_examples=15)
def test_the_same_seed_gives_the_same_program_and_another_seed_another(seed):
    assert generate.expression(seed, SMOOTH) == generate.expression(seed, SMOOTH)
    assert generate.expression(seed, SMOOTH) != generate.expression(seed + "'", SMOOTH)
    assert generate.session(seed, SMOOTH) != generate.session(seed + "'", SMOOTH)


def test_every_value_is_small_enough_to_be_far_from_overflow(expressions, sessions):
    for program in (*expressions, *sessions):
        values = Floats().run(program).numbers("value")

        assert LARGEST >= max(abs(value) for value in values)


def test_every_operand_is_inside_its_domain(expressions, sessions):
    for program in (*expressions, *sessions):
        values = Floats().run(program).numbers("value")
        for node in program.nodes[len(program.leaves) :]:
            operands = [values[i] for i in node.inputs]
            match node.op:
                case "log":
                    assert operands[0] > SMALLEST
                case "relu":
                    assert abs(operands[0]) > SMALLEST
                case "exp":
                    assert operands[0] >= -12.0
                case "pow":
                    assert abs(operands[0]) >= SMALLEST
                    assert operands[0] > 0 or node.constant == int(node.constant)


def test_every_node_comes_after_its_inputs_and_every_call_after_its_node(expressions, sessions):
    for program in (*expressions, *sessions):
        count = len(program.leaves)
        for step in program.steps:
            match step:
                case Apply(op, inputs):
                    assert OPS[op].arity == len(inputs)
                    assert max(inputs) < count
                    count += 1
                case Backward(node) | Sort(node):
                    assert node < count
                case Zero(nodes):
                    assert max(nodes) < count


def test_every_program_is_evidence(expressions, sessions):
    assert all(generate.is_evidence(program) for program in (*expressions, *sessions))


def _negative_base(program):
    values = Floats().run(program).numbers("value")
    return any(n.op == "pow" and values[n.inputs[0]] < 0 for n in program.nodes)


def _dead_branch(program):
    _, root = program.backwards[-1]
    return len(program.reachable(root)) < len(program.nodes)


def _shared(program):
    used = [i for node in program.nodes[len(program.leaves) :] for i in set(node.inputs)]
    return any(i >= len(program.leaves) and used.count(i) > 1 for i in used)


def _fractional(program):
    return any(n.op == "pow" and n.constant != int(n.constant) for n in program.nodes)


OCCURS = {
    "an inner node that is used by several": _shared,
    "one node as both operands": lambda p: any(
        len(n.inputs) == 2 and n.inputs[0] == n.inputs[1] for n in p.nodes
    ),
    "two equal leaves": lambda p: len(set(p.leaves)) < len(p.leaves),
    "a branch that the output does not depend on": _dead_branch,
    "a fractional exponent": _fractional,
    "a negative base": _negative_base,
    "an exponent of 0": lambda p: any(n.op == "pow" and n.constant == 0 for n in p.nodes),
    "an exponent of 1": lambda p: any(n.op == "pow" and n.constant == 1 for n in p.nodes),
    "a negative exponent": lambda p: any(n.op == "pow" and n.constant < 0 for n in p.nodes),
    "a negative leaf": lambda p: min(p.leaves) < 0,
    "a relu that blocks": lambda p: any(
        n.op == "relu" and v == 0.0
        for n, v in zip(p.nodes, Floats().run(p).numbers("value"), strict=True)
    ),
    **{f"the operation {op}": lambda p, op=op: any(n.op == op for n in p.nodes) for op in ALL},
}


@pytest.mark.parametrize("occurs", [pytest.param(f, id=name) for name, f in OCCURS.items()])
def test_over_two_hundred_seeds_it_occurs_at_least_ten_times(occurs, expressions):
    assert 10 <= sum(map(occurs, expressions))


def test_only_the_operations_that_are_allowed_occur():
    for i in range(30):
        program = generate.session(f"few/{i}", ("add", "exp"))

        assert {"leaf", "add", "exp"} >= {node.op for node in program.nodes}


@given(st.integers(), st.integers(7, 20), st.integers(0, 10))
@settings(max_examples=30)
def test_an_expression_has_a_backward_from_its_end_and_about_the_size_asked(seed, low, more):
    program = generate.expression(str(seed), SMOOTH, (low, low + more))
    _, root = program.backwards[0]

    assert (Backward(root),) == program.steps[-1:]
    assert 1 == len(program.backwards)
    assert program.nodes[root].inputs
    # Joining the sinks adds at most one node for each that was grown.
    assert len(program.nodes) <= 2 * (low + more)


def test_a_session_has_several_graphs_with_the_leaves_zeroed_between(sessions):
    for program in sessions:
        ground = set(range(len(program.leaves)))
        calls = [s for s in program.steps if isinstance(s, Backward | Zero)]

        assert 2 <= sum(isinstance(s, Backward) for s in calls)
        for before, after in pairwise(calls):
            if isinstance(after, Backward):
                assert isinstance(before, Zero)
                assert ground <= set(before.nodes)


def test_no_backward_of_a_session_leaves_out_a_leaf(sessions):
    for program in sessions:
        for step, root in program.backwards:
            settled = set(program.settled(step))

            assert set(range(len(program.leaves))) <= settled
            assert program.reachable(root) <= settled


def test_some_sessions_sort_and_some_walk_from_an_inner_node_first(sessions):
    sorts = [program for program in sessions if program.sorts]
    twice = [p for p in sessions if any(a == b for a, b in pairwise(p.steps) if type(a) is Sort)]
    walked = [p for p in sessions if any(len(s.nodes) > 6 for s in p.steps if type(s) is Zero)]

    assert 10 < len(sorts) < 60
    assert 5 < len(twice)
    assert 10 < len(walked) < 60


def test_leaves_are_short_in_decimals_and_away_from_zero():
    for i in range(100):
        for value in generate.leaves(generate.Dice(f"leaves/{i}"), 6):
            assert abs(value) >= 0.01
            assert len(f"{abs(value):.15g}".replace(".", "").strip("0")) <= 4


@given(st.integers(-9, 9), st.integers(0, 9), st.text(max_size=4))
@settings(max_examples=50)
def test_dice_stay_within_what_is_asked(low, more, seed):
    dice = generate.Dice(seed)
    wholes = {dice.whole(low, low + more) for _ in range(200)}

    assert set(range(low, low + more + 1)) >= wholes
    assert low <= dice.real(low, low + 1) < low + 1
    assert dice.pick("abc") in "abc"
    assert not dice.chance(0.0)
    assert dice.chance(1.0)


def test_dice_reach_every_number_asked_for():
    dice = generate.Dice("577")

    assert {1, 2, 3, 4} == {dice.whole(1, 4) for _ in range(100)}
    assert set("abc") == {dice.pick("abc") for _ in range(100)}


@pytest.mark.parametrize(
    ("program", "evidence"),
    [
        pytest.param(Expression((2.0,), (Apply("exp", (0,)), Backward(1))), True, id="sharp"),
        pytest.param(Expression((0.0,), (Apply("relu", (0,)), Backward(1))), False, id="at a kink"),
        pytest.param(Expression((-1.0,), (Apply("log", (0,)),)), False, id="outside a domain"),
        pytest.param(Expression((800.0,), (Apply("exp", (0,)),)), False, id="overflow"),
        pytest.param(Expression((0.0,), (Apply("pow", (0,), -1),)), False, id="a pole"),
        pytest.param(
            Expression(
                (0.1, 0.3, -0.03),
                (Apply("mul", (0, 1)), Apply("add", (3, 2)), Apply("exp", (4,)), Backward(5)),
            ),
            False,
            id="cancellation",
        ),
        pytest.param(Expression((1e100, 1e-100), (Apply("mul", (0, 0)),)), False, id="too large"),
    ],
)
def test_a_program_is_evidence_where_its_numbers_are_certain(program, evidence):
    assert evidence is generate.is_evidence(program)


def test_evidence_means_that_nearly_every_radius_is_small():
    for i in range(100):
        program = wild(f"evidence/{i}")
        bound = radii(program)
        pairs = list(zip(bound.values, bound.value_radius, strict=True))
        pairs += list(zip(*bound.grads[0][1:], strict=True))
        sharp = sum(radius <= 1e-9 * abs(value) for value, radius in pairs)
        if generate.is_evidence(program):
            assert sharp >= 0.95 * len(pairs)
