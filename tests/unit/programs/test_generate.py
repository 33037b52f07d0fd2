"""Seeds to programs: the same everywhere, inside the domain, sharp, and of every kind."""

import hashlib
from functools import cache
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.programs import generate, snippet
from harness.programs.ops import LARGEST, OPS
from harness.programs.tolerance import radii
from harness.records.program import Backward, Sort, Zero
from support.fake_engines import ALL, SMOOTH, Floats, wild
from support.graphs import graph, well_formed

DRAWN = "7d3a66c8b1143f98f0a886c13c05d42b7bae512a90e17ab38499262ddd5e9bcc"
"""Another digest means other programs for every student: a change that must be announced."""


@cache
def drawn():
    """Expressions and sessions, drawn where a test first asks for them."""
    expressions = [generate.expression(f"577/{i}", ALL) for i in range(200)]
    return expressions, [generate.session(f"577/{i}", ALL) for i in range(60)]


@cache
def values_of(program):
    return Floats().run(program).numbers("value")


def test_a_seed_gives_the_same_programs_on_every_machine_and_every_python():
    few = [program for programs in drawn() for program in programs[:5]]
    text = "".join(snippet.source(program, AG) for program in few)

    assert DRAWN == hashlib.sha256(text.encode()).hexdigest()


@given(st.text(max_size=8))
@settings(max_examples=15)
def test_the_same_seed_gives_the_same_program_and_another_seed_another(seed):
    assert generate.expression(seed, SMOOTH) == generate.expression(seed, SMOOTH)
    assert generate.expression(seed, SMOOTH) != generate.expression(seed + "'", SMOOTH)
    assert generate.session(seed, SMOOTH) != generate.session(seed + "'", SMOOTH)


def test_every_program_is_evidence_in_order_far_from_overflow_and_inside_every_domain():
    for program in chain(*drawn()):
        values = values_of(program)

        assert generate.is_evidence(program)
        assert well_formed(program)
        assert LARGEST >= max(abs(value) for value in values)
        for node in program.nodes[len(program.leaves) :]:
            exponent = () if node.constant is None else (node.constant,)
            assert OPS[node.op].arity == len(node.inputs)
            assert OPS[node.op].domain(*(values[i] for i in node.inputs), *exponent)


def shared(program):
    used = [i for node in program.nodes[len(program.leaves) :] for i in set(node.inputs)]
    return any(i >= len(program.leaves) and used.count(i) > 1 for i in used)


def raised(holds):
    """Whether there is a power of which something holds, told its base and its exponent."""
    return lambda program: any(
        holds(values_of(program)[node.inputs[0]], node.constant)
        for node in program.nodes
        if node.op == "pow"
    )


OCCURS = {
    "an inner node that is used by several": shared,
    "one node as both operands": lambda p: any(
        len(n.inputs) == 2 and n.inputs[0] == n.inputs[1] for n in p.nodes
    ),
    "two equal leaves": lambda p: len(set(p.leaves)) < len(p.leaves),
    "a branch beside the output": lambda p: len(p.reachable(p.backwards[-1][1])) < len(p.nodes),
    "a fractional exponent": raised(lambda base, exponent: exponent != int(exponent)),
    "a negative base": raised(lambda base, exponent: base < 0),
    "an exponent of 0": raised(lambda base, exponent: exponent == 0),
    "an exponent of 1": raised(lambda base, exponent: exponent == 1),
    "a negative exponent": raised(lambda base, exponent: exponent < 0),
    "a negative leaf": lambda p: min(p.leaves) < 0,
    "a relu that blocks": lambda p: any(
        n.op == "relu" and v == 0.0 for n, v in zip(p.nodes, values_of(p), strict=True)
    ),
    **{f"the operation {op}": lambda p, op=op: any(n.op == op for n in p.nodes) for op in ALL},
}


@pytest.mark.parametrize("occurs", OCCURS.values(), ids=OCCURS)
def test_over_two_hundred_seeds_it_occurs_at_least_ten_times(occurs):
    assert 10 <= sum(map(occurs, drawn()[0]))


def test_only_the_operations_that_are_allowed_occur_and_leaves_are_short_and_away_from_zero():
    for i in range(30):
        program = generate.session(f"few/{i}", ("add", "exp"))

        assert {"leaf", "add", "exp"} >= {node.op for node in program.nodes}
    for value in (x for i in range(100) for x in generate.leaves(generate.Dice(f"leaves/{i}"), 6)):
        assert abs(value) >= 0.01
        assert len(f"{abs(value):.15g}".replace(".", "").strip("0")) <= 4


@given(st.integers(), st.integers(7, 20), st.integers(0, 10))
@settings(max_examples=30)
def test_an_expression_has_a_backward_from_its_end_and_about_the_size_asked(seed, low, more):
    program = generate.expression(str(seed), SMOOTH, (low, low + more))
    _, root = program.backwards[0]

    assert ((Backward(root),), 1) == (program.steps[-1:], len(program.backwards))
    assert program.nodes[root].inputs
    # Joining the sinks adds at most one node for each that was grown.
    assert len(program.nodes) <= 2 * (low + more)


def test_a_session_has_several_graphs_with_the_leaves_zeroed_between_and_none_left_out():
    for program in drawn()[1]:
        ground = set(range(len(program.leaves)))
        calls = [s for s in program.steps if isinstance(s, Backward | Zero)]

        assert 2 <= len(program.backwards)
        for before, after in pairwise(calls):
            assert isinstance(after, Zero) or ground <= set(before.nodes)
        for step, root in program.backwards:
            assert ground | program.reachable(root) <= set(program.settled(step))


def test_some_sessions_sort_and_some_walk_from_an_inner_node_first():
    _, sessions = drawn()
    twice = [p for p in sessions if any(a == b for a, b in pairwise(p.steps) if type(a) is Sort)]
    walked = [p for p in sessions if any(len(s.nodes) > 6 for s in p.steps if type(s) is Zero)]

    assert 10 < sum(bool(program.sorts) for program in sessions) < 60
    assert 5 < len(twice)
    assert 10 < len(walked) < 60


@given(st.integers(-9, 9), st.integers(0, 9), st.text(max_size=4))
@settings(max_examples=50)
def test_dice_reach_every_number_that_is_asked_for_and_no_other(low, more, seed):
    dice = generate.Dice(seed)

    assert set(range(low, low + more + 1)) == {dice.whole(low, low + more) for _ in range(200)}
    assert low <= dice.real(low, low + 1) < low + 1
    assert set("abc") == {dice.pick("abc") for _ in range(100)}
    assert (False, True) == (dice.chance(0.0), dice.chance(1.0))


@pytest.mark.parametrize(
    ("leaves", "steps", "evidence"),
    [
        pytest.param((2.0,), "exp 0, backward 1", True, id="sharp"),
        pytest.param((0.0,), "relu 0, backward 1", False, id="at a kink"),
        pytest.param((-1.0,), "log 0", False, id="outside a domain"),
        pytest.param((800.0,), "exp 0", False, id="overflow"),
        pytest.param((0.0,), "pow 0 ^-1", False, id="a pole"),
        pytest.param((0.1, 0.3, -0.03), "mul 0 1, add 3 2, exp 4", False, id="cancellation"),
        pytest.param((1e100, 1e-100), "mul 0 0", False, id="too large"),
    ],
)
def test_a_program_is_evidence_where_its_numbers_are_certain(leaves, steps, evidence):
    assert evidence is generate.is_evidence(graph(leaves, steps))


def test_evidence_means_that_nearly_every_radius_is_small():
    for program in filter(generate.is_evidence, (wild(f"evidence/{i}") for i in range(100))):
        bound = radii(program)
        pairs = list(zip(bound.values, bound.value_radius, strict=True))
        pairs += list(zip(*bound.grads[0][1:], strict=True))

        assert sum(r <= 1e-9 * abs(value) for value, r in pairs) >= 0.95 * len(pairs)
