"""Gradients are None at first, and the first one is copied before others are added to it."""

import numpy as np


class Array:
    def __init__(self, value, inputs=(), back=None):
        self.value = value if isinstance(value, np.ndarray) else np.asarray(value, dtype=float)
        self.gradient = None
        self.inputs = inputs
        self.back = back

    def receive(self, gradient):
        if self.gradient is None:
            self.gradient = gradient.copy()
        else:
            self.gradient += gradient

    def __add__(self, other):
        return Array(self.value + other.value, (self, other), lambda g: (g, g))

    def __mul__(self, other):
        return Array(self.value * other.value, (self, other), lambda g: (g * other.value, g * self.value))

    def __sub__(self, other):
        return Array(self.value - other.value, (self, other), lambda g: (g, -g))

    def __matmul__(self, other):
        return Array(
            self.value @ other.value,
            (self, other),
            lambda g: (g @ other.value.T, self.value.T @ g),
        )

    def sum(self):
        return Array(self.value.sum(), (self,), lambda g: (np.full(self.value.shape, g),))

    def mean(self):
        n = self.value.size
        return Array(self.value.mean(), (self,), lambda g: (np.full(self.value.shape, g / n),))

    def exp(self):
        out = np.exp(self.value)
        return Array(out, (self,), lambda g: (g * out,))

    def backward(self, seed=None):
        self.receive(np.ones(self.value.shape) if seed is None else seed)
        for node in reversed(self.sorted()):
            if node.back is not None:
                for below, gradient in zip(node.inputs, node.back(node.gradient)):
                    while gradient.ndim > below.value.ndim:
                        gradient = gradient.sum(0)
                    ones = tuple(i for i, n in enumerate(below.value.shape) if n == 1)
                    below.receive(gradient.sum(ones, keepdims=True) if ones else gradient)

    def sorted(self):
        order, marked = [], set()
        stack = [(self, iter(self.inputs))]
        marked.add(self)
        while stack:
            node, rest = stack[-1]
            below = next(rest, None)
            if below is None:
                order.append(node)
                stack.pop()
            elif below not in marked:
                marked.add(below)
                stack.append((below, iter(below.inputs)))
        return order
