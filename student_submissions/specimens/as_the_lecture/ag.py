import math

import numpy as np


class ag:  # AutoGrad
    class Scalar:  # Scalars with grads
        def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
            self.value = float(value)
            self.grad = 0.0
            self.op = op
            self._backward = _backward
            self.inputs = inputs
            self.label = label

        def topological_sort(self):
            order = []
            visited = set()

            def visit(node):
                if node in visited:
                    return
                visited.add(node)
                for child in node.inputs:
                    visit(child)
                order.append(node)

            visit(self)
            return order

        def backward(self):
            self.grad = 1.0
            topo_order = self.topological_sort()
            for node in reversed(topo_order):
                node._backward()

        def __add__(self, other):
            assert isinstance(other, ag.Scalar)
            output = ag.Scalar(self.value + other.value, inputs=[self, other], op="add")

            def _backward():
                self.grad += output.grad
                other.grad += output.grad

            output._backward = _backward
            return output

        def __mul__(self, other):
            assert isinstance(other, ag.Scalar)
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

    def exp(input):
        output = ag.Scalar(math.exp(input.value), inputs=[input], op="exp")

        def _backward():
            input.grad += math.exp(input.value) * output.grad

        output._backward = _backward
        return output

    def log(input):
        output = ag.Scalar(math.log(input.value), inputs=[input], op="log")

        def _backward():
            input.grad += output.grad / input.value

        output._backward = _backward
        return output

    def relu(input):
        output = ag.Scalar(max(0, input.value), inputs=[input], op="relu")

        def _backward():
            if input.value > 0:
                input.grad += output.grad

        output._backward = _backward
        return output


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
