"""The bound: no right engine leaves it, and a wrong one nearly always does."""

import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6 import tapes
from harness.judging.compare import agrees
from harness.programs import generate
from harness.programs.rounding import ETA, U, eta_exp, eta_pow
from harness.programs.tolerance import radii
from harness.records.program import Apply, Backward, Expression
from support.fake_engines import ALL, Floats, Forms, gradients_of, paths, values_of, wild


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
@settings(max_examples=80)
def test_right_engines_in_any_order_and_form_agree_on_generated_programs(seed, one, other):
    program = generate.expression(str(seed), ALL, (20, 40))

    assert [] == _disagreements(program, Floats(seed=f"{one}"), Floats(seed=f"{other}"))
    assert [] == _disagreements(program, Floats(), Floats(seed=f"{other}"))


@given(seeds, seeds, seeds)
@settings(max_examples=150)
def test_right_engines_agree_even_where_numbers_cancel(seed, one, other):
    program = wild(seed)
    assume(radii(program).decided)

    assert [] == _disagreements(program, Floats(seed=f"{one}"), Floats(seed=f"{other}"))


@given(seeds, seeds)
@settings(max_examples=30)
def test_right_engines_agree_on_every_backward_of_a_session(seed, other):
    program = generate.session(str(seed), ALL)

    assert [] == _disagreements(program, Floats(), Floats(seed=f"{other}"))


@given(seeds, seeds)
@settings(max_examples=60)
def test_the_bound_holds_the_numbers_it_is_told_with(seed, other):
    program = wild(seed)
    bound = radii(program)
    assume(bound.decided)
    seen = Floats(seed=f"{other}").run(program)
    step, grads, _ = bound.grads[0]

    assert all(map(agrees, seen.numbers("value"), bound.values, bound.value_radius))
    assert all(map(agrees, seen.numbers("grad", step), grads, bound.grad_radius(step)))


def _slips(kind, count, relative):
    """Whether a relative error put into one operation of each of many programs is seen."""
    seen = []
    for k in range(count):
        program = generate.expression(f"slip/{k}", ALL, (20, 40))
        _, root = program.backwards[0]
        truth = Floats().run(program)
        grads, values = truth.numbers("grad", program.backwards[0][0]), truth.numbers("value")
        live = [
            i
            for i in program.reachable(root)
            if program.nodes[i].inputs and grads[i] and values[i] and program.nodes[i].constant != 0
        ]
        node = random.Random(f"node/{k}").choice(sorted(live))
        wrong = Floats(**{kind: (node, relative)})
        seen.append(bool(_disagreements(program, wrong, Floats(seed=f"{k}"))))
    return seen


def test_a_relative_error_of_1e_9_in_one_value_is_seen_on_every_program():
    assert all(_slips("value_slip", 60, 1e-9))


def test_a_relative_error_of_1e_9_in_one_gradient_is_seen_on_most_programs():
    # A node whose derivative is 0, such as a relu that blocks, passes no error on.
    assert 0.85 * 100 <= sum(_slips("grad_slip", 100, 1e-9))


@pytest.mark.parametrize("nudge", [1e-15, -1e-15])
def test_an_error_of_1e_15_in_every_value_and_derivative_is_never_seen(nudge):
    for k in range(40):
        program = generate.expression(f"nudge/{k}", ALL, (20, 40))
        for wrong in (Floats(nudge=nudge), Floats(seed=f"{k}", nudge=nudge)):
            assert [] == _disagreements(program, wrong, Floats(seed=f"other/{k}"))


@given(seeds)
@settings(max_examples=60)
def test_an_engine_that_walks_path_by_path_is_never_seen(seed):
    program = wild(seed)
    assume(radii(program).decided and paths(program, program.backwards[0][1]) < 2000)
    for nudge in (0.0, 1e-15, -1e-15):
        walked = Floats(by_paths=True, nudge=nudge)
        assert [] == _disagreements(program, walked, Floats(seed=f"{seed}"))


def test_an_operation_may_be_off_by_1e_15_and_by_little_more():
    for node in (Apply("add", (0, 1)), Apply("mul", (0, 1)), Apply("relu", (0,))):
        bound = radii(Expression((2.0, 3.0), (node, Backward(2))))
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
        pytest.param((2.0, -3.0), Apply("add", (0, 1)), -1.0, (1.0, 1.0), id="add"),
        pytest.param((2.0, -3.0), Apply("mul", (0, 1)), -6.0, (-3.0, 2.0), id="mul"),
        pytest.param((3.0,), Apply("mul", (0, 0)), 9.0, (6.0,), id="mul by itself"),
        pytest.param((0.0,), Apply("exp", (0,)), 1.0, (1.0,), id="exp"),
        pytest.param((4.0,), Apply("log", (0,)), math.log(4.0), (0.25,), id="log"),
        pytest.param((4.0,), Apply("relu", (0,)), 4.0, (1.0,), id="relu right"),
        pytest.param((-4.0,), Apply("relu", (0,)), 0.0, (0.0,), id="relu left"),
        pytest.param((-2.0,), Apply("pow", (0,), 3), -8.0, (12.0,), id="cube"),
        pytest.param((4.0,), Apply("pow", (0,), 0.5), 2.0, (0.25,), id="root"),
        pytest.param((4.0,), Apply("pow", (0,), 0), 1.0, (0.0,), id="power 0"),
        pytest.param((4.0,), Apply("pow", (0,), 1), 4.0, (1.0,), id="power 1"),
        pytest.param((0.0,), Apply("pow", (0,), 2), 0.0, (0.0,), id="square of 0"),
        pytest.param((1.0, 2.0, 4.0), Apply("sum", (0, 1, 2)), 7.0, (1.0,) * 3, id="sum"),
        pytest.param((1.0, 4.0), Apply("mean", (0, 1)), 2.5, (0.5, 0.5), id="mean"),
    ],
)
def test_one_operation_has_its_value_its_gradient_and_a_radius_of_a_few_roundings(
    leaves, node, value, grads
):
    root = len(leaves)
    bound = radii(Expression(leaves, (node, Backward(root))))
    _, told, radius = bound.grads[0]

    assert bound.decided
    assert value == bound.values[root]
    assert grads == told[:root]
    assert all(r <= 8 * ETA * max(abs(g), 1.0) for g, r in zip(told, radius, strict=True))
    assert bound.value_radius[root] <= 6 * ETA * max(abs(value), 1.0)


@pytest.mark.parametrize(
    ("leaves", "nodes"),
    [
        pytest.param((0.0,), (Apply("relu", (0,)),), id="relu at 0"),
        pytest.param(
            (0.1, 0.3, -0.03),
            (Apply("mul", (0, 1)), Apply("add", (3, 2)), Apply("relu", (4,))),
            id="relu of what may be 0",
        ),
        pytest.param(
            (0.1, 0.3, -math.nextafter(0.06, 1.0)),
            (
                Apply("mul", (0, 1)),
                Apply("add", (3, 3)),
                Apply("add", (4, 2)),
                Apply("pow", (5,), -1),
            ),
            id="inverse of what may be 0",
        ),
        pytest.param(
            (0.1, 0.3, math.nextafter(-0.06, 1.0)),
            (
                Apply("mul", (0, 1)),
                Apply("add", (3, 3)),
                Apply("add", (4, 2)),
                Apply("log", (5,)),
            ),
            id="log of what may be 0",
        ),
        pytest.param(
            (0.1, 0.3, -0.03),
            (Apply("mul", (0, 1)), Apply("add", (3, 2)), Apply("pow", (4,), 1.5)),
            id="root of what may be 0",
        ),
    ],
)
def test_a_kink_or_a_pole_inside_the_radius_is_undecided(leaves, nodes):
    assert not radii(Expression(leaves, nodes)).decided


def test_at_an_undecided_kink_every_subgradient_is_within_the_bound():
    bound = radii(Expression((0.0,), (Apply("relu", (0,)), Backward(1))))

    assert 1.0 <= bound.grad_radius(1)[0] < 1.001


def test_cancellation_widens_the_radius_and_leaves_it_bound_to_what_was_rounded():
    product = (Apply("mul", (0, 1)), Apply("add", (2, 2)))
    cancelled = Expression((0.1, 0.3, -0.03), (Apply("mul", (0, 1)), Apply("add", (3, 2))))

    assert radii(Expression((0.1, 0.3), product)).value_radius[3] < 2e-16
    assert radii(cancelled).value_radius[4] >= ETA * 0.03


def test_a_sum_of_many_terms_has_a_radius_that_grows_with_their_number():
    def radius(n):
        nodes = tuple(Apply("mul", (0, k + 1)) for k in range(n))
        steps = (*nodes, Apply("sum", tuple(range(n + 1, 2 * n + 1))), Backward(2 * n + 1))
        return radii(Expression((0.1, *(0.3,) * n), steps)).grad_radius(n + 1)[0]

    assert radius(40) > 10 * radius(4) > 0.0


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), seeds)
@settings(max_examples=60)
def test_sums_and_means_in_any_order_are_within_the_bound(terms, seed):
    n = len(terms)
    every = tuple(range(n))
    for op in ("sum", "mean"):
        program = Expression(tuple(terms), (Apply(op, every), Backward(n)))

        assert [] == _disagreements(program, Floats(), Floats(seed=f"{seed}"))


def test_the_gradients_of_a_root_are_those_of_that_root_alone():
    program = Expression(
        (2.0,), (Apply("exp", (0,)), Apply("mul", (0, 0)), Backward(2), Apply("exp", (2,)))
    )
    _, grads, radius = radii(program).grads[0]

    assert (4.0, 0.0, 1.0, 0.0) == grads
    assert 0.0 == radius[1] == radius[3]


def test_a_backward_that_is_not_there_has_no_radius():
    with pytest.raises(StopIteration):
        radii(Expression((2.0,), (Apply("exp", (0,)), Backward(1)))).grad_radius(0)


def test_the_stated_accuracies_cover_what_was_measured_of_libraries():
    # tests of the constants themselves: 1.62 ulp for exp, 65.7 ulp for x**100 by squaring
    assert eta_exp(1.0) >= 2 * 1.63 * U
    assert eta_exp(300.0) >= 300 * U
    assert eta_pow(100, 1.0) >= 65.7 * U
    assert eta_pow(0.5, 0.0) >= ETA >= 2 * 2 * U


@given(seeds, seeds)
@settings(max_examples=25)
def test_the_tape_of_the_mlp_bounds_right_engines_too(seed, other):
    dice = random.Random(seed)
    hidden, samples = dice.randint(1, 4), dice.randint(1, 4)
    start = tuple(dice.gauss(0, 1) for _ in range(3 * hidden + 1))
    tape, predictions = tapes.forward_tape(start, tuple(dice.gauss(0, 1) for _ in range(samples)))
    program = tapes.backward_from(tape, predictions[-1])
    assume(radii(program).decided)

    assert [] == _disagreements(program, Floats(), Floats(seed=f"{other}"))


def test_the_fake_engines_do_differ_or_these_tests_would_show_nothing():
    program = generate.expression("577/0", ALL)
    _, root = program.backwards[0]
    plain = values_of(program, Forms())
    other = values_of(program, Forms("1"))

    assert plain != other
    assert gradients_of(program, plain, root, Forms()) != gradients_of(
        program, plain, root, Forms("2")
    )
