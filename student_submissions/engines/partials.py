"""An engine of pairs: each node keeps (operand, partial derivative); functions are free."""

import math


class Var:
    def __init__(self, value, terms=()):
        self.value = float(value)
        self.terms = list(terms)
        self.gradient = 0.0

    def __add__(self, other):
        other = as_var(other)
        return Var(self.value + other.value, [(self, 1.0), (other, 1.0)])

    __radd__ = __add__

    def __mul__(self, other):
        other = as_var(other)
        return Var(self.value * other.value, [(self, other.value), (other, self.value)])

    __rmul__ = __mul__

    def __sub__(self, other):
        other = as_var(other)
        return Var(self.value - other.value, [(self, 1.0), (other, -1.0)])

    def __rsub__(self, other):
        return as_var(other) - self

    def __truediv__(self, other):
        other = as_var(other)
        terms = [(self, 1.0 / other.value), (other, -self.value / other.value**2)]
        return Var(self.value / other.value, terms)

    def __rtruediv__(self, other):
        return as_var(other) / self

    def __neg__(self):
        return Var(-self.value, [(self, -1.0)])

    def __pow__(self, other):
        if isinstance(other, Var):
            out = self.value**other.value
            slopes = [other.value * self.value ** (other.value - 1), out * math.log(self.value)]
            return Var(out, [(self, slopes[0]), (other, slopes[1])])
        return Var(self.value**other, [(self, other * self.value ** (other - 1))])

    def __rpow__(self, number):
        out = number**self.value
        return Var(out, [(self, out * math.log(number))])

    def __abs__(self):
        return Var(abs(self.value), [(self, 1.0 if self.value > 0 else -1.0)])

    def topological_order(self):
        done, order = set(), []

        def walk(node):
            if id(node) in done:
                return
            done.add(id(node))
            for parent, _ in node.terms:
                walk(parent)
            order.append(node)

        walk(self)
        return order

    def backward(self):
        order = self.topological_order()
        for node in order:
            node.gradient = 0.0
        self.gradient = 1.0
        for node in reversed(order):
            for parent, partial in node.terms:
                parent.gradient += partial * node.gradient


def as_var(thing):
    return thing if isinstance(thing, Var) else Var(thing)


def exp(x):
    out = math.exp(x.value)
    return Var(out, [(x, out)])


def ln(x):
    return Var(math.log(x.value), [(x, 1.0 / x.value)])


def sigmoid(x):
    s = 1.0 / (1.0 + math.exp(-x.value))
    return Var(s, [(x, s * (1.0 - s))])


def sqrt(x):
    root = math.sqrt(x.value)
    return Var(root, [(x, 0.5 / root)])


def sin(x):
    return Var(math.sin(x.value), [(x, math.cos(x.value))])


def cos(x):
    return Var(math.cos(x.value), [(x, -math.sin(x.value))])


def maximum(x, y):
    first = x.value > y.value
    return Var(max(x.value, y.value), [(x, float(first)), (y, float(not first))])


def minimum(x, y):
    first = x.value < y.value
    return Var(min(x.value, y.value), [(x, float(first)), (y, float(not first))])
