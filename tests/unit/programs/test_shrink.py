"""Shrinking: smaller programs that fail in the same way, and never other ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.programs import generate, shrink
from harness.records.program import Apply, Backward, Expression, Sort, Zero
from support.fake_engines import ALL, SMOOTH, wild


def smallest(program, first_failing):
    return shrink.smallest(program, first_failing, shrink.smaller)


def fails(holds, asked=None):
    """A first_failing that holds wherever a predicate does."""

    def first(candidates):
        if asked is not None:
            asked.extend(candidates)
        return next((c for c in candidates if holds(c)), None)

    return first


def has(op):
    def holds(program):
        roots = [s.node for s in program.steps if isinstance(s, Backward)]
        return any(program.nodes[i].op == op for r in roots for i in program.reachable(r))

    return holds


@pytest.mark.parametrize("op", ALL)
def test_a_program_that_fails_by_one_operation_shrinks_to_that_operation(op):
    program = next(p for i in range(50) if has(op)(p := generate.expression(f"shrink/{i}", ALL)))
    small = smallest(program, fails(has(op)))

    assert [op] == [step.op for step in small.steps if isinstance(step, Apply)]
    assert 1 == len(small.leaves)
    assert small.leaves[0] in shrink.PLAIN


def test_a_session_that_fails_by_one_operation_shrinks_to_one_graph():
    program = next(p for i in range(50) if has("log")(p := generate.session(f"shrink/{i}", ALL)))
    small = smallest(program, fails(has("log")))

    assert 2 == len(small.steps)


def test_a_session_that_needs_two_graphs_keeps_two():
    def two(program):
        return 2 <= sum(isinstance(step, Backward) for step in program.steps)

    small = smallest(generate.session("577/1", ALL), fails(two))

    assert 2 == len(small.backwards)
    assert len(small.steps) <= 4


def test_a_sort_shrinks_to_a_sort():
    program = next(p for i in range(50) if (p := generate.session(f"sort/{i}", ALL)).sorts)
    small = smallest(program, fails(lambda p: bool(p.sorts) and len(p.nodes) > 2))

    assert [Sort] == [type(step) for step in small.steps if not isinstance(step, Apply)]
    assert 3 == len(small.nodes)


def test_a_program_without_calls_shrinks_to_its_last_value():
    grown = generate.expression("577/values", ALL)
    built = Expression(grown.leaves, tuple(s for s in grown.steps if isinstance(s, Apply)))
    small = smallest(built, fails(lambda p: any(n.op == "mul" for n in p.nodes)))

    assert ["mul"] == [step.op for step in small.steps]


def test_where_nothing_smaller_fails_the_program_is_kept():
    program = generate.expression("577/0", ALL, (15, 15))

    assert program == smallest(program, fails(lambda p: False))


def test_the_work_is_bounded_by_a_number_of_runs():
    asked = []
    smallest(generate.expression("577/0", ALL, (60, 60)), fails(lambda p: False, asked))

    assert len(asked) <= shrink.MOST_RUNS + shrink.CHUNK


@given(st.integers(0, 300), st.sampled_from([generate.expression, generate.session]))
@settings(max_examples=3)
def test_every_candidate_is_sharp_well_formed_and_another_program(i, draw):
    program, asked = draw(f"candidates/{i}", SMOOTH), []
    smallest(program, fails(lambda p: False, asked))

    assert asked
    for candidate in asked:
        assert candidate != program
        assert generate.is_evidence(candidate)
        count = len(candidate.leaves)
        for step in candidate.steps:
            match step:
                case Apply(_, inputs):
                    assert max(inputs) < count
                    count += 1
                case Zero(nodes):
                    assert max(nodes) < count
                case Backward(node) | Sort(node):
                    assert node < count


@given(st.integers(0, 300), st.sampled_from(ALL))
@settings(max_examples=15)
def test_what_is_found_fails_and_no_single_candidate_of_it_does(i, op):
    program = generate.expression(f"minimal/{i}", ALL, (12, 20))
    holds = has(op)
    if not holds(program):
        return
    small = smallest(program, fails(holds))

    assert holds(small)
    assert len(small.nodes) <= len(program.nodes)
    assert small == smallest(small, fails(holds))


def test_pruning_drops_the_nodes_and_leaves_that_no_call_reaches():
    program = Expression(
        (2.0, 3.0, 4.0),
        (
            Apply("exp", (1,)),
            Apply("mul", (0, 2)),
            Apply("exp", (0,)),
            Zero((1, 2)),
            Backward(4),
        ),
    )

    assert Expression((2.0, 4.0), (Apply("mul", (0, 1)), Zero((1,)), Backward(2))) == shrink.prune(
        program
    )


def test_pruning_without_a_call_keeps_what_the_last_node_needs():
    program = Expression((2.0, 3.0), (Apply("exp", (0,)), Apply("exp", (1,))))

    assert Expression((3.0,), (Apply("exp", (0,)),)) == shrink.prune(program)


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_pruning_twice_is_pruning_once(seed):
    once = shrink.prune(wild(seed))
    _, root = once.backwards[0]

    assert once == shrink.prune(once)
    assert set(range(len(once.nodes))) == once.reachable(root)
