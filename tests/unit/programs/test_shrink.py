"""Shrinking: smaller programs that fail in the same way, and never other ones."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.programs import generate, shrink
from harness.records.program import Apply, Expression, Sort
from support.fake_engines import ALL, SMOOTH, wild
from support.graphs import graph, well_formed


def smallest(program, holds, asked=None):
    """The smallest program of which something holds; all that were asked about are kept."""

    def first_failing(candidates):
        if asked is not None:
            asked.extend(candidates)
        return next((c for c in candidates if holds(c)), None)

    return shrink.smallest(program, first_failing, shrink.smaller)


def never(program):
    return False


def has(op):
    def holds(program):
        return any(
            program.nodes[i].op == op for _, r in program.backwards for i in program.reachable(r)
        )

    return holds


def first(draw, holds):
    """The first of some programs of which something holds."""
    return next(p for i in range(50) if holds(p := draw(f"shrink/{i}", ALL)))


def operations(program):
    return [step.op for step in program.steps if isinstance(step, Apply)]


@pytest.mark.parametrize("op", ALL)
def test_a_program_that_fails_by_one_operation_shrinks_to_that_operation(op):
    small = smallest(first(generate.expression, has(op)), has(op))

    assert [op] == operations(small)
    assert 1 == len(small.leaves)
    assert small.leaves[0] in shrink.PLAIN


def test_a_session_shrinks_to_one_graph_unless_it_needs_two():
    one = smallest(first(generate.session, has("log")), has("log"))
    two = smallest(generate.session("577/1", ALL), lambda p: 2 <= len(p.backwards))

    assert 2 == len(one.steps)
    assert 2 == len(two.backwards)
    assert len(two.steps) <= 4


def test_a_sort_shrinks_to_a_sort():
    program = first(generate.session, lambda p: p.sorts)
    small = smallest(program, lambda p: p.sorts and len(p.nodes) > 2)

    assert [Sort] == [type(step) for step in small.steps if not isinstance(step, Apply)]
    assert 3 == len(small.nodes)


def test_a_program_without_calls_shrinks_to_its_last_value():
    grown = generate.expression("577/values", ALL)
    built = Expression(grown.leaves, tuple(s for s in grown.steps if isinstance(s, Apply)))

    assert ["mul"] == operations(smallest(built, lambda p: "mul" in operations(p)))


@pytest.mark.parametrize("size", [15, 60])
def test_where_nothing_smaller_fails_the_program_is_kept_after_a_number_of_runs(size):
    program, asked = generate.expression("577/0", ALL, (size, size)), []

    assert program == smallest(program, never, asked)
    assert len(asked) <= shrink.MOST_RUNS + shrink.CHUNK


@given(st.integers(0, 300), st.sampled_from([generate.expression, generate.session]))
@settings(max_examples=3)
def test_every_candidate_is_sharp_well_formed_and_another_program(i, draw):
    program, asked = draw(f"candidates/{i}", SMOOTH), []
    smallest(program, never, asked)

    assert asked
    for candidate in asked:
        assert candidate != program
        assert generate.is_evidence(candidate)
        assert well_formed(candidate)


@given(st.integers(0, 300), st.sampled_from(ALL).map(has))
@settings(max_examples=15)
def test_what_is_found_fails_and_no_single_candidate_of_it_does(i, holds):
    program = generate.expression(f"minimal/{i}", ALL, (12, 20))
    assume(holds(program))
    small = smallest(program, holds)

    assert holds(small)
    assert len(small.nodes) <= len(program.nodes)
    assert small == smallest(small, holds)


@pytest.mark.parametrize(
    ("program", "pruned"),
    [
        pytest.param(
            graph((2.0, 3.0, 4.0), "exp 1, mul 0 2, exp 0, zero 1 2, backward 4"),
            graph((2.0, 4.0), "mul 0 1, zero 1, backward 2"),
            id="no call reaches",
        ),
        pytest.param(
            graph((2.0, 3.0), "exp 0, exp 1"), graph((3.0,), "exp 0"), id="the last needs not"
        ),
    ],
)
def test_pruning_drops_the_nodes_and_leaves_that(program, pruned):
    assert pruned == shrink.prune(program)


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_pruning_twice_is_pruning_once(seed):
    once = shrink.prune(wild(seed))
    _, root = once.backwards[0]

    assert once == shrink.prune(once)
    assert set(range(len(once.nodes))) == once.reachable(root)
