import math

import numpy as np


class ag:
    class Scalar:
        __slots__ = ("value", "grad", "op", "_backward", "inputs", "label")

        def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
            self.value = float(value)
            self.grad = 0.0
            self.op = op
            self._backward = _backward
            self.inputs = inputs
            self.label = label

        def topological_sort(self):
            order, state, stack = [], {}, [self]
            while stack:
                node = stack[-1]
                if state.get(id(node)) == "done":
                    stack.pop()
                elif state.get(id(node)) == "open":
                    state[id(node)] = "done"
                    order.append(stack.pop())
                else:
                    state[id(node)] = "open"
                    stack.extend(n for n in node.inputs if id(n) not in state)
            return order

        def backward(self):
            self.grad = 1.0
            for node in self.topological_sort()[::-1]:
                node._backward()

        def _made(self, value, op, inputs, slopes):
            output = ag.Scalar(value, op, inputs=inputs)

            def _backward():
                for node, slope in zip(inputs, slopes):
                    node.grad += slope * output.grad

            output._backward = _backward
            return output

        def __add__(self, other):
            return self._made(self.value + other.value, "add", [self, other], [1.0, 1.0])

        def __mul__(self, other):
            slopes = [other.value, self.value]
            return self._made(self.value * other.value, "mul", [self, other], slopes)

        def __pow__(self, exponent):
            slope = exponent * self.value ** (exponent - 1)
            return self._made(self.value**exponent, f"pow({exponent})", [self], [slope])

    def exp(input):
        value = math.exp(input.value)
        return input._made(value, "exp", [input], [value])

    def log(input):
        return input._made(math.log(input.value), "log", [input], [1 / input.value])

    def relu(input):
        return input._made(max(0.0, input.value), "relu", [input], [float(input.value > 0)])


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
