"""Submissions in another style than the answer key's, each with one mistake.

OTHER_STYLES holds mistakes that a bug model describes, so the diagnosis is that model's name.
UNKNOWN holds mistakes that no model describes, so the diagnosis is that nothing is known.
Both are the text below, right as it stands, with the edits of other_codes.toml.
"""

import tomllib
from pathlib import Path

from support.specimens import edited

TAPE = '''\
"""Every operation notes its inputs with the derivative by each; backward() multiplies."""

import math
import types

import numpy as np


class Scalar:
    def __init__(self, value, op="", _backward=None, inputs=(), label=""):
        self.value = float(value)
        self.grad = 0.0
        self.op, self.label = op, label
        self._backward = _backward
        self.inputs = [*inputs]
        self.pairs = []

    def __add__(self, other):
        total = self.value + other.value
        return made("add", total, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        product = self.value * other.value
        return made("mul", product, (self, other.value), (other, self.value))

    def __pow__(self, exponent):
        power = math.pow(self.value, exponent)
        slope = exponent * math.pow(self.value, exponent - 1)
        return made("pow", power, (self, slope))

    def topological_sort(self):
        found, order = set(), []

        def down(node):
            if id(node) in found:
                return
            found.add(id(node))
            for child in node.inputs[::-1]:
                down(child)
            order.append(node)

        down(self)
        return order

    def backward(self):
        self.grad = 1.0
        rest = self.topological_sort()
        while rest:
            node = rest.pop()
            for child, slope in node.pairs:
                share = slope * node.grad
                child.grad = child.grad + share


def made(op, value, *pairs):
    node = Scalar(value, op, inputs=[child for child, _ in pairs])
    node.pairs = list(pairs)
    return node


def exp(x):
    result = math.exp(x.value)
    return made("exp", result, (x, result))


def log(x):
    result = math.log(x.value)
    return made("log", result, (x, 1.0 / x.value))


def relu(x):
    if x.value > 0:
        result, slope = x.value, 1.0
    else:
        result, slope = 0.0, 0.0
    return made("relu", result, (x, slope))


ag = types.SimpleNamespace(Scalar=Scalar, exp=exp, log=log, relu=relu)


class Model:
    def __init__(self, n_hidden, rng_seed=42):
        np.random.seed(rng_seed)
        w1 = np.random.randn(n_hidden)
        b1 = np.random.randn(n_hidden)
        w2 = np.random.randn(n_hidden)
        b2 = np.random.randn(1)
        self.w1, self.b1, self.w2, self.b2 = (list(map(Scalar, v)) for v in (w1, b1, w2, b2))
        self.parameters = [*self.w1, *self.b1, *self.w2, *self.b2]

    def forward(self, x):
        predictions = [self.predict(Scalar(number)) for number in x]
        return predictions

    def predict(self, x):
        units = []
        for k in range(len(self.w1)):
            unit = relu(x * self.w1[k] + self.b1[k])
            units.append(unit * self.w2[k])
        total = units[0]
        for unit in units[1:]:
            total = unit + total
        result = total + self.b2[0]
        return result


class Loss:
    def mse(self, predictions, targets):
        pairs = list(zip(predictions, targets))
        squares = []
        for p, t in pairs:
            difference = p + Scalar(-float(t))
            squares.append(difference**2)
        total = squares[0]
        for square in squares[1:]:
            total = square + total
        weight = 1.0 / len(pairs)
        return Scalar(weight) * total


class Optimizer:
    def __init__(self, parameters, lr=0.01):
        self.parameters = parameters
        self.lr = lr

    def zero_grad(self):
        for k in range(len(self.parameters)):
            self.parameters[k].grad = 0.0

    def step(self):
        for p in self.parameters:
            change = -self.lr * p.grad
            p.value = p.value + change
'''


TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
OTHER_STYLES, UNKNOWN = (
    tuple((name, edited(TAPE, edits)) for name, edits in TABLE[kind].items())
    for kind in ("known", "unknown")
)
