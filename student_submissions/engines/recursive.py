"""An engine without an order: backward(g) adds g and hands it down, once for each path."""

import math


class Number:
    def __init__(self, v, parents=()):
        self.v = v
        self.parents = parents
        self.g = 0.0

    @staticmethod
    def of(thing):
        return thing if isinstance(thing, Number) else Number(thing)

    def __add__(self, other):
        other = Number.of(other)
        return Number(self.v + other.v, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = Number.of(other)
        return Number(self.v * other.v, ((self, other.v), (other, self.v)))

    def __sub__(self, other):
        return self + Number.of(other) * -1.0

    def __truediv__(self, other):
        return self * Number.of(other) ** -1

    def __pow__(self, n):
        return Number(self.v**n, ((self, n * self.v ** (n - 1)),))

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        return Number(max(self.v, 0.0), ((self, 1.0 if self.v > 0 else 0.0),))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.v))
        return Number(s, ((self, s * (1 - s)),))

    def backward(self, g=1.0):
        self.g += g
        for parent, slope in self.parents:
            parent.backward(g * slope)
