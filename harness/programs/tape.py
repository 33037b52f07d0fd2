"""Write an array computation as a tape of scalars, by which its rounding is bounded.

Its sums are n-ary nodes, whose radius holds for every order of summation, so a matrix product in
any order, blocked or fused, lies within it.
"""

from __future__ import annotations

from harness.programs import ops
from harness.records.errors import UsageError
from harness.records.program import Apply, Backward, Expression

Vector = tuple[int, ...]
"""Nodes in a row."""


class Tape:
    """A tape under construction. A leaf is numbered -1, -2, ... until the tape is finished."""

    def __init__(self) -> None:
        self._leaves: list[float] = []
        self._steps: list[tuple[str, Vector, float | int | None]] = []
        self._values: list[float] = []

    def leaf(self, value: float) -> int:
        """A node with a stated value."""
        self._leaves.append(value)
        return -len(self._leaves)

    def vector(self, values: tuple[float, ...]) -> Vector:
        """A leaf for each value."""
        return tuple(self.leaf(value) for value in values)

    def apply(self, op: str, *inputs: int, constant: float | int | None = None) -> int:
        """One operation: its name in ops, sum or mean.

        Raises:
            UsageError: there is no such operation.
        """
        if op not in ops.OPS:
            raise UsageError(f'there is no operation "{op}"; there are {", ".join(ops.OPS)}')
        values, leaves = self._values, self._leaves
        operands = [values[i] if i >= 0 else leaves[-i - 1] for i in inputs]
        value = ops.evaluate(op, operands, constant)
        self._steps.append((op, inputs, constant))
        self._values.append(value)
        return len(self._values) - 1

    def value(self, node: int) -> float:
        """The float64 value of a node."""
        return self._values[node] if node >= 0 else self._leaves[-node - 1]

    def scaled(self, factor: float, node: int) -> int:
        """A stated factor times a node."""
        return self.apply("mul", self.leaf(factor), node)

    def softmax(self, scores: Vector) -> Vector:
        """exp(s) over the sum of all; what is taken off every score changes nothing."""
        shift = self.leaf(-max(map(self.value, scores)))
        # exp(s - log(sum)) rounds once at the size of s, not of what is left of it.
        scores = tuple(self.scaled(1.0, score) for score in scores)
        powers = [self.apply("exp", self.apply("add", score, shift)) for score in scores]
        inverse = self.apply("pow", self.apply("sum", *powers), constant=-1)
        return tuple(self.apply("mul", power, inverse) for power in powers)

    def softplus(self, z: int) -> int:
        """log(1 + exp(z)), in the form that does not overflow."""
        one = self.leaf(1.0)
        if self.value(z) <= 0.0:
            return self.apply("log", self.apply("add", one, self.apply("exp", z)))
        small = self.apply("exp", self.scaled(-1.0, z))
        return self.apply("add", z, self.apply("log", self.apply("add", one, small)))

    def place(self, node: int) -> int:
        """The number of a node on the finished tape."""
        return len(self._leaves) + node if node >= 0 else -node - 1

    def finished(self, *roots: int) -> Expression:
        """The tape, with a backward() from each of some nodes at its end."""
        count = len(self._leaves)  # `place` written out: it is asked for every operand
        steps = [
            Apply(op, tuple([count + i if i >= 0 else -i - 1 for i in inputs]), constant)
            for op, inputs, constant in self._steps
        ]
        ends = (Backward(self.place(root)) for root in roots)
        return Expression(tuple(self._leaves), (*steps, *ends))
