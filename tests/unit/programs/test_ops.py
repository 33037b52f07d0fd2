"""The table of operations: values, spelling, and where generated operands may lie."""

import math
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.programs import ops
from harness.programs.snippet import spell
from harness.records.dialect import BARE
from harness.records.program import Apply

VALUES = {  # beside those that test_tolerance asks of each operation
    ("pow", (-4.0,), -1): -0.25,
    ("pow", (-4.0,), 0): 1.0,
    ("log", (1.0,)): 0.0,
    ("relu", (0.0,)): 0.0,
    ("sum", (1e16, 1.0, -1e16)): 1.0,
    ("mean", (1.0, 2.0, 6.0)): 3.0,
    ("leaf", (), 2.5): 2.5,
}


@pytest.mark.parametrize(("node", "value"), VALUES.items(), ids=map(str, VALUES))
def test_an_operation_has_the_value_of_calculus(node, value):
    op, operands, constant = (*node, None)[:3]

    assert value == ops.evaluate(op, operands, constant)


@pytest.mark.parametrize(
    ("op", "operand", "constant", "error"),
    [
        pytest.param("log", -1.0, None, ValueError, id="log of a negative"),
        pytest.param("exp", 710.0, None, OverflowError, id="exp past the largest float"),
        pytest.param("pow", 0.0, -1, ValueError, id="inverse of 0"),
        pytest.param("pow", -2.0, 0.5, ValueError, id="root of a negative"),
    ],
)
def test_outside_the_domain_python_refuses(op, operand, constant, error):
    with pytest.raises(error):
        ops.evaluate(op, (operand,), constant)


@pytest.mark.parametrize(
    ("op", "operands", "inside"),
    [
        pytest.param("add", (1e300, -1e300), True, id="any sum"),
        pytest.param("mul", (0.0, 0.0), True, id="any product"),
        pytest.param("exp", (-12.0,), True, id="exp at its lower edge"),
        pytest.param("exp", (-12.1,), False, id="exp below it"),
        pytest.param("exp", (18.4,), True, id="exp near the largest value"),
        pytest.param("exp", (18.5,), False, id="exp above it"),
        pytest.param("log", (0.0011,), True, id="log right of its pole"),
        pytest.param("log", (0.001,), False, id="log at the edge"),
        pytest.param("log", (-1.0,), False, id="log of a negative"),
        pytest.param("relu", (0.002,), True, id="relu right of its kink"),
        pytest.param("relu", (-0.002,), True, id="relu left of its kink"),
        pytest.param("relu", (0.0005,), False, id="relu at its kink"),
        pytest.param("relu", (-0.0005,), False, id="relu at its kink from the left"),
        pytest.param("pow", (-2.0, 3), True, id="cube of a negative"),
        pytest.param("pow", (-2.0, 2.0), True, id="a float exponent that is whole"),
        pytest.param("pow", (-2.0, 0.5), False, id="root of a negative"),
        pytest.param("pow", (2.0, 0.5), True, id="root"),
        pytest.param("pow", (0.0005, 2), False, id="power near 0"),
        pytest.param("pow", (1e4, 3), False, id="a power that is too large"),
        pytest.param("pow", (1e-2, -5), False, id="an inverse power that is too large"),
        pytest.param("pow", (1e-2, 5), False, id="a power that is too small"),
    ],
)
def test_generated_operands_stay_well_inside_the_domain(op, operands, inside):
    assert inside is ops.OPS[op].domain(*operands)


def test_every_operation_is_keyed_by_its_own_name_and_counts_its_operands():
    for name, op in ops.OPS.items():
        places = {f"{{{i}}}" for i in range(3) if f"{{{i}}}" in op.spelling}

        assert name == op.name
        assert op.arity == len(places)
        assert ("{constant}" in op.spelling) is (op.number is not None)


FUNCTIONS = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "relu": lambda x: max(0.0, x)}


class Number(float):
    """A number with the functions that a spelling calls on it."""

    def __getattr__(self, name):
        return partial(FUNCTIONS.get(name) or getattr(math, name), self)


@given(st.floats(0.002, 1e3), st.floats(0.002, 1e3), st.sampled_from(sorted(ops.OPS)))
def test_the_spelling_of_an_operation_computes_its_value(x, y, op):
    entry = ops.OPS[op]
    operands = (x, y)[: entry.arity or 2]
    number = None if entry.number is None else 3
    assume(entry.domain(*operands, *[number] * (number is not None)))
    node = Apply(op, tuple(range(len(operands))), number)
    known = {"x": Number(x), "y": Number(y), "mean": lambda row: sum(row) / len(row)}
    exec(f"told = {spell(node, ('x', 'y'), BARE)}", known)

    assert math.isclose(known["told"], ops.evaluate(op, operands, number), rel_tol=1e-14)
