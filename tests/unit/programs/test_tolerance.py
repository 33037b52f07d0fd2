"""The bound: no right engine leaves it, and a wrong one nearly always does."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging.compare import agrees
from harness.programs import generate
from harness.programs.rounding import ETA, U, eta_exp, eta_pow
from harness.programs.tolerance import radii
from support.fake_engines import ALL, Floats, Forms, gradients_of, values_of
from support.graphs import graph


def _disagreements(program, one, other):
    """The numbers of two engines that lie further apart than two right ones may."""
    bound = radii(program)
    rows = [("value", -1, bound.value_radius)]
    rows += [("grad", step, radius) for step, _, radius in bound.grads]
    found = []
    for name, step, radius in rows:
        a, b = (engine.run(program).numbers(name, step) for engine in (one, other))
        found += [(name, i) for i, r in enumerate(radius) if not agrees(a[i], b[i], r)]
    return found


seeds = st.integers(0, 10**9)


@given(seeds, seeds, seeds)
@settings(max_examples=100)
def test_right_engines_in_any_order_and_form_agree_on_generated_programs(seed, one, other):
    draws = (lambda s: generate.expression(s, ALL, (20, 40)), lambda s: generate.session(s, ALL))
    program, right = draws[seed % 3 == 0](str(seed)), Floats(seed=f"{other}")

    assert [] == _disagreements(program, Floats(seed=f"{one}"), right)
    assert [] == _disagreements(program, Floats(), right)


@pytest.mark.parametrize(
    ("kind", "count", "least"), [("value_slip", 60, 60), ("grad_slip", 100, 85)]
)
def test_a_relative_error_of_1e_9_in_one_operation_is_seen(kind, count, least):
    """In a value always; a node whose derivative is 0, such as a relu that blocks, hides it."""
    seen = 0
    for k in range(count):
        program = generate.expression(f"slip/{k}", ALL, (20, 40))
        step, root = program.backwards[0]
        truth = Floats().run(program)
        grads, values = truth.numbers("grad", step), truth.numbers("value")
        live = [
            i
            for i in program.reachable(root)
            if program.nodes[i].inputs and grads[i] and values[i] and program.nodes[i].constant != 0
        ]
        node = random.Random(f"node/{k}").choice(sorted(live))
        seen += bool(_disagreements(program, Floats(**{kind: (node, 1e-9)}), Floats(seed=f"{k}")))

    assert least <= seen


@pytest.mark.parametrize("node", ["add 0 1", "mul 0 1", "relu 0"])
def test_an_operation_may_be_off_by_1e_15_and_by_little_more(node):
    bound = radii(graph((2.0, 3.0), f"{node}, backward 2"))
    value, radius, slope = bound.values[2], bound.value_radius[2], bound.grad_radius(1)[0]

    assert value * (1.0 + 1e-15) - value < radius < 2e-15 * value
    assert 1.1e-15 < slope / bound.grads[0][1][0] < 2e-15


def test_generated_programs_have_gradients_certain_to_twelve_digits_in_the_middle():
    shares = []
    for k in range(40):
        bound = radii(generate.expression(f"sharp/{k}", ALL))
        _, grads, radius = bound.grads[0]
        shares += [r / abs(g) for g, r in zip(grads, radius, strict=True) if g]

    assert sorted(shares)[len(shares) // 2] < 1e-12


@pytest.mark.parametrize(
    ("leaves", "node", "value", "grads"),
    [
        pytest.param((2.0, -3.0), "add 0 1", -1.0, (1.0, 1.0), id="add"),
        pytest.param((2.0, -3.0), "mul 0 1", -6.0, (-3.0, 2.0), id="mul"),
        pytest.param((3.0,), "mul 0 0", 9.0, (6.0,), id="mul by itself"),
        pytest.param((0.0,), "exp 0", 1.0, (1.0,), id="exp"),
        pytest.param((4.0,), "log 0", math.log(4.0), (0.25,), id="log"),
        pytest.param((4.0,), "relu 0", 4.0, (1.0,), id="relu right"),
        pytest.param((-4.0,), "relu 0", 0.0, (0.0,), id="relu left"),
        pytest.param((-2.0,), "pow 0 ^3", -8.0, (12.0,), id="cube"),
        pytest.param((4.0,), "pow 0 ^0.5", 2.0, (0.25,), id="root"),
        pytest.param((4.0,), "pow 0 ^0", 1.0, (0.0,), id="power 0"),
        pytest.param((4.0,), "pow 0 ^1", 4.0, (1.0,), id="power 1"),
        pytest.param((0.0,), "pow 0 ^2", 0.0, (0.0,), id="square of 0"),
        pytest.param((1.0, 2.0, 4.0), "sum 0 1 2", 7.0, (1.0,) * 3, id="sum"),
        pytest.param((1.0, 4.0), "mean 0 1", 2.5, (0.5, 0.5), id="mean"),
    ],
)
def test_one_operation_has_its_value_its_gradient_and_a_radius_of_a_few_roundings(
    leaves, node, value, grads
):
    root = len(leaves)
    bound = radii(graph(leaves, f"{node}, backward {root}"))
    _, told, radius = bound.grads[0]

    assert bound.decided
    assert (value, grads) == (bound.values[root], told[:root])
    assert all(r <= 8 * ETA * max(abs(g), 1.0) for g, r in zip(told, radius, strict=True))
    assert bound.value_radius[root] <= 6 * ETA * max(abs(value), 1.0)


ABOVE, BELOW = -math.nextafter(0.06, 1.0), math.nextafter(-0.06, 1.0)


@pytest.mark.parametrize(
    ("leaves", "steps"),
    [
        pytest.param((0.0,), "relu 0", id="relu at 0"),
        pytest.param((0.1, 0.3, -0.03), "mul 0 1, add 3 2, relu 4", id="relu of what may be 0"),
        pytest.param((0.1, 0.3, ABOVE), "mul 0 1, add 3 3, add 4 2, pow 5 ^-1", id="inverse of it"),
        pytest.param((0.1, 0.3, BELOW), "mul 0 1, add 3 3, add 4 2, log 5", id="log of it"),
        pytest.param((0.1, 0.3, -0.03), "mul 0 1, add 3 2, pow 4 ^1.5", id="root of it"),
    ],
)
def test_a_kink_or_a_pole_inside_the_radius_is_undecided(leaves, steps):
    assert not radii(graph(leaves, steps)).decided


def test_cancellation_widens_the_radius_and_leaves_it_bound_to_what_was_rounded():
    doubled = radii(graph((0.1, 0.3), "mul 0 1, add 2 2"))
    cancelled = radii(graph((0.1, 0.3, -0.03), "mul 0 1, add 3 2"))
    # At an undecided kink every subgradient is within the bound.
    kink = radii(graph((0.0,), "relu 0, backward 1"))

    assert doubled.value_radius[3] < 2e-16
    assert cancelled.value_radius[4] >= ETA * 0.03
    assert 1.0 <= kink.grad_radius(1)[0] < 1.001


def test_a_sum_of_many_terms_has_a_radius_that_grows_with_their_number():
    def radius(n):
        products = "".join(f"mul 0 {k + 1}, " for k in range(n))
        terms = " ".join(map(str, range(n + 1, 2 * n + 1)))
        steps = f"{products}sum {terms}, backward {2 * n + 1}"
        return radii(graph((0.1, *(0.3,) * n), steps)).grad_radius(n + 1)[0]

    assert radius(40) > 10 * radius(4) > 0.0


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), seeds)
@settings(max_examples=60)
def test_sums_and_means_in_any_order_are_within_the_bound(terms, seed):
    n = len(terms)
    for op in ("sum", "mean"):
        program = graph(terms, f"{op} {' '.join(map(str, range(n)))}, backward {n}")

        assert [] == _disagreements(program, Floats(), Floats(seed=f"{seed}"))


def test_the_gradients_of_a_root_are_those_of_that_root_alone():
    bound = radii(graph((2.0,), "exp 0, mul 0 0, backward 2, exp 2"))
    _, grads, radius = bound.grads[0]

    assert (4.0, 0.0, 1.0, 0.0) == grads
    assert 0.0 == radius[1] == radius[3]
    with pytest.raises(StopIteration):
        bound.grad_radius(0)  # there is no backward()


def test_the_stated_accuracies_cover_what_was_measured_of_libraries():
    # tests of the constants themselves: 1.62 ulp for exp, 65.7 ulp for x**100 by squaring
    assert eta_exp(1.0) >= 2 * 1.63 * U
    assert eta_exp(300.0) >= 300 * U
    assert eta_pow(100, 1.0) >= 65.7 * U
    assert eta_pow(0.5, 0.0) >= ETA >= 2 * 2 * U


def test_the_fake_engines_do_differ_or_these_tests_would_show_nothing():
    program = generate.expression("577/0", ALL)
    _, root = program.backwards[0]
    plain, other = (values_of(program, Forms(seed)) for seed in (None, "1"))
    slopes = [gradients_of(program, plain, root, Forms(seed)) for seed in (None, "2")]

    assert plain != other
    assert slopes[0] != slopes[1]
