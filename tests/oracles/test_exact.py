"""The bound beside the exact numbers: what is right lies within it, what is wrong by 1e-9 not.

The long runs are soak.py's; these are the same functions on fewer programs.
"""

import mpmath
import pytest

from harness.assignments.lecture6 import mlp as mlp_training
from harness.assignments.lecture6.orders import LECTURE
from harness.grading.grader import Grader
from harness.oracles.load import Oracles, load
from harness.programs.tolerance import radii
from harness.programs.training import radius
from harness.records.program import Apply, Backward, Call, Expression, Training
from oracles.soak import NUDGE, SLIP, catcher, not_passed, right_engines, slips, soak
from support import exact
from support.fake_engines import Floats, wild


@pytest.fixture(scope="module")
def engines():
    return load().engines


@pytest.fixture(scope="module")
def grader(engines):
    with Grader(Oracles(engines)) as one:
        yield one


@pytest.fixture(scope="module")
def tally(engines):
    return soak(100, engines)


# --- the judge ----------------------------------------------------------------------------


def test_the_exact_judge_says_what_the_lecture_says():
    row = exact.numbers(Expression(LECTURE.leaves, (*LECTURE.steps, Backward(10))))
    told = [float(number) for number in (row[10], row[11], row[12])]

    assert [50.3264246157732, 25.068429538550134, 44.3264246157732] == pytest.approx(told, 1e-15)


@pytest.mark.parametrize(
    ("function", "node"),
    [
        (lambda x: mpmath.exp(x), Apply("exp", (0,))),
        (lambda x: mpmath.log(x), Apply("log", (0,))),
        (lambda x: x * x, Apply("mul", (0, 0))),
        (lambda x: x + x, Apply("add", (0, 0))),
        (lambda x: x**3, Apply("pow", (0,), 3)),
        (lambda x: mpmath.sqrt(x), Apply("pow", (0,), 0.5)),
        (lambda x: 1 / x, Apply("pow", (0,), -1)),
        (lambda x: mpmath.mpf(1), Apply("pow", (0,), 0)),
        (lambda x: x, Apply("relu", (0,))),
        (lambda x: 3 * x, Apply("sum", (0, 0, 0))),
        (lambda x: x, Apply("mean", (0, 0, 0))),
    ],
)
def test_the_exact_judge_knows_each_value_and_its_slope_to_thirty_digits(function, node):
    x = 1.7
    _, value, slope, one = exact.numbers(Expression((x,), (node, Backward(1))))
    with mpmath.workdps(100):
        assert abs(value - function(mpmath.mpf(x))) < 1e-50
        assert abs(slope - mpmath.diff(function, mpmath.mpf(x))) < 1e-30
    assert 1 == one


def test_the_exact_judge_sees_a_single_rounding_and_no_number():
    truth = exact.split(exact.numbers(Expression((0.1, 0.2), (Apply("add", (0, 1)),))))

    # 0.1 + 0.2 lies in the middle between two floats: half an ulp of 0.25 is lost.
    assert [0.0, 0.0, 2.0**-55] == exact.errors([0.1, 0.2, 0.1 + 0.2], truth)
    assert 1 == exact.outside([0.1, 0.2, float("nan")], truth, [1.0] * 3)


# --- what is right ------------------------------------------------------------------------


def test_oracles_and_right_engines_lie_within_e_of_the_exact_numbers(tally):
    assert {"torch", "jax", "python", "all up by 1e-15", "path by path"} <= set(tally.worst)
    assert 0 == tally.disputed
    assert 0 == tally.outside.total()


def test_no_right_engine_is_rejected_by_the_word_of_an_oracle(tally):
    assert tally.walked > 50
    assert 0 == tally.rejected.total()


def test_the_bound_is_attained_up_to_a_small_factor(tally):
    # Higher up are the nodes on which an error of 1e-15 cancels by chance.
    for row in (tally.looseness[f"{kind}, off by 1e-15 too"] for kind in ("values", "gradients")):
        assert 1.0 <= min(row) < 1.5
        assert sorted(row)[len(row) // 2] < 3.0


def test_right_engines_lie_within_e_even_where_numbers_cancel():
    seen = 0
    for i in range(150):
        program = wild(i)
        bound = radii(program)
        if bound.decided:
            seen += 1
            truth, allowed = exact.split(exact.numbers(program)), exact.allowed(bound)
            for name, engine in right_engines(i).items():
                row = exact.observed(program, engine.run(program))

                assert not exact.outside(row, truth, allowed, 2 if "path" in name else 1), name
    assert seen > 100


def test_a_square_of_what_may_be_0_is_decided_and_bounded():
    near = (Apply("mul", (0, 1)), Apply("add", (3, 3)), Apply("add", (4, 2)), Apply("pow", (5,), 2))
    program = Expression((0.1, 0.3, -0.06), (*near, Backward(6)))
    bound, truth = radii(program), exact.split(exact.numbers(program))

    assert bound.decided
    assert bound.value_radius[6] < 1e-30
    for i in range(50):
        row = exact.observed(program, Floats(seed=f"{i}", nudge=NUDGE).run(program))
        assert not exact.outside(row, truth, exact.allowed(bound))


@pytest.mark.long
def test_oracles_lie_within_e_on_every_program_of_the_mlp(engines):
    seen = 0
    for check in mlp_training.assignment.checks:
        for program in check.programs("exact"):
            for engine in engines:
                for row, truth, allowed in _mlp_rows(program, engine):
                    seen += len(row)

                    assert not exact.outside(row, exact.split(truth), allowed), check.name
    assert seen > 250


def _mlp_rows(program, engine):
    """Each quantity of a program of mlp_training: as an engine told it, exactly, and its radii."""
    if isinstance(program, Call) and program.traced:
        seen, truth = engine.run(program), exact.numbers(program.tape)
        allowed = exact.allowed(radii(program.tape))
        for traced in program.traced:
            first = 0 if traced.step < 0 else len(program.tape.nodes)
            yield (
                seen.numbers(traced.quantity),
                [truth[first + i] for i in traced.nodes],
                [allowed[first + i] for i in traced.nodes],
            )
    if isinstance(program, Training) and program.detailed:
        seen, tape = engine.run(program), program.tape
        truth, start, count = exact.numbers(tape), program.start, len(tape.nodes)
        grads = truth[count : count + len(start)]
        with mpmath.workdps(exact.DIGITS):
            moved = [p - mpmath.mpf(program.lr) * g for p, g in zip(start, grads, strict=True)]
        for traced in program.traced:
            values = [truth[i] for i in traced.nodes]
            told = {"grad": grads, "after": moved}.get(traced.quantity, values)
            yield seen.numbers(traced.quantity, 0), told, radius(program, traced)


# --- what is wrong, and what is nearly right ----------------------------------------------


def test_one_value_or_derivative_wrong_by_1e_9_is_caught(engines):
    oracles = Oracles(engines)
    caught = {name: catcher(edit, oracles) for name, edit in slips(SLIP).items()}

    assert 14 == len(caught)
    assert [] == [name for name, check in caught.items() if check is None]


@pytest.mark.long
@pytest.mark.parametrize("relative", [NUDGE, -NUDGE])
def test_nobody_is_accused_of_1e_15_in_every_operation(relative, grader, tmp_path):
    assert [] == not_passed(grader, slips(relative).values(), tmp_path / "ag.py")
