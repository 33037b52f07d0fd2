"""The mathematics of arrays, written once with NumPy's operators and kept as a tape of scalars.

An `Array` is nodes of a tape in a shape. Each operation on it applies scalar operations, so that
PyTorch, JAX and the rounding bound need to know no more than those. Sums are n-ary nodes, whose
bound holds for every order of summation: a product of matrices may be blocked, fused or looped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.programs.tape import Tape
from harness.records.errors import UsageError

Whole = NDArray[np.int64]
Nodes = Whole
Numbers = NDArray[np.float64]
Axis = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Gradient:
    """The gradient of a node by each element of an array."""

    root: int
    by: Array


class Array:
    """Nodes of a tape in a shape, with the operators and methods of a NumPy array.

    What stands beside an Array in an operation may be a number or a NumPy array.

    Args:
        tape: takes the nodes of what is computed.
        nodes: the tape's number of each element.
    """

    __array_ufunc__ = None  # so that NumPy leaves `numbers @ array` to us

    def __init__(self, tape: Tape, nodes: Nodes) -> None:
        self.tape = tape
        self.nodes = nodes

    # --- what it is -----------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.nodes.shape

    @property
    def values(self) -> Numbers:
        """Its numbers in float64."""
        flat = [self.tape.value(node) for node in _plain(self.nodes)]
        return np.array(flat, np.float64).reshape(self.shape)

    def __len__(self) -> int:
        return len(self.nodes)

    # --- elements in another order --------------------------------------------------------

    def __getitem__(self, index: Any) -> Array:
        return self._of(self.nodes[index])

    def reshape(self, *shape: int) -> Array:
        """The same elements in another shape; -1 stands for what is left."""
        return self._of(self.nodes.reshape(shape))

    def transpose(self, *axes: int) -> Array:
        """The axes in another order, by default turned round."""
        return self._of(self.nodes.transpose(axes or None))

    @property
    def T(self) -> Array:  # NumPy's name
        """The axes turned round."""
        return self.transpose()

    def broadcast(self, *shape: int) -> Array:
        """The elements repeated along axes of length 1."""
        return self._of(np.broadcast_to(self.nodes, shape))

    # --- element by element ---------------------------------------------------------------

    def __add__(self, other: Any) -> Array:
        return self._pairs("add", self, other)

    def __radd__(self, other: Any) -> Array:
        return self._pairs("add", other, self)

    def __sub__(self, other: Any) -> Array:
        return self._pairs("sub", self, other)

    def __rsub__(self, other: Any) -> Array:
        return self._pairs("sub", other, self)

    def __mul__(self, other: Any) -> Array:
        return self._pairs("mul", self, other)

    def __rmul__(self, other: Any) -> Array:
        return self._pairs("mul", other, self)

    def __truediv__(self, other: Any) -> Array:
        return self._pairs("div", self, other)

    def __rtruediv__(self, other: Any) -> Array:
        return self._pairs("div", other, self)

    def __neg__(self) -> Array:
        return self.each("neg")

    def __pow__(self, exponent: float | Array) -> Array:
        """A power; a number as exponent stays a number."""
        if isinstance(exponent, Array):
            return self._pairs("pow_node", self, exponent)
        return self.each("pow", exponent)

    def maximum(self, other: Any) -> Array:
        """The larger of two elements."""
        return self._pairs("max", self, other)

    def exp(self) -> Array:
        """The exponential of each element."""
        return self.each("exp")

    def log(self) -> Array:
        """The natural logarithm of each element."""
        return self.each("log")

    def tanh(self) -> Array:
        """The hyperbolic tangent of each element."""
        return self.each("tanh")

    def sigmoid(self) -> Array:
        """1 / (1 + exp(-x)) for each element."""
        return self.each("sigmoid")

    def relu(self) -> Array:
        """Each element, or 0 where it is negative."""
        return self.each("relu")

    def softplus(self) -> Array:
        """log(1 + exp(x)) for each element, however large x is."""
        return self._of([self.tape.softplus(node) for node in _plain(self.nodes)]).reshape(
            *self.shape
        )

    def sqrt(self) -> Array:
        """The square root of each element."""
        return self.each("sqrt")

    def each(self, op: str, constant: float | None = None) -> Array:
        """An operation of one operand on each element, by its name in `OPS`.

        Raises:
            UsageError: there is no such operation.
        """
        made = [self.tape.apply(op, node, constant=constant) for node in _plain(self.nodes)]
        return self._of(np.array(made, np.int64).reshape(self.shape))

    # --- along axes -----------------------------------------------------------------------

    def sum(self, axis: Axis = None, *, keepdims: bool = False) -> Array:
        """The sum along some axes, by default along all."""
        return self._along("sum", axis, keepdims)

    def mean(self, axis: Axis = None, *, keepdims: bool = False) -> Array:
        """The mean along some axes, by default along all."""
        return self._along("mean", axis, keepdims)

    def max(self, axis: Axis = None, *, keepdims: bool = False) -> Array:
        """The largest element along some axes; where two are alike nothing is decided."""
        rows, shape = self._rows(axis, keepdims)
        made = rows[:, 0].copy()
        for column in range(1, rows.shape[1]):
            for row in range(len(made)):
                made[row] = self.tape.apply("max", int(made[row]), int(rows[row, column]))
        return self._of(made.reshape(shape))

    def softmax(self, axis: int = -1) -> Array:
        """exp(x) over the sum of all along an axis, however large x is."""
        moved = np.moveaxis(self.nodes, axis, -1)
        rows = moved.reshape(-1, moved.shape[-1])
        made = [self.tape.softmax(tuple(row)) for row in rows.tolist()]
        return self._of(np.moveaxis(np.array(made, np.int64).reshape(moved.shape), -1, axis))

    def logsumexp(self, axis: int = -1, *, keepdims: bool = False) -> Array:
        """The logarithm of the sum of exp(x) along an axis, however large x is."""
        # What is taken off and added again changes nothing, so it may be a number.
        shift = self.values.max(axis, keepdims=True)
        sums = (self - shift).exp().sum(axis, keepdims=True).log() + shift
        return sums if keepdims else self._of(sums.nodes.squeeze(axis))

    def __matmul__(self, other: Any) -> Array:
        return matmul(self, self._lifted(other))

    def __rmatmul__(self, other: Any) -> Array:
        return matmul(self._lifted(other), self)

    # --- gradients ------------------------------------------------------------------------

    def gradients(self, *by: Array) -> tuple[Gradient, ...]:
        """The gradients of a single number by some arrays, to be recorded.

        Raises:
            UsageError: it has more than one element.
        """
        if self.nodes.size != 1:
            raise UsageError(
                f"a gradient is of one number, and this has the shape {self.shape}: "
                "take its sum, or vjp(upstream, ...)"
            )
        root = self.nodes.item()
        return tuple(Gradient(root, array) for array in by)

    def vjp(self, upstream: Any, *by: Array) -> tuple[Gradient, ...]:
        """What backward(upstream) gives for some arrays: the gradients of sum(upstream * self)."""
        scaled: Array = self * upstream
        return scaled.sum().gradients(*by)

    # --- inside ---------------------------------------------------------------------------

    def _of(self, nodes: Any) -> Array:
        return Array(self.tape, np.asarray(nodes, np.int64))

    def _lifted(self, other: Any) -> Array:
        """An operand as an Array: numbers become leaves."""
        if isinstance(other, Array):
            return other
        numbers = np.asarray(other, np.float64)
        leaves = [self.tape.leaf(number) for number in numbers.ravel().tolist()]
        return self._of(np.array(leaves, np.int64).reshape(numbers.shape))

    def _pairs(self, op: str, one: Any, other: Any) -> Array:
        left, right = np.broadcast_arrays(self._lifted(one).nodes, self._lifted(other).nodes)
        pairs = zip(_plain(left), _plain(right), strict=True)
        made = [self.tape.apply(op, x, y) for x, y in pairs]
        return self._of(np.array(made, np.int64).reshape(left.shape))

    def _along(self, op: str, axis: Axis, keepdims: bool) -> Array:
        rows, shape = self._rows(axis, keepdims)
        made = [self.tape.apply(op, *row) for row in rows.tolist()]
        return self._of(np.array(made, np.int64).reshape(shape))

    def _rows(self, axis: Axis, keepdims: bool) -> tuple[Nodes, tuple[int, ...]]:
        """The elements that are reduced together, row by row, and the shape of what results."""
        count = self.nodes.ndim
        gone = range(count) if axis is None else [axis] if isinstance(axis, int) else axis
        last = [a % count for a in gone]
        first = [a for a in range(count) if a not in last]
        moved = self.nodes.transpose(*first, *last)
        rows = moved.reshape(-1, int(np.prod([self.shape[a] for a in last], dtype=int)))
        kept = [1 if a in last else n for a, n in enumerate(self.shape) if keepdims or a in first]
        return rows, tuple(kept)


def _plain(nodes: Nodes) -> list[int]:
    """The numbers of nodes row by row, as Python's own whole numbers."""
    numbers: list[int] = nodes.ravel().tolist()
    return numbers


def matmul(one: Array, other: Array) -> Array:
    """The product of two matrices, of a matrix and a vector, or of stacks of matrices."""
    left = one.nodes[None] if one.nodes.ndim == 1 else one.nodes
    right = other.nodes[:, None] if other.nodes.ndim == 1 else other.nodes
    products = Array(one.tape, left[..., :, :, None]) * Array(one.tape, right[..., None, :, :])
    nodes = products.sum(-2).nodes
    nodes = nodes[..., 0] if other.nodes.ndim == 1 else nodes
    nodes = nodes[..., 0, :] if one.nodes.ndim == 1 and other.nodes.ndim > 1 else nodes
    return Array(one.tape, nodes[..., 0] if one.nodes.ndim == other.nodes.ndim == 1 else nodes)


def where(mask: Any, one: Array, other: Array) -> Array:
    """Elements of one array where a stated mask holds, and of another elsewhere."""
    return Array(one.tape, np.where(mask, one.nodes, other.nodes))


def concatenate(arrays: Sequence[Array], axis: int = 0) -> Array:
    """Arrays joined along an axis."""
    return Array(arrays[0].tape, np.concatenate([array.nodes for array in arrays], axis))


def stack(arrays: Sequence[Array], axis: int = 0) -> Array:
    """Arrays of one shape joined along a new axis."""
    return Array(arrays[0].tape, np.stack([array.nodes for array in arrays], axis))


def conv2d(x: Array, weights: Array, stride: int = 1, pad: int = 0) -> Array:
    """The cross-correlation of images with filters, as the courses define a convolution.

    Args:
        x: of shape (samples, channels, height, width).
        weights: of shape (filters, channels, height, width).
        stride: elements from one window to the next.
        pad: rows and columns of zeros around each image.
    """
    sides = ((0, 0), (0, 0), (pad, pad), (pad, pad))
    nodes = np.pad(x.nodes, sides, constant_values=x.tape.leaf(0.0)) if pad else x.nodes
    _, _, high, wide = weights.shape
    rows = range(0, nodes.shape[2] - high + 1, stride)
    columns = range(0, nodes.shape[3] - wide + 1, stride)
    windows = [
        Array(x.tape, nodes[:, None, :, i : i + high, j : j + wide]) for i in rows for j in columns
    ]
    sums = stack([(window * weights).sum((2, 3, 4)) for window in windows], -1)
    return sums.reshape(*sums.shape[:2], len(rows), len(columns))
