"""An engine whose gradients are nodes again: x.grad.data is the number, None before the first walk."""
import math


class Tensor:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = None
        self.parents = parents

    def __add__(self, other):
        return Tensor(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __mul__(self, other):
        return Tensor(
            self.data * other.data, ((self, lambda g: g * other), (other, lambda g: g * self))
        )

    def __sub__(self, other):
        return self + other * Tensor(-1.0)

    def __neg__(self):
        return self * Tensor(-1.0)

    def exp(self):
        out = Tensor(math.exp(self.data))
        out.parents = ((self, lambda g: g * out),)
        return out

    def log(self):
        inverse = Tensor(1.0 / self.data)
        return Tensor(math.log(self.data), ((self, lambda g: g * inverse),))

    def backward(self, gradient=None):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = gradient or Tensor(1.0)
        for node in order[::-1]:
            for parent, rule in node.parents:
                g = rule(node.grad)
                parent.grad = g if parent.grad is None else parent.grad + g
