"""The answer key: a whole model submission for the lecture's ag module and MLP.

It is written as the lecture writes it, so that each of its lines can be held beside a student's.
Nothing here imports adjudge: it is graded like any other submission.
"""

import math

import numpy as np


class ag:  # AutoGrad
    """The lecture's namespace."""

    class Scalar:
        """A number that remembers how it was made."""

        def __init__(self, value, op="", _backward=lambda: None, inputs=(), label=""):
            self.value = float(value)
            self.grad = 0.0
            self.op = op
            self._backward = _backward
            self.inputs = list(inputs)
            self.label = label

        def __add__(self, other):
            output = ag.Scalar(self.value + other.value, inputs=[self, other], op="add")

            def _backward():
                self.grad += output.grad
                other.grad += output.grad

            output._backward = _backward
            return output

        def __mul__(self, other):
            output = ag.Scalar(self.value * other.value, inputs=[self, other], op="mul")

            def _backward():
                self.grad += other.value * output.grad
                other.grad += self.value * output.grad

            output._backward = _backward
            return output

        def __pow__(self, exponent):
            output = ag.Scalar(self.value**exponent, inputs=[self], op=f"pow({exponent})")

            def _backward():
                self.grad += exponent * self.value ** (exponent - 1) * output.grad

            output._backward = _backward
            return output

        def topological_sort(self):
            """Every node that this one depends on, inputs first; without recursion."""
            order, visited, waiting = [], set(), [(self, False)]
            while waiting:
                node, expanded = waiting.pop()
                if expanded:
                    order.append(node)
                elif id(node) not in visited:
                    visited.add(id(node))
                    waiting.append((node, True))
                    waiting.extend((i, False) for i in reversed(node.inputs))
            return order

        def backward(self):
            """Adds the gradient of this node to every node it depends on."""
            self.grad = 1.0
            for node in reversed(self.topological_sort()):
                node._backward()

        def __repr__(self):
            return f"{self.label or self.value}\t{self.op}"

    def exp(input):
        """The exponential."""
        output = ag.Scalar(math.exp(input.value), inputs=[input], op="exp")

        def _backward():
            input.grad += output.value * output.grad

        output._backward = _backward
        return output

    def log(input):
        """The natural logarithm."""
        output = ag.Scalar(math.log(input.value), inputs=[input], op="log")

        def _backward():
            input.grad += output.grad / input.value

        output._backward = _backward
        return output

    def relu(input):
        """The larger of 0 and the input."""
        output = ag.Scalar(max(0, input.value), inputs=[input], op="relu")

        def _backward():
            input.grad += (1.0 if input.value > 0 else 0.0) * output.grad

        output._backward = _backward
        return output


class Model:
    """One hidden layer of relu units, one input, one output."""

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
        """The predictions for some inputs."""
        outputs = []
        for val in x:
            x_scalar = ag.Scalar(val)
            output = self.b2[0]
            for w1, b1, w2 in zip(self.w1, self.b1, self.w2):
                output = output + w2 * ag.relu(w1 * x_scalar + b1)
            outputs.append(output)
        return outputs


class Loss:
    """Losses over lists of predictions."""

    def mse(self, predictions, targets):
        """The mean squared error."""
        assert len(predictions) == len(targets)
        n_samples = len(predictions)
        loss = ag.Scalar(0.0)
        for prediction, target in zip(predictions, targets):
            loss = loss + (prediction + ag.Scalar(-target)) ** 2
        return loss * ag.Scalar(1.0 / n_samples)


class Optimizer:
    """Gradient descent."""

    def __init__(self, parameters, lr=0.01):
        self.parameters = parameters
        self.lr = lr

    def zero_grad(self):
        """Sets every gradient to zero."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self):
        """Moves every parameter against its gradient."""
        for parameter in self.parameters:
            parameter.value -= self.lr * parameter.grad
