import math

import numpy as np


class Scalar:
    def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
        self.value, self.grad = float(value), 0.0
        self.op, self.label, self.inputs, self._backward = op, label, list(inputs), _backward

    def topological_sort(self, order=None, visited=None):
        order = [] if order is None else order
        visited = set() if visited is None else visited
        visited.add(self)
        for node in self.inputs:
            if node not in visited:
                node.topological_sort(order, visited)
        order.append(self)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.topological_sort()):
            node._backward()

    def _then(self, value, op, *pairs):
        out = Scalar(value, op=op, inputs=[node for node, _ in pairs])

        def _backward():
            for node, slope in pairs:
                node.grad += slope() * out.grad

        out._backward = _backward
        return out

    def __add__(self, other):
        return self._then(self.value + other.value, "add", (self, lambda: 1), (other, lambda: 1))

    def __mul__(self, other):
        left, right = lambda: other.value, lambda: self.value
        return self._then(self.value * other.value, "mul", (self, left), (other, right))

    def __pow__(self, n):
        return self._then(self.value**n, "pow", (self, lambda: n * self.value ** (n - 1)))

    def exp(self):
        return self._then(math.exp(self.value), "exp", (self, lambda: math.exp(self.value)))

    def log(self):
        return self._then(math.log(self.value), "log", (self, lambda: 1 / self.value))

    def relu(self):
        return self._then(max(0, self.value), "relu", (self, lambda: int(self.value > 0)))


class _Namespace:
    Scalar = Scalar
    exp = staticmethod(Scalar.exp)
    log = staticmethod(Scalar.log)
    relu = staticmethod(Scalar.relu)


ag = _Namespace()


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
