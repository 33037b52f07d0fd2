"""Nodes hold their value under other names, and pairs of a parent and a way back; sums keep axes."""

import numpy as np


class Var:
    def __init__(self, v, parents=()):
        self.v = np.array(v, float)
        self.parents = parents
        self.g = None

    def __add__(self, o):
        o = lift(o)
        return Var(self.v + o.v, [(self, lambda g: g), (o, lambda g: g)])

    def __mul__(self, o):
        o = lift(o)
        return Var(self.v * o.v, [(self, lambda g: g * o.v), (o, lambda g: g * self.v)])

    def __truediv__(self, o):
        o = lift(o)
        return Var(self.v / o.v, [(self, lambda g: g / o.v), (o, lambda g: -g * self.v / o.v**2)])

    def __neg__(self):
        return Var(-self.v, [(self, lambda g: -g)])

    def __sub__(self, o):
        return self + -lift(o)

    def __radd__(self, o):
        return self + o

    def __rmul__(self, o):
        return self * o

    def dot(self, o):
        return Var(self.v @ o.v, [(self, lambda g: g @ o.v.T), (o, lambda g: self.v.T @ g)])

    def sum(self, axis=None):
        shape = self.v.shape
        return Var(self.v.sum(axis=axis, keepdims=True), [(self, lambda g: np.tile(g, back(shape, g.shape)))])

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.v))
        return Var(s, [(self, lambda g: g * s * (1 - s))])

    def backprop(self):
        order = []

        def walk(n):
            if n not in order:
                for parent, _ in n.parents:
                    walk(parent)
                order.append(n)

        walk(self)
        for n in order:
            n.g = np.zeros(n.v.shape)
        self.g = np.ones(self.v.shape)
        for n in order[::-1]:
            for parent, way in n.parents:
                parent.g = parent.g + shaped(way(n.g), parent.v.shape)


def back(shape, kept):
    return tuple(n // k for n, k in zip(shape, kept))


def shaped(g, shape):
    while len(g.shape) > len(shape):
        g = np.add.reduce(g, 0)
    for axis in range(len(shape)):
        if shape[axis] < g.shape[axis]:
            g = np.add.reduce(g, axis, keepdims=True)
    return g


def lift(o):
    return o if isinstance(o, Var) else Var(o)
