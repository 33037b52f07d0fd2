"""One linear layer without biases on arrays without axes; no zero_grad and no network."""
import numpy as np


class Tensor:
    def __init__(self, data, parents=()):
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.parents = parents

    def __add__(self, other):
        return Tensor(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __mul__(self, other):
        return Tensor(
            self.data * other.data,
            ((self, lambda g: g * other.data), (other, lambda g: g * self.data)),
        )

    def backward(self, gradient=1.0):
        self.grad = self.grad + gradient
        for parent, rule in self.parents:
            parent.backward(rule(gradient))


class Linear:
    def __init__(self, n_in, n_out):
        self.rows = [[Tensor(np.random.randn()) for _ in range(n_in)] for _ in range(n_out)]

    def __call__(self, x):
        return [self._dot(row, x) for row in self.rows]

    def _dot(self, row, x):
        total = Tensor(0.0)
        for w, xi in zip(row, x):
            total = total + w * xi
        return total

    def parameters(self):
        return [w for row in self.rows for w in row]
