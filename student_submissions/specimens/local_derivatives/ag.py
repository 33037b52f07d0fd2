import math

import numpy as np


class ag:
    class Scalar:
        def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
            self.value = float(value)
            self.grad = 0.0
            self.op, self.label = op, label
            self.inputs, self._backward = inputs, _backward
            self.slopes = []

        def topological_sort(self):
            order, seen = [], set()

            def walk(node):
                if id(node) not in seen:
                    seen.add(id(node))
                    for n in reversed(node.inputs):
                        walk(n)
                    order.append(node)

            walk(self)
            return order

        def backward(self):
            adjoint = {}
            order = self.topological_sort()
            for node in order:
                adjoint[id(node)] = []
            adjoint[id(self)].append(1.0)
            for node in reversed(order):
                total = math.fsum(adjoint[id(node)])
                node.grad += total
                for n, slope in zip(node.inputs, node.slopes):
                    adjoint[id(n)].append(total * slope)

        def __add__(self, other):
            return _node(self.value + other.value, "add", [self, other], [1.0, 1.0])

        def __mul__(self, other):
            return _node(self.value * other.value, "mul", [self, other], [other.value, self.value])

        def __pow__(self, exponent):
            value = self.value**exponent
            slope = exponent * self.value ** (exponent - 1) if exponent else 0.0
            return _node(value, f"pow({exponent})", [self], [slope])

    def exp(input):
        value = math.exp(input.value)
        return _node(value, "exp", [input], [value])

    def log(input):
        return _node(math.log(input.value), "log", [input], [input.value**-1])

    def relu(input):
        on = 1.0 if input.value > 0 else 0.0
        return _node(on * input.value, "relu", [input], [on])


def _node(value, op, inputs, slopes):
    node = ag.Scalar(value, op=op, inputs=inputs)
    node.slopes = slopes
    return node


class Model:
    def __init__(self, n_hidden, rng_seed=42):
        np.random.seed(rng_seed)

        w1np = np.random.randn(n_hidden)
        b1np = np.random.randn(n_hidden)
        w2np = np.random.randn(n_hidden)
        b2np = np.random.randn(1)

        self.w1 = [ag.Scalar(val) for val in w1np]
        self.b1 = [ag.Scalar(val) for val in b1np]
        self.w2 = [ag.Scalar(val) for val in w2np]
        self.b2 = [ag.Scalar(val) for val in b2np]

        self.parameters = self.w1 + self.b1 + self.w2 + self.b2

    def forward(self, x):
        x_scalar = [ag.Scalar(val) for val in x]
        outputs = []
        for xs in x_scalar:
            output = self.b2[0]
            for j in range(len(self.w1)):
                hidden = ag.relu(self.w1[j] * xs + self.b1[j])
                output = output + self.w2[j] * hidden
            outputs.append(output)
        return outputs


class Loss:
    def mse(self, predictions, targets):
        # mean squared error
        assert len(predictions) == len(targets)
        n_samples = len(predictions)
        loss = ag.Scalar(0.0)
        for i in range(n_samples):
            loss = loss + (predictions[i] + ag.Scalar(-targets[i])) ** 2
        loss = loss * ag.Scalar(1 / n_samples)
        return loss


class Optimizer:
    def __init__(self, parameters, lr=0.01):
        self.parameters = parameters
        self.lr = lr

    def zero_grad(self):
        for p in self.parameters:
            p.grad = 0.0

    def step(self):
        for p in self.parameters:
            p.value = p.value - self.lr * p.grad
