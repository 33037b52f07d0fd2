"""An engine whose values are arrays without axes, as numpy gives them."""

import numpy as np


class Tensor:
    def __init__(self, data, children=(), op=""):
        self.data = np.array(data, dtype=float)
        self.grad = np.zeros_like(self.data)
        self.children = tuple(children)
        self.op = op
        self._step = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data + other.data, (self, other), "+")

        def step():
            self.grad = self.grad + out.grad
            other.grad = other.grad + out.grad

        out._step = step
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data * other.data, (self, other), "*")

        def step():
            self.grad = self.grad + other.data * out.grad
            other.grad = other.grad + self.data * out.grad

        out._step = step
        return out

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def exp(self):
        out = Tensor(np.exp(self.data), (self,), "exp")

        def step():
            self.grad = self.grad + out.data * out.grad

        out._step = step
        return out

    def tanh(self):
        out = Tensor(np.tanh(self.data), (self,), "tanh")

        def step():
            self.grad = self.grad + (1 - out.data**2) * out.grad

        out._step = step
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            node._step()
