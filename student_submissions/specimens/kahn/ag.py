import math
from collections import Counter, deque

import numpy as np


class ag:
    class Scalar:
        def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
            self.value = float(value)
            self.grad = 0.0
            self.op, self.label = op, label
            self.inputs = list(inputs)
            self._backward = _backward

        def topological_sort(self):
            needed, stack, seen = Counter(), [self], {id(self)}
            while stack:
                node = stack.pop()
                for child in node.inputs:
                    needed[id(child)] += 1
                    if id(child) not in seen:
                        seen.add(id(child))
                        stack.append(child)
            ready, order = deque([self]), []
            while ready:
                node = ready.popleft()
                order.append(node)
                for child in node.inputs:
                    needed[id(child)] -= 1
                    if needed[id(child)] == 0:
                        ready.append(child)
            order.reverse()
            return order

        def backward(self):
            order = self.topological_sort()
            self.grad = 1.0
            while order:
                order.pop()._backward()

        def __add__(self, other):
            out = ag.Scalar(self.value + other.value, "add", inputs=[self, other])

            def _backward():
                self.grad = self.grad + out.grad
                other.grad = other.grad + out.grad

            out._backward = _backward
            return out

        def __mul__(self, other):
            out = ag.Scalar(self.value * other.value, "mul", inputs=[self, other])

            def _backward():
                self.grad = self.grad + out.grad * other.value
                other.grad = other.grad + out.grad * self.value

            out._backward = _backward
            return out

        def __pow__(self, exponent):
            out = ag.Scalar(math.pow(self.value, exponent), "pow", inputs=[self])

            def _backward():
                if exponent != 0:
                    self.grad = self.grad + out.grad * exponent * math.pow(self.value, exponent - 1)

            out._backward = _backward
            return out

    def exp(input):
        out = ag.Scalar(math.e**input.value, "exp", inputs=[input])

        def _backward():
            input.grad = input.grad + out.value * out.grad

        out._backward = _backward
        return out

    def log(input):
        out = ag.Scalar(math.log(input.value), "log", inputs=[input])

        def _backward():
            input.grad = input.grad + out.grad * (1.0 / input.value)

        out._backward = _backward
        return out

    def relu(input):
        out = ag.Scalar(input.value if input.value > 0 else 0.0, "relu", inputs=[input])

        def _backward():
            input.grad = input.grad + (input.value >= 0) * out.grad

        out._backward = _backward
        return out


class Model:
    def __init__(self, n_hidden, rng_seed=42):
        np.random.seed(rng_seed)
        draw = lambda n: [ag.Scalar(v) for v in np.random.randn(n)]
        self.w1, self.b1, self.w2, self.b2 = draw(n_hidden), draw(n_hidden), draw(n_hidden), draw(1)
        self.parameters = [*self.b2, *self.w2, *self.b1, *self.w1]

    def forward(self, x):
        return [self.one(ag.Scalar(v)) for v in x]

    def one(self, x):
        terms = [w2 * ag.relu(w1 * x + b1) for w1, b1, w2 in zip(self.w1, self.b1, self.w2)]
        while len(terms) > 1:
            terms = [terms[i] + terms[i + 1] for i in range(0, len(terms) - 1, 2)] + (
                [terms[-1]] if len(terms) % 2 else []
            )
        return terms[0] + self.b2[0]


class Loss:
    def mse(self, predictions, targets):
        scale = ag.Scalar(1.0 / len(predictions))
        loss = ag.Scalar(0.0)
        for p, t in zip(reversed(predictions), reversed(list(targets))):
            d = ag.Scalar(t) + ag.Scalar(-1.0) * p
            loss = loss + scale * (d * d)
        return loss


class Optimizer:
    def __init__(self, parameters, lr=0.01):
        self.parameters, self.lr = parameters, lr

    def zero_grad(self):
        for p in self.parameters:
            p.grad *= 0.0

    def step(self):
        for p in self.parameters:
            p.value -= self.lr * p.grad
