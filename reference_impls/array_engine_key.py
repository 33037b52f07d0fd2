"""An engine of arrays as a student might write it: the answer key of array_engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Push = Callable[[Numbers], None] | None
Axis = int | None


class Tensor:
    """An array with the array of its gradients.

    Args:
        data: its numbers.
        inputs: the nodes that it was computed from.
        push: hands its gradient down to them.
    """

    def __init__(
        self,
        data: Any,
        inputs: tuple[Tensor, ...] = (),
        push: Push = None,
    ) -> None:
        self.data: Numbers = np.array(data, dtype=np.float64)
        self.grad: Numbers = np.zeros_like(self.data)
        self.inputs = inputs
        self.push = push

    def take(self, grad: Numbers) -> None:
        """Adds a gradient, summed along the axes that were repeated to meet another operand."""
        while grad.ndim > self.data.ndim:
            grad = grad.sum(axis=0)
        for axis, length in enumerate(self.data.shape):
            if length == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        self.grad = self.grad + grad

    def backward(self) -> None:
        """Leaves the gradient of the sum of all elements on every node below."""
        order: list[Tensor] = []
        visited: set[Tensor] = set()

        def visit(node: Tensor) -> None:
            if node not in visited:
                visited.add(node)
                for below in node.inputs:
                    visit(below)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            if node.push is not None:
                node.push(node.grad)

    # --- element by element ---------------------------------------------------------------

    def __add__(self, other: Any) -> Tensor:
        other = tensor(other)

        def push(grad: Numbers) -> None:
            self.take(grad)
            other.take(grad)

        return Tensor(self.data + other.data, (self, other), push)

    def __mul__(self, other: Any) -> Tensor:
        other = tensor(other)

        def push(grad: Numbers) -> None:
            self.take(grad * other.data)
            other.take(grad * self.data)

        return Tensor(self.data * other.data, (self, other), push)

    def __sub__(self, other: Any) -> Tensor:
        other = tensor(other)

        def push(grad: Numbers) -> None:
            self.take(grad)
            other.take(-grad)

        return Tensor(self.data - other.data, (self, other), push)

    def __truediv__(self, other: Any) -> Tensor:
        other = tensor(other)

        def push(grad: Numbers) -> None:
            self.take(grad / other.data)
            other.take(-grad * self.data / other.data**2)

        return Tensor(self.data / other.data, (self, other), push)

    def __pow__(self, other: Any) -> Tensor:
        if not isinstance(other, Tensor):
            return self.each(self.data**other, other * self.data ** (other - 1))
        out = self.data**other.data

        def push(grad: Numbers) -> None:
            self.take(grad * other.data * self.data ** (other.data - 1))
            other.take(grad * out * np.log(self.data))

        return Tensor(out, (self, other), push)

    def __neg__(self) -> Tensor:
        return self.each(-self.data, -np.ones_like(self.data))

    def __abs__(self) -> Tensor:
        return self.each(np.abs(self.data), np.sign(self.data))

    def __radd__(self, other: Any) -> Tensor:
        return tensor(other) + self

    def __rmul__(self, other: Any) -> Tensor:
        return tensor(other) * self

    def __rsub__(self, other: Any) -> Tensor:
        return tensor(other) - self

    def __rtruediv__(self, other: Any) -> Tensor:
        return tensor(other) / self

    def __rpow__(self, other: Any) -> Tensor:
        return tensor(other) ** self

    def each(self, out: Numbers, slope: Numbers) -> Tensor:
        """A function of each element, with its derivative there."""
        return Tensor(out, (self,), lambda grad: self.take(grad * slope))

    def exp(self) -> Tensor:
        """The number e to the power of each element."""
        out = np.exp(self.data)
        return self.each(out, out)

    def log(self) -> Tensor:
        """The natural logarithm of each element."""
        return self.each(np.log(self.data), 1 / self.data)

    def sqrt(self) -> Tensor:
        """The square root of each element."""
        out = np.sqrt(self.data)
        return self.each(out, 0.5 / out)

    def sin(self) -> Tensor:
        """The sine of each element."""
        return self.each(np.sin(self.data), np.cos(self.data))

    def cos(self) -> Tensor:
        """The cosine of each element."""
        return self.each(np.cos(self.data), -np.sin(self.data))

    def relu(self) -> Tensor:
        """Each element, or 0 where it is negative."""
        return self.each(np.maximum(self.data, 0.0), np.where(self.data > 0, 1.0, 0.0))

    def tanh(self) -> Tensor:
        """The hyperbolic tangent of each element."""
        out = np.tanh(self.data)
        return self.each(out, 1 - out**2)

    def sigmoid(self) -> Tensor:
        """1 / (1 + exp(-x)) of each element."""
        out = 1 / (1 + np.exp(-self.data))
        return self.each(out, out * (1 - out))

    # --- whole arrays ---------------------------------------------------------------------

    def __matmul__(self, other: Tensor) -> Tensor:
        def push(grad: Numbers) -> None:
            self.take(grad @ other.data.T)
            other.take(self.data.T @ grad)

        return Tensor(self.data @ other.data, (self, other), push)

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The sum along an axis, by default of all elements."""

        def push(grad: Numbers) -> None:
            if axis is not None and not keepdims:
                grad = np.expand_dims(grad, axis)
            self.take(np.broadcast_to(grad, self.data.shape))

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), push)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The mean along an axis, by default of all elements."""
        count = self.data.size if axis is None else self.data.shape[axis]

        def push(grad: Numbers) -> None:
            if axis is not None and not keepdims:
                grad = np.expand_dims(grad, axis)
            self.take(np.broadcast_to(grad / count, self.data.shape))

        return Tensor(self.data.mean(axis=axis, keepdims=keepdims), (self,), push)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The largest element along an axis, by default of all."""
        largest = self.data.max(axis=axis, keepdims=True)

        def push(grad: Numbers) -> None:
            if axis is not None and not keepdims:
                grad = np.expand_dims(grad, axis)
            self.take(np.where(self.data == largest, grad, 0.0))

        return Tensor(self.data.max(axis=axis, keepdims=keepdims), (self,), push)

    def reshape(self, shape: tuple[int, ...]) -> Tensor:
        """The same elements in another shape."""
        return Tensor(
            self.data.reshape(shape), (self,), lambda grad: self.take(grad.reshape(self.data.shape))
        )

    @property
    def T(self) -> Tensor:
        """The axes turned round."""
        return Tensor(self.data.T, (self,), lambda grad: self.take(grad.T))


def tensor(thing: Any) -> Tensor:
    """A node, made of a number where it is none."""
    return thing if isinstance(thing, Tensor) else Tensor(thing)
