"""Every operation of the table beside the exact numbers, by torch, JAX and Python."""

import math
from dataclasses import replace

import pytest

from harness.judging.calculus import observe
from harness.oracles.load import load
from harness.programs import ops, rounding
from harness.programs.generate import Dice, expression
from harness.programs.tolerance import radii
from harness.records.program import Apply, Backward, Expression
from support import exact
from support.engines import asked
from support.long import sample

DRAWN = 25


def drawn(op):
    """Programs of that one operation on operands inside its domain."""
    dice, entry = Dice(f"operation {op}"), ops.OPS[op]
    found = []
    while len(found) < DRAWN:
        operands = tuple(dice.real(-7.0, 7.0) for _ in range(entry.arity or 3))
        constant = None if entry.number is None else dice.pick((2.0, 3, -1.5, 0.5))
        if not entry.domain(*operands, *(() if constant is None else (constant,))):
            continue
        nodes = tuple(range(len(operands)))
        found.append(Expression(operands, (Apply(op, nodes, constant), Backward(len(nodes)))))
    return tuple(found)


@pytest.fixture(scope="module")
def engines():
    return load().engines


def test_every_engine_lies_within_the_bound_of_every_operation(engines):
    programs = tuple(program for op in ops.OPS for program in drawn(op))
    rows = [asked(engine, programs) for engine in engines]
    rows.append([observe(program) for program in programs])
    assert 3 == len(rows)
    for k, program in enumerate(programs):
        truth, allowed = exact.split(exact.numbers(program)), exact.allowed(radii(program))
        for row in rows:
            assert 0 == exact.outside(exact.observed(program, row[k]), truth, allowed), program


def test_a_slope_that_is_off_by_a_billionth_is_outside_the_bound_of_every_operation():
    for op in ops.OPS:
        outside = 0
        for program in drawn(op):
            truth, bound = exact.split(exact.numbers(program)), radii(program)
            row = [number * (1 + 1e-9) for number in exact.sizes(bound)]
            outside += exact.outside(row, truth, exact.allowed(bound), times=2) > 0
        assert outside >= DRAWN * 0.9, op


def forms(x, y):
    """Other usual ways to compute an operation, by its name."""
    e, back = math.exp(x), math.exp(-x)
    double = math.exp(2 * x)
    return {
        "tanh": ((double - 1) / (double + 1), (e - back) / (e + back), 2 / (1 + back * back) - 1),
        "sigmoid": (1 / (1 + back), e / (1 + e), 0.5 * (math.tanh(x / 2) + 1)),
        "div": (x * y**-1, x * (1 / y)),
        "sub": (x + -1.0 * y,),
        "sqrt": (abs(x) ** 0.5,),
    }


def test_usual_ways_to_write_an_operation_lie_within_its_bound():
    dice = Dice("forms")
    for _ in range(400):
        x, y = dice.real(-7.5, 7.5), dice.real(0.01, 7.5)
        for op, values in forms(x, y).items():
            leaves = (abs(x) if op == "sqrt" else x, y)[: ops.OPS[op].arity]
            program = Expression(leaves, (Apply(op, tuple(range(len(leaves)))),))
            (truth,) = exact.split(exact.numbers(program)[-1:])
            for value in values:
                assert 0 == exact.outside([value], [truth], radii(program).value_radius[-1:])


@pytest.mark.parametrize(("sums", "others"), sample(2, [(0, 8), (8, 32)]))
def test_engines_agree_on_random_graphs_of_every_operation(sums, others, engines):
    of_two = tuple(op for op in ops.OPS if op not in ("sum", "mean"))
    # JAX has a sum by itself, and takes longer.
    allowed = [(*of_two, "sum")] * sums + [of_two] * others
    graphs = (expression(f"all {seed}", allowed=some) for seed, some in enumerate(allowed))
    programs = tuple(program for program in graphs if radii(program).decided)
    truths = [exact.split(exact.numbers(program)) for program in programs]
    for engine in engines:
        for program, seen, truth in zip(programs, asked(engine, programs), truths, strict=True):
            row, allowed = exact.observed(program, seen), exact.allowed(radii(program))
            assert 0 == exact.outside(row, truth, allowed), engine.name


def test_one_entry_adds_an_operation(engines, monkeypatch):
    softplus = ops.Op(
        name="softplus",
        arity=1,
        spelling="softplus({0})",
        evaluate=lambda x: math.log1p(math.exp(x)),
        domain=lambda x: abs(x) < 8,
        bound=rounding.smooth(lambda x, out: 1 - math.exp(-out), 0.25, lambda x: 8 * rounding.ETA),
        array="softplus",
    )
    monkeypatch.setitem(ops.OPS, "softplus", softplus)
    program = Expression((0.5,), (Apply("softplus", (0,)), Apply("mul", (1, 1)), Backward(2)))

    told = [observe(program), *(engine.run(program) for engine in engines)]

    slope = 2 * math.log1p(math.exp(0.5)) / (1 + math.exp(-0.5))
    assert 3 == len(told)
    for seen in told:
        assert slope == pytest.approx(seen.numbers("grad", 2)[0], rel=1e-14)
    drawn_too = expression("softplus", allowed=("add", "mul", "softplus"))
    assert "softplus" in {node.op for node in drawn_too.nodes}
    assert replace(softplus, name="other") != softplus
