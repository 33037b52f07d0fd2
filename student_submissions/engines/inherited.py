"""An engine in two classes: what is common stands in a base, what nodes can do in a class below."""
import math


class Base:
    def __init__(self, value, inputs=(), grads=()):
        self.value, self.inputs, self.grads = value, inputs, grads
        self.adjoint = 0

    def _of(self, value, inputs, grads):
        return type(self)(value, inputs, grads)

    def __add__(self, b):
        return self._of(self.value + b.value, (self, b), (1, 1))

    def __mul__(self, b):
        return self._of(self.value * b.value, (self, b), (b.value, self.value))

    def backward_pass(self):
        self.adjoint = 1
        for node in self.ordered():
            for x, g in zip(node.inputs, node.grads):
                x.adjoint = x.adjoint + node.adjoint * g

    def ordered(self):
        seen, out = [], []

        def walk(n):
            if any(n is s for s in seen):
                return
            seen.append(n)
            for x in n.inputs:
                walk(x)
            out.insert(0, n)

        walk(self)
        return out


class Expr(Base):
    def __sub__(self, b):
        return self._of(self.value - b.value, (self, b), (1, -1))

    def __truediv__(self, b):
        return self._of(self.value / b.value, (self, b), (1 / b.value, -self.value / b.value**2))

    def __pow__(self, b):
        if isinstance(b, Expr):
            y = self.value**b.value
            return self._of(y, (self, b), (b.value * y / self.value, y * math.log(self.value)))
        return self._of(self.value**b, (self,), (b * self.value ** (b - 1),))

    def exp(self):
        return self._of(math.exp(self.value), (self,), (math.exp(self.value),))

    def log(self):
        return self._of(math.log(self.value), (self,), (1 / self.value,))

    def tanh(self):
        return self._of(math.tanh(self.value), (self,), (1 - math.tanh(self.value) ** 2,))
