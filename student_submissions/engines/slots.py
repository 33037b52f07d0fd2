"""An engine with slots and properties: the numbers are read through .value and .grad, set nowhere else."""
import math


class Scalar:
    __slots__ = ("_value", "_grad", "_inputs", "_rule")

    def __init__(self, value, inputs=(), rule=None):
        self._value, self._grad, self._inputs, self._rule = float(value), 0.0, inputs, rule

    @property
    def value(self):
        return self._value

    @property
    def grad(self):
        return self._grad

    @grad.setter
    def grad(self, number):
        self._grad = number

    def __add__(self, other):
        return Scalar(self.value + other.value, (self, other), lambda g: (g, g))

    def __sub__(self, other):
        return Scalar(self.value - other.value, (self, other), lambda g: (g, -g))

    def __mul__(self, other):
        return Scalar(
            self.value * other.value, (self, other), lambda g: (g * other.value, g * self.value)
        )

    def __neg__(self):
        return Scalar(-self.value, (self,), lambda g: (-g,))

    def __abs__(self):
        return Scalar(abs(self.value), (self,), lambda g: (math.copysign(g, g * self.value),))

    def sqrt(self):
        root = math.sqrt(self.value)
        return Scalar(root, (self,), lambda g: (g / (2 * root),))

    def tanh(self):
        t = math.tanh(self.value)
        return Scalar(t, (self,), lambda g: (g * (1 - t * t),))

    def backward(self):
        waits, order = {}, [self]
        stack, seen = [self], {self}
        while stack:
            for x in stack.pop()._inputs:
                waits[x] = waits.get(x, 0) + 1
                if x not in seen:
                    seen.add(x)
                    stack.append(x)
        self._grad = 1.0
        for node in order:
            for x, g in zip(node._inputs, node._rule(node._grad) if node._rule else ()):
                x._grad += g
                waits[x] -= 1
                if not waits[x]:
                    order.append(x)
