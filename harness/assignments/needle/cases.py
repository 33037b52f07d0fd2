"""Every use of needle's operators that is asked for, with its mathematics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.authoring import Array


@dataclass(frozen=True)
class Case:
    """One use of an operator: the call, the shapes of its operands, and its mathematics."""

    text: str
    shapes: tuple[tuple[int, ...], ...]
    result: Callable[..., Array]


def cases(n: int, m: int) -> dict[str, tuple[Case, ...]]:
    """Every use of every operator that is to be written, on arrays of about n by m."""
    one, two, three = ((n, m),), ((n, m), (n, m)), ((n, m, 2),)
    return {
        "Tensor": (
            Case("{0} + {1}", two, lambda a, b: a + b),
            Case("{0} - {1}", two, lambda a, b: a - b),
            Case("{0} * {1}", two, lambda a, b: a * b),
            Case("{0} / {1}", two, lambda a, b: a / b),
            Case("{0} @ {1}", ((n, m), (m, 2)), lambda a, b: a @ b),
            Case("1.5 + {0} * 2.5", one, lambda a: 1.5 + a * 2.5),
            Case("-(2.5 * {0} + 1.5) / 4.0", one, lambda a: -(2.5 * a + 1.5) / 4.0),
            Case("{0} ** 3", one, lambda a: a**3),
        ),
        "PowerScalar": (
            Case("ndl.power_scalar({0}, 3)", one, lambda a: a**3),
            Case("ndl.power_scalar({0}, -2)", one, lambda a: a**-2),
        ),
        "EWiseDiv": (Case("ndl.divide({0}, {1})", two, lambda a, b: a / b),),
        "DivScalar": (Case("ndl.divide_scalar({0}, 2.5)", one, lambda a: a / 2.5),),
        "Negate": (Case("ndl.negate({0})", one, lambda a: -a),),
        "Log": (Case("ndl.log({0})", one, lambda a: a.log()),),
        "Exp": (Case("ndl.exp({0})", one, lambda a: a.exp()),),
        "ReLU": (
            Case("ndl.relu({0})", one, lambda a: a.relu()),
            Case("ndl.relu({0})", three, lambda a: a.relu()),
        ),
        "Transpose": (
            Case("ndl.transpose({0})", one, lambda a: a.T),
            Case("ndl.transpose({0})", three, lambda a: a.transpose(0, 2, 1)),
            Case("ndl.transpose({0}, axes=(0, 2))", three, lambda a: a.transpose(2, 1, 0)),
            Case("ndl.transpose({0}, axes=(1, 0))", three, lambda a: a.transpose(1, 0, 2)),
        ),
        "Reshape": (
            Case(f"ndl.reshape({{0}}, ({n * m},))", one, lambda a: a.reshape(-1)),
            Case(f"ndl.reshape({{0}}, (2, {m}, {n}))", three, lambda a: a.reshape(2, m, n)),
        ),
        "BroadcastTo": (
            Case(
                f"ndl.broadcast_to({{0}}, ({n}, {m + 1}))",
                ((n, 1),),
                lambda a: a.broadcast(n, m + 1),
            ),
            Case(
                f"ndl.broadcast_to({{0}}, ({n + 1}, {m}))", ((m,),), lambda a: a.broadcast(n + 1, m)
            ),
            Case(
                f"ndl.broadcast_to({{0}}, ({n + 1}, {m}))",
                ((1, m),),
                lambda a: a.broadcast(n + 1, m),
            ),
            Case(f"ndl.broadcast_to({{0}}, ({n}, {m}))", one, lambda a: a.broadcast(n, m)),
            Case(
                f"ndl.broadcast_to({{0}}, (2, {n}, 3))", ((n, 1),), lambda a: a.broadcast(2, n, 3)
            ),
        ),
        "Summation": (
            Case("ndl.summation({0})", one, lambda a: a.sum()),
            Case("ndl.summation({0}, axes=(0,))", one, lambda a: a.sum(0)),
            Case("ndl.summation({0}, axes=(1,))", three, lambda a: a.sum(1)),
            Case("ndl.summation({0}, axes=(0, 2))", three, lambda a: a.sum((0, 2))),
        ),
        "MatMul": (
            Case("ndl.matmul({0}, {1})", ((n, m), (m, 2)), lambda a, b: a @ b),
            Case("ndl.matmul({0}, {1})", ((2, n, m), (2, m, 1)), lambda a, b: a @ b),
            Case("ndl.matmul({0}, {1})", ((2, n, m), (m, 2)), lambda a, b: a @ b),
            Case("ndl.matmul({0}, {1})", ((n, m), (2, m, 1)), lambda a, b: a @ b),
        ),
    }


TITLES = {
    "Tensor": "+ - * / ** @ on tensors and numbers",
    "PowerScalar": "a ** scalar, element by element",
    "EWiseDiv": "a / b, element by element",
    "DivScalar": "a / scalar",
    "Negate": "-a",
    "Log": "the natural logarithm",
    "Exp": "exp(a)",
    "ReLU": "a where it is positive, else 0",
    "Transpose": "two axes swapped, by default the last two",
    "Reshape": "the same elements in another shape",
    "BroadcastTo": "elements repeated along new axes and axes of length 1",
    "Summation": "the sum over some axes, by default over all",
    "MatMul": "products of matrices, of stacks of them too",
}
