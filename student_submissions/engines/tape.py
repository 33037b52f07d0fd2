"""An engine of one global tape: every operation is appended, backward() walks the tape from its end."""
import math

TAPE = []


class Var:
    def __init__(self, val):
        self.val = val
        self.gradient = 0.0

    def __add__(self, other):
        other = lift(other)
        return record(self.val + other.val, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = lift(other)
        return record(self.val * other.val, (self, other.val), (other, self.val))

    def __sub__(self, other):
        other = lift(other)
        return record(self.val - other.val, (self, 1.0), (other, -1.0))

    def __rsub__(self, other):
        return lift(other) - self

    def __truediv__(self, other):
        other = lift(other)
        return record(self.val / other.val, (self, 1 / other.val), (other, -self.val / other.val**2))

    def __pow__(self, k):
        return record(self.val**k, (self, k * self.val ** (k - 1)))

    __radd__ = __add__
    __rmul__ = __mul__

    def backprop(self):
        for out, inputs in TAPE:
            out.gradient = 0.0
            for x, _ in inputs:
                x.gradient = 0.0
        self.gradient = 1.0
        for out, inputs in reversed(TAPE):
            for x, slope in inputs:
                x.gradient += slope * out.gradient


def lift(x):
    return x if isinstance(x, Var) else Var(x)


def record(val, *inputs):
    out = Var(val)
    TAPE.append((out, inputs))
    return out


def sin(x):
    return record(math.sin(x.val), (x, math.cos(x.val)))


def cos(x):
    return record(math.cos(x.val), (x, -math.sin(x.val)))


def exp(x):
    return record(math.exp(x.val), (x, math.exp(x.val)))


def log(x):
    return record(math.log(x.val), (x, 1 / x.val))
